//! Opens a ledger: log and state are compared, what the state lacks is folded, and the catalogues are read in.
//!
//! Invariant: no command is decided before the state stands at the end of the log.

use grants_domain::{
    artifact,
    commands::Command,
    context::{Actor, AuthMethod},
    ids::LedgerId,
    ledger::open::OpenLedger,
    refusal::Refused,
    rules::Rules,
    state::{get, has, list},
    tables::{Ledgers, PolicyVersions},
    values::Text,
};
use grants_eventlog::{
    AppendError, Head, RocksLog, Vouched, WriterId,
    kafka::{KafkaLog, Partition},
};
use std::{io, path::Path, sync::Arc};

use crate::{
    attended::AttendedLog,
    clock::Clock,
    fault::FaultLatch,
    followed::Followed,
    layout::{DataDir, FORMAT, LayoutError, Manifest, check_origin},
    limits::Limits,
    replay::{ReplayError, Replayed},
    sequencer::{Ledger, SubmitError, derived_id},
    store::{Position, StateStore, StoreError},
    view::ReadThrough,
};

/// Policy versions that one ledger can have. A city publishes some ten a year.
pub const POLICY_VERSIONS_MAX: usize = 10_000;

/// What a new ledger is.
#[derive(Clone, Debug)]
pub struct CreateOptions {
    /// Which ledger: 128 bits, random unless simulated.
    pub id: LedgerId,
    /// Whose ledger it is, for people.
    pub name: Text<80>,
    /// First line of its checkpoints.
    pub origin: String,
    /// Clock, ids and keys come from a script; marked for ever in the first event.
    pub simulated: bool,
    /// Who opens it; needs the role `policy`.
    pub opened_by: Actor,
    /// Where this process can be reached; may be empty.
    pub address: String,
}

/// How to open a ledger.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// Where this process can be reached; may be empty.
    pub address: String,
    /// Throw the state away and fold it again from the log.
    pub rebuild_state: bool,
}

/// What was found when a ledger was opened; an operator wants to read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Where the log ended before this process began its epoch.
    pub head: Head,
    /// What the head file vouched for; a loss behind it could not be seen. `None` for a log without one.
    pub vouched_to: Option<Vouched>,
    /// What the state lacked.
    pub replayed: Replayed,
}

/// Why a ledger was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// The log.
    #[error(transparent)]
    Log(#[from] grants_eventlog::OpenError),
    /// The log on brokers.
    #[error(transparent)]
    Brokers(#[from] grants_eventlog::kafka::KafkaOpenError),
    /// The log cannot be read further.
    #[error(transparent)]
    CatchUp(#[from] grants_eventlog::CatchUpError),
    /// The epoch of this process could not be begun.
    #[error(transparent)]
    Epoch(#[from] AppendError),
    /// The state.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log could not be folded into the state.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The state knows more than the log: acknowledged history is missing, or the state is of another log.
    #[error("the state holds {state} batches, the log only {log}: acknowledged history is missing")]
    StateAhead {
        /// Batches that the state has folded.
        state: u64,
        /// Batches of the log.
        log: u64,
    },
    /// The state was folded from another history.
    #[error(
        "the state was folded from another history than the log's, up to batch {batch}. Rebuild it from the log"
    )]
    OtherHistory {
        /// The number of the next batch.
        batch: u64,
    },
    /// The ledger goes on elsewhere.
    #[error("the ledger has moved to {target}; nothing is written here any more")]
    Moved {
        /// As the last record of the log says.
        target: String,
    },
    /// A published catalogue cannot be enforced by this program.
    #[error("policy version {version} cannot be enforced by this program: {}", .refused.code)]
    Catalogue {
        /// The number of the version.
        version: u32,
        /// Why.
        refused: Box<Refused>,
    },
    /// A real ledger was opened as a simulated one, or the other way round.
    #[error("the first event says simulated = {first_event}, ledger.toml says simulated = {manifest}")]
    SimulatedDiffers {
        /// What the log says.
        first_event: bool,
        /// What the folder says.
        manifest: bool,
    },
    /// The first command was refused.
    #[error("the ledger could not be opened: {}", .0.code)]
    Refused(Box<Refused>),
    /// The first command has no outcome.
    #[error("the ledger could not be opened: {0}")]
    First(#[from] SubmitError),
    /// The operating system gave no randomness or no thread.
    #[error("the operating system refused a step: {0}")]
    Io(#[from] io::Error),
}

/// Whether the process that attaches a log has begun its epoch.
enum Epoch {
    Begun,
    Begin(String),
}

impl Ledger {
    /// Makes a new ledger in `dir` and opens it.
    ///
    /// A creation that was cut off before `ledger.toml` stood leaves a folder that nothing was ever answered from:
    /// remove it and create again. From then on [`Ledger::open`] completes the creation.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn create<R: Rules + Send + 'static>(
        dir: &Path,
        options: &CreateOptions,
        rules: R,
        clock: Box<dyn Clock>,
    ) -> Result<Ledger, OpenError> {
        Ledger::create_with(dir, options, rules, clock, |dir, ledger| {
            Ok(Box::new(RocksLog::create(dir, ledger, WriterId::random()?, &options.address)?))
        })
    }

    /// The same with the log in an empty partition of a broker. The folder becomes that of its first process.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn create_on_brokers<R: Rules + Send + 'static>(
        partition: Arc<dyn Partition>,
        dir: &Path,
        options: &CreateOptions,
        rules: R,
        clock: Box<dyn Clock>,
    ) -> Result<Ledger, OpenError> {
        Ledger::create_with(dir, options, rules, clock, |dir, ledger| {
            Ok(Box::new(KafkaLog::create(partition, dir, ledger, WriterId::random()?, &options.address)?))
        })
    }

    fn create_with<R: Rules + Send + 'static>(
        dir: &Path,
        options: &CreateOptions,
        rules: R,
        clock: Box<dyn Clock>,
        begin: impl FnOnce(&Path, grants_eventlog::LedgerId) -> Result<Box<dyn AttendedLog>, OpenError>,
    ) -> Result<Ledger, OpenError> {
        let CreateOptions { id, name, origin, simulated, opened_by, .. } = options.clone();
        let dir = DataDir::at(dir);
        check_origin(&origin)?;
        if dir.manifest_path().exists() {
            return Err(LayoutError::Exists(dir.root().to_owned()).into());
        }
        check_identity(simulated, &opened_by)?;
        let ledger = grants_eventlog::LedgerId(id.0);
        let log = begin(dir.root(), ledger)?;
        let manifest = Manifest { format: FORMAT, ledger: id, origin, name, simulated, opened_by };
        dir.write_manifest(&manifest)?;
        let state = StateStore::open(&dir.state(), ledger, FaultLatch::new())?;
        let (ledger, _) = attach(log, state, rules, clock, simulated, Epoch::Begun, Limits::default())?;
        ledger.ensure_open(&manifest)?;
        Ok(ledger)
    }

    /// Opens the ledger in `dir` for writing.
    ///
    /// A missing state is folded from the log. A damaged one is an error that names the folder; with
    /// [`OpenOptions::rebuild_state`] it is thrown away and folded again.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open<R: Rules + Send + 'static>(
        dir: &Path,
        options: &OpenOptions,
        rules: R,
        clock: Box<dyn Clock>,
    ) -> Result<(Ledger, Opening), OpenError> {
        let dir = DataDir::at(dir);
        let manifest = dir.manifest()?;
        if options.rebuild_state {
            StateStore::remove(&dir.state())?;
        }
        let ledger = grants_eventlog::LedgerId(manifest.ledger.0);
        let state = StateStore::open(&dir.state(), ledger, FaultLatch::new())?;
        let (log, opened) = RocksLog::open_from(dir.root(), state.1.head.clone())?;
        let epoch = Epoch::Begin(options.address.clone());
        let (ledger, opening) =
            attach(Box::new(log), state, rules, clock, manifest.simulated, epoch, Limits::default())?;
        ledger.ensure_open(&manifest)?;
        Ok((ledger, Opening { vouched_to: Some(opened.vouched_to), ..opening }))
    }

    /// Runs a ledger on any log, with its state in the folder `state`. A new epoch is begun, and the first command
    /// is left to the caller.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn on_log<R: Rules + Send + 'static>(
        log: Box<dyn AttendedLog>,
        state: &Path,
        rules: R,
        clock: Box<dyn Clock>,
        simulated: bool,
    ) -> Result<(Ledger, Opening), OpenError> {
        Ledger::on_log_within(log, state, rules, clock, simulated, Limits::default())
    }

    /// The same with other bounds.
    pub(crate) fn on_log_within<R: Rules + Send + 'static>(
        log: Box<dyn AttendedLog>,
        state: &Path,
        rules: R,
        clock: Box<dyn Clock>,
        simulated: bool,
        limits: Limits,
    ) -> Result<(Ledger, Opening), OpenError> {
        let ledger = log.head().ledger();
        let state = StateStore::open_within(state, ledger, FaultLatch::new(), &limits)?;
        let epoch = Epoch::Begin(String::new());
        attach(log, state, rules, clock, simulated, epoch, limits)
    }

    /// Gives the first command, unless it stands. Its id comes from the ledger's, so that it is given once: a process that
    /// takes over completes a creation that was cut off.
    ///
    /// # Errors
    /// It was refused, or the ledger has failed.
    pub fn ensure_open(&self, manifest: &Manifest) -> Result<(), OpenError> {
        if has::<Ledgers>(self.store(), &()) {
            return Ok(());
        }
        let id = derived_id("grants/ledger.open/v1", &[&manifest.ledger.0]);
        let request = OpenLedger { name: manifest.name.clone(), simulated: manifest.simulated };
        let outcome = self.submit(Command::from(request), id, manifest.opened_by.clone()).recv();
        let fault = self.fault().get().map(SubmitError::Unknown);
        let answer = outcome.unwrap_or(Err(fault.unwrap_or(SubmitError::Closing)))?;
        answer.refused.map_or(Ok(()), |refused| Err(OpenError::Refused(Box::new(refused))))
    }
}

/// Compares, folds, learns, and starts the threads.
fn attach<R: Rules + Send + 'static>(
    mut log: Box<dyn AttendedLog>,
    state: (StateStore, Position),
    rules: R,
    clock: Box<dyn Clock>,
    simulated: bool,
    epoch: Epoch,
    limits: Limits,
) -> Result<(Ledger, Opening), OpenError> {
    let head = log.head().clone();
    let mut followed = Followed::open(state, rules, simulated, limits)?;
    let replayed = followed.follow(&*log.reader(), &head)?;
    if let Epoch::Begin(address) = epoch {
        log.begin_epoch(WriterId::random()?, &address)?;
    }
    let ledger = followed.begin(log, clock, None)?;
    Ok((ledger, Opening { head, vouched_to: None, replayed }))
}

/// Compiles the catalogue of every policy version that the state knows.
pub(crate) fn learn_all(view: &ReadThrough, rules: &mut dyn Rules) -> Result<(), OpenError> {
    for (key, row) in list::<PolicyVersions>(view, &(), POLICY_VERSIONS_MAX) {
        let version =
            key.try_into().map(u32::from_be_bytes).expect("the key of a policy version is its number");
        let refuse = |refused: Refused| OpenError::Catalogue { version, refused: Box::new(refused) };
        let bytes = artifact::assemble(view, row.hash).map_err(refuse)?;
        rules.admit(&bytes).map_err(refuse)?;
        rules.learn(version, &bytes);
    }
    Ok(())
}

/// The first event and the folder agree on whether this is a ledger from a script.
pub(crate) fn check_simulated(view: &ReadThrough, manifest: bool) -> Result<(), OpenError> {
    match get::<Ledgers>(view, &()) {
        Some(row) if row.simulated != manifest => {
            Err(OpenError::SimulatedDiffers { first_event: row.simulated, manifest })
        }
        Some(_) | None => Ok(()),
    }
}

fn check_identity(simulated: bool, opened_by: &Actor) -> Result<(), OpenError> {
    if simulated == (opened_by.auth == AuthMethod::Simulated) {
        Ok(())
    } else {
        Err(SubmitError::WrongIdentity.into())
    }
}

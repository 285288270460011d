//! One of the processes that keep a ledger on brokers: it follows with a hot state, and writes when its turn comes.
//!
//! ```text
//!   Member ── turn ──► follows: log and heartbeats read, state folded to the end
//!      ▲          └──► writes: nobody was heard for some intervals, and our epoch counts ──► Ledger
//!      └── opened again: replaced, or the end of our own record is unknown ◄─────────────────┘
//! ```
//!
//! Whoever was replaced notices before it answers: its batch does not count, or its heart hears the other's.

use grants_domain::{rules::Rules, values::Timestamp};
use grants_eventlog::{
    AppendError, EventLog, Head, LedgerId, WriterId,
    kafka::{
        ElectionError, Fault as BrokerFault, FollowError, Heart, KafkaLog, KafkaOpenError, Now, Partition,
        Sign, Standby,
    },
};
use std::{io, sync::Arc, time::Duration};

use crate::{
    clock::Clock,
    fault::FaultLatch,
    followed::Followed,
    layout::{DataDir, LayoutError, Manifest},
    limits::Limits,
    open::OpenError,
    sequencer::Ledger,
    store::{Position, StateStore, StoreError},
};

/// What a member is to the others.
#[derive(Clone, Debug)]
pub struct MemberOptions {
    /// How often the writer's heart beats; the same for all members.
    pub interval: Duration,
    /// Where this process can be reached when it writes.
    pub address: String,
    /// Whether the ledger comes from a script.
    pub simulated: bool,
    /// Whether commands are dated by a script, so that their times say nothing about the clock of this machine.
    pub scripted: bool,
}

/// Why a process is no member any more. It may be opened again, and finds out then what the log says.
#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    /// Log, heartbeats or epoch.
    #[error(transparent)]
    Election(#[from] ElectionError),
    /// State, catalogues or threads.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The state on disk.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The brokers cannot be asked.
    #[error(transparent)]
    Broker(#[from] BrokerFault),
    /// The operating system gave no randomness.
    #[error("the operating system refused a step: {0}")]
    Io(#[from] io::Error),
}

impl MemberError {
    /// Whether it is worth to open the log again: somebody else was first, nobody knows, or the brokers are away.
    #[must_use]
    pub fn passes(&self) -> bool {
        match self {
            MemberError::Broker(fault) => fault.barred.is_none(),
            MemberError::Election(fault) => matches!(
                fault,
                ElectionError::Append(AppendError::Superseded { .. } | AppendError::Unknown { .. })
                    | ElectionError::Broker(_)
                    | ElectionError::Follow(FollowError::Broker { .. })
            ),
            MemberError::Open(OpenError::Brokers(fault)) => matches!(
                fault,
                KafkaOpenError::Broker(_) | KafkaOpenError::Follow(FollowError::Broker { .. })
            ),
            MemberError::Open(_) | MemberError::Store(_) | MemberError::Io(_) => false,
        }
    }
}

/// What became of a turn.
pub enum Turn<R> {
    /// Somebody else writes, or nobody yet.
    Follows(Box<Member<R>>),
    /// This process writes.
    Writes(Box<Ledger>),
}

/// Makes a folder for one more process of a ledger on brokers: it has read the log to its end, and vouches for it from
/// now on.
///
/// # Errors
/// There is a ledger in the folder already, or the log cannot be followed.
pub fn join(dir: &DataDir, manifest: &Manifest, log: Arc<dyn Partition>) -> Result<Head, OpenError> {
    if dir.manifest_path().exists() {
        return Err(LayoutError::Exists(dir.root().to_owned()).into());
    }
    let log = KafkaLog::join(log, dir.root(), LedgerId(manifest.ledger.0))?;
    let head = log.head().clone();
    dir.write_manifest(manifest)?;
    Ok(head)
}

/// A process that follows a ledger on brokers.
pub struct Member<R> {
    standby: Standby,
    followed: Followed<R>,
    pulses: Arc<dyn Partition>,
    options: MemberOptions,
}

impl<R: Rules + Send + 'static> Member<R> {
    /// Follows a ledger with the folder of this process, on from where its state stands.
    ///
    /// # Errors
    /// See [`MemberError`]; also when the folder has never followed the log (see [`join`]).
    pub fn open(
        dir: &DataDir,
        log: Arc<dyn Partition>,
        pulses: Arc<dyn Partition>,
        rules: R,
        options: MemberOptions,
        now: Now,
    ) -> Result<Member<R>, MemberError> {
        let manifest = dir.manifest().map_err(OpenError::from)?;
        let ledger = LedgerId(manifest.ledger.0);
        let state = StateStore::open(&dir.state(), ledger, FaultLatch::new())?;
        let log = KafkaLog::open_from(log, dir.root(), state.1.head.clone()).map_err(OpenError::from)?;
        Member::begin(log, pulses, state, rules, options, now)
    }

    /// Folds what the state lacks of a log that was read to its end.
    pub(crate) fn begin(
        log: KafkaLog,
        pulses: Arc<dyn Partition>,
        state: (StateStore, Position),
        rules: R,
        options: MemberOptions,
        now: Now,
    ) -> Result<Member<R>, MemberError> {
        let mut followed = Followed::open(state, rules, options.simulated, Limits::default())?;
        followed.follow(&log, log.head())?;
        let standby = Standby::new(log, Arc::clone(&pulses), options.interval, now)?;
        Ok(Member { standby, followed, pulses, options })
    }

    /// The log as far as it was followed.
    #[must_use]
    pub fn log(&self) -> &KafkaLog {
        self.standby.log()
    }

    /// When the last command was recorded that was followed.
    #[must_use]
    pub fn recorded_at(&self) -> Option<Timestamp> {
        self.followed.recorded_at()
    }

    /// Reads what is new, keeps the state up with it, and takes over if nobody has been heard for long enough.
    ///
    /// # Errors
    /// See [`MemberError`]. Brokers that cannot be reached, a clock that is off, and a writer that is heard at the last
    /// moment are no errors: they are logged, and the member follows on.
    pub fn turn(
        mut self,
        now: &mut dyn FnMut() -> Now,
        clock: impl FnOnce() -> Box<dyn Clock>,
    ) -> Result<Turn<R>, MemberError> {
        let sign = match self.standby.look(now()) {
            Err(fault) => return self.after(fault),
            Ok(sign) => sign,
        };
        self.catch_up()?;
        if sign == Sign::Alive {
            return Ok(Turn::Follows(Box::new(self)));
        }
        let recorded = self.recorded_at().filter(|_| !self.options.scripted);
        let last_ms = recorded.map(|at| at.micros().div_euclid(1_000));
        let taken = self.standby.take_over(WriterId::random()?, &self.options.address, last_ms, now);
        if let Err(fault) = taken {
            return self.after(fault);
        }
        self.catch_up()?;
        let Member { standby, followed, pulses, options } = self;
        let log = standby.into_log();
        let heart = Heart::of(&log, pulses)?;
        let ledger = followed.begin(Box::new(log), clock(), Some((heart, options.interval)))?;
        Ok(Turn::Writes(Box::new(ledger)))
    }

    fn catch_up(&mut self) -> Result<(), MemberError> {
        let log = self.standby.log();
        self.followed.follow(log, log.head())?;
        Ok(())
    }

    /// What passes is logged; what does not ends the member.
    fn after(self, fault: ElectionError) -> Result<Turn<R>, MemberError> {
        match fault {
            ElectionError::Alive(epoch) => tracing::info!(epoch, "the writer was heard again"),
            ElectionError::Broker(_)
            | ElectionError::Follow(FollowError::Broker { .. })
            | ElectionError::ProbeMissing => tracing::warn!(%fault, "the brokers cannot be asked: {fault}"),
            ElectionError::NoBrokerTime
            | ElectionError::ClockApart { .. }
            | ElectionError::ClockBehind { .. } => {
                tracing::error!(%fault, "this process cannot take over: {fault}");
            }
            ElectionError::Follow(_) | ElectionError::Append(_) => return Err(fault.into()),
        }
        Ok(Turn::Follows(Box::new(self)))
    }
}

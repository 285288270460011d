//! An open ledger with everything that belongs to it: rules, vault, signing key, tiles, and who acts.

use crate::{
    actor::Actors,
    cli::Common,
    failure::Failure,
    hex,
    ids::Moment,
    journal, output,
    place::LogPlace,
    publish,
    script::{self, LogTime, Times, ToldTime},
    seat::{Away, Seat},
    target,
};
use grants_domain::{
    artifact,
    rules::Rules,
    state::{StateRead, list},
    tables::PolicyVersions,
    values::{Date, Timestamp},
};
use grants_eventlog::{LogReader, Signer};
use grants_files::Texts;
use grants_ledger::{
    Clock, DataDir, Ledger, Manifest, OpenOptions, POLICY_VERSIONS_MAX, SystemClock,
    vault::{Vault, VaultFault},
};
use grants_policy::Library;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

/// File in the data directory with the clock script of a simulated ledger.
const SCRIPT: &str = "clock";
/// File in the data directory with the seed of a simulated ledger's vault. It is no secret: nothing is.
const SEED: &str = "seed";

/// How long a vault that others use is waited for, and how often it is tried.
const VAULT_WITHIN: Duration = Duration::from_secs(30);
const VAULT_AGAIN: Duration = Duration::from_millis(50);

/// An open ledger.
pub(crate) struct House {
    pub(crate) seat: Seat,
    pub(crate) actors: Actors,
    dir: DataDir,
    manifest: Manifest,
    at: Option<Timestamp>,
    /// When the last command of the log was recorded, as the ledger was opened.
    recorded: Option<Timestamp>,
}

impl House {
    /// Opens the ledger that the command line names.
    pub(crate) fn open(common: &Common, texts: &Texts) -> Result<Self, Failure> {
        let dir = DataDir::at(&common.data);
        let manifest = dir.manifest()?;
        check_time(common.at, manifest.simulated)?;
        let actors = Actors::parse(&common.actors, manifest.simulated)?;
        if let Some(source) = target::copy_of(&dir)? {
            let args: [(&'static str, &dyn std::fmt::Display); 2] =
                [("data", &common.data.display()), ("source", &source)];
            return Err(Failure::usage_of("program-is-copy", &args));
        }
        let waiting = output::waiting(&texts.get("program-opening", &[]));
        let seat = match LogPlace::of(&dir)? {
            Some(place) => Away::open(common, &dir, &place).map(|away| Seat::Away(Box::new(away))),
            None => open_own(common, &dir, &manifest).map(|ledger| Seat::Own(Box::new(ledger))),
        };
        waiting.finish_and_clear();
        let seat = seat?;
        let recorded = match &seat {
            Seat::Own(ledger) => last_recorded(&*ledger.log())?,
            Seat::Away(away) => away.recorded_at(),
        };
        Ok(Self { seat, actors, dir, manifest, at: common.at, recorded })
    }

    /// A new ledger that was just made.
    pub(crate) fn made(ledger: Ledger, dir: DataDir, manifest: Manifest, actors: Actors) -> Self {
        Self { seat: Seat::Own(Box::new(ledger)), actors, dir, manifest, at: None, recorded: None }
    }

    /// The log.
    pub(crate) fn log(&self) -> Result<Arc<dyn LogReader>, Failure> {
        self.seat.log()
    }

    /// Where the ledger lies.
    pub(crate) fn dir(&self) -> &DataDir {
        &self.dir
    }

    /// The business day for orders: of the command line in a simulated ledger, else of the machine.
    pub(crate) fn today(&self) -> Result<Date, Failure> {
        today(self.at, &self.manifest)
    }

    /// The moment for orders that are given now.
    pub(crate) fn moment(&self) -> Result<Moment, Failure> {
        let day = self.today()?;
        let start = self.at.unwrap_or_else(|| Timestamp::start_of(day));
        let now = self.recorded.map_or(start, |recorded| recorded.max(start));
        let next_sequence = self.seat.next_sequence();
        Ok(Moment { ledger: self.seat.id(), next_sequence, now, day })
    }

    /// Looks at the state as of now.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&dyn StateRead) -> T) -> Result<T, Failure> {
        self.seat.read(look)
    }

    /// The catalogues of every published version, to explain with.
    pub(crate) fn library(&self) -> Result<Library, Failure> {
        self.read(library)
    }

    /// What the folder says about itself.
    pub(crate) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The vault of personal data.
    pub(crate) fn vault(&self) -> Result<Vault, Failure> {
        open_vault(&self.dir, self.manifest.simulated)
    }

    /// Writes what is derived behind the log (tiles, checkpoint), and ends.
    pub(crate) fn close(self) -> Result<(), Failure> {
        if let Seat::Own(ledger) = &self.seat {
            ledger.close()?;
            let vouched = publish::vouched(&self.dir)?;
            return publish::publish(&*ledger.log(), &self.dir, &self.manifest, vouched);
        }
        // Whoever only gives commands signs nothing: the writer's bundle does.
        Ok(())
    }
}

/// The ledger in a folder, written by this process.
fn open_own(common: &Common, dir: &DataDir, manifest: &Manifest) -> Result<Ledger, Failure> {
    let log_time = LogTime::default();
    let clock = clock(dir, manifest, common.at, &log_time)?;
    let (ledger, _) = Ledger::open(dir.root(), &OpenOptions::default(), Library::new(), clock)?;
    let recorded = last_recorded(&*ledger.log())?;
    log_time.set(recorded).unwrap_or_else(|_| unreachable!("told once"));
    Ok(ledger)
}

/// When the last command of a log was recorded.
fn last_recorded(log: &dyn LogReader) -> Result<Option<Timestamp>, Failure> {
    match log.end()?.next_sequence.checked_sub(1) {
        Some(sequence) => Ok(journal::envelope(log, sequence)?.map(|found| found.recorded_at)),
        None => Ok(None),
    }
}

/// Only a simulated ledger is told what time it is.
pub(crate) fn check_time(at: Option<Timestamp>, simulated: bool) -> Result<(), Failure> {
    if at.is_some() && !simulated {
        return Err(Failure::usage_of("program-time-told", &[]));
    }
    Ok(())
}

/// The business day: of the command line in a simulated ledger, else of the machine.
pub(crate) fn today(at: Option<Timestamp>, manifest: &Manifest) -> Result<Date, Failure> {
    match at {
        Some(time) => Ok(time.civil_date()),
        None if manifest.simulated => Err(Failure::usage_of("program-time-needed", &[])),
        None => Ok(SystemClock.now()?.civil_date()),
    }
}

/// Reads every published catalogue of a state.
fn library(state: &dyn StateRead) -> Library {
    let mut library = Library::new();
    for (version, (_, row)) in (1u32..).zip(list::<PolicyVersions>(state, &(), POLICY_VERSIONS_MAX)) {
        if let Ok(bytes) = artifact::assemble(state, row.hash) {
            library.learn(version, &bytes);
        }
    }
    library
}

/// The clock: the machine's, or what the command line or the script says.
fn clock(
    dir: &DataDir,
    manifest: &Manifest,
    at: Option<Timestamp>,
    log_time: &LogTime,
) -> Result<Box<dyn Clock>, Failure> {
    let script = dir.root().join(SCRIPT);
    Ok(match at {
        Some(start) => Box::new(script::stepping(start)),
        None if !manifest.simulated => Box::new(SystemClock),
        None if script.exists() => {
            Box::new(script::Scripted::new(script::read(&script)?, Arc::clone(log_time)))
        }
        // Whoever only looks needs no time; whoever gives a command gets the microsecond after the last.
        None => Box::new(grants_ledger::ScriptedClock::listed(Vec::new())),
    })
}

/// What a new ledger keeps beside its log.
pub(crate) struct Belongings<'a> {
    pub(crate) key: Option<&'a PathBuf>,
    pub(crate) script: Option<&'a PathBuf>,
    pub(crate) seed: Option<[u8; 32]>,
}

/// Makes the signing key of a new ledger.
pub(crate) fn make_key(key: &Path) -> Result<(), Failure> {
    Signer::create_seed_file(key).map_err(|fault| Failure::usage(format!("{}: {fault}", key.display())))?;
    Ok(())
}

/// What says the time to a process that keeps a simulated ledger: its script, or whoever gives commands.
pub(crate) fn times(dir: &DataDir, manifest: &Manifest) -> Result<Times, Failure> {
    let script = dir.root().join(SCRIPT);
    Ok(match manifest.simulated {
        false => Times::Machine,
        true if script.exists() => Times::Listed(script::read(&script)?),
        true => Times::Told(ToldTime::default()),
    })
}

/// Makes vault and script of a new ledger, and its key unless that was made elsewhere.
pub(crate) fn furnish(dir: &DataDir, belongings: &Belongings<'_>) -> Result<(), Failure> {
    match belongings.key {
        None => make_key(&dir.key())?,
        Some(key) => place_key(dir, key)?,
    }
    if let Some(script) = belongings.script {
        fs::copy(script, dir.root().join(SCRIPT))?;
    }
    let vault = vault_place(dir)?;
    match belongings.seed {
        None => drop(Vault::create(&vault)?),
        Some(seed) => {
            fs::write(dir.root().join(SEED), hex::encode(&seed))?;
            drop(Vault::simulated(&vault, seed)?);
        }
    }
    Ok(())
}

/// Copies what every process of a ledger needs to have alike; the signing key only where it is told to lie.
pub(crate) fn copy_belongings(from: &DataDir, to: &DataDir, key: Option<&PathBuf>) -> Result<(), Failure> {
    for name in [SCRIPT, SEED, publish::VERIFIER_KEY] {
        let file = from.root().join(name);
        if file.exists() {
            fs::copy(&file, to.root().join(name))?;
        }
    }
    key.map_or(Ok(()), |key| place_key(to, key))
}

fn place_key(dir: &DataDir, key: &Path) -> Result<(), Failure> {
    let place =
        fs::canonicalize(key).map_err(|fault| Failure::usage(format!("{}: {fault}", key.display())))?;
    Ok(fs::write(dir.root().join(publish::KEY_PLACE), place.as_os_str().as_encoded_bytes())?)
}

/// Where the keys of personal data are: in the data directory, or where all processes of the ledger find them.
pub(crate) fn vault_place(dir: &DataDir) -> Result<PathBuf, Failure> {
    let place = LogPlace::of(dir)?;
    Ok(place.and_then(|place| place.vault().map(Path::to_owned)).unwrap_or_else(|| dir.vault()))
}

/// Opens the vault. It has one user at a time, so where several processes share it, each waits for its turn.
fn open_vault(dir: &DataDir, simulated: bool) -> Result<Vault, Failure> {
    let begun = Instant::now();
    loop {
        match try_vault(dir, simulated)? {
            Err(VaultFault::InUse { .. }) if begun.elapsed() < VAULT_WITHIN => thread::sleep(VAULT_AGAIN),
            found => return Ok(found?),
        }
    }
}

fn try_vault(dir: &DataDir, simulated: bool) -> Result<Result<Vault, VaultFault>, Failure> {
    let vault = vault_place(dir)?;
    if !simulated {
        return Ok(Vault::open(&vault));
    }
    let place = dir.root().join(SEED);
    let text = fs::read_to_string(&place)?;
    let seed =
        hex::decode(text.trim()).map_err(|fault| Failure::fault(format!("{}: {fault}", place.display())))?;
    Ok(Vault::simulated(&vault, seed))
}

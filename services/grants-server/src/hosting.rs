//! A ledger that this process keeps together with others: it follows the log, and writes when its turn comes.

use crate::{
    cli::Role,
    failure::Failure,
    peer::door::Desk,
    place::{LogPlace, PlaceError},
    script::Times,
};
use grants_domain::ids::LedgerId;
use grants_eventlog::{EventLog, kafka::Now};
use grants_files::{Lang, Texts};
use grants_ledger::{
    Clock, DataDir, Fault, Ledger, Manifest, Member, MemberError, MemberOptions, SystemClock, Turn,
};
use grants_policy::Library;
use std::{
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::signal::unix::{SignalKind, signal};

/// How often the latch of a writer is looked at while nothing happens.
const LOOK: Duration = Duration::from_millis(200);
/// Looks at the log within one interval between heartbeats.
const LOOKS_PER_INTERVAL: u32 = 4;

/// Tells everything in the process that it is to end.
#[derive(Clone, Default)]
pub(crate) struct Stop(Arc<(AtomicBool, Mutex<()>, Condvar)>);

impl Stop {
    /// Says so.
    pub(crate) fn now(&self) {
        let _turn = self.0.1.lock().unwrap_or_else(PoisonError::into_inner);
        self.0.0.store(true, Ordering::SeqCst);
        self.0.2.notify_all();
    }

    /// Whether it was said.
    pub(crate) fn is_set(&self) -> bool {
        self.0.0.load(Ordering::SeqCst)
    }

    /// Says so when the process is asked to end.
    pub(crate) fn on_signals(&self) -> Result<(), Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (mut term, mut int) = {
            let _in_runtime = runtime.enter();
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
        };
        let stop = self.clone();
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
            });
            stop.now();
        })?;
        Ok(())
    }

    /// Waits at most so long; whether it was said.
    pub(crate) fn wait(&self, patience: Duration) -> bool {
        let turn = self.0.1.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.is_set() {
            drop(self.0.2.wait_timeout(turn, patience).unwrap_or_else(PoisonError::into_inner));
        }
        self.is_set()
    }
}

/// One ledger of this process.
pub(crate) struct Hosted {
    pub(crate) dir: DataDir,
    pub(crate) manifest: Manifest,
    pub(crate) place: LogPlace,
    pub(crate) role: Role,
    /// Where this process can be reached.
    pub(crate) address: String,
    pub(crate) desk: Arc<Desk>,
    pub(crate) times: Times,
    pub(crate) stop: Stop,
    pub(crate) begun: Instant,
}

/// What became of a stretch of following or writing.
enum Next {
    /// The log is opened again.
    Again,
    /// The process ends.
    Stop,
}

impl Hosted {
    /// Which ledger.
    pub(crate) fn id(&self) -> LedgerId {
        self.manifest.ledger
    }

    /// Keeps the ledger until the process ends.
    ///
    /// # Errors
    /// The log cannot be trusted, or something of this machine has failed. What was answered stands all the same.
    pub(crate) fn keep(&self) -> Result<(), Failure> {
        while !self.stop.is_set() {
            match self.stretch()? {
                Next::Again => drop(self.stop.wait(self.place.interval())),
                Next::Stop => break,
            }
        }
        Ok(())
    }

    fn stretch(&self) -> Result<Next, Failure> {
        let written = self.open().and_then(|member| self.follow(member));
        match written {
            Ok(Some(ledger)) => self.write(ledger),
            Ok(None) => Ok(Next::Stop),
            // Somebody else was first, nobody knows, or the brokers are away: the log tells when it is read again.
            Err(fault) if fault.passes() => {
                tracing::warn!(ledger = %self.id(), "the log is opened again: {fault}");
                Ok(Next::Again)
            }
            Err(fault) => Err(fault.into()),
        }
    }

    fn open(&self) -> Result<Member<Library>, Trouble> {
        let [log, pulses] = self.place.connect()?;
        let options = MemberOptions {
            interval: self.place.interval(),
            address: self.address.clone(),
            simulated: self.manifest.simulated,
            scripted: self.manifest.simulated,
        };
        Ok(Member::open(&self.dir, log, pulses, Library::new(), options, here(self.begun)?)?)
    }

    /// Follows until this process writes; nothing if the process ends first.
    fn follow(&self, mut member: Member<Library>) -> Result<Option<Ledger>, Trouble> {
        let look = self.place.interval() / LOOKS_PER_INTERVAL;
        tracing::info!(ledger = %self.id(), epoch = member.log().head().epoch(), "follows");
        while !self.stop.is_set() {
            let recorded = member.recorded_at();
            let turn = heard(self.begun, |now| member.turn(now, || self.times.clock(recorded)))?;
            match turn? {
                Turn::Follows(next) => member = *next,
                Turn::Writes(ledger) => return Ok(Some(*ledger)),
            }
            self.stop.wait(look);
        }
        Ok(None)
    }

    /// Takes commands until this process ends, has failed, or was replaced.
    fn write(&self, ledger: Ledger) -> Result<Next, Failure> {
        let latch = ledger.fault();
        let opened = ledger.ensure_open(&self.manifest);
        if let (Err(fault), None) = (opened, latch.get()) {
            return Err(Failure::fault(fault));
        }
        tracing::warn!(ledger = %self.id(), epoch = ledger.epoch(), "this process writes the ledger");
        self.desk.open(ledger);
        let fault = loop {
            match latch.wait_for(LOOK) {
                None if !self.stop.is_set() => {}
                found => break found,
            }
        };
        // Closing answers what waits, unless the ledger has failed.
        let closed = self.desk.close().map_or(Ok(()), |ledger| ledger.close().map(drop));
        match fault {
            None => Ok(closed.map(|()| Next::Stop)?),
            Some(Fault::Replaced { .. } | Fault::Log(_)) if self.role != Role::Writer => Ok(Next::Again),
            Some(fault) => Err(fault.into()),
        }
    }
}

/// What time it is, by both clocks of this machine, and a throw of dice.
pub(crate) fn here(begun: Instant) -> Result<Now, Failure> {
    let mut chance = [0; 8];
    getrandom::fill(&mut chance)
        .map_err(|fault| Failure::fault_of("program-no-randomness", &[("cause", &fault)]))?;
    let wall_ms = SystemClock.now()?.micros().div_euclid(1_000);
    Ok(Now { monotonic: begun.elapsed(), wall_ms, chance: u64::from_be_bytes(chance) })
}

/// Does something that asks again and again what time it is; fails if that could not be told.
pub(crate) fn heard<T>(begun: Instant, act: impl FnOnce(&mut dyn FnMut() -> Now) -> T) -> Result<T, Failure> {
    let mut failed = None;
    let mut now = || {
        here(begun).unwrap_or_else(|failure| {
            failed = Some(failure);
            Now { monotonic: begun.elapsed(), wall_ms: 0, chance: 0 }
        })
    };
    let done = act(&mut now);
    failed.map_or(Ok(done), Err)
}

/// Why a ledger is not kept for now, or not any more.
enum Trouble {
    Said(Failure),
    Place(PlaceError),
    Member(MemberError),
}

impl Trouble {
    /// Whether it is worth to open the log again.
    fn passes(&self) -> bool {
        match self {
            Trouble::Said(_) => false,
            Trouble::Place(fault) => fault.passes(),
            Trouble::Member(fault) => fault.passes(),
        }
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Trouble::Said(failure) => write!(out, "{}", failure.text(&Texts::new(Lang::En))),
            Trouble::Place(fault) => write!(out, "{fault}"),
            Trouble::Member(fault) => write!(out, "{fault}"),
        }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        Trouble::Said(failure)
    }
}

impl From<PlaceError> for Trouble {
    fn from(fault: PlaceError) -> Trouble {
        Trouble::Place(fault)
    }
}

impl From<MemberError> for Trouble {
    fn from(fault: MemberError) -> Trouble {
        Trouble::Member(fault)
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Failure {
        match trouble {
            Trouble::Said(failure) => failure,
            Trouble::Place(fault) => fault.into(),
            Trouble::Member(fault) => Failure::fault(fault),
        }
    }
}

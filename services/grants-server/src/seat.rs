//! Where commands go: to the ledger that this process writes, or over a line to the process that does.

use crate::{
    cli::Common,
    failure::Failure,
    peer::{
        Token,
        courier::{Address, Courier},
    },
    place::{self, LogPlace},
};
use grants_domain::{
    commands::Command,
    context::Actor,
    ids::LedgerId,
    ledger::Answer,
    state::StateRead,
    values::{CommandId, Timestamp},
};
use grants_eventlog::LogReader;
use grants_ledger::{DataDir, FaultLatch, Ledger, Onlooker, Outcome};
use grants_policy::Library;
use std::{
    cell::RefCell,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, sync_channel},
    },
    thread,
    time::Duration,
};
use tempfile::TempDir;

/// How often the log is read again for what was answered. Once is enough where brokers show what they have acknowledged.
const CATCH_UPS_MAX: u32 = 100;

/// How long a writer is looked for, in intervals between its heartbeats: by then somebody has taken over. Brokers that come
/// back take their time whatever the interval is.
pub(crate) const PATIENCE_INTERVALS: u32 = 24;
const PATIENCE_LEAST: Duration = Duration::from_secs(180);

/// Where commands go.
pub(crate) enum Seat {
    /// This process writes.
    Own(Box<Ledger>),
    /// Another one does.
    Away(Box<Away>),
}

/// A ledger that another process writes, looked at from here.
pub(crate) struct Away {
    looked: RefCell<(Onlooker, Library)>,
    courier: Courier,
    /// What was answered lies before this sequence: whoever reads sees it.
    answered: Arc<AtomicU64>,
    // Declared last: the databases keep their own notes in it.
    _scratch: TempDir,
}

impl Away {
    /// Looks at the ledger, and is ready to give commands to whoever writes it.
    pub(crate) fn open(common: &Common, dir: &DataDir, place: &LogPlace) -> Result<Away, Failure> {
        let scratch = tempfile::tempdir()?;
        let mut library = Library::new();
        let partition = place.connect_log()?;
        let opened = Onlooker::open_on_brokers(partition, dir.root(), scratch.path(), &mut library)?;
        let (log, ledger) = (opened.log(), opened.manifest().ledger);
        let patience = (place.interval() * PATIENCE_INTERVALS).max(PATIENCE_LEAST);
        let address = Address { log, ledger, token: place::token(dir)?, at: common.at, patience };
        let courier = Courier::start(address)?;
        let answered = Arc::new(AtomicU64::new(0));
        Ok(Away { looked: RefCell::new((opened, library)), courier, answered, _scratch: scratch })
    }

    /// When the last command was recorded that was read.
    pub(crate) fn recorded_at(&self) -> Option<Timestamp> {
        self.looked.borrow().0.recorded_at()
    }

    /// Reads on until everything that was answered is seen.
    fn catch_up(&self) -> Result<(), Failure> {
        let mut looked = self.looked.borrow_mut();
        let (onlooker, library) = &mut *looked;
        for _ in 0..CATCH_UPS_MAX {
            onlooker.catch_up(library)?;
            if self.answered.load(Ordering::SeqCst) <= onlooker.next_sequence() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err(Failure::fault_of("program-answer-unseen", &[]))
    }
}

impl Seat {
    /// Which ledger.
    pub(crate) fn id(&self) -> LedgerId {
        match self {
            Seat::Own(ledger) => ledger.id(),
            Seat::Away(away) => away.looked.borrow().0.manifest().ledger,
        }
    }

    /// Set when commands cannot be given any more.
    pub(crate) fn fault(&self) -> FaultLatch {
        match self {
            Seat::Own(ledger) => ledger.fault(),
            Seat::Away(away) => away.courier.fault(),
        }
    }

    /// The log as of now, with everything that was answered here.
    pub(crate) fn log(&self) -> Result<Arc<dyn LogReader>, Failure> {
        match self {
            Seat::Own(ledger) => Ok(ledger.log()),
            Seat::Away(away) => {
                away.catch_up()?;
                Ok(away.looked.borrow().0.log())
            }
        }
    }

    /// The first sequence that is not recorded, as far as it is known here.
    pub(crate) fn next_sequence(&self) -> u64 {
        match self {
            Seat::Own(ledger) => ledger.durable().next_sequence,
            Seat::Away(away) => {
                away.answered.load(Ordering::SeqCst).max(away.looked.borrow().0.next_sequence())
            }
        }
    }

    /// Gives a command, and gets the outcome where it is waited for.
    pub(crate) fn submit(&self, command: Command, id: CommandId, actor: Actor) -> Receiver<Outcome> {
        let (sender, receiver) = sync_channel(1);
        // Whoever does not wait any more has failed already.
        self.submit_then(command, id, actor, move |outcome| drop(sender.send(outcome)));
        receiver
    }

    /// Gives a command; `then` is called once, on another thread, and must not block.
    pub(crate) fn submit_then(
        &self,
        command: Command,
        id: CommandId,
        actor: Actor,
        then: impl FnOnce(Outcome) + Send + 'static,
    ) {
        match self {
            Seat::Own(ledger) => ledger.submit_then(command, id, actor, then),
            Seat::Away(away) => {
                let answered = Arc::clone(&away.answered);
                away.courier.give(command, id, actor, move |outcome| {
                    if let Ok(Answer { sequence, events, .. }) = &outcome {
                        answered.fetch_max(sequence.saturating_add(u64::from(*events)), Ordering::SeqCst);
                    }
                    then(outcome);
                });
            }
        }
    }

    /// Looks at the state as of now, with everything that was answered here.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&dyn StateRead) -> T) -> Result<T, Failure> {
        match self {
            Seat::Own(ledger) => {
                let last = ledger.durable().next_sequence.checked_sub(1);
                Ok(ledger.read(last, |state| look(state))?)
            }
            Seat::Away(away) => {
                away.catch_up()?;
                Ok(away.looked.borrow().0.read(look)?)
            }
        }
    }
}

/// The token of the processes of a ledger, made with its folder.
pub(crate) fn new_token(dir: &DataDir) -> Result<(), Failure> {
    let token =
        Token::random().map_err(|fault| Failure::fault_of("program-no-randomness", &[("cause", &fault)]))?;
    place::write_token(dir, &token)
}

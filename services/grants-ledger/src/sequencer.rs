//! One order for one ledger: three threads decide, make durable, and write behind, each a batch ahead of the next.
//!
//! ```text
//!   doors ──► inbox ──► decide batch n+1 ──► append and sync batch n ──► answers
//!                            ▲ reads                    │
//!                            └── overlay, cache, disk ◄─┴─► write the rows of batches < n
//! ```
//!
//! No timer makes a batch: while the log syncs, the batch in the making grows; when the log is free, it goes.
//! After a fault of the log nobody gets an answer any more. After any other fault nobody gets an answer whose batch
//! was not durable before it. Either way the process has to end, and the next one starts from the disk.

mod append;
mod beat;
mod behind;
mod decide;
mod due;
mod inbox;
mod shared;
mod submission;

use std::{
    sync::mpsc::{Receiver, sync_channel},
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

use grants_domain::{
    asked::Asked,
    commands::{COMMAND_BYTES_MAX, Command},
    context::{Actor, AuthMethod, Role},
    ids::LedgerId,
    rules::Rules,
    values::CommandId,
};
use grants_eventlog::{LogEnd, LogReader, kafka::Heart};

pub use behind::LAG_BATCHES_MAX;
pub use decide::{BATCH_COMMANDS_MAX, COMMAND_EVENTS_BYTES_MAX};
pub(crate) use due::derived_id;
pub use inbox::{QUEUE_BYTES_MAX, QUEUE_COMMANDS_MAX};
pub use submission::{Outcome, SubmitError};

use crate::{
    attended::AttendedLog,
    busy::Busy,
    clock::{Clock, Stamps},
    fault::{Fault, FaultLatch},
    limits::Limits,
    store::{Position, StateStore},
    view::ReadThrough,
};
use append::Appender;
use behind::Behind;
use decide::{Decider, Work};
use shared::Shared;
use submission::{Reply, Submission};

/// A ledger that is open for writing. Threads share it by reference or in an `Arc`.
pub struct Ledger {
    shared: Arc<Shared>,
    store: Arc<StateStore>,
    reader: Arc<dyn LogReader>,
    id: LedgerId,
    epoch: u64,
    simulated: bool,
    /// Keeps the heart beating, where the writer is elected.
    heart: Mutex<Option<beat::Open>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// What a sequencer starts from: a log whose epoch this process has begun, and the state folded up to its end.
pub(crate) struct Parts<R> {
    pub(crate) log: Box<dyn AttendedLog>,
    pub(crate) store: Arc<StateStore>,
    pub(crate) view: ReadThrough,
    pub(crate) position: Position,
    pub(crate) rules: R,
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) simulated: bool,
    pub(crate) limits: Limits,
    /// Tells other processes that this one writes, at this interval.
    pub(crate) heart: Option<(Heart, Duration)>,
}

impl Ledger {
    /// Starts the three threads.
    pub(crate) fn start<R: Rules + Send + 'static>(parts: Parts<R>) -> std::io::Result<Ledger> {
        let Parts { log, store, view, position, rules, clock, simulated, limits, heart } = parts;
        let head = log.head();
        let (id, epoch) = (LedgerId(head.ledger().0), head.epoch());
        let end = LogEnd { next_batch: head.next_batch(), next_sequence: head.next_sequence() };
        assert_eq!(
            end.next_sequence,
            position.head.next_sequence(),
            "the state is folded to the end of the log"
        );
        let shared = Arc::new(Shared::new(store.latch().clone(), end, &limits));
        let reader = log.reader();
        // The inbox hands over at most two batches, so that sending never waits here.
        let (to_log, from_decider) = sync_channel(inbox::HANDED_OVER_MAX);
        let (to_state, from_log) = sync_channel(limits.lag_batches);
        let decider = Decider {
            shared: Arc::clone(&shared),
            view,
            rules,
            stamps: Stamps::after(position.recorded_at, clock),
            ledger: id,
            next_sequence: end.next_sequence,
            to_log,
            batch_commands_max: limits.batch_commands,
            work: Work::default(),
        };
        let appender = Appender { shared: Arc::clone(&shared), log, from_decider, to_state };
        let behind = Behind { shared: Arc::clone(&shared), store: Arc::clone(&store), from_log };
        let mut threads = vec![
            spawn("write", &shared, move || behind.run())?,
            spawn("append", &shared, move || appender.run())?,
            spawn("decide", &shared, move || decider.run())?,
        ];
        let mut open = None;
        if let Some(heart) = heart {
            let (keeps, beat) = beat::thread(heart, &shared);
            threads.push(spawn("heart", &shared, beat)?);
            open = Some(keeps);
        }
        let (heart, threads) = (Mutex::new(open), Mutex::new(threads));
        Ok(Ledger { shared, store, reader, id, epoch, simulated, heart, threads })
    }

    /// Which ledger.
    #[must_use]
    pub fn id(&self) -> LedgerId {
        self.id
    }

    /// The epoch in which this process writes it.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Whether clock, ids and keys of this ledger come from a script.
    #[must_use]
    pub fn is_simulated(&self) -> bool {
        self.simulated
    }

    /// Gives a command to the ledger; the outcome comes when it is durable.
    ///
    /// The same id with the same content has the same outcome for ever. Of commands that wait at the same time,
    /// those of one thread are decided in the order in which that thread gave them.
    pub fn submit(&self, command: Command, id: CommandId, actor: Actor) -> Receiver<Outcome> {
        let (sender, receiver) = sync_channel(1);
        // Whoever does not want to know any more has dropped the receiver.
        self.submit_then(command, id, actor, move |outcome| drop(sender.send(outcome)));
        receiver
    }

    /// The same for callers that cannot block: `reply` is called once, soon, on a thread of the ledger. It must not
    /// block.
    pub fn submit_then(
        &self,
        command: Command,
        id: CommandId,
        actor: Actor,
        reply: impl FnOnce(Outcome) + Send + 'static,
    ) {
        let reply = Reply::to(reply);
        let asked = Asked::of(command);
        if let Err(refused) = self.check(&asked, &actor) {
            return reply.send(Err(refused));
        }
        let submission = Submission { asked, id, actor, reply };
        if let Err((reply, refused)) = self.shared.inbox.submit(submission) {
            let failed = self.shared.latch.is_latched();
            reply.send(if failed { self.shared.unknown() } else { Err(refused) });
        }
    }

    fn check(&self, asked: &Asked, actor: &Actor) -> Result<(), SubmitError> {
        let bytes = asked.bytes().len();
        if COMMAND_BYTES_MAX < bytes {
            return Err(SubmitError::TooLarge { bytes, limit: COMMAND_BYTES_MAX });
        }
        let internal = actor.role == Role::System || actor.auth == AuthMethod::Internal;
        if internal || matches!(asked.command(), Command::ContinueFollowUp(_)) {
            return Err(SubmitError::Reserved);
        }
        if self.simulated != (actor.auth == AuthMethod::Simulated) {
            return Err(SubmitError::WrongIdentity);
        }
        Ok(())
    }

    /// The latch that a fault sets: wait on it, and end the process within five seconds.
    #[must_use]
    pub fn fault(&self) -> FaultLatch {
        self.shared.latch.clone()
    }

    /// What is durable in the log.
    #[must_use]
    pub fn durable(&self) -> LogEnd {
        self.shared.progress().durable
    }

    /// A reader of the log, which sees what is durable.
    #[must_use]
    pub fn log(&self) -> Arc<dyn LogReader> {
        Arc::clone(&self.reader)
    }

    /// How busy the stages have been since the ledger was opened.
    #[must_use]
    pub fn busy(&self) -> Busy {
        self.shared.meter.read()
    }

    /// How many commands wait for their turn.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.shared.inbox.len()
    }

    /// Waits until the state holds every event before `next_sequence`.
    pub(crate) fn wait_written(&self, next_sequence: u64) -> Result<(), Fault> {
        self.shared.wait_written(next_sequence)
    }

    pub(crate) fn store(&self) -> &StateStore {
        &self.store
    }

    /// Takes no more commands, answers those that wait, and brings log, head file and state to disk.
    ///
    /// # Errors
    /// The ledger has failed, now or before; what was answered stands all the same.
    pub fn close(&self) -> Result<LogEnd, Fault> {
        self.shared.inbox.close();
        drop(self.heart.lock().unwrap_or_else(PoisonError::into_inner).take());
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        // The last to hold the ledger may be a reply, on one of these threads: they then end by themselves.
        let myself = std::thread::current().id();
        if threads.iter().all(|thread| thread.thread().id() != myself) {
            for thread in threads {
                // A panic has latched a fault.
                drop(thread.join());
            }
        }
        self.shared.latch.check()?;
        Ok(self.durable())
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        // A fault has been told by the latch; there is nobody else to tell.
        drop(self.close());
    }
}

/// Starts a thread that latches a fault if it panics.
fn spawn(
    name: &'static str,
    shared: &Arc<Shared>,
    work: impl FnOnce() + Send + 'static,
) -> std::io::Result<JoinHandle<()>> {
    let sentinel = Sentinel { name, shared: Arc::clone(shared) };
    std::thread::Builder::new().name(name.to_owned()).spawn(move || {
        let _sentinel = sentinel;
        work();
    })
}

struct Sentinel {
    name: &'static str,
    shared: Arc<Shared>,
}

impl Drop for Sentinel {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.shared.fail(Fault::Thread(self.name));
        }
    }
}

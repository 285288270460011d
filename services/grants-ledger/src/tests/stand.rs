//! Ledgers to try things on: a log in memory that can be held up or made to fail, and a state in a folder.

use std::{
    collections::VecDeque,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, PoisonError, mpsc::Receiver},
};

use grants_domain::{context::AuthMethod, record::Envelope, values::Sha256Hex, wire::Message};
use grants_eventlog::{
    AppendError, Batch, EventLog, Head, LedgerId, LogEnd, LogReader, MemoryLog, ReadError, Root, SealedBatch,
    WriterId,
    memory::{MemoryStore, Unknown},
};
use tempfile::TempDir;

use super::{city::Given, rules::TinyRules};
use crate::{
    AttendedLog, Clock, Fault, Ledger, Opening, Outcome, ReadOnly, ScriptedClock, SubmitError, limits::Limits,
};

/// A machine with one ledger on it, which outlives the process that runs the ledger.
pub(super) struct Stand {
    pub(super) home: TempDir,
    pub(super) disk: MemoryStore,
    pub(super) limits: Limits,
}

/// What must be the same however things went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) root: Root,
    pub(super) events: u64,
    pub(super) state: Sha256Hex,
}

impl Stand {
    pub(super) fn new(limits: Limits) -> Stand {
        let log = MemoryLog::create(LedgerId([7; 16]), WriterId([1; 16]), "").unwrap();
        Stand { home: tempfile::tempdir().unwrap(), disk: log.store(), limits }
    }

    pub(super) fn state(&self) -> PathBuf {
        self.home.path().join("state")
    }

    pub(super) fn log(&self) -> TestLog {
        TestLog { inner: MemoryLog::open(self.disk.clone()).unwrap(), orders: Orders::default() }
    }

    /// A process begins.
    pub(super) fn start(&self) -> (Ledger, Opening, Orders) {
        self.start_on(self.log(), Box::new(clock()))
    }

    pub(super) fn start_on(&self, log: TestLog, clock: Box<dyn Clock>) -> (Ledger, Opening, Orders) {
        let orders = log.orders.clone();
        let rules = TinyRules::default();
        let opened = Ledger::on_log_within(Box::new(log), &self.state(), rules, clock, true, self.limits);
        let (ledger, opening) = opened.unwrap();
        (ledger, opening, orders)
    }

    /// A process begins, gives commands and ends.
    pub(super) fn run(&self, given: &[Given], window: usize) -> (Vec<Outcome>, End) {
        let (ledger, ..) = self.start();
        let outcomes = feed(&ledger, given, window);
        (outcomes, end(&ledger))
    }
}

/// A clock whose times do not depend on where the process began: it stands still, so that every command comes one
/// microsecond after the one before.
pub(super) fn clock() -> ScriptedClock {
    ScriptedClock::stepping("2026-06-01T09:00:00.000000+08:00".parse().unwrap(), 0)
}

/// Closes a ledger and says what has become of it.
pub(super) fn end(ledger: &Ledger) -> End {
    ledger.close().unwrap();
    let position = ledger.store().position().unwrap().unwrap();
    let (root, events) = (position.head.root(), position.head.next_sequence());
    let state = ledger.store().digest().unwrap();
    println!("{events} events, root {root}, digest of the state {state}");
    End { root, events, state }
}

/// The same of a closed ledger in a folder.
pub(super) fn end_of_folder(folder: &Path) -> End {
    let state = ReadOnly::open(folder).unwrap();
    let head = &state.position().head;
    End { root: head.root(), events: head.next_sequence(), state: state.digest().unwrap() }
}

pub(super) fn submit(ledger: &Ledger, given: &Given) -> Receiver<Outcome> {
    let Given { id, command, mut actor } = given.clone();
    if !ledger.is_simulated() {
        actor.auth = AuthMethod::Local;
    }
    ledger.submit(command, id, actor)
}

/// Gives commands in order, at most `window` at a time, and gathers the outcomes in the same order.
pub(super) fn feed(ledger: &Ledger, given: &[Given], window: usize) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let mut waiting = VecDeque::new();
    for one in given {
        if window <= waiting.len() {
            let receiver: Receiver<Outcome> = waiting.pop_front().unwrap();
            outcomes.push(receiver.recv().unwrap());
        }
        waiting.push_back(submit(ledger, one));
    }
    outcomes.extend(waiting.into_iter().map(|receiver| receiver.recv().unwrap()));
    outcomes
}

/// That nobody knows what became of a command is all that may be said of it.
pub(super) fn is_unknown(outcome: &Outcome) -> bool {
    matches!(outcome, Err(SubmitError::Unknown(_)))
}

/// A log in memory that does what a test orders.
pub(super) struct TestLog {
    inner: MemoryLog,
    pub(super) orders: Orders,
}

#[derive(Clone, Default)]
pub(super) struct Orders(Arc<(Mutex<Order>, Condvar)>);

#[derive(Default)]
struct Order {
    held: bool,
    arrived: u64,
    fail_append: Option<Unknown>,
    beside: Option<Fault>,
}

/// Holds up a log. A test that fails lets it go, so that it ends.
pub(super) struct Held(Orders);

impl Drop for Held {
    fn drop(&mut self) {
        let (order, changed) = &*self.0.0;
        order.lock().unwrap_or_else(PoisonError::into_inner).held = false;
        changed.notify_all();
    }
}

impl Orders {
    /// Appends do not return until the guard is dropped.
    pub(super) fn hold(&self) -> Held {
        self.0.0.lock().unwrap().held = true;
        Held(self.clone())
    }

    /// Waits until so many appends were begun since the start, that of the epoch included.
    pub(super) fn wait_arrived(&self, count: u64) {
        let order = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(order, |order| order.arrived < count).unwrap());
    }

    pub(super) fn arrived(&self) -> u64 {
        self.0.0.lock().unwrap().arrived
    }

    /// The next append has an unknown outcome.
    pub(super) fn fail_append(&self, outcome: Unknown) {
        self.0.0.lock().unwrap().fail_append = Some(outcome);
    }

    /// Something beside the answer path has failed, such as the head file.
    pub(super) fn fail_beside(&self, fault: Fault) {
        self.0.0.lock().unwrap().beside = Some(fault);
    }
}

impl LogReader for TestLog {
    fn end(&self) -> Result<LogEnd, ReadError> {
        self.inner.end()
    }
    fn read(&self, from_batch: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>, ReadError> {
        self.inner.read(from_batch, max_bytes)
    }
}

impl EventLog for TestLog {
    fn head(&self) -> &Head {
        self.inner.head()
    }

    fn append(&mut self, batch: &SealedBatch) -> Result<(), AppendError> {
        let (order, changed) = &*self.orders.0;
        let mut order = order.lock().unwrap();
        order.arrived += 1;
        changed.notify_all();
        let mut order = changed.wait_while(order, |order| order.held).unwrap();
        if let Some(outcome) = order.fail_append.take() {
            self.inner.fail_next(outcome);
        }
        drop(order);
        self.inner.append(batch)
    }

    fn copy_epoch(&mut self) {
        self.inner.copy_epoch();
    }

    fn reader(&self) -> Arc<dyn LogReader> {
        self.inner.reader()
    }
}

impl AttendedLog for TestLog {
    fn check(&self) -> Result<(), Fault> {
        self.orders.0.0.lock().unwrap().beside.clone().map_or(Ok(()), Err)
    }

    fn close(&mut self) -> Result<(), Fault> {
        self.check()
    }
}

/// Every record of a log, as it is stored.
pub(super) fn records(log: &dyn LogReader) -> Vec<Vec<u8>> {
    let (mut batch, mut records) = (0, Vec::new());
    while batch < log.end().unwrap().next_batch {
        for bytes in log.read(batch, 1 << 20).unwrap() {
            let decoded = Batch::decode(&bytes).unwrap();
            // A control batch says nothing of commands.
            if 0 < decoded.header().count {
                records.extend(decoded.events().map(<[u8]>::to_vec));
            }
            batch += 1;
        }
    }
    records
}

/// The same, read.
pub(super) fn envelopes(log: &dyn LogReader) -> Vec<Envelope> {
    records(log).iter().map(|record| Envelope::decode(record).unwrap()).collect()
}

/// Copies a folder of files and folders.
pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (entry, to) = (entry.as_ref().unwrap().path(), to.join(entry.as_ref().unwrap().file_name()));
        if entry.is_dir() {
            copy(&entry, &to);
        } else {
            fs::copy(&entry, &to).unwrap();
        }
    }
}

//! A broker for tests that does everything a broker may do wrong, and the way of one process to it, which can be cut.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::partition::{Bounds, Fault, Partition, Record};
use crate::head::Head;
use crate::ids::LedgerId;
use crate::judge::{Judge, Verdict};
use crate::tree::Hash;
use crate::wire::wide;

/// How many bytes of records are read at once.
const READ_BYTES: usize = 1 << 20;

/// What becomes of the next record that is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is written, and the answer is lost.
    KeptUnanswered,
    /// It is not written, and there is no answer.
    Lost,
    /// There is no answer, and it is written later, when [`Double::deliver_late`] says so.
    Late,
    /// It is written twice, and the answer names the first.
    Twice,
    /// It is written, and the answer names an offset that is too small.
    AnsweredTooEarly,
}

/// A partition in memory. Clones are the same partition.
#[derive(Clone, Default)]
pub struct Double(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    records: Vec<Vec<u8>>,
    /// By the broker's clock; a record without one is from its beginning.
    appended_ms: BTreeMap<u64, i64>,
    now_ms: i64,
    first: u64,
    next_fate: Option<Fate>,
    on_the_way: Vec<Vec<u8>>,
}

impl Double {
    /// The next record that is offered meets this fate.
    pub fn fate_of_next(&self, fate: Fate) {
        self.lock().next_fate = Some(fate);
    }

    /// What comes next is treated as usual.
    pub fn clear_fate(&self) {
        self.lock().next_fate = None;
    }

    /// Lets what was on its way arrive at the end of the partition.
    pub fn deliver_late(&self) {
        let mut state = self.lock();
        let late = std::mem::take(&mut state.on_the_way);
        state.records.extend(late);
    }

    /// Shows a record that nobody should see: of an aborted transaction, of a fenced writer, or an old one again.
    pub fn leak(&self, bytes: &[u8]) {
        self.lock().records.push(bytes.to_vec());
    }

    /// Loses everything from an offset on, as an unclean election does.
    pub fn truncate(&self, end: usize) {
        self.lock().records.truncate(end);
    }

    /// Deletes everything before an offset, as retention does.
    pub fn expire(&self, first: u64) {
        self.lock().first = first;
    }

    /// Everything that lies in it.
    #[must_use]
    pub fn records(&self) -> Vec<Vec<u8>> {
        self.lock().records.clone()
    }

    /// Changes stored records.
    pub fn tamper(&self, change: impl FnOnce(&mut Vec<Vec<u8>>)) {
        change(&mut self.lock().records);
    }

    /// Sets the broker's clock.
    pub fn at(&self, now_ms: i64) {
        self.lock().now_ms = now_ms;
    }

    /// The partition as the log asks for one.
    #[must_use]
    pub fn shared(&self) -> Arc<dyn Partition> {
        Arc::new(self.clone())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Partition for Double {
    fn name(&self) -> String {
        "a double".to_owned()
    }

    fn bounds(&self) -> Result<Bounds, Fault> {
        let state = self.lock();
        Ok(Bounds { first: state.first, next: wide(state.records.len()) })
    }

    fn fetch(&self, from: u64, max_bytes: usize) -> Result<Vec<Record>, Fault> {
        let state = self.lock();
        if from < state.first {
            return Err(Fault::new(format!("offset {from} is out of range")));
        }
        let (mut found, mut room) = (Vec::new(), max_bytes);
        let place = usize::try_from(from).unwrap_or(usize::MAX);
        for (offset, bytes) in (from..).zip(state.records.iter().skip(place)) {
            if !found.is_empty() && room < bytes.len() {
                break;
            }
            room = room.saturating_sub(bytes.len());
            let appended_ms = Some(state.appended_ms.get(&offset).copied().unwrap_or_default());
            found.push(Record { offset, bytes: bytes.clone(), appended_ms });
        }
        Ok(found)
    }

    fn produce(&self, bytes: &[u8]) -> Result<u64, Fault> {
        let mut state = self.lock();
        let offset = wide(state.records.len());
        let fate = state.next_fate.take();
        let copies = match fate {
            None | Some(Fate::KeptUnanswered | Fate::AnsweredTooEarly) => 1,
            Some(Fate::Twice) => 2,
            Some(Fate::Lost | Fate::Late) => 0,
        };
        state.records.extend(std::iter::repeat_n(bytes.to_vec(), copies));
        let now_ms = state.now_ms;
        state.appended_ms.insert(offset, now_ms);
        if fate == Some(Fate::Late) {
            state.on_the_way.push(bytes.to_vec());
        }
        match fate {
            None | Some(Fate::Twice) => Ok(offset),
            Some(Fate::AnsweredTooEarly) => Ok(offset.saturating_sub(1)),
            Some(Fate::KeptUnanswered | Fate::Lost | Fate::Late) => Err(Fault::new("no answer in time")),
        }
    }
}

/// What counts of a ledger's partition, by a reader that looks at every record as it lies: the head, and the valid
/// batches by their SHA-256.
///
/// # Panics
/// The partition cannot be read, or its log cannot be trusted.
pub fn counted(partition: &dyn Partition, ledger: LedgerId) -> (Head, Vec<Hash>) {
    let (mut judge, mut counted) = (Judge::new(Head::genesis(ledger)), Vec::new());
    let Bounds { first: mut from, next: end } = partition.bounds().expect("the partition answers");
    while from < end {
        for record in partition.fetch(from, READ_BYTES).expect("the partition answers") {
            match judge.judge(&record.bytes) {
                Verdict::Valid(head) => counted.push(head.last_batch_sha256()),
                Verdict::Skipped(_) => {}
                Verdict::Halt(halt) => panic!("{halt}"),
            }
            from = record.offset + 1;
        }
    }
    (judge.head().clone(), counted)
}

/// The way of one process to a partition; it can be cut.
pub struct Line {
    to: Double,
    cut: Arc<AtomicBool>,
}

impl Line {
    /// A way that is open while `cut` is not set.
    #[must_use]
    pub fn to(to: &Double, cut: &Arc<AtomicBool>) -> Arc<dyn Partition> {
        Arc::new(Line { to: to.clone(), cut: Arc::clone(cut) })
    }

    fn through(&self) -> Result<&Double, Fault> {
        match self.cut.load(Ordering::Relaxed) {
            true => Err(Fault::new("no way to the broker")),
            false => Ok(&self.to),
        }
    }
}

impl Partition for Line {
    fn name(&self) -> String {
        self.to.name()
    }

    fn bounds(&self) -> Result<Bounds, Fault> {
        self.through()?.bounds()
    }

    fn fetch(&self, from: u64, max_bytes: usize) -> Result<Vec<Record>, Fault> {
        self.through()?.fetch(from, max_bytes)
    }

    fn produce(&self, bytes: &[u8]) -> Result<u64, Fault> {
        self.through()?.produce(bytes)
    }
}

//! The suite that every back-end passes: one function per promise of `log.rs`.

use std::sync::Arc;

use crate::batch::{BATCH_BYTES_MAX, BatchBuilder, EVENT_BYTES_MAX, SealedBatch};
use crate::head::Head;
use crate::ids::{LedgerId, WriterId};
use crate::judge::Judge;
use crate::log::{AppendError, EventLog, LogEnd, LogReader, ReadError};
use crate::memory::MemoryLog;
use crate::mirror;

/// What the suite needs of a back-end.
pub trait Backend {
    /// A new log in a new place.
    fn create(&self, ledger: LedgerId, writer: WriterId, address: &str) -> Box<dyn EventLog>;

    /// Drops `log`, which is the one created last, and opens it again for writing.
    fn reopen(&self, log: Box<dyn EventLog>) -> Box<dyn EventLog>;
}

const LEDGER: LedgerId = LedgerId([0xa1; 16]);
const WRITER: WriterId = WriterId([0xb1; 16]);
const NEXT_WRITER: WriterId = WriterId([0xb2; 16]);

/// Runs every rule; each one creates a log of its own.
///
/// # Panics
/// A rule is broken.
pub fn every_rule(backend: &dyn Backend) {
    a_new_log_begins_with_an_epoch(backend);
    what_was_appended_is_read_back(backend);
    a_read_gives_at_least_one_batch_and_at_most_the_bytes(backend);
    a_read_beyond_the_end_is_an_error(backend);
    a_batch_that_is_not_next_is_refused_and_leaves_nothing(backend);
    an_open_log_has_what_was_durable(backend);
    a_new_process_begins_its_own_epoch(backend);
    a_reader_follows_a_writer(backend);
    nothing_follows_a_move(backend);
    a_copy_goes_on_in_the_middle_of_an_epoch(backend);
    the_longest_batch_fits(backend);
}

fn a_new_log_begins_with_an_epoch(backend: &dyn Backend) {
    let log = backend.create(LEDGER, WRITER, "here:1");
    assert_eq!((log.head().epoch(), log.head().writer()), (1, WRITER));
    assert_eq!(log.end(), Ok(LogEnd { next_batch: 1, next_sequence: 0 }));
    assert_eq!(judged(&*log), *log.head());
}

fn what_was_appended_is_read_back(backend: &dyn Backend) {
    let mut log = backend.create(LEDGER, WRITER, "");
    let batches: Vec<SealedBatch> = (0..5_u8).map(|round| append(&mut *log, &[&[round], b"more"])).collect();
    assert_eq!(log.end(), Ok(LogEnd { next_batch: 6, next_sequence: 10 }));
    for from in 1..=6 {
        let expected: Vec<Vec<u8>> = batches
            .iter()
            .filter(|batch| from <= batch.batch())
            .map(|batch| batch.bytes().to_vec())
            .collect();
        assert_eq!(log.read(from, usize::MAX), Ok(expected), "from batch {from}");
    }
    assert_eq!(judged(&*log), *log.head());
    assert_eq!(batches.last().map(SealedBatch::head_after), Some(log.head()));
}

fn a_read_gives_at_least_one_batch_and_at_most_the_bytes(backend: &dyn Backend) {
    let mut log = backend.create(LEDGER, WRITER, "");
    let length = (0..4).map(|_| append(&mut *log, &[b"same"]).bytes().len()).max().unwrap_or_default();
    for (max_bytes, expected) in
        [(0, 1), (length - 1, 1), (length, 1), (2 * length - 1, 1), (2 * length, 2), (9 * length, 4)]
    {
        assert_eq!(log.read(1, max_bytes).map(|batches| batches.len()), Ok(expected), "{max_bytes} bytes");
    }
}

fn a_read_beyond_the_end_is_an_error(backend: &dyn Backend) {
    let log = backend.create(LEDGER, WRITER, "");
    assert_eq!(log.read(1, usize::MAX), Ok(Vec::new()));
    assert_eq!(log.read(2, usize::MAX), Err(ReadError::BeyondEnd { from: 2, end: 1 }));
}

fn a_batch_that_is_not_next_is_refused_and_leaves_nothing(backend: &dyn Backend) {
    let mut log = backend.create(LEDGER, WRITER, "");
    let before = log.head().clone();
    let first = append(&mut *log, &[b"first"]);
    let ahead = events(events(log.head(), &[b"left out"]).head_after(), &[b"ahead"]);
    let other_history = events(events(&before, &[b"other"]).head_after(), &[b"on the other"]);
    let stranger = SealedBatch::epoch_opened(&Head::genesis(LedgerId([9; 16])), WRITER, "");
    let stranger = stranger.expect("an empty address is acceptable");
    for (name, wrong) in
        [("again", &first), ("ahead", &ahead), ("other history", &other_history), ("foreign", &stranger)]
    {
        let refused = log.append(wrong);
        assert_eq!(refused, Err(AppendError::NotNext { expected: 2, found: wrong.batch() }), "{name}");
    }
    assert_eq!(log.end(), Ok(LogEnd { next_batch: 2, next_sequence: 1 }));
    append(&mut *log, &[b"second"]);
    assert_eq!(judged(&*log), *log.head());
}

fn an_open_log_has_what_was_durable(backend: &dyn Backend) {
    let mut log = backend.create(LEDGER, WRITER, "");
    append(&mut *log, &[b"a", b"b"]);
    append(&mut *log, &[b"c"]);
    let (head, batches) = (log.head().clone(), log.read(0, usize::MAX));
    let log = backend.reopen(log);
    assert_eq!(*log.head(), head);
    assert_eq!(log.read(0, usize::MAX), batches);
}

fn a_new_process_begins_its_own_epoch(backend: &dyn Backend) {
    let mut log = backend.create(LEDGER, WRITER, "");
    append(&mut *log, &[b"old"]);
    let late = events(log.head(), &[b"late"]);
    let mut log = backend.reopen(log);
    assert_eq!(log.append(&late), Err(AppendError::EpochNotBegun));
    log.begin_epoch(NEXT_WRITER, "there:2").expect("the log is open");
    assert_eq!((log.head().epoch(), log.head().writer()), (2, NEXT_WRITER));
    assert_eq!(log.append(&late), Err(AppendError::NotNext { expected: 3, found: 2 }));
    append(&mut *log, &[b"new"]);
    assert_eq!(log.end(), Ok(LogEnd { next_batch: 4, next_sequence: 2 }));
    assert_eq!(judged(&*log), *log.head());
}

fn a_reader_follows_a_writer(backend: &dyn Backend) {
    const BATCHES: u64 = 40;
    let mut log = backend.create(LEDGER, WRITER, "");
    let reader = log.reader();
    let following = std::thread::spawn(move || {
        let mut judge = Judge::new(Head::genesis(LEDGER));
        while judge.head().next_batch() <= BATCHES {
            for batch in reader.read(judge.head().next_batch(), 1 << 20).expect("the log can be read") {
                judge.accept(&batch).expect("a reader sees valid batches only");
            }
            std::thread::yield_now();
        }
        judge.head().clone()
    });
    for round in 0..BATCHES {
        append(&mut *log, &[&round.to_be_bytes()]);
    }
    assert_eq!(following.join().expect("the reader got to the end"), *log.head());
}

fn nothing_follows_a_move(backend: &dyn Backend) {
    let mut log = backend.create(LEDGER, WRITER, "");
    let moved = SealedBatch::ledger_moved(log.head(), "elsewhere").expect("the target is acceptable");
    log.append(&moved).expect("the log is open");
    assert!(log.head().moved());
    assert_eq!(log.append(&events(log.head(), &[b"after"])), Err(AppendError::Moved));
    let mut log = backend.reopen(log);
    assert!(log.head().moved());
    assert_eq!(log.begin_epoch(NEXT_WRITER, ""), Err(AppendError::Moved));
}

/// Copied in three steps, with a process of its own for each, and refused when the copy is of another log.
fn a_copy_goes_on_in_the_middle_of_an_epoch(backend: &dyn Backend) {
    let mut source = MemoryLog::create(LEDGER, WRITER, "there:1").expect("an address");
    let begun = mirror::beginning(&source).expect("it has begun");
    let mut copy = backend.create(begun.ledger, begun.writer, &begun.address);
    assert_eq!(mirror::mirror(&source, &mut *copy), Ok(0));
    append(&mut source, &[b"a"]);
    append(&mut source, &[b"b", b"c"]);
    assert_eq!(mirror::mirror(&source, &mut *copy), Ok(2));
    let mut copy = backend.reopen(copy);
    append(&mut source, &[b"d"]);
    source.begin_epoch(NEXT_WRITER, "").expect("it is ours");
    append(&mut source, &[b"e"]);
    assert_eq!(mirror::mirror(&source, &mut *copy), Ok(3));
    assert_eq!(copy.head(), source.head());
    assert_eq!(copy.read(0, usize::MAX), source.read(0, usize::MAX));
    // Somebody has written to the copy.
    copy.begin_epoch(WRITER, "").expect("nobody prevents it");
    append(&mut source, &[b"f"]);
    append(&mut source, &[b"g"]);
    let refused = mirror::mirror(&source, &mut *copy);
    assert_eq!(refused, Err(mirror::MirrorError::OtherHistory { batch: 6 }));
    let shorter = MemoryLog::create(LEDGER, WRITER, "there:1").expect("an address");
    let refused = mirror::mirror(&shorter, &mut *copy);
    assert_eq!(refused, Err(mirror::MirrorError::Ahead { copy: 7, log: 1 }));
}

fn the_longest_batch_fits(backend: &dyn Backend) {
    let mut log = backend.create(LEDGER, WRITER, "");
    let mut builder = BatchBuilder::new(log.head());
    let event = vec![0x5a; EVENT_BYTES_MAX];
    while builder.push(&event).is_ok() {}
    let room = BATCH_BYTES_MAX - builder.len_bytes() - 2;
    builder.push(event.get(..room).unwrap_or_default()).expect("the room was measured");
    let batch = builder.seal();
    assert_eq!(batch.bytes().len(), BATCH_BYTES_MAX);
    log.append(&batch).expect("the log is open");
    assert_eq!(log.read(1, 0), Ok(vec![batch.into_bytes()]));
}

/// The head that a reader finds who trusts nothing.
fn judged(log: &dyn EventLog) -> Head {
    let reader: Arc<dyn LogReader> = log.reader();
    let mut judge = Judge::new(Head::genesis(LEDGER));
    for batch in reader.read(0, usize::MAX).expect("the log can be read") {
        judge.accept(&batch).expect("every batch is valid");
    }
    judge.head().clone()
}

fn append(log: &mut dyn EventLog, contents: &[&[u8]]) -> SealedBatch {
    let batch = events(log.head(), contents);
    log.append(&batch).expect("the log is open");
    batch
}

fn events(head: &Head, contents: &[&[u8]]) -> SealedBatch {
    let mut builder = BatchBuilder::new(head);
    for content in contents {
        builder.push(content).expect("the event is short");
    }
    builder.seal()
}

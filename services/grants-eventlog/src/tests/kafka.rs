//! The log on a broker, on a broker that does everything wrong.

mod elections;
mod losses;
mod zombies;

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use tempfile::TempDir;

use super::sample::{LEDGER, OTHER_WRITER, WRITER, batch_of};
use crate::contract::{self, Backend};
use crate::head::Head;
use crate::ids::{LedgerId, WriterId};
use crate::kafka::double::{Double, Fate};
use crate::kafka::{FollowError, KafkaLog, KafkaOpenError};
use crate::log::{AppendError, EventLog, LogReader, ReadError};

/// Schedules of whatever may happen, in a usual run and under torture.
const SCHEDULES: [u32; 2] = [200, 2_000];

fn schedules() -> u32 {
    SCHEDULES[usize::from(std::env::var_os("GRANTS_TORTURE").is_some())]
}

/// What a broker may do with a record of a writer that goes on afterwards.
fn fate() -> impl Strategy<Value = Fate> + Clone {
    prop_oneof![Just(Fate::KeptUnanswered), Just(Fate::Lost), Just(Fate::Late), Just(Fate::Twice)]
}

#[derive(Default)]
struct OnDouble(RefCell<Option<(Double, Arc<TempDir>)>>);

impl Backend for OnDouble {
    fn create(&self, ledger: LedgerId, writer: WriterId, address: &str) -> Box<dyn EventLog> {
        let (partition, folder) = (Double::default(), Arc::new(TempDir::new().unwrap()));
        let log = KafkaLog::create(partition.shared(), folder.path(), ledger, writer, address).unwrap();
        self.0.replace(Some((partition, folder)));
        Box::new(log)
    }

    fn reopen(&self, log: Box<dyn EventLog>) -> Box<dyn EventLog> {
        let ledger = log.head().ledger();
        drop(log);
        let stored = self.0.borrow();
        let (partition, folder) = stored.as_ref().unwrap();
        Box::new(KafkaLog::open_from(partition.shared(), folder.path(), Head::genesis(ledger)).unwrap())
    }
}

#[test]
fn a_broker_keeps_the_contract() {
    contract::every_rule(&OnDouble::default());
}

/// A ledger on a partition of its own, and a folder for each of its processes.
struct Place {
    partition: Double,
    folders: TempDir,
}

impl Place {
    fn new() -> (Place, KafkaLog) {
        let place = Place { partition: Double::default(), folders: TempDir::new().unwrap() };
        let log = KafkaLog::create(place.partition.shared(), &place.folder("a"), LEDGER, WRITER, "a:1");
        (place, log.unwrap())
    }

    fn folder(&self, process: &str) -> std::path::PathBuf {
        self.folders.path().join(process)
    }

    fn join(&self, process: &str) -> KafkaLog {
        KafkaLog::join(self.partition.shared(), &self.folder(process), LEDGER).unwrap()
    }

    fn open(&self, process: &str, trusted: Head) -> Result<KafkaLog, KafkaOpenError> {
        KafkaLog::open_from(self.partition.shared(), &self.folder(process), trusted)
    }
}

fn append(log: &mut KafkaLog, event: &[u8]) -> Result<(), AppendError> {
    let batch = batch_of(log.head(), &[event]);
    log.append(&batch)
}

#[test]
fn an_unanswered_batch_is_unknown_until_the_log_is_opened_again() {
    for (fate, expected) in [(Fate::KeptUnanswered, 2), (Fate::Lost, 1)] {
        let (place, mut log) = Place::new();
        place.partition.fate_of_next(fate);
        assert!(matches!(append(&mut log, b"a"), Err(AppendError::Unknown { batch: 1, .. })), "{fate:?}");
        assert_eq!(append(&mut log, b"b"), Err(AppendError::Dead));
        drop(log);
        let log = place.open("a", Head::genesis(LEDGER)).unwrap();
        assert_eq!(log.head().next_batch(), expected, "{fate:?}");
    }
}

#[test]
fn a_batch_that_arrives_late_counts_or_not_as_it_lies() {
    // Before the next epoch it counts, and the epoch that did not know it does not.
    let (place, mut log) = Place::new();
    place.partition.fate_of_next(Fate::Late);
    append(&mut log, b"late").unwrap_err();
    drop(log);
    let mut log = place.open("a", Head::genesis(LEDGER)).unwrap();
    place.partition.deliver_late();
    assert_eq!(log.begin_epoch(OTHER_WRITER, ""), Err(AppendError::Superseded { epoch: 1 }));
    let mut log = {
        drop(log);
        place.open("a", Head::genesis(LEDGER)).unwrap()
    };
    assert_eq!(log.head().next_sequence(), 1, "the late batch counts");
    log.begin_epoch(OTHER_WRITER, "").unwrap();
    // Behind it, it does not.
    place.partition.fate_of_next(Fate::Late);
    append(&mut log, b"later").unwrap_err();
    drop(log);
    let mut log = place.open("a", Head::genesis(LEDGER)).unwrap();
    log.begin_epoch(WRITER, "").unwrap();
    place.partition.deliver_late();
    append(&mut log, b"on").unwrap();
    assert_eq!(log.head().next_sequence(), 2);
    assert_eq!(log.tally().get("lower-epoch"), Some(&1));
}

#[test]
fn records_that_do_not_count_change_nothing() {
    let (place, mut log) = Place::new();
    append(&mut log, b"one").unwrap();
    let old = place.partition.records().pop().unwrap();
    place.partition.leak(&old);
    append(&mut log, b"two").unwrap();
    place.partition.fate_of_next(Fate::Twice);
    append(&mut log, b"three").unwrap();
    append(&mut log, b"four").unwrap();
    assert_eq!(log.tally().get("duplicate"), Some(&2));
    let batches = log.read(1, usize::MAX).unwrap();
    assert_eq!(batches.len(), 4);
    let reader = place.join("b");
    assert_eq!((reader.head(), reader.read(1, usize::MAX).unwrap()), (log.head(), batches));
}

#[test]
fn a_log_opened_behind_its_middle_reads_its_beginning_too() {
    let (place, mut log) = Place::new();
    for event in [b"a", b"b", b"c"] {
        append(&mut log, event).unwrap();
    }
    place.partition.leak(&place.partition.records()[1]);
    let middle = log.head().clone();
    append(&mut log, b"d").unwrap();
    let batches = log.read(0, usize::MAX).unwrap();
    drop(log);
    let log = place.open("a", middle).unwrap();
    assert_eq!(log.read(0, usize::MAX).unwrap(), batches);
    assert_eq!(log.read(2, 0).unwrap(), batches[2..3].to_vec());
    assert_eq!(log.reader().read(4, usize::MAX).unwrap(), batches[4..].to_vec());
}

/// A log that lost its tail and grew again is another one, however long it is.
#[test]
fn a_process_that_runs_on_notices_another_history_of_any_length() {
    let (place, mut writer) = Place::new();
    append(&mut writer, b"kept").unwrap();
    let mut young = place.join("young");
    for _ in 0..3 {
        append(&mut writer, b"lost").unwrap();
    }
    let [mut first, mut second] = ["first", "second"].map(|process| place.join(process));
    place.partition.truncate(2);
    young.begin_epoch(OTHER_WRITER, "").unwrap();
    for _ in 0..2 {
        append(&mut young, b"other").unwrap();
    }
    // As long as before: there is nothing new to judge, and who opens an epoch looks.
    assert_eq!((first.follow(), first.next_offset()), (Ok(()), 5));
    let refused = first.begin_epoch(WriterId([3; 16]), "").unwrap_err();
    assert!(matches!(refused, AppendError::Unknown { .. }), "{refused}");
    assert!(refused.to_string().contains("acknowledged history missing"), "{refused}");
    assert_eq!(append(&mut first, b"never"), Err(AppendError::Dead));
    // Longer.
    append(&mut young, b"more").unwrap();
    let differs = Err(FollowError::HistoryDiffers { offset: 4 });
    assert_eq!(second.follow(), differs);
    assert_eq!(append(&mut second, b"never"), Err(AppendError::Dead));
    // What the other history skipped is the epoch that was opened on the lost one.
    assert_eq!(young.tally().get("invalid-epoch-opened"), Some(&1));
}

/// Who has seen later epochs that were lost must not take the other history for the late records of a replaced writer.
#[test]
fn lost_epochs_do_not_hide_another_history() {
    let (place, mut writer) = Place::new();
    append(&mut writer, b"kept").unwrap();
    let mut young = place.join("young");
    for epoch in 2..4 {
        writer.begin_epoch(WriterId([epoch; 16]), "").unwrap();
    }
    append(&mut writer, b"lost").unwrap();
    let mut reader = place.join("reader");
    place.partition.truncate(2);
    young.begin_epoch(OTHER_WRITER, "").unwrap();
    for _ in 0..4 {
        append(&mut young, b"other").unwrap();
    }
    assert_eq!(reader.follow(), Err(FollowError::HistoryDiffers { offset: 4 }));
}

#[test]
fn a_lost_tail_halts_whoever_has_seen_it() {
    let (place, mut writer) = Place::new();
    append(&mut writer, b"kept").unwrap();
    let kept = writer.head().clone();
    append(&mut writer, b"lost").unwrap();
    let mut reader = place.join("b");
    let seen = writer.head().clone();
    place.partition.truncate(2);
    // Those who run.
    assert!(matches!(append(&mut writer, b"more"), Err(AppendError::Unknown { .. })));
    assert!(matches!(append(&mut writer, b"more"), Err(AppendError::Dead)));
    place.partition.truncate(2);
    let gone = Err(FollowError::HistoryMissing { end: 2, read: 3 });
    assert_eq!(reader.follow(), gone);
    drop((writer, reader));
    // Those who come back.
    for process in ["a", "b"] {
        for trusted in [Head::genesis(LEDGER), kept.clone()] {
            let halted = place.open(process, trusted).err().unwrap();
            assert!(matches!(halted, KafkaOpenError::HistoryMissing { end: 2, .. }), "{process}: {halted}");
            assert!(halted.to_string().starts_with("acknowledged history missing"), "{halted}");
        }
    }
    // Another history grows over it.
    let mut other = place.join("c");
    other.begin_epoch(OTHER_WRITER, "").unwrap();
    append(&mut other, b"another").unwrap();
    for process in ["a", "b"] {
        let halted = place.open(process, kept.clone()).err().unwrap();
        assert!(matches!(halted, KafkaOpenError::HistoryDiffers { batch: 2, .. }), "{process}: {halted}");
        assert!(matches!(
            place.open(process, seen.clone()).err().unwrap(),
            KafkaOpenError::TrustedMissing { batch: 2, sequence: 2 }
        ));
    }
}

#[test]
fn an_answer_with_an_offset_that_was_read_before_is_never_believed() {
    let (place, mut log) = Place::new();
    place.partition.fate_of_next(Fate::AnsweredTooEarly);
    let said = append(&mut log, b"a").unwrap_err();
    assert!(said.to_string().contains("acknowledged history missing"), "{said}");
    assert_eq!(append(&mut log, b"b"), Err(AppendError::Dead));
}

#[test]
fn what_a_broker_deleted_or_bent_is_named() {
    let (place, mut log) = Place::new();
    append(&mut log, b"a").unwrap();
    append(&mut log, b"b").unwrap();
    drop(log);
    place.partition.expire(1);
    assert!(matches!(place.open("a", Head::genesis(LEDGER)), Err(KafkaOpenError::BeginsLate { first: 1 })));
    place.partition.expire(0);
    place.partition.tamper(|records| records[1][40] ^= 1);
    let halted = place.open("a", Head::genesis(LEDGER)).err().unwrap();
    assert!(matches!(halted, KafkaOpenError::Follow(FollowError::Halt { offset: 1, .. })), "{halted}");
}

#[test]
fn a_partition_has_one_ledger_and_a_folder_one_process() {
    let (place, log) = Place::new();
    let again = KafkaLog::create(place.partition.shared(), &place.folder("z"), LEDGER, WRITER, "");
    assert!(matches!(again, Err(KafkaOpenError::AlreadyCreated(_, 1))));
    assert!(matches!(place.open("a", Head::genesis(LEDGER)), Err(KafkaOpenError::InUse(_))));
    assert!(matches!(place.open("new", Head::genesis(LEDGER)), Err(KafkaOpenError::NoHeadFile { .. })));
    log.close().unwrap();
    let joined = KafkaLog::join(place.partition.shared(), &place.folder("a"), LEDGER);
    assert!(matches!(joined, Err(KafkaOpenError::AlreadyJoined(_))));
    let empty = KafkaLog::join(Double::default().shared(), Path::new(&place.folder("e")), LEDGER);
    assert!(matches!(empty, Err(KafkaOpenError::NotCreated(_))));
    let foreign = Head::genesis(LedgerId([9; 16]));
    assert!(matches!(place.open("a", foreign), Err(KafkaOpenError::ForeignHeadFile { .. })));
}

#[test]
fn a_batch_that_vanished_below_the_end_is_missing() {
    let (place, mut log) = Place::new();
    append(&mut log, b"a").unwrap();
    place.partition.truncate(1);
    assert_eq!(log.read(1, usize::MAX), Err(ReadError::Missing(1)));
}

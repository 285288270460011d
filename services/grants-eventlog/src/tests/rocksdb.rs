//! The embedded log keeps the contract, and does not open over lost or changed history.

use std::cell::{Cell, RefCell};
use std::fs;
use std::path::{Path, PathBuf};

use ::rocksdb::{DB, Options};

use super::sample::{LEDGER, OTHER_WRITER, WRITER, batch_of};
use crate::contract::{self, Backend};
use crate::head::Head;
use crate::headfile::{Found, HeadFile, Vouched};
use crate::ids::{LedgerId, WriterId};
use crate::judge::{Halt, HaltReason, Judge};
use crate::log::{AppendError, EventLog, LogReader, ReadError};
use crate::rocksdb::{JournalError, OpenError, RocksLog, RocksReader};

struct Rocks {
    folder: tempfile::TempDir,
    count: Cell<u32>,
    last: RefCell<(PathBuf, LedgerId)>,
}

impl Backend for Rocks {
    fn create(&self, ledger: LedgerId, writer: WriterId, address: &str) -> Box<dyn EventLog> {
        self.count.set(self.count.get() + 1);
        let place = self.folder.path().join(self.count.get().to_string());
        self.last.replace((place.clone(), ledger));
        Box::new(RocksLog::create(&place, ledger, writer, address).unwrap())
    }

    fn reopen(&self, log: Box<dyn EventLog>) -> Box<dyn EventLog> {
        drop(log);
        let (place, ledger) = self.last.borrow().clone();
        Box::new(RocksLog::open(&place, ledger).unwrap().0)
    }
}

#[test]
fn rocksdb_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let last = RefCell::new((PathBuf::new(), LEDGER));
    contract::every_rule(&Rocks { folder, count: Cell::new(0), last });
}

/// A closed log of `batches` one-event batches behind its first epoch, and its head.
fn closed(folder: &Path, batches: u32) -> Head {
    let mut log = RocksLog::create(folder, LEDGER, WRITER, "here").unwrap();
    for number in 0..batches {
        let batch = batch_of(log.head(), &[format!("event-{number}").as_bytes()]);
        log.append(&batch).unwrap();
    }
    let head = log.head().clone();
    assert_eq!(log.close().unwrap(), Vouched::from(&head));
    head
}

/// Changes the database behind the log's back.
fn tamper(folder: &Path, change: impl FnOnce(&DB)) {
    let db = DB::open(&Options::default(), folder.join("log")).unwrap();
    change(&db);
}

fn refused(folder: &Path) -> OpenError {
    RocksLog::open(folder, LEDGER).map(|(_, opened)| opened).unwrap_err()
}

fn halted(folder: &Path) -> Halt {
    let fault = refused(folder);
    let OpenError::Halt(halt) = fault else { panic!("{fault}") };
    halt
}

#[test]
fn an_open_log_says_what_was_vouched_for() {
    let folder = tempfile::tempdir().unwrap();
    let head = closed(folder.path(), 3);
    let (log, opened) = RocksLog::open(folder.path(), LEDGER).unwrap();
    assert_eq!((opened.head, opened.vouched_to), (head.clone(), Vouched::from(&head)));
    assert_eq!(log.background_errors(), Ok(0));
    assert_eq!(log.keeper().failure(), None);
}

#[test]
fn a_second_writer_is_told_that_the_log_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let log = RocksLog::create(folder.path(), LEDGER, WRITER, "").unwrap();
    assert!(matches!(refused(folder.path()), OpenError::InUse(_)));
    assert!(matches!(RocksLog::create(folder.path(), LEDGER, WRITER, ""), Err(OpenError::InUse(_))));
    // A reader of the first process keeps the folder, because it keeps the database open.
    let reader = log.reader();
    drop(log);
    assert!(matches!(refused(folder.path()), OpenError::InUse(_)));
    assert_eq!(reader.read(0, 0).unwrap().len(), 1);
    drop(reader);
    RocksLog::open(folder.path(), LEDGER).unwrap();
}

#[test]
fn a_ledger_is_created_once_and_opened_only_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(refused(folder.path()), OpenError::NotCreated(_)));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "looking creates nothing");
    closed(folder.path(), 0);
    assert!(matches!(RocksLog::create(folder.path(), LEDGER, WRITER, ""), Err(OpenError::AlreadyCreated(_))));
    let foreign = RocksLog::open(folder.path(), LedgerId([9; 16])).map(|(_, opened)| opened);
    assert!(matches!(foreign, Err(OpenError::ForeignHeadFile { found: LEDGER, .. })));
}

#[test]
fn a_creation_that_was_cut_off_can_be_repeated() {
    // After the database, with a head file half there, and between head file and first batch.
    let genesis = Vouched::from(&Head::genesis(LEDGER));
    let cuts: [&dyn Fn(&Path); 4] = [
        &|_| {},
        &|path| fs::write(path.join("head.new"), b"half").unwrap(),
        &|path| fs::write(path.join("head"), b"half").unwrap(),
        &|path| drop(HeadFile::create(&path.join("head"), &genesis).unwrap()),
    ];
    for cut in cuts {
        let folder = tempfile::tempdir().unwrap();
        let mut options = Options::default();
        options.create_if_missing(true);
        drop(DB::open(&options, folder.path().join("log")).unwrap());
        cut(folder.path());
        assert!(matches!(refused(folder.path()), OpenError::NotCreated(_)));
        RocksLog::create(folder.path(), LEDGER, WRITER, "").unwrap();
    }
}

/// RocksDB would look at such a record for ever.
#[test]
fn a_record_of_a_reused_file_is_named_and_not_looked_at() {
    for kind in ["log", "MANIFEST"] {
        let folder = tempfile::tempdir().unwrap();
        closed(folder.path(), 3);
        let files = fs::read_dir(folder.path().join("log")).unwrap().map(|entry| entry.unwrap().path());
        let is_wanted = |path: &PathBuf| {
            let name = path.file_name().unwrap().to_str().unwrap();
            (name.ends_with(kind) || name.starts_with(kind)) && 0 < fs::metadata(path).unwrap().len()
        };
        let path = files.filter(is_wanted).max().unwrap();
        let mut bytes = fs::read(&path).unwrap();
        let second = 7 + usize::from(u16::from_le_bytes([bytes[4], bytes[5]]));
        assert_eq!(bytes[second + 6], 1, "a whole record");
        bytes[second + 6] ^= 4;
        fs::write(&path, bytes).unwrap();
        let fault = refused(folder.path());
        assert!(
            matches!(
                &fault,
                OpenError::Journal(JournalError::Endless { path: named, offset, kind: 5 })
                    if *named == path && *offset == second
            ),
            "{fault}"
        );
    }
}

#[test]
fn a_lost_tail_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    closed(folder.path(), 3);
    tamper(folder.path(), |db| db.delete(3_u64.to_be_bytes()).unwrap());
    let fault = refused(folder.path());
    assert!(matches!(
        fault,
        OpenError::HistoryMissing { vouched_batches: 4, vouched_events: 3, log_batches: 3 }
    ));
    assert!(
        fault.to_string().starts_with("acknowledged history missing: the head file vouches for 4 batches")
    );
}

#[test]
fn a_lost_database_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    closed(folder.path(), 3);
    fs::remove_dir_all(folder.path().join("log")).unwrap();
    assert!(matches!(refused(folder.path()), OpenError::HistoryMissing { log_batches: 0, .. }));
    let again = RocksLog::create(folder.path(), LEDGER, WRITER, "");
    assert!(matches!(again, Err(OpenError::HistoryMissing { log_batches: 0, .. })));
}

#[test]
fn a_tail_that_was_never_vouched_for_is_told_but_not_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let head = closed(folder.path(), 1);
    let early = fs::read(folder.path().join("head")).unwrap();
    let (mut log, _) = RocksLog::open(folder.path(), LEDGER).unwrap();
    log.begin_epoch(OTHER_WRITER, "").unwrap();
    drop(log);
    // As after a power cut between the sync of the log and the one of the head file.
    fs::write(folder.path().join("head"), early).unwrap();
    let (log, opened) = RocksLog::open(folder.path(), LEDGER).unwrap();
    assert_eq!((opened.head.next_batch(), opened.vouched_to), (3, Vouched::from(&head)));
    assert_eq!(log.keeper().settle().unwrap().next_batch, 3, "opening vouches for what was found");
}

#[test]
fn a_missing_or_torn_head_file_halts() {
    let folder = tempfile::tempdir().unwrap();
    closed(folder.path(), 2);
    let head = folder.path().join("head");
    fs::write(&head, [0; 8_192]).unwrap();
    assert!(matches!(refused(folder.path()), OpenError::NoHeadFile { batches: 3, unreadable: true, .. }));
    fs::remove_file(&head).unwrap();
    assert!(matches!(refused(folder.path()), OpenError::NoHeadFile { batches: 3, unreadable: false, .. }));
}

#[test]
fn another_history_of_the_same_length_halts() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    closed(folder.path(), 2);
    let mut log = RocksLog::create(other.path(), LEDGER, WRITER, "here").unwrap();
    for event in [b"another 0", b"another 1"] {
        let batch = batch_of(log.head(), &[event]);
        log.append(&batch).unwrap();
    }
    drop(log);
    fs::copy(other.path().join("head"), folder.path().join("head")).unwrap();
    assert!(matches!(refused(folder.path()), OpenError::HistoryDiffers { batch: 2, sequence: 2 }));
}

#[test]
fn a_changed_batch_halts_and_names_the_sequence() {
    let folder = tempfile::tempdir().unwrap();
    closed(folder.path(), 5);
    let original = fs::read_dir(folder.path()).unwrap().count();
    tamper(folder.path(), |db| {
        let mut bytes = db.get(3_u64.to_be_bytes()).unwrap().unwrap();
        bytes[108] ^= 1;
        db.put(3_u64.to_be_bytes(), bytes).unwrap();
    });
    let halt = halted(folder.path());
    assert_eq!((halt.sequence, halt.batch), (2, 3));
    assert!(matches!(halt.reason, HaltReason::Frame(_)));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), original);
}

#[test]
fn swapped_and_missing_batches_halt() {
    let folder = tempfile::tempdir().unwrap();
    closed(folder.path(), 5);
    tamper(folder.path(), |db| {
        let (one, two) =
            (db.get(2_u64.to_be_bytes()).unwrap().unwrap(), db.get(3_u64.to_be_bytes()).unwrap().unwrap());
        db.put(2_u64.to_be_bytes(), two).unwrap();
        db.put(3_u64.to_be_bytes(), one).unwrap();
    });
    let halt = halted(folder.path());
    assert_eq!((halt.sequence, halt.batch), (1, 2));
    tamper(folder.path(), |db| db.delete(2_u64.to_be_bytes()).unwrap());
    let fault = refused(folder.path());
    let OpenError::Read { sequence, fault } = fault else { panic!("{fault}") };
    assert_eq!((sequence, fault), (1, ReadError::Missing(2)));
}

#[test]
fn a_trusted_head_saves_the_replay_but_must_be_in_the_log() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut log = RocksLog::create(folder.path(), LEDGER, WRITER, "").unwrap();
    let mut heads = vec![log.head().clone()];
    for number in 0..4_u8 {
        let batch = batch_of(log.head(), &[&[number]]);
        log.append(&batch).unwrap();
        heads.push(log.head().clone());
    }
    drop(log);
    for head in &heads {
        let (_, opened) = RocksLog::open_from(folder.path(), head.clone()).unwrap();
        assert_eq!(&opened.head, heads.last().unwrap());
    }
    let ahead = batch_of(&heads[4], &[b"never written"]).head_after().clone();
    let stranger = closed(other.path(), 2);
    for (wrong, batch) in [(ahead, 5), (stranger, 2)] {
        let refused = RocksLog::open_from(folder.path(), wrong).map(|(_, opened)| opened);
        let Err(OpenError::TrustedMissing { batch: found, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(found, batch);
    }
}

#[test]
fn a_reader_of_a_live_folder_sees_what_is_vouched_for() {
    let (folder, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut log = RocksLog::create(folder.path(), LEDGER, WRITER, "").unwrap();
    let batch = batch_of(log.head(), &[b"one"]);
    log.append(&batch).unwrap();
    log.keeper().settle().unwrap();
    let reader = RocksReader::open_secondary(folder.path(), scratch.path()).unwrap();
    assert_eq!(reader.end(), log.end());
    for number in 0..20_u8 {
        let batch = batch_of(log.head(), &[&[number]]);
        log.append(&batch).unwrap();
    }
    log.keeper().settle().unwrap();
    assert_eq!(reader.end().unwrap().next_batch, 2, "nothing moves under a reader");
    assert_eq!(reader.catch_up().unwrap(), Vouched::from(log.head()));
    let mut judge = Judge::new(Head::genesis(LEDGER));
    for batch in reader.read(0, usize::MAX).unwrap() {
        judge.accept(&batch).unwrap();
    }
    assert_eq!(judge.head(), log.head());
}

#[test]
fn a_reader_of_a_folder_that_lost_history_is_told() {
    let (folder, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    closed(folder.path(), 3);
    tamper(folder.path(), |db| db.delete(3_u64.to_be_bytes()).unwrap());
    let fault = RocksReader::open_secondary(folder.path(), scratch.path()).map(|reader| reader.vouched());
    assert!(matches!(fault, Err(OpenError::HistoryMissing { .. })));
    assert!(matches!(HeadFile::read(&folder.path().join("head")).unwrap(), Found::Slot(_)));
}

#[test]
fn a_new_process_must_begin_an_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let head = closed(folder.path(), 1);
    let (mut log, _) = RocksLog::open(folder.path(), LEDGER).unwrap();
    assert_eq!(log.append(&batch_of(&head, &[b"x"])), Err(AppendError::EpochNotBegun));
    log.begin_epoch(OTHER_WRITER, "there").unwrap();
    assert_eq!((log.head().epoch(), log.head().writer()), (2, OTHER_WRITER));
}

//! Stored bytes of the first release, which every later build must read and write in the same way.

use std::fs;
use std::path::{Path, PathBuf};

use super::sample::{LEDGER, OTHER_WRITER, WRITER, batch_of};
use crate::batch::{Batch, SealedBatch};
use crate::bundle::{BundleReader, write_bundle};
use crate::checkpoint::Checkpoint;
use crate::control::ControlRecord;
use crate::head::Head;
use crate::headfile::{Found, HeadFile, Vouched};
use crate::judge::Judge;
use crate::log::{EventLog, LogReader};
use crate::memory::MemoryLog;
use crate::note::Signer;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(golden(name)).unwrap_or_else(|fault| panic!("{name}: {fault}"))
}

/// The five batches of the golden log.
fn log() -> Vec<SealedBatch> {
    let opened = SealedBatch::epoch_opened(&Head::genesis(LEDGER), WRITER, "ledger.example:7000").unwrap();
    let first = batch_of(opened.head_after(), &[b"event-0", b"event-1", b"event-2"]);
    let second = batch_of(first.head_after(), &[b"event-3"]);
    let taken = SealedBatch::epoch_opened(second.head_after(), OTHER_WRITER, "standby.example:7000").unwrap();
    let moved = SealedBatch::ledger_moved(taken.head_after(), "kafka://broker.example/grants").unwrap();
    vec![opened, first, second, taken, moved]
}

fn checkpoint(head: &Head) -> String {
    let origin = "ledger.example/grants".to_owned();
    let signer = Signer::from_seed(&origin, &[0x42; 32]).unwrap();
    signer.sign(&Checkpoint { origin, size: head.next_sequence(), root: head.root() }.text()).unwrap()
}

/// Every golden file with what this build writes.
fn written() -> Vec<(&'static str, Vec<u8>)> {
    let log = log();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("head");
    let mut file = HeadFile::create(&path, &Vouched::from(log[0].head_after())).unwrap();
    file.write(&Vouched::from(log[2].head_after())).unwrap();
    vec![
        ("0-epoch-opened.bin", log[0].bytes().to_vec()),
        ("1-events.bin", log[1].bytes().to_vec()),
        ("2-event.bin", log[2].bytes().to_vec()),
        ("3-epoch-opened.bin", log[3].bytes().to_vec()),
        ("4-ledger-moved.bin", log[4].bytes().to_vec()),
        ("head-of-log.bin", log[4].head_after().to_bytes()),
        ("head-file.bin", fs::read(&path).unwrap()),
        ("checkpoint.txt", checkpoint(log[4].head_after()).into_bytes()),
    ]
}

#[test]
fn this_build_writes_the_golden_bytes() {
    for (name, expected) in written() {
        assert_eq!(bytes(name), expected, "{name}");
    }
}

/// The golden log as a bundle: each file of the folder by its path there.
fn bundle_files() -> Vec<(String, Vec<u8>)> {
    let mut log = MemoryLog::create(LEDGER, WRITER, "ledger.example:7000").unwrap();
    for batch in &self::log()[1..] {
        log.append(batch).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("bundle");
    write_bundle(&log, LEDGER, &place, None, |head, _| Ok(checkpoint(head))).unwrap();
    let mut files = Vec::new();
    let mut folders = vec![place.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&place).unwrap().to_str().unwrap().to_owned();
                files.push((format!("bundle/{name}"), fs::read(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn this_build_writes_the_golden_bundle() {
    let files = bundle_files();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "bundle/batches/00000000000000000000",
            "bundle/checkpoint",
            "bundle/manifest",
            "bundle/tile/0/000.p/4",
            "bundle/tile/entries/000.p/4",
        ]
    );
    for (name, expected) in &files {
        assert_eq!(&bytes(name), expected, "{name}");
    }
}

#[test]
fn this_build_reads_the_golden_bundle() {
    let bundle = BundleReader::open(&golden("bundle")).unwrap();
    let mut judge = Judge::new(Head::genesis(bundle.manifest().ledger));
    for batch in bundle.read(0, usize::MAX).unwrap() {
        judge.accept(&batch).unwrap();
    }
    assert_eq!(judge.head(), log()[4].head_after());
    assert_eq!(bundle.checkpoint().as_bytes(), bytes("checkpoint.txt"));
}

#[test]
fn this_build_reads_the_golden_bytes() {
    let mut judge = Judge::new(Head::genesis(LEDGER));
    for name in
        ["0-epoch-opened.bin", "1-events.bin", "2-event.bin", "3-epoch-opened.bin", "4-ledger-moved.bin"]
    {
        judge.accept(&bytes(name)).unwrap_or_else(|halt| panic!("{name}: {halt}"));
    }
    let head = judge.head();
    assert_eq!(
        (head.epoch(), head.writer(), head.next_batch(), head.next_sequence()),
        (2, OTHER_WRITER, 5, 4)
    );
    assert_eq!(head.root().to_string(), "330157348b2985bd1c4657e44f3628ae9176dd82811ffb31a8e011b9dea8b9a1");
    assert!(head.moved());
    assert_eq!(Head::from_bytes(&bytes("head-of-log.bin")).as_ref(), Ok(head));
    let events = bytes("1-events.bin");
    let events: Vec<&[u8]> = Batch::decode(&events).unwrap().events().collect();
    assert_eq!(events, [b"event-0", b"event-1", b"event-2"]);
    let moved = bytes("4-ledger-moved.bin");
    let record = Batch::decode(&moved).unwrap().control().unwrap();
    assert_eq!(
        record,
        Some(ControlRecord::LedgerMoved { target: "kafka://broker.example/grants".to_owned() })
    );
    let Found::Slot(vouched) = HeadFile::read(&golden("head-file.bin")).unwrap() else { panic!("no slot") };
    assert_eq!((vouched.next_batch, vouched.next_sequence, vouched.root), (3, 4, head.root()));
    let key = "ledger.example/grants+9b30d74f+ASFS+NGbeR0kRTJC4V8uq2y3z/p7al7TAJeWDgaYgdsS".parse().unwrap();
    let note = String::from_utf8(bytes("checkpoint.txt")).unwrap();
    let checkpoint = Checkpoint::verify(&note, &key).unwrap();
    assert_eq!((checkpoint.size, checkpoint.root), (4, head.root()));
}

/// Writes the golden files of a new record; existing ones are never replaced.
#[test]
#[ignore = "run by hand when a record is added, see docs/reference/log-format.md"]
fn write_missing_golden_files() {
    for (name, bytes) in written() {
        write_missing(name, &bytes);
    }
    for (name, bytes) in bundle_files() {
        write_missing(&name, &bytes);
    }
}

fn write_missing(name: &str, bytes: &[u8]) {
    if !golden(name).exists() {
        fs::create_dir_all(golden(name).parent().unwrap()).unwrap();
        fs::write(golden(name), bytes).unwrap();
    }
}

//! A bundle reads like the log it was written from, and ends where it says.

use std::fs;
use std::path::Path;

use super::sample::{LEDGER, OTHER_WRITER, WRITER, batch_of};
use crate::bundle::{BundleError, BundleReader, Manifest, write_bundle};
use crate::checkpoint::Checkpoint;
use crate::head::Head;
use crate::judge::Judge;
use crate::log::{EventLog, LogReader, ReadError};
use crate::memory::MemoryLog;
use crate::note::Signer;
use crate::proofs::{prove_inclusion, verify_inclusion};
use crate::tiles::TileFolder;

/// A log of two epochs with events 0–2, 3, 4–303.
fn sample() -> MemoryLog {
    let mut log = MemoryLog::create(LEDGER, WRITER, "").unwrap();
    let first = batch_of(log.head(), &[b"event-0", b"event-1", b"event-2"]);
    log.append(&first).unwrap();
    let second = batch_of(log.head(), &[b"event-3"]);
    log.append(&second).unwrap();
    log.begin_epoch(OTHER_WRITER, "").unwrap();
    let events: Vec<String> = (4..304).map(|number| format!("event-{number}")).collect();
    let third = batch_of(log.head(), &events.iter().map(|event| event.as_bytes()).collect::<Vec<_>>());
    log.append(&third).unwrap();
    log
}

fn sign(head: &Head, _: &TileFolder) -> Result<String, String> {
    let signer = Signer::from_seed("ledger.example/grants", &[0x42; 32]).unwrap();
    let origin = signer.name().to_owned();
    Ok(signer.sign(&Checkpoint { origin, size: head.next_sequence(), root: head.root() }.text()).unwrap())
}

fn judged(reader: &dyn LogReader, max_bytes: usize) -> Head {
    let mut judge = Judge::new(Head::genesis(LEDGER));
    while judge.head().next_batch() < reader.end().unwrap().next_batch {
        for batch in reader.read(judge.head().next_batch(), max_bytes).unwrap() {
            judge.accept(&batch).unwrap();
        }
    }
    judge.head().clone()
}

#[test]
fn a_bundle_reads_like_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("bundle");
    let log = sample();
    let end = write_bundle(&log, LEDGER, &place, None, sign).unwrap();
    assert_eq!((&end.head, end.cut), (log.head(), false));
    let bundle = BundleReader::open(&place).unwrap();
    let root = log.head().root();
    assert_eq!(*bundle.manifest(), Manifest { ledger: LEDGER, batches: 5, events: 304, root });
    assert_eq!(bundle.end(), log.end());
    assert_eq!(judged(&bundle, 1), *log.head());
    for (from, bytes) in [(0, usize::MAX), (3, 1), (1, 400), (4, 0), (2, usize::MAX), (5, 9)] {
        assert_eq!(bundle.read(from, bytes), log.read(from, bytes), "{bytes} bytes from {from}");
    }
    assert_eq!(bundle.read(6, 1), Err(ReadError::BeyondEnd { from: 6, end: 5 }));
    let key = Signer::from_seed("ledger.example/grants", &[0x42; 32]).unwrap().verifier_key();
    let checkpoint = Checkpoint::verify(bundle.checkpoint(), &key).unwrap();
    assert_eq!((checkpoint.size, checkpoint.root), (304, root));
    let proof = prove_inclusion(299, 304, &bundle.tiles()).unwrap();
    assert_eq!(verify_inclusion(b"event-299", 299, 304, &proof, root), Ok(()));
}

#[test]
fn a_bundle_ends_with_a_batch_at_or_before_the_sequence() {
    let folder = tempfile::tempdir().unwrap();
    let log = sample();
    for (to, batches, events) in
        [(0, 1, 0), (1, 1, 0), (2, 2, 3), (3, 4, 4), (302, 4, 4), (303, 5, 304), (9_999, 5, 304)]
    {
        let place = folder.path().join(format!("to-{to}"));
        let end = write_bundle(&log, LEDGER, &place, Some(to), sign).unwrap();
        assert_eq!(
            (end.head.next_batch(), end.head.next_sequence(), end.cut),
            (batches, events, batches < 5),
            "{to}"
        );
        assert_eq!(judged(&BundleReader::open(&place).unwrap(), usize::MAX), end.head);
    }
}

#[test]
fn a_bundle_appears_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("bundle");
    let log = sample();
    let refuse = |_: &Head, _: &TileFolder| Err("the key is away".to_owned());
    assert!(matches!(write_bundle(&log, LEDGER, &place, None, refuse), Err(BundleError::Checkpoint(_))));
    assert!(!place.exists());
    fs::write(folder.path().join("bundle.partial/rubbish"), b"of the first attempt").unwrap();
    write_bundle(&log, LEDGER, &place, None, sign).unwrap();
    assert!(!place.join("rubbish").exists() && !folder.path().join("bundle.partial").exists());
    assert!(matches!(write_bundle(&log, LEDGER, &place, None, sign), Err(BundleError::Exists(_))));
}

#[test]
fn a_damaged_log_gives_no_bundle() {
    let folder = tempfile::tempdir().unwrap();
    let log = sample();
    log.store().tamper(|batches| batches[2][110] ^= 1);
    let refused = write_bundle(&log, LEDGER, &folder.path().join("bundle"), None, sign);
    let Err(BundleError::Halt(halt)) = refused else { panic!("{refused:?}") };
    assert_eq!((halt.sequence, halt.batch), (3, 2));
}

/// Hands out many copies of the longest batches, so that several files are needed, without keeping them.
struct Long {
    batches: u64,
    heads: Vec<Head>,
}

impl LogReader for Long {
    fn end(&self) -> Result<crate::log::LogEnd, ReadError> {
        let next_sequence = self.heads.last().unwrap().next_sequence();
        Ok(crate::log::LogEnd { next_batch: self.batches, next_sequence })
    }

    fn read(&self, from_batch: u64, _: usize) -> Result<Vec<Vec<u8>>, ReadError> {
        let batch = match from_batch.checked_sub(1) {
            None => crate::batch::SealedBatch::epoch_opened(&Head::genesis(LEDGER), WRITER, "").unwrap(),
            Some(before) => long_batch(&self.heads[before as usize]),
        };
        Ok(vec![batch.into_bytes()])
    }
}

fn long_batch(head: &Head) -> crate::batch::SealedBatch {
    let event = vec![0x61; crate::batch::EVENT_BYTES_MAX];
    batch_of(head, &[event.as_slice(); 14])
}

#[test]
fn a_long_log_takes_several_files_and_any_of_them_can_be_entered() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("bundle");
    let opened = crate::batch::SealedBatch::epoch_opened(&Head::genesis(LEDGER), WRITER, "").unwrap();
    let mut heads = vec![opened.head_after().clone()];
    for _ in 1..160 {
        heads.push(long_batch(heads.last().unwrap()).head_after().clone());
    }
    let log = Long { batches: 160, heads };
    write_bundle(&log, LEDGER, &place, None, sign).unwrap();
    let files = fs::read_dir(place.join("batches")).unwrap().count();
    assert!(1 < files, "{files} file");
    for entry in fs::read_dir(place.join("batches")).unwrap() {
        assert!(entry.unwrap().metadata().unwrap().len() <= crate::bundle::BUNDLE_FILE_BYTES_MAX);
    }
    let bundle = BundleReader::open(&place).unwrap();
    for from in [0, 159, 77, 78, 76, 1, 158] {
        assert_eq!(bundle.read(from, 0), log.read(from, 0), "batch {from}");
    }
    assert_eq!(judged(&bundle, 3_000_000), *log.heads.last().unwrap());
}

/// What a reader says of the sample's bundle after `spoil` had its way with it.
fn spoilt(spoil: impl FnOnce(&Path)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("bundle");
    write_bundle(&sample(), LEDGER, &place, None, sign).unwrap();
    spoil(&place);
    match BundleReader::open(&place) {
        Err(fault) => fault.to_string(),
        Ok(bundle) => bundle.read(0, usize::MAX).unwrap_err().to_string(),
    }
}

#[test]
fn a_spoilt_bundle_says_what_is_wrong() {
    let batches = "batches/00000000000000000000";
    let told = [
        (spoilt(|place| fs::remove_file(place.join("manifest")).unwrap()), "manifest: entity not found"),
        (spoilt(|place| fs::write(place.join("manifest"), "grants bundle 2\n").unwrap()), "newer program"),
        (spoilt(|place| fs::remove_file(place.join("checkpoint")).unwrap()), "checkpoint: entity not found"),
        (spoilt(|place| fs::write(place.join("batches/notes"), "").unwrap()), "notes: is not a file"),
        (spoilt(|place| fs::write(place.join(batches), b"\0\0\0\x80abc").unwrap()), "batch 0"),
        (spoilt(|place| fs::write(place.join(batches), [0xff; 9]).unwrap()), "longer than 921600"),
        (
            spoilt(|place| {
                fs::rename(place.join(batches), place.join("batches/00000000000000000001")).unwrap();
            }),
            "begins with batch 0",
        ),
    ];
    for (fault, expected) in told {
        assert!(fault.contains(expected), "{expected}: {fault}");
    }
}

//! A disk that fills up and a process that is killed: what was acknowledged is there, and nothing else is claimed.
//!
//! Both need a process of their own: the test starts its own binary again, on one of the ignored tests below, which
//! finds its folder as the current one.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::sample::{LEDGER, WRITER, batch_of};
use crate::log::{AppendError, EventLog};
use crate::rocksdb::RocksLog;

/// Kills of one run, each after another number of acknowledged batches.
const KILLS: u64 = 6;

/// The size that no file of the child may pass, in blocks of 512 bytes.
const FILE_BLOCKS_MAX: &str = "2000";

/// The file by which a child knows that it was started by its parent, in a folder of its own.
const CHILD: &str = "child";

/// Appends batches of 20 KB to the log in the current folder, saying each one that is durable, until an append fails.
fn append_until_failure() -> (RocksLog, AppendError) {
    let mut log = RocksLog::create(Path::new("ledger"), LEDGER, WRITER, "").unwrap();
    loop {
        let batch = batch_of(log.head(), &[&[0x61; 20_000]]);
        match log.append(&batch) {
            Ok(()) => println!("\nacknowledged {}", batch.batch()),
            Err(fault) => return (log, fault),
        }
    }
}

/// Starts this test binary on one test, with files that cannot grow beyond a limit.
fn start(folder: &Path, test: &str, blocks_max: &str) -> Child {
    std::fs::write(folder.join(CHILD), "").unwrap();
    // A write beyond the limit returns an error instead of a signal when the signal is ignored.
    let script = format!("ulimit -f {blocks_max}; trap '' XFSZ; exec \"$0\" \"$@\"");
    let program = std::env::current_exe().unwrap();
    Command::new("sh")
        .args(["-c", &script])
        .arg(program)
        .args([test, "--exact", "--ignored", "--nocapture"])
        .current_dir(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The numbers of acknowledged batches that a child says; `stop` sees each and may end the child.
fn acknowledged(child: &mut Child, mut stop: impl FnMut(&mut Child, u64)) -> u64 {
    let mut last = 0;
    let output = child.stdout.take().unwrap();
    for line in BufReader::new(output).lines() {
        if let Some(number) = line.unwrap().strip_prefix("acknowledged ") {
            last = number.parse().unwrap();
            stop(child, last);
        }
    }
    last
}

#[test]
fn after_a_failed_write_nothing_is_acknowledged_and_nothing_was_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = start(folder.path(), "tests::faults::child_meets_a_full_disk", FILE_BLOCKS_MAX);
    let last = acknowledged(&mut child, |_, _| ());
    assert!(child.wait().unwrap().success());
    assert!(10 < last, "the disk was full too early: {last}");
    let (_, opened) = RocksLog::open(&folder.path().join("ledger"), LEDGER).unwrap();
    let batches = opened.head.next_batch();
    // The batch of unknown outcome may be there or not.
    assert!(batches == last + 1 || batches == last + 2, "{last} was acknowledged, {batches} are there");
}

#[test]
#[ignore = "run as a child of the test above"]
fn child_meets_a_full_disk() {
    if !Path::new(CHILD).exists() {
        return;
    }
    let (mut log, fault) = append_until_failure();
    let next = log.head().next_batch();
    assert!(matches!(fault, AppendError::Unknown { batch, .. } if batch == next), "{fault:?}");
    let again = batch_of(log.head(), &[b"a small one would fit"]);
    assert_eq!(log.append(&again), Err(AppendError::Dead));
    assert_eq!(log.append(&again), Err(AppendError::Dead));
    assert_eq!(log.head().next_batch(), next);
}

#[test]
fn a_killed_process_has_lost_nothing_it_acknowledged() {
    for round in 0..KILLS {
        let folder = tempfile::tempdir().unwrap();
        let mut child = start(folder.path(), "tests::faults::child_is_killed", "unlimited");
        let last = acknowledged(&mut child, |child, number| {
            if number == 3 + round * 5 {
                child.kill().unwrap();
            }
        });
        assert!(!child.wait().unwrap().success());
        let (log, opened) = RocksLog::open(&folder.path().join("ledger"), LEDGER).unwrap();
        assert!(last < opened.head.next_batch(), "{last} was acknowledged");
        assert!(opened.vouched_to.next_batch <= opened.head.next_batch());
        assert_eq!(log.head(), &opened.head);
    }
}

#[test]
#[ignore = "run as a child of the test above"]
fn child_is_killed() {
    if !Path::new(CHILD).exists() {
        return;
    }
    let (_, fault) = append_until_failure();
    panic!("the log failed by itself: {fault}");
}

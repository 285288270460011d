//! Every back-end keeps the contract, and the strict fake is strict.

use std::cell::RefCell;

use super::sample::{LEDGER, OTHER_WRITER, WRITER, batch_of};
use crate::contract::{self, Backend};
use crate::ids::{LedgerId, WriterId};
use crate::log::{AppendError, EventLog, LogEnd, LogReader};
use crate::memory::{MemoryLog, MemoryStore, Unknown};

#[derive(Default)]
struct Memory(RefCell<MemoryStore>);

impl Backend for Memory {
    fn create(&self, ledger: LedgerId, writer: WriterId, address: &str) -> Box<dyn EventLog> {
        let log = MemoryLog::create(ledger, writer, address).unwrap();
        self.0.replace(log.store());
        Box::new(log)
    }

    fn reopen(&self, log: Box<dyn EventLog>) -> Box<dyn EventLog> {
        drop(log);
        Box::new(MemoryLog::open(self.0.borrow().clone()).unwrap())
    }
}

#[test]
fn memory_keeps_the_contract() {
    contract::every_rule(&Memory::default());
}

#[test]
fn an_unknown_outcome_is_known_after_opening_again() {
    for (outcome, expected) in [(Unknown::Kept, 2), (Unknown::Lost, 1)] {
        let mut log = MemoryLog::create(LEDGER, WRITER, "").unwrap();
        let batch = batch_of(log.head(), &[b"a"]);
        log.fail_next(outcome);
        assert!(matches!(log.append(&batch), Err(AppendError::Unknown { batch: 1, .. })));
        assert_eq!(log.end(), Ok(LogEnd { next_batch: 1, next_sequence: 0 }), "readers see what is known");
        let store = log.store();
        drop(log);
        let mut log = MemoryLog::open(store).unwrap();
        assert_eq!(log.head().next_batch(), expected);
        log.begin_epoch(OTHER_WRITER, "").unwrap();
    }
}

#[test]
#[should_panic(expected = "must be opened again")]
fn going_on_after_an_unknown_outcome_fails_the_test() {
    let mut log = MemoryLog::create(LEDGER, WRITER, "").unwrap();
    let batch = batch_of(log.head(), &[b"a"]);
    log.fail_next(Unknown::Lost);
    let _ = log.append(&batch);
    let _ = log.append(&batch);
}

#[test]
#[should_panic(expected = "two logs were opened")]
fn two_writers_on_one_store_fail_the_test() {
    let log = MemoryLog::create(LEDGER, WRITER, "").unwrap();
    let _ = MemoryLog::open(log.store());
}

#[test]
fn a_tampered_store_does_not_open() {
    let mut log = MemoryLog::create(LEDGER, WRITER, "").unwrap();
    for event in [b"a", b"b", b"c"] {
        let batch = batch_of(log.head(), &[event]);
        log.append(&batch).unwrap();
    }
    let store = log.store();
    drop(log);
    store.tamper(|batches| batches.swap(1, 2));
    let halt = MemoryLog::open(store).err().unwrap();
    assert_eq!((halt.sequence, halt.batch), (0, 1));
}

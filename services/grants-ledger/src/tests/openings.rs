//! One ledger, one writer: who comes second is told so, and a folder that is not what it says is not opened.

use grants_eventlog::RocksLog;
use std::{fs, path::Path};

use super::{
    life::{create, open, options},
    rules::TinyRules,
    stand::clock,
};
use crate::{LayoutError, Ledger, OpenError, OpenOptions, ReadOnly, ReadOnlyError, StoreError};

fn refused(dir: &Path, options: &OpenOptions) -> OpenError {
    Ledger::open(dir, options, TinyRules::default(), Box::new(clock())).err().expect("it must not open")
}

#[test]
fn a_ledger_that_is_open_cannot_be_opened_again() {
    let home = tempfile::tempdir().unwrap();
    let first = create(home.path());
    for rebuild_state in [false, true] {
        let second = refused(home.path(), &OpenOptions { rebuild_state, ..OpenOptions::default() });
        assert!(matches!(second, OpenError::Store(StoreError::InUse(_))), "{second}");
        assert!(second.to_string().contains("in use by another process"), "{second}");
    }
    let reader = ReadOnly::open(home.path()).err();
    assert!(matches!(reader, Some(ReadOnlyError::Store(StoreError::InUse(_)))), "{reader:?}");
    let again = Ledger::create(home.path(), &options(true), TinyRules::default(), Box::new(clock())).err();
    assert!(matches!(again, Some(OpenError::Layout(LayoutError::Exists(_)))), "{again:?}");
    // Without the state's lock it is the log's that says no.
    let log = RocksLog::open(home.path(), grants_eventlog::LedgerId([7; 16])).err().unwrap();
    assert!(matches!(log, grants_eventlog::OpenError::InUse(_)), "{log}");
    drop(first);
    let (ledger, _) = open(home.path(), false);
    drop(ledger);
    let (one, two) = (ReadOnly::open(home.path()).unwrap(), ReadOnly::open(home.path()).unwrap());
    let writer = refused(home.path(), &OpenOptions::default());
    assert!(matches!(writer, OpenError::Store(StoreError::InUse(_))), "{writer}");
    drop((one, two));
    open(home.path(), false);
}

#[test]
fn a_simulated_ledger_cannot_pass_as_a_real_one() {
    let home = tempfile::tempdir().unwrap();
    drop(create(home.path()));
    let path = home.path().join("ledger.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("simulated = true", "simulated = false")).unwrap();
    let found = refused(home.path(), &OpenOptions::default());
    assert!(matches!(found, OpenError::SimulatedDiffers { first_event: true, manifest: false }), "{found}");
    fs::write(&path, text.replace("format = 1", "format = 2\nnew = true")).unwrap();
    let found = refused(home.path(), &OpenOptions::default());
    assert!(matches!(found, OpenError::Layout(LayoutError::Newer { found: 2, .. })), "{found}");
    fs::write(&path, text).unwrap();
    open(home.path(), false);
}

#[test]
fn a_creation_that_was_cut_off_before_its_first_event_is_completed() {
    let home = tempfile::tempdir().unwrap();
    let (whole, cut) = (home.path().join("whole"), home.path().join("cut"));
    let ledger = create(&whole);
    ledger.close().unwrap();
    let expected = ledger.store().digest().unwrap();
    drop(ledger);
    // A folder with a log and `ledger.toml`, and nothing else yet.
    let writer = grants_eventlog::WriterId::random().unwrap();
    drop(RocksLog::create(&cut, grants_eventlog::LedgerId([7; 16]), writer, "").unwrap());
    fs::copy(whole.join("ledger.toml"), cut.join("ledger.toml")).unwrap();
    let (ledger, opening) = open(&cut, false);
    assert_eq!(opening.head.next_sequence(), 0);
    ledger.close().unwrap();
    assert_eq!(ledger.durable().next_sequence, 1);
    assert_eq!(ledger.store().digest().unwrap(), expected);
}

//! The decision state can be thrown away: it comes back from the log the same to the byte, and only what is missing
//! is folded.

use grants_eventlog::LedgerId;
use std::{fs, path::Path, sync::Arc, thread, time::Duration};

use super::{
    chance::{Chance, scaled},
    city::year,
    life::{create, open, year_without_opening},
    rules::TinyRules,
    stand::{Stand, clock, copy, end, feed},
};
use crate::{
    FLUSH_EVENTS_MAX, FaultLatch, Ledger, OpenError, Position, Replayed, StateStore, limits::Limits,
};

#[test]
fn a_deleted_state_comes_back_the_same() {
    let stand = Stand::new(Limits::default());
    let given = year(&mut Chance::of_run("rebuild", 31), scaled(1_000));
    let (outcomes, before) = stand.run(&given, 100);
    fs::remove_dir_all(stand.state()).unwrap();
    let (ledger, opening, _) = stand.start();
    assert_eq!(opening.replayed.events, before.events, "everything is folded");
    assert_eq!(opening.replayed.batches, opening.head.next_batch());
    assert_eq!(feed(&ledger, &given, 100), outcomes, "and every answer is known");
    assert_eq!(end(&ledger), before);
}

#[test]
fn a_rebuilt_state_on_disk_is_the_same() {
    let home = tempfile::tempdir().unwrap();
    let ledger = create(home.path());
    feed(&ledger, &year_without_opening(&mut Chance::of_run("rebuild", 32), 500), 100);
    let before = end(&ledger);
    drop(ledger);
    let (ledger, opening) = open(home.path(), true);
    assert_eq!(opening.replayed.events, before.events);
    assert_eq!(end(&ledger), before);
}

#[test]
fn an_older_state_folds_only_what_it_lacks() {
    let stand = Stand::new(Limits::default());
    let given = year(&mut Chance::of_run("suffix", 33), 1_200);
    let (early, late) = given.split_at(800);
    let (_, half) = stand.run(early, 100);
    let kept = stand.home.path().join("kept");
    copy(&stand.state(), &kept);
    let (ledger, opening, _) = stand.start();
    let half_batches = opening.head.next_batch();
    feed(&ledger, late, 10);
    let whole = end(&ledger);
    drop(ledger);
    fs::remove_dir_all(stand.state()).unwrap();
    fs::rename(&kept, stand.state()).unwrap();
    let (ledger, opening, _) = stand.start();
    let batches = opening.head.next_batch() - half_batches;
    assert_eq!(opening.replayed, Replayed { batches, events: whole.events - half.events });
    assert_eq!(end(&ledger), whole);
}

#[test]
fn a_state_ahead_of_its_log_or_of_another_history_halts() {
    let given = year(&mut Chance::of_run("ahead", 34), 60);
    let refused = |stand: &Stand| {
        let log = Box::new(stand.log());
        Ledger::on_log(log, &stand.state(), TinyRules::default(), Box::new(clock()), true).err()
    };
    let ahead = Stand::new(Limits::default());
    ahead.run(&given, 1);
    ahead.disk.tamper(|batches| batches.truncate(batches.len() - 1));
    let found = refused(&ahead);
    assert!(matches!(found, Some(OpenError::StateAhead { .. })), "{found:?}");

    let other = Stand::new(Limits::default());
    other.run(&year(&mut Chance::of_run("other", 35), 60), 1);
    let stand = Stand::new(Limits::default());
    stand.run(&given, 1);
    fs::remove_dir_all(stand.state()).unwrap();
    copy(&other.state(), &stand.state());
    let found = refused(&stand);
    let differs = matches!(found, Some(OpenError::OtherHistory { .. } | OpenError::StateAhead { .. }));
    assert!(differs || matches!(found, Some(OpenError::Replay(_))), "{found:?}");
}

fn tables(state: &Path) -> usize {
    let files = fs::read_dir(state.join("rows")).unwrap().map(|file| file.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "sst")).count()
}

#[test]
fn a_state_comes_to_disk_before_too_much_would_have_to_be_folded() {
    let home = tempfile::tempdir().unwrap();
    let (ledger, latch) = (LedgerId([7; 16]), FaultLatch::new());
    let (store, _) = StateStore::open(home.path(), ledger, latch).unwrap();
    let (rows, position) = (vec![(vec![1], Some(Arc::from([1].as_slice())))], Position::genesis(ledger));
    store.write(&rows, &position, FLUSH_EVENTS_MAX - 1).unwrap();
    assert_eq!(tables(home.path()), 0, "not yet");
    store.write(&rows, &position, 1).unwrap();
    // It is written in the background, while the next rows come in.
    for _ in 0..6_000 {
        if 0 < tables(home.path()) {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("nothing was flushed after {FLUSH_EVENTS_MAX} events");
}

//! How batches were cut, and how little memory there was, changes no outcome.

use grants_domain::events::Event;
use std::{fs, path::Path};

use super::{
    chance::{Chance, scaled},
    city::year,
    stand::{Stand, end, envelopes, feed, records},
};
use crate::limits::Limits;

#[test]
fn other_batches_give_the_same_records_answers_and_state() {
    let given = year(&mut Chance::of_run("cutting", 21), scaled(1_500));
    // How many commands wait at once, how many a batch takes, how far the state may lag.
    let cuts = [(1_000, 1_024, 16), (1, 1_024, 16), (1_000, 1, 1), (50, 3, 2), (1_000, 100, 1)];
    let mut found = Vec::new();
    for (window, batch_commands, lag_batches) in cuts {
        let stand = Stand::new(Limits { batch_commands, lag_batches, ..Limits::default() });
        let (ledger, ..) = stand.start();
        let outcomes = feed(&ledger, &given, window);
        let end = end(&ledger);
        let busy = ledger.busy();
        found.push((busy.batches, busy.commands, outcomes, records(&*ledger.log()), end));
    }
    let (fewest, commands, ..) = found[0];
    assert!(fewest * 3 < found[1].0 && fewest * 3 < found[2].0, "the batches really differ");
    for (_, other, outcomes, records, end) in &found {
        assert_eq!(*other, commands);
        assert!(*outcomes == found[0].2 && *records == found[0].3);
        assert_eq!(*end, found[0].4);
    }
}

/// The story of a year is only worth telling if everything happens in it.
#[test]
fn a_year_has_queues_late_facts_and_follow_ups() {
    let stand = Stand::new(Limits::default());
    let (ledger, ..) = stand.start();
    feed(&ledger, &year(&mut Chance::of_run("year", 22), 5_000), 1_000);
    let events = envelopes(&*ledger.log());
    let count = |kind: fn(&Event) -> bool| events.iter().filter(|one| kind(&one.event)).count();
    for (word, found) in [
        ("proposed", count(|event| matches!(event, Event::AwardProposed(_)))),
        ("queued", count(|event| matches!(event, Event::AwardQueued(_)))),
        ("dequeued", count(|event| matches!(event, Event::AwardDequeued(_)))),
        ("revoked", count(|event| matches!(event, Event::AwardRevoked(_)))),
        ("rejected", count(|event| matches!(event, Event::ApplicationRejected(_)))),
        ("refused", count(|event| matches!(event, Event::CommandRefused(_)))),
        ("deferred", count(|event| matches!(event, Event::FollowUpDeferred(_)))),
        ("continued", count(|event| matches!(event, Event::FollowUpCompleted(_)))),
    ] {
        println!("{word}: {found}");
        assert!(0 < found, "{word}");
    }
}

#[test]
fn a_state_larger_than_memory_is_the_same_state() {
    let given = year(&mut Chance::of_run("memory", 23), scaled(4_000));
    let (outcomes, wide) = Stand::new(Limits::default()).run(&given, 1_000);
    let (cache_bytes, block_cache_bytes, memtable_bytes) = (2_000, 16 << 10, 64 << 10);
    let narrow = Stand::new(Limits { cache_bytes, block_cache_bytes, memtable_bytes, ..Limits::default() });
    let (other, end) = narrow.run(&given, 1_000);
    let on_disk = bytes_in(&narrow.state());
    println!("{on_disk} bytes of state");
    assert!(3 * (cache_bytes + block_cache_bytes + memtable_bytes) < on_disk, "it did not fit into memory");
    assert!(other == outcomes);
    assert_eq!(end, wide);
}

/// What the tables of a state take on disk.
fn bytes_in(state: &Path) -> usize {
    let files = fs::read_dir(state.join("rows")).unwrap().map(|file| file.unwrap().path());
    let tables = files.filter(|path| path.extension().is_some_and(|extension| extension == "sst"));
    tables.map(|path| usize::try_from(fs::metadata(path).unwrap().len()).unwrap()).sum()
}

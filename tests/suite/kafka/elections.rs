//! Processes that elect their writer on real brokers, while the writer stands still now and then.

use std::{thread, time::Duration};

use grants_eventlog::EventLog;
use grants_tests::scale::torture;

use super::{
    config,
    processes::{INTERVAL, Stop, World},
    shared,
};

/// Takeovers in a usual run, and under torture.
const TAKEOVERS: [usize; 2] = [3, 30];

#[test]
fn a_writer_that_stands_still_is_replaced_and_never_answered_again() {
    let Some(cluster) = shared("processes that elect a writer", 1) else { return };
    let world = World::new(config(&cluster, "elected"));
    let mut reader = world.reader("reader");
    let stops: [Stop; 3] = Default::default();
    let takeovers = TAKEOVERS[usize::from(torture())];
    let mut silences: Vec<Duration> = Vec::new();
    thread::scope(|scope| {
        for (number, stop) in (0_u8..).zip(&stops) {
            let world = &world;
            scope.spawn(move || world.process(number, stop));
        }
        let _ = world.until_after(&mut reader, 1);
        for _ in 0..takeovers {
            let _ = world.until_written();
            let (epoch, writer) = (reader.head().epoch(), reader.head().writer());
            let stop = &stops[usize::from(writer.0[1])];
            stop.set(true);
            silences.push(world.until_after(&mut reader, epoch));
            stop.set(false);
            // It wakes with a batch in hand, while the other writes.
            thread::sleep(INTERVAL);
            world.follow(&mut reader);
        }
        world.end();
    });
    let outcome = world.settle(vec![reader]);
    assert!(takeovers < outcome.acknowledged);
    assert_eq!(outcome.faults, 0, "nobody did anything to the broker");
    assert!(takeovers < usize::try_from(outcome.head.epoch()).expect("few epochs"));
    let longest = silences.iter().max().expect("some takeovers");
    println!(
        "{takeovers} takeovers, {} batches acknowledged, longest silence {longest:?}",
        outcome.acknowledged
    );
}

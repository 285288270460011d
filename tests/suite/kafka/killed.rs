//! Brokers that are killed one at a time under load, also the partition's leader and in the middle of an election, and
//! wires that are cut: every acknowledged batch counts exactly once, and all who read agree.

use std::{
    thread,
    time::{Duration, Instant},
};

use grants_eventlog::EventLog;
use grants_tests::{
    brokers::had,
    kafka::{Cluster, Plan},
    scale::torture,
};

use super::{
    config,
    processes::{INTERVAL, Stop, World},
};

const TOPIC: &str = "killed";
/// How long it goes on in a usual run, and under torture.
const LASTS: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(600)];

/// What was done to the brokers and the processes.
#[derive(Debug, Default)]
struct Done {
    leaders_killed: usize,
    others_killed: usize,
    in_elections: usize,
    wires_cut: usize,
    longest: Duration,
}

#[test]
fn brokers_killed_under_load_lose_nothing_that_was_acknowledged() {
    let started = Plan::of(3).behind_wires().start();
    let Some(mut cluster) = had("brokers that die under load", started) else { return };
    let world = World::new(config(&cluster, TOPIC));
    let mut reader = world.reader("reader");
    let stops: [Stop; 3] = Default::default();
    let mut done = Done::default();
    thread::scope(|scope| {
        for (number, stop) in (0_u8..).zip(&stops) {
            let world = &world;
            scope.spawn(move || world.process(number, stop));
        }
        let _ = world.until_after(&mut reader, 1);
        let begun = Instant::now();
        for round in 0_usize.. {
            if LASTS[usize::from(torture())] < begun.elapsed() {
                break;
            }
            world.follow(&mut reader);
            // By now the process may be another, and then nothing stands still: it is tried again in some rounds.
            let writer = &stops[usize::from(reader.head().writer().0[1])];
            one_round(round, &mut cluster, &world, writer, &mut done);
        }
        world.end();
    });
    let outcome = world.settle(vec![reader]);
    println!(
        "{done:?}: {} batches acknowledged in {} epochs, {} faults lived through, longest time without: {:?}",
        outcome.acknowledged,
        outcome.head.epoch(),
        outcome.faults,
        outcome.longest
    );
    assert!(0 < done.leaders_killed && 0 < done.in_elections && 0 < done.wires_cut);
}

/// Kills a broker and brings it back: the leader in every other round, and in every third while the writer stands still
/// and others are about to take over.
fn one_round(round: usize, cluster: &mut Cluster, world: &World, writer: &Stop, done: &mut Done) {
    let leader = cluster.leader(TOPIC).expect("it has a leader before anybody is killed");
    let victim = if round.is_multiple_of(2) { leader } else { (leader + 1) % cluster.len() };
    if round.is_multiple_of(3) {
        writer.set(true);
        // About when those who wait have heard nothing for long enough.
        thread::sleep(INTERVAL * 3);
        done.in_elections += 1;
    }
    cluster.kill(victim);
    *(if victim == leader { &mut done.leaders_killed } else { &mut done.others_killed }) += 1;
    done.longest = done.longest.max(world.until_written());
    writer.set(false);
    for node in 0..cluster.len() {
        done.wires_cut += cluster.cut_wires(node);
    }
    done.longest = done.longest.max(world.until_written());
    cluster.restart(victim);
    let _ = world.until_written();
}

//! Two processes of one ledger on a broker: one writes, the other follows with a hot state and takes over.

use std::{path::PathBuf, time::Duration};

use grants_domain::values::Timestamp;
use grants_eventlog::{
    EventLog, Head, LedgerId, WriterId,
    kafka::{KafkaLog, Now, double::Double},
};
use tempfile::TempDir;

use super::{
    chance::{Chance, scaled},
    city::{Given, year},
    rules::TinyRules,
    stand::{Stand, clock, end, feed, submit},
};
use crate::{
    Fault, FaultLatch, Ledger, Member, MemberOptions, SubmitError, Turn, limits::Limits, store::StateStore,
};

const LEDGER: LedgerId = LedgerId([7; 16]);
/// So long that no heart beats twice while a test runs: time goes by as the test says.
const INTERVAL: Duration = Duration::from_secs(3_600);

/// The brokers, the folders of the processes, and the time.
struct Place {
    log: Double,
    pulses: Double,
    home: TempDir,
    hours: u64,
    wall_ms: i64,
}

impl Place {
    fn new() -> Place {
        let wall: Timestamp = "2026-06-01T10:00:00.000000+08:00".parse().unwrap();
        let home = tempfile::tempdir().unwrap();
        let (log, pulses) = (Double::default(), Double::default());
        drop(
            KafkaLog::create(log.shared(), &home.path().join("founder"), LEDGER, WriterId([1; 16]), "")
                .unwrap(),
        );
        let mut place = Place { log, pulses, home, hours: 0, wall_ms: 0 };
        place.set_clocks(wall);
        place
    }

    /// Our clock and the broker's.
    fn set_clocks(&mut self, wall: Timestamp) {
        self.wall_ms = wall.micros() / 1_000;
        self.pulses.at(self.wall_ms);
    }

    fn now(&self) -> Now {
        Now { monotonic: INTERVAL * u32::try_from(self.hours).unwrap(), wall_ms: self.wall_ms, chance: 500 }
    }

    fn folder(&self, process: &str) -> PathBuf {
        self.home.path().join(process)
    }

    fn member(&self, process: &str, interval: Duration) -> Member<TinyRules> {
        let folder = self.folder(process);
        let log = match folder.join("head").exists() {
            true => KafkaLog::open_from(self.log.shared(), &folder, Head::genesis(LEDGER)).unwrap(),
            false => KafkaLog::join(self.log.shared(), &folder, LEDGER).unwrap(),
        };
        let address = process.to_owned();
        let options = MemberOptions { interval, address, simulated: true, scripted: false };
        let state = StateStore::open(&folder.join("state"), LEDGER, FaultLatch::new()).unwrap();
        let rules = TinyRules::default();
        Member::begin(log, self.pulses.shared(), state, rules, options, self.now()).unwrap()
    }

    fn turn(&self, member: Member<TinyRules>) -> Turn<TinyRules> {
        member.turn(&mut || self.now(), || Box::new(clock())).unwrap()
    }

    fn follows(&self, member: Member<TinyRules>) -> Member<TinyRules> {
        match self.turn(member) {
            Turn::Follows(member) => *member,
            Turn::Writes(_) => panic!("it should not have taken over"),
        }
    }

    /// Some hours later, in which nothing was heard.
    fn takes_over(&mut self, member: Member<TinyRules>) -> Ledger {
        self.hours += 5;
        match self.turn(member) {
            Turn::Writes(ledger) => *ledger,
            Turn::Follows(_) => panic!("it should have taken over"),
        }
    }
}

fn given() -> Vec<Given> {
    year(&mut Chance::of_run("elected", 31), scaled(600))
}

/// What one process has answered, the next one answers likewise, and in the end everything is as if one process on one
/// machine had done it alone.
#[test]
fn a_ledger_goes_on_at_another_process_as_if_nothing_had_happened() {
    let given = given();
    let (first, _) = given.split_at(given.len() / 2);
    let mut place = Place::new();
    let old = place.member("a", INTERVAL);
    let mut next = place.member("b", INTERVAL);
    let old = place.takes_over(old);
    let answers = feed(&old, first, 50);
    next = place.follows(next);
    assert_eq!(next.log().head().next_batch(), old.durable().next_batch, "it has followed to the end");
    let next = place.takes_over(next);
    // The old one does not know yet, and learns it before it answers.
    let late = submit(&old, &given[first.len()]).recv().unwrap();
    assert_eq!(late, Err(SubmitError::Unknown(Fault::Replaced { epoch: 3 })));
    assert_eq!(old.fault().get(), Some(Fault::Replaced { epoch: 3 }));
    assert_eq!(old.close(), Err(Fault::Replaced { epoch: 3 }));
    let all = feed(&next, &given, 50);
    assert!(all[..first.len()] == answers, "the same commands, sent again, have the same answers");
    let (alone, expected) = Stand::new(Limits::default()).run(&given, 50);
    assert!(all == alone);
    assert_eq!(end(&next), expected);
    // And the old one comes back as one that follows.
    drop(old);
    let back = place.follows(place.member("a", INTERVAL));
    assert_eq!(back.log().head().root(), expected.root);
    assert_eq!(back.log().head().epoch(), 3);
}

/// A writer that has nothing to write hears the heart of the next one.
#[test]
fn an_idle_writer_hears_that_it_was_replaced() {
    let mut place = Place::new();
    let quick = Duration::from_millis(20);
    let (old, next) = (place.member("a", quick), place.member("b", INTERVAL));
    let old = place.takes_over(old);
    feed(&old, &given()[..3], 1);
    // Whatever was beaten so far was heard long ago.
    let next = place.follows(next);
    let cut = place.pulses.records().len();
    let mut next = Some(next);
    // The heart of the old one beats on, so it is heard; it is replaced all the same by one that did not listen.
    let replaced = loop {
        place.hours += 5;
        match place.turn(next.take().unwrap()) {
            Turn::Writes(ledger) => break ledger,
            Turn::Follows(member) => next = Some(*member),
        }
    };
    assert!(cut < place.pulses.records().len());
    assert_eq!(old.fault().wait_for(Duration::from_secs(60)), Some(Fault::Replaced { epoch: 3 }));
    let refused = submit(&old, &given()[4]).recv().unwrap();
    assert_eq!(refused, Err(SubmitError::Unknown(Fault::Replaced { epoch: 3 })));
    drop(replaced);
}

/// Who would date commands before the last ones does not take over.
#[test]
fn a_clock_behind_the_log_does_not_take_over() {
    let mut place = Place::new();
    let (old, next) = (place.member("a", INTERVAL), place.member("b", INTERVAL));
    let old = place.takes_over(old);
    feed(&old, &given()[..3], 1);
    let next = place.follows(next);
    assert!(next.recorded_at().is_some());
    place.hours += 5;
    let right = place.wall_ms;
    place.set_clocks("2026-06-01T08:50:00.000000+08:00".parse().unwrap());
    let next = place.follows(next);
    assert_eq!(next.log().head().epoch(), 2);
    place.set_clocks(Timestamp::from_micros(right * 1_000).unwrap());
    place.takes_over(next);
}

//! When the world fails, nobody is told anything that is not so: no answer before its batch is durable, none after a
//! fault, and what was answered is there after the restart.

use std::{
    fs,
    os::unix::fs::FileExt,
    path::PathBuf,
    sync::{Arc, mpsc::TryRecvError},
    time::Duration,
};

use grants_domain::values::Timestamp;
use grants_eventlog::{EventLog, WriterId, memory::Unknown};

use super::{
    chance::{Chance, scaled},
    city::{self, Given, founding, year},
    rules::TinyRules,
    stand::{Stand, clock, end, envelopes, feed, is_unknown, submit},
};
use crate::{
    Fault, FaultLatch, Ledger, ScriptedClock, StateStore, SubmitError, limits::Limits, sequencer::Parts,
    view::ReadThrough,
};

/// Longer than anything takes: waiting for something that must come ends the test if it does not.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time for something that must not come.
const A_MOMENT: Duration = Duration::from_millis(30);

#[test]
fn an_answer_waits_for_everything_it_could_have_seen() {
    let stand = Stand::new(Limits::default());
    let (ledger, _, orders) = stand.start();
    let mut chance = Chance::of_run("waiting", 51);
    let given = founding(&mut chance, 1_000);
    let (last, first) = given.split_last().unwrap();
    feed(&ledger, first, 100);
    let before = orders.arrived();
    let held = orders.hold();
    let pending = submit(&ledger, last);
    orders.wait_arrived(before + 1);
    // A repetition, a conflict and a repetition of something old: each could have seen the batch in flight.
    let waiting =
        [last.clone(), last.altered(), first[0].clone()].map(|given| (submit(&ledger, &given), given));
    std::thread::sleep(A_MOMENT);
    assert_eq!(pending.try_recv(), Err(TryRecvError::Empty));
    for (receiver, given) in &waiting {
        assert_eq!(receiver.try_recv(), Err(TryRecvError::Empty), "{}", given.command.word());
    }
    drop(held);
    let answer = pending.recv().unwrap();
    let [same, conflict, old] = waiting.map(|(receiver, _)| receiver.recv().unwrap());
    assert_eq!(same, answer);
    assert_eq!(conflict, Err(SubmitError::IdConflict));
    assert_eq!(old.unwrap().sequence, 0);
}

#[test]
fn a_failed_log_answers_nobody_and_the_next_process_knows() {
    for (place, unknown) in [Unknown::Kept, Unknown::Lost].into_iter().enumerate() {
        let mut chance = Chance::of_run("log", 52);
        let given = year(&mut chance, scaled(300));
        let (expected, whole) = Stand::new(Limits::default()).run(&given, 100);
        let stand = Stand::new(Limits::default());
        let (ledger, _, orders) = stand.start();
        let (early, late) = given.split_at(100 + 50 * place);
        let answered = feed(&ledger, early, 20);
        orders.fail_append(unknown);
        let durable = ledger.durable();
        assert!(feed(&ledger, late, late.len()).iter().all(is_unknown), "{unknown:?}");
        assert_eq!(ledger.durable(), durable, "nothing more is durable for all we know");
        assert!(matches!(ledger.fault().get(), Some(Fault::Log(_))));
        assert!(is_unknown(&submit(&ledger, &given[0]).recv().unwrap()), "not even an old answer is given");
        assert!(matches!(ledger.close(), Err(Fault::Log(_))));
        drop(ledger);
        // Opening compares: a state ahead of the log would halt here.
        let (ledger, ..) = stand.start();
        let again = feed(&ledger, &given, 100);
        assert_eq!(again, expected);
        assert_eq!(again[..answered.len()], answered);
        assert_eq!(end(&ledger), whole);
    }
}

#[test]
fn a_fault_beside_the_log_stops_the_answers() {
    let stand = Stand::new(Limits::default());
    let (ledger, _, orders) = stand.start();
    let given = founding(&mut Chance::of_run("beside", 53), 1_000);
    let (last, first) = given.split_last().unwrap();
    feed(&ledger, first, 100);
    let before = orders.arrived();
    let held = orders.hold();
    let pending = submit(&ledger, last);
    orders.wait_arrived(before + 1);
    let fault = Fault::HeadFile("made for a test".to_owned());
    orders.fail_beside(fault.clone());
    drop(held);
    assert_eq!(pending.recv().unwrap(), Err(SubmitError::Unknown(fault.clone())));
    assert_eq!(ledger.close(), Err(fault));
    drop(ledger);
    // Its batch was durable all the same: the answer was withheld, not lost.
    let (ledger, opening, _) = stand.start();
    assert_eq!(opening.head.next_sequence(), u64::try_from(given.len()).unwrap());
    let answer = feed(&ledger, std::slice::from_ref(last), 1).remove(0).unwrap();
    assert_eq!(answer.sequence, opening.head.next_sequence() - 1);
}

#[test]
fn a_fault_is_seen_while_nobody_asks_anything() {
    let stand = Stand::new(Limits::default());
    let (ledger, _, orders) = stand.start();
    let fault = Fault::HeadFile("made for a test".to_owned());
    orders.fail_beside(fault.clone());
    assert_eq!(ledger.fault().wait_for(PATIENCE), Some(fault));
}

#[test]
fn a_state_that_cannot_be_written_stops_the_answers() {
    let stand = Stand::new(Limits::default());
    let given = founding(&mut Chance::of_run("state", 54), 1_000);
    let (_, before) = stand.run(&given, 100);
    let latch = FaultLatch::new();
    // RocksDB refuses to write what was opened for reading.
    let (store, mut position) = StateStore::open_read_only(&stand.state(), latch).unwrap();
    let (store, mut log) = (Arc::new(store), stand.log());
    log.begin_epoch(WriterId([9; 16]), "").unwrap();
    position.head = log.head().clone();
    let view = ReadThrough::over(Arc::clone(&store), 1_000);
    let (rules, clock) = (TinyRules::default(), Box::new(clock()));
    let (simulated, limits, log) = (true, Limits::default(), Box::new(log));
    let ledger =
        Ledger::start(Parts { log, store, view, position, rules, clock, simulated, limits, heart: None })
            .unwrap();
    let new = Given::new([1; 16], city::budget(&["plain"], 1_000));
    // It is durable before the state fails, so that it may be answered.
    let first = submit(&ledger, &new).recv().unwrap();
    assert!(matches!(ledger.fault().wait_for(PATIENCE), Some(Fault::State { .. })));
    let later = Given::new([2; 16], city::raise("plain", 1));
    assert!(is_unknown(&submit(&ledger, &later).recv().unwrap()));
    assert!(ledger.read(Some(before.events), |_| ()).is_err(), "nobody waits for a state that does not come");
    assert!(ledger.close().is_err());
    drop(ledger);
    let (ledger, opening, _) = stand.start();
    assert_eq!(opening.replayed.events, 1);
    let again = submit(&ledger, &new).recv().unwrap();
    assert_eq!(again.as_ref().unwrap().sequence, before.events);
    assert!(first == again || is_unknown(&first));
}

/// The largest table of a state.
fn table(stand: &Stand) -> PathBuf {
    let files = fs::read_dir(stand.state().join("rows")).unwrap().map(|file| file.unwrap().path());
    let tables = files.filter(|path| path.extension().is_some_and(|extension| extension == "sst"));
    tables.max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap()
}

#[test]
fn a_state_that_cannot_be_read_gives_no_answer() {
    let given = year(&mut Chance::of_run("damage", 55), 3_000);
    let stand = Stand::new(Limits::default());
    let (outcomes, before) = stand.run(&given, 1_000);
    let path = table(&stand);
    let file = fs::OpenOptions::new().read(true).write(true).open(&path).unwrap();
    let length = file.metadata().unwrap().len();
    // Behind the position and before the index: blocks that nobody reads at the opening.
    for place in (length * 3 / 10..length * 6 / 10).step_by(1_000) {
        let mut byte = [0];
        file.read_exact_at(&mut byte, place).unwrap();
        file.write_all_at(&[byte[0] ^ 0x10], place).unwrap();
    }
    drop(file);
    let (ledger, ..) = stand.start();
    let again = feed(&ledger, &given, 1_000);
    assert!(matches!(ledger.fault().get(), Some(Fault::State { .. })));
    assert!(again.iter().any(is_unknown));
    for (found, expected) in again.iter().zip(&outcomes) {
        assert!(
            is_unknown(found) || found == expected,
            "an answer made of a row that was not read: {found:?}"
        );
    }
    assert_eq!(ledger.durable().next_sequence, before.events, "and nothing new was recorded");
    assert!(ledger.close().is_err());
    drop(ledger);
    fs::remove_dir_all(stand.state()).unwrap();
    let (ledger, ..) = stand.start();
    assert_eq!(feed(&ledger, &given, 1_000), outcomes, "the remedy is to fold it again");
    assert_eq!(end(&ledger), before);
}

/// a clock that is set back changes no order of what is recorded.
#[test]
fn recorded_times_ascend_when_the_clock_goes_backwards() {
    let stand = Stand::new(Limits::default());
    let given = year(&mut Chance::of_run("clock", 56), 400);
    let start: Timestamp = "2026-06-01T09:00:00.000000+08:00".parse().unwrap();
    let jumps = (0..400).map(|turn| start.add_micros((turn * 7_919) % 1_000 * 1_000).unwrap());
    let clock = ScriptedClock::listed(jumps.collect());
    let (ledger, ..) = stand.start_on(stand.log(), Box::new(clock));
    let outcomes = feed(&ledger, &given, 50);
    assert!(outcomes.iter().all(Result::is_ok));
    let told = envelopes(&*ledger.log());
    for pair in told.windows(2) {
        let same = pair[0].command_id == pair[1].command_id;
        let (earlier, later) = (pair[0].recorded_at, pair[1].recorded_at);
        assert!(if same { earlier == later } else { earlier < later }, "record {}", pair[1].sequence);
    }
    let before = end(&ledger);
    drop(ledger);
    fs::remove_dir_all(stand.state()).unwrap();
    let (ledger, ..) = stand.start();
    assert_eq!(end(&ledger), before, "and the log folds");
}

#[test]
fn the_end_of_time_is_a_fault_and_records_nothing() {
    let stand = Stand::new(Limits::default());
    let last: Timestamp = "2200-12-31T23:59:59.999999+08:00".parse().unwrap();
    let (ledger, ..) = stand.start_on(stand.log(), Box::new(ScriptedClock::listed(vec![last])));
    let given = founding(&mut Chance::of_run("time", 57), 1_000);
    let outcomes = feed(&ledger, &given[..3], 1);
    assert!(outcomes[0].is_ok());
    assert!(matches!(outcomes[1], Err(SubmitError::Unknown(Fault::Clock(_)))), "{:?}", outcomes[1]);
    assert!(is_unknown(&outcomes[2]));
    assert_eq!(ledger.durable().next_sequence, 1);
}

#[test]
fn a_full_queue_refuses_and_records_nothing() {
    let limits = Limits { queue_commands: 8, batch_commands: 4, ..Limits::default() };
    let stand = Stand::new(limits);
    let (ledger, _, orders) = stand.start();
    let mut chance = Chance::of_run("queue", 58);
    feed(&ledger, &founding(&mut chance, 1_000), 1);
    let line = Given::new(chance.bytes(), city::budget(&["plain"], 1_000));
    feed(&ledger, &[line], 1);
    let held = orders.hold();
    let given: Vec<Given> = (0..64).map(|_| Given::new(chance.bytes(), city::raise("plain", 1))).collect();
    let before = ledger.durable().next_sequence;
    let receivers: Vec<_> = given.iter().map(|one| submit(&ledger, one)).collect();
    drop(held);
    let outcomes: Vec<_> = receivers.into_iter().map(|receiver| receiver.recv().unwrap()).collect();
    let refused: Vec<&Given> =
        given.iter().zip(&outcomes).filter(|(_, outcome)| outcome.is_err()).map(|(given, _)| given).collect();
    assert!(outcomes.iter().all(|one| one.is_ok() || *one == Err(SubmitError::Overloaded)), "{outcomes:?}");
    // Two batches handed over, one in the making, what the decider has fetched, and a full queue: no more.
    assert!(64 - (2 * 4 + 4 + 8 + 8) <= refused.len(), "only {} were refused", refused.len());
    let recorded = u64::try_from(given.len() - refused.len()).unwrap();
    assert_eq!(ledger.durable().next_sequence, before + recorded);
    let again = refused.into_iter().map(|one| feed(&ledger, std::slice::from_ref(one), 1).remove(0));
    assert!(again.into_iter().all(|outcome| outcome.is_ok()), "sent again, it is recorded");
    assert_eq!(ledger.durable().next_sequence, before + 64);
}

#[test]
fn a_bug_in_a_rule_ends_the_ledger_and_leaves_nobody_waiting() {
    let stand = Stand::new(Limits::default());
    let (ledger, ..) = stand.start();
    let mut chance = Chance::of_run("bug", 59);
    let mut given = founding(&mut chance, 1_000);
    given.push(Given::new(chance.bytes(), city::budget(&["bug"], 1_000)));
    given.push(Given::new(chance.bytes(), city::apply("A-1", 0, "bug", 5, None)));
    feed(&ledger, &given, 100);
    let bad = Given::new(chance.bytes(), city::decide("A-1"));
    let later: Vec<Given> = (0..50).map(|_| Given::new(chance.bytes(), city::raise("bug", 1))).collect();
    let receivers: Vec<_> = std::iter::once(&bad).chain(&later).map(|one| submit(&ledger, one)).collect();
    assert!(receivers.into_iter().all(|receiver| is_unknown(&receiver.recv().unwrap())));
    assert_eq!(ledger.fault().wait_for(PATIENCE), Some(Fault::Thread("decide")));
    assert_eq!(ledger.close(), Err(Fault::Thread("decide")));
    drop(ledger);
    let (ledger, ..) = stand.start();
    let answers = feed(&ledger, &later, 10);
    assert!(answers.iter().all(Result::is_ok), "the next process goes on without that command");
}

#[test]
fn a_ledger_may_be_dropped_by_its_last_reply() {
    let stand = Stand::new(Limits::default());
    let (ledger, _, orders) = stand.start();
    let ledger = Arc::new(ledger);
    let held = orders.hold();
    let (sender, receiver) = std::sync::mpsc::channel();
    let given = Given::new([1; 16], city::open());
    let last = Arc::clone(&ledger);
    ledger.submit_then(given.command, given.id, given.actor, move |outcome| {
        drop(last);
        sender.send(outcome).unwrap();
    });
    drop(ledger);
    drop(held);
    assert!(receiver.recv_timeout(PATIENCE).unwrap().is_ok());
}

//! Several processes keep one ledger on real brokers: they stand still, die and come back, and so do the brokers. What
//! any of them has answered counts, once, and everybody reads the same.

use crate::{
    kept::{INTERVAL, Keeper, Place, next_writer},
    line::Line,
    session::Session,
    story::Story,
};
use grants_domain::{commands::Command, record::Envelope, values::CommandId, wire::Message};
use grants_eventlog::{Batch, EventLog, Head, LogReader, kafka::KafkaLog};
use grants_tests::{
    brokers,
    scale::{rounds, torture},
    seed::Seed,
    workload::{Shape, Workload},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Processes that keep the ledger.
const PROCESSES: usize = 3;
/// Writers that stand still in a full run.
const STANDSTILLS: u32 = 30;
/// Commands under way to one process.
const UNDER_WAY: usize = 64;
/// For how long brokers and processes are killed in a full run; otherwise a few are enough.
const KILLING: Duration = Duration::from_secs(600);
const DEATHS: u32 = 4;
/// In how long everything is given that is to be given, unless it is held up.
const POURING: [Duration; 2] = [Duration::from_secs(50), Duration::from_secs(660)];

/// What was answered, by whom, and whether it is over.
#[derive(Default)]
struct World {
    next: AtomicUsize,
    answered: Mutex<Vec<(CommandId, u64)>>,
    over: AtomicBool,
}

#[test]
fn what_a_writer_answers_after_it_stood_still_counts() {
    let Some(cluster) = brokers::cluster("a writer that stands still", 1, &[]) else { return };
    let place = Place::new(cluster, PROCESSES);
    let mut reader = place.reader("reader");
    let keepers: Vec<Keeper> = (1..=PROCESSES).map(|process| place.start(process)).collect();
    let world = World::default();
    let shape = Shape { enterprises: 200_000, projects: 0, applications: 0, seed: 1 };
    let commands: Vec<(CommandId, Command)> = Workload::of(shape).ground().collect();
    let mut silences = Vec::new();
    thread::scope(|scope| {
        for keeper in &keepers {
            let (place, world, commands) = (&place, &world, &commands);
            scope.spawn(move || pour(&keeper.address, place, commands, world));
        }
        let mut epoch = reader.head().epoch();
        for round in 0..rounds(STANDSTILLS) {
            let (address, _) = next_writer(&mut reader, epoch);
            epoch = reader.head().epoch();
            until_answered(&world, 200);
            let writer = keepers.iter().find(|keeper| keeper.address == address).expect("one of ours");
            writer.stand_still();
            let (_, silence) = next_writer(&mut reader, epoch);
            println!("round {round}: epoch {} after {silence:?}", reader.head().epoch());
            silences.push(silence);
            // While the other writes, it wakes with commands in hand.
            until_answered(&world, 20);
            writer.go_on();
        }
        world.over.store(true, Ordering::SeqCst);
    });
    assert_eq!(silences.len(), usize::try_from(rounds(STANDSTILLS)).unwrap());
    keepers.into_iter().for_each(|keeper| drop(keeper.finish()));
    let answered = world.answered.into_inner().unwrap();
    let head = assert_all_count(&place, &answered);
    for process in 1..=PROCESSES {
        // What this process has seen of the log is compared with the log.
        let data = place.data(process);
        let seen = KafkaLog::open_from(place.partition(), &data, Head::genesis(crate::house::ledger()));
        assert_eq!(seen.unwrap().head(), &head, "process {process}");
    }
    let longest = silences.iter().max().unwrap();
    println!(
        "{} commands answered, epoch {}; nobody wrote for {longest:?} at most ({} intervals and a part)",
        answered.len(),
        head.epoch(),
        longest.as_millis() / INTERVAL.as_millis()
    );
}

/// Gives commands to one process whenever it writes, and notes every answer, however late it comes.
fn pour(address: &str, place: &Place, commands: &[(CommandId, Command)], world: &World) {
    while !world.over.load(Ordering::SeqCst) {
        let Ok(Some(mut line)) = Line::open(address, &place.data(0)) else {
            thread::sleep(Duration::from_millis(20));
            continue;
        };
        assert!(0 < line.epoch);
        let mut under_way = 0;
        while !world.over.load(Ordering::SeqCst) {
            let next = world.next.fetch_add(1, Ordering::SeqCst);
            let (id, command) = commands.get(next).expect("there are more commands than a run can give");
            if line.give(*id, command).is_err() {
                break;
            }
            under_way += 1;
            if UNDER_WAY <= under_way {
                let Ok(answer) = line.answer() else { break };
                world.answered.lock().unwrap().push(answer);
                under_way -= 1;
            }
        }
        // A line that has ended may still hold answers.
        while let Ok(answer) = line.answer_within(INTERVAL) {
            world.answered.lock().unwrap().push(answer);
        }
    }
}

/// Waits until so many more commands were answered.
fn until_answered(world: &World, more: usize) {
    let count = || world.answered.lock().unwrap().len();
    let (begun, before) = (Instant::now(), count());
    while count() < before + more {
        assert!(begun.elapsed() < Duration::from_secs(120), "nothing is answered any more");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Every answer names the place in the log where its command lies, and no command lies there twice.
fn assert_all_count(place: &Place, answered: &[(CommandId, u64)]) -> Head {
    let log = place.reader("judge");
    let (mut at, mut commands) = (BTreeMap::new(), BTreeMap::<CommandId, u64>::new());
    let mut next = 0;
    loop {
        let batches = log.read(next, 8 << 20).unwrap();
        if batches.is_empty() {
            break;
        }
        for bytes in batches {
            let batch = Batch::decode(&bytes).unwrap();
            for (event, sequence) in batch.events().zip(batch.header().first_sequence..) {
                let envelope = Envelope::decode(event).unwrap();
                if envelope.given.is_some() {
                    at.insert(sequence, envelope.command_id);
                    *commands.entry(envelope.command_id).or_default() += 1;
                }
            }
            next += 1;
        }
    }
    assert!(commands.values().all(|times| *times == 1), "a command was recorded twice");
    for (id, sequence) in answered {
        assert_eq!(at.get(sequence), Some(id), "an answer for what does not count");
    }
    let twice: BTreeSet<_> = answered.iter().collect();
    assert_eq!(twice.len(), answered.len(), "a command was answered twice");
    log.head().clone()
}

#[test]
fn what_was_answered_survives_the_death_of_writers_and_brokers() {
    let Some(cluster) = brokers::cluster("dying writers and brokers", 3, &[]) else { return };
    let number = Seed::of_run(0x6469_6573);
    println!("GRANTS_SEED={number}");
    let mut seed = Seed::new(number);
    let story = Story::of(if torture() { 20_000 } else { 1_500 }, number);
    let mut place = Place::new(cluster, PROCESSES);
    let mut keepers: Vec<Keeper> = (1..=PROCESSES).map(|process| place.start(process)).collect();
    let mut session = Session::start(&place.data(0));
    let input = session.take_input();
    let lines: Vec<String> = story.lines.iter().map(|line| format!("{}\n", line.text)).collect();
    // Evenly over the time, so that something is under way at every death.
    let pause = POURING[usize::from(torture())] / u32::try_from(lines.len()).unwrap();
    let pouring = thread::spawn(move || pour_evenly(input, &lines, pause));
    let (begun, mut deaths) = (Instant::now(), Deaths::default());
    let (mut answers, mut longest, mut last) = (Vec::new(), Duration::ZERO, Instant::now());
    while answers.len() < story.lines.len() {
        let more = if torture() { begun.elapsed() < KILLING } else { deaths.all() < DEATHS };
        if more {
            deaths.next(&mut seed, &mut place, &mut keepers);
        }
        let calm = Instant::now();
        while calm.elapsed() < Duration::from_secs(3) && answers.len() < story.lines.len() {
            if let Some(answer) = session.answer_within(Duration::from_millis(50)) {
                longest = longest.max(last.elapsed());
                last = Instant::now();
                answers.push(answer);
            }
        }
        assert!(last.elapsed() < Duration::from_secs(240), "nothing is answered any more");
    }
    session.give_back(pouring.join().unwrap());
    assert!(session.finish().well().is_empty());
    keepers.into_iter().for_each(|keeper| drop(keeper.finish()));
    assert_eq!(story.all_right(&answers).len(), story.lines.len());
    let (leaves, head) = place.leaves("judge");
    assert!(leaves == story.leaves, "the log is not the one of an undisturbed run");
    println!(
        "{deaths:?}; {} commands in {:?}; epoch {}; longest wait {longest:?} ({} intervals and a part)",
        answers.len(),
        begun.elapsed(),
        head.epoch(),
        longest.as_millis() / INTERVAL.as_millis()
    );
    assert!(DEATHS <= deaths.all(), "everything was answered before enough had died");
}

fn pour_evenly(
    mut input: std::process::ChildStdin,
    lines: &[String],
    pause: Duration,
) -> std::process::ChildStdin {
    let begun = Instant::now();
    for (line, number) in lines.iter().zip(0_u32..) {
        if let Some(early) = (pause * number).checked_sub(begun.elapsed()) {
            thread::sleep(early);
        }
        input.write_all(line.as_bytes()).expect("the process goes on");
    }
    input
}

/// How many died so far.
#[derive(Debug, Default)]
struct Deaths {
    processes: u32,
    brokers: u32,
}

impl Deaths {
    fn all(&self) -> u32 {
        self.processes + self.brokers
    }

    /// A process and a broker die at once in turn, and come back; the one that writes or leads as often as any other.
    fn next(&mut self, seed: &mut Seed, place: &mut Place, keepers: &mut [Keeper]) {
        let victim = seed.index(3);
        if self.processes <= self.brokers {
            self.processes += 1;
            keepers[victim].kill_and_restart();
        } else {
            self.brokers += 1;
            place.cluster.kill(victim);
            thread::sleep(Duration::from_millis(seed.below(2_000)));
            place.cluster.restart(victim);
        }
    }
}

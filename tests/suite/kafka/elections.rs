//! Processes that elect their writer on real brokers: threads here, each with connections and a folder of its own.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use grants_eventlog::{
    AppendError, EventLog, HashedBatch, Head, LogReader, WriterId,
    kafka::{Broker, Carries, Heart, KafkaLog, Now, Partition, Sign, Standby, double::counted},
};
use grants_ledger::{Clock, SystemClock};
use grants_tests::kafka::Cluster;
use tempfile::TempDir;

use super::{LEDGER, config, connect, topics::batch};

const TOPIC: &str = "elected";
const INTERVAL: Duration = Duration::from_millis(500);
/// Takeovers in a usual run, and under torture.
const TAKEOVERS: [usize; 2] = [3, 30];

/// What the processes have in common: what was acknowledged, and who writes.
#[derive(Default)]
struct World {
    acknowledged: Mutex<Vec<[u8; 32]>>,
    over: AtomicBool,
}

/// Makes a process stand still, with everything that it had begun.
#[derive(Default)]
struct Stop(AtomicBool);

impl Stop {
    fn here(&self) {
        while self.0.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(20));
        }
    }
}

fn now(begun: Instant, chance: u64) -> Now {
    let wall = SystemClock.now().expect("a clock that can be read");
    Now { monotonic: begun.elapsed(), wall_ms: wall.micros() / 1_000, chance }
}

fn pulses(cluster: &Cluster) -> Arc<dyn Partition> {
    Arc::new(Broker::connect(config(cluster, TOPIC).pulses()).expect("the settings are acceptable"))
}

/// A process: waits, writes when nobody else does, and begins anew when it was replaced.
fn process(cluster: &Cluster, folder: &Path, number: u8, world: &World, stop: &Stop) {
    let begun = Instant::now();
    let mut life = 0_u8;
    while !world.over.load(Ordering::SeqCst) {
        let log = match folder.join("head").exists() {
            true => KafkaLog::open_from(connect(cluster, TOPIC), folder, Head::genesis(LEDGER)),
            false => KafkaLog::join(connect(cluster, TOPIC), folder, LEDGER),
        };
        let log = log.expect("nothing was lost");
        let mut id = [number; 16];
        id[0] = life;
        let standby = Standby::new(log, pulses(cluster), INTERVAL, now(begun, rand(number, life)));
        if let Some(log) = waits(standby.expect("the brokers answer"), WriterId(id), begun, world, stop) {
            writes(log, pulses(cluster), world, stop);
        }
        life = life.wrapping_add(1);
    }
}

fn rand(number: u8, life: u8) -> u64 {
    u64::from(number) * 7_919 + u64::from(life) * 104_729
}

/// The log once this process may write; none if it was not the first, or all is over.
fn waits(
    mut standby: Standby,
    writer: WriterId,
    begun: Instant,
    world: &World,
    stop: &Stop,
) -> Option<KafkaLog> {
    let mut chance = u64::from(writer.0[1]);
    let mut now = || {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        now(begun, chance >> 33)
    };
    while !world.over.load(Ordering::SeqCst) {
        stop.here();
        if standby.look(now()).expect("the brokers answer") == Sign::Silent {
            match standby.take_over(writer, "", None, &mut now) {
                Ok(()) => return Some(standby.into_log()),
                Err(grants_eventlog::kafka::ElectionError::Alive(_)) => {}
                Err(grants_eventlog::kafka::ElectionError::Append(AppendError::Superseded { .. })) => {
                    return None;
                }
                Err(fault) => panic!("{fault}"),
            }
        }
        thread::sleep(Duration::from_millis(50));
    }
    None
}

/// Appends without a pause until it is replaced, with its heart beating beside.
fn writes(mut log: KafkaLog, pulses: Arc<dyn Partition>, world: &World, stop: &Stop) {
    let mut heart = Heart::of(&log, pulses).expect("the brokers answer");
    let mut beaten = Instant::now();
    while !world.over.load(Ordering::SeqCst) {
        let batch = batch(log.head(), b"on");
        // What stands still here has read the head, and writes when it wakes.
        stop.here();
        match log.append(&batch) {
            Ok(()) => {
                let sha256 = HashedBatch::decode(batch.bytes()).expect("our own batch").sha256();
                world.acknowledged.lock().expect("no panic").push(sha256);
            }
            Err(AppendError::Superseded { .. }) => return,
            Err(fault) => panic!("{fault}"),
        }
        if INTERVAL <= beaten.elapsed() {
            beaten = Instant::now();
            if heart.beat().expect("the brokers answer").is_some() {
                return;
            }
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// Waits until the log is in a later epoch than `epoch`; how long it took.
fn until_after(reader: &mut KafkaLog, epoch: u64) -> Duration {
    let begun = Instant::now();
    while reader.head().epoch() <= epoch {
        assert!(begun.elapsed() < Duration::from_secs(120), "nobody takes over");
        thread::sleep(Duration::from_millis(50));
        reader.follow().expect("the brokers answer");
    }
    begun.elapsed()
}

#[test]
fn a_writer_that_stands_still_is_replaced_and_never_answered_again() {
    let cluster = Cluster::start(1, &[]).expect("brokers can be had");
    connect(&cluster, TOPIC).create_topic(Carries::Log).expect("a new topic");
    let side = Broker::connect(config(&cluster, TOPIC).pulses()).expect("the settings are acceptable");
    side.create_topic(Carries::Pulses).expect("a new topic");
    let folders = TempDir::new().expect("a folder");
    let of = |name: &str| folders.path().join(name);
    drop(
        KafkaLog::create(connect(&cluster, TOPIC), &of("founder"), LEDGER, WriterId([255; 16]), "")
            .expect("empty"),
    );
    let mut reader = KafkaLog::join(connect(&cluster, TOPIC), &of("reader"), LEDGER).expect("it is there");
    let (world, stops): (World, [Stop; 3]) = Default::default();
    let takeovers = TAKEOVERS[usize::from(std::env::var_os("GRANTS_TORTURE").is_some())];
    let mut silences = Vec::new();
    thread::scope(|scope| {
        for (number, stop) in (0_u8..).zip(&stops) {
            let (cluster, world, folder) = (&cluster, &world, of(&number.to_string()));
            scope.spawn(move || process(cluster, &folder, number, world, stop));
        }
        let _ = until_after(&mut reader, 1);
        for _ in 0..takeovers {
            let (epoch, writer) = (reader.head().epoch(), reader.head().writer());
            let stop = &stops[usize::from(writer.0[1])];
            stop.0.store(true, Ordering::SeqCst);
            silences.push(until_after(&mut reader, epoch));
            stop.0.store(false, Ordering::SeqCst);
            // It wakes with a batch in hand, while the other writes.
            thread::sleep(INTERVAL);
            reader.follow().expect("the brokers answer");
        }
        world.over.store(true, Ordering::SeqCst);
    });
    let (head, counted) = counted(&*connect(&cluster, TOPIC), LEDGER);
    let acknowledged = world.acknowledged.into_inner().expect("no panic");
    assert!(takeovers * 2 < acknowledged.len());
    for sha256 in &acknowledged {
        assert!(counted.contains(sha256), "an acknowledged batch does not count");
    }
    reader.follow().expect("the brokers answer");
    assert_eq!(reader.head(), &head);
    assert!(takeovers < usize::try_from(head.epoch()).expect("few epochs"));
    let longest = silences.iter().max().expect("some takeovers");
    println!(
        "{takeovers} takeovers, {} batches acknowledged, longest silence {longest:?}",
        acknowledged.len()
    );
    assert!(reader.end().is_ok());
}

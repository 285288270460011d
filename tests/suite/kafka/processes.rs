//! Processes that elect their writer on brokers: threads here, each with connections and a folder of its own. They live
//! through whatever a broker may do, and not through a log that cannot be trusted.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use grants_eventlog::{
    AppendError, EventLog, Hash, HashedBatch, Head, WriterId,
    kafka::{
        Broker, BrokerConfig, Carries, ElectionError, FollowError, Heart, KafkaLog, KafkaOpenError, Now,
        Sign, Standby, double::counted,
    },
};
use grants_ledger::{Clock, SystemClock};
use tempfile::TempDir;

use super::{LEDGER, topics::batch};

/// How often the writer says that it is there.
pub(super) const INTERVAL: Duration = Duration::from_millis(500);
/// How long nobody may write at most, on machines that are shared: a failure, not a measure.
const UNAVAILABLE_MAX: Duration = Duration::from_secs(180);
const WRITE_EVERY: Duration = Duration::from_millis(10);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What the processes of a ledger have in common, and what is noted of them.
pub(super) struct World {
    config: BrokerConfig,
    folders: TempDir,
    noted: Mutex<Noted>,
    over: AtomicBool,
    /// Faults of brokers that a process met and lived through.
    faults: AtomicUsize,
}

struct Noted {
    acknowledged: Vec<Hash>,
    last: Instant,
    longest: Duration,
}

/// What became of it all.
pub(super) struct Outcome {
    /// How many batches were acknowledged.
    pub(super) acknowledged: usize,
    /// The longest time between two of them.
    pub(super) longest: Duration,
    /// How many faults of brokers were met.
    pub(super) faults: usize,
    /// Where the log ends.
    pub(super) head: Head,
}

/// Makes a process stand still, with everything that it had begun.
#[derive(Default)]
pub(super) struct Stop(AtomicBool);

impl Stop {
    pub(super) fn set(&self, stands: bool) {
        self.0.store(stands, Ordering::SeqCst);
    }

    fn here(&self) {
        while self.0.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl World {
    /// Makes the topics and the ledger.
    pub(super) fn new(config: BrokerConfig) -> World {
        let noted = Noted { acknowledged: Vec::new(), last: Instant::now(), longest: Duration::ZERO };
        let folders = TempDir::new().expect("a folder");
        let (over, faults) = (AtomicBool::new(false), AtomicUsize::new(0));
        let world = World { config, folders, noted: Mutex::new(noted), over, faults };
        world.connect().create_topic(Carries::Log).expect("a new topic");
        world.pulses().create_topic(Carries::Pulses).expect("a new topic");
        let folder = world.folders.path().join("founder");
        drop(KafkaLog::create(world.connect(), &folder, LEDGER, WriterId([255; 16]), "").expect("empty"));
        world.noted().last = Instant::now();
        world
    }

    fn connect(&self) -> Arc<Broker> {
        Arc::new(Broker::connect(self.config.clone()).expect("the settings are acceptable"))
    }

    fn pulses(&self) -> Arc<Broker> {
        Arc::new(Broker::connect(self.config.pulses()).expect("the settings are acceptable"))
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    /// Notes a fault of brokers.
    fn lives_through(&self, fault: impl fmt::Display) {
        let text = fault.to_string();
        assert!(!text.contains("history missing"), "{text}");
        self.faults.fetch_add(1, Ordering::SeqCst);
        println!("lived through: {text}");
    }

    /// A process that only reads, with a folder of its own.
    pub(super) fn reader(&self, name: &str) -> KafkaLog {
        let folder = self.folders.path().join(name);
        KafkaLog::join(self.connect(), &folder, LEDGER).expect("the brokers answer")
    }

    /// Ends the processes when they look.
    pub(super) fn end(&self) {
        self.over.store(true, Ordering::SeqCst);
    }

    /// Waits until the log is in a later epoch than `epoch`; how long it took.
    pub(super) fn until_after(&self, reader: &mut KafkaLog, epoch: u64) -> Duration {
        let begun = Instant::now();
        while reader.head().epoch() <= epoch {
            assert!(begun.elapsed() < UNAVAILABLE_MAX, "nobody takes over");
            thread::sleep(LOOK_EVERY);
            self.follow(reader);
        }
        begun.elapsed()
    }

    /// Waits until something is acknowledged that was not yet; how long it took.
    pub(super) fn until_written(&self) -> Duration {
        let (begun, before) = (Instant::now(), self.noted().acknowledged.len());
        while self.noted().acknowledged.len() == before {
            assert!(begun.elapsed() < UNAVAILABLE_MAX, "nobody writes");
            thread::sleep(LOOK_EVERY);
        }
        begun.elapsed()
    }

    /// Reads on, if the brokers let it.
    pub(super) fn follow(&self, reader: &mut KafkaLog) {
        match reader.follow() {
            Ok(()) => {}
            Err(fault @ FollowError::Broker { .. }) => self.lives_through(fault),
            Err(fault) => panic!("{fault}"),
        }
    }

    /// Every acknowledged batch counts exactly once, and whoever reads has the same head.
    pub(super) fn settle(&self, mut readers: Vec<KafkaLog>) -> Outcome {
        let (head, mut counted) = counted(&*self.connect(), LEDGER);
        counted.sort_unstable();
        let Noted { acknowledged, longest, .. } = &*self.noted();
        for sha256 in acknowledged {
            let places =
                counted.partition_point(|one| one < sha256)..counted.partition_point(|one| one <= sha256);
            assert_eq!(places.len(), 1, "an acknowledged batch counts so often");
        }
        readers.push(self.reader("late"));
        for reader in &mut readers {
            reader.follow().expect("the brokers answer");
            assert_eq!(reader.head(), &head);
        }
        let faults = self.faults.load(Ordering::SeqCst);
        Outcome { acknowledged: acknowledged.len(), longest: *longest, faults, head }
    }

    /// A process: waits, writes when nobody else does, and begins anew when it was replaced or has lost its broker.
    pub(super) fn process(&self, number: u8, stop: &Stop) {
        let mut life = 0_u16;
        while !self.is_over() {
            self.live(number, life, stop);
            life = life.checked_add(1).expect("no process lives so often");
        }
    }

    fn live(&self, number: u8, life: u16, stop: &Stop) {
        let folder = self.folders.path().join(number.to_string());
        let log = match folder.join("head").exists() {
            true => KafkaLog::open_from(self.connect(), &folder, Head::genesis(LEDGER)),
            false => KafkaLog::join(self.connect(), &folder, LEDGER),
        };
        let log = match log {
            Ok(log) => log,
            Err(fault @ (KafkaOpenError::Broker(_) | KafkaOpenError::Follow(FollowError::Broker { .. }))) => {
                return self.lives_through(fault);
            }
            // A joining that was cut off has left its folder empty.
            Err(fault) => panic!("process {number}: {fault}"),
        };
        let mut id = [number; 16];
        id[2..4].copy_from_slice(&life.to_be_bytes());
        let mut time = Time { begun: Instant::now(), chance: u64::from(number) << 32 | u64::from(life) };
        match Standby::new(log, self.pulses(), INTERVAL, time.now()) {
            Err(fault) => self.lives_through(fault),
            Ok(standby) => {
                if let Some(log) = self.wait(standby, WriterId(id), &mut time, stop) {
                    self.write(log, stop);
                }
            }
        }
    }

    /// The log once this process may write; none if it was not the first, or all is over.
    fn wait(&self, mut standby: Standby, writer: WriterId, time: &mut Time, stop: &Stop) -> Option<KafkaLog> {
        while !self.is_over() {
            stop.here();
            let taken = match standby.look(time.now()) {
                Ok(Sign::Alive) => Err(ElectionError::Alive(0)),
                Ok(Sign::Silent) => standby.take_over(writer, "", None, &mut || time.now()),
                Err(fault) => Err(fault),
            };
            match taken {
                Ok(()) => return Some(standby.into_log()),
                Err(ElectionError::Alive(_)) => {}
                Err(ElectionError::Append(AppendError::Superseded { .. })) => return None,
                Err(ElectionError::Append(fault @ AppendError::Unknown { .. })) => {
                    self.lives_through(fault);
                    return None;
                }
                Err(
                    fault @ (ElectionError::Broker(_)
                    | ElectionError::Follow(FollowError::Broker { .. })
                    | ElectionError::ProbeMissing),
                ) => self.lives_through(fault),
                Err(fault) => panic!("{fault}"),
            }
            thread::sleep(LOOK_EVERY);
        }
        None
    }

    /// Appends without a pause until it is replaced or has lost its broker, with its heart beating beside.
    fn write(&self, mut log: KafkaLog, stop: &Stop) {
        let mut heart = match Heart::of(&log, self.pulses()) {
            Ok(heart) => heart,
            Err(fault) => return self.lives_through(fault),
        };
        let mut beaten = Instant::now();
        while !self.is_over() {
            let batch = batch(log.head(), b"on");
            // What stands still here has read the head, and writes when it wakes.
            stop.here();
            match log.append(&batch) {
                Ok(()) => self.note(HashedBatch::decode(batch.bytes()).expect("our own batch").sha256()),
                Err(AppendError::Superseded { .. }) => return,
                Err(fault @ AppendError::Unknown { .. }) => return self.lives_through(fault),
                Err(fault) => panic!("{fault}"),
            }
            if INTERVAL <= beaten.elapsed() {
                beaten = Instant::now();
                match heart.beat() {
                    Ok(None) => {}
                    Ok(Some(_)) => return,
                    Err(fault) => self.lives_through(fault),
                }
            }
            thread::sleep(WRITE_EVERY);
        }
    }

    fn note(&self, sha256: Hash) {
        let mut noted = self.noted();
        noted.longest = noted.longest.max(noted.last.elapsed());
        noted.last = Instant::now();
        noted.acknowledged.push(sha256);
    }
}

/// The time of one process, and its chance.
struct Time {
    begun: Instant,
    chance: u64,
}

impl Time {
    fn now(&mut self) -> Now {
        let wall = SystemClock.now().expect("a clock that can be read");
        self.chance = self.chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        Now { monotonic: self.begun.elapsed(), wall_ms: wall.micros() / 1_000, chance: self.chance >> 33 }
    }
}

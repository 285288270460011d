//! Processes that elect their writer, with clocks that run, lines that are cut, and processes that stand still.
//!
//! What must hold at every moment: an acknowledged batch counts for every reader. What must come in the end: when nothing
//! goes wrong any more, there is a writer within six intervals, and only one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use proptest::prelude::*;
use tempfile::TempDir;

use super::super::sample::{LEDGER, batch_of};
use super::{fate, schedules};
use crate::head::Head;
use crate::ids::WriterId;
use crate::judge::HashedBatch;
use crate::kafka::double::{Double, Fate, Line, counted};
use crate::kafka::{ElectionError, Heart, KafkaLog, Now, Partition, Sign, Standby};
use crate::log::{AppendError, EventLog};
use crate::tree::Hash;

const PROCESSES: usize = 3;
const INTERVAL_MS: u64 = 500;
/// How often a process looks around.
const STEP_MS: u64 = 100;
const STEPS_OF_INTERVAL: usize = 5;
/// The day on which the simulation begins, in milliseconds since 1970.
const FIRST_MS: i64 = 1_700_000_000_000;

/// One thing that happens before the next step.
#[derive(Clone, Copy, Debug)]
enum Happening {
    /// Only time goes by.
    Nothing,
    /// Whoever believes that it may, appends.
    Append(usize),
    /// The same, and the broker does something with it.
    AppendWith(usize, Fate),
    /// The broker does something with what comes next, whatever it is: a batch, or an epoch.
    Next(Fate),
    /// A process stands still for some steps, with what it had begun.
    Stand(usize, u8),
    /// A process reaches no broker for some steps.
    Cut(usize, u8),
    /// A process ends and comes back.
    Restart(usize),
    /// What was on its way arrives.
    DeliverLate,
    /// An old record of the log is shown again.
    Again(prop::sample::Index),
}

fn happening() -> impl Strategy<Value = Happening> {
    let process = 0..PROCESSES;
    let fate = fate();
    prop_oneof![
        8 => Just(Happening::Nothing),
        6 => process.clone().prop_map(Happening::Append),
        2 => (process.clone(), fate.clone()).prop_map(|(process, fate)| Happening::AppendWith(process, fate)),
        1 => fate.prop_map(Happening::Next),
        2 => (process.clone(), 1_u8..40).prop_map(|(process, steps)| Happening::Stand(process, steps)),
        2 => (process.clone(), 1_u8..40).prop_map(|(process, steps)| Happening::Cut(process, steps)),
        1 => process.prop_map(Happening::Restart),
        1 => Just(Happening::DeliverLate),
        1 => any::<prop::sample::Index>().prop_map(Happening::Again),
    ]
}

enum Role {
    Writes(Box<KafkaLog>, Heart),
    Waits(Box<Standby>),
    /// It could not come back yet.
    Down,
}

struct Process {
    role: Role,
    cut: Arc<AtomicBool>,
    cut_for: u8,
    stands_for: u8,
}

struct Cluster {
    log: Double,
    pulses: Double,
    folders: TempDir,
    processes: Vec<Process>,
    acknowledged: Vec<Hash>,
    step: u64,
    drawn: u64,
    writers: u8,
}

impl Cluster {
    fn new() -> Cluster {
        let (log, pulses, folders) = (Double::default(), Double::default(), TempDir::new().unwrap());
        KafkaLog::create(log.shared(), &folders.path().join("0"), LEDGER, WriterId([0; 16]), "0").unwrap();
        let process = |_| Process { role: Role::Down, cut: Arc::default(), cut_for: 0, stands_for: 0 };
        let processes = (0..PROCESSES).map(process).collect();
        let mut cluster = Cluster {
            log,
            pulses,
            folders,
            processes,
            acknowledged: Vec::new(),
            step: 0,
            drawn: 0,
            writers: 0,
        };
        for process in 0..PROCESSES {
            cluster.restart(process);
        }
        cluster
    }

    /// Every look at the clock draws another number, the same in every run.
    fn now(&mut self) -> Now {
        self.drawn =
            self.drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let ms = self.step * STEP_MS;
        let wall_ms = FIRST_MS + i64::try_from(ms).unwrap();
        Now { monotonic: Duration::from_millis(ms), wall_ms, chance: self.drawn >> 33 }
    }

    fn line(&self, process: usize, to: &Double) -> Arc<dyn Partition> {
        Line::to(to, &self.processes[process].cut)
    }

    /// Comes back as a standby, whatever it was.
    fn restart(&mut self, process: usize) {
        self.processes[process].role = Role::Down;
        let folder = self.folders.path().join(process.to_string());
        let partition = self.line(process, &self.log);
        let log = match folder.join("head").exists() {
            true => KafkaLog::open_from(partition, &folder, Head::genesis(LEDGER)),
            false => KafkaLog::join(partition, &folder, LEDGER),
        };
        let now = self.now();
        let pulses = self.line(process, &self.pulses);
        let interval = Duration::from_millis(INTERVAL_MS);
        // A cut line is the only reason why it may not come back at once.
        let cut = self.processes[process].cut.load(Ordering::Relaxed);
        if cut {
            return;
        }
        let standby = Standby::new(log.unwrap(), pulses, interval, now).unwrap();
        self.processes[process].role = Role::Waits(Box::new(standby));
    }

    fn happens(&mut self, one: Happening) {
        match one {
            Happening::Nothing => {}
            Happening::Append(process) => self.append(process),
            Happening::AppendWith(process, fate) => {
                self.log.fate_of_next(fate);
                self.append(process);
            }
            Happening::Next(fate) => self.log.fate_of_next(fate),
            Happening::Stand(process, steps) => self.processes[process].stands_for = steps,
            Happening::Cut(process, steps) => {
                self.processes[process].cut.store(true, Ordering::Relaxed);
                self.processes[process].cut_for = steps;
            }
            Happening::Restart(process) => self.restart(process),
            Happening::DeliverLate => self.log.deliver_late(),
            Happening::Again(index) => {
                let records = self.log.records();
                self.log.leak(&records[index.index(records.len())]);
            }
        }
        self.steps();
    }

    fn append(&mut self, process: usize) {
        let Role::Writes(log, _) = &mut self.processes[process].role else { return };
        let batch = batch_of(log.head(), &[&[u8::try_from(process).unwrap()]]);
        match log.append(&batch) {
            Ok(()) => self.acknowledged.push(HashedBatch::decode(batch.bytes()).unwrap().sha256()),
            // No answer, and the log is opened anew.
            Err(_) => self.restart(process),
        }
    }

    /// A tenth of a second goes by, and everybody who can does what it has to do.
    fn steps(&mut self) {
        self.step += 1;
        let wall_ms = FIRST_MS + i64::try_from(self.step * STEP_MS).unwrap();
        self.pulses.at(wall_ms);
        for place in 0..PROCESSES {
            let process = &mut self.processes[place];
            process.cut_for = process.cut_for.saturating_sub(1);
            process.cut.store(0 < process.cut_for, Ordering::Relaxed);
            if 0 < process.stands_for {
                process.stands_for -= 1;
                continue;
            }
            self.acts(place);
        }
    }

    fn acts(&mut self, place: usize) {
        let now = self.now();
        let beats = (self.step + u64::try_from(place).unwrap()).is_multiple_of(INTERVAL_MS / STEP_MS);
        match &mut self.processes[place].role {
            Role::Down => self.restart(place),
            Role::Writes(_, heart) if beats => {
                if let Ok(Some(_)) = heart.beat() {
                    self.restart(place);
                }
            }
            Role::Writes(..) => {}
            Role::Waits(standby) => match standby.look(now) {
                Ok(Sign::Alive) | Err(ElectionError::Broker(_)) => {}
                Err(ElectionError::Follow(crate::kafka::FollowError::Broker { .. })) => {}
                Ok(Sign::Silent) => self.takes_over(place),
                Err(fault) => panic!("{place}: {fault}"),
            },
        }
    }

    fn takes_over(&mut self, place: usize) {
        self.writers += 1;
        let (writer, now) = (WriterId([self.writers; 16]), self.now());
        let role = std::mem::replace(&mut self.processes[place].role, Role::Down);
        let Role::Waits(mut standby) = role else { panic!("only a standby takes over") };
        match standby.take_over(writer, &place.to_string(), None, &mut || now) {
            Ok(()) => {
                let log = standby.into_log();
                let heart = Heart::of(&log, self.line(place, &self.pulses)).unwrap();
                self.processes[place].role = Role::Writes(Box::new(log), heart);
            }
            Err(ElectionError::Alive(_)) => self.processes[place].role = Role::Waits(standby),
            Err(ElectionError::Append(AppendError::Superseded { .. } | AppendError::Unknown { .. })) => {
                drop(standby);
                self.restart(place);
            }
            Err(fault) => panic!("{place}: {fault}"),
        }
    }

    /// What counts, by a reader of its own.
    fn counted(&self) -> (Head, Vec<Hash>) {
        counted(&self.log, LEDGER)
    }

    /// Nothing goes wrong any more.
    fn heal(&mut self) {
        self.log.deliver_late();
        self.log.clear_fate();
        for process in &mut self.processes {
            (process.cut_for, process.stands_for) = (0, 0);
            process.cut.store(false, Ordering::Relaxed);
        }
    }

    /// The processes that can append now, and have.
    fn able(&mut self) -> Vec<usize> {
        let before = self.acknowledged.len();
        let mut able = Vec::new();
        for process in 0..PROCESSES {
            self.append(process);
            if before + able.len() < self.acknowledged.len() {
                able.push(process);
            }
        }
        able
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: schedules(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_writes_whatever_happens(happenings in prop::collection::vec(happening(), 1..120)) {
        let mut cluster = Cluster::new();
        for _ in 0..5 * STEPS_OF_INTERVAL {
            cluster.steps();
        }
        for one in happenings {
            cluster.happens(one);
            let (_, counted) = cluster.counted();
            for acknowledged in &cluster.acknowledged {
                prop_assert!(counted.contains(acknowledged), "an acknowledged batch does not count");
            }
        }
        cluster.heal();
        for _ in 0..6 * STEPS_OF_INTERVAL {
            cluster.steps();
        }
        let able = cluster.able();
        prop_assert_eq!(able.len(), 1, "who can write: {:?}", able);
        cluster.steps();
        let (head, counted) = cluster.counted();
        for acknowledged in &cluster.acknowledged {
            prop_assert!(counted.contains(acknowledged), "an acknowledged batch does not count");
        }
        for process in &mut cluster.processes {
            if let Role::Waits(standby) = &process.role {
                prop_assert_eq!(standby.log().head(), &head);
            }
        }
    }
}

#[test]
fn nobody_takes_over_from_a_writer_that_is_only_idle() {
    let mut cluster = Cluster::new();
    for _ in 0..5 * STEPS_OF_INTERVAL {
        cluster.steps();
    }
    let (elected, _) = cluster.counted();
    assert_eq!(elected.epoch(), 2, "somebody took over from the process that created the log and ended");
    for _ in 0..200 * STEPS_OF_INTERVAL {
        cluster.steps();
    }
    assert_eq!(cluster.counted().0, elected);
}

/// A standby of a silent writer, whose clock says `wall_ms` when the broker's says [`FIRST_MS`].
fn at_clock(wall_ms: i64, last_recorded_ms: Option<i64>) -> Result<(), ElectionError> {
    let mut cluster = Cluster::new();
    cluster.pulses.at(FIRST_MS);
    let Role::Waits(standby) = &mut cluster.processes[1].role else { panic!("a standby waits") };
    let now = Now { monotonic: Duration::from_secs(60), wall_ms, chance: 7 };
    assert_eq!(standby.look(now).unwrap(), Sign::Silent);
    standby.take_over(WriterId([9; 16]), "", last_recorded_ms, &mut || now)
}

#[test]
fn a_clock_that_is_minutes_off_takes_nothing_over() {
    let minutes = |minutes: i64| minutes * 60_000;
    for apart in [minutes(5), -minutes(5), 0] {
        at_clock(FIRST_MS + apart, None).unwrap();
    }
    for apart in [minutes(5) + 1, -minutes(5) - 1] {
        let refused = at_clock(FIRST_MS + apart, None);
        assert!(matches!(refused, Err(ElectionError::ClockApart { apart_ms: 300_001 })), "{refused:?}");
    }
    at_clock(FIRST_MS, Some(FIRST_MS + minutes(5))).unwrap();
    let refused = at_clock(FIRST_MS, Some(FIRST_MS + minutes(5) + 1));
    assert!(matches!(refused, Err(ElectionError::ClockBehind { behind_ms: 300_001 })), "{refused:?}");
}

/// A heartbeat that comes between the probe and the epoch keeps the writer.
#[test]
fn a_writer_that_is_heard_at_the_last_moment_stays() {
    let (log, pulses, folders) = (Double::default(), Double::default(), TempDir::new().unwrap());
    let folder = |name: &str| folders.path().join(name);
    let first = KafkaLog::create(log.shared(), &folder("a"), LEDGER, WriterId([1; 16]), "a").unwrap();
    let mut heart = Heart::of(&first, pulses.shared()).unwrap();
    let now = |ms: u64| Now { monotonic: Duration::from_millis(ms), wall_ms: 0, chance: 999 };
    let joined = KafkaLog::join(log.shared(), &folder("b"), LEDGER).unwrap();
    let mut standby =
        Standby::new(joined, pulses.shared(), Duration::from_millis(INTERVAL_MS), now(0)).unwrap();
    let writer = WriterId([2; 16]);
    assert_eq!(standby.look(now(1_998)).unwrap(), Sign::Alive);
    assert_eq!(standby.look(now(2_000)).unwrap(), Sign::Silent);
    assert_eq!(heart.beat().unwrap(), None);
    let kept = standby.take_over(writer, "b", None, &mut || now(2_000));
    assert!(matches!(kept, Err(ElectionError::Alive(1))), "{kept:?}");
    assert_eq!(standby.look(now(3_998)).unwrap(), Sign::Alive);
    assert_eq!(standby.look(now(4_000)).unwrap(), Sign::Silent);
    standby.take_over(writer, "b", None, &mut || now(4_000)).unwrap();
    assert_eq!(standby.log().head().epoch(), 2);
    // The new writer's first heartbeat tells the old one.
    let mut other = Heart::of(standby.log(), pulses.shared()).unwrap();
    assert_eq!(other.beat().unwrap(), None);
    assert_eq!(heart.beat().unwrap(), Some(2));
}

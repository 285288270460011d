//! Writers that do not know that they were replaced, on a broker that delivers late, twice, or not at all.
//!
//! What must hold in every schedule: a batch that was acknowledged counts for every reader, and none is acknowledged
//! whose record lies behind the epoch of a later writer.

use proptest::prelude::*;
use tempfile::TempDir;

use super::super::sample::{LEDGER, batch_of};
use super::{fate, schedules};
use crate::batch::SealedBatch;
use crate::head::Head;
use crate::ids::WriterId;
use crate::judge::HashedBatch;
use crate::kafka::KafkaLog;
use crate::kafka::double::{Double, Fate, counted};
use crate::log::{EventLog, LogReader};
use crate::tree::Hash;

const PROCESSES: usize = 3;

/// One thing that happens.
#[derive(Clone, Copy, Debug)]
enum Happening {
    /// A process appends, if it believes that it may.
    Append(usize),
    /// A process looks what is new and takes over.
    TakeOver(usize),
    /// A process appends, and the broker does something with it.
    AppendWith(usize, Fate),
    /// A process takes over, and the broker does something with it.
    TakeOverWith(usize, Fate),
    /// A process ends and comes back.
    Restart(usize),
    /// What was on its way arrives.
    DeliverLate,
    /// An old record is shown again.
    Again(prop::sample::Index),
}

fn happening() -> impl Strategy<Value = Happening> {
    let process = 0..PROCESSES;
    let fate = fate();
    prop_oneof![
        6 => process.clone().prop_map(Happening::Append),
        2 => process.clone().prop_map(Happening::TakeOver),
        3 => (process.clone(), fate.clone()).prop_map(|(process, fate)| Happening::AppendWith(process, fate)),
        1 => (process.clone(), fate).prop_map(|(process, fate)| Happening::TakeOverWith(process, fate)),
        1 => process.prop_map(Happening::Restart),
        2 => Just(Happening::DeliverLate),
        1 => any::<prop::sample::Index>().prop_map(Happening::Again),
    ]
}

struct Cluster {
    partition: Double,
    folders: TempDir,
    logs: Vec<Option<KafkaLog>>,
    acknowledged: Vec<Hash>,
    writers: u8,
}

impl Cluster {
    fn new() -> Cluster {
        let (partition, folders) = (Double::default(), TempDir::new().unwrap());
        let first = folders.path().join("0");
        let log = KafkaLog::create(partition.shared(), &first, LEDGER, WriterId([0; 16]), "0").unwrap();
        let mut logs = vec![Some(log)];
        for process in 1..PROCESSES {
            let folder = folders.path().join(process.to_string());
            logs.push(Some(KafkaLog::join(partition.shared(), &folder, LEDGER).unwrap()));
        }
        Cluster { partition, folders, logs, acknowledged: Vec::new(), writers: 0 }
    }

    fn log(&mut self, process: usize) -> &mut KafkaLog {
        self.logs[process].as_mut().unwrap()
    }

    fn happens(&mut self, one: Happening) {
        match one {
            Happening::Append(process) => self.append(process),
            Happening::TakeOver(process) => self.take_over(process),
            Happening::AppendWith(process, fate) => {
                self.partition.fate_of_next(fate);
                self.append(process);
            }
            Happening::TakeOverWith(process, fate) => {
                self.partition.fate_of_next(fate);
                self.take_over(process);
            }
            Happening::Restart(process) => self.restart(process),
            Happening::DeliverLate => self.partition.deliver_late(),
            Happening::Again(index) => {
                let records = self.partition.records();
                self.partition.leak(&records[index.index(records.len())]);
            }
        }
    }

    fn append(&mut self, process: usize) {
        let head = self.log(process).head().clone();
        let batch = batch_of(&head, &[&[u8::try_from(process).unwrap()]]);
        let answer = self.log(process).append(&batch);
        self.after(process, &batch, answer.is_ok());
    }

    fn take_over(&mut self, process: usize) {
        if self.log(process).follow().is_err() {
            return self.restart(process);
        }
        self.writers += 1;
        let head = self.log(process).head().clone();
        let batch = SealedBatch::epoch_opened(&head, WriterId([self.writers; 16]), "").unwrap();
        let answer = self.log(process).append(&batch);
        self.after(process, &batch, answer.is_ok());
    }

    /// An answer is noted at once; whoever does not know what happened begins anew, as the program does.
    fn after(&mut self, process: usize, batch: &SealedBatch, answered: bool) {
        if answered {
            self.acknowledged.push(HashedBatch::decode(batch.bytes()).unwrap().sha256());
        } else if self.log(process).append(batch) == Err(crate::log::AppendError::Dead) {
            self.restart(process);
        }
    }

    fn restart(&mut self, process: usize) {
        self.logs[process] = None;
        let folder = self.folders.path().join(process.to_string());
        let log = KafkaLog::open_from(self.partition.shared(), &folder, Head::genesis(LEDGER)).unwrap();
        self.logs[process] = Some(log);
    }

    /// What counts, by a reader of its own.
    fn counted(&self) -> (Head, Vec<Hash>) {
        counted(&self.partition, LEDGER)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: schedules(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_schedule_makes_two_writers(happenings in prop::collection::vec(happening(), 1..60)) {
        let mut cluster = Cluster::new();
        for one in happenings {
            cluster.happens(one);
            let (head, counted) = cluster.counted();
            for acknowledged in &cluster.acknowledged {
                prop_assert!(counted.contains(acknowledged), "an acknowledged batch does not count");
            }
            prop_assert_eq!(counted.len(), usize::try_from(head.next_batch()).unwrap());
        }
        let (head, _) = cluster.counted();
        for process in 0..PROCESSES {
            let log = cluster.log(process);
            log.follow().unwrap();
            prop_assert_eq!(log.head(), &head, "process {}", process);
            prop_assert_eq!(log.end().unwrap().next_batch, head.next_batch());
        }
    }
}

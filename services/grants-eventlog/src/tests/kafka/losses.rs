//! A broker that loses acknowledged records, whole epochs among them, while others that never saw them write on.
//!
//! What was answered before can be lost. But no answer is ever given for a batch that does not count at that moment, and
//! whoever has seen what was lost goes no further than the next record.

use proptest::prelude::*;
use tempfile::TempDir;

use super::super::sample::LEDGER;
use super::{Place, append, schedules};
use crate::head::Head;
use crate::ids::WriterId;
use crate::judge::{Judge, Verdict};
use crate::kafka::double::Double;
use crate::kafka::{FollowError, KafkaLog};
use crate::log::{AppendError, EventLog};

const PROCESSES: usize = 4;

#[derive(Clone, Copy, Debug)]
enum Happening {
    /// A process appends, if it believes that it may.
    Append(usize),
    /// A process takes over without reading what is new: it may have stood still.
    TakeOver(usize),
    /// A process reads what is new.
    Follow(usize),
    /// The broker loses everything from an offset on, but for the first record.
    Lose(prop::sample::Index),
}

fn happening() -> impl Strategy<Value = Happening> {
    let process = 0..PROCESSES;
    prop_oneof![
        5 => process.clone().prop_map(Happening::Append),
        3 => process.clone().prop_map(Happening::TakeOver),
        2 => process.prop_map(Happening::Follow),
        1 => any::<prop::sample::Index>().prop_map(Happening::Lose),
    ]
}

/// A process that fails is not started again.
struct Cluster {
    partition: Double,
    _folders: TempDir,
    logs: Vec<Option<KafkaLog>>,
    writers: u8,
}

impl Cluster {
    fn new() -> Cluster {
        let (partition, folders) = (Double::default(), TempDir::new().unwrap());
        let folder = |process: usize| folders.path().join(process.to_string());
        let first = KafkaLog::create(partition.shared(), &folder(0), LEDGER, WriterId([0; 16]), "").unwrap();
        let mut logs = vec![Some(first)];
        for process in 1..PROCESSES {
            logs.push(Some(KafkaLog::join(partition.shared(), &folder(process), LEDGER).unwrap()));
        }
        Cluster { partition, _folders: folders, logs, writers: 0 }
    }

    /// The head that a process holds for answered, if it answers.
    fn happens(&mut self, one: Happening) -> Option<Head> {
        let (Happening::Append(process) | Happening::TakeOver(process) | Happening::Follow(process)) = one
        else {
            if let Happening::Lose(index) = one {
                self.partition.truncate(1 + index.index(self.partition.records().len()));
            }
            return None;
        };
        let log = self.logs[process].as_mut()?;
        let answer = match one {
            Happening::Append(_) => append(log, &[u8::try_from(process).unwrap()]),
            Happening::TakeOver(_) => {
                self.writers += 1;
                log.begin_epoch(WriterId([self.writers; 16]), "")
            }
            Happening::Follow(_) | Happening::Lose(_) => {
                if log.follow().is_err() {
                    self.logs[process] = None;
                }
                return None;
            }
        };
        match answer {
            Ok(()) => Some(log.head().clone()),
            Err(AppendError::EpochNotBegun) => None,
            Err(_) => {
                self.logs[process] = None;
                None
            }
        }
    }

    /// Where a process stands that reads everything now, unless the log cannot be trusted any more.
    fn counted(&self) -> Option<Head> {
        let mut judge = Judge::new(Head::genesis(LEDGER));
        for record in self.partition.records() {
            if let Verdict::Halt(_) = judge.judge(&record) {
                return None;
            }
        }
        Some(judge.head().clone())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5 * schedules(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_answer_for_what_does_not_count(happenings in prop::collection::vec(happening(), 1..80)) {
        let mut cluster = Cluster::new();
        for one in happenings {
            if let Some(answered) = cluster.happens(one) {
                prop_assert_eq!(Some(answered), cluster.counted(), "{:?} was answered", one);
            }
        }
    }
}

/// The one way in which every offset is as it was: a writer loses all of its records with its epoch, others write as many
/// without having seen it, and it writes on.
#[test]
fn a_writer_whose_whole_epoch_was_replaced_answers_for_nothing() {
    let (place, mut writer) = Place::new();
    append(&mut writer, b"kept").unwrap();
    let mut young = place.join("young");
    writer.begin_epoch(WriterId([2; 16]), "").unwrap();
    append(&mut writer, b"lost").unwrap();
    let mut reader = place.join("reader");
    place.partition.truncate(2);
    for epoch in 2..4 {
        young.begin_epoch(WriterId([10 + epoch; 16]), "").unwrap();
    }
    let refused = append(&mut writer, b"on").unwrap_err();
    assert!(matches!(refused, AppendError::Unknown { .. }), "{refused}");
    assert!(refused.to_string().contains("acknowledged history missing"), "{refused}");
    assert_eq!(append(&mut writer, b"never"), Err(AppendError::Dead));
    // For whoever saw what was lost, that record is the next batch of the writer.
    assert_eq!(reader.follow(), Err(FollowError::HistoryDiffers { offset: 3 }));
    // For everybody else it comes too late.
    young.follow().unwrap();
    assert_eq!(young.tally().get("lower-epoch"), Some(&1));
    append(&mut young, b"other").unwrap();
    assert_eq!(place.join("late").head(), young.head());
}

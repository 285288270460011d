//! Acknowledged records that real brokers lose: who has seen them stops, and who never saw them cannot know.
//!
//! A power cut that takes what was not synced is made by cutting the file of the partition while its broker is down, and
//! an unclean election by letting a replica lead that was away. What is lost shows only when a process returns that had
//! seen it, or a checkpoint that was signed over it: as long as there is none, the log is whole for all who read it.

use grants_audit::{
    code::Code,
    source::Source,
    verify::{Against, verify},
};
use grants_eventlog::{
    AppendError, Checkpoint, EventLog, Head, Signer,
    kafka::{Broker, BrokerConfig, Carries, FollowError, KafkaLog, KafkaOpenError},
    write_bundle,
};
use grants_policy::Library;
use grants_tests::{
    brokers::had,
    kafka::{Cluster, Plan},
};
use tempfile::TempDir;

use super::{LEDGER, config, topics::CONFIGS, topics::batch, writer};

const KEPT: u64 = 4;
const LOST: u64 = 4;

/// A ledger whose tail gets lost, and everybody who has to do with it.
struct Ledger {
    config: BrokerConfig,
    folders: TempDir,
    writer: KafkaLog,
    /// They have read everything and look again after the loss: one at once, and one when another history has grown.
    running: [KafkaLog; 2],
    /// A note over everything, as an auditor keeps it.
    note: String,
}

impl Ledger {
    /// A ledger with the batches that are kept, and a process that has seen no more.
    fn begin(config: BrokerConfig) -> (BrokerConfig, TempDir, KafkaLog) {
        let folders = TempDir::new().expect("a folder");
        let broker = connect(&config);
        broker.create_topic(Carries::Log).expect("a new topic");
        let mut log =
            KafkaLog::create(broker, &folders.path().join("writer"), LEDGER, writer(1), "").expect("empty");
        append(&mut log, KEPT, b"kept");
        let young = KafkaLog::join(connect(&config), &folders.path().join("young"), LEDGER);
        young.expect("it is there").close().expect("the disk works");
        (config, folders, log)
    }

    /// Appends what will be lost, and shows it to readers.
    fn grow((config, folders, mut writer): (BrokerConfig, TempDir, KafkaLog)) -> Ledger {
        append(&mut writer, LOST, b"lost");
        let join = |process: &str| {
            KafkaLog::join(connect(&config), &folders.path().join(process), LEDGER).expect("it is there")
        };
        join("closed").close().expect("the disk works");
        let running = [join("running"), join("running on")];
        let note = sign(writer.head()).expect("a note");
        Ledger { config, folders, writer, running, note }
    }

    fn open(&self, process: &str) -> Result<KafkaLog, KafkaOpenError> {
        let folder = self.folders.path().join(process);
        KafkaLog::open_from(connect(&self.config), &folder, Head::genesis(LEDGER))
    }

    /// Everybody who has seen the lost tail stops as long as the log is shorter than that.
    fn is_missed_by_all_who_saw_it(&mut self) {
        let end = 1 + KEPT;
        let missing = FollowError::HistoryMissing { end, read: end + LOST };
        assert_eq!(self.running[0].follow(), Err(missing));
        says_so(&self.running[0].follow().expect_err("it stays lost"));
        let halted = self.open("closed").err().expect("it has seen more");
        assert!(
            matches!(halted, KafkaOpenError::HistoryMissing { end: found, .. } if found == end),
            "{halted}"
        );
        says_so(&halted);
    }

    /// The writer cannot go on, and does not come back either.
    fn old_writer_ends(self) {
        let Ledger { config, folders, mut writer, .. } = self;
        let batch = batch(writer.head(), b"on");
        let refused = writer.append(&batch).expect_err("what it builds on is lost");
        println!("the old writer: {refused}");
        assert!(matches!(refused, AppendError::Unknown { .. }), "{refused}");
        assert_eq!(writer.append(&batch), Err(AppendError::Dead));
        drop(writer);
        let folder = folders.path().join("writer");
        let halted = KafkaLog::open_from(connect(&config), &folder, Head::genesis(LEDGER));
        says_so(&halted.err().expect("it has seen more"));
    }

    /// A process that never saw the tail opens the log, notices nothing, and goes on; an auditor who has kept a note
    /// does notice.
    fn goes_on_for_who_never_saw_it(&self, batches: u64) {
        let mut young = self.open("young").expect("it misses nothing");
        assert_eq!(young.head().next_batch(), 1 + KEPT);
        assert!(self.audited(&young, "short").contains(&Code::CheckpointBeyond));
        young.begin_epoch(writer(2), "").expect("nobody else writes");
        append(&mut young, batches, b"over");
        let code = if batches < LOST { Code::CheckpointBeyond } else { Code::GrowthBroken };
        assert!(self.audited(&young, "over").contains(&code));
        young.close().expect("the disk works");
    }

    /// What an audit of everything finds, with the note that was kept.
    fn audited(&self, log: &KafkaLog, name: &str) -> Vec<Code> {
        let folder = self.folders.path().join(name);
        write_bundle(&*log.reader(), LEDGER, &folder, None, |head, _| sign(head)).expect("the log is whole");
        let source = Source::open(&folder).expect("it is a bundle");
        let against = Against { key: None, since: Some(self.note.clone()) };
        let report = verify(&source, &mut Library::new(), &against, &mut |_| ()).expect("it can be read");
        report.findings.iter().map(|finding| finding.code).collect()
    }

    /// Everybody who has seen the lost tail stops, also when the log is long enough again.
    fn differs_for_all_who_saw_it(&mut self) {
        let last = KEPT + LOST;
        let halted = self.running[1].follow().expect_err("it has seen another log");
        assert_eq!(halted, FollowError::HistoryDiffers { offset: last });
        says_so(&halted);
        let halted = self.open("closed").err().expect("it has seen another log");
        assert!(matches!(halted, KafkaOpenError::HistoryDiffers { .. }), "{halted}");
        says_so(&halted);
    }
}

fn connect(config: &BrokerConfig) -> std::sync::Arc<Broker> {
    std::sync::Arc::new(Broker::connect(config.clone()).expect("the settings are acceptable"))
}

fn append(log: &mut KafkaLog, batches: u64, event: &[u8]) {
    for _ in 0..batches {
        let batch = batch(log.head(), event);
        log.append(&batch).expect("it is the writer");
    }
}

fn sign(head: &Head) -> Result<String, String> {
    let signer =
        Signer::from_seed("ledger.example/grants", &[0x42; 32]).map_err(|fault| fault.to_string())?;
    let checkpoint =
        Checkpoint { origin: signer.name().to_owned(), size: head.next_sequence(), root: head.root() };
    signer.sign(&checkpoint.text()).map_err(|fault| fault.to_string())
}

fn says_so(fault: &dyn std::error::Error) {
    let told = fault.to_string();
    assert!(told.contains("acknowledged history missing"), "{told}");
}

#[test]
fn a_tail_that_one_broker_lost_halts_whoever_has_seen_it() {
    let Some(mut cluster) = had("a broker that loses its tail", Plan::of(1).start()) else { return };
    let topics = ["short", "equal", "over"];
    let mut ledgers = topics.map(|topic| Ledger::grow(Ledger::begin(config(&cluster, topic))));
    cluster.kill(0);
    topics.iter().for_each(|topic| cluster.lose(0, topic, 1 + KEPT));
    cluster.restart(0);
    ledgers.iter_mut().for_each(Ledger::is_missed_by_all_who_saw_it);
    let [short, equal, mut over] = ledgers;
    short.old_writer_ends();
    // As many records as before, so that the writer's next would come right behind those it has judged.
    equal.goes_on_for_who_never_saw_it(LOST - 1);
    equal.old_writer_ends();
    over.goes_on_for_who_never_saw_it(LOST);
    over.differs_for_all_who_saw_it();
    over.old_writer_ends();
}

#[test]
fn an_unclean_election_halts_whoever_has_seen_what_it_lost() {
    let started = Plan::of(3).with_a_controller_apart().start();
    let Some(mut cluster) = had("an unclean election", started) else { return };
    let begun = Ledger::begin(config(&cluster, "unclean"));
    assert_eq!(connect(&begun.0).check_topic(Carries::Log), Ok(()));
    // Somebody changes a setting behind the ledger's back.
    allow_unclean_elections(&cluster, "unclean");
    cluster.kill(2);
    let mut ledger = Ledger::grow(begun);
    cluster.kill(0);
    cluster.kill(1);
    // It has nothing of what was acknowledged without it, and nobody else is there to lead.
    cluster.restart(2);
    cluster.restart(0);
    ledger.is_missed_by_all_who_saw_it();
    ledger.goes_on_for_who_never_saw_it(LOST + 1);
    ledger.differs_for_all_who_saw_it();
    ledger.old_writer_ends();
}

fn allow_unclean_elections(cluster: &Cluster, topic: &str) {
    let entity = ["--alter", "--entity-type", "topics", "--entity-name", topic];
    let setting = ["--add-config", "unclean.leader.election.enable=true"];
    let _ = cluster.tool(CONFIGS, &[&entity[..], &setting].concat());
}

//! The promises of a log, on real brokers.

use std::cell::RefCell;

use grants_eventlog::{
    EventLog, Head, LedgerId, WriterId,
    contract::{self, Backend},
    kafka::{Carries, KafkaLog},
};
use grants_tests::kafka::Cluster;
use tempfile::TempDir;

use super::{connect, shared};

/// One topic for each ledger that the suite creates.
struct OnBrokers<'a> {
    cluster: &'a Cluster,
    latest: RefCell<(u32, Option<TempDir>)>,
}

impl OnBrokers<'_> {
    fn topic(&self) -> String {
        format!("ledger-{}", self.latest.borrow().0)
    }
}

impl Backend for OnBrokers<'_> {
    fn create(&self, ledger: LedgerId, writer: WriterId, address: &str) -> Box<dyn EventLog> {
        let number = self.latest.borrow().0 + 1;
        self.latest.replace((number, Some(TempDir::new().expect("a folder"))));
        let broker = connect(self.cluster, &self.topic());
        broker.create_topic(Carries::Log).expect("a new topic");
        broker.check_topic(Carries::Log).expect("a topic as it must be");
        let latest = self.latest.borrow();
        let folder = latest.1.as_ref().expect("it was made above").path();
        Box::new(KafkaLog::create(broker, folder, ledger, writer, address).expect("an empty topic"))
    }

    fn reopen(&self, log: Box<dyn EventLog>) -> Box<dyn EventLog> {
        let ledger = log.head().ledger();
        drop(log);
        let broker = connect(self.cluster, &self.topic());
        let latest = self.latest.borrow();
        let folder = latest.1.as_ref().expect("it was created before").path();
        Box::new(KafkaLog::open_from(broker, folder, Head::genesis(ledger)).expect("nothing was lost"))
    }
}

fn keeps_the_contract(brokers: usize) {
    let Some(cluster) = shared("the contract of a log", brokers) else { return };
    contract::every_rule(&OnBrokers { cluster: &cluster, latest: RefCell::new((0, None)) });
}

#[test]
fn one_broker_keeps_the_contract() {
    keeps_the_contract(1);
}

#[test]
fn three_brokers_keep_the_contract() {
    keeps_the_contract(3);
}

/// Two processes write in turn, and each learns from the log alone that it was replaced.
#[test]
fn a_replaced_writer_is_never_answered() {
    let Some(cluster) = shared("a writer that is replaced", 1) else { return };
    connect(&cluster, "turns").create_topic(Carries::Log).expect("a new topic");
    let folder = TempDir::new().expect("a folder");
    let of = |process: &str| folder.path().join(process);
    let (ledger, mut number) = (super::LEDGER, 1);
    let mut old =
        KafkaLog::create(connect(&cluster, "turns"), &of("0"), ledger, super::writer(1), "a").expect("empty");
    for turn in 1..12 {
        let mut next =
            KafkaLog::join(connect(&cluster, "turns"), &of(&turn.to_string()), ledger).expect("it is there");
        number += 1;
        next.begin_epoch(super::writer(number), "b").expect("nobody else writes");
        let late = super::topics::batch(old.head(), b"late");
        assert_eq!(
            old.append(&late),
            Err(grants_eventlog::AppendError::Superseded { epoch: u64::from(number) })
        );
        let on = super::topics::batch(next.head(), b"on");
        next.append(&on).expect("it is the writer");
        old = next;
    }
    let reader = KafkaLog::join(connect(&cluster, "turns"), &of("reader"), ledger).expect("it is there");
    assert_eq!(reader.head(), old.head());
    assert_eq!(reader.tally().get("lower-epoch"), Some(&11));
}

//! A topic that cannot carry a ledger is refused, with a remedy.

use grants_eventlog::{
    BatchBuilder, Head, SealedBatch,
    kafka::{Broker, Carries, TopicError, WrongSetting},
};

use super::{config, connect, shared};

pub(super) fn batch(head: &Head, event: &[u8]) -> SealedBatch {
    let mut builder = BatchBuilder::new(head);
    builder.push(event).expect("a small event");
    builder.seal()
}

const TOPICS: &str = "org.apache.kafka.tools.TopicCommand";
pub(super) const CONFIGS: &str = "kafka.admin.ConfigCommand";

/// Each setting, a value that is wrong, and what must be said.
const WRONG: [(&str, &str, &str); 7] = [
    ("cleanup.policy", "compact", "must have delete"),
    ("retention.ms", "604800000", "must have -1"),
    ("retention.bytes", "1000000000", "must have -1"),
    ("unclean.leader.election.enable", "true", "must have false"),
    ("message.timestamp.type", "CreateTime", "must have LogAppendTime"),
    ("min.insync.replicas", "1", "must have 2 or more"),
    ("max.message.bytes", "900000", "must have 925696 or more"),
];

#[test]
fn every_wrong_setting_of_a_topic_is_refused_with_a_remedy_that_works() {
    let Some(cluster) = shared("settings of topics", 3) else { return };
    let broker = connect(&cluster, "ledger");
    broker.create_topic(Carries::Log).expect("a new topic");
    let alter = |added: &str| {
        let entity = ["--alter", "--entity-type", "topics", "--entity-name", "ledger", "--add-config"];
        let _ = cluster.tool(CONFIGS, &[&entity[..], &[added]].concat());
    };
    // Everything is wrong at once, and each remedy mends one thing. A run of the tool takes seconds.
    let all: Vec<String> = WRONG.iter().map(|(setting, wrong, _)| format!("{setting}={wrong}")).collect();
    alter(&all.join(","));
    let (mut mended, mut waited) = (Vec::new(), 0);
    while let Err(refused) = broker.check_topic(Carries::Log) {
        let told = refused.to_string();
        let TopicError::Setting(found) = refused else { panic!("{refused:?}") };
        let WrongSetting { setting, remedy, .. } = *found;
        let (_, wrong, words) = WRONG.iter().find(|(name, ..)| *name == setting).expect("it was changed");
        assert!(told.contains(words) && told.contains(&format!("{setting}={wrong}")), "{told}");
        if mended.contains(&setting) {
            // Brokers learn of a setting one after the other, and any of them may be asked.
            assert!(waited < 100, "the remedy for {setting} did not help: {told}");
            waited += 1;
            std::thread::sleep(std::time::Duration::from_millis(100));
            continue;
        }
        alter(&format!("{setting}={remedy}"));
        mended.push(setting);
    }
    mended.sort_unstable();
    let mut expected = WRONG.map(|(setting, ..)| setting);
    expected.sort_unstable();
    assert_eq!(mended, expected);
}

/// Pulses are kept for about a day: neither for ever nor for a moment.
#[test]
fn the_side_topic_is_checked_like_the_log() {
    let Some(cluster) = shared("settings of a side topic", 1) else { return };
    let side = Broker::connect(config(&cluster, "ledger").pulses()).expect("the settings are acceptable");
    side.create_topic(Carries::Pulses).expect("a new topic");
    assert_eq!(side.check_topic(Carries::Pulses), Ok(()));
    assert!(matches!(side.check_topic(Carries::Log), Err(TopicError::Setting(_))));
    for wrong in ["-1", "60000", "999999999999"] {
        let added = format!("retention.ms={wrong}");
        let entity = ["--alter", "--entity-type", "topics", "--entity-name", "ledger.pulse", "--add-config"];
        let _ = cluster.tool(CONFIGS, &[&entity[..], &[added.as_str()]].concat());
        let told = side.check_topic(Carries::Pulses).expect_err(wrong).to_string();
        assert!(told.contains("an hour") && told.contains(&added), "{told}");
    }
}

#[test]
fn a_topic_of_another_shape_is_refused() {
    let Some(cluster) = shared("settings of topics", 3) else { return };
    let create = |topic: &str, partitions: &str, replicas: &str| {
        let asked =
            ["--create", "--topic", topic, "--partitions", partitions, "--replication-factor", replicas];
        let _ = cluster.tool(TOPICS, &asked);
    };
    create("wide", "2", "3");
    create("thin", "1", "2");
    let shape = |topic| connect(&cluster, topic).check_topic(Carries::Log).expect_err(topic);
    assert!(matches!(shape("none"), TopicError::Missing(_) | TopicError::Broker(_)));
    assert!(matches!(shape("wide"), TopicError::Partitions { found: 2, .. }));
    assert!(matches!(shape("thin"), TopicError::Replicas { found: 2, .. }));
    let told = shape("thin").to_string();
    assert!(told.contains("single-broker"), "{told}");
}

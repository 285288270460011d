//! The topic of a ledger: how it must be set, and how it is made.
//!
//! | setting | must be | because otherwise |
//! |---|---|---|
//! | partitions | 1 | there is no one order |
//! | replication factor | 3 or more | the loss of a broker loses what was acknowledged |
//! | `min.insync.replicas` | 2 or more, less than the replicas | an answer may rest on one machine |
//! | `cleanup.policy` | `delete` | compaction removes records |
//! | `retention.ms`, `retention.bytes` | -1 | old records are deleted |
//! | `unclean.leader.election.enable` | `false` | a replica that lags may become the log |
//! | `max.message.bytes` | at least a whole batch | a full batch is refused |
//! | `message.timestamp.type` | `LogAppendTime` | a standby could not compare its clock with the broker's |
//!
//! With `durability = "single-broker"` one replica is enough, and everything else stays.
//!
//! The side topic of the pulses (`<topic>.pulse`) is replicated and dated like the log, and keeps what is sent for about a
//! day: long enough for a process that stood still, and not for ever.

use std::time::{Duration, Instant};

use rdkafka::admin::{
    AdminClient, AdminOptions, ConfigResource, NewTopic, ResourceSpecifier, TopicReplication,
};

use super::broker::{ANSWER_WITHIN, Broker, told};
use super::config::BrokerConfig;
use super::partition::Fault;
use super::watch::Watch;
use crate::batch::BATCH_BYTES_MAX;

/// What a record takes beside its batch, counted generously.
const RECORD_OVERHEAD_BYTES: usize = 4 * 1_024;
/// How long pulses are kept: a day, and not much less or more.
const PULSES_KEPT_MS: u64 = 86_400_000;
const PULSES_KEPT_WITHIN_MS: std::ops::RangeInclusive<u64> = 3_600_000..=604_800_000;
const ASK_AGAIN: Duration = Duration::from_millis(200);
/// How many replicas a ledger's topic has at least.
pub const REPLICAS_MIN: usize = 3;
/// How many of them have every record before it is acknowledged.
pub const IN_SYNC_MIN: usize = 2;

/// A topic that cannot carry a ledger, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TopicError {
    /// The brokers could not be asked.
    #[error(transparent)]
    Broker(#[from] Fault),
    /// There is no such topic.
    #[error("there is no topic {0}; create it with the settings of a ledger first")]
    Missing(String),
    /// It has another number of partitions than one.
    #[error(
        "topic {topic} has {found} partitions; a ledger has one order, so it needs a topic with exactly one"
    )]
    Partitions {
        /// Which topic.
        topic: String,
        /// How many it has.
        found: usize,
    },
    /// It has too few replicas.
    #[error(
        "topic {topic} has {found} replicas; a ledger needs {REPLICAS_MIN}, or durability = \"single-broker\" if one machine is all there is"
    )]
    Replicas {
        /// Which topic.
        topic: String,
        /// How many it has.
        found: usize,
    },
    /// A setting has another value than it must have.
    #[error(transparent)]
    Setting(Box<WrongSetting>),
}

/// A setting of a topic that cannot carry a ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "topic {topic} has {setting}={found} and must have {wanted}: kafka-configs --bootstrap-server {brokers} --alter --entity-type topics --entity-name {topic} --add-config {setting}={remedy}"
)]
pub struct WrongSetting {
    /// Which topic.
    pub topic: String,
    /// Where.
    pub brokers: String,
    /// Which setting.
    pub setting: &'static str,
    /// What it is.
    pub found: String,
    /// What it must be, in words.
    pub wanted: String,
    /// A value that is.
    pub remedy: String,
}

/// What a topic is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    /// The batches of a ledger.
    Log,
    /// The signs of life beside it.
    Pulses,
}

/// One setting of a topic: its name, a good value, and which other values are as good.
struct Rule {
    setting: &'static str,
    good: String,
    wanted: String,
    holds: fn(found: &str, good: &str) -> bool,
}

fn rules(carries: Carries, single_broker: bool) -> Vec<Rule> {
    let mut rules = shared_rules(single_broker);
    rules.extend(match carries {
        Carries::Log => vec![
            equal("retention.ms", "-1"),
            equal("retention.bytes", "-1"),
            at_least("max.message.bytes", BATCH_BYTES_MAX + RECORD_OVERHEAD_BYTES),
        ],
        Carries::Pulses => vec![Rule {
            setting: "retention.ms",
            good: PULSES_KEPT_MS.to_string(),
            wanted: "an hour (3600000) to a week (604800000)".to_owned(),
            holds: |found, _| found.parse::<u64>().is_ok_and(|ms| PULSES_KEPT_WITHIN_MS.contains(&ms)),
        }],
    });
    rules
}

fn equal(setting: &'static str, good: &str) -> Rule {
    Rule { setting, good: good.to_owned(), wanted: good.to_owned(), holds: |found, good| found == good }
}

fn at_least(setting: &'static str, good: usize) -> Rule {
    let holds = |found: &str, good: &str| match (found.parse::<u64>(), good.parse::<u64>()) {
        (Ok(found), Ok(good)) => good <= found,
        _ => false,
    };
    Rule { setting, good: good.to_string(), wanted: format!("{good} or more"), holds }
}

/// What both kinds of topics must have.
fn shared_rules(single_broker: bool) -> Vec<Rule> {
    vec![
        equal("cleanup.policy", "delete"),
        equal("unclean.leader.election.enable", "false"),
        equal("message.timestamp.type", "LogAppendTime"),
        at_least("min.insync.replicas", if single_broker { 1 } else { IN_SYNC_MIN }),
    ]
}

impl Broker {
    /// Makes the topic, with every setting that it needs.
    ///
    /// # Errors
    /// The brokers refuse, for instance because there are too few of them or the topic is there.
    pub fn create_topic(&self, carries: Carries) -> Result<(), TopicError> {
        let config = self.config();
        let replicas = if config.single_broker { 1 } else { i32::try_from(REPLICAS_MIN).unwrap_or(i32::MAX) };
        let rules = rules(carries, config.single_broker);
        let topic = NewTopic::new(&config.topic, 1, TopicReplication::Fixed(replicas));
        let topic = rules.iter().fold(topic, |topic, rule| topic.set(rule.setting, &rule.good));
        // Whoever is not let in learns it by this question, and sooner than by the next.
        self.metadata()?;
        let admin = admin(config)?;
        let options =
            AdminOptions::new().request_timeout(Some(ANSWER_WITHIN)).operation_timeout(Some(ANSWER_WITHIN));
        let answer = wait(admin.create_topics([&topic], &options))?;
        let created = answer.map_err(|fault| told(config, &fault))?;
        match created.into_iter().find_map(Result::err) {
            None => self.await_topic(),
            Some((topic, code)) => Err(Fault::new(format!("topic {topic} was not created: {code}")).into()),
        }
    }

    /// Waits until every broker that is asked knows a topic that was just made.
    fn await_topic(&self) -> Result<(), TopicError> {
        let begun = Instant::now();
        loop {
            match self.check_shape(self.config()) {
                Err(TopicError::Missing(_)) if begun.elapsed() < ANSWER_WITHIN => {
                    std::thread::sleep(ASK_AGAIN)
                }
                known => return known,
            }
        }
    }

    /// Looks whether the topic can carry what it is for.
    ///
    /// # Errors
    /// The first setting that is wrong, with a remedy.
    pub fn check_topic(&self, carries: Carries) -> Result<(), TopicError> {
        let config = self.config();
        self.check_shape(config)?;
        check_settings(config, rules(carries, config.single_broker))
    }

    fn check_shape(&self, config: &BrokerConfig) -> Result<(), TopicError> {
        let metadata = self.metadata()?;
        let topic = metadata.topics().iter().find(|one| one.name() == config.topic);
        let missing = || TopicError::Missing(config.topic.clone());
        let topic = topic.filter(|one| !one.partitions().is_empty()).ok_or_else(missing)?;
        let [partition] = topic.partitions() else {
            let found = topic.partitions().len();
            return Err(TopicError::Partitions { topic: config.topic.clone(), found });
        };
        let found = partition.replicas().len();
        if found < if config.single_broker { 1 } else { REPLICAS_MIN } {
            return Err(TopicError::Replicas { topic: config.topic.clone(), found });
        }
        Ok(())
    }
}

/// Looks whether a topic can carry a public feed: nothing may be taken out of its middle. For how long it keeps records, and
/// on how many machines, is for those to say who read it.
///
/// # Errors
/// It cannot, with a remedy; or the brokers cannot be asked.
pub fn check_public_topic(config: &BrokerConfig) -> Result<(), TopicError> {
    check_settings(config, vec![equal("cleanup.policy", "delete")])
}

fn check_settings(config: &BrokerConfig, rules: Vec<Rule>) -> Result<(), TopicError> {
    let described = settings(config, &rules)?;
    for Rule { setting, good, wanted, holds } in rules {
        let found = described.get(setting).and_then(|entry| entry.value.clone()).unwrap_or_default();
        if !holds(&found, &good) {
            let (topic, brokers) = (config.topic.clone(), config.brokers.clone());
            let wrong = WrongSetting { topic, brokers, setting, found, wanted, remedy: good };
            return Err(TopicError::Setting(Box::new(wrong)));
        }
    }
    Ok(())
}

/// The settings of the topic. A broker that has just heard of it may not know them yet.
fn settings(config: &BrokerConfig, wanted: &[Rule]) -> Result<ConfigResource, TopicError> {
    let admin = admin(config)?;
    let options = AdminOptions::new().request_timeout(Some(ANSWER_WITHIN));
    let (asked, begun) = ([ResourceSpecifier::Topic(&config.topic)], Instant::now());
    loop {
        let answer = wait(admin.describe_configs(&asked, &options))?;
        let mut described = answer.map_err(|fault| told(config, &fault))?;
        let resource = match described.pop() {
            Some(Ok(resource)) => resource,
            Some(Err(code)) => return Err(Fault::new(format!("topic {}: {code}", config.topic)).into()),
            None => return Err(TopicError::Missing(config.topic.clone())),
        };
        let known = wanted.iter().all(|rule| resource.get(rule.setting).is_some());
        if known || ANSWER_WITHIN < begun.elapsed() {
            return Ok(resource);
        }
        std::thread::sleep(ASK_AGAIN);
    }
}

fn admin(config: &BrokerConfig) -> Result<AdminClient<Watch>, Fault> {
    config.client().create_with_context(Watch::default()).map_err(|fault| told(config, &fault))
}

/// Waits for an answer that librdkafka's own threads bring.
fn wait<T>(answer: impl Future<Output = T>) -> Result<T, Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    Ok(runtime.map_err(|fault| Fault::new(format!("no runtime: {fault}")))?.block_on(answer))
}

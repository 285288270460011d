//! Where something lies on Kafka, as people write it: `kafka://HOST:PORT[,HOST:PORT…]/TOPIC`.
//!
//! Who we are to the brokers is no part of it: an address stands in logs and in shell histories, and a password does not.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

const SCHEME: &str = "kafka://";
/// Longest name of a topic, as the brokers have it, in letters.
const TOPIC_LETTERS_MAX: usize = 249;

/// A topic, and brokers that lead to it.
///
/// Invariant: at least one broker, each `HOST:PORT`; a topic that a broker can have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct KafkaUrl {
    brokers: String,
    topic: String,
}

/// A text says not where something lies on Kafka.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KafkaUrlError {
    /// It does not begin as it must, or has no topic.
    #[error("expected kafka://HOST:PORT[,HOST:PORT]/TOPIC")]
    Shape,
    /// A broker is not `HOST:PORT`.
    #[error("{0:?} is no broker: expected HOST:PORT, such as kafka-1.example:9092")]
    Broker(String),
    /// No broker can have a topic of this name.
    #[error("{0:?} is no topic: expected 1 to {TOPIC_LETTERS_MAX} of a-z, A-Z, 0-9, '.', '_' and '-'")]
    Topic(String),
}

impl KafkaUrl {
    /// `HOST:PORT` of some brokers, separated by commas.
    pub(crate) fn brokers(&self) -> &str {
        &self.brokers
    }

    /// The name of the topic.
    pub(crate) fn topic(&self) -> &str {
        &self.topic
    }
}

impl FromStr for KafkaUrl {
    type Err = KafkaUrlError;

    fn from_str(text: &str) -> Result<KafkaUrl, KafkaUrlError> {
        let rest = text.strip_prefix(SCHEME).ok_or(KafkaUrlError::Shape)?;
        let (brokers, topic) = rest.split_once('/').ok_or(KafkaUrlError::Shape)?;
        if let Some(wrong) = brokers.split(',').find(|one| !is_broker(one)) {
            return Err(KafkaUrlError::Broker(wrong.to_owned()));
        }
        if !is_topic(topic) {
            return Err(KafkaUrlError::Topic(topic.to_owned()));
        }
        Ok(KafkaUrl { brokers: brokers.to_owned(), topic: topic.to_owned() })
    }
}

impl TryFrom<String> for KafkaUrl {
    type Error = KafkaUrlError;

    fn try_from(text: String) -> Result<KafkaUrl, KafkaUrlError> {
        text.parse()
    }
}

impl From<KafkaUrl> for String {
    fn from(url: KafkaUrl) -> String {
        url.to_string()
    }
}

impl fmt::Display for KafkaUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{SCHEME}{}/{}", self.brokers, self.topic)
    }
}

fn is_broker(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    let plain = port.bytes().all(|digit| digit.is_ascii_digit()) && !port.starts_with('0');
    let port = plain && port.parse::<u16>().is_ok();
    let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    port && match inner {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty() && host.bytes().all(|one| one.is_ascii_alphanumeric() || b".-_".contains(&one))
        }
    }
}

fn is_topic(text: &str) -> bool {
    let letters = text.bytes().all(|one| one.is_ascii_alphanumeric() || b"._-".contains(&one));
    letters && (1..=TOPIC_LETTERS_MAX).contains(&text.len()) && text != "." && text != ".."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back_what_it_prints() {
        let several = "kafka://a.example:9092,127.0.0.1:19092,[::1]:9093/city.411700-log_1";
        let url: KafkaUrl = several.parse().unwrap();
        assert_eq!(url.brokers(), "a.example:9092,127.0.0.1:19092,[::1]:9093");
        assert_eq!(url.topic(), "city.411700-log_1");
        assert_eq!(url.to_string(), several);
    }

    #[test]
    fn what_leads_nowhere_is_refused_where_it_is_wrong() {
        let wrong = |text: &str| text.parse::<KafkaUrl>().unwrap_err();
        for text in ["", "ledger", "localhost:9092/ledger", "Kafka://a:1/b", "kafka://a:1"] {
            assert_eq!(wrong(text), KafkaUrlError::Shape, "{text}");
        }
        let brokers =
            ["", "a", "a:", ":9092", "a:0", "a:09", "a:65536", "a:+9", "me:pw@a:9092", "::1:9092", "[a]:1"];
        for broker in brokers {
            let told = wrong(&format!("kafka://b:1,{broker}/ledger"));
            assert_eq!(told, KafkaUrlError::Broker(broker.to_owned()));
        }
        for topic in ["", ".", "..", "a/b", "a b", "账本", "a?b", &"x".repeat(250)] {
            assert_eq!(wrong(&format!("kafka://b:1/{topic}")), KafkaUrlError::Topic(topic.to_owned()));
        }
    }
}

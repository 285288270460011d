//! How a broker is reached: addresses, topic, and who we are to it.

use std::fmt;
use std::path::PathBuf;

use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use zeroize::Zeroizing;

/// How long a client waits at most before it tries a broker again, in milliseconds: a broker that comes back is used soon.
const RECONNECT_WITHIN_MS: u32 = 1_000;

/// A topic partition on a cluster. The partition is always 0: one topic per ledger.
#[derive(Clone, Debug)]
pub struct BrokerConfig {
    /// `host:port` of some brokers, separated by commas.
    pub brokers: String,
    /// The topic of the ledger.
    pub topic: String,
    /// How the connection is protected.
    pub security: Security,
    /// Whether one broker is enough, because the operator said so.
    pub single_broker: bool,
}

impl BrokerConfig {
    /// The side topic of the pulses, on the same cluster.
    #[must_use]
    pub fn pulses(&self) -> BrokerConfig {
        BrokerConfig { topic: format!("{}.pulse", self.topic), ..self.clone() }
    }

    /// What every client of ours has alike: where the brokers are, and how the connection to them is protected. Whoever
    /// needs a client adds what it is for.
    #[must_use]
    pub fn client(&self) -> ClientConfig {
        let mut client = ClientConfig::new();
        client
            .set("bootstrap.servers", &self.brokers)
            .set("client.id", "grants-ledger")
            .set("reconnect.backoff.max.ms", RECONNECT_WITHIN_MS.to_string());
        // Brokers that hang up are told of no more loudly, and `Watch` wants to know.
        client.set_log_level(RDKafkaLogLevel::Info);
        match &self.security {
            Security::Plaintext => {}
            Security::ScramOverTls { authority, user, password } => {
                client
                    .set("security.protocol", "SASL_SSL")
                    .set("sasl.mechanism", "SCRAM-SHA-512")
                    .set("ssl.ca.location", authority.display().to_string())
                    .set("ssl.endpoint.identification.algorithm", "https")
                    .set("sasl.username", user)
                    .set("sasl.password", password.reveal());
            }
        }
        client
    }
}

/// How the connection to the brokers is protected.
#[derive(Clone, Debug)]
pub enum Security {
    /// Not at all: for brokers on this machine.
    Plaintext,
    /// SASL_SSL with SCRAM-SHA-512.
    ScramOverTls {
        /// The certificates that sign the brokers', as PEM.
        authority: PathBuf,
        /// Who we are.
        user: String,
        /// What proves it.
        password: Password,
    },
}

/// A password that no message ever shows.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes it in; the text is wiped when the last copy goes.
    #[must_use]
    pub fn new(text: String) -> Password {
        Password(Zeroizing::new(text))
    }

    fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(security: Security) -> BrokerConfig {
        BrokerConfig {
            brokers: "a:1,b:2".to_owned(),
            topic: "city".to_owned(),
            security,
            single_broker: false,
        }
    }

    fn secured() -> BrokerConfig {
        config(Security::ScramOverTls {
            authority: PathBuf::from("ca.pem"),
            user: "ledger".to_owned(),
            password: Password::new("correct horse".to_owned()),
        })
    }

    #[test]
    fn a_password_is_in_no_message() {
        let told = format!("{:?}", secured());
        assert!(told.contains("ledger") && !told.contains("horse"), "{told}");
    }

    /// Everything that protects the connection is asked for by name, and nothing is left to what is usual.
    #[test]
    fn a_secured_client_is_told_all_that_protects_it() {
        let client = secured().client();
        for (key, value) in [
            ("bootstrap.servers", "a:1,b:2"),
            ("security.protocol", "SASL_SSL"),
            ("sasl.mechanism", "SCRAM-SHA-512"),
            ("ssl.ca.location", "ca.pem"),
            ("ssl.endpoint.identification.algorithm", "https"),
            ("sasl.username", "ledger"),
            ("sasl.password", "correct horse"),
        ] {
            assert_eq!(client.get(key), Some(value), "{key}");
        }
        // The check of certificates is never turned off.
        assert_eq!(client.get("enable.ssl.certificate.verification"), None);
    }

    #[test]
    fn a_plain_client_sends_no_user() {
        let client = config(Security::Plaintext).client();
        for key in ["security.protocol", "sasl.mechanism", "sasl.username", "sasl.password"] {
            assert_eq!(client.get(key), None, "{key}");
        }
    }

    #[test]
    fn pulses_are_beside_the_log_on_the_same_brokers() {
        let pulses = secured().pulses();
        assert_eq!((pulses.topic.as_str(), pulses.brokers.as_str()), ("city.pulse", "a:1,b:2"));
        assert_eq!(pulses.client().get("security.protocol"), Some("SASL_SSL"));
    }
}

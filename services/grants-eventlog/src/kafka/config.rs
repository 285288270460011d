//! How a broker is reached: addresses, topic, and who we are to it.

use std::fmt;
use std::path::PathBuf;

use zeroize::Zeroizing;

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

    pub(super) fn reveal(&self) -> &str {
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

    #[test]
    fn a_password_is_in_no_message() {
        let security = Security::ScramOverTls {
            authority: PathBuf::from("ca.pem"),
            user: "ledger".to_owned(),
            password: Password::new("correct horse".to_owned()),
        };
        let told = format!("{security:?}");
        assert!(told.contains("ledger") && !told.contains("horse"), "{told}");
    }
}

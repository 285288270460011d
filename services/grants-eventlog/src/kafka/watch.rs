//! Listens to what librdkafka says of its connections, so that who is not let in learns why, and not only that nobody
//! answered.
//!
//! It tries for ever, whatever the brokers say, and tells of it beside the answers. So what it says is kept until the
//! next good answer, and decides when there is none.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::ConsumerContext;
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaErrorCode;

use super::partition::Barred;

/// For how long nothing else must have been heard: one broker of several may keep us out while another answers.
const KEPT_OUT_FOR: Duration = Duration::from_secs(2);

/// What the client calls it when a connection ends.
const HUNG_UP: &str = "FAIL";

/// What the clients of one process have heard. Clones are the same.
#[derive(Clone, Default)]
pub(super) struct Watch(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    // Whether any broker has ever answered: then what we speak is what they speak.
    let_in: bool,
    complaint: Option<Complaint>,
}

#[derive(Clone, Debug)]
struct Complaint {
    barred: Barred,
    words: String,
    since: Instant,
}

impl Watch {
    /// The brokers let us in: what was heard before is over.
    pub(super) fn answered(&self) {
        *self.lock() = Heard { let_in: true, complaint: None };
    }

    /// Whether any broker has ever answered.
    pub(super) fn let_in(&self) -> bool {
        self.lock().let_in
    }

    /// Why we are not let in, and the client's words for it, if nothing else has come of a question for long enough.
    pub(super) fn barred(&self, asked: Instant) -> Option<(Barred, String)> {
        let complaint = self.lock().complaint.clone()?;
        let since = complaint.since.max(asked);
        (KEPT_OUT_FOR <= since.elapsed()).then_some((complaint.barred, complaint.words))
    }

    fn hear(&self, code: Option<RDKafkaErrorCode>, words: &str) {
        let mut heard = self.lock();
        match barred_by(code, words) {
            // A broker that goes away hangs up as well, or somebody on the way to it.
            Some(Barred::NoTls | Barred::WantsTls) if heard.let_in => {}
            Some(barred) => {
                let since = match &heard.complaint {
                    Some(same) if same.barred == barred => same.since,
                    Some(_) | None => Instant::now(),
                };
                heard.complaint = Some(Complaint { barred, words: words.to_owned(), since });
            }
            // It cannot be reached any more, so hanging up has said nothing.
            None if code == Some(RDKafkaErrorCode::BrokerTransportFailure) => {
                heard.complaint.take_if(|one| matches!(one.barred, Barred::NoTls | Barred::WantsTls));
            }
            None => {}
        }
    }

    fn lock(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why we are not let in, if that is what librdkafka says.
fn barred_by(code: Option<RDKafkaErrorCode>, words: &str) -> Option<Barred> {
    use RDKafkaErrorCode::{Authentication, BrokerTransportFailure, SSL, SaslAuthenticationFailed};
    let (code, says) = (code?, |part: &str| words.contains(part));
    if [Authentication, SaslAuthenticationFailed].contains(&code) {
        return Some(Barred::Login);
    }
    if code == SSL {
        return Some(if says("wrong version number") { Barred::NoTls } else { Barred::Certificate });
    }
    // Brokers that expect something else hang up at the first bytes.
    if code != BrokerTransportFailure || !says("Disconnected") {
        return None;
    }
    if says("SSL_HANDSHAKE") {
        return Some(Barred::NoTls);
    }
    (says("APIVERSION_QUERY") && !says("ssl://")).then_some(Barred::WantsTls)
}

impl ClientContext for Watch {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        // A broker that hangs up is no error to the client, which only logs it.
        let code = Some(RDKafkaErrorCode::BrokerTransportFailure);
        if facility == HUNG_UP && barred_by(code, message).is_some() {
            self.hear(code, message);
        }
        match level {
            RDKafkaLogLevel::Emerg
            | RDKafkaLogLevel::Alert
            | RDKafkaLogLevel::Critical
            | RDKafkaLogLevel::Error
            | RDKafkaLogLevel::Warning => tracing::warn!(facility, "librdkafka: {message}"),
            RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info | RDKafkaLogLevel::Debug => {
                tracing::debug!(facility, "librdkafka: {message}");
            }
        }
    }

    // The client logs it as well, so this only listens.
    fn error(&self, error: KafkaError, reason: &str) {
        self.hear(error.rdkafka_error_code(), reason);
    }
}

impl ConsumerContext for Watch {}

#[cfg(test)]
mod tests {
    use super::*;

    const TRANSPORT: RDKafkaErrorCode = RDKafkaErrorCode::BrokerTransportFailure;
    const NO_TLS: &str = "a:1/bootstrap: Disconnected: closed by peer (after 4ms in state APIVERSION_QUERY)";

    /// When a question was asked that has waited long enough.
    fn long_ago() -> Instant {
        Instant::now().checked_sub(KEPT_OUT_FOR).expect("this machine runs for longer")
    }

    /// What is believed, as if it had been heard long ago.
    fn barred(watch: &Watch) -> Option<Barred> {
        watch.lock().complaint.as_mut()?.since = long_ago();
        watch.barred(long_ago()).map(|(barred, _)| barred)
    }

    #[test]
    fn what_keeps_us_out_is_believed_after_a_moment_and_forgotten_with_an_answer() {
        let watch = Watch::default();
        watch.hear(Some(RDKafkaErrorCode::Authentication), "SASL authentication error");
        assert_eq!(watch.barred(long_ago()), None);
        assert_eq!(barred(&watch), Some(Barred::Login));
        // The same again does not begin the moment anew, and a new question does.
        watch.hear(Some(RDKafkaErrorCode::Authentication), "SASL authentication error");
        assert!(watch.barred(long_ago()).is_some());
        assert_eq!(watch.barred(Instant::now()), None);
        watch.answered();
        assert_eq!(barred(&watch), None);
    }

    #[test]
    fn who_hangs_up_at_the_first_bytes_expects_something_else() {
        for (words, expected) in [
            (NO_TLS, Some(Barred::WantsTls)),
            ("ssl://a:1/bootstrap: Disconnected (after 4ms in state APIVERSION_QUERY)", None),
            (
                "ssl://a:1/bootstrap: Disconnected: closed (after 0ms in state SSL_HANDSHAKE)",
                Some(Barred::NoTls),
            ),
            ("a:1/1: Disconnected (after 7123ms in state UP)", None),
            ("a:1/1: Connect to ipv4#127.0.0.1:1 failed: Connection refused", None),
        ] {
            assert_eq!(barred_by(Some(TRANSPORT), words), expected, "{words}");
        }
        let wrong_version = "SSL handshake failed: error:0A00010B:SSL routines::wrong version number";
        assert_eq!(barred_by(Some(RDKafkaErrorCode::SSL), wrong_version), Some(Barred::NoTls));
    }

    #[test]
    fn a_broker_that_goes_away_keeps_nobody_out() {
        let watch = Watch::default();
        watch.log(RDKafkaLogLevel::Info, "FAIL", NO_TLS);
        assert_eq!(barred(&watch), Some(Barred::WantsTls));
        watch.hear(Some(RDKafkaErrorCode::AllBrokersDown), "1/1 brokers are down");
        assert_eq!(barred(&watch), Some(Barred::WantsTls));
        watch.hear(Some(TRANSPORT), "Connect to 127.0.0.1 failed: Connection refused");
        assert_eq!(barred(&watch), None);
        // A wrong password stays wrong when another broker is away.
        watch.hear(Some(RDKafkaErrorCode::Authentication), "SASL authentication error");
        watch.hear(Some(TRANSPORT), "Connect to 127.0.0.1 failed: Connection refused");
        assert_eq!(barred(&watch), Some(Barred::Login));
        // Whoever was answered once speaks the right way.
        watch.answered();
        watch.log(RDKafkaLogLevel::Info, "FAIL", NO_TLS);
        assert_eq!(barred(&watch), None);
        watch.hear(Some(RDKafkaErrorCode::Authentication), "SASL authentication error");
        assert_eq!(barred(&watch), Some(Barred::Login));
    }
}

//! Brokers that let nobody in without TLS, a user and a password; and what is said to who does not get in.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use grants_eventlog::{
    EventLog, Head, LogReader,
    kafka::{
        Barred, Broker, BrokerConfig, Carries, Fault, KafkaLog, KafkaOpenError, Partition, Password,
        Security, TopicError,
    },
};
use grants_tests::{
    brokers::had,
    kafka::{Authority, Plan},
};
use tempfile::TempDir;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

use super::{LEDGER, config, topics::batch, writer};

const USER: &str = "ledger";
const PASSWORD: &str = "gut-geraten-9317";
const WRONG_PASSWORD: &str = "schlecht-geraten-2846";
/// How long whoever is not let in may have to wait for the reason: far less than for an answer.
const TOLD_WITHIN: Duration = Duration::from_secs(20);

/// Everything that is logged in this process, fields and all.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<String>>);

impl Lines {
    fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Visit for Lines {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        text.push_str(&format!("{field}={value:?}\n"));
    }
}

impl Subscriber for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn secured(authority: PathBuf, password: &str) -> Security {
    let (user, password) = (USER.to_owned(), Password::new(password.to_owned()));
    Security::ScramOverTls { authority, user, password }
}

fn connect(config: BrokerConfig) -> Arc<Broker> {
    Arc::new(Broker::connect(config).expect("the settings are acceptable"))
}

/// What a client is told that is not let in, by the log itself and by the check before it.
fn told(config: BrokerConfig, folder: &Path) -> Fault {
    let begun = Instant::now();
    let opened = KafkaLog::join(connect(config.clone()), folder, LEDGER);
    let Some(KafkaOpenError::Broker(fault)) = opened.err() else { panic!("somebody was let in") };
    let took = begun.elapsed();
    println!("{took:?}: {fault}");
    assert!(took < TOLD_WITHIN, "{took:?} until it was said: {fault}");
    let checked = connect(config.clone()).check_topic(Carries::Log);
    assert!(matches!(&checked, Err(TopicError::Broker(Fault { barred, .. })) if *barred == fault.barred));
    let produced = connect(config).produce(b"nothing").expect_err("nobody was let in");
    assert_eq!(produced.barred, fault.barred, "{produced}");
    for password in [PASSWORD, WRONG_PASSWORD] {
        assert!(![&fault, &produced].iter().any(|fault| format!("{fault} {fault:?}").contains(password)));
    }
    fault
}

#[test]
fn a_secured_broker_carries_a_log_and_names_what_keeps_others_out() {
    let lines = Lines::default();
    // For all threads, because the clients have some of their own.
    tracing::subscriber::set_global_default(lines.clone()).expect("nobody else listens");
    let started = Plan::of(1).secured(USER, PASSWORD).start();
    let Some(cluster) = had("a secured broker", started) else { return };
    let folder = TempDir::new().expect("a folder");
    let right =
        BrokerConfig { security: secured(cluster.authority(), PASSWORD), ..config(&cluster, "secured") };
    carries_a_log(&right, &folder);
    let others = Authority::new(&folder.path().join("others"));
    let with = |security| BrokerConfig { security, ..right.clone() };
    let at = |brokers: String, config: BrokerConfig| BrokerConfig { brokers, ..config };
    let wrong_password = with(secured(cluster.authority(), WRONG_PASSWORD));
    let other_authority = with(secured(others.certificate(), PASSWORD));
    // The certificate names the address 127.0.0.1 and no host.
    let other_name = at(cluster.addresses().replace("127.0.0.1", "localhost"), right.clone());
    let plain_port = at(cluster.addresses_inside(), right.clone());
    let without_tls = with(Security::Plaintext);
    let cases = [
        (wrong_password, Barred::Login, "check both"),
        (other_authority, Barred::Certificate, "check the file of the authority"),
        (other_name, Barred::Certificate, "names the host"),
        (plain_port, Barred::NoTls, "check the address"),
        (without_tls, Barred::WantsTls, "needs an authority"),
    ];
    thread::scope(|scope| {
        for (config, barred, remedy) in cases {
            let folder = folder.path().join(remedy);
            scope.spawn(move || {
                let fault = told(config, &folder);
                assert_eq!(fault.barred, Some(barred), "{fault}");
                assert!(fault.told.contains("topic secured on") && fault.told.contains(remedy), "{fault}");
            });
        }
    });
    let nowhere = with(secured(folder.path().join("nowhere.pem"), PASSWORD));
    let refused = Broker::connect(nowhere).err().expect("there is no such file");
    assert!(refused.told.contains("ssl.ca.location"), "{refused}");
    let logged = lines.text();
    assert!(logged.contains("librdkafka"), "nothing was logged, so this test sees nothing");
    assert!(!logged.contains(PASSWORD) && !logged.contains(WRONG_PASSWORD));
}

fn carries_a_log(right: &BrokerConfig, folder: &TempDir) {
    let broker = connect(right.clone());
    broker.create_topic(Carries::Log).expect("a new topic");
    assert_eq!(broker.check_topic(Carries::Log), Ok(()));
    let of = |process: &str| folder.path().join(process);
    let mut log = KafkaLog::create(broker, &of("writer"), LEDGER, writer(1), "").expect("empty");
    for event in [b"one", b"two"] {
        let batch = batch(log.head(), event);
        log.append(&batch).expect("it is the writer");
    }
    let (head, batches) = (log.head().clone(), log.read(0, usize::MAX).expect("they are there"));
    assert_eq!(batches.len(), 3);
    drop(log);
    let reopened = KafkaLog::open_from(connect(right.clone()), &of("writer"), Head::genesis(LEDGER));
    let mut reopened = reopened.expect("nothing was lost");
    assert_eq!(reopened.head(), &head);
    reopened.begin_epoch(writer(2), "").expect("nobody else writes");
    let batch = batch(reopened.head(), b"three");
    reopened.append(&batch).expect("it is the writer");
    let joined = KafkaLog::join(connect(right.clone()), &of("reader"), LEDGER).expect("it is there");
    assert_eq!(joined.head(), reopened.head());
    assert!(joined.read(0, usize::MAX).expect("they are there").starts_with(&batches));
}

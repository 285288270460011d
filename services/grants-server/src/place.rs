//! Where the log of a ledger lies, if not in its folder: the file `log.toml` in the data directory of each process.
//!
//! ```toml
//! log = "kafka://kafka-1.example:9092,kafka-2.example:9092/city"
//! interval_ms = 5000                 # between two heartbeats of the writer; the same for every process
//! vault = "/srv/grants/vault"        # keys of personal data, shared by every process
//! durability = "single-broker"       # only where one broker is all there is
//! feed = "kafka://kafka-1.example:9092/city.public"   # where `grants serve --role all` publishes
//! [tls]                              # SASL_SSL with SCRAM-SHA-512
//! authority = "/etc/grants/ca.pem"
//! user = "ledger"
//! password_file = "/etc/grants/kafka-password"
//! ```
//!
//! The password stands in a file of its own, so that this one may be shown and copied.

use crate::{
    cli::{Brokers, KafkaLogin},
    failure::Failure,
    kafka_url::KafkaUrl,
    peer::{TOKEN_FILE, Token},
};
use grants_eventlog::kafka::{Broker, BrokerConfig, Carries, Partition, Password, Security, TopicError};
use grants_files::{Lang, Texts};
use grants_ledger::DataDir;
use serde::{Deserialize, Serialize};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// Its name in the data directory.
pub(crate) const FILE: &str = "log.toml";
/// More than any version of it needs, in bytes; a password file is shorter still.
const FILE_BYTES_MAX: u64 = 16 * 1_024;
/// Between two heartbeats of the writer.
const INTERVAL_MS: u64 = 5_000;
/// A shorter interval would take every pause of a machine for a death; a longer one leaves a city without a writer.
const INTERVAL_MS_WITHIN: std::ops::RangeInclusive<u64> = 100..=600_000;

/// What `log.toml` says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogPlace {
    log: KafkaUrl,
    #[serde(default = "usual_interval")]
    interval_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    vault: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    durability: Option<Durability>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feed: Option<KafkaUrl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls: Option<Tls>,
}

/// What an acknowledgement is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Durability {
    /// One broker holds the log: if its disk is lost, so is the ledger.
    SingleBroker,
}

/// Who we are to the brokers, and how they are known.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tls {
    /// The certificates that sign the brokers', as PEM.
    pub(crate) authority: PathBuf,
    /// The user of SCRAM-SHA-512.
    pub(crate) user: String,
    /// The file with the password, alone on its line.
    pub(crate) password_file: PathBuf,
}

fn usual_interval() -> u64 {
    INTERVAL_MS
}

impl LogPlace {
    /// A new one, as the command line says.
    pub(crate) fn new(
        log: &KafkaUrl,
        single_broker: bool,
        interval_ms: Option<u64>,
        vault: PathBuf,
        tls: Option<Tls>,
    ) -> Result<LogPlace, Failure> {
        let durability = single_broker.then_some(Durability::SingleBroker);
        let interval_ms = interval_ms.unwrap_or(INTERVAL_MS);
        let place =
            LogPlace { log: log.clone(), interval_ms, vault: Some(vault), durability, feed: None, tls };
        place.checked(Path::new(FILE))
    }

    /// Reads it from a data directory; nothing if the log lies there.
    pub(crate) fn of(dir: &DataDir) -> Result<Option<LogPlace>, Failure> {
        let path = dir.root().join(FILE);
        if path.exists() { LogPlace::read(&path).map(Some) } else { Ok(None) }
    }

    /// Reads it from a file.
    pub(crate) fn read(path: &Path) -> Result<LogPlace, Failure> {
        let text = read_small(path)?;
        let place: LogPlace = toml::from_str(&text).map_err(|fault| wrong(path, fault))?;
        place.checked(path)
    }

    fn checked(self, path: &Path) -> Result<LogPlace, Failure> {
        if !INTERVAL_MS_WITHIN.contains(&self.interval_ms) {
            let (least, most) = (INTERVAL_MS_WITHIN.start(), INTERVAL_MS_WITHIN.end());
            let args: [(&'static str, &dyn std::fmt::Display); 3] =
                [("file", &path.display()), ("least", least), ("most", most)];
            return Err(Failure::usage_of("program-interval", &args));
        }
        Ok(self)
    }

    /// Writes it into a data directory.
    pub(crate) fn write(&self, dir: &DataDir) -> Result<(), Failure> {
        let text = toml::to_string(self).map_err(Failure::fault)?;
        fs::create_dir_all(dir.root())?;
        Ok(fs::write(dir.root().join(FILE), text)?)
    }

    /// Between two heartbeats of the writer.
    pub(crate) fn interval(&self) -> Duration {
        Duration::from_millis(self.interval_ms)
    }

    /// Where the keys of personal data are, if not in the data directory.
    pub(crate) fn vault(&self) -> Option<&Path> {
        self.vault.as_deref()
    }

    /// Whether one broker is all there is.
    pub(crate) fn is_single_broker(&self) -> bool {
        self.durability == Some(Durability::SingleBroker)
    }

    /// The log, and the topic of the signs of life beside it. Both are checked, so that none carries a ledger that cannot.
    pub(crate) fn connect(&self) -> Result<[Arc<dyn Partition>; 2], PlaceError> {
        let config = self.config()?;
        let [log, pulses] = [open(&config)?, open(&config.pulses())?];
        log.check_topic(Carries::Log)?;
        pulses.check_topic(Carries::Pulses)?;
        Ok([log, pulses])
    }

    /// The log alone, to be read.
    pub(crate) fn connect_log(&self) -> Result<Arc<dyn Partition>, PlaceError> {
        Ok(open(&self.config()?)?)
    }

    /// Makes the topics where there are none, with every setting that they need.
    pub(crate) fn make_topics(&self) -> Result<(), PlaceError> {
        let config = self.config()?;
        for (config, carries) in [(config.clone(), Carries::Log), (config.pulses(), Carries::Pulses)] {
            let broker = open(&config)?;
            match broker.check_topic(carries) {
                Err(TopicError::Missing(_)) => broker.create_topic(carries)?,
                found => found?,
            }
        }
        Ok(())
    }

    /// Where the public feed of the ledger goes, and how it is protected.
    pub(crate) fn feed_to(&self) -> Result<Option<(KafkaUrl, Security)>, Failure> {
        self.feed.clone().map(|to| Ok((to, security(self.tls.as_ref())?))).transpose()
    }

    fn config(&self) -> Result<BrokerConfig, Failure> {
        let security = security(self.tls.as_ref())?;
        let (brokers, topic) = (self.log.brokers().to_owned(), self.log.topic().to_owned());
        Ok(BrokerConfig { brokers, topic, security, single_broker: self.is_single_broker() })
    }
}

impl KafkaLogin {
    /// What the command line says; the connection is plain without it.
    fn tls(&self) -> Result<Option<Tls>, Failure> {
        let (Some(authority), Some(user), Some(password_file)) =
            (&self.kafka_ca, &self.kafka_user, &self.kafka_password_file)
        else {
            // The command line takes all three or none.
            return Ok(None);
        };
        Ok(Some(Tls {
            authority: std::path::absolute(authority)?,
            user: user.clone(),
            password_file: std::path::absolute(password_file)?,
        }))
    }

    /// How a connection is protected.
    pub(crate) fn security(&self) -> Result<Security, Failure> {
        security(self.tls()?.as_ref())
    }
}

impl Brokers {
    /// The place that the command line names, for a ledger with this folder.
    pub(crate) fn place(&self, log: &KafkaUrl, dir: &DataDir) -> Result<LogPlace, Failure> {
        let vault = self.vault.clone().unwrap_or_else(|| dir.vault());
        LogPlace::new(
            log,
            self.single_broker,
            self.interval_ms,
            std::path::absolute(vault)?,
            self.login.tls()?,
        )
    }
}

fn security(tls: Option<&Tls>) -> Result<Security, Failure> {
    let Some(Tls { authority, user, password_file }) = tls else { return Ok(Security::Plaintext) };
    let password = read_small(password_file)?;
    let password = Password::new(password.trim_end_matches(['\r', '\n']).to_owned());
    Ok(Security::ScramOverTls { authority: authority.clone(), user: user.clone(), password })
}

fn open(config: &BrokerConfig) -> Result<Arc<Broker>, TopicError> {
    Ok(Arc::new(Broker::connect(config.clone())?))
}

/// Why a log on brokers cannot be reached.
pub(crate) enum PlaceError {
    /// What is written down about it is wrong.
    Said(Failure),
    /// The brokers do not answer, or the topic cannot carry a ledger.
    Topic(TopicError),
}

impl PlaceError {
    /// Whether it may be over in a moment.
    pub(crate) fn passes(&self) -> bool {
        matches!(self, PlaceError::Topic(TopicError::Broker(fault)) if fault.barred.is_none())
    }
}

impl std::fmt::Display for PlaceError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PlaceError::Said(failure) => write!(out, "{}", failure.text(&Texts::new(Lang::En))),
            PlaceError::Topic(fault) => write!(out, "{fault}"),
        }
    }
}

impl From<Failure> for PlaceError {
    fn from(failure: Failure) -> PlaceError {
        PlaceError::Said(failure)
    }
}

impl From<TopicError> for PlaceError {
    fn from(fault: TopicError) -> PlaceError {
        PlaceError::Topic(fault)
    }
}

impl From<PlaceError> for Failure {
    fn from(fault: PlaceError) -> Failure {
        match fault {
            PlaceError::Said(failure) => failure,
            PlaceError::Topic(fault) => Failure::fault(fault),
        }
    }
}

/// The token that the processes of the ledger share.
pub(crate) fn token(dir: &DataDir) -> Result<Token, Failure> {
    let path = dir.root().join(TOKEN_FILE);
    Token::parse(&read_small(&path)?).map_err(|fault| wrong(&path, fault))
}

/// Writes it into a data directory, readable by its owner alone.
pub(crate) fn write_token(dir: &DataDir, token: &Token) -> Result<(), Failure> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(dir.root().join(TOKEN_FILE))?;
    writeln!(file, "{}", token.to_hex())?;
    Ok(file.sync_all()?)
}

/// Reads a file that is small.
pub(crate) fn read_small(path: &Path) -> Result<String, Failure> {
    let read = || -> std::io::Result<Option<String>> {
        let small = fs::metadata(path)?.len() <= FILE_BYTES_MAX;
        small.then(|| fs::read_to_string(path)).transpose()
    };
    match read().map_err(|fault| wrong(path, fault))? {
        Some(text) => Ok(text),
        None => Err(Failure::usage_of(
            "program-too-long",
            &[("place", &path.display()), ("max", &FILE_BYTES_MAX)],
        )),
    }
}

fn wrong(path: &Path, fault: impl std::fmt::Display) -> Failure {
    Failure::usage(format!("{}: {fault}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<LogPlace, String> {
        let dir = tempfile::tempdir().unwrap();
        let dir = DataDir::at(dir.path());
        fs::write(dir.root().join(FILE), text).unwrap();
        let found = LogPlace::of(&dir).map_err(|failure| failure.text(&Texts::new(Lang::En)));
        found.map(|place| place.expect("it was written"))
    }

    #[test]
    fn what_is_written_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let dir = DataDir::at(dir.path());
        assert!(LogPlace::of(&dir).unwrap().is_none());
        let url = "kafka://a.example:9092,b.example:9092/city".parse().unwrap();
        let tls = Tls { authority: "ca.pem".into(), user: "ledger".into(), password_file: "secret".into() };
        let place = LogPlace::new(&url, true, Some(500), "/srv/vault".into(), Some(tls)).unwrap();
        place.write(&dir).unwrap();
        let found = LogPlace::of(&dir).unwrap().unwrap();
        assert_eq!(format!("{found:?}"), format!("{place:?}"));
        assert!(found.is_single_broker() && found.interval() == Duration::from_millis(500));
    }

    #[test]
    fn what_is_left_out_is_as_usual() {
        let place = read("log = \"kafka://a.example:9092/city\"").unwrap();
        assert_eq!(place.interval(), Duration::from_millis(INTERVAL_MS));
        assert!(!place.is_single_broker() && place.vault().is_none());
    }

    #[test]
    fn what_is_wrong_is_named_with_the_file() {
        let url = "log = \"kafka://a.example:9092/city\"\n";
        for (text, named) in [
            ("log = \"http://a.example\"", "kafka://HOST:PORT"),
            (&format!("{url}interval_ms = 7"), "100"),
            (&format!("{url}durability = \"none\""), "single-broker"),
            (&format!("{url}pasword = \"x\""), "pasword"),
            (&format!("{url}# {}", "x".repeat(20_000)), "16384"),
        ] {
            let told = read(text).unwrap_err();
            assert!(told.contains(named) && told.contains(FILE), "{told}");
        }
    }
}

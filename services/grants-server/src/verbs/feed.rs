//! `grants feed`: publishes what happens to awards on a public Kafka topic, beside whoever writes the ledger.
//!
//! It may be ended at any moment, by whatever signal: the position stands behind what was acknowledged, so nothing is left
//! out by the next run, and what was acknowledged since may be published again.

use crate::{
    beside::{Beside, Fresh},
    cli::{Common, Feed},
    failure::Failure,
    hosting::Stop,
    kafka_url::KafkaUrl,
    output::Said,
};
use grants_eventlog::{
    LedgerId,
    kafka::{BrokerConfig, Security},
};
use grants_files::{
    Texts,
    feed::{Folder, Progress, Publisher, kafka::KafkaOutlet},
};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// How often the log is asked for more when everything is published.
const ASK_AGAIN: Duration = Duration::from_millis(200);
/// How often it is said how things stand.
const SAY_AGAIN: Duration = Duration::from_secs(60);

/// Performs it.
pub(crate) fn perform(common: &Common, request: &Feed, texts: &Texts) -> Result<Said, Failure> {
    // A signal ends the process at once, which loses nothing.
    let stop = Stop::default();
    let run = Run {
        data: &common.data,
        to: &request.to,
        security: request.login.security()?,
        folder: request.folder.clone(),
        once: request.once,
    };
    let progress = run.publish(&stop, |progress| eprintln!("{}", line(progress, &request.to, texts)))?;
    Ok(told(&progress, &request.to, texts))
}

/// A publisher at work.
pub(crate) struct Run<'a> {
    pub(crate) data: &'a Path,
    pub(crate) to: &'a KafkaUrl,
    pub(crate) security: Security,
    /// Where its position is kept, if not in the data directory.
    pub(crate) folder: Option<PathBuf>,
    pub(crate) once: bool,
}

impl Run<'_> {
    /// Publishes until it is told to end, or the log has ended; how things stood then. `say` hears of it now and then.
    pub(crate) fn publish(self, stop: &Stop, say: impl Fn(&Progress)) -> Result<Progress, Failure> {
        let log = Beside::open(self.data)?;
        let ledger = LedgerId(log.manifest().ledger.0);
        let usual = || self.data.join("feed").join(self.to.topic());
        let folder = Folder::open(&self.folder.clone().unwrap_or_else(usual)).map_err(Failure::usage)?;
        let (brokers, topic) = (self.to.brokers().to_owned(), self.to.topic().to_owned());
        // One broker is enough for a feed: it is derived from the log and can be published again.
        let config = BrokerConfig { brokers, topic, security: self.security, single_broker: true };
        let outlet = KafkaOutlet::connect(config).map_err(Failure::usage)?;
        let log = Fresh(&log);
        let to = self.to.to_string();
        let mut publisher = Publisher::open(&log, ledger, outlet, &to, folder).map_err(Failure::fault)?;
        let mut said: Option<Instant> = None;
        loop {
            let progress = publisher.publish().map_err(Failure::fault)?;
            let ended = progress.moved || self.once;
            if stop.is_set() || (progress.lag == 0 && ended) {
                return Ok(progress);
            }
            if !self.once && said.is_none_or(|at| SAY_AGAIN < at.elapsed()) {
                said = Some(Instant::now());
                say(&progress);
            }
            if progress.lag == 0 {
                stop.wait(ASK_AGAIN);
            }
        }
    }
}

fn told(progress: &Progress, to: &KafkaUrl, texts: &Texts) -> Said {
    let Progress { next_sequence, lag, records, moved } = progress;
    let json = json!({ "to": to.to_string(), "next_sequence": next_sequence, "lag": lag, "records": records, "moved": moved });
    Said::new(json).line(line(progress, to, texts))
}

fn line(progress: &Progress, to: &KafkaUrl, texts: &Texts) -> String {
    let [records, next, lag] =
        [progress.records, progress.next_sequence, progress.lag].map(|one| one.to_string());
    let to = to.to_string();
    texts.get("program-feed", &[("to", to.as_str()), ("records", &records), ("next", &next), ("lag", &lag)])
}

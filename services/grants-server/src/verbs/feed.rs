//! `grants feed`: publishes what happens to awards on a public Kafka topic, beside whoever writes the ledger.
//!
//! It may be ended at any moment, by whatever signal: the position stands behind what was acknowledged, so nothing is left
//! out by the next run, and what was acknowledged since may be published again.

use crate::{
    beside::{Beside, Fresh},
    cli::{Common, Feed},
    failure::Failure,
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
use grants_ledger::DataDir;
use serde_json::json;
use std::{
    thread,
    time::{Duration, Instant},
};

/// How often the log is asked for more when everything is published.
const ASK_AGAIN: Duration = Duration::from_millis(200);
/// How often it is said how things stand.
const SAY_AGAIN: Duration = Duration::from_secs(60);

/// Performs it.
pub(crate) fn perform(common: &Common, request: &Feed, texts: &Texts) -> Result<Said, Failure> {
    let dir = DataDir::at(&common.data);
    let log = Beside::open(&common.data)?;
    let ledger = LedgerId(log.manifest().ledger.0);
    let folder = request.folder.clone().unwrap_or_else(|| dir.root().join("feed").join(request.to.topic()));
    let folder = Folder::open(&folder).map_err(Failure::usage)?;
    let outlet = KafkaOutlet::connect(brokers(request)).map_err(Failure::usage)?;
    let log = Fresh(&log);
    let mut publisher =
        Publisher::open(&log, ledger, outlet, &request.to.to_string(), folder).map_err(Failure::fault)?;
    let mut said: Option<Instant> = None;
    loop {
        let progress = publisher.publish().map_err(Failure::fault)?;
        let ended = progress.moved || request.once;
        if progress.lag == 0 && ended {
            return Ok(told(&progress, request, texts));
        }
        if !request.once && said.is_none_or(|at| SAY_AGAIN < at.elapsed()) {
            said = Some(Instant::now());
            eprintln!("{}", line(&progress, request, texts));
        }
        if progress.lag == 0 {
            thread::sleep(ASK_AGAIN);
        }
    }
}

/// Where it is published, and how it is reached.
fn brokers(request: &Feed) -> BrokerConfig {
    let (brokers, topic) = (request.to.brokers().to_owned(), request.to.topic().to_owned());
    // One broker is enough for a feed: it is derived from the log and can be published again.
    BrokerConfig { brokers, topic, security: Security::Plaintext, single_broker: true }
}

fn told(progress: &Progress, request: &Feed, texts: &Texts) -> Said {
    let Progress { next_sequence, lag, records, moved } = progress;
    let to = request.to.to_string();
    let json =
        json!({ "to": to, "next_sequence": next_sequence, "lag": lag, "records": records, "moved": moved });
    Said::new(json).line(line(progress, request, texts))
}

fn line(progress: &Progress, request: &Feed, texts: &Texts) -> String {
    let [records, next, lag] =
        [progress.records, progress.next_sequence, progress.lag].map(|one| one.to_string());
    let to = request.to.to_string();
    texts.get("program-feed", &[("to", to.as_str()), ("records", &records), ("next", &next), ("lag", &lag)])
}

//! `grants move --to DIR`: the ledger goes on in another place, and its log here says so and ends.
//!
//! What was recorded here is there first; then the log here is ended; then the other one may be written. Cut off in between
//! and called again, it goes on where it was.

use crate::{
    cli::{Common, Move},
    failure::Failure,
    hosting::{heard, here},
    output::Said,
    place::LogPlace,
    seat::PATIENCE_INTERVALS,
    target::Target,
    verbs::copy,
};
use grants_eventlog::{
    EventLog, Head, LedgerId, RocksLog, SealedBatch, WriterId,
    kafka::{KafkaLog, Sign, Standby},
    moved_to,
};
use grants_files::Texts;
use grants_ledger::DataDir;
use std::{thread, time::Instant};

/// Performs it. Nobody else writes meanwhile: in a folder its lock sees to that, on brokers the next epoch does.
pub(crate) fn perform(common: &Common, request: &Move, texts: &Texts) -> Result<Said, Failure> {
    let dir = DataDir::at(&common.data);
    let manifest = dir.manifest()?;
    let ledger = LedgerId(manifest.ledger.0);
    let there = match &request.brokers.log {
        Some(url) => url.to_string(),
        None => std::path::absolute(&request.to)?.display().to_string(),
    };
    let mut log = open(&dir, ledger)?;
    let name = common.data.display().to_string();
    let mut target = Target::open(&request.to, &request.brokers, &manifest, &*log.reader(), &name)?;
    if log.head().moved() {
        let found = moved_to(&*log.reader())?.unwrap_or_default();
        if found != there {
            return Err(Failure::usage_of("program-moved-elsewhere", &[("target", &found)]));
        }
    } else {
        log = take_over(&dir, log)?;
        let head = log.head().clone();
        target.fill(&*log.reader(), head.next_batch())?;
        // Whatever can fail comes before the record that cannot be taken back.
        target.take_belongings(&dir)?;
        let last = SealedBatch::ledger_moved(&head, &there).map_err(Failure::fault)?;
        log.append(&last).map_err(Failure::fault)?;
    }
    // Everything but the record that ends it here.
    let reader = log.reader();
    let copied = target.fill(&*reader, reader.end()?.next_batch.saturating_sub(1))?;
    let head = target.becomes_the_ledger()?;
    Ok(copy::told(&request.to, copied, &head, texts).line(texts.get("program-moved", &[("target", &there)])))
}

fn open(dir: &DataDir, ledger: LedgerId) -> Result<Box<dyn EventLog>, Failure> {
    Ok(match LogPlace::of(dir)? {
        None => Box::new(RocksLog::open(dir.root(), ledger).map_err(Failure::fault)?.0),
        Some(place) => {
            let [log, _] = place.connect()?;
            Box::new(KafkaLog::open_from(log, dir.root(), Head::genesis(ledger)).map_err(Failure::fault)?)
        }
    })
}

/// Begins an epoch; on brokers only when nobody else has written for some intervals.
fn take_over(dir: &DataDir, mut log: Box<dyn EventLog>) -> Result<Box<dyn EventLog>, Failure> {
    let writer = WriterId::random()?;
    let Some(place) = LogPlace::of(dir)? else {
        log.begin_epoch(writer, "").map_err(Failure::fault)?;
        return Ok(log);
    };
    let genesis = Head::genesis(log.head().ledger());
    // The folder has one process at a time.
    drop(log);
    let [partition, pulses] = place.connect()?;
    let opened = KafkaLog::open_from(partition, dir.root(), genesis).map_err(Failure::fault)?;
    let begun = Instant::now();
    let mut standby = Standby::new(opened, pulses, place.interval(), here(begun)?).map_err(Failure::fault)?;
    let listened = place.interval() * PATIENCE_INTERVALS;
    loop {
        match standby.look(here(begun)?).map_err(Failure::fault)? {
            Sign::Silent => break,
            Sign::Alive if listened < begun.elapsed() => {
                return Err(Failure::usage_of("program-writer-alive", &[]));
            }
            Sign::Alive => thread::sleep(place.interval() / 4),
        }
    }
    heard(begun, |now| standby.take_over(writer, "", None, now))?.map_err(Failure::fault)?;
    Ok(Box::new(standby.into_log()))
}

//! Writes a bundle of made-up events, for programs that verify bundles: `sample_bundle FOLDER EVENTS`.

use std::error::Error;
use std::path::Path;

use grants_eventlog::{
    BatchBuilder, Checkpoint, EventLog, LedgerId, MemoryLog, Signer, WriterId, write_bundle,
};

/// Events of one batch: not a divisor of 256, so that batches and tiles end at different places.
const EVENTS_PER_BATCH: u64 = 100;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(events)) = (arguments.next(), arguments.next()) else {
        return Err("usage: sample_bundle FOLDER EVENTS".into());
    };
    let events: u64 = events.parse()?;
    let ledger = LedgerId([0x5e; 16]);
    let mut log = MemoryLog::create(ledger, WriterId([1; 16]), "sample")?;
    while log.head().next_sequence() < events {
        let mut batch = BatchBuilder::new(log.head());
        while batch.next_sequence() < events && u64::from(batch.count()) < EVENTS_PER_BATCH {
            batch.push(format!("event-{}", batch.next_sequence()).as_bytes())?;
        }
        log.append(&batch.seal())?;
    }
    let signer = Signer::from_seed("ledger.example/grants", &[0x42; 32])?;
    let end = write_bundle(&log, ledger, Path::new(&folder), None, |head, _| {
        let origin = signer.name().to_owned();
        let checkpoint = Checkpoint { origin, size: head.next_sequence(), root: head.root() };
        signer.sign(&checkpoint.text()).map_err(|fault| fault.to_string())
    })?;
    println!("{} events, root {}, key {}", end.head.next_sequence(), end.head.root(), signer.verifier_key());
    Ok(())
}

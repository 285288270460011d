//! Events by sequence: the batch is found by halving, because batches are numbered and each says its first sequence.

use crate::failure::Failure;
use grants_domain::{record::Envelope, wire::Message};
use grants_eventlog::{Batch, Hash, HashedBatch, LogReader};

/// How many bytes of batches are read at once when many events follow each other.
const READ_BYTES: usize = 4 << 20;

/// The envelope of one event; `None` behind the end of the log.
pub(crate) fn envelope(log: &dyn LogReader, sequence: u64) -> Result<Option<Envelope>, Failure> {
    let mut found = None;
    follow(log, sequence, |envelope| {
        found = Some(envelope);
        false
    })?;
    Ok(found)
}

/// Calls `look` with every envelope from `sequence` on, until it says no.
pub(crate) fn follow(
    log: &dyn LogReader,
    sequence: u64,
    mut look: impl FnMut(Envelope) -> bool,
) -> Result<(), Failure> {
    let mut unreadable = None;
    batches_from(log, sequence, |bytes| {
        let batch = Batch::decode(bytes).map_err(Failure::fault)?;
        for (event, place) in batch.events().zip(batch.header().first_sequence..) {
            if place < sequence || unreadable.is_some() {
                continue;
            }
            match Envelope::decode(event).map(&mut look) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(fault) => {
                    unreadable = Some(Failure::fault_of(
                        "program-event-unreadable",
                        &[("event", &place), ("cause", &fault)],
                    ))
                }
            }
        }
        Ok(unreadable.is_none())
    })?;
    unreadable.map_or(Ok(()), Err)
}

/// Calls `look` with sequence, bytes and leaf hash of every event from `sequence` on, until it says no.
pub(crate) fn raw_from(
    log: &dyn LogReader,
    sequence: u64,
    mut look: impl FnMut(u64, &[u8], Hash) -> bool,
) -> Result<(), Failure> {
    batches_from(log, sequence, |bytes| {
        let hashed = HashedBatch::decode(bytes).map_err(Failure::fault)?;
        let first = hashed.batch().header().first_sequence;
        for ((event, leaf), place) in hashed.batch().events().zip(hashed.leaves()).zip(first..) {
            if sequence <= place && !look(place, event, *leaf) {
                return Ok(false);
            }
        }
        Ok(true)
    })
}

/// Calls `look` with the batches that hold events from `sequence` on, until it says no. Control records are left out.
fn batches_from(
    log: &dyn LogReader,
    sequence: u64,
    mut look: impl FnMut(&[u8]) -> Result<bool, Failure>,
) -> Result<(), Failure> {
    let end = log.end()?;
    if end.next_sequence <= sequence {
        return Ok(());
    }
    let (mut low, mut high) = (0, end.next_batch);
    // Invariant: the first batch with the event lies in low..high.
    while 1 < high.saturating_sub(low) {
        let middle = low.midpoint(high);
        if first_of(log, middle)? <= sequence {
            low = middle;
        } else {
            high = middle;
        }
    }
    while low < end.next_batch {
        for bytes in log.read(low, READ_BYTES)? {
            low = low.saturating_add(1);
            let events = Batch::decode(&bytes).map_err(Failure::fault)?.header().count;
            if 0 < events && !look(&bytes)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn first_of(log: &dyn LogReader, batch: u64) -> Result<u64, Failure> {
    let bytes = log.read(batch, 1)?;
    let bytes =
        bytes.first().ok_or_else(|| Failure::fault_of("program-batch-missing", &[("batch", &batch)]))?;
    Ok(Batch::decode(bytes).map_err(Failure::fault)?.header().first_sequence)
}

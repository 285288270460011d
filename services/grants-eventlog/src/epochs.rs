//! Finds where the writer of a log can be reached, and where the ledger goes on: control records say so.

use crate::batch::Batch;
use crate::control::ControlRecord;
use crate::log::{LogReader, ReadError};

/// The address in the last `EpochOpened` of a log; empty if its writer gave none, nothing if no batch says so.
///
/// The record is looked for backwards, because in a log that changes hands often it lies near the end.
///
/// # Errors
/// The log cannot be read.
pub fn writer_address(log: &dyn LogReader) -> Result<Option<String>, ReadError> {
    let Some(last) = log.end()?.next_batch.checked_sub(1) else { return Ok(None) };
    let Some((epoch, opened)) = read(log, last)? else { return Ok(None) };
    if opened.is_some() {
        return Ok(opened);
    }
    // Invariant: `after` is of the epoch and does not open it.
    let (mut after, mut step) = (last, 1_u64);
    let mut before = None;
    while before.is_none() && 0 < after {
        let batch = after.saturating_sub(step);
        match read(log, batch)? {
            Some((found, Some(opened))) if found == epoch => return Ok(Some(opened)),
            Some((found, None)) if found == epoch => after = batch,
            Some(_) | None => before = Some(batch),
        }
        step = step.saturating_mul(2);
    }
    let Some(mut before) = before else { return Ok(None) };
    // Invariant: `before` is of an earlier epoch, so that the record lies between the two.
    while before + 1 < after {
        let batch = before + (after - before) / 2;
        match read(log, batch)? {
            Some((found, Some(opened))) if found == epoch => return Ok(Some(opened)),
            Some((found, None)) if found == epoch => after = batch,
            Some(_) | None => before = batch,
        }
    }
    Ok(None)
}

/// Where a ledger goes on whose log was ended here; nothing if it was not.
///
/// # Errors
/// The log cannot be read.
pub fn moved_to(log: &dyn LogReader) -> Result<Option<String>, ReadError> {
    let Some(last) = log.end()?.next_batch.checked_sub(1) else { return Ok(None) };
    let bytes = log.read(last, 1)?.into_iter().next().ok_or(ReadError::Missing(last))?;
    let control = Batch::decode(&bytes).map(|batch| batch.control());
    Ok(match control {
        Ok(Ok(Some(ControlRecord::LedgerMoved { target }))) => Some(target),
        Ok(Ok(Some(ControlRecord::EpochOpened { .. }) | None) | Err(_)) | Err(_) => None,
    })
}

/// The epoch of a batch, and the address in it if it opens its epoch.
fn read(log: &dyn LogReader, batch: u64) -> Result<Option<(u64, Option<String>)>, ReadError> {
    let bytes = log.read(batch, 1)?.into_iter().next().ok_or(ReadError::Missing(batch))?;
    let Ok(found) = Batch::decode(&bytes) else { return Ok(None) };
    let opened = match found.control() {
        Ok(Some(ControlRecord::EpochOpened { address })) => Some(address),
        Ok(_) | Err(_) => None,
    };
    Ok(Some((found.header().epoch, opened)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BatchBuilder, EventLog, LedgerId, MemoryLog, SealedBatch, WriterId};

    #[test]
    fn the_last_writer_is_found_wherever_it_began() {
        let writer = |number| WriterId([number; 16]);
        let moved = |log: &MemoryLog| moved_to(log).expect("it can be read");
        for lengths in [vec![0], vec![1], vec![40, 1, 0, 7], vec![3, 64], vec![0, 0, 63], vec![200]] {
            let mut log = MemoryLog::create(LedgerId([1; 16]), writer(0), "host:0").expect("an address");
            for (number, length) in (0_u8..).zip(&lengths) {
                let address = format!("host:{number}");
                if 0 < number {
                    log.begin_epoch(writer(number), &address).expect("an address");
                }
                for _ in 0..*length {
                    let mut batch = BatchBuilder::new(log.head());
                    batch.push(b"event").expect("a small event");
                    log.append(&batch.seal()).expect("it is the next");
                }
                assert_eq!(writer_address(&log), Ok(Some(address)), "{lengths:?}, epoch {number}");
            }
            assert_eq!(moved(&log), None);
            let end = SealedBatch::ledger_moved(log.head(), "kafka://there:1/city").expect("a target");
            log.append(&end).expect("it is the next");
            assert_eq!(moved(&log).as_deref(), Some("kafka://there:1/city"));
        }
    }
}

//! Signs of life beside the log: the writer's heartbeats, and the probes of those who want to take over.
//!
//! ```text
//!   pulse := "GRPL" version:u8=1 kind:u8 ledger:16 epoch:u64 writer:16 nonce:u64 crc:u32     big-endian, CRC32C of all before
//! ```
//!
//! They lie on a topic of their own that keeps them for a day, because a log that is kept for ever is no place for what
//! nobody needs tomorrow. Nothing is safe because of them: who writes is decided in the log.

use std::sync::Arc;

use super::partition::{Fault, Partition};
use crate::ids::{LedgerId, WriterId};
use crate::wire::{Cursor, split_crc};

const MAGIC: [u8; 4] = *b"GRPL";
const FORMAT_VERSION: u8 = 1;
const BEAT: u8 = 1;
const PROBE: u8 = 2;
/// How many bytes of pulses are fetched at once: some thousands.
const FETCH_BYTES: usize = 256 * 1_024;

/// One sign of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pulse {
    /// Of which ledger.
    pub ledger: LedgerId,
    /// A heartbeat: the sender's epoch. A probe: the last epoch it has read.
    pub epoch: u64,
    /// Whose it is.
    pub writer: WriterId,
    /// What for.
    pub kind: PulseKind,
}

/// What a pulse is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PulseKind {
    /// The writer is there.
    Beat,
    /// Somebody asks the broker for its time, and knows its own question again by the number.
    Probe(u64),
}

/// Why bytes are no pulse. A topic that is for pulses alone has none of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no pulse of this program: {0}")]
pub struct NoPulse(&'static str);

impl Pulse {
    /// The stored form.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let (kind, nonce) = match self.kind {
            PulseKind::Beat => (BEAT, 0),
            PulseKind::Probe(nonce) => (PROBE, nonce),
        };
        let mut bytes = Vec::from(MAGIC);
        bytes.extend([FORMAT_VERSION, kind]);
        bytes.extend(self.ledger.0);
        bytes.extend(self.epoch.to_be_bytes());
        bytes.extend(self.writer.0);
        bytes.extend(nonce.to_be_bytes());
        bytes.extend(crc32c::crc32c(&bytes).to_be_bytes());
        bytes
    }

    /// Reads the stored form back.
    ///
    /// # Errors
    /// The bytes are damaged, or of something else.
    pub fn decode(bytes: &[u8]) -> Result<Pulse, NoPulse> {
        let (covered, crc) = split_crc(bytes).ok_or(NoPulse("too short"))?;
        if crc32c::crc32c(covered) != crc {
            return Err(NoPulse("wrong CRC"));
        }
        let mut cursor = Cursor::new(covered);
        let short = NoPulse("too short");
        if cursor.array().ok_or(short)? != MAGIC {
            return Err(NoPulse("wrong magic"));
        }
        if cursor.u8().ok_or(short)? != FORMAT_VERSION {
            return Err(NoPulse("unknown version"));
        }
        let kind = cursor.u8().ok_or(short)?;
        let ledger = LedgerId(cursor.array().ok_or(short)?);
        let epoch = cursor.u64().ok_or(short)?;
        let writer = WriterId(cursor.array().ok_or(short)?);
        let nonce = cursor.u64().ok_or(short)?;
        let kind = match kind {
            BEAT if nonce == 0 => PulseKind::Beat,
            PROBE => PulseKind::Probe(nonce),
            _ => return Err(NoPulse("unknown kind")),
        };
        if !cursor.rest().is_empty() {
            return Err(NoPulse("too long"));
        }
        Ok(Pulse { ledger, epoch, writer, kind })
    }
}

/// A pulse as it was found, and when the broker took it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// What was sent.
    pub pulse: Pulse,
    /// In milliseconds since 1970, by the broker's clock.
    pub appended_ms: Option<i64>,
}

/// The side topic of one ledger, from where this process began to listen.
pub struct Pulses {
    partition: Arc<dyn Partition>,
    ledger: LedgerId,
    next_offset: u64,
}

impl Pulses {
    /// Listens from now on: what was sent before says nothing about who lives now.
    ///
    /// # Errors
    /// The broker cannot be asked.
    pub fn listen(partition: Arc<dyn Partition>, ledger: LedgerId) -> Result<Pulses, Fault> {
        let next_offset = partition.bounds()?.next;
        Ok(Pulses { partition, ledger, next_offset })
    }

    /// Sends a pulse.
    ///
    /// # Errors
    /// Whether it arrived is not known; the next one will tell.
    pub fn send(&self, epoch: u64, writer: WriterId, kind: PulseKind) -> Result<(), Fault> {
        let pulse = Pulse { ledger: self.ledger, epoch, writer, kind };
        self.partition.produce(&pulse.encode()).map(drop)
    }

    /// Everything that was sent since, in its order. What is no pulse of this ledger is passed over and logged: nothing
    /// rests on this topic.
    ///
    /// # Errors
    /// The broker cannot be asked.
    pub fn hear(&mut self) -> Result<Vec<Heard>, Fault> {
        let bounds = self.partition.bounds()?;
        // A day has gone by, or somebody has made the topic anew.
        if self.next_offset < bounds.first || bounds.next < self.next_offset {
            self.next_offset = bounds.first;
        }
        let mut heard = Vec::new();
        while self.next_offset < bounds.next {
            let records = self.partition.fetch(self.next_offset, FETCH_BYTES)?;
            let Some(last) = records.last() else { break };
            self.next_offset = last.offset.saturating_add(1);
            for record in &records {
                match Pulse::decode(&record.bytes) {
                    Ok(pulse) if pulse.ledger == self.ledger => {
                        heard.push(Heard { pulse, appended_ms: record.appended_ms });
                    }
                    Ok(_) => tracing::warn!(offset = record.offset, "a pulse of another ledger"),
                    Err(fault) => tracing::warn!(offset = record.offset, %fault, "not a pulse"),
                }
            }
        }
        Ok(heard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> [Pulse; 2] {
        let pulse = |kind| Pulse { ledger: LedgerId([1; 16]), epoch: 7, writer: WriterId([2; 16]), kind };
        [pulse(PulseKind::Beat), pulse(PulseKind::Probe(9))]
    }

    #[test]
    fn a_pulse_has_one_stored_form() {
        let golden = [
            "4752504c010101010101010101010101010101010101000000000000000702020202020202020202020202020202000000000000000007d26838",
            "4752504c010201010101010101010101010101010101000000000000000702020202020202020202020202020202000000000000000932070703",
        ];
        for (pulse, golden) in samples().into_iter().zip(golden) {
            assert_eq!(Pulse::decode(&pulse.encode()), Ok(pulse));
            assert_eq!(crate::ids::hex(&pulse.encode()), golden);
        }
    }

    #[test]
    fn no_other_bytes_are_a_pulse() {
        for pulse in samples() {
            let bytes = pulse.encode();
            for place in 0..bytes.len() {
                let mut other = bytes.clone();
                other[place] ^= 1;
                assert!(Pulse::decode(&other).is_err(), "byte {place}");
                assert!(Pulse::decode(&bytes[..place]).is_err(), "{place} bytes");
            }
        }
        // Sound, and of no meaning here.
        for (place, byte) in [(0, b'g'), (4, 2), (5, 3)] {
            let mut other = samples()[1].encode();
            other[place] = byte;
            let covered = other.len() - 4;
            let crc = crc32c::crc32c(&other[..covered]);
            other[covered..].copy_from_slice(&crc.to_be_bytes());
            assert!(Pulse::decode(&other).is_err(), "byte {place} is {byte}");
        }
    }
}

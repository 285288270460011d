//! Says up to where a state has been folded: the row that makes state and log comparable.
//!
//! ```text
//!   1  version, 1
//!   8  last recorded time, microseconds, big-endian; the smallest i64 before the first event
//!   …  head of the log (its own stored form)
//!   4  CRC32C of everything before it
//! ```

use grants_domain::values::Timestamp;
use grants_eventlog::{Head, LedgerId};

const VERSION: u8 = 1;
const NEVER: i64 = i64::MIN;

/// The place in the log up to which a state has been folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The end of the log after the last folded batch: batch number, sequence, tree edge and root.
    pub head: Head,
    /// When the last folded event was recorded; `None` before the first.
    pub recorded_at: Option<Timestamp>,
}

impl Position {
    /// Before the first batch of a ledger.
    #[must_use]
    pub fn genesis(ledger: LedgerId) -> Position {
        Position { head: Head::genesis(ledger), recorded_at: None }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let micros = self.recorded_at.map_or(NEVER, Timestamp::micros);
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&micros.to_be_bytes());
        bytes.extend_from_slice(&self.head.to_bytes());
        let crc = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&crc.to_be_bytes());
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Position, String> {
        let damaged = || "the position row is damaged".to_owned();
        let (covered, crc) = bytes.split_last_chunk::<4>().ok_or_else(damaged)?;
        if crc32c::crc32c(covered) != u32::from_be_bytes(*crc) {
            return Err(damaged());
        }
        let (version, rest) = covered.split_first().ok_or_else(damaged)?;
        if *version != VERSION {
            return Err(format!("the position row has version {version}, which this program does not know"));
        }
        let (micros, head) = rest.split_first_chunk::<8>().ok_or_else(damaged)?;
        let recorded_at = match i64::from_be_bytes(*micros) {
            NEVER => None,
            micros => Some(Timestamp::from_micros(micros).map_err(|fault| fault.to_string())?),
        };
        let head = Head::from_bytes(head).map_err(|fault| fault.to_string())?;
        Ok(Position { head, recorded_at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_reads_back_and_every_flipped_bit_is_seen() {
        let recorded_at = Some(Timestamp::from_micros(1_700_000_000_000_000).unwrap());
        let position = Position { recorded_at, ..Position::genesis(LedgerId([7; 16])) };
        let bytes = position.to_bytes();
        assert_eq!(Position::from_bytes(&bytes), Ok(position));
        for bit in 0..bytes.len() * 8 {
            let mut bent = bytes.clone();
            bent[bit / 8] ^= 1 << (bit % 8);
            assert!(Position::from_bytes(&bent).is_err(), "bit {bit}");
        }
    }
}

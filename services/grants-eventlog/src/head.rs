//! Says where a log ends: everything that is needed to write, judge or prove the next batch.

use crate::batch::{Header, Kind};
use crate::control::ControlRecord;
use crate::ids::{LedgerId, Root, WriterId};
use crate::tree::{Edge, Hash};
use crate::wire::{Cursor, split_crc};

const MAGIC: [u8; 4] = *b"GRLH";
const FORMAT_VERSION: u8 = 1;

/// The end of a log, after all its valid batches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    ledger: LedgerId,
    epoch: u64,
    writer: WriterId,
    next_batch: u64,
    edge: Edge,
    // Invariant: the root of `edge`; kept because every header repeats it.
    root: Root,
    last_batch_sha256: Hash,
    moved: bool,
}

/// Why bytes are not a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// The bytes are cut off, or do not begin like a head.
    #[error("the bytes are not a stored head")]
    NotAHead,
    /// A newer program wrote this.
    #[error("stored head of format version {0}, which is unknown to this program")]
    UnknownVersion(u8),
    /// The checksum or the shape of the tree's edge is wrong.
    #[error("the stored head is damaged")]
    Damaged,
}

impl Head {
    /// The head of the ledger before its first batch: epoch 0, in which nobody can write.
    pub fn genesis(ledger: LedgerId) -> Head {
        Head {
            ledger,
            epoch: 0,
            writer: WriterId([0; 16]),
            next_batch: 0,
            edge: Edge::new(),
            root: Edge::new().root(),
            last_batch_sha256: [0; 32],
            moved: false,
        }
    }

    /// Which ledger.
    pub fn ledger(&self) -> LedgerId {
        self.ledger
    }

    /// The epoch of the last valid `EpochOpened`; 0 before the first.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The writer of that epoch.
    pub fn writer(&self) -> WriterId {
        self.writer
    }

    /// The number that the next batch must carry, which is also how many batches the log has.
    pub fn next_batch(&self) -> u64 {
        self.next_batch
    }

    /// The sequence that the next event gets, which is also how many events the log has.
    pub fn next_sequence(&self) -> u64 {
        self.edge.size()
    }

    /// The right edge of the tree over all events.
    pub fn edge(&self) -> &Edge {
        &self.edge
    }

    /// The root of the tree over all events.
    pub fn root(&self) -> Root {
        self.root
    }

    /// The SHA-256 that names the last batch; zeros before the first. It covers header and leaf hashes.
    pub fn last_batch_sha256(&self) -> Hash {
        self.last_batch_sha256
    }

    /// Whether a valid `LedgerMoved` ended this log.
    pub fn moved(&self) -> bool {
        self.moved
    }

    /// The stored form, for the position of a state that is folded from the log.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&[FORMAT_VERSION, u8::from(self.moved), 0, 0]);
        bytes.extend_from_slice(&self.ledger.0);
        bytes.extend_from_slice(&self.epoch.to_be_bytes());
        bytes.extend_from_slice(&self.writer.0);
        bytes.extend_from_slice(&self.next_batch.to_be_bytes());
        bytes.extend_from_slice(&self.last_batch_sha256);
        bytes.extend_from_slice(&self.edge.to_bytes());
        let crc = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&crc.to_be_bytes());
        bytes
    }

    /// Reads the stored form back.
    ///
    /// # Errors
    /// See [`HeadError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Head, HeadError> {
        let (covered, crc) = split_crc(bytes).ok_or(HeadError::NotAHead)?;
        let mut cursor = Cursor::new(covered);
        if cursor.array() != Some(MAGIC) {
            return Err(HeadError::NotAHead);
        }
        let [version, moved, ..] = cursor.array::<4>().ok_or(HeadError::NotAHead)?;
        if version != FORMAT_VERSION {
            return Err(HeadError::UnknownVersion(version));
        }
        if crc32c::crc32c(covered) != crc {
            return Err(HeadError::Damaged);
        }
        let ledger = LedgerId(cursor.array().ok_or(HeadError::NotAHead)?);
        let epoch = cursor.u64().ok_or(HeadError::NotAHead)?;
        let writer = WriterId(cursor.array().ok_or(HeadError::NotAHead)?);
        let next_batch = cursor.u64().ok_or(HeadError::NotAHead)?;
        let last_batch_sha256 = cursor.array().ok_or(HeadError::NotAHead)?;
        let edge = Edge::from_bytes(cursor.rest()).map_err(|_| HeadError::Damaged)?;
        let root = edge.root();
        Ok(Head { ledger, epoch, writer, next_batch, edge, root, last_batch_sha256, moved: moved == 1 })
    }

    /// The header that the current writer puts before its next batch; the count is still 0.
    pub(crate) fn header_of_next(&self, kind: Kind) -> Header {
        Header {
            kind,
            ledger: self.ledger,
            epoch: self.epoch,
            writer: self.writer,
            batch: self.next_batch,
            first_sequence: self.next_sequence(),
            count: 0,
            previous_root: self.root,
        }
    }

    /// The head after a valid batch of events that left the tree at `edge`.
    pub(crate) fn after_batch(&self, header: &Header, edge: Edge, digest: Hash) -> Head {
        Head {
            ledger: self.ledger,
            epoch: header.epoch,
            writer: header.writer,
            next_batch: header.batch + 1,
            root: edge.root(),
            edge,
            last_batch_sha256: digest,
            moved: self.moved,
        }
    }

    /// The head after a valid control batch.
    pub(crate) fn after_control(&self, header: &Header, record: &ControlRecord, digest: Hash) -> Head {
        let moved = match record {
            ControlRecord::EpochOpened { .. } => self.moved,
            ControlRecord::LedgerMoved { .. } => true,
        };
        Head { moved, ..self.after_batch(header, self.edge.clone(), digest) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_reads_back_and_damage_is_seen() {
        let mut head = Head::genesis(LedgerId([7; 16]));
        for leaf in 0..11 {
            head.edge.push([leaf; 32]);
        }
        head = Head { root: head.edge.root(), epoch: 3, next_batch: 5, moved: true, ..head };
        let bytes = head.to_bytes();
        assert_eq!(Head::from_bytes(&bytes), Ok(head));
        for place in 0..bytes.len() {
            let mut bent = bytes.clone();
            bent[place] ^= 4;
            assert!(Head::from_bytes(&bent).is_err(), "byte {place}");
            assert!(Head::from_bytes(&bytes[..place]).is_err(), "cut at {place}");
        }
    }
}

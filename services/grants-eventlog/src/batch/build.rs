//! Builds a batch behind a head, and knows the head after it without hashing anything twice.

use sha2::{Digest, Sha256};

use super::{
    BATCH_BYTES_MAX, Batch, CRC_BYTES, EVENT_BYTES_MAX, EVENTS_PER_BATCH_MAX, HEADER_BYTES, Header, Kind,
};
use crate::control::{ControlError, ControlRecord};
use crate::head::Head;
use crate::ids::{Root, WriterId};
use crate::judge::{Halt, HashedBatch, Judge};
use crate::tree::{Edge, Hash, leaf_hash};

/// What an event takes in a batch beside its own bytes.
const LENGTH_PREFIX_BYTES: usize = 2;

/// A batch of events in the making.
#[derive(Clone, Debug)]
pub struct BatchBuilder {
    before: Head,
    edge: Edge,
    leaves: Vec<Hash>,
    // Invariant: HEADER_BYTES of room for the header, then the events with their lengths.
    bytes: Vec<u8>,
}

/// A finished batch: its bytes, and the head of a log that ends with it.
///
/// Invariant: `head_after` is what the validity rule makes of `bytes` behind the head it was built on.
/// (`tests::framing`)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedBatch {
    header: Header,
    bytes: Vec<u8>,
    leaves: Vec<Hash>,
    head_after: Head,
}

/// Why an event does not go into a batch; the batch stays as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    /// An event has at least one byte.
    #[error("an event without bytes cannot be recorded")]
    Empty,
    /// The event is longer than [`EVENT_BYTES_MAX`]; no batch can take it.
    #[error("an event of {0} bytes is longer than {EVENT_BYTES_MAX}")]
    EventTooLong(usize),
    /// The batch is full; the next one can take the event.
    #[error("the batch is full")]
    BatchFull,
}

impl BatchBuilder {
    /// Begins the batch that follows `head`, written by the writer whose epoch `head` is in.
    pub fn new(head: &Head) -> BatchBuilder {
        BatchBuilder {
            edge: head.edge().clone(),
            before: head.clone(),
            leaves: Vec::new(),
            bytes: vec![0; HEADER_BYTES],
        }
    }

    /// Adds one event and returns its sequence.
    ///
    /// # Errors
    /// The event or the batch would be too long; nothing has changed then.
    pub fn push(&mut self, envelope: &[u8]) -> Result<u64, PushError> {
        if envelope.is_empty() {
            return Err(PushError::Empty);
        }
        if EVENT_BYTES_MAX < envelope.len() {
            return Err(PushError::EventTooLong(envelope.len()));
        }
        if !self.fits(1, envelope.len()) {
            return Err(PushError::BatchFull);
        }
        let length = u16::try_from(envelope.len()).map_err(|_| PushError::EventTooLong(envelope.len()))?;
        let sequence = self.edge.size();
        let leaf = leaf_hash(envelope);
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(envelope);
        self.leaves.push(leaf);
        self.edge.push(leaf);
        Ok(sequence)
    }

    /// Whether `events` more events with `bytes` bytes in all still go in: ask before the first event of a command.
    pub fn fits(&self, events: u32, bytes: usize) -> bool {
        let prefixes = usize::try_from(events).unwrap_or(usize::MAX).saturating_mul(LENGTH_PREFIX_BYTES);
        let after = self.len_bytes().saturating_add(bytes).saturating_add(prefixes);
        after <= BATCH_BYTES_MAX
            && u64::from(self.count()) + u64::from(events) <= u64::from(EVENTS_PER_BATCH_MAX)
    }

    /// How long the batch would be if it were sealed now, in bytes.
    pub fn len_bytes(&self) -> usize {
        self.bytes.len() + CRC_BYTES
    }

    /// How many events it has.
    pub fn count(&self) -> u32 {
        u32::try_from(self.leaves.len()).expect("push keeps the count below EVENTS_PER_BATCH_MAX")
    }

    /// Whether nothing has been pushed yet.
    pub fn is_empty(&self) -> bool {
        self.leaves.is_empty()
    }

    /// The sequence that the next event gets.
    pub fn next_sequence(&self) -> u64 {
        self.edge.size()
    }

    /// The tree's root after the events pushed so far.
    pub fn root(&self) -> Root {
        self.edge.root()
    }

    /// Finishes the batch.
    ///
    /// # Panics
    /// When nothing was pushed: a batch without events would be a caller's bug.
    pub fn seal(self) -> SealedBatch {
        assert!(!self.leaves.is_empty(), "a batch of events was sealed without an event");
        let header = Header { count: self.count(), ..self.before.header_of_next(Kind::Events) };
        let bytes = frame(&header, self.bytes);
        let digest = digest(&bytes, &self.leaves);
        let head_after = self.before.after_batch(&header, self.edge, digest);
        SealedBatch { header, bytes, leaves: self.leaves, head_after }
    }
}

impl SealedBatch {
    /// The batch with which `writer` takes over the ledger behind `head`, in the next epoch.
    ///
    /// # Errors
    /// The address is too long or not plain text.
    pub fn epoch_opened(head: &Head, writer: WriterId, address: &str) -> Result<SealedBatch, ControlError> {
        let record = ControlRecord::EpochOpened { address: address.to_owned() };
        let header = Header { epoch: head.epoch() + 1, writer, ..head.header_of_next(Kind::Control) };
        SealedBatch::control(head, header, &record)
    }

    /// The last batch of a ledger that goes on at `target`.
    ///
    /// # Errors
    /// The target is too long or not plain text.
    pub fn ledger_moved(head: &Head, target: &str) -> Result<SealedBatch, ControlError> {
        let record = ControlRecord::LedgerMoved { target: target.to_owned() };
        SealedBatch::control(head, head.header_of_next(Kind::Control), &record)
    }

    /// Takes over a batch that another log holds, when it is valid behind `before`: for copying a log.
    ///
    /// # Errors
    /// The batch is not valid there; the halt names the sequence.
    pub fn copied(bytes: Vec<u8>, before: &Head) -> Result<SealedBatch, Halt> {
        let mut judge = Judge::new(before.clone());
        let hashed = HashedBatch::decode(&bytes).map_err(|fault| judge.halt_at(fault.into()))?;
        let head_after = judge.accept_hashed(&hashed)?;
        let header = *hashed.batch().header();
        let leaves = hashed.into_leaves();
        Ok(SealedBatch { header, bytes, leaves, head_after })
    }

    fn control(head: &Head, header: Header, record: &ControlRecord) -> Result<SealedBatch, ControlError> {
        let record_bytes = record.encode()?;
        let length =
            u16::try_from(record_bytes.len()).map_err(|_| ControlError::TooLong(record_bytes.len()))?;
        let mut bytes = vec![0; HEADER_BYTES];
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&record_bytes);
        let bytes = frame(&header, bytes);
        let digest = digest(&bytes, &[leaf_hash(&record_bytes)]);
        let head_after = head.after_control(&header, record, digest);
        Ok(SealedBatch { header, bytes, leaves: Vec::new(), head_after })
    }

    /// The stored bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The stored bytes, taken out.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The fixed front.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Where a log ends that ends with this batch.
    pub fn head_after(&self) -> &Head {
        &self.head_after
    }

    /// Its place among the batches of the ledger.
    pub fn batch(&self) -> u64 {
        self.header.batch
    }

    /// The sequence of its first event.
    pub fn first_sequence(&self) -> u64 {
        self.header.first_sequence
    }

    /// How many events it has; 0 for a control batch.
    pub fn count(&self) -> u32 {
        self.header.count
    }

    /// The leaf hashes of its events, in order.
    pub fn leaves(&self) -> &[Hash] {
        &self.leaves
    }

    /// The events, as they are stored.
    pub fn events(&self) -> impl Iterator<Item = &[u8]> {
        Batch::decode(&self.bytes).expect("a sealed batch is well-formed").events()
    }
}

/// Puts the header into the room kept for it, and the CRC at the end.
fn frame(header: &Header, mut bytes: Vec<u8>) -> Vec<u8> {
    let body_length = bytes.len() - HEADER_BYTES;
    let body_length = u32::try_from(body_length).expect("a body is shorter than BATCH_BYTES_MAX");
    bytes.split_at_mut(HEADER_BYTES).0.copy_from_slice(&header.encode(body_length));
    let crc = crc32c::crc32c(&bytes);
    bytes.extend_from_slice(&crc.to_be_bytes());
    bytes
}

fn digest(bytes: &[u8], items: &[Hash]) -> Hash {
    let (header, _) = bytes.split_at(HEADER_BYTES);
    batch_digest(header, items)
}

/// The SHA-256 that names a batch: over its header and the leaf hashes of its items.
///
/// It binds the same bytes as a hash of the whole batch would, but needs no second pass over the events.
pub(crate) fn batch_digest(header: &[u8], items: &[Hash]) -> Hash {
    let mut sha = Sha256::new();
    sha.update(header);
    sha.update(items.as_flattened());
    sha.finalize().into()
}

//! Lays out a batch, the unit of atomicity and of durability, as bytes that are never rewritten.
//!
//! ```text
//!   offset  bytes
//!        0      4  magic "GRLB"
//!        4      1  format version, 1
//!        5      1  hash algorithm, 1 = SHA-256
//!        6      1  kind, 1 = events, 2 = control
//!        7      1  zero
//!        8     16  ledger id
//!       24      8  epoch
//!       32     16  writer id
//!       48      8  batch number, from 0
//!       56      8  first sequence, from 0
//!       64      4  count of events; 0 in a control batch
//!       68      4  length of the body
//!       72     32  previous root: the tree's root before this batch
//!      104      …  body: length (2 bytes) and bytes of each event, or of the one control record
//!        …      4  CRC32C of everything before it
//! ```
//!
//! Numbers are big-endian. The page for people is `docs/reference/log-format.md`.

mod build;

pub(crate) use build::batch_digest;
pub use build::{BatchBuilder, PushError, SealedBatch};

use crate::control::{ControlError, ControlRecord};
use crate::ids::{LedgerId, Root, WriterId};
use crate::wire::{Cursor, split_crc};

/// A whole batch with header and CRC, in bytes: one append stays under a megabyte, so that a turn stays short.
pub const BATCH_BYTES_MAX: usize = 900 * 1_024;

/// One event, in bytes. It keeps every event below the 65,535 bytes of a C2SP entry.
pub const EVENT_BYTES_MAX: usize = 60 * 1_024;

/// Events of one batch. Bounds the list of leaf hashes (2 MiB) that travels with a batch.
pub const EVENTS_PER_BATCH_MAX: u32 = 65_536;

/// The fixed front of a batch, in bytes.
pub const HEADER_BYTES: usize = 104;

/// The CRC at the end, in bytes.
pub const CRC_BYTES: usize = 4;

const MAGIC: [u8; 4] = *b"GRLB";
const FORMAT_VERSION: u8 = 1;
const HASH_SHA256: u8 = 1;

/// What a batch carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// At least one event.
    Events,
    /// One control record and no event; it takes a batch number, but no leaf.
    Control,
}

/// The fixed front of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Events or control.
    pub kind: Kind,
    /// The ledger it belongs to.
    pub ledger: LedgerId,
    /// The writer's epoch; the first one is 1.
    pub epoch: u64,
    /// The process that wrote it.
    pub writer: WriterId,
    /// Its place among the batches of the ledger, from 0, without gaps.
    pub batch: u64,
    /// The sequence of its first event, or of the next event when it has none.
    pub first_sequence: u64,
    /// How many events it has.
    pub count: u32,
    /// The tree's root before it.
    pub previous_root: Root,
}

/// A decoded batch: its header, and views into the bytes it was decoded from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch<'a> {
    header: Header,
    header_bytes: [u8; HEADER_BYTES],
    // Invariant: well-formed items, `count` of them or the one of a control batch. (Batch::decode)
    body: &'a [u8],
}

/// Why bytes are not a batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// There are fewer bytes than a header and a CRC.
    #[error("a batch of {0} bytes is too short to be one")]
    TooShort(usize),
    /// There are more bytes than [`BATCH_BYTES_MAX`].
    #[error("a batch of {0} bytes is longer than {BATCH_BYTES_MAX}")]
    TooLong(usize),
    /// The first bytes are not those of a batch.
    #[error("the bytes do not begin like a batch")]
    Magic,
    /// A newer program wrote this; an older one stops.
    #[error("batch format version {0} is unknown to this program")]
    UnknownVersion(u8),
    /// A newer program wrote this; an older one stops.
    #[error("hash algorithm {0} is unknown to this program")]
    UnknownHash(u8),
    /// A newer program wrote this; an older one stops.
    #[error("batch kind {0} is unknown to this program")]
    UnknownKind(u8),
    /// The spare byte is not zero.
    #[error("the spare byte of the header is {0} and not zero")]
    Spare(u8),
    /// The checksum does not fit the bytes.
    #[error("the CRC32C of the batch is {computed:08x}, stored is {stored:08x}")]
    Crc {
        /// What the bytes give.
        computed: u32,
        /// What the batch says.
        stored: u32,
    },
    /// The body is not as long as the header says.
    #[error("the body has {found} bytes, the header says {told}")]
    BodyLength {
        /// What the header says.
        told: u32,
        /// What is there.
        found: usize,
    },
    /// The count does not fit the kind, or is above [`EVENTS_PER_BATCH_MAX`].
    #[error("a batch of this kind cannot have {0} events")]
    Count(u32),
    /// An event is empty, too long, or cut off.
    #[error("event {0} of the batch is empty, too long or cut off")]
    Event(u32),
    /// Bytes follow the last event.
    #[error("{0} bytes follow the last event")]
    Surplus(usize),
    /// The control record is not one.
    #[error(transparent)]
    Control(#[from] ControlError),
}

impl Kind {
    fn byte(self) -> u8 {
        match self {
            Kind::Events => 1,
            Kind::Control => 2,
        }
    }
}

impl Header {
    /// The stored front of a batch whose body has `body_length` bytes.
    fn encode(&self, body_length: u32) -> [u8; HEADER_BYTES] {
        let mut bytes = Vec::with_capacity(HEADER_BYTES);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&[FORMAT_VERSION, HASH_SHA256, self.kind.byte(), 0]);
        bytes.extend_from_slice(&self.ledger.0);
        bytes.extend_from_slice(&self.epoch.to_be_bytes());
        bytes.extend_from_slice(&self.writer.0);
        bytes.extend_from_slice(&self.batch.to_be_bytes());
        bytes.extend_from_slice(&self.first_sequence.to_be_bytes());
        bytes.extend_from_slice(&self.count.to_be_bytes());
        bytes.extend_from_slice(&body_length.to_be_bytes());
        bytes.extend_from_slice(&self.previous_root.0);
        bytes.try_into().expect("the fields above are HEADER_BYTES long")
    }

    /// Reads a header and the length of the body, in the order in which the fields can be trusted.
    fn decode(bytes: &[u8]) -> Result<(Header, u32), FrameError> {
        let short = || FrameError::TooShort(bytes.len());
        let mut cursor = Cursor::new(bytes);
        if cursor.array().ok_or_else(short)? != MAGIC {
            return Err(FrameError::Magic);
        }
        let [version, hash, kind, spare] = cursor.array().ok_or_else(short)?;
        if version != FORMAT_VERSION {
            return Err(FrameError::UnknownVersion(version));
        }
        if hash != HASH_SHA256 {
            return Err(FrameError::UnknownHash(hash));
        }
        let kind = match kind {
            1 => Kind::Events,
            2 => Kind::Control,
            other => return Err(FrameError::UnknownKind(other)),
        };
        if spare != 0 {
            return Err(FrameError::Spare(spare));
        }
        let ledger = LedgerId(cursor.array().ok_or_else(short)?);
        let epoch = cursor.u64().ok_or_else(short)?;
        let writer = WriterId(cursor.array().ok_or_else(short)?);
        let batch = cursor.u64().ok_or_else(short)?;
        let first_sequence = cursor.u64().ok_or_else(short)?;
        let count = cursor.u32().ok_or_else(short)?;
        let body_length = cursor.u32().ok_or_else(short)?;
        let previous_root = Root(cursor.array().ok_or_else(short)?);
        let header = Header { kind, ledger, epoch, writer, batch, first_sequence, count, previous_root };
        Ok((header, body_length))
    }
}

impl<'a> Batch<'a> {
    /// Reads a batch; the events stay where they are.
    ///
    /// # Errors
    /// Any byte that is not as the format says; see [`FrameError`].
    pub fn decode(bytes: &'a [u8]) -> Result<Batch<'a>, FrameError> {
        if bytes.len() < HEADER_BYTES + CRC_BYTES {
            return Err(FrameError::TooShort(bytes.len()));
        }
        if BATCH_BYTES_MAX < bytes.len() {
            return Err(FrameError::TooLong(bytes.len()));
        }
        let (header, told) = Header::decode(bytes)?;
        let (covered, stored) = split_crc(bytes).ok_or(FrameError::TooShort(bytes.len()))?;
        let computed = crc32c::crc32c(covered);
        if computed != stored {
            return Err(FrameError::Crc { computed, stored });
        }
        let (header_bytes, body) = covered.split_first_chunk().ok_or(FrameError::TooShort(bytes.len()))?;
        if usize::try_from(told) != Ok(body.len()) {
            return Err(FrameError::BodyLength { told, found: body.len() });
        }
        check_body(&header, body)?;
        Ok(Batch { header, header_bytes: *header_bytes, body })
    }

    /// The fixed front.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The fixed front as it is stored.
    pub fn header_bytes(&self) -> &[u8; HEADER_BYTES] {
        &self.header_bytes
    }

    /// The events in order; none in a control batch.
    pub fn events(&self) -> Items<'a> {
        match self.header.kind {
            Kind::Events => self.items(),
            Kind::Control => Items { rest: &[] },
        }
    }

    /// The control record; none in a batch of events.
    ///
    /// # Errors
    /// [`Batch::decode`] has found it well-formed, so there is none in practice.
    pub fn control(&self) -> Result<Option<ControlRecord>, ControlError> {
        match self.header.kind {
            Kind::Events => Ok(None),
            Kind::Control => ControlRecord::decode(self.items().next().unwrap_or_default()).map(Some),
        }
    }

    /// Events or the control record: what the digest of a batch covers beside its header.
    pub(crate) fn items(&self) -> Items<'a> {
        Items { rest: self.body }
    }
}

/// The length-prefixed items of a body that has been checked.
#[derive(Clone, Debug)]
pub struct Items<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Items<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let mut cursor = Cursor::new(self.rest);
        let length = cursor.u16()?;
        let item = cursor.take(usize::from(length))?;
        self.rest = cursor.rest();
        Some(item)
    }
}

fn check_body(header: &Header, body: &[u8]) -> Result<(), FrameError> {
    let wanted = match header.kind {
        Kind::Events if 0 < header.count && header.count <= EVENTS_PER_BATCH_MAX => header.count,
        Kind::Control if header.count == 0 => 1,
        Kind::Events | Kind::Control => return Err(FrameError::Count(header.count)),
    };
    let mut items = Items { rest: body };
    for index in 0..wanted {
        let item = items.next().ok_or(FrameError::Event(index))?;
        if item.is_empty() || EVENT_BYTES_MAX < item.len() {
            return Err(FrameError::Event(index));
        }
        if header.kind == Kind::Control {
            ControlRecord::decode(item)?;
        }
    }
    if !items.rest.is_empty() {
        return Err(FrameError::Surplus(items.rest.len()));
    }
    Ok(())
}

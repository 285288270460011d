//! Keeps the head file: a second witness, beside the log, of how long the log must be.
//!
//! ```text
//!   slot 0 (4,096 bytes)        slot 1 (4,096 bytes)
//!   generation 6, batch 41      generation 7, batch 44     the newest whole slot counts
//! ```
//!
//! The slots are written in turn, so a power cut in the middle of one leaves the other. A store may drop a synced tail
//! without a word when it recovers; the head file is how that is noticed.

mod keeper;

pub use keeper::{HeadKeeper, KeeperFailed};

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::files::{self, Durable};
use crate::head::Head;
use crate::ids::{LedgerId, Root};
use crate::tree::Hash;
use crate::wire::{Cursor, split_crc};

/// One slot, in bytes: what a disk writes at once.
pub const SLOT_BYTES: usize = 4_096;

const FILE_BYTES_MAX: u64 = 2 * 4_096;
const MAGIC: [u8; 4] = *b"GRHF";
const FORMAT_VERSION: u8 = 1;

/// What the head file says: the log has at least this, and exactly this history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vouched {
    /// The ledger whose log it is.
    pub ledger: LedgerId,
    /// The open epoch.
    pub epoch: u64,
    /// How many batches the log had.
    pub next_batch: u64,
    /// How many events it had.
    pub next_sequence: u64,
    /// The root of the tree over them.
    pub root: Root,
    /// The SHA-256 that names the last batch.
    pub last_batch_sha256: Hash,
    /// The offset behind it, in a store where records lie that do not count; 0 in any other.
    pub next_offset: u64,
}

/// What is found under the name of a head file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// There is no file.
    Nothing,
    /// There is a file, but no whole slot in it.
    Unreadable,
    /// The newest whole slot.
    Slot(Vouched),
}

/// Why a head file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HeadFileError {
    /// A newer program wrote it.
    #[error("the head file has format version {0}, which is unknown to this program")]
    UnknownVersion(u8),
    /// The disk failed.
    #[error("the head file cannot be read or written: {0}")]
    Io(#[from] io::Error),
}

/// A head file that is open for writing.
#[derive(Debug)]
pub struct HeadFile {
    file: File,
    generation: u64,
}

impl From<&Head> for Vouched {
    fn from(head: &Head) -> Vouched {
        Vouched {
            ledger: head.ledger(),
            epoch: head.epoch(),
            next_batch: head.next_batch(),
            next_sequence: head.next_sequence(),
            root: head.root(),
            last_batch_sha256: head.last_batch_sha256(),
            next_offset: 0,
        }
    }
}

impl Vouched {
    /// The same, in a store where it ends before an offset.
    pub fn up_to(self, next_offset: u64) -> Vouched {
        Vouched { next_offset, ..self }
    }
}

impl HeadFile {
    /// Makes a head file that vouches for `vouched`, replacing one that may be there; durable on return.
    ///
    /// # Errors
    /// The disk failed.
    pub fn create(path: &Path, vouched: &Vouched) -> Result<HeadFile, HeadFileError> {
        let mut bytes = encode(0, vouched);
        bytes.resize(SLOT_BYTES * 2, 0);
        files::write_whole(path, &bytes, Durable::Yes)?;
        HeadFile::open_at(path, 0)
    }

    /// Opens the head file that [`HeadFile::read`] found.
    ///
    /// # Errors
    /// There is no usable slot, or the disk failed.
    pub fn open(path: &Path) -> Result<HeadFile, HeadFileError> {
        let bytes = files::read_small(path, FILE_BYTES_MAX)?.unwrap_or_default();
        match newest(&bytes)? {
            Some((generation, _)) => HeadFile::open_at(path, generation),
            None => Err(io::Error::other("no slot of the head file is whole").into()),
        }
    }

    /// Looks what a head file says.
    ///
    /// # Errors
    /// A newer program wrote it, or the disk failed.
    pub fn read(path: &Path) -> Result<Found, HeadFileError> {
        let Some(bytes) = files::read_small(path, FILE_BYTES_MAX)? else {
            return Ok(Found::Nothing);
        };
        Ok(newest(&bytes)?.map_or(Found::Unreadable, |(_, vouched)| Found::Slot(vouched)))
    }

    /// Writes the slot that is not the newest; durable on return.
    ///
    /// # Errors
    /// The disk failed; what the file says is unknown, but the newest slot before is still there.
    pub fn write(&mut self, vouched: &Vouched) -> Result<(), HeadFileError> {
        self.generation += 1;
        let slot = encode(self.generation, vouched);
        self.file.write_all_at(&slot, offset_of(self.generation))?;
        self.file.sync_data()?;
        Ok(())
    }

    fn open_at(path: &Path, generation: u64) -> Result<HeadFile, HeadFileError> {
        let file = File::options().read(true).write(true).open(path)?;
        Ok(HeadFile { file, generation })
    }
}

fn offset_of(generation: u64) -> u64 {
    (generation % 2) * 4_096
}

fn encode(generation: u64, vouched: &Vouched) -> Vec<u8> {
    let mut slot = Vec::with_capacity(SLOT_BYTES);
    slot.extend_from_slice(&MAGIC);
    slot.extend_from_slice(&[FORMAT_VERSION, 0, 0, 0]);
    slot.extend_from_slice(&generation.to_be_bytes());
    slot.extend_from_slice(&vouched.ledger.0);
    slot.extend_from_slice(&vouched.epoch.to_be_bytes());
    slot.extend_from_slice(&vouched.next_batch.to_be_bytes());
    slot.extend_from_slice(&vouched.next_sequence.to_be_bytes());
    slot.extend_from_slice(&vouched.root.0);
    slot.extend_from_slice(&vouched.last_batch_sha256);
    // Behind what earlier programs wrote there were zeros, which say that a store has no offsets.
    slot.extend_from_slice(&vouched.next_offset.to_be_bytes());
    slot.resize(SLOT_BYTES - 4, 0);
    let crc = crc32c::crc32c(&slot);
    slot.extend_from_slice(&crc.to_be_bytes());
    slot
}

/// The newest whole slot and its generation.
fn newest(bytes: &[u8]) -> Result<Option<(u64, Vouched)>, HeadFileError> {
    let mut newest: Option<(u64, Vouched)> = None;
    for slot in bytes.chunks_exact(SLOT_BYTES) {
        if let Some((generation, vouched)) = decode(slot)?
            && newest.is_none_or(|(other, _)| other < generation)
        {
            newest = Some((generation, vouched));
        }
    }
    Ok(newest)
}

/// A slot, or nothing when it is torn or was never written.
fn decode(slot: &[u8]) -> Result<Option<(u64, Vouched)>, HeadFileError> {
    let Some((covered, stored)) = split_crc(slot) else {
        return Ok(None);
    };
    let mut cursor = Cursor::new(covered);
    if cursor.array() != Some(MAGIC) || crc32c::crc32c(covered) != stored {
        return Ok(None);
    }
    match cursor.array::<4>() {
        Some([FORMAT_VERSION, ..]) => Ok(fields(&mut cursor)),
        Some([version, ..]) => Err(HeadFileError::UnknownVersion(version)),
        None => Ok(None),
    }
}

fn fields(cursor: &mut Cursor<'_>) -> Option<(u64, Vouched)> {
    let generation = cursor.u64()?;
    let vouched = Vouched {
        ledger: LedgerId(cursor.array()?),
        epoch: cursor.u64()?,
        next_batch: cursor.u64()?,
        next_sequence: cursor.u64()?,
        root: Root(cursor.array()?),
        last_batch_sha256: cursor.array()?,
        next_offset: cursor.u64()?,
    };
    Some((generation, vouched))
}

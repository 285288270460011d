//! The one damage at which RocksDB never stops looking, found before it looks.
//!
//! A database begins with its journals: the manifest, and the logs of writes that are in no table yet. A record says in one
//! byte of what type it is. Where that byte became the type of a record in a reused file, RocksDB 11 finds a bad record,
//! does not step over it, and finds it again, for ever (facebook/rocksdb#13333). No setting changes that, so whoever opens
//! a database asks here first. All other damage is RocksDB's to find.
//!
//! ```text
//!   block of 32,768 bytes   records, then fewer bytes than a header has
//!   record                  CRC-32C (4, masked, little-endian), length (2), type (1), [number of the file (4)], bytes
//! ```

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

/// A block of a journal.
const BLOCK_BYTES: u16 = 32_768;
/// The front of a record: sum, length and type.
const HEADER_BYTES: usize = 7;
/// The front of a record in a reused file, which has the number of the file behind it.
const REUSED_HEADER_BYTES: usize = 11;
/// RocksDB stores a sum of sums only in this disguise.
const MASK: u32 = 0xa282_ead8;
/// Types of a record that ends something.
const ENDS: [u8; 4] = [1, 4, 5, 8];
/// Types of records in reused files. Nothing here reuses a file.
const REUSED: [u8; 6] = [5, 6, 7, 8, 11, 131];

/// Why a database must not be opened.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A record that would be looked at for ever.
    #[error("{} is damaged: the record at byte {offset} has the type {kind}, which is never written here", path.display())]
    Endless {
        /// The journal.
        path: PathBuf,
        /// Where the record begins.
        offset: usize,
        /// Its type.
        kind: u8,
    },
    /// A journal cannot be read.
    #[error("{}: {cause}", path.display())]
    Io {
        /// The journal.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

/// Looks through the journals of the database in `folder`. A journal that is missing is not missed here.
///
/// # Errors
/// A record at which RocksDB would never stop, with its file and place; or a journal cannot be read.
pub fn check_journals(folder: &Path) -> Result<(), JournalError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |cause| JournalError::Io { path, cause }
    };
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let path = entry.map_err(at(folder))?.path();
        let is_log = path.extension().is_some_and(|end| end == "log");
        let named = path.file_name().and_then(|name| name.to_str());
        if is_log || named.is_some_and(|name| name.starts_with("MANIFEST-")) {
            match check(&path) {
                // A writer beside us may have removed it since.
                Err(JournalError::Io { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => {}
                found => found?,
            }
        }
    }
    Ok(())
}

fn check(path: &Path) -> Result<(), JournalError> {
    let at = |cause| JournalError::Io { path: path.to_owned(), cause };
    let mut file = File::open(path).map_err(at)?;
    let (mut walk, mut block) = (Walk::default(), Vec::with_capacity(usize::from(BLOCK_BYTES)));
    let mut offset = 0_usize;
    loop {
        block.clear();
        let mut front = file.by_ref().take(u64::from(BLOCK_BYTES));
        let read = front.read_to_end(&mut block).map_err(at)?;
        if let Some((place, kind)) = walk.endless(&block) {
            let offset = offset.saturating_add(place);
            return Err(JournalError::Endless { path: path.to_owned(), offset, kind });
        }
        if read < usize::from(BLOCK_BYTES) {
            return Ok(());
        }
        offset = offset.saturating_add(read);
    }
}

/// What RocksDB remembers while it reads a journal, as far as it bears on this.
#[derive(Default)]
struct Walk {
    /// A whole record has been read.
    began: bool,
    /// A record of a reused file has been read.
    reused: bool,
}

impl Walk {
    /// Goes through a block as RocksDB does, and stops where it would not: the place of the record and its type.
    fn endless(&mut self, block: &[u8]) -> Option<(usize, u8)> {
        let mut rest = block;
        while let Some((&[s0, s1, s2, s3, l0, l1, kind], _)) = rest.split_first_chunk::<HEADER_BYTES>() {
            let is_reused = REUSED.contains(&kind);
            if is_reused && self.began && !self.reused {
                return Some((block.len() - rest.len(), kind));
            }
            self.reused = self.reused || is_reused;
            let header = if is_reused { REUSED_HEADER_BYTES } else { HEADER_BYTES };
            let length = usize::from(u16::from_le_bytes([l0, l1]));
            let summed = rest.get(HEADER_BYTES - 1..header + length)?;
            let expected = u32::from_le_bytes([s0, s1, s2, s3]).wrapping_sub(MASK).rotate_left(15);
            // Behind a record that is not what was written, the rest of the block is not looked at.
            if kind == 0 && length == 0 || crc32c::crc32c(summed) != expected {
                return None;
            }
            self.began = self.began || ENDS.contains(&kind);
            rest = rest.get(header + length..)?;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u8, bytes: &[u8]) -> Vec<u8> {
        let mut summed = vec![kind];
        summed.extend_from_slice(bytes);
        let sum = crc32c::crc32c(&summed).rotate_right(15).wrapping_add(MASK);
        let length = u16::try_from(bytes.len()).unwrap();
        [&sum.to_le_bytes()[..], &length.to_le_bytes(), &summed].concat()
    }

    #[test]
    fn a_record_of_a_reused_file_is_found_where_the_file_is_not() {
        let (first, second) = (record(1, b"one"), record(1, b"two"));
        let sound = [first.clone(), second.clone()].concat();
        assert_eq!(Walk::default().endless(&sound), None);
        for kind in REUSED {
            let mut bent = sound.clone();
            bent[first.len() + 6] = kind;
            assert_eq!(Walk::default().endless(&bent), Some((first.len(), kind)));
        }
        // The first record of all: RocksDB takes the file for a reused one, and ends.
        let mut bent = sound.clone();
        bent[6] = 5;
        assert_eq!(Walk::default().endless(&bent), None);
    }

    #[test]
    fn what_rocksdb_does_not_look_at_is_not_looked_at() {
        let first = record(1, b"one");
        let mut cut_short = [first.clone(), record(1, b"two"), record(5, b"three")].concat();
        cut_short[first.len()] ^= 1;
        assert_eq!(Walk::default().endless(&cut_short), None, "behind a wrong sum");
        let long = [first.clone(), vec![0, 0, 0, 0, 0xff, 0xff, 1], record(5, b"three")].concat();
        assert_eq!(Walk::default().endless(&long), None, "behind a length that does not fit");
        let empty = [first.clone(), vec![0; 7], record(5, b"three")].concat();
        assert_eq!(Walk::default().endless(&empty), None, "behind nothing");
        let mut walk = Walk::default();
        assert_eq!(walk.endless(&[first, vec![0; 6]].concat()), None);
        assert_eq!(walk.endless(&record(6, b"three")), Some((0, 6)), "in the next block");
    }
}

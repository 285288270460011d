//! Writes the tree as static files of 256 hashes, and reads its nodes back from them (C2SP `tlog-tiles` v0.1.0).
//!
//! ```text
//!   tile/0/000            leaf hashes 0–255              tile/entries/000   the 256 events themselves
//!   tile/0/001.p/44       leaf hashes 256–299            tile/entries/001.p/44
//!   tile/1/000.p/1        the root over leaves 0–255
//! ```
//!
//! Tiles are derived: they are not synced, they are checked when used, and they can be written again from the log.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::files::{self, Durable};
use crate::proofs::{Nodes, ProofError, unreadable};
use crate::tree::{Edge, Hash};
use crate::wire::wide;

/// Hashes of a full tile.
pub const TILE_WIDTH: u64 = 256;

const TILE_LEVEL_BITS: u8 = 8;
const HASH_BYTES: u64 = 32;

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TileKind {
    /// Hashes of this tile level: 0 for leaves, 1 for roots over 256 leaves, and so on.
    Hashes(u8),
    /// The events themselves, each behind its length in two bytes.
    Entries,
}

/// Where tile number `index` lies below the folder of a log; `width` is 256 for a full tile, less for the last one.
pub fn tile_path(kind: TileKind, index: u64, width: u64) -> String {
    let mut groups = format!("{:03}", index % 1_000);
    let mut rest = index / 1_000;
    while 0 < rest {
        groups = format!("x{:03}/{groups}", rest % 1_000);
        rest /= 1_000;
    }
    let kind = match kind {
        TileKind::Hashes(level) => level.to_string(),
        TileKind::Entries => "entries".to_owned(),
    };
    if width < TILE_WIDTH {
        format!("tile/{kind}/{groups}.p/{width}")
    } else {
        format!("tile/{kind}/{groups}")
    }
}

/// Writes the tiles of a growing tree.
#[derive(Debug)]
pub struct TileWriter {
    folder: PathBuf,
    size: u64,
    // Invariant: the hashes of the last, not yet full tile of each level. (TileWriter::push)
    levels: Vec<Vec<Hash>>,
    entries: Option<Vec<u8>>,
}

impl TileWriter {
    /// Begins with the tree without leaves, below `folder`; `entries` says whether the events are written too.
    pub fn new(folder: &Path, entries: bool) -> TileWriter {
        let entries = entries.then(Vec::new);
        TileWriter { folder: folder.to_owned(), size: 0, levels: vec![Vec::new()], entries }
    }

    /// Goes on behind the tree of `size` leaves, whose partial tiles [`TileWriter::flush`] has written.
    ///
    /// # Errors
    /// A partial tile is missing or has the wrong length: begin anew.
    pub fn resume(folder: &Path, entries: bool, size: u64) -> io::Result<TileWriter> {
        let mut writer = TileWriter::new(folder, entries);
        writer.size = size;
        writer.levels.clear();
        let (mut hashes, mut level) = (size, 0);
        while 0 < hashes {
            let width = hashes % TILE_WIDTH;
            let path = folder.join(tile_path(TileKind::Hashes(level), hashes / TILE_WIDTH, width));
            writer.levels.push(if width == 0 { Vec::new() } else { read_tile(&path, width)? });
            hashes /= TILE_WIDTH;
            level += 1;
        }
        if writer.levels.is_empty() {
            writer.levels.push(Vec::new());
        }
        let width = size % TILE_WIDTH;
        if entries && 0 < width {
            let path = folder.join(tile_path(TileKind::Entries, size / TILE_WIDTH, width));
            writer.entries = Some(fs::read(path)?);
        }
        Ok(writer)
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds one event and its leaf hash; full tiles are written at once.
    ///
    /// # Errors
    /// The disk failed, or the event is longer than a bundle of entries can say.
    pub fn push(&mut self, entry: &[u8], leaf: Hash) -> io::Result<()> {
        let index = self.size / TILE_WIDTH;
        self.size += 1;
        let full = self.size.is_multiple_of(TILE_WIDTH);
        if let Some(entries) = &mut self.entries {
            let length = u16::try_from(entry.len()).map_err(io::Error::other)?;
            entries.extend_from_slice(&length.to_be_bytes());
            entries.extend_from_slice(entry);
            if full {
                write(&self.folder, TileKind::Entries, index, TILE_WIDTH, entries)?;
                entries.clear();
            }
        }
        self.push_hash(leaf)
    }

    /// Writes the tiles that are not full, so that the tree of this size can be read.
    ///
    /// # Errors
    /// The disk failed.
    pub fn flush(&self) -> io::Result<()> {
        let mut hashes = self.size;
        for (level, tile) in self.levels.iter().enumerate() {
            if !tile.is_empty() {
                let kind = TileKind::Hashes(u8::try_from(level).map_err(io::Error::other)?);
                write(&self.folder, kind, hashes / TILE_WIDTH, wide(tile.len()), tile.as_flattened())?;
            }
            hashes /= TILE_WIDTH;
        }
        match &self.entries {
            Some(entries) if !entries.is_empty() => {
                let width = self.size % TILE_WIDTH;
                write(&self.folder, TileKind::Entries, self.size / TILE_WIDTH, width, entries)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Adds a leaf to level 0, and to each level above the root of a tile that became full.
    fn push_hash(&mut self, leaf: Hash) -> io::Result<()> {
        let (mut hash, mut hashes, mut level) = (leaf, self.size, 0_u8);
        loop {
            if self.levels.len() <= usize::from(level) {
                self.levels.push(Vec::new());
            }
            let tile = self.levels.get_mut(usize::from(level)).expect("the level was just added");
            tile.push(hash);
            if wide(tile.len()) < TILE_WIDTH {
                return Ok(());
            }
            write(
                &self.folder,
                TileKind::Hashes(level),
                hashes / TILE_WIDTH - 1,
                TILE_WIDTH,
                tile.as_flattened(),
            )?;
            hash = root_of(tile);
            tile.clear();
            hashes /= TILE_WIDTH;
            level += 1;
        }
    }
}

/// The tiles of a tree of known size, as a source of proofs.
#[derive(Clone, Debug)]
pub struct TileFolder {
    folder: PathBuf,
    size: u64,
}

impl TileFolder {
    /// The tiles below `folder`, written up to `size`.
    pub fn new(folder: &Path, size: u64) -> TileFolder {
        TileFolder { folder: folder.to_owned(), size }
    }
}

impl Nodes for TileFolder {
    fn node(&self, level: u8, index: u64) -> Result<Hash, ProofError> {
        let (tile_level, depth) = (level / TILE_LEVEL_BITS, level % TILE_LEVEL_BITS);
        let hashes = self.size.checked_shr(u32::from(tile_level) * 8).unwrap_or(0);
        let outside = || unreadable(level, index, "the tree does not reach that far");
        let start = index.checked_mul(1 << depth).ok_or_else(outside)?;
        let end = start.checked_add(1 << depth).ok_or_else(outside)?;
        if hashes < end {
            return Err(outside());
        }
        let tile = start / TILE_WIDTH;
        let width = TILE_WIDTH.min(hashes - tile * TILE_WIDTH);
        let path = self.folder.join(tile_path(TileKind::Hashes(tile_level), tile, width));
        let found = read_tile(&path, width)
            .map_err(|fault| unreadable(level, index, &format!("{}: {fault}", path.display())))?;
        let place = usize::try_from(start % TILE_WIDTH).unwrap_or(usize::MAX);
        let slots = found.iter().skip(place).take(1 << depth).copied().collect::<Vec<_>>();
        Ok(root_of(&slots))
    }
}

/// The root over the hashes of one tile, or over a perfect part of it.
fn root_of(hashes: &[Hash]) -> Hash {
    let mut edge = Edge::new();
    for hash in hashes {
        edge.push(*hash);
    }
    edge.root().0
}

fn read_tile(path: &Path, width: u64) -> io::Result<Vec<Hash>> {
    let bytes = files::read_small(path, TILE_WIDTH * HASH_BYTES)?.ok_or(io::ErrorKind::NotFound)?;
    if wide(bytes.len()) != width * HASH_BYTES {
        return Err(io::Error::other(format!("{} bytes are not {width} hashes", bytes.len())));
    }
    Ok(bytes.as_chunks::<32>().0.to_vec())
}

fn write(folder: &Path, kind: TileKind, index: u64, width: u64, bytes: &[u8]) -> io::Result<()> {
    let path = folder.join(tile_path(kind, index, width));
    fs::create_dir_all(files::parent(&path)?)?;
    files::write_whole(&path, bytes, Durable::No)
}

//! Writes a bundle: reads the log once, judges every batch, and shows the folder only when it is whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::{BUNDLE_FILE_BYTES_MAX, BundleError, Manifest, file_name};
use crate::files::{self, Durable};
use crate::head::Head;
use crate::ids::LedgerId;
use crate::judge::{HashedBatch, Judge};
use crate::log::LogReader;
use crate::tiles::{TileFolder, TileWriter};
use crate::wire::wide;

/// How many bytes of batches are read at once.
const READ_BYTES: usize = 8 * 1_024 * 1_024;

/// Where a bundle ended: at the end of a batch, at or before the sequence that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleEnd {
    /// The head of the log behind the last batch of the bundle.
    pub head: Head,
    /// Whether the log has more batches than the bundle.
    pub cut: bool,
}

/// Writes the log of `ledger` into the new folder `folder`, up to the last batch that has no event behind
/// `to_sequence` (to the end of the log when that is `None`).
///
/// `checkpoint` gets the head of the bundle and its tiles (for a consistency proof) and returns the signed note.
/// The work is done in `<folder>.partial`, which a repeated attempt empties first; `folder` appears when all is there.
///
/// # Errors
/// The folder exists, the log cannot be read or trusted, there is no checkpoint, or the disk failed.
pub fn write_bundle(
    reader: &dyn LogReader,
    ledger: LedgerId,
    folder: &Path,
    to_sequence: Option<u64>,
    checkpoint: impl FnOnce(&Head, &TileFolder) -> Result<String, String>,
) -> Result<BundleEnd, BundleError> {
    if folder.exists() {
        return Err(BundleError::Exists(folder.to_owned()));
    }
    let mut partial = folder.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(|cause| at(&partial, cause))?;
    }
    fs::create_dir_all(partial.join("batches")).map_err(|cause| at(&partial, cause))?;
    let end = copy(reader, ledger, &partial, to_sequence)?;
    let head = &end.head;
    let tiles = TileFolder::new(&partial, head.next_sequence());
    let note = checkpoint(head, &tiles).map_err(BundleError::Checkpoint)?;
    write_whole(&partial.join("checkpoint"), note.as_bytes())?;
    let manifest =
        Manifest { ledger, batches: head.next_batch(), events: head.next_sequence(), root: head.root() };
    write_whole(&partial.join("manifest"), manifest.text().as_bytes())?;
    fs::rename(&partial, folder).map_err(|cause| at(folder, cause))?;
    files::parent(folder).and_then(files::sync_folder).map_err(|cause| at(folder, cause))?;
    Ok(end)
}

/// Copies batches and tiles up to the end that was asked for.
fn copy(
    reader: &dyn LogReader,
    ledger: LedgerId,
    partial: &Path,
    to_sequence: Option<u64>,
) -> Result<BundleEnd, BundleError> {
    let end = reader.end()?.next_batch;
    let mut judge = Judge::new(Head::genesis(ledger));
    let mut tiles = TileWriter::new(partial, true);
    let mut batches = BatchFiles::new(&partial.join("batches"));
    let mut cut = false;
    while judge.head().next_batch() < end && !cut {
        for bytes in reader.read(judge.head().next_batch(), READ_BYTES)? {
            let hashed = HashedBatch::decode(&bytes).map_err(|fault| judge.halt_at(fault.into()))?;
            let last = hashed.batch().header();
            let next_sequence = last.first_sequence.saturating_add(u64::from(last.count));
            // A batch behind the end, or a follower of the reader's end, is left out.
            cut = end <= judge.head().next_batch()
                || to_sequence.is_some_and(|to| to.saturating_add(1) < next_sequence);
            if cut {
                break;
            }
            judge.accept_hashed(&hashed)?;
            batches.push(judge.head().next_batch() - 1, &bytes)?;
            for (event, leaf) in hashed.batch().events().zip(hashed.leaves()) {
                tiles.push(event, *leaf).map_err(|cause| at(partial, cause))?;
            }
        }
    }
    batches.finish()?;
    tiles.flush().map_err(|cause| at(partial, cause))?;
    let head = judge.head().clone();
    Ok(BundleEnd { cut: head.next_batch() < end, head })
}

/// The files of batches, one after the other.
struct BatchFiles {
    folder: PathBuf,
    open: Option<(BufWriter<File>, PathBuf)>,
    written: u64,
}

impl BatchFiles {
    fn new(folder: &Path) -> BatchFiles {
        BatchFiles { folder: folder.to_owned(), open: None, written: 0 }
    }

    fn push(&mut self, number: u64, batch: &[u8]) -> Result<(), BundleError> {
        let length = u32::try_from(batch.len()).expect("a valid batch is shorter than BATCH_BYTES_MAX");
        let bytes = 4 + wide(batch.len());
        if self.open.is_none() || BUNDLE_FILE_BYTES_MAX < self.written + bytes {
            self.finish()?;
            let path = self.folder.join(file_name(number));
            let file = File::create_new(&path).map_err(|cause| at(&path, cause))?;
            self.open = Some((BufWriter::new(file), path));
            self.written = 0;
        }
        self.written += bytes;
        let Some((file, path)) = &mut self.open else {
            return Ok(());
        };
        let written = file.write_all(&length.to_be_bytes()).and_then(|()| file.write_all(batch));
        written.map_err(|cause| at(path, cause))
    }

    /// Makes the open file durable and closes it.
    fn finish(&mut self) -> Result<(), BundleError> {
        let Some((file, path)) = self.open.take() else {
            return Ok(());
        };
        let file = file.into_inner().map_err(|fault| at(&path, fault.into_error()))?;
        file.sync_all().map_err(|cause| at(&path, cause))?;
        files::sync_folder(&self.folder).map_err(|cause| at(&path, cause))
    }
}

fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), BundleError> {
    files::write_whole(path, bytes, Durable::Yes).map_err(|cause| at(path, cause))
}

pub(super) fn at(path: &Path, cause: io::Error) -> BundleError {
    BundleError::Io { path: path.to_owned(), cause }
}

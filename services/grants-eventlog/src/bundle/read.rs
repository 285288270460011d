//! Reads a bundle like any other log.

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::write::at;
use super::{BundleError, MANIFEST_BYTES_MAX, Manifest, file_name};
use crate::batch::BATCH_BYTES_MAX;
use crate::files::read_small;
use crate::log::{LogEnd, LogReader, ReadError, take_while_fits};
use crate::note::NOTE_BYTES_MAX;
use crate::tiles::TileFolder;
use crate::wire::wide;

/// A bundle, for reading. It believes the manifest for where to end; what the batches say is the reader's to judge.
#[derive(Debug)]
pub struct BundleReader {
    folder: PathBuf,
    manifest: Manifest,
    checkpoint: String,
    // Invariant: the first batch of each file, ascending, beginning with 0 when there is one.
    files: Vec<u64>,
    // Where the last read ended, because most reads go on there.
    place: Mutex<Place>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Place {
    batch: u64,
    file: usize,
    offset: u64,
}

impl BundleReader {
    /// Opens a bundle.
    ///
    /// # Errors
    /// The manifest, the checkpoint or the names of the files are not as they should be.
    pub fn open(folder: &Path) -> Result<BundleReader, BundleError> {
        let manifest = Manifest::parse(&text(&folder.join("manifest"), MANIFEST_BYTES_MAX)?)?;
        let checkpoint = text(&folder.join("checkpoint"), wide(NOTE_BYTES_MAX))?;
        let batches = folder.join("batches");
        let mut files = Vec::new();
        for entry in fs::read_dir(&batches).map_err(|cause| at(&batches, cause))? {
            let name = entry.map_err(|cause| at(&batches, cause))?.file_name();
            let first = name.to_str().and_then(|name| name.parse::<u64>().ok());
            match first {
                Some(first) if *name == *file_name(first) => files.push(first),
                Some(_) | None => {
                    return Err(at(&batches.join(name), io::Error::other("is not a file of batches")));
                }
            }
        }
        files.sort_unstable();
        if files.first().is_some_and(|first| *first != 0) {
            return Err(at(&batches, io::Error::other("the file that begins with batch 0 is missing")));
        }
        let place = Mutex::new(Place::default());
        Ok(BundleReader { folder: folder.to_owned(), manifest, checkpoint, files, place })
    }

    /// What the manifest says; nobody has checked it yet.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The signed note as it is in the folder; nobody has checked it yet.
    pub fn checkpoint(&self) -> &str {
        &self.checkpoint
    }

    /// The tiles of the bundle.
    pub fn tiles(&self) -> TileFolder {
        TileFolder::new(&self.folder, self.manifest.events)
    }

    /// The same place, at the beginning of the next file where that file begins with its batch.
    fn entered(&self, place: Place) -> Place {
        let file = place.file + 1;
        match self.files.get(file) {
            Some(first) if *first == place.batch => Place { file, offset: 0, ..place },
            Some(_) | None => place,
        }
    }

    /// The place of `from`: where the last read ended, or found by walking its file from the beginning.
    fn seek(&self, from: u64) -> Place {
        let last = *self.place.lock().unwrap_or_else(PoisonError::into_inner);
        if last.batch == from {
            return last;
        }
        let file = self.files.partition_point(|first| *first <= from).saturating_sub(1);
        Place { batch: self.files.get(file).copied().unwrap_or(0), file, offset: 0 }
    }
}

impl LogReader for BundleReader {
    fn end(&self) -> Result<LogEnd, ReadError> {
        Ok(LogEnd { next_batch: self.manifest.batches, next_sequence: self.manifest.events })
    }

    fn read(&self, from_batch: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>, ReadError> {
        let end = self.manifest.batches;
        if end < from_batch {
            return Err(ReadError::BeyondEnd { from: from_batch, end });
        }
        if from_batch == end {
            return Ok(Vec::new());
        }
        let mut walk = Walk { bundle: self, place: self.seek(from_batch), open: None };
        while walk.place.batch < from_batch {
            walk.next()?;
        }
        // The walk may read one batch too many, so the place behind each is kept until it is clear which were given.
        let mut places = Vec::new();
        let walked = (from_batch..end).map(|_| {
            let batch = walk.next()?;
            places.push(walk.place);
            Ok(batch)
        });
        let batches = take_while_fits(walked, max_bytes)?;
        let given = batches.len().checked_sub(1).and_then(|last| places.get(last));
        let place = given.copied().unwrap_or_default();
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = place;
        Ok(batches)
    }
}

impl Place {
    fn after(self, batch_bytes: u64) -> Place {
        Place { batch: self.batch + 1, offset: self.offset + 4 + batch_bytes, ..self }
    }
}

/// A walk over the batches, from file to file.
struct Walk<'a> {
    bundle: &'a BundleReader,
    place: Place,
    open: Option<BufReader<File>>,
}

impl Walk<'_> {
    /// The next batch.
    fn next(&mut self) -> Result<Vec<u8>, ReadError> {
        let number = self.place.batch;
        let place = self.bundle.entered(self.place);
        if place.file != self.place.file {
            self.open = None;
        }
        self.place = place;
        let first = *self.bundle.files.get(self.place.file).ok_or(ReadError::Missing(number))?;
        let path = self.bundle.folder.join("batches").join(file_name(first));
        let batch = self.read_at(&path).map_err(|fault| storage(number, &path, &fault))?;
        self.place = self.place.after(wide(batch.len()));
        Ok(batch)
    }

    fn read_at(&mut self, path: &Path) -> io::Result<Vec<u8>> {
        if self.open.is_none() {
            let mut file = BufReader::new(File::open(path)?);
            file.seek(SeekFrom::Start(self.place.offset))?;
            self.open = Some(file);
        }
        let Some(file) = &mut self.open else {
            return Err(io::ErrorKind::NotFound.into());
        };
        let mut length = [0; 4];
        file.read_exact(&mut length)?;
        let length = usize::try_from(u32::from_be_bytes(length)).map_err(io::Error::other)?;
        if BATCH_BYTES_MAX < length {
            return Err(io::Error::other(format!(
                "a batch of {length} bytes is longer than {BATCH_BYTES_MAX}"
            )));
        }
        let mut batch = vec![0; length];
        file.read_exact(&mut batch)?;
        Ok(batch)
    }
}

fn storage(batch: u64, path: &Path, fault: &io::Error) -> ReadError {
    ReadError::Storage { batch, cause: format!("{}: {fault}", path.display()) }
}

fn text(path: &Path, bytes_max: u64) -> Result<String, BundleError> {
    let bytes = read_small(path, bytes_max).map_err(|cause| at(path, cause))?;
    let bytes = bytes.ok_or_else(|| at(path, io::ErrorKind::NotFound.into()))?;
    String::from_utf8(bytes).map_err(|fault| at(path, io::Error::other(fault)))
}

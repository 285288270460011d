//! A workbook's archive: opened only if its directory promises to unfold to less than the limit, and read only
//! as far as it promised.

use super::{too_large, unreadable};
use crate::{
    limits::{ARCHIVE_PARTS_MAX, FILE_BYTES_MAX, UNPACKED_BYTES_MAX},
    problem::{CellError, Place, Problem},
};
use std::{
    fs::File,
    io::{BufReader, Read, Take},
    path::Path,
};
use zip::{ZipArchive, read::ZipFile};

/// Opens a file that is not larger than the limit.
pub(crate) fn open(path: &Path, place: &Place) -> Result<File, CellError> {
    let file = File::open(path).map_err(|fault| unreadable(place, &fault))?;
    let about = file.metadata().map_err(|fault| unreadable(place, &fault))?;
    if !about.is_file() {
        return Err(CellError::new(place.clone(), Problem::FileUnreadable).with("reason", "not a file"));
    }
    if FILE_BYTES_MAX < about.len() {
        return Err(too_large(place));
    }
    Ok(file)
}

/// An opened workbook.
pub(super) struct Package {
    archive: ZipArchive<BufReader<File>>,
    place: Place,
}

/// A part of the workbook, at most one byte longer than its directory entry says.
pub(super) type Part<'a> = BufReader<Take<ZipFile<'a, BufReader<File>>>>;

impl Package {
    pub(super) fn open(path: &Path, place: &Place) -> Result<Self, CellError> {
        let no_workbook = || CellError::new(place.clone(), Problem::NotAWorkbook);
        let file = open(path, place)?;
        let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|_| no_workbook())?;
        let too_much = || {
            let megabytes = UNPACKED_BYTES_MAX / (1024 * 1024);
            CellError::new(place.clone(), Problem::ArchiveTooLarge).with("max", format!("{megabytes} MiB"))
        };
        if ARCHIVE_PARTS_MAX < archive.len() {
            return Err(too_much());
        }
        let mut unpacked = 0_u64;
        for index in 0..archive.len() {
            let part = archive.by_index_raw(index).map_err(|_| no_workbook())?;
            if part.encrypted() {
                return Err(no_workbook());
            }
            unpacked = unpacked.saturating_add(part.size());
        }
        if UNPACKED_BYTES_MAX < unpacked {
            return Err(too_much());
        }
        let place = place.clone();
        Ok(Self { archive, place })
    }

    /// A part by its name; `None` if there is none.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Part<'_>>, CellError> {
        let damaged = CellError::new(self.place.clone(), Problem::FileDamaged).with("part", name);
        match self.archive.by_name(name) {
            Ok(part) => {
                // One byte more than promised: only a reader that is asked beyond the end compares the check sum.
                let size = part.size().saturating_add(1);
                Ok(Some(BufReader::new(part.take(size))))
            }
            Err(zip::result::ZipError::FileNotFound) => Ok(None),
            Err(_) => Err(damaged),
        }
    }
}

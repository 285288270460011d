//! Up to where a link has reported everything: a small file that may be lost.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use grants_domain::{
    ids::LedgerId,
    values::{CommandId, Sha256Hex},
};
use grants_eventlog::{
    Root,
    files::{Durable, write_whole},
};
use serde::{Deserialize, Serialize};

/// The form that this program writes and reads. A program that makes more of the same events begins another.
const FORMAT: u32 = 1;
/// More than the file has, in bytes.
const POSITION_BYTES_MAX: u64 = 4 * 1_024;

/// Where a link stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkPosition {
    format: u32,
    /// Whose awards are followed.
    pub ledger: LedgerId,
    /// The table under which they were.
    pub table: Sha256Hex,
    /// Every event before it was reported, and every report was answered.
    pub next_sequence: u64,
    /// The root of the source's tree there.
    root: Sha256Hex,
    /// The command of the last report.
    pub last: Option<CommandId>,
}

/// Why a position cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum PositionError {
    /// It cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is not what a link writes.
    #[error("{}: {cause}. Remove it: everything is then offered again, and nothing is recorded twice", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: String,
    },
}

impl LinkPosition {
    pub(super) fn new(
        ledger: LedgerId,
        table: Sha256Hex,
        next_sequence: u64,
        root: Root,
        last: Option<CommandId>,
    ) -> LinkPosition {
        LinkPosition { format: FORMAT, ledger, table, next_sequence, root: Sha256Hex(root.0), last }
    }

    pub(super) fn root(&self) -> Root {
        Root(self.root.0)
    }

    /// Reads the file; nothing if there is none.
    ///
    /// # Errors
    /// See [`PositionError`].
    pub fn read(path: &Path) -> Result<Option<LinkPosition>, PositionError> {
        let unreadable = |cause: String| PositionError::Unreadable { path: path.to_owned(), cause };
        let io = |source: io::Error| PositionError::Io { path: path.to_owned(), source };
        let size = match fs::metadata(path) {
            Ok(found) => found.len(),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(fault) => return Err(io(fault)),
        };
        if POSITION_BYTES_MAX < size {
            return Err(unreadable(format!("longer than {POSITION_BYTES_MAX} bytes")));
        }
        let text = fs::read_to_string(path).map_err(io)?;
        let found: LinkPosition = toml::from_str(&text).map_err(|fault| unreadable(fault.to_string()))?;
        if found.format != FORMAT {
            return Err(unreadable(format!(
                "it has format {}; this program knows format {FORMAT}",
                found.format
            )));
        }
        Ok(Some(found))
    }

    /// Writes the file whole, durable on return. Its folder is made if it is not there.
    ///
    /// # Errors
    /// The disk failed. The file is the old one or the new one.
    pub fn write(&self, path: &Path) -> Result<(), PositionError> {
        let text = toml::to_string(self)
            .map_err(|fault| PositionError::Unreadable { path: path.to_owned(), cause: fault.to_string() })?;
        let made = path.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| write_whole(path, text.as_bytes(), Durable::Yes))
            .map_err(|source| PositionError::Io { path: path.to_owned(), source })
    }
}

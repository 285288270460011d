//! Where things lie in the folder of a ledger, and the small file that says whose folder it is.
//!
//! ```text
//!   ledger.toml   format, ledger id, origin, name           written once, at creation
//!   log/  head  lock                                        the log, see `grants-eventlog`
//!   state/        decisions read it; derived, may be deleted
//!   tiles/        the tree as files; derived
//!   checkpoint    the last signed tree head
//!   links/        how far other ledgers were followed; may be deleted
//!   vault/        keys of personal data
//!   key           the signing key, unless it is kept elsewhere
//! ```

use grants_domain::{context::Actor, ids::LedgerId, values::Text};
use grants_eventlog::files::{Durable, write_whole};
use serde::{Deserialize, Serialize};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The layout that this program writes and reads.
pub const FORMAT: u32 = 1;
/// More than any version of the file needs, in bytes.
const MANIFEST_BYTES_MAX: u64 = 16 * 1_024;
const MANIFEST: &str = "ledger.toml";

/// The folder of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataDir(PathBuf);

/// What `ledger.toml` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Layout of the folder.
    pub format: u32,
    /// Which ledger.
    pub ledger: LedgerId,
    /// First line of its checkpoints: a name under a domain of the operator, without spaces.
    pub origin: String,
    /// Whose ledger it is, for people.
    pub name: Text<80>,
    /// Clock, ids and keys come from a script.
    pub simulated: bool,
    /// Who opened it; needed once more if the creation was cut off.
    pub opened_by: Actor,
}

/// Why a folder is not one of a ledger.
#[derive(Debug, thiserror::Error)]
pub enum LayoutError {
    /// There is no `ledger.toml`.
    #[error("{} is not the folder of a ledger: it has no {MANIFEST}", .0.display())]
    Missing(PathBuf),
    /// There is one already.
    #[error("there is a ledger in {} already", .0.display())]
    Exists(PathBuf),
    /// A newer program made the folder.
    #[error("{} has format {found}; this program knows format {FORMAT}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// What it says.
        found: u32,
    },
    /// The file is not what a creation writes.
    #[error("{}: {cause}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its place.
        cause: String,
    },
    /// The origin would garble a checkpoint.
    #[error("the origin {0:?} is empty or has spaces, control characters or a plus sign")]
    Origin(String),
    /// The operating system refused a step.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
}

#[derive(Deserialize)]
struct Format {
    format: u32,
}

impl DataDir {
    /// The folder at this path, which need not exist yet.
    #[must_use]
    pub fn at(path: &Path) -> DataDir {
        DataDir(path.to_owned())
    }

    /// The folder itself; log, head file and lock lie directly in it.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.0
    }

    /// The decision state.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.0.join("state")
    }

    /// The tree as files.
    #[must_use]
    pub fn tiles(&self) -> PathBuf {
        self.0.join("tiles")
    }

    /// The last signed tree head.
    #[must_use]
    pub fn checkpoint(&self) -> PathBuf {
        self.0.join("checkpoint")
    }

    /// How far another ledger was followed.
    #[must_use]
    pub fn link(&self, source: LedgerId) -> PathBuf {
        self.0.join("links").join(format!("{source}.toml"))
    }

    /// The keys of personal data.
    #[must_use]
    pub fn vault(&self) -> PathBuf {
        self.0.join("vault")
    }

    /// The signing key, unless it is kept elsewhere.
    #[must_use]
    pub fn key(&self) -> PathBuf {
        self.0.join("key")
    }

    /// The file that says whose folder it is.
    #[must_use]
    pub fn manifest_path(&self) -> PathBuf {
        self.0.join(MANIFEST)
    }

    /// Reads `ledger.toml`.
    ///
    /// # Errors
    /// See [`LayoutError`].
    pub fn manifest(&self) -> Result<Manifest, LayoutError> {
        let path = self.manifest_path();
        let unreadable = |cause: String| LayoutError::Unreadable { path: path.clone(), cause };
        let size = match fs::metadata(&path) {
            Ok(found) => found.len(),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => {
                return Err(LayoutError::Missing(self.0.clone()));
            }
            Err(source) => return Err(LayoutError::Io { path, source }),
        };
        if MANIFEST_BYTES_MAX < size {
            return Err(unreadable(format!("longer than {MANIFEST_BYTES_MAX} bytes")));
        }
        let text = fs::read_to_string(&path).map_err(|fault| unreadable(fault.to_string()))?;
        // The format is read first: a newer file may have fields that we do not know.
        let Format { format } = toml::from_str(&text).map_err(|fault| unreadable(fault.to_string()))?;
        if format != FORMAT {
            return Err(LayoutError::Newer { path, found: format });
        }
        toml::from_str(&text).map_err(|fault| unreadable(fault.to_string()))
    }

    /// Writes `ledger.toml`; durable on return.
    ///
    /// # Errors
    /// There is one already, or the disk failed.
    pub fn write_manifest(&self, manifest: &Manifest) -> Result<(), LayoutError> {
        let path = self.manifest_path();
        if path.exists() {
            return Err(LayoutError::Exists(self.0.clone()));
        }
        let text = toml::to_string(manifest)
            .map_err(|fault| LayoutError::Unreadable { path: path.clone(), cause: fault.to_string() })?;
        write_whole(&path, text.as_bytes(), Durable::Yes)
            .map_err(|source| LayoutError::Io { path: path.clone(), source })
    }
}

/// Whether this can be the first line of a checkpoint.
pub(crate) fn check_origin(origin: &str) -> Result<(), LayoutError> {
    let garbles = |letter: char| letter.is_whitespace() || letter.is_control() || letter == '+';
    if origin.is_empty() || origin.contains(garbles) {
        return Err(LayoutError::Origin(origin.to_owned()));
    }
    Ok(())
}

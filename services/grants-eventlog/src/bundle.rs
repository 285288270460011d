//! The log as a folder: what an auditor takes away and verifies without the ledger's programs.
//!
//! ```text
//!   manifest                         text: what the folder holds
//!   checkpoint                       signed note over the tree of exactly these events
//!   batches/00000000000000000000     batches from number 0 on, each behind its length in four bytes
//!   tile/…  tile/entries/…           the tree and the events as C2SP tiles
//! ```

mod read;
mod write;

pub use read::BundleReader;
pub use write::{BundleEnd, write_bundle};

use std::io;
use std::path::PathBuf;

use crate::ids::{LedgerId, Root};
use crate::judge::Halt;
use crate::log::ReadError;

/// One file of batches, in bytes; a file ends before the batch that would make it longer.
pub const BUNDLE_FILE_BYTES_MAX: u64 = 64 * 1_024 * 1_024;

/// The manifest, in bytes: a dozen short lines.
pub const MANIFEST_BYTES_MAX: u64 = 4_096;

const MANIFEST_TITLE: &str = "grants bundle 1";

/// Why a bundle cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// There is something under the name of the bundle already.
    #[error("{} exists already", .0.display())]
    Exists(PathBuf),
    /// A file of the bundle cannot be used.
    #[error("{}: {cause}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The manifest does not say what it must.
    #[error("the manifest of the bundle is not one: {0}")]
    Manifest(&'static str),
    /// The log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The log cannot be trusted.
    #[error(transparent)]
    Halt(#[from] Halt),
    /// The caller made no checkpoint.
    #[error("there is no checkpoint for the bundle: {0}")]
    Checkpoint(String),
}

/// What the manifest says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The ledger.
    pub ledger: LedgerId,
    /// How many batches.
    pub batches: u64,
    /// How many events.
    pub events: u64,
    /// The root over them.
    pub root: Root,
}

impl Manifest {
    fn text(&self) -> String {
        format!(
            "{MANIFEST_TITLE}\nledger {}\nbatches {}\nevents {}\nroot {}\n",
            self.ledger, self.batches, self.events, self.root
        )
    }

    /// Reads a manifest; lines are in one order and there are no others.
    ///
    /// # Errors
    /// The text is not a manifest.
    pub fn parse(text: &str) -> Result<Manifest, BundleError> {
        let wrong = BundleError::Manifest;
        let mut lines = text.lines();
        if lines.next() != Some(MANIFEST_TITLE) {
            return Err(wrong("it does not begin like one, or a newer program wrote it"));
        }
        let mut value = |name: &str| {
            let rest = lines.next().and_then(|line| line.strip_prefix(name));
            rest.and_then(|rest| rest.strip_prefix(' '))
        };
        let ledger = value("ledger").ok_or(wrong("there is no ledger"))?;
        let ledger = ledger.parse().map_err(|_| wrong("the ledger is not an id"))?;
        let batches = value("batches").ok_or(wrong("there is no number of batches"))?;
        let batches = batches.parse().map_err(|_| wrong("the number of batches is not one"))?;
        let events = value("events").ok_or(wrong("there is no number of events"))?;
        let events = events.parse().map_err(|_| wrong("the number of events is not one"))?;
        let root = value("root").ok_or(wrong("there is no root"))?;
        let root = root.parse().map_err(|_| wrong("the root is not one"))?;
        let manifest = Manifest { ledger, batches, events, root };
        if manifest.text() != text {
            return Err(wrong("it is not written in the one way allowed"));
        }
        Ok(manifest)
    }
}

/// The name of the file whose first batch has this number; names sort like numbers.
fn file_name(first_batch: u64) -> String {
    format!("{first_batch:020}")
}

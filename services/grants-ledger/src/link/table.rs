//! The table of a link: which measures of which ledger are followed, and what the city calls them.
//!
//! ```toml
//! ledger = "0d170000000000000000000000000002"
//!
//! [measures]
//! "HN.special" = { level = "province", programme = "special-fund" }
//! "HN.award" = { level = "province", programme = "industry-reward", subject = "enterprise" }
//! ```

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use grants_domain::{
    external::AwardLevel,
    ids::LedgerId,
    values::{Sha256Hex, Slug},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// More than the table of any province needs, in bytes.
pub const LINK_TABLE_BYTES_MAX: u64 = 64 * 1_024;

/// What is followed of one ledger.
#[derive(Clone, Debug)]
pub struct LinkTable {
    stated: Stated,
    hash: Sha256Hex,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stated {
    ledger: LedgerId,
    measures: BTreeMap<Slug, Followed>,
}

/// How awards of one measure are reported.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Followed {
    /// Whose money it is.
    pub level: AwardLevel,
    /// What the city's catalogue calls it.
    pub programme: Slug,
    /// What the award is about.
    #[serde(default)]
    pub subject: Subject,
}

/// What an award of the source is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The project of the application, or its enterprise if it names no project.
    #[default]
    Project,
    /// The enterprise.
    Enterprise,
}

/// Why a table cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file cannot be read.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What stands in a line is wrong.
    #[error("{}:{line}: {cause}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong, with the key or the text of the line.
        cause: String,
    },
}

impl LinkTable {
    /// Reads the file.
    ///
    /// # Errors
    /// See [`TableError`]; a file of more than [`LINK_TABLE_BYTES_MAX`] bytes is no table.
    pub fn read(path: &Path) -> Result<LinkTable, TableError> {
        let failed = |source: io::Error| TableError::Io { path: path.to_owned(), source };
        let mut text = String::new();
        let file = File::open(path).map_err(failed)?;
        file.take(LINK_TABLE_BYTES_MAX + 1).read_to_string(&mut text).map_err(failed)?;
        if u64::try_from(text.len()).is_ok_and(|bytes| LINK_TABLE_BYTES_MAX < bytes) {
            return Err(failed(io::Error::other(format!("longer than {LINK_TABLE_BYTES_MAX} bytes"))));
        }
        let wrong = |(line, cause)| TableError::Wrong { path: path.to_owned(), line, cause };
        LinkTable::parse(&text).map_err(wrong)
    }

    /// Reads the text of a table.
    ///
    /// # Errors
    /// The line, and what is wrong there.
    pub fn parse(text: &str) -> Result<LinkTable, (usize, String)> {
        let stated: Stated = toml::from_str(text).map_err(|fault| place(text, &fault))?;
        if stated.measures.is_empty() {
            return Err((text.lines().count().max(1), "measures: none is named".to_owned()));
        }
        Ok(LinkTable { stated, hash: Sha256Hex(Sha256::digest(text).into()) })
    }

    /// Whose awards are followed.
    #[must_use]
    pub fn ledger(&self) -> LedgerId {
        self.stated.ledger
    }

    /// Names the table: other bytes, other hash.
    #[must_use]
    pub fn hash(&self) -> Sha256Hex {
        self.hash
    }

    /// How awards of a measure are reported, if they are.
    #[must_use]
    pub fn of(&self, measure: &Slug) -> Option<&Followed> {
        self.stated.measures.get(measure)
    }
}

/// The line of a fault, and what it says with the text of that line.
fn place(text: &str, fault: &toml::de::Error) -> (usize, String) {
    let before = fault.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count().saturating_add(1);
    let said = fault.message().replace('\n', "; ");
    match text.lines().nth(line.saturating_sub(1)).map(str::trim).filter(|found| !found.is_empty()) {
        Some(found) => (line, format!("{said}, in `{found}`")),
        None => (line, said),
    }
}

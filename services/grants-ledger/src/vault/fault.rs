//! What can go wrong in the vault, told without a word of what it keeps.

use std::io;
use std::path::{Path, PathBuf};

use super::Mode;

/// The world failed: disk, lock, entropy, or files that are not what they should be.
///
/// A fault of a write or a sync latches: after it every operation of the same [`super::Vault`] gives
/// [`VaultFault::Latched`], and the files must be opened anew.
#[derive(Debug, thiserror::Error)]
pub enum VaultFault {
    /// Another process (or another `Vault` of this one) holds the lock.
    #[error("the vault {} is in use by another process", dir.display())]
    InUse { dir: PathBuf },
    /// `create` was asked for where a vault stands already.
    #[error("a vault stands already in {}", dir.display())]
    Exists { dir: PathBuf },
    /// A file without which there is no vault.
    #[error("the vault file {} is missing", file.display())]
    Missing { file: PathBuf },
    /// A real vault was asked for and a simulated one found, or the other way round.
    #[error("the vault {} is {found}, and {wanted} was asked for", dir.display())]
    WrongMode { dir: PathBuf, found: Mode, wanted: Mode },
    /// A simulated vault was made from another seed than the one given.
    #[error("the simulated vault {} was made from another seed", dir.display())]
    OtherSeed { dir: PathBuf },
    /// Bytes are not as they were written. `offset` counts from the beginning of the file.
    #[error("the vault file {} is damaged at byte {offset}: {what}", file.display())]
    Damaged { file: PathBuf, offset: u64, what: &'static str },
    /// The bytes are sound, but of a format that this program does not know.
    #[error("the vault file {} was written by a newer program (byte {offset})", file.display())]
    Newer { file: PathBuf, offset: u64 },
    /// The operating system refused a step.
    #[error("cannot {step} {}", file.display())]
    Io { file: PathBuf, step: &'static str, source: io::Error },
    /// The operating system gave no random bytes.
    #[error("no random bytes for a new person or a new vault")]
    Entropy,
    /// The vault holds [`super::PEOPLE_MAX`] people and tombstones.
    #[error("the vault is full ({} people)", super::PEOPLE_MAX)]
    Full,
    /// An earlier write failed; what stands on disk is unknown until the vault is opened again.
    #[error("the vault stopped after an earlier fault and must be opened again")]
    Latched,
}

/// The caller asked for what cannot be; the vault itself is well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultRefusal {
    /// No record of the vault names this person: the vault is older than the log, or foreign to it.
    #[error("the person is not in this vault")]
    PersonUnknown,
    /// The person's key was erased, so nothing can be sealed for them any more.
    #[error("the person was erased from this vault")]
    PersonErased,
    /// The text is longer than [`super::PLAIN_BYTES_MAX`].
    #[error("the text has {bytes} bytes, and at most {} can be sealed", super::PLAIN_BYTES_MAX)]
    TextTooLong { bytes: usize },
    /// The field name is empty or longer than [`super::FIELD_BYTES_MAX`].
    #[error("a field name has 1 to {} bytes", super::FIELD_BYTES_MAX)]
    FieldName,
    /// The bytes were sealed for another field or person, were altered, or are no seal at all.
    #[error("the bytes are no seal of this field and person")]
    NotThisSeal,
    /// The seal was made by a newer program.
    #[error("the seal has version {version}, which this program does not know")]
    NewerSeal { version: u8 },
}

/// Either answer of an operation that can be refused.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error(transparent)]
    Refused(#[from] VaultRefusal),
    #[error(transparent)]
    Fault(#[from] VaultFault),
}

/// Names the file and the step that failed, for `map_err`.
pub(super) fn io_fault(file: &Path, step: &'static str) -> impl FnOnce(io::Error) -> VaultFault {
    let file = file.to_owned();
    move |source| VaultFault::Io { file, step, source }
}

/// Names the place of damage.
pub(super) fn damaged(file: &Path, offset: u64, what: &'static str) -> VaultFault {
    VaultFault::Damaged { file: file.to_owned(), offset, what }
}

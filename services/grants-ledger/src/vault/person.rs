//! Whom the vault is asked about and what it hands out; none of these types can print personal data.

use std::fmt;

use super::PART_BYTES_MAX;

/// The pseudonym under which log and state know a person.
///
/// In a real vault it is 128 random bits and says nothing about the person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub [u8; 16]);

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonId({self})")
    }
}

/// A personal field as log and state carry it: readable only while the vault keeps the person's key.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedBytes {
    pub person: PersonId,
    /// Version byte, synthetic initialisation vector, ciphertext (`docs/reference/vault-format.md`).
    pub bytes: Vec<u8>,
}

impl fmt::Debug for SealedBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedBytes({}, {} bytes)", self.person, self.bytes.len())
    }
}

/// What identifies a person at the door. It has no `Debug`, so it cannot slip into a log.
///
/// The caller normalises (width, case, spaces) before it comes here: the vault compares bytes.
#[derive(Clone, Copy)]
pub struct Who<'a>(pub(super) Known<'a>);

#[derive(Clone, Copy)]
pub(super) enum Known<'a> {
    Identity(&'a str),
    Role { enterprise: &'a str, role: &'a str, name: &'a str },
}

impl<'a> Who<'a> {
    /// A person with an identity number, already normalised.
    ///
    /// # Errors
    /// The number is empty or longer than [`PART_BYTES_MAX`].
    pub fn identity(number: &'a str) -> Result<Self, WhoError> {
        Ok(Self(Known::Identity(part("identity number", number)?)))
    }

    /// A person without one: known by the enterprise they act for, the role there, and the name.
    ///
    /// # Errors
    /// A part is empty or longer than [`PART_BYTES_MAX`].
    pub fn role(enterprise: &'a str, role: &'a str, name: &'a str) -> Result<Self, WhoError> {
        Ok(Self(Known::Role {
            enterprise: part("enterprise code", enterprise)?,
            role: part("role", role)?,
            name: part("name", name)?,
        }))
    }
}

/// A person cannot be told from these words. Names the part, never its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WhoError {
    #[error("the {part} is empty")]
    Empty { part: &'static str },
    #[error("the {part} has {bytes} bytes, and at most {PART_BYTES_MAX} are taken")]
    TooLong { part: &'static str, bytes: usize },
}

fn part<'a>(name: &'static str, text: &'a str) -> Result<&'a str, WhoError> {
    if text.is_empty() {
        return Err(WhoError::Empty { part: name });
    }
    if PART_BYTES_MAX < text.len() {
        return Err(WhoError::TooLong { part: name, bytes: text.len() });
    }
    Ok(text)
}

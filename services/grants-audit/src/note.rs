//! Signed checkpoints (C2SP `signed-note` and `tlog-checkpoint`), read and verified a second time.

use crate::tree::Hash;
use base64::{Engine, prelude::BASE64_STANDARD};
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};
use std::str::FromStr;

/// Longest note, in bytes; sixteen signatures fit many times.
pub const NOTE_BYTES_MAX: usize = 64 * 1_024;
/// The signature type of Ed25519 in a key and in its id.
const ED25519: u8 = 1;

/// The key of a signer, as the operator printed it when the ledger was made: `name+id+key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

/// What a checkpoint says. Nobody has compared it with a log yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// How many events.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// Why a key or a note cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The text is not a verifier key.
    #[error("this is not a verifier key: {0}")]
    Key(&'static str),
    /// The text is not a signed checkpoint.
    #[error("this is not a checkpoint: {0}")]
    Malformed(&'static str),
    /// The key has not signed it.
    #[error("the key {0} has not signed it")]
    Unsigned(String),
    /// A signature under the key's name does not hold.
    #[error("the signature of {0} does not hold")]
    BadSignature(String),
}

impl Key {
    /// The name in the key, which is also the origin of its log.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl FromStr for Key {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        // The key itself may contain a plus sign, so only the first two count.
        let mut parts = text.trim_end_matches(['\r', '\n']).splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::Key("it does not have three parts"));
        };
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(NoteError::Key("its name is empty or has spaces"));
        }
        let bytes = BASE64_STANDARD.decode(key).map_err(|_| NoteError::Key("its last part is not base64"))?;
        let Some((&ED25519, public)) = bytes.split_first() else {
            return Err(NoteError::Key("it is not an Ed25519 key"));
        };
        let public: [u8; 32] = public.try_into().map_err(|_| NoteError::Key("it is not 32 bytes long"))?;
        let key = VerifyingKey::from_bytes(&public)
            .map_err(|_| NoteError::Key("it is not a point of the curve"))?;
        let own = id_of(name, &key);
        let told: String = own.iter().map(|byte| format!("{byte:02x}")).collect();
        if told != id {
            return Err(NoteError::Key("its id does not belong to name and key"));
        }
        Ok(Self { name: name.to_owned(), id: own, key })
    }
}

/// The first four bytes of SHA-256(name ‖ LF ‖ type ‖ key).
fn id_of(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let hash: Hash = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', ED25519])
        .chain_update(key.as_bytes())
        .finalize()
        .into();
    let [a, b, c, d, ..] = hash;
    [a, b, c, d]
}

/// Reads a note without asking who signed it.
///
/// # Errors
/// The note is malformed.
pub fn read(note: &str) -> Result<Checkpoint, NoteError> {
    let (text, signatures) = parts(note)?;
    if signatures.is_empty() {
        return Err(NoteError::Malformed("nobody has signed it"));
    }
    let mut lines = text.trim_end_matches('\n').split('\n');
    let (Some(origin), Some(size), Some(root), None) =
        (lines.next(), lines.next(), lines.next(), lines.next())
    else {
        return Err(NoteError::Malformed("it does not have three lines"));
    };
    let number: u64 = size.parse().map_err(|_| NoteError::Malformed("its size is not a number"))?;
    if origin.is_empty() || number.to_string() != size {
        return Err(NoteError::Malformed("its origin is empty or its size is written otherwise"));
    }
    let root = BASE64_STANDARD.decode(root).map_err(|_| NoteError::Malformed("its root is not base64"))?;
    let root = root.try_into().map_err(|_| NoteError::Malformed("its root is not 32 bytes long"))?;
    Ok(Checkpoint { origin: origin.to_owned(), size: number, root })
}

/// Reads a note that this key must have signed.
///
/// # Errors
/// The note is malformed, or the key's signature is missing or does not hold.
pub fn verify(note: &str, key: &Key) -> Result<Checkpoint, NoteError> {
    let (text, signatures) = parts(note)?;
    let mut signed = false;
    for line in signatures {
        let (name, bytes) = signature(line)?;
        let Some((id, signature)) = bytes.split_first_chunk::<4>() else {
            return Err(NoteError::Malformed("a signature is too short"));
        };
        if name != key.name || *id != key.id {
            continue;
        }
        let bad = || NoteError::BadSignature(key.name.clone());
        let signature = Signature::from_slice(signature).map_err(|_| bad())?;
        key.key.verify_strict(text.as_bytes(), &signature).map_err(|_| bad())?;
        signed = true;
    }
    if !signed {
        return Err(NoteError::Unsigned(key.name.clone()));
    }
    read(note)
}

/// The signed text with its last line feed, and the signature lines.
fn parts(note: &str) -> Result<(&str, Vec<&str>), NoteError> {
    if NOTE_BYTES_MAX < note.len() {
        return Err(NoteError::Malformed("it is too long"));
    }
    if note.chars().any(|one| one.is_control() && one != '\n') {
        return Err(NoteError::Malformed("it has control characters"));
    }
    let end = note.rfind("\n\n").ok_or(NoteError::Malformed("it has no empty line"))?;
    let (text, rest) = note.split_at_checked(end + 1).ok_or(NoteError::Malformed("it is cut off"))?;
    let lines = rest.strip_prefix('\n').and_then(|rest| rest.strip_suffix('\n'));
    let lines = lines.ok_or(NoteError::Malformed("its last line is cut off"))?;
    Ok((text, lines.split('\n').collect()))
}

fn signature(line: &str) -> Result<(&str, Vec<u8>), NoteError> {
    let malformed = NoteError::Malformed("a signature line is not one");
    let parts = line.strip_prefix("— ").and_then(|rest| rest.split_once(' '));
    let (name, encoded) = parts.ok_or(malformed.clone())?;
    Ok((name, BASE64_STANDARD.decode(encoded).map_err(|_| malformed)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by another implementation (Go's `sumdb/note` accepts it): key of 32 times 0x42.
    const KEY: &str = "ledger.example/grants+9b30d74f+ASFS+NGbeR0kRTJC4V8uq2y3z/p7al7TAJeWDgaYgdsS";
    const NOTE: &str = "ledger.example/grants\n5\nC3TUMA55gFbNSHKLT7AenxWtPgp5UPvFiXT/Z1MnHSQ=\n\n— ledger.example/grants mzDXT1kvrCejqmnuAjfj6ZBv4rKtqOMNftzyE8uyStmXsftAJH87CNozBGSJqKO9/3LaLubuApeTt0LF9zDdB1wXBAE=\n";

    #[test]
    fn a_note_of_another_implementation_holds() {
        let key: Key = KEY.parse().unwrap();
        let checkpoint = verify(NOTE, &key).unwrap();
        assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("ledger.example/grants", 5));
        assert_eq!(read(NOTE), Ok(checkpoint));
    }

    #[test]
    fn every_change_of_a_character_is_seen() {
        let key: Key = KEY.parse().unwrap();
        let characters: Vec<char> = NOTE.chars().collect();
        for place in 0..characters.len() {
            let mut bent = characters.clone();
            bent[place] = if bent[place] == 'Q' { 'R' } else { 'Q' };
            let bent: String = bent.into_iter().collect();
            assert!(verify(&bent, &key).is_err(), "{place}: {bent}");
        }
    }

    #[test]
    fn a_key_must_fit_its_id() {
        for text in ["", "a+b", "ledger.example/grants+00000000+ASFS+NGbeR0kRTJC4V8uq2y3z/p7al7TAJeWDgaYgdsS"]
        {
            assert!(matches!(text.parse::<Key>(), Err(NoteError::Key(_))), "{text}");
        }
        let other = "other.example+9b30d74f+ASFS+NGbeR0kRTJC4V8uq2y3z/p7al7TAJeWDgaYgdsS";
        assert!(other.parse::<Key>().is_err());
    }
}

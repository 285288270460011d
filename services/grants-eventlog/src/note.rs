//! Signs a text and checks signed texts, byte for byte as C2SP `signed-note` v1.0.0 says (Ed25519, type 0x01).

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::str::FromStr;

use base64::{Engine, prelude::BASE64_STANDARD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::ids::{hex, unhex};

/// A note with its signatures, in bytes: room for many cosignatures of the large kinds.
pub const NOTE_BYTES_MAX: usize = 128 * 1_024;

/// Signature lines of one note; the specification asks verifiers to take at least 16.
pub const NOTE_SIGNATURES_MAX: usize = 64;

const ALGORITHM_ED25519: u8 = 1;
const SIGNATURE_LINE: &str = "\u{2014} ";

/// Signs notes under a name with an Ed25519 key.
pub struct Signer {
    name: String,
    key: SigningKey,
}

/// The public half: a name and an Ed25519 key, written as a C2SP verifier key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: VerifyingKey,
}

/// Why a note or a key is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// A key name is empty, or has spaces, control characters or `+`.
    #[error("{0:?} cannot be the name of a key")]
    Name(String),
    /// The verifier key is not `<name>+<8 hex digits>+<base64>`.
    #[error("this is not a verifier key: {0}")]
    VerifierKey(&'static str),
    /// The note is not a text, an empty line and signature lines.
    #[error("this is not a signed note: {0}")]
    Malformed(&'static str),
    /// No signature is by the key.
    #[error("the note is not signed by {0}")]
    NotSigned(String),
    /// The signature by the key does not fit the text.
    #[error("the signature of {0} does not fit the text")]
    BadSignature(String),
}

impl Signer {
    /// A signer with this secret seed.
    ///
    /// # Errors
    /// The name cannot be one.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Signer, NoteError> {
        check_name(name)?;
        Ok(Signer { name: name.to_owned(), key: SigningKey::from_bytes(seed) })
    }

    /// Makes a new seed file that only its owner may read. An existing file is never replaced.
    ///
    /// # Errors
    /// The file exists, the disk failed, or there is no randomness.
    pub fn create_seed_file(path: &Path) -> io::Result<()> {
        let mut seed = Zeroizing::new([0_u8; 32]);
        getrandom::fill(seed.as_mut_slice()).map_err(|fault| io::Error::other(fault.to_string()))?;
        let mut file = File::options().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(seed.as_slice())?;
        file.sync_all()?;
        crate::files::sync_folder(crate::files::parent(path)?)
    }

    /// Reads a seed file: exactly 32 bytes, readable by nobody but its owner.
    ///
    /// # Errors
    /// The file is not like that, or the name cannot be one.
    pub fn load(name: &str, path: &Path) -> io::Result<Signer> {
        let mut file = File::open(path)?;
        let mode = file.metadata()?.permissions().mode();
        if mode & 0o077 != 0 {
            let fault = format!(
                "{} may be read by others (mode {:o}); it must be 0600",
                path.display(),
                mode & 0o777
            );
            return Err(io::Error::other(fault));
        }
        if file.metadata()?.len() != 32 {
            return Err(io::Error::other(format!("{} does not have 32 bytes", path.display())));
        }
        let mut seed = Zeroizing::new([0; 32]);
        file.read_exact(seed.as_mut_slice())?;
        Signer::from_seed(name, &seed).map_err(io::Error::other)
    }

    /// The name that signatures carry.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key that others verify with.
    pub fn verifier_key(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// The signed note of a text.
    ///
    /// # Errors
    /// The text does not end in a line feed, or has other control characters.
    pub fn sign(&self, text: &str) -> Result<String, NoteError> {
        check_text(text)?;
        let signature = self.key.sign(text.as_bytes());
        let bytes = [self.verifier_key().id().as_slice(), signature.to_bytes().as_slice()].concat();
        Ok(format!("{text}\n{SIGNATURE_LINE}{} {}\n", self.name, BASE64_STANDARD.encode(bytes)))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.verifier_key())
    }
}

impl VerifierKey {
    /// The name that signatures carry.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The four bytes that tell keys of one name apart.
    fn id(&self) -> [u8; 4] {
        let mut sha = Sha256::new();
        sha.update(self.name.as_bytes());
        sha.update([b'\n', ALGORITHM_ED25519]);
        sha.update(self.key.as_bytes());
        let hash: [u8; 32] = sha.finalize().into();
        let [first, second, third, fourth, ..] = hash;
        [first, second, third, fourth]
    }

    /// The text of a note, when it is signed by this key. Signatures by other keys are ignored.
    ///
    /// # Errors
    /// The note is malformed, not signed by this key, or its signature does not fit.
    pub fn verify<'a>(&self, note: &'a str) -> Result<&'a str, NoteError> {
        if NOTE_BYTES_MAX < note.len() {
            return Err(NoteError::Malformed("it is too long"));
        }
        let end = note.rfind("\n\n").ok_or(NoteError::Malformed("there is no empty line"))?;
        let (text, signatures) = note.split_at(end + 1);
        check_text(text)?;
        let signatures = signatures.strip_prefix('\n').unwrap_or_default();
        let lines = signatures.strip_suffix('\n').ok_or(NoteError::Malformed("the last line is cut off"))?;
        let mut signed = false;
        for (number, line) in lines.split('\n').enumerate() {
            if number == NOTE_SIGNATURES_MAX {
                return Err(NoteError::Malformed("there are too many signatures"));
            }
            signed |= self.verify_line(text, line)?;
        }
        if !signed {
            return Err(NoteError::NotSigned(self.name.clone()));
        }
        Ok(text)
    }

    /// Whether the line is a good signature by this key; a bad one by this key is an error.
    fn verify_line(&self, text: &str, line: &str) -> Result<bool, NoteError> {
        const MALFORMED: NoteError = NoteError::Malformed("a signature line is not one");
        let line = line.strip_prefix(SIGNATURE_LINE).ok_or(MALFORMED)?;
        let (name, encoded) = line.split_once(' ').ok_or(MALFORMED)?;
        check_name(name)?;
        let bytes = BASE64_STANDARD.decode(encoded).map_err(|_| MALFORMED)?;
        let (id, signature) = bytes.split_first_chunk::<4>().ok_or(MALFORMED)?;
        if name != self.name || *id != self.id() {
            return Ok(false);
        }
        let bad = || NoteError::BadSignature(self.name.clone());
        let signature = Signature::from_slice(signature).map_err(|_| bad())?;
        // The strict check refuses weak keys and second encodings of a signature.
        self.key.verify_strict(text.as_bytes(), &signature).map_err(|_| bad())?;
        Ok(true)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[ALGORITHM_ED25519], self.key.as_bytes().as_slice()].concat();
        write!(f, "{}+{}+{}", self.name, hex(&self.id()), BASE64_STANDARD.encode(key))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<VerifierKey, NoteError> {
        let mut parts = text.trim_end().splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::VerifierKey("it has fewer than three parts"));
        };
        check_name(name)?;
        let id = unhex::<4>(id).map_err(|_| NoteError::VerifierKey("its id is not 8 hexadecimal digits"))?;
        let bytes =
            BASE64_STANDARD.decode(key).map_err(|_| NoteError::VerifierKey("its key is not base64"))?;
        let key = match bytes.split_first() {
            Some((&ALGORITHM_ED25519, key)) => key,
            Some(_) | None => return Err(NoteError::VerifierKey("its algorithm is not Ed25519")),
        };
        let key: &[u8; 32] =
            key.try_into().map_err(|_| NoteError::VerifierKey("its key is not 32 bytes long"))?;
        let key =
            VerifyingKey::from_bytes(key).map_err(|_| NoteError::VerifierKey("its key is not a point"))?;
        let verifier = VerifierKey { name: name.to_owned(), key };
        if verifier.id() != id {
            return Err(NoteError::VerifierKey("its id does not fit name and key"));
        }
        Ok(verifier)
    }
}

fn check_name(name: &str) -> Result<(), NoteError> {
    let wrong = |letter: char| letter.is_whitespace() || letter.is_control() || letter == '+';
    if name.is_empty() || name.contains(wrong) {
        return Err(NoteError::Name(name.to_owned()));
    }
    Ok(())
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if !text.ends_with('\n') {
        return Err(NoteError::Malformed("the text does not end in a line feed"));
    }
    if text.chars().any(|letter| letter.is_control() && letter != '\n') {
        return Err(NoteError::Malformed("the text has control characters"));
    }
    Ok(())
}

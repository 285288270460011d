//! A command as it was asked: with its canonical bytes and their hash, both made once and used wherever the command
//! is weighed, recognised or recorded.

use crate::{
    commands::{COMMAND_ENCODING, Command},
    values::Sha256Hex,
    wire::{Message, put_varint},
};
use sha2::{Digest, Sha256};

/// A command with its canonical form.
///
/// Invariant: `bytes` is the canonical encoding of `command`, and `hash` is its [`command_hash`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    command: Command,
    bytes: Vec<u8>,
    hash: Sha256Hex,
}

impl Asked {
    /// Encodes and hashes a command.
    #[must_use]
    pub fn of(command: Command) -> Self {
        let bytes = command.encode();
        let hash = hash_of(&bytes);
        Self { command, bytes, hash }
    }

    /// The command.
    #[must_use]
    pub fn command(&self) -> &Command {
        &self.command
    }

    /// Its canonical bytes, in the encoding [`COMMAND_ENCODING`].
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What tells it from every other command under the same id.
    #[must_use]
    pub fn hash(&self) -> Sha256Hex {
        self.hash
    }
}

/// SHA-256 over encoding version and canonical bytes.
#[must_use]
pub fn command_hash(command: &Command) -> Sha256Hex {
    hash_of(&command.encode())
}

fn hash_of(bytes: &[u8]) -> Sha256Hex {
    let mut encoding = Vec::with_capacity(1);
    put_varint(u64::from(COMMAND_ENCODING), &mut encoding);
    Sha256Hex(Sha256::new().chain_update(&encoding).chain_update(bytes).finalize().into())
}

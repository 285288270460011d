//! Signs how large the tree is and what its root is, and never two stories (C2SP `tlog-checkpoint` v1.0.0).

use std::io;
use std::path::{Path, PathBuf};

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::files::{self, Durable};
use crate::ids::Root;
use crate::note::{NOTE_BYTES_MAX, NoteError, Signer, VerifierKey};
use crate::proofs::{ProofError, verify_consistency};
use crate::tree::Hash;

/// A tree head: which log, how many events, which root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name for the world, for example `grants-ledger/<ledger id>`; also the name of its key.
    pub origin: String,
    /// How many events.
    pub size: u64,
    /// The root over them.
    pub root: Root,
}

/// Why there is no checkpoint.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The note is malformed or not signed as it should be.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The text of the note is not a checkpoint.
    #[error("the signed text is not a checkpoint: {0}")]
    Malformed(&'static str),
    /// The checkpoint is of another log.
    #[error("the checkpoint is of {found}, not of {expected}")]
    Origin {
        /// The log that was asked for.
        expected: String,
        /// The log that the checkpoint names.
        found: String,
    },
    /// A larger tree has been signed before.
    #[error("a checkpoint of {signed} events was signed before; {asked} events are fewer")]
    Smaller {
        /// The size signed before.
        signed: u64,
        /// The size asked for.
        asked: u64,
    },
    /// The tree is not shown to agree with the one signed before.
    #[error("the tree of {asked} events does not agree with the checkpoint of {signed} events: {proof}")]
    Inconsistent {
        /// The size signed before.
        signed: u64,
        /// The size asked for.
        asked: u64,
        /// What is wrong with the proof.
        proof: ProofError,
    },
    /// The disk failed.
    #[error("the checkpoint cannot be read or written: {0}")]
    Io(#[from] io::Error),
}

impl Checkpoint {
    /// The three lines that are signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64_STANDARD.encode(self.root.0))
    }

    /// Reads the three lines; extension lines are refused, because this log writes none.
    ///
    /// # Errors
    /// The text is not a checkpoint.
    pub fn parse(text: &str) -> Result<Checkpoint, CheckpointError> {
        let malformed = CheckpointError::Malformed;
        let lines = text.strip_suffix('\n').ok_or(malformed("it does not end in a line feed"))?;
        let mut lines = lines.split('\n');
        let (Some(origin), Some(size), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(malformed("it does not have three lines"));
        };
        if origin.is_empty() {
            return Err(malformed("the origin is empty"));
        }
        let number: u64 = size.parse().map_err(|_| malformed("the size is not a number"))?;
        if number.to_string() != size {
            return Err(malformed("the size is not written in the one way allowed"));
        }
        let root = BASE64_STANDARD.decode(root).map_err(|_| malformed("the root is not base64"))?;
        let root: Hash = root.try_into().map_err(|_| malformed("the root is not 32 bytes long"))?;
        Ok(Checkpoint { origin: origin.to_owned(), size: number, root: Root(root) })
    }

    /// The checkpoint of a note that is signed by `key`, whose name is the origin.
    ///
    /// # Errors
    /// The note is not one, or of another log.
    pub fn verify(note: &str, key: &VerifierKey) -> Result<Checkpoint, CheckpointError> {
        let checkpoint = Checkpoint::parse(key.verify(note)?)?;
        if checkpoint.origin != key.name() {
            let (expected, found) = (key.name().to_owned(), checkpoint.origin);
            return Err(CheckpointError::Origin { expected, found });
        }
        Ok(checkpoint)
    }
}

/// Signs checkpoints of one log and remembers the last on disk.
///
/// Invariant: what is signed is durable before it leaves, and agrees with everything signed before.
/// (`tests::checkpoints`)
#[derive(Debug)]
pub struct CheckpointKeeper {
    path: PathBuf,
    signer: Signer,
    last: Option<(Checkpoint, String)>,
}

impl CheckpointKeeper {
    /// Goes on behind the checkpoint in the file `path`, if there is one. The signer's name is the origin.
    ///
    /// # Errors
    /// The file holds something else than a checkpoint signed by this key.
    pub fn open(path: &Path, signer: Signer) -> Result<CheckpointKeeper, CheckpointError> {
        let bytes = files::read_small(path, crate::wire::wide(NOTE_BYTES_MAX))?;
        let last = match bytes {
            None => None,
            Some(bytes) => {
                let note = String::from_utf8(bytes).map_err(|_| NoteError::Malformed("it is not UTF-8"))?;
                Some((Checkpoint::verify(&note, &signer.verifier_key())?, note))
            }
        };
        Ok(CheckpointKeeper { path: path.to_owned(), signer, last })
    }

    /// The key that others verify with.
    pub fn verifier_key(&self) -> VerifierKey {
        self.signer.verifier_key()
    }

    /// What was signed last, and the note.
    pub fn last(&self) -> Option<(&Checkpoint, &str)> {
        self.last.as_ref().map(|(checkpoint, note)| (checkpoint, note.as_str()))
    }

    /// The size that `proof` for [`CheckpointKeeper::sign`] has to start from.
    pub fn signed_size(&self) -> u64 {
        self.last.as_ref().map_or(0, |(checkpoint, _)| checkpoint.size)
    }

    /// Signs the tree of `size` events. Call it only for a size that is durable; `proof` is the consistency proof from
    /// [`CheckpointKeeper::signed_size`] to `size` (empty when that is 0 or the same).
    ///
    /// # Errors
    /// The tree is smaller than one signed before or not shown to contain it; or the disk failed, and then nothing
    /// was released.
    pub fn sign(&mut self, size: u64, root: Root, proof: &[Hash]) -> Result<String, CheckpointError> {
        if let Some((signed, note)) = &self.last {
            if size < signed.size {
                return Err(CheckpointError::Smaller { signed: signed.size, asked: size });
            }
            verify_consistency((signed.size, signed.root), (size, root), proof)
                .map_err(|proof| CheckpointError::Inconsistent { signed: signed.size, asked: size, proof })?;
            if size == signed.size {
                return Ok(note.clone());
            }
        }
        let (checkpoint, note) = self.signed(size, root)?;
        files::write_whole(&self.path, note.as_bytes(), Durable::Yes)?;
        self.last = Some((checkpoint, note.clone()));
        Ok(note)
    }

    /// Signs a tree that is an earlier part of the one signed last, for a bundle that ends there. What
    /// [`CheckpointKeeper::last`] says does not change. `proof` is the consistency proof from `size` to the last.
    ///
    /// # Errors
    /// Nothing was signed yet, or the tree is not shown to be a part of the last.
    pub fn sign_past(&self, size: u64, root: Root, proof: &[Hash]) -> Result<String, CheckpointError> {
        let signed = self.last.as_ref().map(|(checkpoint, _)| (checkpoint.size, checkpoint.root));
        let signed = signed.unwrap_or((0, crate::tree::empty_root()));
        verify_consistency((size, root), signed, proof).map_err(|proof| CheckpointError::Inconsistent {
            signed: signed.0,
            asked: size,
            proof,
        })?;
        self.signed(size, root).map(|(_, note)| note)
    }

    fn signed(&self, size: u64, root: Root) -> Result<(Checkpoint, String), CheckpointError> {
        let checkpoint = Checkpoint { origin: self.signer.name().to_owned(), size, root };
        let note = self.signer.sign(&checkpoint.text())?;
        Ok((checkpoint, note))
    }
}

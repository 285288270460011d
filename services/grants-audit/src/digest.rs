//! One number for a whole state: the ledger prints the same for the same commands, and so the two can be compared.

use crate::tree::Hash;
use grants_domain::{
    state::MemoryState,
    values::{Sha256Hex, Timestamp},
};
use sha2::{Digest, Sha256};

/// SHA-256 over every row in key order (length and bytes of key and of row, lengths as eight bytes, big-endian),
/// then over how many events there were, the root over them, and the last recorded time in microseconds.
pub(crate) fn digest(state: &MemoryState, events: u64, root: Hash, last: Option<Timestamp>) -> Sha256Hex {
    let mut sha = Sha256::new();
    for (key, row) in state.rows() {
        for part in [key, row] {
            sha.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            sha.update(part);
        }
    }
    sha.update(events.to_be_bytes());
    sha.update(root);
    sha.update(last.map_or(0, |at| at.micros()).to_be_bytes());
    Sha256Hex(sha.finalize().into())
}

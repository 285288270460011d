//! Artifacts: files that decisions rest on, such as a catalogue, kept in the log in chunks under their hash.

pub mod record_chunk;

use crate::{
    refusal::{RefusalCode, Refused},
    state::{StateRead, get},
    tables::Artifacts,
    values::Sha256Hex,
};
use sha2::{Digest, Sha256};

/// The whole artifact.
///
/// # Errors
/// `ArtifactIncomplete` if a chunk is missing or the counts differ, `ArtifactHashWrong` if the bytes are others.
pub fn assemble(state: &dyn StateRead, artifact: Sha256Hex) -> Result<Vec<u8>, Refused> {
    let missing = |index: u32| Refused::of(RefusalCode::ArtifactIncomplete).with("index", index);
    let first = get::<Artifacts>(state, &(artifact, 0)).ok_or_else(|| missing(0))?;
    let mut bytes = first.bytes.0;
    for index in 1..first.count {
        let chunk = get::<Artifacts>(state, &(artifact, index)).ok_or_else(|| missing(index))?;
        if chunk.count != first.count {
            return Err(missing(index));
        }
        bytes.extend_from_slice(&chunk.bytes.0);
    }
    let found = Sha256Hex(Sha256::digest(&bytes).into());
    if found != artifact {
        return Err(Refused::of(RefusalCode::ArtifactHashWrong).with("found", found));
    }
    Ok(bytes)
}

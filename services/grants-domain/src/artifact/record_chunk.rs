//! Record a chunk of an artifact, so that everything a decision rests on lies in the log itself.

use crate::{
    events::Event,
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, get, put},
    tables::{Artifacts, ChunkRow},
    values::Sha256Hex,
    wire::Blob,
};

/// Largest chunk. With its command it stays under the log's limit for one event.
pub const CHUNK_BYTES_MAX: usize = 24 * 1024;
/// Most chunks of one artifact: 6 MiB.
pub const CHUNKS_MAX: u32 = 256;

message! {
    /// The request.
    pub struct RecordChunk {
        /// SHA-256 of the whole artifact.
        1 => artifact: Sha256Hex,
        2 => index: u32,
        3 => count: u32,
        4 => bytes: Blob,
    }
}

message! {
    /// The fact.
    pub struct ChunkRecorded {
        1 => artifact: Sha256Hex,
        2 => index: u32,
        3 => count: u32,
        4 => bytes: Blob,
    }
}

/// Refuses: `OutOfRange` (too large, or an index beyond the count), `ArtifactChunkDiffers`.
/// A chunk that stands already in the same form is recorded again without effect.
pub(crate) fn decide(state: &dyn StateRead, request: &RecordChunk) -> Result<Vec<Event>, Refused> {
    let sound = request.bytes.0.len() <= CHUNK_BYTES_MAX
        && request.index < request.count
        && request.count <= CHUNKS_MAX
        && !request.bytes.0.is_empty();
    if !sound {
        return Err(Refused::of(RefusalCode::OutOfRange)
            .with("index", request.index)
            .with("count", request.count));
    }
    let standing = get::<Artifacts>(state, &(request.artifact, request.index));
    let row = ChunkRow { count: request.count, bytes: request.bytes.clone() };
    if standing.is_some_and(|standing| standing != row) {
        return Err(Refused::of(RefusalCode::ArtifactChunkDiffers).with("index", request.index));
    }
    let RecordChunk { artifact, index, count, bytes } = request.clone();
    Ok(vec![ChunkRecorded { artifact, index, count, bytes }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &ChunkRecorded) {
    let row = ChunkRow { count: fact.count, bytes: fact.bytes.clone() };
    put::<Artifacts>(state, &(fact.artifact, fact.index), &row);
}

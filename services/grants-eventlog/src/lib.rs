//! The append-only log of one ledger: batches of opaque events, the Merkle tree over them, and the stores that keep them.
//!
//! This crate does not know what an event says. It promises that what was acknowledged is still there,
//! in the same order and the same bytes, and that anybody can prove it.

pub mod batch; // the stored bytes, start here for the format
pub mod bundle; // the log as a folder for an auditor
pub mod checkpoint; // signed tree heads
#[cfg(any(test, feature = "contract"))]
pub mod contract; // what every store must pass
pub mod control; // what a batch without events says
pub mod epochs; // where a writer is, and where the ledger goes on
pub mod files; // a file is whole or not there
pub mod head; // where a log ends
pub mod headfile; // how long the log must be
pub mod ids; // names of ledgers, writers and trees
pub mod judge; // which batches count
pub mod kafka; // the store on a broker
pub mod log; // the contract of a store
pub mod memory; // the strict fake
pub mod mirror; // a log copied elsewhere
pub mod note; // signed text
pub mod proofs; // inclusion and consistency
#[cfg(feature = "rocksdb")]
pub mod rocksdb; // the embedded store
pub mod tiles; // the tree as files
pub mod tree; // leaves, nodes and the right edge

mod wire;

#[cfg(test)]
mod tests;

pub use batch::{
    BATCH_BYTES_MAX, Batch, BatchBuilder, EVENT_BYTES_MAX, EVENTS_PER_BATCH_MAX, FrameError, Header, Kind,
    PushError, SealedBatch,
};
pub use bundle::{BundleEnd, BundleError, BundleReader, write_bundle};
pub use checkpoint::{Checkpoint, CheckpointError, CheckpointKeeper};
pub use control::{ADDRESS_BYTES_MAX, ControlError, ControlRecord};
pub use epochs::{moved_to, writer_address};
pub use head::Head;
pub use headfile::{HeadKeeper, Vouched};
pub use ids::{LedgerId, Root, WriterId};
pub use judge::{Halt, HaltReason, HashedBatch, Judge, SkipReason, Verdict};
pub use log::{AppendError, CatchUpError, EventLog, GrowingLog, LogEnd, LogReader, ReadError};
pub use memory::MemoryLog;
pub use note::{Signer, VerifierKey};
#[cfg(feature = "rocksdb")]
pub use rocksdb::{OpenError, Opened, RocksLog, RocksReader};
pub use tree::{Edge, Hash, leaf_hash};

//! The tests of the log that need more than one module, by the promise they hold.
#![expect(clippy::as_conversions, reason = "small numbers in test data")]

mod back_ends;
mod bundles;
mod checkpoints;
#[cfg(feature = "rocksdb")]
mod faults;
mod framing;
mod golden;
mod headfile;
mod judge;
mod kafka;
mod proofs;
#[cfg(feature = "rocksdb")]
mod rocksdb;
mod sample;
mod tiles;

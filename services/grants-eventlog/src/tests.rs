//! The tests of the log that need more than one module, by the promise they hold.
#![expect(clippy::as_conversions, reason = "small numbers in test data")]

mod back_ends;
mod framing;
mod judge;
mod proofs;
mod sample;

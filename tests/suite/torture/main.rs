//! Whole ledgers under torture: killed, unplugged, failed upon, bent, repeated and emptied, and right afterwards.
//!
//! Everything is measured against one run that nothing disturbed (`story`). `make test` runs a tenth of the rounds,
//! `make torture` all of them; `GRANTS_SEED` repeats a run whose seed was printed.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test program: its panic is a failed test"
)]

mod house; // folders of ledgers, and what stands in them
mod session; // one process of the program
mod story; // what is given, and what must come of it

mod killed; // the process is killed at any moment
mod repeated; // commands come again, the same or altered

mod calls; // what a process asked of the system, from a trace
mod disk; // a disk that forgets what was not synced
mod failing; // every call of a kind fails once
mod unplugged; // the power goes at any moment

mod elected; // several processes on real brokers
mod kept; // one of them
mod line; // a line to one of them

mod bent; // bits, ends and batches are changed at rest
mod wal; // the database's journal, to put batches where none would write them

mod emptied; // what is derived is deleted
mod private; // personal texts, and a person's key

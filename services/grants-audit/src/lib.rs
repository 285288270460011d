//! The auditor's own program: it believes nobody, needs no server, and says where a ledger is wrong.
//!
//! It shares the framing rule with the writer (`grants_eventlog::judge`) and the decisions with the sequencer
//! (`grants_domain::ledger::execute`), because those are what is being checked. Everything else that could hide a
//! lie is done a second time here: the Merkle tree, the signatures, the books.
//!
//! Reading order: `verify` (the whole check), `redecide` (the heart), `books` (the second bookkeeping).

pub mod verify; // start here

mod books; // the second bookkeeping
mod commands; // envelopes to commands
mod diff;
mod redecide; // the same command, decided again // the first difference of two events

pub mod code; // everything that can be found
pub mod report; // what was found

mod digest;
pub mod note; // signed text
pub mod tree; // the Merkle tree // one number for a whole state

pub mod source; // a folder to check
mod walk; // the batches in it

pub mod explain; // one decision, in sentences
pub mod replay; // the books on a day in the past

pub mod backtest; // history decided again under a changed catalogue
pub mod catalogue; // a catalogue from outside the log

#[cfg(test)]
mod tests;

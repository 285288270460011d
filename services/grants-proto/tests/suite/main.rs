//! The schema and the code say the same: in names, in numbers, in bytes and in values.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod compare; // a decoded message beside the domain's JSON
mod golden; // stored bytes, for ever
mod page; // the worked example
mod words; // names and numbers

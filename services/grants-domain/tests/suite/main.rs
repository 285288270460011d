//! What must always hold of the ledger: random histories, invariants by name, limits, bytes and the reference.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    clippy::as_conversions,
    reason = "tests: what is not there fails them"
)]

mod books;
mod chance;
mod followups;
mod histories;
mod invariants;
mod limits;
mod play;
mod reference;
mod roles;
mod verbs;
mod wire;
mod world;

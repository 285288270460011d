//! The write side: one writer per ledger decides commands in one order, makes them durable and answers.
//!
//! Reading order: `sequencer` (the three stages), `view` and `store` (what decisions read), `open` and `replay`
//! (how a process starts), `member` (how one of several processes comes to write), `onlooker` (how one looks beside it),
//! `link` (how awards of another ledger are followed), then the rest. This crate does not know what a policy says:
//! whoever opens a ledger brings the rules.

mod sequencer;

mod view;

mod store;

mod link;

mod followed;
mod member;
mod onlooker;
mod open;
mod replay;

mod attended;
mod busy;
mod clock;
mod fault;
mod layout;
mod limits;
mod query;

pub mod vault;

#[cfg(test)]
mod tests;

pub use attended::AttendedLog;
pub use busy::{Busy, Stage};
pub use clock::{Clock, ScriptedClock, SystemClock};
pub use fault::{Fault, FaultLatch};
pub use layout::{DataDir, FORMAT, LayoutError, Manifest};
pub use link::{
    Delivered, Followed, Follower, LINK_TABLE_BYTES_MAX, Link, LinkError, LinkPosition, LinkTable,
    PositionError, Report, Subject, TableError,
};
pub use member::{Member, MemberError, MemberOptions, Turn, join};
pub use onlooker::Onlooker;
pub use open::{CreateOptions, OpenError, OpenOptions, Opening, POLICY_VERSIONS_MAX};
pub use query::{QueryError, ReadOnly, ReadOnlyError, StateView};
pub use replay::{ReplayError, Replayed};
pub use sequencer::{
    BATCH_COMMANDS_MAX, COMMAND_EVENTS_BYTES_MAX, LAG_BATCHES_MAX, Ledger, Outcome, QUEUE_BYTES_MAX,
    QUEUE_COMMANDS_MAX, SubmitError,
};
pub use store::{FLUSH_EVENTS_MAX, Position, Rows, StateStore, StoreError, StoreView};
pub use view::CACHE_BYTES_MAX;

//! The public feed: what happens to awards, for whoever keeps reports, registers or web pages of them.
//!
//! ```text
//!   log of the ledger ──► judge ──► tell ──► record ──► outlet (a topic) ──► position
//!                      (is it it?)  (what may             (acknowledged)     (a file, synced)
//!                                    be told)
//! ```
//!
//! Nothing is written anywhere but to the outlet: what is published follows from the log alone. Nothing is ever left out,
//! because the position moves behind a record only when it was acknowledged; so a record may come again, under the same id.

pub mod entry; // what the public is told, start here

pub mod awards; // what is remembered to tell it
mod tell; // from an event to an entry

pub mod record; // an entry as a CloudEvent

pub mod outlet; // where records go
pub mod position; // how far the feed has come
pub mod publish; // from the log to the outlet

#[cfg(feature = "kafka")]
pub mod kafka; // a topic on real brokers

mod figures; // lag and position, for whoever collects them

pub use awards::{Awards, Contradiction};
pub use entry::Entry;
pub use outlet::{Outlet, OutletError, Places};
pub use position::{Folder, Position, PositionError};
pub use publish::{Progress, PublishError, Publisher};
pub use record::Record;

#[cfg(test)]
mod tests;

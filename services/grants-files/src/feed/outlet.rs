//! Where records go: something that takes them in order, acknowledges them, and knows how far it reaches.

use std::collections::BTreeMap;

use super::record::Record;

/// For each partition, the offset behind its last record.
pub type Places = BTreeMap<i32, i64>;

/// Records could not be handed on, or nobody knows whether they were.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct OutletError(pub String);

/// A topic, or what stands for one in a test.
///
/// 1. Records of one key are kept in the order in which they were sent.
/// 2. Of what was sent since the last [`Outlet::settle`], a record is kept only if every one of its key before it is.
/// 3. After an error the outlet is good for nothing any more, and everything since the last [`Outlet::settle`] is unknown.
pub trait Outlet {
    /// Sends a record; it may wait to be acknowledged.
    ///
    /// # Errors
    /// See [`OutletError`].
    fn send(&mut self, record: &Record) -> Result<(), OutletError>;

    /// Waits until everything that was sent is acknowledged by every replica that counts. Gives the places behind the
    /// last records that this outlet has written, of the partitions that it has written to.
    ///
    /// # Errors
    /// See [`OutletError`].
    fn settle(&mut self) -> Result<Places, OutletError>;

    /// Where the partitions end now, whoever has written there.
    ///
    /// # Errors
    /// See [`OutletError`].
    fn ends(&mut self) -> Result<Places, OutletError>;
}

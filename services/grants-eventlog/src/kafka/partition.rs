//! What the log asks of a broker: one topic partition as a plain ordered list of records, and nothing else.
//!
//! No transactions, no compaction, no consumer groups. What is safe about the log comes from the validity rule
//! (`judge.rs`) over what lies in the partition, so a broker that shows fenced records, delivers twice or answers in
//! another order does no harm, and one that loses or rewrites records is found out.

/// A record as it lies in the partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its place; places follow each other without gaps.
    pub offset: u64,
    /// Its bytes: one batch, or on a side topic one pulse.
    pub bytes: Vec<u8>,
    /// When the broker took it, in milliseconds since 1970 by the broker's clock; `None` if the topic does not say.
    pub appended_ms: Option<i64>,
}

/// Which records a partition has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The offset of the first record that is kept; above 0 if the broker has deleted some.
    pub first: u64,
    /// The offset that the next record gets.
    pub next: u64,
}

/// The broker did not answer, or answered with an error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Fault(pub String);

/// One topic partition. A clone of the handle is another `Arc` on it.
pub trait Partition: Send + Sync {
    /// What it is called, for messages: topic and brokers.
    fn name(&self) -> String;

    /// Which records are readable now.
    ///
    /// # Errors
    /// The broker cannot be asked.
    fn bounds(&self) -> Result<Bounds, Fault>;

    /// Records from offset `from` on, in order: as many as fit into `max_bytes`, at least one if there is one, none at
    /// the end.
    ///
    /// # Errors
    /// The broker cannot be asked, or has no such offset.
    fn fetch(&self, from: u64, max_bytes: usize) -> Result<Vec<Record>, Fault>;

    /// Offers a record and waits until every replica that counts has it; gives its offset.
    ///
    /// # Errors
    /// Any fault leaves open whether the record is there, or comes there later.
    fn produce(&self, bytes: &[u8]) -> Result<u64, Fault>;
}

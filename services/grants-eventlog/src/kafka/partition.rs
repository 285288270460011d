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
#[error("{told}")]
pub struct Fault {
    /// What happened where, in a sentence.
    pub told: String,
    /// Why the brokers do not let this process in, if that is what is wrong: waiting does not mend it.
    pub barred: Option<Barred>,
}

impl Fault {
    /// A fault that may pass.
    #[must_use]
    pub fn new(told: impl Into<String>) -> Fault {
        Fault { told: told.into(), barred: None }
    }
}

/// Why brokers do not let a process in, with what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Barred {
    /// The user or the password is not theirs.
    #[error(
        "the brokers do not accept the user or the password; check both, and that the brokers know the user with SCRAM-SHA-512 (kafka-configs --describe --entity-type users)"
    )]
    Login,
    /// Their certificate is not signed by whom we trust, or names another host.
    #[error(
        "the certificate of the brokers is not signed by the given authority, or is for another host; check the file of the authority, and that the certificate names the host of the address (subjectAltName)"
    )]
    Certificate,
    /// We speak TLS, and they do not.
    #[error("the port does not speak TLS; check the address: brokers have a port of their own for SASL_SSL")]
    NoTls,
    /// They hang up on a client that speaks neither TLS nor of a user.
    #[error(
        "the brokers hang up on a connection without TLS; the port may be one for SASL_SSL, which needs an authority, a user and a password"
    )]
    WantsTls,
}

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

    /// The record that lies at an offset now, not when something was read before; none if the partition ends before it.
    ///
    /// # Errors
    /// The broker cannot be asked, or keeps no record of that offset any more.
    fn record(&self, offset: u64) -> Result<Option<Record>, Fault> {
        Ok(self.fetch(offset, 1)?.into_iter().next().filter(|record| record.offset == offset))
    }

    /// Offers a record and waits until every replica that counts has it; gives its offset.
    ///
    /// # Errors
    /// Any fault leaves open whether the record is there, or comes there later.
    fn produce(&self, bytes: &[u8]) -> Result<u64, Fault>;
}

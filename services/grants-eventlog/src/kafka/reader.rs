//! Reads a log on a broker beside the process that follows it with a folder: no lock is taken, and nothing is written.

use std::path::Path;
use std::sync::{Arc, Mutex};

use super::Shared;
use super::follower::FollowError;
use super::open::{KafkaOpenError, follow_to_end, vouched_in};
use super::partition::Partition;
use crate::head::Head;
use crate::log::{LogEnd, LogReader, ReadError};

/// A log that is looked at, up to the end that the brokers knew when they were asked last.
#[derive(Clone)]
pub struct KafkaReader(Arc<Shared>);

impl KafkaReader {
    /// Reads the log that `folder` follows, and judges what follows `trusted`, which was judged before. It is compared
    /// with the head file of the folder as it stands now.
    ///
    /// # Errors
    /// See [`KafkaOpenError`].
    pub fn open(
        partition: Arc<dyn Partition>,
        folder: &Path,
        trusted: Head,
    ) -> Result<KafkaReader, KafkaOpenError> {
        // The head file first: the log that is read behind it is not shorter.
        let vouched = vouched_in(folder, trusted.ledger())?;
        let (index, follower) = follow_to_end(partition, trusted, vouched)?;
        Ok(KafkaReader(Arc::new(Shared { index, follower: Mutex::new(follower), _lock: None })))
    }

    /// Where the log ends, as far as it was judged.
    #[must_use]
    pub fn head(&self) -> Head {
        self.0.follower().head().clone()
    }

    /// Judges what was added since.
    ///
    /// # Errors
    /// See [`FollowError`]. Unless the broker could not be asked, the log cannot be trusted any more.
    pub fn catch_up(&self) -> Result<Head, FollowError> {
        self.0.follow()?;
        Ok(self.head())
    }
}

impl LogReader for KafkaReader {
    fn end(&self) -> Result<LogEnd, ReadError> {
        Ok(self.0.end())
    }

    fn read(&self, from_batch: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>, ReadError> {
        self.0.read(from_batch, max_bytes)
    }
}

//! Reads a log on a broker beside the process that follows it with a folder: no lock is taken, and nothing is written.

use std::path::Path;
use std::sync::{Arc, Mutex};

use super::Shared;
use super::open::{KafkaOpenError, follow_to_end, vouched_in};
use super::partition::Partition;
use crate::head::Head;
use crate::headfile::Vouched;
use crate::log::{CatchUpError, GrowingLog, LogEnd, LogReader, ReadError};

/// A log that is looked at, up to the end that the brokers knew when they were asked last.
pub struct KafkaReader(Shared);

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
        Ok(KafkaReader(Shared { index, follower: Mutex::new(follower), _lock: None }))
    }
}

impl GrowingLog for KafkaReader {
    fn vouched(&self) -> Vouched {
        let follower = self.0.follower();
        Vouched::from(follower.head()).up_to(follower.next_offset())
    }

    fn catch_up(&self) -> Result<Vouched, CatchUpError> {
        self.0.follow()?;
        Ok(self.vouched())
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

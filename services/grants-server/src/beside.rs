//! A log that is read beside whoever writes it, wherever it lies.

use crate::{failure::Failure, place::LogPlace};
use grants_eventlog::{Head, LedgerId, LogReader, RocksReader, Vouched, kafka::KafkaReader};
use grants_ledger::{DataDir, Manifest};
use std::path::Path;

/// A log that is read.
pub(crate) enum Beside {
    Folder(Box<RocksReader>),
    Brokers(KafkaReader),
}

impl Beside {
    /// Opens the log of the ledger with this folder, from its beginning; `scratch` is for RocksDB's own notes.
    pub(crate) fn open(dir: &DataDir, manifest: &Manifest, scratch: &Path) -> Result<Beside, Failure> {
        Ok(match LogPlace::of(dir)? {
            None => Beside::Folder(Box::new(
                RocksReader::open_secondary(dir.root(), scratch).map_err(Failure::fault)?,
            )),
            Some(place) => {
                let genesis = Head::genesis(LedgerId(manifest.ledger.0));
                let log = KafkaReader::open(place.connect_log()?, dir.root(), genesis);
                Beside::Brokers(log.map_err(Failure::fault)?)
            }
        })
    }

    /// Reads on, and says what may be signed: on disk what the head file vouches for, on brokers what was read back.
    pub(crate) fn catch_up(&self) -> Result<Vouched, Failure> {
        match self {
            Beside::Folder(log) => log.catch_up().map_err(Failure::fault),
            Beside::Brokers(log) => log.catch_up().map(|head| Vouched::from(&head)).map_err(Failure::fault),
        }
    }

    /// The log.
    pub(crate) fn reader(&self) -> &dyn LogReader {
        match self {
            Beside::Folder(log) => &**log,
            Beside::Brokers(log) => log,
        }
    }
}

//! Says what a batch without events means: that a writer took over, or that the ledger lives elsewhere.

use crate::wire::Cursor;

/// The longest address or target, in bytes; a host name and a port fit many times.
pub const ADDRESS_BYTES_MAX: usize = 1_024;

const EPOCH_OPENED: u8 = 1;
const LEDGER_MOVED: u8 = 2;

/// The content of a control batch. Epoch and writer id stand in the header of its batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ControlRecord {
    /// The header's writer has opened the header's epoch and can be reached at `address`.
    EpochOpened {
        /// Where clients find this writer; empty when it cannot be reached from outside.
        address: String,
    },
    /// Nothing follows: the ledger goes on at `target`.
    LedgerMoved {
        /// Where the ledger goes on.
        target: String,
    },
}

/// Why bytes are not a control record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// The record has no bytes at all.
    #[error("a control record is empty")]
    Empty,
    /// A newer program wrote this; an older one must not guess.
    #[error("control record of unknown type {0}")]
    UnknownType(u8),
    /// The text is longer than [`ADDRESS_BYTES_MAX`].
    #[error("the address of a control record has {0} bytes; {ADDRESS_BYTES_MAX} are allowed")]
    TooLong(usize),
    /// The text is not UTF-8, or has control characters that would garble a terminal.
    #[error("the address of a control record is not plain UTF-8 text")]
    NotText,
}

impl ControlRecord {
    /// The stored form: one byte for the type, then the text to the end.
    ///
    /// # Errors
    /// The text is too long or not plain.
    pub fn encode(&self) -> Result<Vec<u8>, ControlError> {
        let (kind, text) = match self {
            ControlRecord::EpochOpened { address } => (EPOCH_OPENED, address),
            ControlRecord::LedgerMoved { target } => (LEDGER_MOVED, target),
        };
        let text = plain(text.as_bytes())?;
        let mut bytes = vec![kind];
        bytes.extend_from_slice(text.as_bytes());
        Ok(bytes)
    }

    /// Reads the stored form back.
    ///
    /// # Errors
    /// See [`ControlError`].
    pub fn decode(bytes: &[u8]) -> Result<ControlRecord, ControlError> {
        let mut cursor = Cursor::new(bytes);
        let kind = cursor.u8().ok_or(ControlError::Empty)?;
        match kind {
            EPOCH_OPENED => Ok(ControlRecord::EpochOpened { address: plain(cursor.rest())?.to_owned() }),
            LEDGER_MOVED => Ok(ControlRecord::LedgerMoved { target: plain(cursor.rest())?.to_owned() }),
            other => Err(ControlError::UnknownType(other)),
        }
    }
}

fn plain(bytes: &[u8]) -> Result<&str, ControlError> {
    if ADDRESS_BYTES_MAX < bytes.len() {
        return Err(ControlError::TooLong(bytes.len()));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| ControlError::NotText)?;
    if text.chars().any(char::is_control) {
        return Err(ControlError::NotText);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_reads_back() {
        for record in [
            ControlRecord::EpochOpened { address: "ledger.example:7000".to_owned() },
            ControlRecord::EpochOpened { address: String::new() },
            ControlRecord::LedgerMoved { target: "kafka://broker.example/grants".to_owned() },
        ] {
            assert_eq!(ControlRecord::decode(&record.encode().unwrap()), Ok(record));
        }
    }

    #[test]
    fn what_a_newer_or_broken_writer_left_is_refused() {
        let long = [&[EPOCH_OPENED], "a".repeat(ADDRESS_BYTES_MAX + 1).as_bytes()].concat();
        assert_eq!(ControlRecord::decode(&[]), Err(ControlError::Empty));
        assert_eq!(ControlRecord::decode(&[3, b'x']), Err(ControlError::UnknownType(3)));
        assert_eq!(ControlRecord::decode(&long), Err(ControlError::TooLong(ADDRESS_BYTES_MAX + 1)));
        assert_eq!(ControlRecord::decode(&[1, 0xff]), Err(ControlError::NotText));
        assert_eq!(ControlRecord::decode(b"\x01a\nb"), Err(ControlError::NotText));
    }
}

//! RocksDB's journal of writes, read and written from its format alone, to put batches where no program of ours would.
//!
//! ```text
//!   block of 32,768 bytes   records, then zeros where no record fits
//!   record                  CRC (4, masked, little-endian) length (2) type (1: whole, 2 first, 3 middle, 4 last)
//!   its bytes               first number (8) count (4), then for each write: 1, key, value with their lengths
//! ```

/// A block of the journal.
const BLOCK_BYTES: usize = 32_768;
/// The front of a record.
const FRONT_BYTES: usize = 7;
/// RocksDB stores a sum of sums only in this disguise.
const MASK: u32 = 0xa282_ead8;

const WHOLE: u8 = 1;
const FIRST: u8 = 2;
const MIDDLE: u8 = 3;
const LAST: u8 = 4;

/// One write: the key is the number of a batch, the value the batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Write {
    /// RocksDB's own number of it.
    pub(crate) number: u64,
    pub(crate) key: Vec<u8>,
    pub(crate) value: Vec<u8>,
}

/// Reads the writes of a journal, and what else stands in it before them.
pub(crate) fn read(bytes: &[u8]) -> (Vec<Vec<u8>>, Vec<Write>) {
    let (mut others, mut writes) = (Vec::new(), Vec::new());
    let (records, rest) = records(bytes);
    assert!(rest.is_empty(), "the journal ends within a record");
    for (record, _) in records {
        match write_of(&record) {
            Some(write) => writes.push(write),
            None => others.push(record),
        }
    }
    (others, writes)
}

/// Lays a journal out again.
pub(crate) fn lay(others: &[Vec<u8>], writes: &[Write]) -> Vec<u8> {
    let mut bytes = Vec::new();
    others.iter().for_each(|record| put(&mut bytes, record));
    writes.iter().for_each(|write| put(&mut bytes, &write.record()));
    bytes
}

impl Write {
    fn record(&self) -> Vec<u8> {
        let mut record = self.number.to_le_bytes().to_vec();
        record.extend(1_u32.to_le_bytes());
        record.push(1);
        for part in [&self.key, &self.value] {
            let mut length = part.len();
            while 0x7f < length {
                record.push((length % 0x80) as u8 | 0x80);
                length /= 0x80;
            }
            record.push(length as u8);
            record.extend_from_slice(part);
        }
        record
    }
}

/// A record with one put in it.
fn write_of(record: &[u8]) -> Option<Write> {
    let number = u64::from_le_bytes(record.get(..8)?.try_into().ok()?);
    let count = u32::from_le_bytes(record.get(8..12)?.try_into().ok()?);
    let mut rest = record.get(12..)?;
    if count != 1 || rest.first() != Some(&1) {
        return None;
    }
    rest = &rest[1..];
    let mut part = || {
        let (mut length, mut shift) = (0_usize, 0);
        loop {
            let (byte, after) = rest.split_first()?;
            rest = after;
            length |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let (found, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(found.to_vec())
    };
    let (key, value) = (part()?, part()?);
    rest.is_empty().then_some(Write { number, key, value })
}

/// The records of a journal, each with the place behind its last byte, and what was begun and not ended.
pub(crate) fn records(bytes: &[u8]) -> (Vec<(Vec<u8>, usize)>, Vec<u8>) {
    let (mut records, mut open) = (Vec::new(), Vec::new());
    for (number, block) in bytes.chunks(BLOCK_BYTES).enumerate() {
        let mut rest = block;
        while FRONT_BYTES <= rest.len() {
            let (front, after) = rest.split_at(FRONT_BYTES);
            let length = usize::from(u16::from_le_bytes([front[4], front[5]]));
            let kind = front[6];
            if kind == 0 && length == 0 {
                break;
            }
            let Some((part, after)) = after.split_at_checked(length) else {
                open.extend_from_slice(after);
                break;
            };
            let stored = u32::from_le_bytes(front[..4].try_into().unwrap());
            assert_eq!(stored, sum(kind, part), "the journal is of the kind that this file knows");
            open.extend_from_slice(part);
            rest = after;
            if kind == WHOLE || kind == LAST {
                let end = number * BLOCK_BYTES + block.len() - rest.len();
                records.push((std::mem::take(&mut open), end));
            } else {
                assert!(kind == FIRST || kind == MIDDLE, "record of kind {kind}");
            }
        }
    }
    (records, open)
}

fn put(bytes: &mut Vec<u8>, record: &[u8]) {
    let (mut rest, mut begun) = (record, false);
    loop {
        let room = BLOCK_BYTES - bytes.len() % BLOCK_BYTES;
        if room < FRONT_BYTES {
            bytes.resize(bytes.len() + room, 0);
            continue;
        }
        let (part, after) = rest.split_at(rest.len().min(room - FRONT_BYTES));
        let kind = match (begun, after.is_empty()) {
            (false, true) => WHOLE,
            (false, false) => FIRST,
            (true, false) => MIDDLE,
            (true, true) => LAST,
        };
        bytes.extend(sum(kind, part).to_le_bytes());
        bytes.extend(u16::try_from(part.len()).unwrap().to_le_bytes());
        bytes.push(kind);
        bytes.extend_from_slice(part);
        if after.is_empty() {
            return;
        }
        (rest, begun) = (after, true);
    }
}

/// The masked CRC-32C over kind and bytes.
fn sum(kind: u8, part: &[u8]) -> u32 {
    let crc = crc32c(std::iter::once(kind).chain(part.iter().copied()));
    crc.rotate_right(15).wrapping_add(MASK)
}

/// CRC-32C, bit by bit: this file uses nothing of what it is meant to fool.
fn crc32c(bytes: impl Iterator<Item = u8>) -> u32 {
    !bytes.fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ if crc & 1 == 1 { 0x82f6_3b78 } else { 0 })
    })
}

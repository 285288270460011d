//! The bytes of the vault's two files: every byte is covered by a check that knows its place.

use std::path::Path;

use zeroize::Zeroizing;

use super::Mode;
use super::fault::{VaultFault, damaged};
use super::origin::{KEY_BYTES, Key, SECRET_BYTES, Tag};
use super::person::PersonId;

/// Length of the `people` file's header.
pub(super) const HEADER_BYTES: usize = 44;
/// Length of the `secret` file.
pub(super) const SECRET_FILE_BYTES: usize = 52;
/// Length of a person's record, with its frame.
pub(super) const PERSON_BYTES: usize = 125;
/// Length of a tombstone, with its frame.
pub(super) const TOMBSTONE_BYTES: usize = 29;

const PEOPLE_MAGIC: &[u8; 8] = b"GVPEOPLE";
const SECRET_MAGIC: &[u8; 8] = b"GVSECRET";
const VERSION: u8 = 1;
const KIND_PERSON: u8 = 1;
const KIND_TOMBSTONE: u8 = 2;
const PREFIX_BYTES: usize = 8;
const CHECK_BYTES: usize = 4;

/// What stands at the head of the `people` file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) mode: Mode,
    pub(super) vault: [u8; 16],
    /// How often the file was rewritten. Part of every check, so that stale disk blocks of an earlier
    /// file never read as records of this one.
    pub(super) rewrite: u64,
}

/// One record of the `people` file.
pub(super) enum Record {
    Person { id: PersonId, key: Key, tag: Tag },
    Tombstone { id: PersonId },
}

impl Header {
    pub(super) fn encode(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = Vec::with_capacity(HEADER_BYTES);
        put_start(&mut bytes, PEOPLE_MAGIC, self.mode);
        bytes.extend_from_slice(&self.vault);
        bytes.extend_from_slice(&self.rewrite.to_be_bytes());
        let check = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&check.to_be_bytes());
        bytes.try_into().expect("the parts of a header fill it")
    }

    /// Reads the header at the beginning of `bytes`, the whole file.
    pub(super) fn decode(file: &Path, bytes: &[u8]) -> Result<Self, VaultFault> {
        let short = || damaged(file, 0, "the file ends within its header");
        let header = bytes.get(..HEADER_BYTES).ok_or_else(short)?;
        let mut rest = check_start(file, header, PEOPLE_MAGIC)?;
        let mode = take_mode(file, &mut rest)?;
        let vault = take(&mut rest).ok_or_else(short)?;
        let rewrite = take(&mut rest).map(u64::from_be_bytes).ok_or_else(short)?;
        Ok(Self { mode, vault, rewrite })
    }
}

/// The bytes of the `secret` file.
pub(super) fn encode_secret(mode: Mode, secret: &[u8; SECRET_BYTES]) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(SECRET_FILE_BYTES));
    put_start(&mut bytes, SECRET_MAGIC, mode);
    bytes.extend_from_slice(secret);
    let check = crc32c::crc32c(&bytes);
    bytes.extend_from_slice(&check.to_be_bytes());
    bytes
}

/// Reads what [`encode_secret`] wrote.
pub(super) fn decode_secret(
    file: &Path,
    bytes: &[u8],
) -> Result<(Mode, Zeroizing<[u8; SECRET_BYTES]>), VaultFault> {
    if bytes.len() != SECRET_FILE_BYTES {
        return Err(damaged(file, 0, "the file does not have the length of a secret"));
    }
    let mut rest = check_start(file, bytes, SECRET_MAGIC)?;
    let mode = take_mode(file, &mut rest)?;
    let (stored, _) = rest
        .split_first_chunk::<SECRET_BYTES>()
        .ok_or_else(|| damaged(file, 16, "the secret is cut short"))?;
    let mut secret = Zeroizing::new([0; SECRET_BYTES]);
    secret.copy_from_slice(stored);
    Ok((mode, secret))
}

/// Magic, version, mode, six zeros: the same sixteen bytes begin both files.
fn put_start(bytes: &mut Vec<u8>, magic: &[u8; 8], mode: Mode) {
    bytes.extend_from_slice(magic);
    bytes.extend_from_slice(&[VERSION, mode.byte(), 0, 0, 0, 0, 0, 0]);
}

/// Checks magic, checksum and version of a fixed block, and returns what follows the version byte.
fn check_start<'a>(file: &Path, block: &'a [u8], magic: &[u8; 8]) -> Result<&'a [u8], VaultFault> {
    let broken = |what| damaged(file, 0, what);
    let rest = block.strip_prefix(magic).ok_or_else(|| broken("this is no vault file of its name"))?;
    let (content, check) = block.split_last_chunk::<CHECK_BYTES>().ok_or_else(|| broken("too short"))?;
    if crc32c::crc32c(content) != u32::from_be_bytes(*check) {
        return Err(broken("the checksum of the first block is wrong"));
    }
    match rest.split_first() {
        Some((&VERSION, rest)) => Ok(rest),
        Some(_) | None => Err(VaultFault::Newer { file: file.to_owned(), offset: 8 }),
    }
}

fn take_mode(file: &Path, rest: &mut &[u8]) -> Result<Mode, VaultFault> {
    let newer = || VaultFault::Newer { file: file.to_owned(), offset: 9 };
    let [mode, reserved @ ..] = take::<7>(rest).ok_or_else(newer)?;
    if reserved != [0; 6] {
        return Err(newer());
    }
    Mode::from_byte(mode).ok_or_else(newer)
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk::<N>()?;
    *rest = left;
    Some(*taken)
}

/// Adds a person's record to `bytes`, which will stand in the file at `place`.
pub(super) fn put_person(bytes: &mut Vec<u8>, place: Place, id: PersonId, key: &Key, tag: &Tag) {
    put(bytes, place, &[&[KIND_PERSON], &id.0, key.bytes(), &tag.0]);
}

/// Adds a tombstone: a person was erased who had this id. It holds neither key nor tag.
pub(super) fn put_tombstone(bytes: &mut Vec<u8>, place: Place, id: PersonId) {
    put(bytes, place, &[&[KIND_TOMBSTONE], &id.0]);
}

/// Where a buffer of records will stand: in which rewriting of the file, and from which byte on.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) rewrite: u64,
    pub(super) start: u64,
}

impl Place {
    fn check(self, at: usize, parts: &[&[u8]]) -> u32 {
        let at = u64::try_from(at).ok().and_then(|at| self.start.checked_add(at));
        let at = at.expect("a vault file is limited to PEOPLE_FILE_BYTES_MAX");
        let placed = crc32c::crc32c_append(crc32c::crc32c(&self.rewrite.to_be_bytes()), &at.to_be_bytes());
        parts.iter().fold(placed, |check, part| crc32c::crc32c_append(check, part))
    }
}

fn put(bytes: &mut Vec<u8>, place: Place, parts: &[&[u8]]) {
    let at = bytes.len();
    let length = parts.iter().map(|part| part.len()).sum::<usize>();
    let length = u32::try_from(length).expect("a record is short").to_be_bytes();
    bytes.extend_from_slice(&length);
    bytes.extend_from_slice(&place.check(at, &[&length]).to_be_bytes());
    for part in parts {
        bytes.extend_from_slice(part);
    }
    bytes.extend_from_slice(&place.check(at, parts).to_be_bytes());
}

/// Reads the records behind the header, in order, and hands each to `keep`.
///
/// Returns the length of the file's sound part. It is less than the file only when the last record was
/// not written to its end; that a length is what was written, its own check says before it is believed.
pub(super) fn read_records(
    file: &Path,
    bytes: &[u8],
    rewrite: u64,
    mut keep: impl FnMut(Record) -> Result<(), &'static str>,
) -> Result<usize, VaultFault> {
    let place = Place { rewrite, start: 0 };
    let mut at = HEADER_BYTES;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let broken = |ahead: usize, what| damaged(file, file_offset(at, ahead), what);
        let Some((prefix, rest)) = rest.split_first_chunk::<PREFIX_BYTES>() else {
            break;
        };
        let (length, check) = prefix.split_at(4);
        if place.check(at, &[length]).to_be_bytes() != *check {
            return Err(broken(0, "the length of a record does not match its check"));
        }
        let length = record_length(length).ok_or_else(|| broken(0, "no record has this length"))?;
        let Some((body, rest)) = rest.split_at_checked(length) else {
            break;
        };
        let Some((check, _)) = rest.split_first_chunk::<CHECK_BYTES>() else {
            break;
        };
        if place.check(at, &[body]).to_be_bytes() != *check {
            return Err(broken(PREFIX_BYTES, "a record does not match its check"));
        }
        let newer = || VaultFault::Newer { file: file.to_owned(), offset: file_offset(at, PREFIX_BYTES) };
        let record = decode_record(body).ok_or_else(newer)?;
        keep(record).map_err(|what| broken(PREFIX_BYTES, what))?;
        at = at.saturating_add(PREFIX_BYTES).saturating_add(length).saturating_add(CHECK_BYTES);
    }
    Ok(at)
}

fn file_offset(at: usize, ahead: usize) -> u64 {
    u64::try_from(at.saturating_add(ahead)).unwrap_or(u64::MAX)
}

fn record_length(bytes: &[u8]) -> Option<usize> {
    usize::try_from(u32::from_be_bytes(bytes.try_into().ok()?)).ok()
}

fn decode_record(mut body: &[u8]) -> Option<Record> {
    let [kind] = take(&mut body)?;
    let id = PersonId(take(&mut body)?);
    let record = match kind {
        KIND_PERSON => {
            let (key, mut rest) = body.split_first_chunk::<KEY_BYTES>()?;
            let tag = Tag(take(&mut rest)?);
            body = rest;
            Record::Person { id, key: Key::from_bytes(key), tag }
        }
        KIND_TOMBSTONE => Record::Tombstone { id },
        _ => return None,
    };
    body.is_empty().then_some(record)
}

//! Decision state: typed tables over ordered bytes, read through one small interface.
//!
//! In tests and in the auditor's memory it is a `BTreeMap`; in production RocksDB with rows not yet written in
//! front of it. Either way the same bytes lie under the same keys, so that two states can be compared by digest.

use crate::{
    values::{CreditCode, Date, ProjectCode, Reference, Sha256Hex, Slug, Treasury},
    wire::Message,
};
use std::{collections::BTreeMap, ops::Bound, sync::Arc};

/// Key and row as bytes.
pub type KeyRow = (Vec<u8>, Arc<[u8]>);

/// What decisions read.
pub trait StateRead {
    /// The row under a key.
    fn row(&self, key: &[u8]) -> Option<Arc<[u8]>>;
    /// The first row whose key begins with `prefix` and is not less than `from`.
    fn first(&self, prefix: &[u8], from: &[u8]) -> Option<KeyRow>;
}

/// What `evolve` writes.
pub trait StateWrite: StateRead {
    /// Puts a row, or removes it.
    fn write(&mut self, key: Vec<u8>, row: Option<Arc<[u8]>>);
    /// This state as something to read from.
    fn as_read(&self) -> &dyn StateRead;
}

/// One kind of row.
pub trait Table {
    /// First byte of every key. Never reused.
    const ID: u8;
    /// Name in reports.
    const NAME: &'static str;
    /// What identifies a row.
    type Key: KeyPart;
    /// The row.
    type Row: Message;
}

/// A part of a key, written so that bytes sort as values do.
pub trait KeyPart {
    /// Appends the bytes.
    fn append(&self, out: &mut Vec<u8>);
}

macro_rules! text_keys {
    ($($name:ty),*) => { $(
        impl KeyPart for $name {
            fn append(&self, out: &mut Vec<u8>) {
                // A zero byte ends a text, so that no text is the beginning of another key.
                out.extend_from_slice(self.as_bytes());
                out.push(0);
            }
        }
    )* };
}
text_keys!(CreditCode, ProjectCode, Reference, Slug, Treasury, String);

impl KeyPart for u64 {
    fn append(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_be_bytes());
    }
}
impl KeyPart for u32 {
    fn append(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_be_bytes());
    }
}
impl KeyPart for Date {
    fn append(&self, out: &mut Vec<u8>) {
        // The sign bit is flipped so that days before 1970 sort first.
        out.extend_from_slice(&(self.days().cast_unsigned() ^ 0x8000_0000).to_be_bytes());
    }
}
impl KeyPart for () {
    fn append(&self, _out: &mut Vec<u8>) {}
}
impl KeyPart for crate::values::CommandId {
    fn append(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
}
impl KeyPart for Sha256Hex {
    fn append(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
}
macro_rules! sequence_keys {
    ($($name:ty),*) => { $(
        impl KeyPart for $name {
            fn append(&self, out: &mut Vec<u8>) {
                self.0.append(out);
            }
        }
    )* };
}
sequence_keys!(crate::ids::AwardId, crate::ids::AttemptId, crate::ids::RecoveryId);

impl<A: KeyPart, B: KeyPart> KeyPart for (A, B) {
    fn append(&self, out: &mut Vec<u8>) {
        self.0.append(out);
        self.1.append(out);
    }
}
impl<A: KeyPart, B: KeyPart, C: KeyPart> KeyPart for (A, B, C) {
    fn append(&self, out: &mut Vec<u8>) {
        self.0.append(out);
        self.1.append(out);
        self.2.append(out);
    }
}

/// The whole key of a row, or a prefix of it.
#[must_use]
pub fn key_of<T: Table>(part: &impl KeyPart) -> Vec<u8> {
    let mut key = Vec::with_capacity(32);
    key.push(T::ID);
    part.append(&mut key);
    key
}

fn parse<T: Table>(bytes: &[u8]) -> T::Row {
    // Invariant: rows are written by `put` alone. A row that does not decode is our bug or a broken disk that
    // its checksums missed; to go on would be worse than to stop.
    T::Row::decode(bytes).unwrap_or_else(|fault| panic!("state table {} is unreadable: {fault}", T::NAME))
}

/// The row under a key.
pub fn get<T: Table>(state: &dyn StateRead, key: &T::Key) -> Option<T::Row> {
    state.row(&key_of::<T>(key)).map(|bytes| parse::<T>(&bytes))
}

/// Whether a row stands under a key.
pub fn has<T: Table>(state: &dyn StateRead, key: &T::Key) -> bool {
    state.row(&key_of::<T>(key)).is_some()
}

/// The first row whose key begins with `prefix` and is not less than `from` (both without the table's byte),
/// with the bytes of its key behind the table's byte.
pub fn first<T: Table>(
    state: &dyn StateRead,
    prefix: &impl KeyPart,
    from: &impl KeyPart,
) -> Option<(Vec<u8>, T::Row)> {
    let (key, bytes) = state.first(&key_of::<T>(prefix), &key_of::<T>(from))?;
    Some((key.get(1..)?.to_vec(), parse::<T>(&bytes)))
}

/// Every row whose key begins with `prefix`, up to `limit`.
pub fn list<T: Table>(state: &dyn StateRead, prefix: &impl KeyPart, limit: usize) -> Vec<(Vec<u8>, T::Row)> {
    let prefix = key_of::<T>(prefix);
    let mut from = prefix.clone();
    let mut rows = Vec::new();
    while rows.len() < limit {
        let Some((key, bytes)) = state.first(&prefix, &from) else {
            break;
        };
        from.clone_from(&key);
        from.push(0);
        rows.push((key.get(1..).unwrap_or_default().to_vec(), parse::<T>(&bytes)));
    }
    rows
}

/// Puts a row.
pub fn put<T: Table>(state: &mut dyn StateWrite, key: &T::Key, row: &T::Row) {
    state.write(key_of::<T>(key), Some(row.encode().into()));
}

/// Removes a row.
pub fn remove<T: Table>(state: &mut dyn StateWrite, key: &T::Key) {
    state.write(key_of::<T>(key), None);
}

/// Changes a row that must be there: an event about something unknown is a bug.
pub fn change<T: Table>(state: &mut dyn StateWrite, key: &T::Key, with: impl FnOnce(&mut T::Row)) {
    let mut row = get::<T>(state.as_read(), key)
        .unwrap_or_else(|| panic!("an event changes a row of {} that does not exist", T::NAME));
    with(&mut row);
    put::<T>(state, key, &row);
}

/// State in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryState {
    rows: BTreeMap<Vec<u8>, Arc<[u8]>>,
}

impl MemoryState {
    /// Every row in key order.
    pub fn rows(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.rows.iter().map(|(key, row)| (key.as_slice(), &**row))
    }
}

impl StateRead for MemoryState {
    fn row(&self, key: &[u8]) -> Option<Arc<[u8]>> {
        self.rows.get(key).cloned()
    }
    fn first(&self, prefix: &[u8], from: &[u8]) -> Option<KeyRow> {
        let start = if from < prefix { prefix } else { from };
        let found = self.rows.range::<[u8], _>((Bound::Included(start), Bound::Unbounded)).next();
        found.filter(|(key, _)| key.starts_with(prefix)).map(|(key, row)| (key.clone(), Arc::clone(row)))
    }
}

impl StateWrite for MemoryState {
    fn write(&mut self, key: Vec<u8>, row: Option<Arc<[u8]>>) {
        match row {
            Some(row) => self.rows.insert(key, row),
            None => self.rows.remove(&key),
        };
    }
    fn as_read(&self) -> &dyn StateRead {
        self
    }
}

/// Changes on top of a state, not yet part of it: what the events of a command would do.
pub struct Draft<'a> {
    base: &'a dyn StateRead,
    rows: BTreeMap<Vec<u8>, Option<Arc<[u8]>>>,
}

impl<'a> Draft<'a> {
    /// Nothing changed yet.
    #[must_use]
    pub fn on(base: &'a dyn StateRead) -> Self {
        Self { base, rows: BTreeMap::new() }
    }
    /// The changed rows in key order; `None` is a removal.
    #[must_use]
    pub fn into_rows(self) -> BTreeMap<Vec<u8>, Option<Arc<[u8]>>> {
        self.rows
    }
}

impl StateRead for Draft<'_> {
    fn row(&self, key: &[u8]) -> Option<Arc<[u8]>> {
        match self.rows.get(key) {
            Some(row) => row.clone(),
            None => self.base.row(key),
        }
    }
    fn first(&self, prefix: &[u8], from: &[u8]) -> Option<KeyRow> {
        first_over(&self.rows, self.base, prefix, from)
    }
}

/// The first row of `changed` laid over `base`.
pub fn first_over(
    changed: &BTreeMap<Vec<u8>, Option<Arc<[u8]>>>,
    base: &dyn StateRead,
    prefix: &[u8],
    from: &[u8],
) -> Option<KeyRow> {
    let start = if from < prefix { prefix } else { from };
    let mut below = base.first(prefix, start);
    // A removed row hides the one below it: look for the next one there.
    while let Some((key, _)) = &below
        && changed.contains_key(key)
    {
        let mut next = key.clone();
        next.push(0);
        below = base.first(prefix, &next);
    }
    let above = changed
        .range::<[u8], _>((Bound::Included(start), Bound::Unbounded))
        .take_while(|(key, _)| key.starts_with(prefix))
        .find_map(|(key, row)| row.as_ref().map(|row| (key.clone(), Arc::clone(row))));
    match (above, below) {
        (Some(above), Some(below)) => Some(if above.0 < below.0 { above } else { below }),
        (above, below) => above.or(below),
    }
}

impl StateWrite for Draft<'_> {
    fn write(&mut self, key: Vec<u8>, row: Option<Arc<[u8]>>) {
        self.rows.insert(key, row);
    }
    fn as_read(&self) -> &dyn StateRead {
        self
    }
}

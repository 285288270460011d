//! The people of the vault in memory and in their journal, in step: what a look-up finds is on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::fault::{VaultFault, damaged, io_fault};
use super::files;
use super::origin::{Key, Origin, Tag};
use super::person::PersonId;
use super::record::{
    HEADER_BYTES, Header, PERSON_BYTES, Place, Record, TOMBSTONE_BYTES, put_person, put_tombstone,
    read_records,
};
use super::{PEOPLE_FILE_BYTES_MAX, PEOPLE_MAX};

/// Index and journal of one open vault.
///
/// Invariant: after a fault in a method that writes, index and disk may differ; the vault latches and
/// nobody asks the index again.
pub(super) struct People {
    by_tag: BTreeMap<Tag, PersonId>,
    keys: BTreeMap<PersonId, Key>,
    erased: BTreeSet<PersonId>,
    header: Header,
    path: PathBuf,
    file: File,
    /// The journal's length; the next record's check knows it.
    end: u64,
    tail_cut: u64,
}

impl People {
    /// Writes an empty journal.
    pub(super) fn create(path: &Path, origin: &Origin) -> Result<(), VaultFault> {
        let header = Header { mode: origin.mode(), vault: origin.vault_id(), rewrite: 0 };
        files::replace(path, &header.encode())
    }

    /// Reads the journal, cuts an incomplete last record, and makes the rest durable.
    pub(super) fn open(path: &Path, origin: &Origin) -> Result<Self, VaultFault> {
        let bytes = files::read_whole(path, PEOPLE_FILE_BYTES_MAX)?;
        let header = Header::decode(path, &bytes)?;
        if header.mode != origin.mode() || header.vault != origin.vault_id() {
            return Err(damaged(path, 9, "the file belongs to another vault"));
        }
        let mut people = Self {
            by_tag: BTreeMap::new(),
            keys: BTreeMap::new(),
            erased: BTreeSet::new(),
            header,
            path: path.to_owned(),
            file: files::open_for_appending(path)?,
            end: 0,
            tail_cut: 0,
        };
        let sound = read_records(path, &bytes, header.rewrite, |record| people.keep(record))?;
        people.end = offset(sound);
        people.tail_cut = offset(bytes.len().saturating_sub(sound));
        people.settle()?;
        Ok(people)
    }

    /// A crash may have left whole records that were written but never synced. They are handed out
    /// from now on, so they must be durable now.
    fn settle(&mut self) -> Result<(), VaultFault> {
        if 0 < self.tail_cut {
            self.file.set_len(self.end).map_err(io_fault(&self.path, "cut the torn tail of"))?;
        }
        self.file.sync_all().map_err(io_fault(&self.path, "sync"))
    }

    fn keep(&mut self, record: Record) -> Result<(), &'static str> {
        match record {
            Record::Person { id, key, tag } => {
                if self.taken(&id) {
                    return Err("a person stands twice in the file");
                }
                if self.by_tag.insert(tag, id).is_some() {
                    return Err("a look-up tag stands twice in the file");
                }
                self.keys.insert(id, key);
            }
            Record::Tombstone { id } => {
                if self.taken(&id) || !self.erased.insert(id) {
                    return Err("an erased person stands twice in the file");
                }
            }
        }
        Ok(())
    }

    /// Bytes of an incomplete last record that opening cut off.
    pub(super) fn tail_cut(&self) -> u64 {
        self.tail_cut
    }

    pub(super) fn find(&self, tag: &Tag) -> Option<PersonId> {
        self.by_tag.get(tag).copied()
    }

    pub(super) fn key(&self, person: &PersonId) -> Option<&Key> {
        self.keys.get(person)
    }

    pub(super) fn was_erased(&self, person: &PersonId) -> bool {
        self.erased.contains(person)
    }

    fn taken(&self, id: &PersonId) -> bool {
        self.keys.contains_key(id) || self.erased.contains(id)
    }

    /// Whether the unknown among `tags` still fit (a tag that stands there twice counts twice).
    pub(super) fn has_room_for(&self, tags: &[Tag]) -> bool {
        let unknown = tags.iter().filter(|tag| !self.by_tag.contains_key(tag)).count();
        let held = self.keys.len().saturating_add(self.erased.len());
        held.saturating_add(unknown) <= PEOPLE_MAX
    }

    /// Finds or makes a person for each tag, and returns once all of them are durable.
    pub(super) fn find_or_create(
        &mut self,
        origin: &Origin,
        tags: &[Tag],
        ids: &mut Vec<PersonId>,
    ) -> Result<(), VaultFault> {
        let unknown = tags.iter().filter(|tag| !self.by_tag.contains_key(tag)).count();
        let place = Place { rewrite: self.header.rewrite, start: self.end };
        let mut bytes = Zeroizing::new(Vec::with_capacity(unknown.saturating_mul(PERSON_BYTES)));
        for tag in tags {
            let id = match self.find(tag) {
                Some(id) => id,
                None => {
                    let (id, key) = origin.person(tag, |id| self.taken(id))?;
                    put_person(&mut bytes, place, id, &key, tag);
                    self.by_tag.insert(*tag, id);
                    self.keys.insert(id, key);
                    id
                }
            };
            ids.push(id);
        }
        self.append(&bytes)
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), VaultFault> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.file.write_all(bytes).map_err(io_fault(&self.path, "write"))?;
        self.file.sync_data().map_err(io_fault(&self.path, "sync"))?;
        self.end = self.end.saturating_add(offset(bytes.len()));
        Ok(())
    }

    /// Forgets a person's key and tag, and rewrites the file that held them.
    pub(super) fn erase(&mut self, person: PersonId) -> Result<(), VaultFault> {
        self.keys.remove(&person);
        self.by_tag.retain(|_, held| *held != person);
        self.erased.insert(person);
        self.header.rewrite = self.header.rewrite.saturating_add(1);
        let bytes = self.whole_file();
        files::replace_and_wipe(&self.path, &bytes)?;
        self.file = files::open_for_appending(&self.path)?;
        self.end = offset(bytes.len());
        Ok(())
    }

    /// The file as it is to be: tombstones by id, then people by tag. Neither order tells when anyone
    /// came or went.
    fn whole_file(&self) -> Zeroizing<Vec<u8>> {
        let people = self.by_tag.len().saturating_mul(PERSON_BYTES);
        let tombstones = self.erased.len().saturating_mul(TOMBSTONE_BYTES);
        let length = HEADER_BYTES.saturating_add(people).saturating_add(tombstones);
        let mut bytes = Zeroizing::new(Vec::with_capacity(length));
        let place = Place { rewrite: self.header.rewrite, start: 0 };
        bytes.extend_from_slice(&self.header.encode());
        for id in &self.erased {
            put_tombstone(&mut bytes, place, *id);
        }
        for (tag, id) in &self.by_tag {
            let key = self.keys.get(id).expect("every tag leads to a person with a key");
            put_person(&mut bytes, place, *id, key, tag);
        }
        bytes
    }

    /// Makes every further write fail, as a full disk does.
    #[cfg(test)]
    pub(super) fn break_disk(&mut self) {
        self.file = files::open_for_appending(Path::new("/dev/full")).unwrap();
    }
}

fn offset(length: usize) -> u64 {
    u64::try_from(length).expect("a file's length fits 64 bits")
}

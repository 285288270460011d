//! The vault: keeps the keys of personal data apart from the log, so that destroying a key erases a person.
//!
//! Log and state carry a personal field only as [`SealedBytes`]: a pseudonym and a ciphertext. The vault
//! knows which pseudonym belongs to whom (as an HMAC, never in clear) and holds one key per person.
//! A person is found or made *before* the batch that uses the key, in one synced step; a key that no
//! batch ever used does no harm. Sealing is deterministic, so a retried command has the same bytes.
//!
//! The vault does not know what a grant is, and it does not decide who may be erased, or when.
//! The files are described byte by byte in `docs/reference/vault-format.md`.
//!
//! What it does not promise: buffers inside the cipher and hash crates are wiped only as far as these
//! crates wipe them, and a whole-record loss at the end of the journal (a disk that forgets synced bytes)
//! shows only when a person of the log turns out to be unknown.

mod fault; // what can go wrong
mod files; // files as files
mod origin; // tags, ids and keys
mod people; // index and journal
mod person; // who is asked about
mod record; // bytes of the files
mod seal; // one text

#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

pub use fault::{VaultError, VaultFault, VaultRefusal};
pub use person::{PersonId, SealedBytes, Who, WhoError};

use origin::{Key, Origin, Tag};
use people::People;

/// People and tombstones of one vault. Bounds memory and the length of the journal.
pub const PEOPLE_MAX: usize = 2_000_000;
/// New people that share one write and one sync; a longer list is several steps.
pub const PEOPLE_PER_STEP_MAX: usize = 16_384;
/// Bytes (UTF-8) of an identity number, enterprise code, role or name.
pub const PART_BYTES_MAX: usize = 256;
/// Bytes (UTF-8) of one sealed text.
pub const PLAIN_BYTES_MAX: usize = 4_095;
/// Bytes of a field name.
pub const FIELD_BYTES_MAX: usize = 64;
/// Bytes of the seed of a simulated vault.
pub const SEED_BYTES: usize = 32;

/// What [`PEOPLE_MAX`] people take, with one step that was written but not answered.
const PEOPLE_FILE_BYTES_MAX: u64 = 256_000_000;
/// More than any version's `secret` file has.
const SECRET_FILE_BYTES_MAX: u64 = 4_096;
const SECRET: &str = "secret";
const PEOPLE: &str = "people";

/// Whether the keys of a vault are secrets or follow from a seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Secret, ids and keys are random.
    Real,
    /// Secret, ids and keys derive from a seed: the same commands give the same bytes, and nothing is
    /// safe from whoever knows the seed. A real ledger must refuse such a vault.
    Simulated,
}

impl Mode {
    fn byte(self) -> u8 {
        match self {
            Self::Real => 1,
            Self::Simulated => 2,
        }
    }

    fn from_byte(byte: u8) -> Option<Self> {
        [Self::Real, Self::Simulated].into_iter().find(|mode| mode.byte() == byte)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Real => "a real vault",
            Self::Simulated => "a simulated vault",
        })
    }
}

/// What an erasure found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// The key was there and is gone now.
    Now,
    /// It was erased before; nothing was changed.
    Before,
}

/// An open vault. It may be shared by threads; its lock is held until it is dropped.
pub struct Vault {
    dir: PathBuf,
    origin: Origin,
    inner: Mutex<Inner>,
    _lock: File,
}

struct Inner {
    people: People,
    /// Invariant: once true, no operation looks at `people` again.
    latched: bool,
}

impl Vault {
    /// Makes a new real vault in `dir`, whose parent must exist, and opens it.
    ///
    /// A crash in the middle leaves nothing that a second `create` would not take over.
    ///
    /// # Errors
    /// [`VaultFault::Exists`] where a vault stands, [`VaultFault::Missing`] where people stand without
    /// their secret, and faults of the disk.
    pub fn create(dir: &Path) -> Result<Self, VaultFault> {
        files::make_directory(dir)?;
        let lock = files::take_lock(dir)?;
        if files::stands(&dir.join(SECRET))? {
            return Err(VaultFault::Exists { dir: dir.to_owned() });
        }
        let origin = Origin::random()?;
        lay(dir, &origin)?;
        Self::load(dir, lock, origin)
    }

    /// Opens the real vault in `dir`.
    ///
    /// # Errors
    /// [`VaultFault::WrongMode`] for a simulated vault, [`VaultFault::InUse`], [`VaultFault::Missing`],
    /// [`VaultFault::Damaged`] with file and offset, and faults of the disk.
    pub fn open(dir: &Path) -> Result<Self, VaultFault> {
        let path = dir.join(SECRET);
        if !files::stands(&path)? {
            return Err(VaultFault::Missing { file: path });
        }
        let lock = files::take_lock(dir)?;
        let origin = Origin::stored(read_secret(dir, Mode::Real)?);
        Self::load(dir, lock, origin)
    }

    /// Opens the simulated vault in `dir`, or makes it when none stands there.
    ///
    /// # Errors
    /// [`VaultFault::WrongMode`] for a real vault, [`VaultFault::OtherSeed`], and as [`Vault::open`].
    pub fn simulated(dir: &Path, seed: [u8; SEED_BYTES]) -> Result<Self, VaultFault> {
        files::make_directory(dir)?;
        let lock = files::take_lock(dir)?;
        let origin = Origin::seeded(seed);
        if !files::stands(&dir.join(SECRET))? {
            lay(dir, &origin)?;
        } else if *read_secret(dir, Mode::Simulated)? != *origin.secret() {
            return Err(VaultFault::OtherSeed { dir: dir.to_owned() });
        }
        Self::load(dir, lock, origin)
    }

    fn load(dir: &Path, lock: File, origin: Origin) -> Result<Self, VaultFault> {
        wipe_leftovers(dir)?;
        let people = People::open(&dir.join(PEOPLE), &origin)?;
        files::sync_directory(dir)?;
        let inner = Mutex::new(Inner { people, latched: false });
        Ok(Self { dir: dir.to_owned(), origin, inner, _lock: lock })
    }

    /// Real or simulated, as marked in the files. A real ledger must check it.
    pub fn mode(&self) -> Mode {
        self.origin.mode()
    }

    /// Bytes of an incomplete last record that opening cut off; usually 0. Nobody was ever told of the
    /// person it was to hold.
    ///
    /// # Errors
    /// [`VaultFault::Latched`].
    pub fn tail_cut(&self) -> Result<u64, VaultFault> {
        Ok(self.inner()?.people.tail_cut())
    }

    /// The person, if the vault knows them. Writes nothing.
    ///
    /// # Errors
    /// [`VaultFault::Latched`].
    pub fn find(&self, who: Who<'_>) -> Result<Option<PersonId>, VaultFault> {
        let tag = self.origin.tag(&who);
        Ok(self.inner()?.people.find(&tag))
    }

    /// The person, made with a key of their own if the vault did not know them; durable on return.
    ///
    /// # Errors
    /// [`VaultFault::Full`], [`VaultFault::Latched`], and faults of the disk, which latch.
    pub fn find_or_create(&self, who: Who<'_>) -> Result<PersonId, VaultFault> {
        let ids = self.find_or_create_all(&[who])?;
        Ok(*ids.first().expect("one person was asked for"))
    }

    /// As [`Vault::find_or_create`] for a list, in its order, with one sync for up to
    /// [`PEOPLE_PER_STEP_MAX`] people. After a fault some of them may stand in the vault.
    ///
    /// # Errors
    /// As [`Vault::find_or_create`].
    pub fn find_or_create_all(&self, people: &[Who<'_>]) -> Result<Vec<PersonId>, VaultFault> {
        let tags: Vec<Tag> = people.iter().map(|who| self.origin.tag(who)).collect();
        let mut ids = Vec::with_capacity(tags.len());
        let mut inner = self.inner()?;
        for step in tags.chunks(PEOPLE_PER_STEP_MAX) {
            if !inner.people.has_room_for(step) {
                return Err(VaultFault::Full);
            }
            inner.write(|people| people.find_or_create(&self.origin, step, &mut ids))?;
        }
        Ok(ids)
    }

    /// Seals a text for a field of this person. The same call gives the same bytes for ever.
    ///
    /// # Errors
    /// A [`VaultRefusal`] for an unknown or erased person, a text or a field name that is too long.
    pub fn seal(&self, person: PersonId, field: &str, plain: &str) -> Result<SealedBytes, VaultError> {
        let key = self.key(&person)?.ok_or(VaultRefusal::PersonErased)?;
        Ok(SealedBytes { person, bytes: seal::seal(&key, field, plain)? })
    }

    /// Opens a seal of this field; `None` when the person's key was erased.
    ///
    /// # Errors
    /// [`VaultRefusal::NotThisSeal`] for another field or altered bytes, [`VaultRefusal::PersonUnknown`]
    /// for a person of another vault or of a vault older than the log.
    pub fn unseal(&self, sealed: &SealedBytes, field: &str) -> Result<Option<String>, VaultError> {
        let Some(key) = self.key(&sealed.person)? else {
            return Ok(None);
        };
        Ok(Some(seal::unseal(&key, field, &sealed.bytes)?))
    }

    /// Destroys the person's key and look-up tag: when this returns, no file of the vault holds them.
    ///
    /// What was sealed stays sealed for ever. A tombstone with the bare id remains, so that the id is
    /// never given again: the same human being, registered later, is a new person without a past.
    /// Backups of the vault are under the same duty, and a restored one must be erased again.
    ///
    /// # Errors
    /// [`VaultRefusal::PersonUnknown`], [`VaultFault::Latched`], and faults of the disk, which latch;
    /// the erasure is then done, or not done, or wiped at the next opening: ask again.
    pub fn erase(&self, person: PersonId) -> Result<Erased, VaultError> {
        let mut inner = self.inner()?;
        if inner.people.was_erased(&person) {
            return Ok(Erased::Before);
        }
        if inner.people.key(&person).is_none() {
            return Err(VaultRefusal::PersonUnknown.into());
        }
        inner.write(|people| people.erase(person))?;
        Ok(Erased::Now)
    }

    /// A copy of the person's key, `None` when it was erased. Copied, because sealing needs no turn and
    /// other doors are waiting.
    fn key(&self, person: &PersonId) -> Result<Option<Key>, VaultError> {
        let inner = self.inner()?;
        match inner.people.key(person) {
            Some(key) => Ok(Some(key.copy())),
            None if inner.people.was_erased(person) => Ok(None),
            None => Err(VaultRefusal::PersonUnknown.into()),
        }
    }

    fn inner(&self) -> Result<MutexGuard<'_, Inner>, VaultFault> {
        let inner = self.inner.lock().map_err(|_| VaultFault::Latched)?;
        if inner.latched { Err(VaultFault::Latched) } else { Ok(inner) }
    }
}

impl Inner {
    /// Runs a step that writes; a fault in it is the last thing this vault does.
    fn write(&mut self, step: impl FnOnce(&mut People) -> Result<(), VaultFault>) -> Result<(), VaultFault> {
        let done = step(&mut self.people);
        self.latched = done.is_err();
        done
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({}, {})", self.dir.display(), self.mode())
    }
}

/// Writes the files of a new vault; the secret comes last and makes it one.
fn lay(dir: &Path, origin: &Origin) -> Result<(), VaultFault> {
    wipe_leftovers(dir)?;
    let (secret, people) = (dir.join(SECRET), dir.join(PEOPLE));
    // An interrupted creation leaves a journal without records. Records without a secret are a loss.
    if files::stands(&people)?
        && files::read_whole(&people, PEOPLE_FILE_BYTES_MAX)?.len() != record::HEADER_BYTES
    {
        return Err(VaultFault::Missing { file: secret });
    }
    People::create(&people, origin)?;
    files::replace(&secret, &record::encode_secret(origin.mode(), origin.secret()))
}

/// Wipes what a crash left of a replacement: drafts that never took their place, and old files that
/// lost it.
fn wipe_leftovers(dir: &Path) -> Result<(), VaultFault> {
    for name in [SECRET, PEOPLE] {
        let path = dir.join(name);
        files::wipe(&files::draft_of(&path))?;
        files::wipe(&files::old_of(&path))?;
    }
    Ok(())
}

fn read_secret(
    dir: &Path,
    wanted: Mode,
) -> Result<zeroize::Zeroizing<[u8; origin::SECRET_BYTES]>, VaultFault> {
    let path = dir.join(SECRET);
    let bytes = files::read_whole(&path, SECRET_FILE_BYTES_MAX)?;
    let (found, secret) = record::decode_secret(&path, &bytes)?;
    if found != wanted {
        return Err(VaultFault::WrongMode { dir: dir.to_owned(), found, wanted });
    }
    Ok(secret)
}

//! The vault's files as files: private, replaced whole, wiped before they are let go.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::fault::{VaultFault, damaged, io_fault};

const LOCK: &str = "lock";
const DIRECTORY_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;
/// How many zeros one write lays over an old file.
const WIPE_BYTES: usize = 65_536;

/// Makes the directory if it is not there, and makes it private either way.
///
/// The parent must exist; its entry for the directory is made durable.
pub(super) fn make_directory(dir: &Path) -> Result<(), VaultFault> {
    match DirBuilder::new().mode(DIRECTORY_MODE).create(dir) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists && dir.is_dir() => {}
        Err(error) => return Err(io_fault(dir, "make the directory")(error)),
    }
    make_private(dir, DIRECTORY_MODE)?;
    let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty());
    sync_directory(parent.unwrap_or(Path::new(".")))
}

/// Takes away every right of group and others; a restored backup often brings some.
pub(super) fn make_private(path: &Path, mode: u32) -> Result<(), VaultFault> {
    let found = fs::metadata(path).map_err(io_fault(path, "look at"))?;
    if found.mode() & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(path, Permissions::from_mode(mode)).map_err(io_fault(path, "make private"))
}

/// Takes the lock for as long as the returned file lives. The kernel frees it when the process ends,
/// so a crash leaves no stale lock.
pub(super) fn take_lock(dir: &Path) -> Result<File, VaultFault> {
    make_private(dir, DIRECTORY_MODE)?;
    let path = dir.join(LOCK);
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(FILE_MODE)
        .open(&path)
        .map_err(io_fault(&path, "open"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(VaultFault::InUse { dir: dir.to_owned() }),
        Err(TryLockError::Error(error)) => Err(io_fault(&path, "lock")(error)),
    }
}

/// Whether the file is there.
pub(super) fn stands(path: &Path) -> Result<bool, VaultFault> {
    path.try_exists().map_err(io_fault(path, "look for"))
}

/// Reads a whole file of at most `bytes_max` bytes into memory that wipes itself.
pub(super) fn read_whole(path: &Path, bytes_max: u64) -> Result<Zeroizing<Vec<u8>>, VaultFault> {
    if !stands(path)? {
        return Err(VaultFault::Missing { file: path.to_owned() });
    }
    let mut file = File::open(path).map_err(io_fault(path, "open"))?;
    make_private(path, FILE_MODE)?;
    let length = file.metadata().map_err(io_fault(path, "look at"))?.len();
    if bytes_max < length {
        return Err(damaged(path, bytes_max, "the file is longer than a vault can be"));
    }
    let length =
        usize::try_from(length).map_err(|_| damaged(path, 0, "the file does not fit into memory"))?;
    // Exactly sized and never grown: growing would leave copies of keys in freed memory.
    let mut bytes = Zeroizing::new(vec![0; length]);
    file.read_exact(&mut bytes).map_err(io_fault(path, "read"))?;
    Ok(bytes)
}

/// Opens a file to which records are added at the end.
pub(super) fn open_for_appending(path: &Path) -> Result<File, VaultFault> {
    OpenOptions::new().append(true).open(path).map_err(io_fault(path, "open"))
}

/// The name under which a file is written before it takes its place.
pub(super) fn draft_of(path: &Path) -> PathBuf {
    path.with_extension("new")
}

/// The second name an old file keeps until its bytes are wiped.
pub(super) fn old_of(path: &Path) -> PathBuf {
    path.with_extension("old")
}

/// Puts `bytes` in the place of `path`: after a crash either the old file stands there or the new one.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), VaultFault> {
    let draft = draft_of(path);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(FILE_MODE)
        .open(&draft)
        .map_err(io_fault(&draft, "make"))?;
    file.write_all(bytes).map_err(io_fault(&draft, "write"))?;
    file.sync_all().map_err(io_fault(&draft, "sync"))?;
    fs::rename(&draft, path).map_err(io_fault(path, "replace"))?;
    sync_directory_of(path)
}

/// As [`replace`], and then the old file's bytes are overwritten before its name goes.
///
/// The old file keeps a second name until then, so that a crash in between leaves something to wipe
/// at the next opening instead of bytes that no name leads to.
pub(super) fn replace_and_wipe(path: &Path, bytes: &[u8]) -> Result<(), VaultFault> {
    let old = old_of(path);
    fs::hard_link(path, &old).map_err(io_fault(&old, "link"))?;
    replace(path, bytes)?;
    wipe(&old)
}

/// Overwrites the file with zeros and removes it; nothing to do where there is none.
///
/// A file with a second name is only unlinked: the other name is the living journal (a crash came
/// before the new one took its place), or a hard-linked backup whose keeper must erase it as a backup.
pub(super) fn wipe(path: &Path) -> Result<(), VaultFault> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(io_fault(path, "look at")(error)),
    };
    if found.nlink() == 1 {
        overwrite(path, found.len())?;
    }
    fs::remove_file(path).map_err(io_fault(path, "remove"))?;
    sync_directory_of(path)
}

fn overwrite(path: &Path, length: u64) -> Result<(), VaultFault> {
    let mut file = OpenOptions::new().write(true).open(path).map_err(io_fault(path, "open"))?;
    let zeros = [0; WIPE_BYTES];
    let mut left = usize::try_from(length).unwrap_or(usize::MAX);
    while 0 < left {
        let (now, _) = zeros.split_at(left.min(WIPE_BYTES));
        file.write_all(now).map_err(io_fault(path, "wipe"))?;
        left = left.saturating_sub(now.len());
    }
    file.sync_all().map_err(io_fault(path, "sync"))
}

fn sync_directory_of(path: &Path) -> Result<(), VaultFault> {
    path.parent().map_or(Ok(()), sync_directory)
}

pub(super) fn sync_directory(dir: &Path) -> Result<(), VaultFault> {
    File::open(dir).and_then(|file| file.sync_all()).map_err(io_fault(dir, "sync the directory"))
}

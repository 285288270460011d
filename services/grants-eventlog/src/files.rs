//! Writes a file so that its name only ever shows whole content.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Whether the bytes have to survive a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durable {
    /// Synced before the name appears, and the name synced too.
    Yes,
    /// Derived bytes, which are verified when read and can be made again.
    No,
}

/// Writes `bytes` under another name in the same folder and then renames it to `path`.
///
/// # Errors
/// The disk failed. The file is the old one or the new one.
pub fn write_whole(path: &Path, bytes: &[u8], durable: Durable) -> io::Result<()> {
    let folder = parent(path)?;
    let temporary = temporary_name(path);
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    if durable == Durable::Yes {
        file.sync_all()?;
    }
    drop(file);
    fs::rename(&temporary, path)?;
    if durable == Durable::Yes {
        sync_folder(folder)?;
    }
    Ok(())
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Takes the lock of a folder, for as long as the file is open; nothing if another process, or another part of this one,
/// has it.
///
/// # Errors
/// The file and its path.
pub fn lock_folder(folder: &Path) -> Result<Option<File>, (PathBuf, io::Error)> {
    let path = folder.join("lock");
    let open = File::options().create(true).truncate(false).write(true).open(&path);
    let lock = open.map_err(|cause| (path.clone(), cause))?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(cause)) => Err((path, cause)),
    }
}

/// Reads a small file, or nothing when there is none.
///
/// # Errors
/// The file is longer than `bytes_max`, or cannot be read.
pub(crate) fn read_small(path: &Path, bytes_max: u64) -> io::Result<Option<Vec<u8>>> {
    use io::Read;
    let file = match File::open(path) {
        Ok(file) => file,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(fault),
    };
    let mut bytes = Vec::new();
    file.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes_max < crate::wire::wide(bytes.len()) {
        return Err(io::Error::other(format!("{} is longer than {bytes_max} bytes", path.display())));
    }
    Ok(Some(bytes))
}

/// The folder that a file is in.
pub(crate) fn parent(path: &Path) -> io::Result<&Path> {
    match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => Ok(Path::new(".")),
        Some(folder) => Ok(folder),
        None => Err(io::Error::other(format!("{} is not in a folder", path.display()))),
    }
}

fn temporary_name(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

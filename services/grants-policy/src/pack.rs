//! Files to bytes and back: the artifact that is hashed, recorded in the log and compiled from there.
//!
//! ```text
//! grants-catalogue/1
//! documents/2024-15.toml 1234
//! …1234 bytes…
//! measures/E4.1.toml 5678
//! …
//! ```
//! Paths ascend, so the same files give the same bytes everywhere; whatever unpacks packs to the very same bytes.

use std::collections::BTreeMap;
use thiserror::Error;

/// First line of every packed catalogue.
const MAGIC: &str = "grants-catalogue/1\n";
/// Most files of one catalogue.
pub const CATALOGUE_FILES_MAX: usize = 400;
/// Most bytes of one packed catalogue.
pub const CATALOGUE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Longest path of a file.
pub const PATH_BYTES_MAX: usize = 120;

/// Why bytes are not a packed catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PackError {
    /// The first line is another one.
    #[error("the bytes do not begin with {}", MAGIC.trim())]
    Magic,
    /// More than `CATALOGUE_BYTES_MAX` bytes or `CATALOGUE_FILES_MAX` files.
    #[error("the catalogue is larger than {CATALOGUE_BYTES_MAX} bytes or {CATALOGUE_FILES_MAX} files")]
    TooLarge,
    /// A file's line is not a path and a length, or paths do not ascend.
    #[error("behind {after:?}: a path and a length were expected, in ascending order")]
    Heading {
        /// The last path that could be read.
        after: String,
    },
    /// A file ends early or is not UTF-8.
    #[error("{path} ends early or is not UTF-8")]
    Content {
        /// Its path.
        path: String,
    },
}

/// The bytes of a set of files.
#[must_use]
pub fn pack(files: &BTreeMap<String, String>) -> Vec<u8> {
    let mut bytes = MAGIC.as_bytes().to_vec();
    for (path, text) in files {
        bytes.extend_from_slice(format!("{path} {}\n", text.len()).as_bytes());
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(b'\n');
    }
    bytes
}

/// The files of packed bytes.
///
/// # Errors
/// See [`PackError`].
pub fn unpack(bytes: &[u8]) -> Result<BTreeMap<String, String>, PackError> {
    if CATALOGUE_BYTES_MAX < bytes.len() {
        return Err(PackError::TooLarge);
    }
    let mut rest = bytes.strip_prefix(MAGIC.as_bytes()).ok_or(PackError::Magic)?;
    let mut files = BTreeMap::new();
    let mut after = String::new();
    while !rest.is_empty() {
        let (path, length, behind) = heading(rest, &after)?;
        let missing = || PackError::Content { path: path.clone() };
        let text =
            behind.get(..length).and_then(|text| std::str::from_utf8(text).ok()).ok_or_else(missing)?;
        rest = behind.get(length..).and_then(|rest| rest.strip_prefix(b"\n")).ok_or_else(missing)?;
        files.insert(path.clone(), text.to_owned());
        after = path;
        if CATALOGUE_FILES_MAX < files.len() {
            return Err(PackError::TooLarge);
        }
    }
    Ok(files)
}

fn heading<'a>(rest: &'a [u8], after: &str) -> Result<(String, usize, &'a [u8]), PackError> {
    let bad = || PackError::Heading { after: after.to_owned() };
    let end = rest.iter().take(PATH_BYTES_MAX + 24).position(|byte| *byte == b'\n').ok_or_else(bad)?;
    let (line, behind) = (rest.get(..end).ok_or_else(bad)?, rest.get(end + 1..).ok_or_else(bad)?);
    let line = std::str::from_utf8(line).map_err(|_| bad())?;
    let (path, digits) = line.rsplit_once(' ').ok_or_else(bad)?;
    let length: usize = digits.parse().map_err(|_| bad())?;
    // One text per length, so that the bytes of a catalogue are unique.
    let sound = is_path(path) && after < path && length.to_string() == digits;
    sound.then(|| (path.to_owned(), length, behind)).ok_or_else(bad)
}

/// Whether a path may name a file of a catalogue.
#[must_use]
pub fn is_path(path: &str) -> bool {
    let letters = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"./-_".contains(&byte));
    letters
        && !path.is_empty()
        && path.len() <= PATH_BYTES_MAX
        && !path.starts_with('/')
        && !path.contains("..")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> BTreeMap<String, String> {
        let entries = [("b.toml", "x = 1\n\nc.toml 3\n"), ("a/empty.toml", "")];
        let mut files: BTreeMap<String, String> =
            entries.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
        files.insert("measures/E4.1.toml".to_owned(), "标题 = \"补贴\"\n".to_owned());
        files
    }

    #[test]
    fn packing_is_undone_and_unique() {
        let bytes = pack(&files());
        assert_eq!(unpack(&bytes).unwrap(), files());
        assert_eq!(pack(&unpack(&bytes).unwrap()), bytes);
    }

    #[test]
    fn broken_bytes_say_where() {
        let bytes = pack(&files());
        assert_eq!(unpack(b"other"), Err(PackError::Magic));
        assert!(
            matches!(unpack(&bytes[..bytes.len() - 2]), Err(PackError::Content { path }) if path == "measures/E4.1.toml")
        );
        let swapped = b"grants-catalogue/1\nb 0\n\na 0\n\n";
        assert_eq!(unpack(swapped), Err(PackError::Heading { after: "b".to_owned() }));
        assert!(matches!(unpack(b"grants-catalogue/1\na 00\n\n"), Err(PackError::Heading { .. })));
        assert!(matches!(unpack(b"grants-catalogue/1\n../a 0\n\n"), Err(PackError::Heading { .. })));
    }
}

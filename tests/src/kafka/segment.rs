//! The file of a partition on a broker's disk, to lose its tail as a power cut does.

use std::{
    fs::{self, OpenOptions},
    path::Path,
};

/// Base offset and length stand before every batch of records, and its length counts what follows both.
const PREFIX_BYTES: usize = 12;

/// Cuts a partition's folder so that it ends before the record at `offset`. Its broker must not run.
///
/// # Panics
/// The folder is not one of a partition, or `offset` is in the middle of a batch of records or behind the end.
pub(super) fn cut(folder: &Path, offset: u64) {
    let path = folder.join("00000000000000000000.log");
    let bytes = fs::read(&path).expect("the first segment of a partition");
    let place = place_of(&bytes, offset).expect("the record is there");
    let file = OpenOptions::new().write(true).open(&path).expect("the file is ours");
    file.set_len(u64::try_from(place).expect("a small file")).expect("the file is ours");
    // The broker makes these anew. What they say of the lost records would be wrong.
    for entry in fs::read_dir(folder).expect("the folder is ours") {
        let path = entry.expect("the folder is ours").path();
        let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        if ["index", "timeindex", "snapshot"].contains(&kind) {
            fs::remove_file(path).expect("the file is ours");
        }
    }
}

/// Where the batch of records begins that begins with `offset`.
fn place_of(bytes: &[u8], offset: u64) -> Option<usize> {
    let mut place = 0;
    loop {
        let prefix = bytes.get(place..place + PREFIX_BYTES)?;
        let (base, length) = prefix.split_at(8);
        if u64::from_be_bytes(base.try_into().ok()?) == offset {
            return Some(place);
        }
        place += PREFIX_BYTES + usize::try_from(u32::from_be_bytes(length.try_into().ok()?)).ok()?;
    }
}

#[cfg(test)]
mod tests {
    use super::place_of;

    #[test]
    fn a_record_is_found_by_its_offset() {
        let batch = |offset: u64, body: &[u8]| {
            let length = u32::try_from(body.len()).unwrap();
            [&offset.to_be_bytes()[..], &length.to_be_bytes()[..], body].concat()
        };
        let bytes = [batch(0, b"abc"), batch(1, b""), batch(2, b"de")].concat();
        let places = [0, 1, 2, 3].map(|offset| place_of(&bytes, offset));
        assert_eq!(places, [Some(0), Some(15), Some(27), None]);
    }
}

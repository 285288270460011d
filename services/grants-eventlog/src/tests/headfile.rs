//! The head file survives a torn write, and its keeper never goes back.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::sample::batches;
use crate::headfile::{Found, HeadFile, HeadFileError, HeadKeeper, SLOT_BYTES, Vouched};

/// Vouches for one, two, three, … batches.
fn ladder(steps: usize) -> Vec<Vouched> {
    let contents: Vec<&[&[u8]]> = vec![&[b"event"]; steps];
    batches(&contents).iter().map(|batch| Vouched::from(batch.head_after())).collect()
}

fn written(path: &Path, steps: &[Vouched]) -> HeadFile {
    let mut file = HeadFile::create(path, &steps[0]).unwrap();
    for step in &steps[1..] {
        file.write(step).unwrap();
    }
    file
}

#[test]
fn the_newest_slot_counts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("head");
    assert_eq!(HeadFile::read(&path).unwrap(), Found::Nothing);
    let steps = ladder(5);
    for count in 1..=steps.len() {
        written(&path, &steps[..count]);
        assert_eq!(HeadFile::read(&path).unwrap(), Found::Slot(steps[count - 1]));
    }
    // A file that was opened again goes on with the other slot.
    let mut file = HeadFile::open(&path).unwrap();
    file.write(&steps[1]).unwrap();
    assert_eq!(HeadFile::read(&path).unwrap(), Found::Slot(steps[1]));
}

#[test]
fn a_slot_torn_anywhere_leaves_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("head");
    let steps = ladder(3);
    for count in 2..=steps.len() {
        written(&path, &steps[..count - 1]);
        let before = fs::read(&path).unwrap();
        written(&path, &steps[..count]);
        let after = fs::read(&path).unwrap();
        let slot = (count - 1) % 2 * SLOT_BYTES;
        for torn in [1, 8, 100, 512, SLOT_BYTES - 4, SLOT_BYTES - 1] {
            let mut bytes = before.clone();
            bytes[slot..slot + torn].copy_from_slice(&after[slot..slot + torn]);
            fs::write(&path, &bytes).unwrap();
            let expected = if bytes == after { steps[count - 1] } else { steps[count - 2] };
            assert_eq!(HeadFile::read(&path).unwrap(), Found::Slot(expected), "torn after {torn} bytes");
        }
    }
}

#[test]
fn a_file_without_a_whole_slot_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("head");
    for bytes in [vec![], vec![0; 10], vec![0; SLOT_BYTES], vec![0xff; 2 * SLOT_BYTES]] {
        fs::write(&path, &bytes).unwrap();
        assert_eq!(HeadFile::read(&path).unwrap(), Found::Unreadable);
        assert!(HeadFile::open(&path).is_err());
    }
}

#[test]
fn a_newer_format_stops_an_older_program() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("head");
    written(&path, &ladder(1));
    let mut bytes = fs::read(&path).unwrap();
    bytes[4] = 2;
    let crc = crc32c::crc32c(&bytes[..SLOT_BYTES - 4]);
    bytes[SLOT_BYTES - 4..SLOT_BYTES].copy_from_slice(&crc.to_be_bytes());
    fs::write(&path, &bytes).unwrap();
    assert!(matches!(HeadFile::read(&path), Err(HeadFileError::UnknownVersion(2))));
}

#[test]
fn the_keeper_writes_the_latest_and_never_goes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("head");
    let steps = ladder(200);
    let keeper = HeadKeeper::start(HeadFile::create(&path, &steps[0]).unwrap(), steps[0]).unwrap();
    for step in &steps {
        keeper.vouch(*step);
        assert!(keeper.vouched().next_batch <= step.next_batch);
    }
    assert_eq!(keeper.settle().unwrap(), steps[200]);
    keeper.vouch(steps[7]);
    assert_eq!(keeper.close().unwrap(), steps[200]);
    assert_eq!(keeper.close().unwrap(), steps[200], "closing twice is the same as once");
    assert_eq!(HeadFile::read(&path).unwrap(), Found::Slot(steps[200]));
}

#[test]
fn closing_writes_what_is_still_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("head");
    let steps = ladder(3);
    let keeper = HeadKeeper::start(HeadFile::create(&path, &steps[0]).unwrap(), steps[0]).unwrap();
    keeper.vouch(steps[3]);
    keeper.close().unwrap();
    assert_eq!(HeadFile::read(&path).unwrap(), Found::Slot(steps[3]));
}

proptest! {
    #[test]
    fn a_flipped_bit_never_gives_a_wrong_slot(place in 0_usize..2 * SLOT_BYTES, bit in 0_usize..8) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("head");
        let steps = ladder(2);
        written(&path, &steps[..2]);
        let mut bytes = fs::read(&path).unwrap();
        bytes[place] ^= 1 << bit;
        fs::write(&path, &bytes).unwrap();
        let newest_is_hit = SLOT_BYTES <= place;
        let expected = if newest_is_hit { steps[0] } else { steps[1] };
        prop_assert_eq!(HeadFile::read(&path).unwrap(), Found::Slot(expected));
    }
}

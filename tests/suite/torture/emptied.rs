//! What is derived can be deleted: the next process makes it again, and it is the same.

use crate::{
    house::{self, scratch},
    story::Story,
};
use grants_domain::values::Sha256Hex;
use grants_tests::seed::Seed;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fs, path::Path};

/// Applications of the story: together some 300 events, so that there is a full tile.
const APPLICATIONS: u32 = 90;

#[test]
fn deleted_state_and_tiles_come_back_identical() {
    let number = Seed::of_run(0xe4b7);
    println!("GRANTS_SEED={number}");
    let story = Story::of(APPLICATIONS, number);
    let folder = scratch();
    let data = folder.path();
    house::fresh(data);
    story.assert_completes(data);
    let tiles = tree(data, story.leaves.len());
    assert!(2 < tiles.len(), "{tiles:?}");
    let checkpoint = fs::read(data.join("checkpoint")).unwrap();
    let deletions: [&[&str]; 4] =
        [&["state"], &["tiles"], &["state", "tiles"], &["state", "tiles", "checkpoint"]];
    for deleted in deletions {
        for part in deleted {
            let path = data.join(part);
            if path.is_dir() { fs::remove_dir_all(path).unwrap() } else { fs::remove_file(path).unwrap() }
        }
        // A process that has nothing to record makes everything again.
        house::opened(data);
        let digest = house::digest(data).unwrap();
        println!("{digest} is the state's digest after {deleted:?} came back");
        assert_eq!(digest, story.digest, "the state after {deleted:?}");
        assert_eq!(tree(data, story.leaves.len()), tiles, "the tiles after {deleted:?}");
        let signed = fs::read(data.join("checkpoint")).unwrap();
        assert_eq!(signed, checkpoint, "the checkpoint after {deleted:?}");
        assert_eq!(house::leaves(data).unwrap(), story.leaves);
    }
    story.assert_completes(data);
    // The auditor folds the same log with code of its own around the rules, and counts the same rows.
    let report = house::audited(data, &data.join("vkey"));
    assert_eq!(report["state_digest"], story.digest.to_string(), "{report}");
}

#[test]
fn torn_tiles_are_not_kept() {
    let number = Seed::of_run(0x7111);
    println!("GRANTS_SEED={number}");
    let story = Story::of(APPLICATIONS, number);
    let folder = scratch();
    let data = folder.path();
    house::fresh(data);
    story.assert_completes(data);
    let tiles = tree(data, story.leaves.len());
    // Tiles are not synced, so that a power cut can empty those that were written last, or leave zeros.
    let partial = tiles.keys().filter(|name| name.contains(".p/"));
    for (name, change) in partial.flat_map(|name| [(name, 0), (name, 1), (name, 2)]) {
        let path = data.join("tiles").join(name);
        let mut bytes = fs::read(&path).unwrap();
        match change {
            0 => bytes.clear(),
            1 => bytes.truncate(bytes.len() / 2),
            _ => bytes.fill(0),
        }
        fs::write(&path, bytes).unwrap();
        house::opened(data);
        assert_eq!(tree(data, story.leaves.len()), tiles, "{name} was torn ({change})");
    }
}

/// The tiles of a tree of this size, by name, with the hash of each: full ones, and the partial ones of its end.
fn tree(data: &Path, size: usize) -> BTreeMap<String, Sha256Hex> {
    let folder = data.join("tiles");
    let mut tiles = BTreeMap::new();
    let (mut level, mut hashes) = (0_u8, size as u64);
    while 0 < hashes {
        for tile in 0..hashes.div_ceil(256) {
            let width = 256.min(hashes - tile * 256);
            let name = grants_eventlog::tiles::tile_path(
                grants_eventlog::tiles::TileKind::Hashes(level),
                tile,
                width,
            );
            let bytes = fs::read(folder.join(&name)).unwrap_or_default();
            assert!(bytes.is_empty() || bytes.len() as u64 == width * 32, "{name} has {} bytes", bytes.len());
            tiles.insert(name, Sha256Hex(Sha256::digest(&bytes).into()));
        }
        hashes /= 256;
        level += 1;
    }
    tiles
}

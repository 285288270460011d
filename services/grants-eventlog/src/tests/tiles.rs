//! Tiles have the published names and contents, and give the same proofs as the leaves.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::sample::{edge_of, numbered_leaves};
use crate::proofs::{Nodes, prove_consistency, prove_inclusion};
use crate::tiles::{TileFolder, TileKind, TileWriter, tile_path};
use crate::tree::leaf_hash;

fn write(writer: &mut TileWriter, to: u64) {
    while writer.size() < to {
        let entry = format!("event-{}", writer.size());
        writer.push(entry.as_bytes(), leaf_hash(entry.as_bytes())).unwrap();
    }
    writer.flush().unwrap();
}

fn length(folder: &Path, name: &str) -> u64 {
    fs::metadata(folder.join(name)).unwrap_or_else(|fault| panic!("{name}: {fault}")).len()
}

#[test]
fn paths_are_as_specified() {
    assert_eq!(tile_path(TileKind::Hashes(0), 1_234_067, 256), "tile/0/x001/x234/067");
    assert_eq!(tile_path(TileKind::Hashes(1), 0, 1), "tile/1/000.p/1");
    assert_eq!(tile_path(TileKind::Entries, 1_000, 17), "tile/entries/x001/000.p/17");
    for (kind, level, is_data) in [(TileKind::Hashes(3), 3, false), (TileKind::Entries, 0, true)] {
        for (index, width) in [(0, 256), (5, 1), (999, 256), (273, 112), (1_000, 255), (70_123_456, 256)] {
            let oracle = tlog_tiles::Tile::new(8, level, index, width as u32, is_data).path();
            let oracle = oracle.replacen("tile/8/", "tile/", 1).replacen("tile/data/", "tile/entries/", 1);
            assert_eq!(tile_path(kind, index, width), oracle);
        }
    }
}

#[test]
fn the_published_vector_is_met() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = TileWriter::new(folder.path(), true);
    write(&mut writer, 5);
    assert_eq!(length(folder.path(), "tile/0/000.p/5"), 160);
    write(&mut writer, 256);
    assert_eq!(length(folder.path(), "tile/0/000"), 8_192);
    assert_eq!(length(folder.path(), "tile/1/000.p/1"), 32);
    assert!(!folder.path().join("tile/0/001.p").exists(), "an empty tile is not written");
    write(&mut writer, 300);
    assert_eq!(length(folder.path(), "tile/0/001.p/44"), 1_408);
    let entries = fs::read(folder.path().join("tile/entries/001.p/44")).unwrap();
    assert_eq!(&entries[..11], b"\x00\x09event-256");
    assert_eq!(length(folder.path(), "tile/entries/000"), 256 * 2 + 10 * 7 + 90 * 8 + 156 * 9);
}

#[test]
fn a_tree_of_three_levels_is_laid_out_as_specified() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = TileWriter::new(folder.path(), false);
    write(&mut writer, 70_000);
    let full = |level: u8, index| folder.path().join(tile_path(TileKind::Hashes(level), index, 256)).exists();
    assert!((0..273).all(|index| full(0, index)) && !full(0, 273));
    assert!(full(1, 0) && !full(1, 1));
    assert_eq!(length(folder.path(), "tile/0/273.p/112"), 112 * 32);
    assert_eq!(length(folder.path(), "tile/1/001.p/17"), 17 * 32);
    assert_eq!(length(folder.path(), "tile/2/000.p/1"), 32);
    assert!(!folder.path().join("tile/entries").exists());
    let nodes = TileFolder::new(folder.path(), 70_000);
    assert_eq!(nodes.node(16, 0).unwrap(), edge_of(&numbered_leaves(65_536)).root().0);
    assert!(
        nodes.node(16, 1).is_err() && nodes.node(0, 70_000).is_err() && nodes.node(255, u64::MAX).is_err()
    );
}

#[test]
fn a_damaged_tile_is_an_error_and_not_a_proof() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = TileWriter::new(folder.path(), false);
    write(&mut writer, 300);
    fs::write(folder.path().join("tile/0/001.p/44"), [0; 31]).unwrap();
    assert!(prove_inclusion(7, 300, &TileFolder::new(folder.path(), 300)).is_err());
    assert!(TileWriter::resume(folder.path(), false, 300).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn tiles_give_the_proofs_of_the_leaves(stops in prop::collection::vec(1_u64..700, 1..5), pick in any::<prop::sample::Index>()) {
        let folder = tempfile::tempdir().unwrap();
        let mut stops = stops;
        stops.sort_unstable();
        // Each stop is a new process, which goes on from the partial tiles.
        for stop in &stops {
            let size = stops.iter().copied().filter(|other| other < stop).max().unwrap_or(0);
            let mut writer = TileWriter::resume(folder.path(), true, size).unwrap();
            write(&mut writer, *stop);
        }
        let size = *stops.last().unwrap();
        let leaves = numbered_leaves(size as usize);
        let tiles = TileFolder::new(folder.path(), size);
        let index = pick.index(size as usize) as u64;
        prop_assert_eq!(prove_inclusion(index, size, &tiles), prove_inclusion(index, size, leaves.as_slice()));
        prop_assert_eq!(prove_consistency(index + 1, size, &tiles), prove_consistency(index + 1, size, leaves.as_slice()));
        let mut at_once = TileWriter::new(&folder.path().join("at-once"), true);
        write(&mut at_once, size);
        for kind in [TileKind::Entries, TileKind::Hashes(0)] {
            for tile in 0..=size / 256 {
                let width = (size - tile * 256).min(256);
                if 0 < width {
                    let name = tile_path(kind, tile, width);
                    let (one, other) = (folder.path().join(&name), folder.path().join("at-once").join(&name));
                    prop_assert_eq!(fs::read(one).unwrap(), fs::read(other).unwrap());
                }
            }
        }
    }
}

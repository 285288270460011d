//! What is derived behind the log for others: its tree as tiles, and a signed checkpoint over what the head file vouches for.

use crate::{beside::Beside, failure::Failure, journal};
use grants_eventlog::{
    CheckpointKeeper, Head, LogReader, Signer, Vouched,
    headfile::{Found, HeadFile},
    proofs::{Nodes, prove_consistency, prove_inclusion, verify_inclusion},
    tiles::{TileFolder, TileWriter},
};
use grants_ledger::{DataDir, Manifest};
use std::{
    fs::{self, File},
    path::PathBuf,
};

/// File in the data directory that says where the signing key is, if it is kept elsewhere.
pub(crate) const KEY_PLACE: &str = "key.path";
/// File in the data directory with the key that verifies its checkpoints, to hand to the audit office.
pub(crate) const VERIFIER_KEY: &str = "vkey";
/// The head file's name in the data directory.
const HEAD_FILE: &str = "head";

/// The verifier key of a ledger, as an auditor needs it.
pub(crate) fn verifier_key(dir: &DataDir, manifest: &Manifest) -> Result<String, Failure> {
    Ok(signer(dir, manifest)?.verifier_key().to_string())
}

/// Brings the tiles to where the head file vouches for the log, and signs it. Tiles that do not fit the log are
/// written anew.
pub(crate) fn publish(
    log: &dyn LogReader,
    dir: &DataDir,
    manifest: &Manifest,
    vouched: Vouched,
) -> Result<(), Failure> {
    let _turn = turn(dir)?;
    publish_in_turn(log, dir, manifest, vouched)
}

/// The same beside whoever writes the log.
pub(crate) fn publish_beside(log: &Beside, dir: &DataDir, manifest: &Manifest) -> Result<(), Failure> {
    let _turn = turn(dir)?;
    // In turn, so that nobody has signed more than what is read here.
    let vouched = log.catch_up()?;
    publish_in_turn(log.reader(), dir, manifest, vouched)
}

fn publish_in_turn(
    log: &dyn LogReader,
    dir: &DataDir,
    manifest: &Manifest,
    vouched: Vouched,
) -> Result<(), Failure> {
    let mut keeper = keeper(dir, manifest)?;
    let old = keeper.signed_size();
    if vouched.next_sequence == old {
        return if stand(log, dir, vouched)? {
            Ok(())
        } else {
            grow(log, TileWriter::new(&dir.tiles(), false), dir, vouched)
        };
    }
    let resumed = TileWriter::resume(&dir.tiles(), false, old)
        .map_err(Failure::from)
        .and_then(|tiles| grow(log, tiles, dir, vouched))
        .and_then(|()| sign(&mut keeper, dir, vouched));
    if resumed.is_ok() {
        return resumed;
    }
    grow(log, TileWriter::new(&dir.tiles(), false), dir, vouched)?;
    sign(&mut keeper, dir, vouched)
}

/// Signs the tree of a bundle: the newest one, or an earlier part of what was signed.
pub(crate) fn sign_bundle(
    dir: &DataDir,
    manifest: &Manifest,
    head: &Head,
    tiles: &TileFolder,
) -> Result<String, Failure> {
    let _turn = turn(dir)?;
    let mut keeper = keeper(dir, manifest)?;
    let (size, old) = (head.next_sequence(), keeper.signed_size());
    if size < old {
        let proof =
            prove_consistency(size, old, &TileFolder::new(&dir.tiles(), old)).map_err(Failure::fault)?;
        return Ok(keeper.sign_past(size, head.root(), &proof)?);
    }
    let proof = prove_consistency(old, size, tiles).map_err(Failure::fault)?;
    Ok(keeper.sign(size, head.root(), &proof)?)
}

/// Whether the tiles stand to their end. Those on the way from the last leaf to the root are looked at: tiles are not
/// synced, so a power cut can have emptied what was written last, and somebody may have deleted them all.
fn stand(log: &dyn LogReader, dir: &DataDir, vouched: Vouched) -> Result<bool, Failure> {
    let size = vouched.next_sequence;
    let Some(last) = size.checked_sub(1) else { return Ok(true) };
    let tiles = TileFolder::new(&dir.tiles(), size);
    let mut stand = false;
    journal::raw_from(log, last, |_, event, leaf| {
        let proven = prove_inclusion(last, size, &tiles)
            .and_then(|proof| verify_inclusion(event, last, size, &proof, vouched.root));
        stand = proven.is_ok() && tiles.node(0, last) == Ok(leaf);
        false
    })?;
    Ok(stand)
}

fn grow(log: &dyn LogReader, mut tiles: TileWriter, dir: &DataDir, vouched: Vouched) -> Result<(), Failure> {
    let from = tiles.size();
    let mut fault = None;
    journal::raw_from(log, from, |sequence, event, leaf| {
        if vouched.next_sequence <= sequence {
            return false;
        }
        fault = tiles.push(event, leaf).err();
        fault.is_none()
    })?;
    if let Some(fault) = fault {
        return Err(fault.into());
    }
    tiles.flush()?;
    if tiles.size() != vouched.next_sequence {
        return Err(Failure::fault_of("program-tiles-short", &[("folder", &dir.tiles().display())]));
    }
    Ok(())
}

fn sign(keeper: &mut CheckpointKeeper, dir: &DataDir, vouched: Vouched) -> Result<(), Failure> {
    let (old, size) = (keeper.signed_size(), vouched.next_sequence);
    let tiles = TileFolder::new(&dir.tiles(), size);
    let proof = prove_consistency(old, size, &tiles).map_err(Failure::fault)?;
    keeper.sign(size, vouched.root, &proof)?;
    Ok(())
}

/// Tiles and checkpoint are written by one process at a time: a bundle may be made beside a running ledger.
fn turn(dir: &DataDir) -> Result<File, Failure> {
    let folder = File::open(dir.root())?;
    folder.lock()?;
    Ok(folder)
}

/// What the head file vouches for.
pub(crate) fn vouched(dir: &DataDir) -> Result<Vouched, Failure> {
    match HeadFile::read(&dir.root().join(HEAD_FILE)).map_err(Failure::fault)? {
        Found::Slot(vouched) => Ok(vouched),
        Found::Nothing | Found::Unreadable => Err(Failure::fault_of("program-head-missing", &[])),
    }
}

/// Where the signing key of a data directory is.
pub(crate) fn key_place(dir: &DataDir) -> Result<PathBuf, Failure> {
    let elsewhere = dir.root().join(KEY_PLACE);
    Ok(if elsewhere.exists() { PathBuf::from(fs::read_to_string(elsewhere)?) } else { dir.key() })
}

fn signer(dir: &DataDir, manifest: &Manifest) -> Result<Signer, Failure> {
    let key = key_place(dir)?;
    Signer::load(&manifest.origin, &key)
        .map_err(|fault| Failure::fault(format!("{}: {fault}", key.display())))
}

fn keeper(dir: &DataDir, manifest: &Manifest) -> Result<CheckpointKeeper, Failure> {
    Ok(CheckpointKeeper::open(&dir.checkpoint(), signer(dir, manifest)?)?)
}

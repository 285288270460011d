//! Checkpoints are byte for byte as published, and a log never signs two stories.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use proptest::prelude::*;

use super::sample::{edge_of, numbered_leaves};
use crate::bundle::Manifest;
use crate::checkpoint::{Checkpoint, CheckpointError, CheckpointKeeper};
use crate::note::{NoteError, Signer, VerifierKey};
use crate::proofs::prove_consistency;
use crate::tree::{Hash, empty_root, leaf_hash};

const ORIGIN: &str = "ledger.example/grants";
const VERIFIER_KEY: &str = "ledger.example/grants+9b30d74f+ASFS+NGbeR0kRTJC4V8uq2y3z/p7al7TAJeWDgaYgdsS";

fn signer() -> Signer {
    Signer::from_seed(ORIGIN, &[0x42; 32]).unwrap()
}

fn key() -> VerifierKey {
    VERIFIER_KEY.parse().unwrap()
}

fn note_of(size: usize) -> String {
    let root = edge_of(&numbered_leaves(size)).root();
    let text = Checkpoint { origin: ORIGIN.to_owned(), size: size as u64, root }.text();
    signer().sign(&text).unwrap()
}

fn keeper(path: &Path) -> CheckpointKeeper {
    CheckpointKeeper::open(path, signer()).unwrap()
}

#[test]
fn the_published_vector_is_met() {
    assert_eq!(signer().verifier_key().to_string(), VERIFIER_KEY);
    assert_eq!(key(), signer().verifier_key());
    for (size, signature) in [
        (5, "mzDXT1kvrCejqmnuAjfj6ZBv4rKtqOMNftzyE8uyStmXsftAJH87CNozBGSJqKO9/3LaLubuApeTt0LF9zDdB1wXBAE="),
        (256, "mzDXT9KHSIGv/w7gsspxUmdiUYL1a7jNlBNxLpvrOXBLVCOJ7/v8ikWon3AkWtZ8BZSJl5WnsUwgvjDoRP/stGvQVQk="),
        (300, "mzDXTyVHP5EXtHuAcQOS4LDgAkxrgYCYvjFDdiAxV+F3oIapqXCjZZiA0LZdbKtuHDNYUr7ih7m9YtHWZ99hW7DPbQM="),
    ] {
        let note = note_of(size);
        assert_eq!(note.lines().last().unwrap(), format!("— {ORIGIN} {signature}"));
        assert_eq!(Checkpoint::verify(&note, &key()).unwrap().size, size as u64);
    }
}

#[test]
fn an_independent_program_reads_our_note() {
    use signed_note::{Note, StandardVerifier, Verifier, VerifierList};
    let verifier = StandardVerifier::new(VERIFIER_KEY).unwrap();
    let known = VerifierList::new(vec![Box::new(verifier) as Box<dyn Verifier>]);
    let note = Note::from_bytes(note_of(300).as_bytes()).unwrap();
    let (verified, unverified) = note.verify(&known).unwrap();
    assert_eq!((verified.len(), unverified.len()), (1, 0));
    let checkpoint = tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap();
    assert_eq!((checkpoint.origin(), checkpoint.size()), (ORIGIN, 300));
    assert_eq!(checkpoint.hash().0, edge_of(&numbered_leaves(300)).root().0);
}

#[test]
fn every_changed_byte_is_seen() {
    let note = note_of(5);
    for place in 0..note.len() {
        let mut bytes = note.clone().into_bytes();
        bytes[place] ^= 1;
        if let Ok(bent) = String::from_utf8(bytes) {
            assert!(Checkpoint::verify(&bent, &key()).is_err(), "byte {place}");
        }
        if note.is_char_boundary(place) {
            assert!(Checkpoint::verify(&note[..place], &key()).is_err(), "cut at {place}");
        }
    }
}

#[test]
fn signatures_of_others_are_ignored_and_ours_is_needed() {
    let other = Signer::from_seed("witness.example/w1", &[7; 32]).unwrap();
    let ours = note_of(5);
    let (text, our_line) = ours.rsplit_once("\n\n").unwrap();
    let theirs = other.sign(&format!("{text}\n")).unwrap();
    let their_line = theirs.lines().last().unwrap();
    let both = format!("{text}\n\n{their_line}\n{our_line}");
    assert_eq!(Checkpoint::verify(&both, &key()).unwrap().size, 5);
    assert!(matches!(
        Checkpoint::verify(&theirs, &key()),
        Err(CheckpointError::Note(NoteError::NotSigned(name))) if name == ORIGIN
    ));
    // The right key and name over another text.
    let moved = format!("{}\n\n{our_line}", text.replace("\n5\n", "\n6\n"));
    assert!(matches!(
        Checkpoint::verify(&moved, &key()),
        Err(CheckpointError::Note(NoteError::BadSignature(_)))
    ));
    let elsewhere =
        signer().sign("other.example/log\n5\nC3TUMA55gFbNSHKLT7AenxWtPgp5UPvFiXT/Z1MnHSQ=\n").unwrap();
    assert!(matches!(Checkpoint::verify(&elsewhere, &key()), Err(CheckpointError::Origin { .. })));
}

#[test]
fn other_texts_are_not_checkpoints() {
    let root = "C3TUMA55gFbNSHKLT7AenxWtPgp5UPvFiXT/Z1MnHSQ=";
    for text in [
        String::new(),
        format!("o\n5\n{root}"),
        format!("o\n05\n{root}\n"),
        format!("o\n+5\n{root}\n"),
        format!("\n5\n{root}\n"),
        format!("o\n5\n{root}\nextension\n"),
        "o\n5\nC3TUMA55\n".to_owned(),
        format!("o\n18446744073709551616\n{root}\n"),
    ] {
        assert!(Checkpoint::parse(&text).is_err(), "{text:?}");
    }
}

#[test]
fn other_texts_are_not_verifier_keys() {
    for text in [
        "",
        "ledger.example/grants+9b30d74f",
        "ledger.example/grants+9b30d74e+ASFS+NGbeR0kRTJC4V8uq2y3z/p7al7TAJeWDgaYgdsS",
        "ledger.example/other+9b30d74f+ASFS+NGbeR0kRTJC4V8uq2y3z/p7al7TAJeWDgaYgdsS",
        "ledger.example/grants+9b30d74f+BCFS+NGbeR0kRTJC4V8uq2y3z/p7al7TAJeWDgaYgdsS",
        "ledger.example/grants+9b30d74f+ASFS",
        "two words+9b30d74f+ASFS+NGbeR0kRTJC4V8uq2y3z/p7al7TAJeWDgaYgdsS",
    ] {
        assert!(text.parse::<VerifierKey>().is_err(), "{text:?}");
    }
}

#[test]
fn a_log_never_signs_two_stories() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    let leaves = numbered_leaves(300);
    let root = |size: usize| edge_of(&leaves[..size]).root();
    let proof = |old: u64, size: u64| prove_consistency(old, size, leaves.as_slice()).unwrap();
    let mut keeper_5 = keeper(&path);
    assert_eq!(keeper_5.signed_size(), 0);
    let note_5 = keeper_5.sign(5, root(5), &[]).unwrap();
    assert_eq!(note_5, note_of(5));
    assert_eq!(fs::read_to_string(&path).unwrap(), note_5);

    // A new process knows what was signed.
    let mut keeper = keeper(&path);
    assert_eq!(keeper.signed_size(), 5);
    assert_eq!(keeper.sign(5, root(5), &[]).unwrap(), note_5);
    assert!(matches!(keeper.sign(4, root(4), &[]), Err(CheckpointError::Smaller { signed: 5, asked: 4 })));
    assert!(matches!(keeper.sign(5, root(4), &[]), Err(CheckpointError::Inconsistent { .. })));
    assert!(matches!(keeper.sign(300, root(300), &[]), Err(CheckpointError::Inconsistent { .. })));
    let mut rewritten: Vec<Hash> = leaves.clone();
    rewritten[2] = leaf_hash(b"rewritten");
    let lie = prove_consistency(5, 300, rewritten.as_slice()).unwrap();
    assert!(matches!(
        keeper.sign(300, edge_of(&rewritten).root(), &lie),
        Err(CheckpointError::Inconsistent { signed: 5, asked: 300, .. })
    ));
    assert_eq!(fs::read_to_string(&path).unwrap(), note_5, "a rejection leaves the file as it was");
    assert_eq!(keeper.sign(300, root(300), &proof(5, 300)).unwrap(), note_of(300));
    assert_eq!(keeper.last().unwrap().0.size, 300);

    // An earlier part may be signed for a bundle, but only a true one, and the last stays the last.
    assert_eq!(keeper.sign_past(256, root(256), &proof(256, 300)).unwrap(), note_of(256));
    assert!(keeper.sign_past(256, root(255), &proof(256, 300)).is_err());
    assert_eq!(keeper.signed_size(), 300);
}

#[test]
fn an_empty_log_can_be_signed() {
    let folder = tempfile::tempdir().unwrap();
    let mut keeper = keeper(&folder.path().join("checkpoint"));
    let note = keeper.sign(0, empty_root(), &[]).unwrap();
    assert_eq!(Checkpoint::verify(&note, &key()).unwrap().size, 0);
    let root = edge_of(&numbered_leaves(3)).root();
    keeper.sign(3, root, &[]).unwrap();
}

#[test]
fn a_checkpoint_of_another_key_stops_the_keeper() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    fs::write(&path, note_of(5)).unwrap();
    let other = Signer::from_seed(ORIGIN, &[1; 32]).unwrap();
    assert!(CheckpointKeeper::open(&path, other).is_err());
}

#[test]
fn a_seed_file_is_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("seed");
    Signer::create_seed_file(&path).unwrap();
    assert!(Signer::create_seed_file(&path).is_err(), "a seed is never replaced");
    let first = Signer::load(ORIGIN, &path).unwrap();
    assert_eq!(first.verifier_key(), Signer::load(ORIGIN, &path).unwrap().verifier_key());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!format!("{first:?}").contains("SigningKey"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(Signer::load(ORIGIN, &path).is_err());
    fs::write(folder.path().join("short"), [1; 31]).unwrap();
    fs::set_permissions(folder.path().join("short"), fs::Permissions::from_mode(0o600)).unwrap();
    assert!(Signer::load(ORIGIN, &folder.path().join("short")).is_err());
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in "[\\n a-z0-9+/=—]{0,200}", bytes in "\\PC{0,80}") {
        for text in [text.as_str(), bytes.as_str()] {
            let _ = Checkpoint::parse(text);
            let _ = key().verify(text);
            let _ = text.parse::<VerifierKey>();
            let _ = Manifest::parse(text);
        }
    }
}

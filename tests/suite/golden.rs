//! Whole ledgers of earlier builds: this one decides every command of them again, to the same bytes and the same root.
//!
//! A ledger carries the catalogues that were in force, so no later catalogue changes what is expected here.

use super::look::{read, root};
use grants_audit::{
    source::Source,
    verify::{Against, verify},
};
use grants_files::{Lang, Texts};
use grants_policy::Library;
use grants_tests::programs::well;
use std::{fs, path::Path, process::Command};

/// Larger archives do not belong into the repository.
const ARCHIVE_BYTES_MAX: u64 = 300 * 1_024;

/// Guards: same log, same state, in every later build (`tests/golden/keep.sh` makes such a ledger).
#[test]
fn every_golden_ledger_is_decided_again_to_the_same_bytes() {
    let entries = fs::read_dir(root().join("tests/golden")).expect("the folder can be listed");
    let folders = entries.map(|entry| entry.expect("the folder can be listed").path());
    let kept: Vec<_> = folders.filter(|path| path.is_dir()).collect();
    assert!(!kept.is_empty(), "no ledger was kept");
    kept.iter().for_each(|ledger| decided_again(ledger));
}

fn decided_again(kept: &Path) {
    let archive = kept.join("bundle.tar.gz");
    let size = fs::metadata(&archive).expect("an archive was kept").len();
    assert!(size <= ARCHIVE_BYTES_MAX, "{} has {size} bytes", archive.display());
    let place = tempfile::tempdir().expect("a folder for the archive");
    well(
        Command::new("tar")
            .arg("--extract")
            .arg("--gzip")
            .arg("--file")
            .arg(&archive)
            .arg("-C")
            .arg(place.path()),
    );

    let source = Source::open(&place.path().join("bundle")).expect("the bundle opens");
    let key = read(&kept.join("vkey")).trim().parse().expect("the verifier key is one");
    let against = Against { key: Some(key), since: None };
    let report = verify(&source, &mut Library::new(), &against, &mut |_| ()).expect("the log can be read");
    let told = report.text(&Texts::new(Lang::En));
    assert_eq!(report.exit_code(), 0, "{}\n{told}", kept.display());
    assert_eq!(report.decided_again, report.commands, "{told}");
    assert!(200 < report.events && 100 < report.commands, "{told}");

    // The root is compared with what stands in the repository, not only with what came in the archive.
    let checkpoint = read(&place.path().join("bundle/checkpoint"));
    let lines: Vec<&str> = checkpoint.lines().skip(1).take(2).collect();
    assert_eq!(lines, read(&kept.join("root")).lines().collect::<Vec<_>>(), "{}", kept.display());
    assert_eq!(lines.first(), Some(&report.events.to_string().as_str()));
}

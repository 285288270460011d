//! Whole ledgers of earlier builds: this one decides every command of them again, to the same bytes and the same root.
//!
//! A ledger carries the catalogues that were in force, so no later catalogue changes what is expected here.

use super::look::{read, root};
use grants_audit::{
    backtest::backtest,
    replay::{Until, fold},
    source::Source,
    verify::{Against, verify},
};
use grants_domain::{
    artifact,
    state::get,
    tables::{Ledgers, PolicyVersions},
};
use grants_files::{Lang, Texts};
use grants_policy::{Catalogue, Library, unpack};
use grants_tests::programs::well;
use std::{fs, path::Path, process::Command, sync::Arc};

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

/// Guards: a back-test under the catalogue that was in force finds nobody who would differ.
#[test]
fn no_golden_ledger_differs_under_its_own_catalogue() {
    let place = unpacked(&root().join("tests/golden/city"));
    let source = Source::open(&place.path().join("bundle")).expect("the bundle opens");
    let folded = fold(&source, &mut Library::new(), Until::End, &mut |_, _| ()).expect("the log can be read");
    let version = get::<Ledgers>(&folded.state, &()).expect("a ledger was opened").version;
    let published = get::<PolicyVersions>(&folded.state, &version).expect("a policy was published");
    let bytes = artifact::assemble(&folded.state, published.hash).expect("its bytes are in the log");
    let files = unpack(&bytes).expect("they are a catalogue");
    let catalogue = Catalogue::compile(&files).expect("it was checked before it was published");
    let tested = backtest(&source, Arc::new(catalogue), &mut |_| ()).expect("the log can be decided again");
    assert_eq!((tested.changes, tested.skipped, tested.budget), (vec![], vec![], vec![]));
    assert!(50 < tested.applications && tested.stands[0] == tested.stands[1]);
}

fn unpacked(kept: &Path) -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a folder for the archive");
    let mut tar = Command::new("tar");
    let tar = tar.arg("--extract").arg("--gzip").arg("--file").arg(kept.join("bundle.tar.gz"));
    well(tar.arg("-C").arg(place.path()));
    place
}

fn decided_again(kept: &Path) {
    let archive = kept.join("bundle.tar.gz");
    let size = fs::metadata(&archive).expect("an archive was kept").len();
    assert!(size <= ARCHIVE_BYTES_MAX, "{} has {size} bytes", archive.display());
    let place = unpacked(kept);

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

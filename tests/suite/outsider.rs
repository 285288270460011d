//! A program that was written from the format page alone agrees with ours about a bundle, and refuses every damage.

use super::look::root;
use grants_tests::programs::{built, python, well};
use std::{path::Path, process::Command};

/// The ledger of this test, as an argument.
const LEDGER: &str = "0d170000000000000000000000000002";
/// The books of the demonstration: together more than a full tile.
const SEASONS: [&str; 5] = ["2024-autumn", "2024-winter", "2025-summer", "2026-summer", "2027-summer"];
const SEED: &str = "6772616e74732064656d6f206c6564676572206f66207468652073686f770a00";

/// Guards: an auditor needs no program of ours.
#[test]
fn the_outsider_accepts_our_bundle_and_no_other() {
    let place = tempfile::tempdir().expect("a folder for a ledger");
    let (data, bundle) = (place.path().join("data"), place.path().join("bundle"));
    grants(
        &data,
        &["init", "--simulated", "--ledger-id", LEDGER, "--seed", SEED, "--at", "2024-09-10T09:00:00"],
    );
    for (season, hour) in SEASONS.iter().zip(10..) {
        let book = place.path().join(format!("{season}.xlsx"));
        let from = root().join("tests/demo/books").join(season);
        grants(&data, &["template", &text(&book), "--from", &text(&from)]);
        grants(&data, &["import", &text(&book), "--at", &format!("2027-07-05T{hour}:00:00")]);
    }
    grants(&data, &["decide", "--as", "reviewer:li", "--at", "2027-07-06T09:00:00"]);
    grants(&data, &["bundle", &text(&bundle)]);
    // Full tiles, partial ones, and several batches.
    assert!(bundle.join("tile/0/000").is_file(), "the bundle is too small to show anything");
    let tests = root().join("tests/outsider/test_verify_bundle.py");
    let vkey = data.join("vkey");
    well(python_with(&tests).env("BUNDLE", &bundle).env("VKEY", &vkey));
    well(&mut python_with(&tests));
    let script = root().join("tests/outsider/verify_bundle.py");
    let said = well(python_with(&script).arg(&bundle).arg("--vkey").arg(&vkey));
    let report = well(Command::new(built("grants-audit")).args(["--json", "verify"]).arg(&bundle));
    let report: serde_json::Value = serde_json::from_str(&report).expect("a report in JSON");
    let found = format!("{} events, root {}", report["events"], report["root"].as_str().unwrap_or_default());
    assert!(said.contains(&found), "{said} is not {found}");
}

fn grants(data: &Path, words: &[&str]) {
    let mut command = Command::new(built("grants"));
    command.arg("--data").arg(data);
    for actor in ["policy:sun", "intake:zhao", "registrar:qian", "finance:chen"] {
        command.args(["--as", actor]);
    }
    well(command.args(words));
}

/// Python, which must not leave its own files beside the sources.
fn python_with(script: &Path) -> Command {
    let mut command = Command::new(python());
    command.arg("-B").arg(script);
    command
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

//! Verbs that only look: they write nothing, and work beside a process that writes.

use crate::house::{ENTERPRISE, House, PROJECT, repository};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::Duration,
};

const DAY: &str = "2025-03-10T09:00:00";

/// Every file below a folder with its bytes.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    found
}

/// A ledger with a confirmed award, a rejected application and one that waits; and the award's id.
fn story() -> (House, String) {
    let house = House::furnished();
    house.apply(DAY, "A-1", "24410000000000000001", "60000000.00");
    house.apply(DAY, "A-2", "24410000000000000001", "60000000.00");
    let decided = house.json_at(DAY, &["decide"]);
    assert_eq!(decided.as_array().unwrap().len(), 3, "{decided}");
    house.apply(DAY, "A-3", "24410000000000000003", "2000000.00");
    let award = decided[2]["about"].as_str().unwrap().to_owned();
    (house, award)
}

/// Every verb that only looks, with what it must say.
fn looks(house: &House, award: &str) -> Vec<(Vec<String>, &'static str)> {
    let scenario =
        house.write("on.scenario", "scenario: on top\n\nwhen application.decide application=A-3\n");
    let (caps, scenario) = (house.beside("caps.csv"), scenario.display().to_string());
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    vec![
        (words(&["show", "enterprise", ENTERPRISE]), "E4.1"),
        (words(&["show", "project", PROJECT]), "3,000,000.00"),
        (words(&["show", "application", "A-1"]), "digital:24410000000000000001"),
        (words(&["show", "award", award]), "confirmed"),
        (words(&["show", "budget", "L-1"]), "30000000.00"),
        (words(&["explain", award]), "3,000,000.00"),
        (words(&["explain", "A-2"]), "×"),
        (words(&["summary"]), "30,000,000.00"),
        (words(&["export", "caps", "--out", caps.to_str().unwrap()]), "written"),
        (words(&["export", "payments", "--preview"]), award_label(award)),
        (words(&["policy", "assess", "A-3"]), "100,000.00"),
        (words(&["simulate", &scenario, "--on", house.data().to_str().unwrap()]), "100,000.00"),
    ]
}

/// Leaks a short id, so that it can stand in a table of texts.
fn award_label(award: &str) -> &'static str {
    Box::leak(award.to_owned().into_boxed_str())
}

#[test]
fn looking_changes_no_byte_of_the_folder() {
    let (house, award) = story();
    let before = files(&house.data());
    for (words, said) in looks(&house, &award) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let ran = house.at(DAY, &words);
        assert_eq!(ran.code, 0, "{words:?}: {}{}", ran.out, ran.err);
        assert!(ran.out.contains(said), "{words:?} does not say {said}: {}", ran.out);
        let after = files(&house.data());
        let changed: Vec<&PathBuf> = after
            .iter()
            .filter(|(path, bytes)| before.get(*path) != Some(bytes))
            .map(|(path, _)| path)
            .collect();
        assert!(changed.is_empty() && after.len() == before.len(), "{words:?} changed {changed:?}");
    }
    let bundle = house.beside("bundle");
    house.run(&["bundle", bundle.to_str().unwrap()]).good();
    assert_eq!(files(&house.data()), before, "a bundle of a signed log changes nothing either");
    let text = fs::read_to_string(house.beside("caps.csv")).unwrap();
    assert!(text.contains("3000000.00"), "{text}");
}

#[test]
fn a_state_that_is_missing_is_folded_elsewhere() {
    let (house, award) = story();
    fs::remove_dir_all(house.data().join("state")).unwrap();
    let before = files(&house.data());
    assert!(house.run(&["show", "award", &award]).good().contains("3,000,000.00"));
    assert_eq!(files(&house.data()), before);
}

#[test]
fn looking_works_beside_a_ledger_that_runs() {
    let (house, award) = story();
    let mut running = house.command(&["run"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = running.stdin.take().unwrap();
    let mut answers = BufReader::new(running.stdout.take().unwrap()).lines();
    let command = json!({ "id": "00000000-0000-7000-8000-000000000001",
        "command": { "application.decide": { "application": "A-3" } } });
    writeln!(input, "{command}").unwrap();
    let answer: Value = serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap();
    assert!(answer["sequence"].is_u64() && answer["refused"].is_null(), "{answer}");
    // The head file is written a moment after the answer.
    let decided = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(50));
        house.json(&["show", "application", "A-3"])["application"]["status"] == "approved"
    });
    assert!(decided, "what was answered is not seen");
    for (words, said) in looks(&house, &award) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if words[0] == "policy" || words[0] == "simulate" {
            continue;
        }
        let out = house.at(DAY, &words).good();
        assert!(out.contains(said), "{words:?} does not say {said}: {out}");
    }
    let bundle = house.beside("bundle");
    house.run(&["bundle", bundle.to_str().unwrap()]).good();
    drop(input);
    assert!(running.wait().unwrap().success());
    assert!(answers.next().is_none());
    let events = house.events();
    let second = house.beside("second");
    let told = house.json(&["bundle", second.to_str().unwrap()]);
    assert_eq!(told["events"], events, "{told}");
}

#[test]
fn a_bundle_ends_where_it_is_told() {
    let (house, _) = story();
    let cut = house.beside("cut");
    let told = house.json(&["bundle", cut.to_str().unwrap(), "--to", "12"]);
    assert_eq!(told["cut"], true);
    assert!(told["events"].as_u64().unwrap() <= 13, "{told}");
    let ran = house.run(&["bundle", cut.to_str().unwrap()]);
    assert_eq!(ran.code, 2, "a bundle is never changed");
}

#[test]
fn what_is_not_there_is_said_to_be_unknown() {
    let (house, _) = story();
    for words in [["show", "award", "AW-99999"], ["show", "budget", "L-9"], ["show", "recovery", "RC-1"]] {
        let ran = house.run(&words);
        assert_eq!(ran.code, 2, "{words:?}");
        assert!(ran.err.contains(words[2]), "{}", ran.err);
    }
    assert_eq!(house.run(&["explain", "A-3"]).code, 1, "not decided yet");
    assert_eq!(house.run(&["explain", "A-9"]).code, 2);
}

#[test]
fn catalogues_are_checked_and_their_faults_named() {
    let shipped = repository("services/grants-policy/catalogue");
    let told = crate::house::run(&["--json", "policy", "check", shipped.to_str().unwrap()]);
    assert_eq!(told.code, 0, "{}", told.out);
    assert_eq!(told.json()["findings"], json!([]));
    assert_eq!(crate::house::run(&["policy", "check"]).code, 0);
    let folder =
        changed(&shipped, |text| text.replacen("rule = \"E6.above-scale\"", "rule = \"E6.above-skale\"", 1));
    let told = crate::house::run(&["--json", "policy", "check", folder.path().to_str().unwrap()]);
    assert_eq!(told.code, 1, "{}", told.out);
    assert!(told.out.contains("e6.toml"), "{}", told.out);
}

/// A folder with every file of another, changed.
fn changed(from: &Path, change: impl Fn(String) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files(from) {
        let to = folder.path().join(path.strip_prefix(from).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, change(String::from_utf8(bytes).unwrap())).unwrap();
    }
    folder
}

/// without the rule that says which day governs a catalogue gets neither through the check nor into a ledger, and
/// whoever wrote it is told where and what to write.
#[test]
fn a_catalogue_without_a_governing_day_is_refused_at_the_door() {
    let folder = changed(&repository("services/grants-policy/catalogue"), |text| {
        let governs = |line: &&str| line.starts_with("governing = ") && text.contains("\nid = \"E4.1\"\n");
        let lines = text.lines().filter(|line| !governs(line));
        lines.map(|line| format!("{line}\n")).collect()
    });
    let says =
        "measures/e4-1.toml:3: toml: missing field `governing`: say which day must fall inside the term";
    let path = folder.path().to_str().unwrap();
    let told = crate::house::run(&["--lang", "en", "policy", "check", path]);
    assert_eq!(told.code, 1, "{}{}", told.out, told.err);
    assert!(told.out.contains(says), "{}{}", told.out, told.err);
    let house = House::new();
    let events = house.events();
    let told = house.at(DAY, &["policy", "publish", path]);
    assert_ne!(told.code, 0, "{}{}", told.out, told.err);
    assert!(format!("{}{}", told.out, told.err).contains(says), "{}{}", told.out, told.err);
    assert_eq!(house.events(), events);
}

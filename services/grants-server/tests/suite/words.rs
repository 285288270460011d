//! Every text that the programs ask for stands in the catalogue of both languages, and none stands there unused.

use crate::house::repository;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Beginnings of the ids that sources name in full.
const NAMED: &[&str] = &["program-", "head-", "sheet-", "audit-", "backtest-", "entitlements-"];
/// Where they are named.
const SOURCES: &[&str] = &["services/grants-server/src", "services/grants-audit/src"];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found
}

/// Words in quotes that look like an id of a catalogue.
fn asked() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in SOURCES.iter().flat_map(|folder| sources(&repository(folder))) {
        let text = fs::read_to_string(path).unwrap();
        let id = |word: &&str| {
            NAMED.iter().any(|start| word.starts_with(start) && start.len() < word.len())
                && word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-')
        };
        found.extend(text.split('"').filter(id).map(str::to_owned));
    }
    found
}

fn held(lang: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in ["program", "audit", "backtest", "entitlements"] {
        let path = repository(&format!("services/grants-files/texts/{lang}/{file}.ftl"));
        let text = fs::read_to_string(path).unwrap();
        let ids = text.lines().filter_map(|line| line.split_once(" = ")).map(|(id, _)| id.to_owned());
        found.extend(ids.filter(|id| NAMED.iter().any(|start| id.starts_with(start))));
    }
    found
}

#[test]
fn what_is_asked_for_is_held_and_what_is_held_is_asked_for() {
    let asked = asked();
    assert!(100 < asked.len(), "{asked:?}");
    for lang in ["zh-CN", "en"] {
        let held = held(lang);
        let missing: Vec<&String> = asked.difference(&held).collect();
        assert!(missing.is_empty(), "the catalogue of {lang} lacks {missing:?}");
        let unused: Vec<&String> = held.difference(&asked).collect();
        assert!(unused.is_empty(), "nobody asks {lang} for {unused:?}");
    }
}

#[test]
fn what_cannot_be_done_is_said_in_the_language_that_was_asked_for() {
    let house = crate::house::House::new();
    for (lang, said) in [("zh", "模拟台账不知道今天是哪一天"), ("en", "does not know what day it is")]
    {
        let ran = house.run(&["--lang", lang, "--as", "reviewer:li", "decide"]);
        assert_eq!(ran.code, 2, "{lang}: {}", ran.out);
        assert!(ran.err.contains(said), "{lang}: {}", ran.err);
    }
}

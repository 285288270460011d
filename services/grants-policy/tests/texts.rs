//! Whole explanations, one for each kind of outcome, in both languages, as they were read and found good. A sentence
//! that changes shows here as a clerk will see it; `GRANTS_WRITE=1` writes the files anew, and the change is then read.

#![allow(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop where it is"
)]

use grants_domain::{
    events::Event,
    scenario::{Stage, parse},
};
use grants_policy::{Catalogue, End, Explanation, Language, Library, pack, shipped};
use std::{
    fs,
    path::{Path, PathBuf},
};

mod telling;

/// File, the story that leads to the outcome, and the applications it is about.
const KINDS: &[(&str, &str, &[&str])] = &[
    ("01-in-full", "v01", &["A-1"]),
    ("02-cut-by-a-cap", "v04", &["A-2"]),
    ("03-rounded-down", "v02", &["A-1"]),
    ("04-the-difference", "v20", &["A-2"]),
    ("05-cumulative-trains", "v15", &["A-5"]),
    ("06-interest", "v09", &["A-1"]),
    ("07-determined-by-a-document", "v21", &["A-3"]),
    ("08-refused-by-a-condition", "v06", &["A-1"]),
    ("09-refused-by-provincial-money", "v07", &["A-1"]),
    ("10-refused-by-a-used-up-cap", "v16", &["A-8"]),
    ("11-held-for-the-province", "provincial-result-granted", &["A-1"]),
    ("12-refused-for-a-better-one", "v20", &["A-4"]),
];

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests")
}

fn folder() -> PathBuf {
    tests().join("texts")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

#[test]
fn every_kind_of_outcome_is_told_as_it_was_read() {
    let renew = std::env::var_os("GRANTS_WRITE").is_some();
    for (name, story, about) in KINDS {
        let told = format!("{}\n{}", whole(story, about, Language::Zh), whole(story, about, Language::En));
        let file = folder().join(format!("{name}.txt"));
        if renew {
            fs::write(&file, &told).unwrap();
        }
        assert_eq!(told, read(&file), "{name}: read what changed, and renew with GRANTS_WRITE=1");
    }
}

#[test]
fn every_text_is_of_a_kind() {
    let mut files: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    let kinds: Vec<String> = KINDS.iter().map(|(name, ..)| format!("{name}.txt")).collect();
    assert_eq!(files, kinds);
}

/// Everything that is said of a story's decisions about some applications.
fn whole(story: &str, about: &[&str], lang: Language) -> String {
    let files = shipped();
    let catalogue = Catalogue::compile(&files).unwrap();
    let path = tests().join("scenarios/policy").join(format!("{story}.scenario"));
    let mut library = Library::new();
    let mut stage = Stage::new(&mut library, Some(&pack(&files))).unwrap();
    stage.play(&parse(&read(&path)).unwrap(), &|_, event| telling::sentences(&catalogue, event)).unwrap();
    let mut told = Vec::new();
    for event in stage.played().iter().flat_map(|one| &one.events) {
        let meant = |number: &str| about.contains(&number);
        if let Event::AwardProposed(fact) = event
            && meant(fact.application.as_str())
        {
            let end = End::Due { amount: fact.amount, holds: &fact.holds };
            told.extend(lines(&catalogue.explain(&fact.trace, &end, lang)));
        } else if let Event::ApplicationRejected(fact) = event
            && meant(fact.application.as_str())
        {
            let end = End::Refused(&fact.refused);
            told.extend(lines(&catalogue.explain(&fact.trace, &end, lang)));
        }
    }
    assert!(!told.is_empty(), "{story} says nothing");
    told.into_iter().map(|line| line + "\n").collect()
}

/// As `grants explain` shows it.
fn lines(told: &Explanation) -> Vec<String> {
    let marks = told.sentences.iter().map(|one| if one.met { ' ' } else { '×' });
    let numbered = telling::lines(told).into_iter().zip(marks).zip(1_u32..);
    let numbered = numbered.map(|((line, mark), number)| format!("{number:>3}.{mark}{line}"));
    let answers = told.interpretations.iter();
    let answers =
        answers.map(|one| format!("     {} {} → {}（{}）", one.id, one.question, one.answer, one.source));
    std::iter::once(told.title.clone()).chain(numbered).chain(answers).collect()
}

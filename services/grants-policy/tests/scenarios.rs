//! The stories of the policies hold: each is played against the shipped catalogue, with its sentences in both languages.
#![allow(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "helpers of tests: only decisions and refusals have sentences"
)]

use grants_domain::{
    events::Event,
    scenario::{Stage, parse},
    state::StateRead,
};
use grants_policy::{Catalogue, Library, pack, shipped};
use std::{
    fs,
    path::{Path, PathBuf},
};

mod telling; // what is said about an event

use telling::sentences;

/// The vectors of the policies; a story that is lost would otherwise go unnoticed.
const VECTORS: &[&str] = &[
    "v01", "v02", "v03", "v04", "v05", "v06", "v07", "v08", "v09", "v10", "v10b", "v11", "v12", "v13", "v14",
    "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22",
];

fn stories() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios/policy");
    let entries = fs::read_dir(&folder).unwrap_or_else(|fault| panic!("{}: {fault}", folder.display()));
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|end| end == "scenario")).collect();
    found.sort();
    found
}

#[test]
fn every_story_holds() {
    let (files, mut failures) = (shipped(), Vec::new());
    let catalogue = Catalogue::compile(&files).unwrap_or_else(|findings| panic!("{findings:?}"));
    let bytes = pack(&files);
    for path in stories() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let story =
            parse(&fs::read_to_string(&path).unwrap()).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert!(!story.title.is_empty(), "{name} has no title");
        let mut library = Library::new();
        let mut stage =
            Stage::new(&mut library, Some(&bytes)).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        let voice = |_: &dyn StateRead, event: &Event| sentences(&catalogue, event);
        if let Err(failure) = stage.play(&story, &voice) {
            failures.push(format!("{name}: {failure}"));
        }
        // What is told adds up, whether or not the story listens.
        stage
            .played()
            .iter()
            .flat_map(|one| &one.events)
            .for_each(|event| drop(sentences(&catalogue, event)));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_vector_has_its_story() {
    let names: Vec<String> = stories()
        .iter()
        .map(|path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    for vector in VECTORS {
        assert!(names.iter().any(|name| name == vector), "{vector} has no story");
    }
}

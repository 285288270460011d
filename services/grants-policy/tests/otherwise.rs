//! Answers that show themselves only behind a decision: each names a story, which holds under it and does not under the
//! answer in force. One assessment cannot show them, so no worked case can.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "helpers of tests: only decisions and refusals have sentences"
)]

use grants_domain::{
    events::Event,
    scenario::{Scenario, Stage, parse},
    state::StateRead,
};
use grants_policy::{Catalogue, Library, pack, shipped};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

mod answers; // catalogues with another answer
mod telling; // what is said about an event

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios/policy")
}

/// Interpretation, answer and story.
fn named() -> Vec<(String, String, String)> {
    let catalogue = Catalogue::compile(&shipped()).unwrap();
    let mut found = Vec::new();
    for one in catalogue.interpretations() {
        for option in &one.options {
            let story =
                option.story.iter().map(|story| (one.id.to_string(), option.id.to_string(), story.clone()));
            found.extend(story);
        }
    }
    found
}

/// Plays a story with its sentences under a set of files.
fn play(files: &BTreeMap<String, String>, story: &Scenario) -> Result<(), String> {
    let catalogue = Catalogue::compile(files).unwrap();
    let mut library = Library::new();
    let mut stage = Stage::new(&mut library, Some(&pack(files))).map_err(|fault| fault.to_string())?;
    let voice = |_: &dyn StateRead, event: &Event| telling::sentences(&catalogue, event);
    stage.play(story, &voice).map_err(|fault| fault.to_string())
}

#[test]
fn an_answer_with_a_story_comes_out_otherwise_in_it() {
    let (files, named) = (shipped(), named());
    let others = answers::alternatives(&files);
    assert!(named.len() > 1);
    for (id, answer, name) in &named {
        let own = folder().join(format!("under/{name}.scenario"));
        let path = if own.exists() { own } else { folder().join(format!("{name}.scenario")) };
        let text = fs::read_to_string(&path).unwrap_or_else(|fault| panic!("{id} {answer}: {name}: {fault}"));
        let story = parse(&text).unwrap();
        let under = answers::answered(&files, id, answer);
        play(&under, &story).unwrap_or_else(|fault| panic!("{name} under {id} {answer}: {fault}"));
        // Beside it stands the answer in force, or for that one any other.
        let in_force = !others.contains(&(id.clone(), answer.clone()));
        let beside = match in_force {
            true => {
                others.iter().find(|(of, _)| of == id).map(|(_, other)| answers::answered(&files, id, other))
            }
            false => Some(files.clone()),
        };
        assert!(play(&beside.unwrap(), &story).is_err(), "{name} comes out the same without {id} {answer}");
    }
}

#[test]
fn no_story_is_left_without_an_answer() {
    let named: BTreeSet<String> =
        named().into_iter().map(|(_, _, story)| format!("{story}.scenario")).collect();
    for entry in fs::read_dir(folder().join("under")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(named.contains(&name), "no answer names {name}");
    }
}

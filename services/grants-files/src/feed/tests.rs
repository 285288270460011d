//! What the public is told is what the ledger says, and nothing else.

mod masked; // what is never told
mod publish; // from log to outlet
mod schema; // the declarations and `proto/`
mod standing; // what is told stands in the ledger

use grants_domain::{
    events::Event,
    record::Envelope,
    scenario::{Stage, parse},
    state::MemoryState,
    testing::TinyRules,
};
use std::{fs, path::PathBuf};

use super::{Awards, Entry};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios/domain")
}

/// The events of a story of `tests/scenarios/domain`, as the log would have them.
pub(super) fn story(name: &str) -> Vec<Envelope> {
    let path = folder().join(format!("{name}.scenario"));
    let scenario = parse(&fs::read_to_string(&path).unwrap()).unwrap();
    let mut rules = TinyRules::new();
    let catalogue = (name != "application.submit").then_some(b"1000.00".as_slice());
    let mut stage = Stage::new(&mut rules, catalogue).unwrap();
    stage.play(&scenario, &|_, _| Vec::new()).unwrap();
    let mut envelopes = Vec::new();
    for played in stage.played() {
        let context = &played.context;
        for (event, sequence) in played.events.iter().zip(context.sequence..) {
            envelopes.push(Envelope {
                ledger: context.ledger,
                sequence,
                command_id: context.command,
                recorded_at: context.recorded_at,
                actor: Some(context.actor.clone()),
                version: 1,
                given: None,
                event: event.clone(),
            });
        }
    }
    envelopes
}

/// The names of all stories.
pub(super) fn stories() -> Vec<String> {
    let names = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> =
        names.filter_map(|name| name.to_str()?.strip_suffix(".scenario").map(str::to_owned)).collect();
    names.sort();
    assert!(50 < names.len(), "{names:?}");
    names
}

/// Everything that a story tells.
pub(super) fn entries(name: &str) -> Vec<Entry> {
    let mut awards = Awards::default();
    story(name).iter().filter_map(|envelope| awards.tell(envelope).unwrap()).collect()
}

/// Takes an event into a state.
pub(super) fn evolve(state: &mut MemoryState, envelope: &Envelope) {
    let recorded = grants_domain::context::Recorded { sequence: envelope.sequence, at: envelope.recorded_at };
    grants_domain::ledger::evolve(state, &envelope.event, recorded);
}

/// The word of the event that an entry tells of.
pub(super) fn word(event: &Event) -> &'static str {
    event.word()
}

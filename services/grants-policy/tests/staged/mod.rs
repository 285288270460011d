//! Stories that go on under a later version of the catalogue.

use grants_domain::{
    rules::Rules,
    scenario::{Stage, parse},
    state::MemoryState,
};
use grants_policy::pack;
use std::collections::BTreeMap;

/// Plays one part after the other, each under its own files, and gives the state at the end of the last.
pub(crate) fn played(rules: &mut dyn Rules, parts: &[(&BTreeMap<String, String>, &str)]) -> MemoryState {
    let (mut state, mut sequence, mut lines) = (MemoryState::default(), 0, 0);
    for (files, story) in parts {
        // A command of a story is named by its line, and no line may stand in two parts.
        let apart = "\n".repeat(lines);
        lines += story.lines().count();
        let mut stage = Stage::on(state, sequence, rules, Some(&pack(files))).unwrap();
        let story = parse(&format!("scenario: part\n{apart}{story}")).unwrap();
        stage.play(&story, &|_, _| Vec::new()).unwrap();
        let last = stage.played().last().unwrap();
        sequence = last.context.sequence + u64::from(last.answer.as_ref().unwrap().events);
        state = stage.state().clone();
    }
    state
}

//! What the stories of a catalogue come to.

use grants_domain::{
    award::AwardProposed,
    events::Event,
    scenario::{Stage, parse},
};
use grants_policy::{Library, admission, pack};
use std::collections::BTreeMap;

/// Plays a story under files that can be published; every award that was proposed in it.
pub(crate) fn under(files: &BTreeMap<String, String>, story: &str) -> Vec<AwardProposed> {
    let wrong = admission(files);
    assert!(wrong.is_empty(), "{wrong:?}");
    let mut library = Library::new();
    let mut stage = Stage::new(&mut library, Some(&pack(files))).unwrap();
    stage.play(&parse(&format!("scenario: one\n{story}")).unwrap(), &|_, _| Vec::new()).unwrap();
    let events = stage.played().iter().flat_map(|one| &one.events);
    let proposed =
        events.map(|event| if let Event::AwardProposed(fact) = event { Some(fact.clone()) } else { None });
    proposed.flatten().collect()
}

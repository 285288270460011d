//! The stories of the domain hold, and every verb's own story shows its refusals in their order.

#[path = "suite/play.rs"]
mod play;
#[path = "suite/verbs.rs"]
mod verbs;

use grants_domain::{
    commands::Command,
    scenario::{Failure, Played, Stage, parse},
    testing::TinyRules,
};
use std::collections::BTreeSet;

/// Refusals that need more than fits into a story; `suite/limits.rs` and `suite/followups.rs` make them.
const SHOWN_ELSEWHERE: &[(&str, &str)] = &[
    ("calendar.publish", "out-of-range"),
    ("enterprise.register", "out-of-range"),
    ("payment.instruct", "award-under-review"),
];

#[test]
fn every_story_holds() {
    let failures: Vec<String> = play::stories()
        .iter()
        .filter_map(|name| play::story(name).err().map(|fault| format!("{name}: {fault}")))
        .collect();
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn every_verb_has_a_story_that_shows_its_refusals_in_order() {
    let mut failures = Vec::new();
    for (_, verb) in Command::WORDS {
        let played = play::story(verb).unwrap_or_else(|fault| panic!("{verb}: {fault}"));
        let shown = refusals_of(verb, &played);
        let expected: Vec<&str> = verbs::refusals(verb)
            .iter()
            .filter(|code| !SHOWN_ELSEWHERE.contains(&(*verb, **code)))
            .copied()
            .collect();
        if shown != expected {
            failures.push(format!("{verb} shows {shown:?}, not {expected:?}"));
        }
        let succeeds = played.iter().any(|one| {
            one.line != 0
                && one.command.word() == *verb
                && one.answer.as_ref().is_some_and(|answer| answer.refused.is_none())
        });
        let opened_by_the_stage = *verb == "ledger.open";
        // What it takes to have work left over is in `suite/followups.rs`.
        if !succeeds && !opened_by_the_stage && *verb != "followup.continue" {
            failures.push(format!("{verb} never succeeds"));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn an_absence_names_an_event_that_there_is() {
    let ends = |line: &str| -> Result<(), Failure> {
        let mut rules = TinyRules::new();
        Stage::new(&mut rules, None)?.play(&parse(line)?, &|_, _| Vec::new())
    };
    assert_eq!(ends("then no award.reduced"), Ok(()));
    assert!(ends("then no ledger.opened").is_err());
    for misspelt in ["award.reduce", "award.reducd", "recovery"] {
        let told = ends(&format!("then no {misspelt}")).map_err(|failure| failure.message);
        assert_eq!(told, Err(format!("{misspelt} is not the word of an event")));
    }
}

/// The codes with which a verb was refused, each at its first place.
fn refusals_of(verb: &str, played: &[Played]) -> Vec<&'static str> {
    let mut seen = BTreeSet::new();
    played
        .iter()
        .filter(|one| one.command.word() == verb)
        .filter_map(|one| one.answer.as_ref()?.refused.as_ref().map(|refused| refused.code.word()))
        .filter(|code| seen.insert(*code))
        .collect()
}

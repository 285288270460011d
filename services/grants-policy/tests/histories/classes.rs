//! What a run must have met. A generator that never reaches a branch is a test that cannot fail.

use crate::play::Classes;
use grants_domain::{events::Event, refusal::RefusalCode};

/// Why nothing is met that comes of it.
const SHAPE: &str =
    "no enterprise of these is merged or split: grants-domain/tests/suite/histories/identities.rs does that";

/// Codes that no history of these meets, each with its reason.
const NEVER: &[(&str, &str)] = &[
    ("ledger-not-open", "every history begins with an open ledger"),
    ("policy-missing", "and with a policy"),
    ("award-under-review", "no fact here reaches more awards than one command looks at"),
];

/// Events, likewise.
const NO_EVENT: &[(&str, &str)] = &[
    ("ledger.opened", "every history begins with an open ledger"),
    ("followup.deferred", "no fact here reaches more awards than one command looks at"),
    ("followup.completed", "so nothing is left over"),
    ("enterprise.merged", SHAPE),
    ("enterprise.split", SHAPE),
    ("enterprise.unlinked", SHAPE),
    ("award.raised", ROOM),
    ("award.raise_delayed", ROOM),
];

/// Likewise.
const ROOM: &str = "no history is played under an answer by which parts that a cap cut come back: grants-domain/tests/suite/histories.rs does that";

/// Classes of outcomes that are met beside every code and every event.
const WANTED: &[&str] = &[
    "barred: decide by its own",
    "barred: decide by another's",
    "barred: confirm by its own",
    "barred: confirm by another's",
    "barred: instruct by its own",
    "barred: instruct by another's",
    "paid by several: proposed",
    "paid by several: queued",
    "paid by several: dequeued",
    "paid by several: reduced",
    "paid by several: settled",
    "paid by several: returned",
    "paid by several: recovery proposed",
    "paid by several: recovery received",
    "keeps room: reduced",
    "keeps room: revoked",
    "keeps room: recovery received",
    "cut with others of the group",
    "cut with linked projects",
    "another code: proposed",
    "another code: settled",
    "term issued-three-years",
    "term issued-to-anniversary",
    "term published",
    "term published-to-anniversary",
];

/// Fails if a class of outcome was not met.
pub(crate) fn every_one_is_met(classes: &Classes) {
    let met = |code: &str| {
        let is = |class: &String| {
            let told = class.split_once(": ").map(|(_, told)| told).unwrap_or_default();
            told.split(' ').next() == Some(code)
        };
        classes.keys().any(is)
    };
    for code in RefusalCode::ALL {
        let exempt = NEVER.iter().any(|(one, _)| *one == code.word());
        assert_eq!(met(code.word()), !exempt, "{code}");
    }
    for class in WANTED {
        assert!(classes.contains_key(*class), "{class}");
    }
    for (_, word) in Event::WORDS {
        let exempt = NO_EVENT.iter().any(|(one, _)| one == word);
        assert_eq!(classes.contains_key(&format!("event {word}")), !exempt, "{word}");
    }
}

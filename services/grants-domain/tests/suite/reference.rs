//! The reference says what the code does: every verb with its roles, fields, refusals and events, every event with
//! its fields, every limit with its value.

use crate::{verbs, wire};
use grants_domain::{
    application::submit, artifact::record_chunk, budget::allocate, calendar::publish, commands,
    commands::Command, events::Event, followup, people, record, refusal::RefusalCode, sanction, trace,
    values::Fen,
};
use std::{collections::BTreeSet, fs, path::Path};

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference").join(name);
    fs::read_to_string(&path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

/// The headings of a page with the text under each.
fn sections(page: &str) -> Vec<(&str, &str)> {
    let parts = page.split("\n## `").skip(1);
    parts
        .map(|part| part.split_once("`\n").unwrap_or_else(|| panic!("a heading without a word: {part}")))
        .collect()
}

/// The words in back quotes at the beginning of each row of a table.
fn fields_told(section: &str) -> Vec<&str> {
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split('`').next()).collect()
}

#[test]
fn every_verb_is_told_with_its_roles_and_fields() {
    let page = page("commands.md");
    let told = sections(&page);
    let words: Vec<&str> = Command::WORDS.iter().map(|(_, word)| *word).collect();
    assert_eq!(told.iter().map(|(word, _)| *word).collect::<Vec<_>>(), words);
    let samples = wire::sample_commands();
    for (word, section) in told {
        let command = samples.iter().find(|command| command.word() == word).unwrap();
        let roles: Vec<String> = command.roles().iter().map(|role| format!("`{role}`")).collect();
        assert!(section.contains(&format!("\nRoles: {}\n", roles.join(", "))), "{word}: {roles:?}");
        assert_eq!(fields_told(section), wire::fields_of("command.jsonl", word), "fields of {word}");
    }
}

#[test]
fn every_refusal_of_a_verb_is_told_in_its_order() {
    let page = page("commands.md");
    for (word, section) in sections(&page) {
        let numbered = section.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_digit()));
        let told: Vec<&str> = numbered.filter_map(|line| line.split('`').nth(1)).collect();
        assert_eq!(told, verbs::refusals(word), "{word}");
    }
}

#[test]
fn every_event_is_told_with_its_fields_and_its_makers() {
    let events = page("events.md");
    let told = sections(&events);
    let words: Vec<&str> = Event::WORDS.iter().map(|(_, word)| *word).collect();
    assert_eq!(told.iter().map(|(word, _)| *word).collect::<Vec<_>>(), words);
    for (word, section) in told {
        assert!(section.contains("\nMade by: "), "who makes {word}?");
        assert_eq!(fields_told(section), wire::fields_of("event.jsonl", word), "fields of {word}");
    }
    let commands = page("commands.md");
    for word in words {
        assert!(commands.contains(&format!("`{word}`")), "no verb tells of {word}");
    }
}

/// What the verbs of this table refuse, and what a catalogue may deny, is all there is to refuse.
#[test]
fn every_code_is_refused_by_somebody() {
    let by_verbs: BTreeSet<&str> = verbs::REFUSALS.iter().flat_map(|(_, codes)| *codes).copied().collect();
    let by_everybody = ["role-not-allowed", "ledger-not-open"];
    let by_clauses = [
        "budget-short",
        "rate-missing",
        "not-in-force",
        "condition-not-met",
        "excluded-by-overlap",
        "already-awarded",
        "evidence-consumed",
        "outside-band",
        "cap-exhausted",
        "nothing-due",
    ];
    let known: BTreeSet<&str> = by_verbs.into_iter().chain(by_everybody).chain(by_clauses).collect();
    let all: BTreeSet<&str> = RefusalCode::ALL.iter().map(|code| code.word()).collect();
    assert_eq!(known, all);
    let refusals = page("refusals.md");
    for code in all {
        assert!(refusals.contains(&format!("\n## `{code}`\n")), "refusals.md lacks {code}");
    }
}

#[test]
fn every_limit_is_told_with_its_value() {
    let page = page("limits.md");
    let row = |name: &str| page.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
    for name in limits_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        assert!(row(&name).is_some(), "limits.md lacks {name}");
    }
    let values = [
        ("COMMAND_BYTES_MAX", commands::COMMAND_BYTES_MAX),
        ("ENVELOPE_BYTES_MAX", record::ENVELOPE_BYTES_MAX),
        ("CONSEQUENCES_MAX", followup::CONSEQUENCES_MAX),
        ("CONSEQUENCE_BYTES_MAX", followup::CONSEQUENCE_BYTES_MAX),
        ("FACTS_MAX", submit::FACTS_MAX),
        ("EVIDENCE_MAX", submit::EVIDENCE_MAX),
        ("APPLICATION_BYTES_MAX", submit::APPLICATION_BYTES_MAX),
        ("FACT_TEXT_MAX", trace::FACT_TEXT_MAX),
        ("SEALED_BYTES_MAX", people::SEALED_BYTES_MAX),
        ("CHUNK_BYTES_MAX", record_chunk::CHUNK_BYTES_MAX),
        ("CHUNKS_MAX", usize::try_from(record_chunk::CHUNKS_MAX).unwrap()),
        ("LINE_MEASURES_MAX", allocate::LINE_MEASURES_MAX),
        ("SANCTIONS_MAX", sanction::SANCTIONS_MAX),
        ("SANCTION_MEASURES_MAX", sanction::SANCTION_MEASURES_MAX),
        ("CALENDAR_PERIODS_MAX", publish::CALENDAR_PERIODS_MAX),
        ("CALENDAR_WORKING_MAX", publish::CALENDAR_WORKING_MAX),
    ];
    for (name, value) in values {
        let told = row(name).and_then(|row| row.split('|').nth(2)).unwrap().trim().to_owned();
        let number: String = told.split(' ').next().unwrap().chars().filter(|one| *one != ',').collect();
        assert_eq!(number, value.to_string(), "{name}");
    }
    assert!(row("Fen::MAX").unwrap().contains(&Fen::MAX.grouped()));
}

/// Names of constants that end like a limit, outside tests and outside the tests' own policy.
fn limits_in(folder: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("testing") {
            names.extend(limits_in(&path));
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap();
            let constants =
                text.lines().filter_map(|line| line.trim_start().split("const ").nth(1)?.split_once(": "));
            let limits = constants
                .map(|(name, _)| name)
                .filter(|name| ["_MAX", "_MIN", "_SHOWN", "_USUAL"].iter().any(|end| name.ends_with(end)));
            names.extend(limits.map(str::to_owned));
        }
    }
    names
}

//! What is never told: who a natural person is, accounts, officers, bank references, and what people wrote.

use grants_domain::{events::Event, people::Sealed, record::Envelope, values::Date, wire::Message};
use serde_json::Value as Json;

use super::{stories, story};
use crate::feed::{Awards, Entry, Record, entry::PayeeKind};

/// Names of fields of events whose text people wrote, or that say who somebody is or where money goes.
const SECRET: [&str; 14] = [
    "reason",
    "bank_reference",
    "document",
    "payee",
    "payee_person",
    "confirmed_by",
    "approved_by",
    "decided_by",
    "submitted_by",
    "waits_for",
    "title",
    "name",
    "source",
    "application",
];

/// Every text below a field of one of these names. Short words could stand anywhere by chance.
fn secrets(json: &Json, below: bool, found: &mut Vec<String>) {
    match json {
        Json::Object(fields) => {
            fields
                .iter()
                .for_each(|(name, value)| secrets(value, below || SECRET.contains(&name.as_str()), found));
        }
        Json::Array(items) => items.iter().for_each(|item| secrets(item, below, found)),
        Json::String(text) if below && 3 < text.len() => found.push(text.clone()),
        Json::String(_) | Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Words of closed lists, such as roles and rules, are shared with the public: they are not what anybody wrote.
fn is_word(text: &str) -> bool {
    text.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'-')
}

#[test]
fn no_record_has_a_text_that_people_wrote_or_an_account() {
    let mut looked = 0;
    for name in stories() {
        let (mut secret, mut records) = (Vec::new(), Vec::new());
        let mut awards = Awards::default();
        for envelope in story(&name) {
            secrets(&serde_json::to_value(&envelope.event).unwrap(), false, &mut secret);
            secret.extend(envelope.actor.iter().map(|actor| actor.id.to_string()));
            records.extend(awards.tell(&envelope).unwrap().as_ref().map(Record::of));
        }
        secret.retain(|text| !is_word(text) && text.parse::<Date>().is_err());
        looked += secret.len();
        for Record { headers, value, .. } in records {
            for text in &secret {
                assert!(!contains(&value, text), "{name}: {text} is told");
                assert!(headers.iter().all(|(_, header)| !header.contains(text.as_str())), "{name}: {text}");
            }
        }
    }
    assert!(500 < looked, "{looked}");
}

/// A person's award is told without the person, and without the enterprise and project that would lead to them.
#[test]
fn an_award_of_a_natural_person_is_told_without_saying_whose() {
    let mut awards = Awards::default();
    let envelopes = story("person-as-payee");
    let person = envelopes.iter().find_map(|one| {
        let Event::ApplicationSubmitted(fact) = &one.event else { return None };
        Some((fact.payee_person.clone()?, fact.enterprise.clone()))
    });
    let (Sealed { person, bytes, .. }, enterprise) = person.unwrap();
    let told: Vec<Entry> = envelopes.iter().filter_map(|one: &Envelope| awards.tell(one).unwrap()).collect();
    let theirs: Vec<&Entry> = told.iter().filter(|one| one.award.payee == PayeeKind::NaturalPerson).collect();
    assert!(theirs.iter().any(|one| one.change.word() == "award.confirmed"), "{told:?}");
    for entry in theirs {
        assert_eq!((&entry.award.enterprise, &entry.award.project), (&None, &None));
        let stored = entry.encode();
        for secret in [&person.0[..], &bytes.0[..], enterprise.as_str().as_bytes()] {
            assert!(!stored.windows(secret.len()).any(|window| window == secret), "{entry:?}");
        }
    }
}

//! Golden bytes of every command, every event and the envelope: they decode to equal values and encode to the same
//! bytes, by this build and every later one.

use crate::compare::{self, Seen};
use grants_domain::{
    commands::Command,
    events::Event,
    record::Envelope,
    wire::{Blob, Message},
};
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::fmt::Debug;

#[derive(Deserialize)]
pub(crate) struct Golden {
    pub(crate) bytes: Blob,
    pub(crate) value: Value,
}

pub(crate) fn pool() -> DescriptorPool {
    DescriptorPool::decode(grants_proto::descriptor_set()).unwrap()
}

fn read(text: &str) -> Vec<Golden> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub(crate) fn commands() -> Vec<Golden> {
    read(include_str!("../golden/v1/command.jsonl"))
}

pub(crate) fn events() -> Vec<Golden> {
    read(include_str!("../golden/v1/event.jsonl"))
}

pub(crate) fn envelopes() -> Vec<Golden> {
    read(include_str!("../golden/v1/envelope.jsonl"))
}

/// Bytes to value, value to bytes, and the same value seen through the schema alone.
fn holds<M>(golden: &Golden, schema: &MessageDescriptor, seen: &mut Seen)
where
    M: Message + Serialize + DeserializeOwned + PartialEq + Debug,
{
    let Golden { bytes, value } = golden;
    let stored: M = M::decode(&bytes.0).unwrap_or_else(|fault| panic!("{value}: {fault}"));
    let told: M = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(stored, told);
    assert_eq!(Blob(stored.encode()), *bytes, "{value} encodes differently");
    let decoded = DynamicMessage::decode(schema.clone(), bytes.0.as_slice()).unwrap();
    compare::same(&decoded, &serde_json::to_value(&stored).unwrap(), M::NAME, seen);
}

fn word(golden: &Golden) -> &str {
    golden.value.as_object().unwrap().keys().next().unwrap()
}

/// One golden for each word, in the order of the table.
fn complete(goldens: &[Golden], words: &[(u32, &str)]) {
    let missing: Vec<_> =
        words.iter().filter(|(_, name)| goldens.iter().all(|one| word(one) != *name)).collect();
    assert!(missing.is_empty(), "no golden bytes for {missing:?}; examples/golden.rs makes them");
    assert!(
        goldens.iter().all(|one| words.iter().any(|(_, name)| word(one) == *name)),
        "a golden of no known word"
    );
}

#[test]
fn every_command_event_and_envelope_reads_the_same_through_the_schema() {
    let (pool, mut seen) = (pool(), Seen::default());
    let schema = |name: &str| pool.get_message_by_name(name).unwrap();
    complete(&commands(), Command::WORDS);
    complete(&events(), Event::WORDS);
    for golden in commands() {
        holds::<Command>(&golden, &schema("grants.command.v1.Command"), &mut seen);
    }
    for golden in events() {
        holds::<Event>(&golden, &schema("grants.event.v1.Event"), &mut seen);
    }
    for golden in envelopes() {
        holds::<Envelope>(&golden, &schema("grants.record.v1.Envelope"), &mut seen);
    }
    let unseen: Vec<String> = pool
        .all_messages()
        .flat_map(|message| message.fields().collect::<Vec<_>>())
        .map(|field| field.full_name().to_owned())
        .filter(|name| !seen.contains(name))
        .collect();
    assert!(unseen.is_empty(), "the code never writes, or no golden shows: {unseen:?}");
}

#[test]
fn what_is_optional_in_the_schema_is_optional_in_the_code() {
    let pool = pool();
    let cases = [
        ("grants.command.v1.Command", commands()),
        ("grants.event.v1.Event", events()),
        ("grants.record.v1.Envelope", envelopes()),
    ];
    for (name, goldens) in cases {
        let schema = pool.get_message_by_name(name).unwrap();
        for golden in goldens {
            for (place, optional) in compare::singular_fields(&schema, &golden.value) {
                let mut without = golden.value.clone();
                *without.pointer_mut(&place).unwrap() = Value::Null;
                let reads = match name {
                    "grants.command.v1.Command" => serde_json::from_value::<Command>(without).is_ok(),
                    "grants.event.v1.Event" => serde_json::from_value::<Event>(without).is_ok(),
                    _ => serde_json::from_value::<Envelope>(without).is_ok(),
                };
                assert_eq!(reads, optional, "{name}{place}");
            }
        }
    }
}

/// Every change of one byte is refused or gives another value that again has exactly one encoding.
#[test]
fn no_two_byte_strings_mean_the_same() {
    for golden in events() {
        for place in 0..golden.bytes.0.len() {
            let mut bytes = golden.bytes.0.clone();
            bytes[place] ^= 1;
            if let Ok(event) = Event::decode(&bytes) {
                assert_eq!(event.encode(), bytes, "byte {place} of {}", word(&golden));
            }
        }
    }
}

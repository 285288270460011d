//! One value, one encoding: random values of every command and every event go there and back, and bytes that were
//! changed are refused or mean another value that again has exactly one encoding.
//!
//! The values start from the golden ones of `grants-proto`, which has one for every word, and change everywhere.

use crate::chance::{Chance, scaled, seeds};
use grants_domain::{commands::Command, events::Event, wire::Message};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{collections::BTreeMap, fmt::Debug, path::Path};

fn goldens(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../grants-proto/tests/golden/v1").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["value"].clone()).collect()
}

/// One command for every verb.
pub(crate) fn sample_commands() -> Vec<Command> {
    let all: Vec<Command> =
        goldens("command.jsonl").into_iter().map(|value| serde_json::from_value(value).unwrap()).collect();
    let mut by_word: BTreeMap<&str, Command> = BTreeMap::new();
    for command in all {
        by_word.entry(command.word()).or_insert(command);
    }
    assert_eq!(by_word.len(), Command::WORDS.len());
    by_word.into_values().collect()
}

/// What a text may become: ends of ranges, other types, other alphabets.
const OTHERS: &[&str] = &[
    "0.00",
    "9999999999999.99",
    "0.01",
    "1900-01-01",
    "2024-02-29",
    "9999-12-31",
    "0001-01-01",
    "2024-01-01/2024-12-31",
    "AW-0",
    "AW-18446744073709551615",
    "PY-7",
    "RC-7",
    "A",
    "a.b-c_d",
    "示例",
    "𠀀𠀁",
    "money:0.01",
    "count:18446744073709551615",
    "date:2024-02-29",
    "rate:0.0345",
    "flag:no",
    "word:高新技术企业",
    "exact:1000/3",
    "",
    "00",
    "ffffffffffffffffffffffffffffffff",
    "91411702MA40ABCD1D",
    "411702000",
    "2403-411721-04-01-700011",
    "622200000000007001",
    "102521000335",
    "1969-12-31T23:59:59.999999+08:00",
];

/// Changes one value somewhere below.
fn change(value: &mut Value, chance: &mut Chance) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let place = chance.below(fields.len());
            let (_, field) = fields.iter_mut().nth(place).unwrap();
            if chance.once_in(12) {
                *field = Value::Null;
            } else {
                change(field, chance);
            }
        }
        Value::Array(items) => match chance.below(4) {
            0 if !items.is_empty() => {
                let copy = chance.pick(items).clone();
                items.push(copy);
            }
            1 if !items.is_empty() => {
                let place = chance.below(items.len());
                items.remove(place);
            }
            _ if !items.is_empty() => {
                let place = chance.below(items.len());
                change(&mut items[place], chance);
            }
            _ => {}
        },
        Value::Bool(flag) => *flag = !*flag,
        Value::Number(_) => {
            let numbers = [0, 1, 127, 128, u64::from(u32::MAX), u64::MAX, chance.next()];
            *value = Value::from(*chance.pick(&numbers));
        }
        Value::String(text) => match chance.below(4) {
            0 if text.contains('-') => {
                let name = text.split('-').next().unwrap_or_default();
                *text = format!("{name}-{}", chance.next());
            }
            0 => text.push('Z'),
            1 => text.extend(text.clone().chars().take(1 + chance.below(3))),
            _ => (*chance.pick(OTHERS)).clone_into(text),
        },
        Value::Null | Value::Object(_) => {}
    }
}

/// There and back, as bytes and as JSON.
fn holds<M>(golden: &Value, chance: &mut Chance, rounds: usize) -> usize
where
    M: Message + Serialize + DeserializeOwned + PartialEq + Debug,
{
    let (mut value, mut different) = (golden.clone(), 0);
    for _ in 0..rounds {
        let mut next = value.clone();
        change(&mut next, chance);
        let Ok(message) = serde_json::from_value::<M>(next.clone()) else { continue };
        let bytes = message.encode();
        assert_eq!(M::decode(&bytes).as_ref(), Ok(&message), "{next}");
        let json = serde_json::to_value(&message).unwrap();
        assert_eq!(serde_json::from_value::<M>(json).unwrap(), message, "{next}");
        disturb::<M>(bytes, chance);
        different += usize::from(next != value);
        // A long walk away from the golden value, but not to enormous lists.
        value = if next.to_string().len() < 4_000 { next } else { golden.clone() };
    }
    different
}

/// Bytes that were changed never panic, and whatever is read from them writes them again.
fn disturb<M: Message + Debug>(mut bytes: Vec<u8>, chance: &mut Chance) {
    for _ in 0..=chance.below(3) {
        let place = chance.below(bytes.len().max(1));
        match chance.below(5) {
            0 => bytes.truncate(place),
            1 => bytes.insert(place.min(bytes.len()), chance.next().to_le_bytes()[0]),
            2 if place < bytes.len() => {
                bytes.remove(place);
            }
            3 if place < bytes.len() => {
                let from = bytes[place..].to_vec();
                bytes.extend(from.into_iter().take(40));
            }
            _ if place < bytes.len() => bytes[place] ^= 1 << chance.below(8),
            _ => {}
        }
    }
    if let Ok(read) = M::decode(&bytes) {
        assert_eq!(read.encode(), bytes, "{read:?}");
    }
}

#[test]
fn every_command_has_one_encoding() {
    for seed in seeds(2) {
        let mut chance = Chance::new(seed);
        for golden in goldens("command.jsonl") {
            let different = holds::<Command>(&golden, &mut chance, scaled(600));
            assert!(20 < different, "GRANTS_SEED={seed}: only {different} values of {golden}");
        }
    }
}

#[test]
fn every_event_has_one_encoding() {
    for seed in seeds(2) {
        let mut chance = Chance::new(seed);
        for golden in goldens("event.jsonl") {
            let different = holds::<Event>(&golden, &mut chance, scaled(600));
            assert!(20 < different, "GRANTS_SEED={seed}: only {different} values of {golden}");
        }
    }
}

#[test]
fn noise_is_no_message() {
    let mut chance = Chance::new(7);
    for _ in 0..scaled(20_000) {
        let length = chance.below(64);
        let bytes: Vec<u8> = (0..length).map(|_| chance.next().to_le_bytes()[0]).collect();
        if let Ok(read) = Command::decode(&bytes) {
            assert_eq!(read.encode(), bytes);
        }
        if let Ok(read) = Event::decode(&bytes) {
            assert_eq!(read.encode(), bytes);
        }
    }
}

/// The fields of a word, in the order in which they stand, over all its golden values.
pub(crate) fn fields_of(name: &str, word: &str) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    let typed = |value: &Value| match name {
        "command.jsonl" => {
            serde_json::to_value(serde_json::from_value::<Command>(value.clone()).unwrap()).unwrap()
        }
        _ => serde_json::to_value(serde_json::from_value::<Event>(value.clone()).unwrap()).unwrap(),
    };
    for golden in goldens(name).iter().filter(|golden| golden.get(word).is_some()) {
        fields = typed(golden)[word].as_object().unwrap().keys().cloned().collect();
    }
    assert!(!fields.is_empty(), "{word} has no golden value");
    fields
}

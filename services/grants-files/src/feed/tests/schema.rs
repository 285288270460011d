//! The declarations and `proto/grants/public/v1` say the same, and the schema reads what is written.

use grants_domain::{values::Fen, wire::Message};
use prost_reflect::{
    DescriptorPool, DynamicMessage, Kind, MessageDescriptor, ReflectMessage, Value as Proto,
};
use serde_json::Value as Json;
use std::collections::BTreeSet;

use super::{entries, stories};
use crate::feed::{
    Entry, Record,
    entry::{AwardStatus, Change, PayeeKind},
};

fn schema() -> DescriptorPool {
    DescriptorPool::decode(grants_proto::public_descriptor_set()).unwrap()
}

fn entry() -> MessageDescriptor {
    schema().get_message_by_name("grants.public.v1.Entry").unwrap()
}

/// The word of an enum value: `AWARD_STATUS_PROPOSED` is `proposed`.
fn word(list: &str, value: &str) -> String {
    let prefix: String = list
        .chars()
        .flat_map(|one| one.is_uppercase().then_some('_').into_iter().chain(one.to_uppercase()))
        .collect();
    value.strip_prefix(&format!("{}_", &prefix[1..])).unwrap().to_lowercase().replace('_', "-")
}

/// Fails unless both say the same, and notes which fields were filled.
fn same(message: &DynamicMessage, json: &Json, seen: &mut BTreeSet<String>) {
    assert_eq!(message.unknown_fields().count(), 0, "{json}");
    let mut left = json.as_object().unwrap().clone();
    for field in message.descriptor().fields() {
        let of_choice = field.containing_oneof().is_some_and(|one| !one.is_synthetic());
        let name = if of_choice { field.name().replacen('_', ".", 1) } else { field.name().to_owned() };
        match left.remove(&name) {
            None | Some(Json::Null) => {
                assert!(!message.has_field(&field), "{name} is in the bytes alone: {json}")
            }
            Some(told) => {
                let value = message.get_field(&field);
                let pairs: Vec<(&Proto, &Json)> = match (value.as_list(), told.as_array()) {
                    (Some(list), Some(items)) => {
                        assert_eq!(list.len(), items.len());
                        list.iter().zip(items).collect()
                    }
                    _ => vec![(&*value, &told)],
                };
                for (value, told) in pairs {
                    seen.insert(field.full_name().to_owned());
                    match (value, told) {
                        (Proto::Message(inner), told) => same(inner, told, seen),
                        (Proto::String(text), Json::String(told)) => assert_eq!(text, told),
                        (Proto::Bool(flag), Json::Bool(told)) => assert_eq!(flag, told),
                        (Proto::U32(number), Json::Number(told)) => {
                            assert_eq!(Some(u64::from(*number)), told.as_u64())
                        }
                        (Proto::U64(number), Json::Number(told)) => assert_eq!(Some(*number), told.as_u64()),
                        (Proto::I64(fen), Json::String(told)) => {
                            assert_eq!(Fen::new(*fen), told.parse::<Fen>())
                        }
                        (Proto::EnumNumber(number), Json::String(told)) => {
                            let Kind::Enum(list) = field.kind() else { panic!("{name}") };
                            let value = list.get_value(*number).unwrap();
                            assert_eq!(word(list.name(), value.name()), *told);
                        }
                        (value, told) => panic!("{name}: {value:?} and {told}"),
                    }
                }
            }
        }
    }
    assert!(left.is_empty(), "the schema lacks {left:?}");
}

#[test]
fn the_schema_reads_every_entry_and_every_field_is_written() {
    let (schema, mut seen) = (entry(), BTreeSet::new());
    for name in stories() {
        for told in entries(&name) {
            let bytes = Record::of(&told).value;
            assert_eq!(Entry::decode(&bytes).unwrap(), told);
            let decoded = DynamicMessage::decode(schema.clone(), bytes.as_slice()).unwrap();
            same(&decoded, &serde_json::to_value(&told).unwrap(), &mut seen);
        }
    }
    let pool = schema.parent_pool();
    let fields = pool.all_messages().flat_map(|message| message.fields().collect::<Vec<_>>());
    let unseen: Vec<String> =
        fields.map(|field| field.full_name().to_owned()).filter(|name| !seen.contains(name)).collect();
    assert!(unseen.is_empty(), "no story fills {unseen:?}");
}

#[test]
fn closed_lists_and_changes_have_the_same_words_and_numbers() {
    let pool = schema();
    let told = |list: &str| -> Vec<(u64, String)> {
        let list = pool.get_enum_by_name(&format!("grants.public.v1.{list}")).unwrap();
        let values =
            list.values().map(|one| (u64::try_from(one.number()).unwrap(), word(list.name(), one.name())));
        values.filter(|(number, _)| *number != 0).collect()
    };
    let status: Vec<_> = AwardStatus::ALL.iter().map(|one| (one.number(), one.word().to_owned())).collect();
    let payee: Vec<_> = PayeeKind::ALL.iter().map(|one| (one.number(), one.word().to_owned())).collect();
    assert_eq!((told("AwardStatus"), told("PayeeKind")), (status, payee));
    let changes = pool.get_message_by_name("grants.public.v1.Change").unwrap();
    let fields: Vec<(u32, String)> =
        changes.fields().map(|field| (field.number(), field.name().replacen('_', ".", 1))).collect();
    let words: Vec<(u32, String)> =
        Change::WORDS.iter().map(|(number, word)| (*number, (*word).to_owned())).collect();
    assert_eq!(fields, words);
}

/// 拟核定 of AW-7, 100.00 元, of the story `payment.settle`.
const GOLDEN: &str = "0a20353135313531353135313531353135313531353135313531353135313531353110071a20323032342d3036\
    2d30315430393a30303a30382e3030303030302b30383a303022310a0441572d371205706c61696e1801220a32\
    3032342d30362d30312801321239313431313730324d4134304142434431442a050a0308904e321f0801100018\
    904e2000280032120a0934313137303230303010904e18002000";

/// What was released never changes: one entry, to the byte.
#[test]
fn an_entry_has_the_bytes_that_it_always_had() {
    let first = entries("payment.settle").into_iter().next().unwrap();
    let hex: String = first.encode().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, GOLDEN, "{first:?}");
}

#[test]
fn a_record_is_a_cloud_event() {
    let all = entries("payment.settle");
    let settled = all.iter().find(|entry| entry.change.word() == "payment.settled").unwrap();
    let Record { sequence, key, headers, .. } = Record::of(settled);
    let ledger = "51".repeat(16);
    let told: Vec<(&str, String)> = vec![
        ("ce_specversion", "1.0".to_owned()),
        ("ce_id", format!("{ledger}-{sequence}")),
        ("ce_source", format!("urn:grants:ledger:{ledger}")),
        ("ce_type", "grants.payment.settled.v1".to_owned()),
        ("ce_time", settled.recorded_at.to_string()),
        ("ce_subject", key.clone()),
        ("ce_dataschema", "urn:grants:schema:grants.public.v1.Entry".to_owned()),
        ("ce_sequence", format!("{sequence:020}")),
        ("content-type", "application/protobuf".to_owned()),
    ];
    assert_eq!(headers, told);
    assert!(key.starts_with("AW-") && settled.recorded_at.as_str().ends_with("+08:00"), "{settled:?}");
}

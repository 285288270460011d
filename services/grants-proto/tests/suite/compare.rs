//! Compares a message decoded by the schema alone with what the domain prints as JSON.
//!
//! The two write some values differently: money is 分 here and 元 with two decimals there, days and times are numbers
//! here and dates there, names that the ledger gives are numbers here and `AW-41` there, bytes are hexadecimal.

use grants_domain::values::{CommandId, Date, Fen, Timestamp};
use prost_reflect::{
    DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage, Value as Proto,
};
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

/// Full names of the fields that some golden has filled.
pub(crate) type Seen = BTreeSet<String>;

/// Fails unless both say the same, field by field, and the schema knows every byte.
pub(crate) fn same(message: &DynamicMessage, json: &Json, at: &str, seen: &mut Seen) {
    let unknown: Vec<u32> = message.unknown_fields().map(prost_reflect::UnknownField::number).collect();
    assert!(unknown.is_empty(), "{at}: the schema lacks the fields {unknown:?}");
    let json = json.as_object().unwrap_or_else(|| panic!("{at}: {json} is not an object"));
    for field in message.descriptor().fields() {
        let name = json_name(&field);
        let place = format!("{at}.{name}");
        match json.get(&name) {
            None | Some(Json::Null) => assert!(!message.has_field(&field), "{place} is in the bytes alone"),
            Some(value) => {
                assert!(
                    value_fits(&message.get_field(&field), value, &field, &place, seen),
                    "{place}: {value}"
                );
                if !matches!(value, Json::Array(items) if items.is_empty()) {
                    seen.insert(field.full_name().to_owned());
                }
            }
        }
    }
    let known: BTreeSet<String> = message.descriptor().fields().map(|field| json_name(&field)).collect();
    let surplus: Vec<_> = json.keys().filter(|key| !known.contains(*key)).collect();
    assert!(surplus.is_empty(), "{at}: the schema lacks {surplus:?}");
}

/// In a `oneof` the domain's word has a dot, and a field's name an underscore.
pub(crate) fn json_name(field: &FieldDescriptor) -> String {
    match field.containing_oneof() {
        Some(one) if !one.is_synthetic() => field.name().replacen('_', ".", 1),
        Some(_) | None => field.name().to_owned(),
    }
}

fn value_fits(proto: &Proto, json: &Json, field: &FieldDescriptor, at: &str, seen: &mut Seen) -> bool {
    match (proto, json) {
        (Proto::List(list), Json::Array(items)) => {
            assert_eq!(list.len(), items.len(), "{at}");
            list.iter().zip(items).all(|(one, item)| value_fits(one, item, field, at, seen))
        }
        (Proto::Message(inner), Json::Object(_)) => {
            same(inner, json, at, seen);
            true
        }
        (Proto::Bool(flag), Json::Bool(told)) => flag == told,
        (Proto::String(text), Json::String(told)) => text == told,
        (Proto::U32(number), Json::Number(told)) => told.as_u64() == Some(u64::from(*number)),
        (Proto::U64(number), Json::Number(told)) => told.as_u64() == Some(*number),
        (Proto::U64(number), Json::String(told)) => {
            told.split_once('-').is_some_and(|(_, id)| id == number.to_string())
        }
        (Proto::I64(number), Json::String(told)) => signed(told) == Some(*number),
        (Proto::EnumNumber(number), Json::String(told)) => enum_word(field, *number) == *told,
        (Proto::Bytes(bytes), Json::String(told)) => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            hex == *told || told.parse::<CommandId>().is_ok_and(|id| id.bytes() == bytes.as_ref())
        }
        _ => false,
    }
}

fn signed(text: &str) -> Option<i64> {
    let money = || text.parse::<Fen>().ok().map(Fen::get);
    let day = || text.parse::<Date>().ok().map(|date| i64::from(date.days()));
    let time = || text.parse::<Timestamp>().ok().map(Timestamp::micros);
    day().or_else(time).or_else(money)
}

/// `ROLE_REVIEWER` of `Role` is the word `reviewer`.
pub(crate) fn enum_word(field: &FieldDescriptor, number: i32) -> String {
    let Kind::Enum(list) = field.kind() else { panic!("{} is not an enum", field.full_name()) };
    let value = list.get_value(number).unwrap_or_else(|| panic!("{} has no {number}", list.full_name()));
    word_of(list.name(), value.name())
}

/// The word of an enum value, without the name of its enum in front.
pub(crate) fn word_of(list: &str, value: &str) -> String {
    let mut prefix = String::new();
    for (place, letter) in list.char_indices() {
        if letter.is_uppercase() && 0 < place {
            prefix.push('_');
        }
        prefix.extend(letter.to_uppercase());
    }
    let rest = value.strip_prefix(&format!("{prefix}_"));
    rest.unwrap_or_else(|| panic!("{value} of {list} lacks its prefix")).to_lowercase().replace('_', "-")
}

/// JSON pointers of all filled fields that stand once, and whether the schema calls them optional.
pub(crate) fn singular_fields(schema: &MessageDescriptor, json: &Json) -> Vec<(String, bool)> {
    let mut places = Vec::new();
    let empty = Map::new();
    for field in schema.fields() {
        let name = json_name(&field);
        let Some(value) = json.as_object().unwrap_or(&empty).get(&name).filter(|value| !value.is_null())
        else {
            continue;
        };
        let is_choice = field.containing_oneof().is_some_and(|one| !one.is_synthetic());
        if !field.is_list() && !is_choice {
            places.push((format!("/{name}"), field.field_descriptor_proto().proto3_optional()));
        }
        let Kind::Message(inner) = field.kind() else {
            continue;
        };
        let items: Vec<(String, &Json)> = match value.as_array() {
            Some(items) => {
                (0..).zip(items).map(|(place, item): (u32, _)| (format!("/{name}/{place}"), item)).collect()
            }
            None => vec![(format!("/{name}"), value)],
        };
        for (at, item) in items {
            places.extend(
                singular_fields(&inner, item).into_iter().map(|(rest, opt)| (format!("{at}{rest}"), opt)),
            );
        }
    }
    places
}

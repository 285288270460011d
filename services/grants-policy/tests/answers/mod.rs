//! Catalogues in which an interpretation is answered otherwise.

use std::collections::BTreeMap;
use toml::{Table, Value};

const INTERPRETATIONS: &str = "interpretations.toml";
/// The day that an answer gives, where it rests on one.
const DAY: &str = "2024-06-21";

/// A catalogue in which an interpretation is answered otherwise.
pub(crate) fn answered(files: &BTreeMap<String, String>, id: &str, option: &str) -> BTreeMap<String, String> {
    let mut table: Table = files[INTERPRETATIONS].parse().unwrap();
    for one in table["interpretation"].as_array_mut().unwrap() {
        if one["id"].as_str() == Some(id) {
            let options = one["options"].as_array().unwrap();
            let chosen = options.iter().find(|one| one["id"].as_str() == Some(option)).unwrap();
            let needs_day = chosen.get("needs-day").and_then(Value::as_bool).unwrap_or(false);
            for answer in one["dated"].as_array_mut().unwrap() {
                answer["value"] = Value::String(option.to_owned());
                if needs_day {
                    let day = Value::String(DAY.to_owned());
                    answer.as_table_mut().unwrap().insert("day".to_owned(), day);
                }
            }
        }
    }
    let mut changed = files.clone();
    changed.insert(INTERPRETATIONS.to_owned(), table.to_string());
    changed
}

/// Every interpretation with each of its options that may be chosen and is not.
pub(crate) fn alternatives(files: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let table: Table = files[INTERPRETATIONS].parse().unwrap();
    let mut found = Vec::new();
    for one in table["interpretation"].as_array().unwrap() {
        let chosen = one["dated"].as_array().unwrap().last().unwrap()["value"].as_str();
        for option in one["options"].as_array().unwrap() {
            let selectable = option.get("selectable").and_then(Value::as_bool).unwrap_or(true);
            if selectable && option["id"].as_str() != chosen {
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                found.push((text(&one["id"]), text(&option["id"])));
            }
        }
    }
    found
}

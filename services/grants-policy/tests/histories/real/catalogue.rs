//! The shipped catalogue with changes, as a policy officer writes them: a new answer or value below the old ones.

use crate::{model::day::text, step::Change};
use grants_policy::shipped;
use std::collections::BTreeMap;

/// Interpretations with the options that a later version may choose.
pub(crate) const ANSWERS: &[(&str, &[&str])] = &[
    ("K-01", &["half-up", "down-once"]),
    ("K-02", &["issued-to-anniversary"]),
    ("K-03", &["application", "by-measure"]),
    ("K-11", &["guidance", "hard-if-round-open"]),
    ("K-12", &["difference", "whole-project"]),
    ("K-13", &["pay", "hold"]),
    ("K-14", &["calendar-year", "policy-life"]),
    ("K-16", &["contract", "each-period", "application"]),
    ("K-17", &["actual-365", "actual-360"]),
    ("K-18a", &["original", "daily-balance"]),
    ("K-18b", &["none", "interest-paid"]),
    ("K-19", &["days", "anniversary"]),
    ("K-27b", &["separate", "joined"]),
    ("K-37", &["refuse", "queue"]),
    ("K-38", &["exclude", "stack"]),
];

/// Values with what they may become, in 分 or as a count, and the file and name that they have in the catalogue.
pub(crate) const AMOUNTS: &[(&str, &[i128], &str, &str)] = &[
    ("E4.1/enterprise-limit", &[600_000_000, 1_200_000_000], "measures/e4-1.toml", "enterprise-limit"),
    ("E4.1/least-total", &[5_000_000_001, 4_999_999_999], "measures/e4-1.toml", "least-total"),
    ("E4.2/project-limit", &[200_000_000, 350_000_001], "measures/e4-2.toml", "project-limit"),
    ("E6/year-limit", &[8_000_000, 15_000_000], "measures/e6.toml", "year-limit"),
    ("T12.1/per-passenger", &[12_000, 8_000], "measures/t12-1.toml", "per-passenger"),
    ("2024-21/agency-year-limit", &[20_000_000, 30_000_000], "documents/2024-21.toml", "agency-year-limit"),
];

/// The files with all changes.
pub(crate) fn changed(changes: &[Change]) -> BTreeMap<String, String> {
    let mut files = shipped();
    for change in changes {
        match change {
            Change::Answer { id, option, from } => {
                answer(files.get_mut("interpretations.toml").unwrap(), id, option, *from);
            }
            Change::Amount { place, value, from } => {
                let (_, _, file, name) = AMOUNTS.iter().find(|one| one.0 == *place).unwrap();
                let is_money = !place.ends_with("passengers");
                let value = if is_money { super::money(*value).to_string() } else { value.to_string() };
                let from = text(*from);
                files.get_mut(*file).unwrap().push_str(&format!(
                    "\n[[values.{name}.dated]]\nfrom = {from}\nvalue = \"{value}\"\nsource = \"示例文件\"\n"
                ));
            }
        }
    }
    files
}

/// Adds an answer behind those of an interpretation.
fn answer(file: &mut String, id: &str, option: &str, from: i64) {
    let begin = file.find(&format!("id = \"{id}\"")).unwrap_or_else(|| panic!("{id} is not asked"));
    let dated = begin + file[begin..].find("dated = [").unwrap();
    let end = dated + file[dated..].find("}]").unwrap() + 1;
    let later = format!(", {{ from = {}, value = \"{option}\", source = \"示例口径文件\" }}", text(from));
    file.insert_str(end, &later);
}

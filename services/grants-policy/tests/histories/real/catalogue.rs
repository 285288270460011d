//! The shipped catalogue with changes, as a policy officer writes them: a new answer or value below the old ones.

use crate::{
    model::{day::text, measures::PUBLISHED},
    step::Change,
};
use grants_policy::shipped;
use std::collections::BTreeMap;

/// Interpretations with the options that a later version may choose.
pub(crate) const ANSWERS: &[(&str, &[&str])] = &[
    ("K-01", &["half-up", "each-step", "down-once"]),
    ("K-02", &["issued-to-anniversary", "published", "published-to-anniversary", "issued-three-years"]),
    ("K-03", &["application", "by-measure", "recognition", "production", "purchase"]),
    ("K-04", &["one-treasury", "recorded-split"]),
    ("K-06a", &["fixed-assets", "total"]),
    ("K-06b", &["any-year", "first-full-year"]),
    ("K-06c", &["certificate", "contract"]),
    ("K-07", &["per-intermediary", "per-project"]),
    ("K-08", &["two", "one"]),
    ("K-09", &["strict", "mapped"]),
    ("K-10", &["difference", "both"]),
    ("K-11", &["guidance", "hard-if-round-open"]),
    ("K-12", &["difference", "whole-project"]),
    ("K-13", &["pay", "hold"]),
    ("K-14", &["calendar-year", "policy-life"]),
    ("K-16", &["contract", "each-period", "application"]),
    ("K-17", &["actual-365", "actual-360"]),
    ("K-18a", &["original", "daily-balance"]),
    ("K-18b", &["none", "interest-paid"]),
    ("K-19", &["days", "anniversary"]),
    ("K-20", &["difference", "both"]),
    ("K-21", &["old-as-well", "on-or-after-start"]),
    ("K-22a", &["twelve-months", "decision-document"]),
    ("K-22b", &["with-tax", "ex-tax"]),
    ("K-22c", &["calendar-year", "policy-life"]),
    ("K-23", &["twelve-months", "calendar-year"]),
    ("K-24", &["idle-assets-only", "not-a-condition"]),
    ("K-25", &["two", "one"]),
    ("K-27a", &["twelve-months", "calendar-year"]),
    ("K-27b", &["separate", "joined"]),
    ("K-28", &["bonus-only", "article"]),
    ("K-33", &["exclusive", "cumulative"]),
    ("K-34", &["refuse-second", "difference"]),
    ("K-35", &["automatic", "automatic", "proposed-by-rule"]),
    ("K-36", &["kept", "kept", "returned"]),
    ("K-37", &["refuse", "queue"]),
    ("K-38", &["exclude", "stack"]),
];

/// Values with what they may become, in 分 or as a count, and the file and name that they have in the catalogue.
pub(crate) const AMOUNTS: &[(&str, &[i128], &str, &str)] = &[
    ("E4.1/enterprise-limit", &[600_000_000, 1_200_000_000], "measures/e4-1.toml", "enterprise-limit"),
    ("E4.1/least-total", &[5_000_000_001, 4_999_999_999], "measures/e4-1.toml", "least-total"),
    ("E1.1/project-limit", &[80_000_000, 120_000_000], "measures/e1-1.toml", "project-limit"),
    ("E3.1/most", &[200_000_000, 400_000_000], "measures/e3-1.toml", "most"),
    ("E5.6/enterprise-limit", &[60_000_000, 150_000_001], "measures/e5-6.toml", "enterprise-limit"),
    ("T1/project-limit", &[100_000_000, 200_000_001], "measures/t1.toml", "project-limit"),
    ("T5/most", &[8_000_000, 12_000_000], "measures/t5.toml", "most"),
    ("E4.2/project-limit", &[200_000_000, 350_000_001], "measures/e4-2.toml", "project-limit"),
    ("E6/year-limit", &[8_000_000, 15_000_000], "measures/e6.toml", "year-limit"),
    ("T12.1/per-passenger", &[12_000, 8_000], "measures/t12-1.toml", "per-passenger"),
    ("2024-21/agency-year-limit", &[20_000_000, 30_000_000], "documents/2024-21.toml", "agency-year-limit"),
];

/// Caps that a version may widen: file, and the scope before and after.
pub(crate) const REACHES: &[(&str, &str, &str, &str)] = &[
    ("E4.1.enterprise", "measures/e4-1.toml", "enterprise", "group"),
    ("E5.6.enterprise", "measures/e5-6.toml", "enterprise", "group"),
    ("E6.year", "measures/e6.toml", "enterprise", "group"),
    ("E4.2.project", "measures/e4-2.toml", "project", "linked-projects"),
    ("E1.1.project", "measures/e1-1.toml", "project", "linked-projects"),
    ("T1.project", "measures/t1.toml", "project", "linked-projects"),
];

/// The files with all changes.
pub(crate) fn changed(changes: &[Change]) -> BTreeMap<String, String> {
    let mut files = shipped();
    for change in changes {
        match change {
            Change::Answer { id, option, from } => {
                answer(files.get_mut("interpretations.toml").unwrap(), id, option, *from);
            }
            Change::Reach { cap, wide } => {
                let (_, file, narrow, broad) = REACHES.iter().find(|one| one.0 == *cap).unwrap();
                let file = files.get_mut(*file).unwrap();
                let (before, behind) = file.split_once(&format!("id = \"{cap}\"")).unwrap();
                let (was, is) = if *wide { (narrow, broad) } else { (broad, narrow) };
                let behind = behind.replacen(&format!("scope = \"{was}\""), &format!("scope = \"{is}\""), 1);
                *file = format!("{before}id = \"{cap}\"{behind}");
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
    let named = match option.starts_with("published") {
        true => format!(", day = {}", text(PUBLISHED)),
        false => String::new(),
    };
    let later =
        format!(", {{ from = {}, value = \"{option}\"{named}, source = \"示例口径文件\" }}", text(from));
    file.insert_str(end, &later);
}

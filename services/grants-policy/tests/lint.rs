//! Each thing that the check refuses, made by breaking the shipped catalogue in one place: exactly one finding, with
//! its file, its line, and words that say what to do.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop where it is")]

use grants_policy::{Finding, admission, lint, shipped};
use std::collections::BTreeMap;

mod broken; // the table

/// One place of the catalogue, broken, and what the check says about it.
pub(crate) struct Broken {
    /// The file, as it is and as it should be told.
    file: &'static str,
    /// What stands there, once …
    from: &'static str,
    /// … and what is put in its place.
    to: &'static str,
    /// The beginning of the line that the finding names; empty if it can name none.
    at: &'static str,
    /// What the finding is about.
    rule: &'static str,
    /// What it says.
    says: &'static str,
}

fn told(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The catalogue with its one change. A table that no longer fits the catalogue stops here, not in silence.
fn files(broken: &Broken) -> BTreeMap<String, String> {
    let mut files = shipped();
    let text = files.get_mut(broken.file).unwrap_or_else(|| panic!("there is no {}", broken.file));
    assert!(text.contains(broken.from), "{} has no {:?}", broken.file, broken.from);
    *text = text.replacen(broken.from, broken.to, 1);
    files
}

fn line_of(text: &str, at: &str) -> Option<usize> {
    if at.is_empty() {
        return None;
    }
    let place = text.lines().position(|line| line.starts_with(at));
    Some(place.unwrap_or_else(|| panic!("no line begins with {at:?}")) + 1)
}

fn one_by_one(table: &[Broken]) {
    let wrong: Vec<String> = table.iter().filter_map(|broken| looked_at(broken).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn looked_at(broken: &Broken) -> Result<(), String> {
    let files = files(broken);
    let findings = lint(&files);
    let what =
        format!("{}: {:?} became {:?}, found:\n{}", broken.file, broken.from, broken.to, told(&findings));
    let [found] = findings.as_slice() else {
        return Err(format!("{what}\nthere should be one"));
    };
    let line = line_of(files.get(broken.file).map_or("", String::as_str), broken.at);
    let place = (found.file.as_str(), found.rule.as_str(), found.line);
    if place != (broken.file, broken.rule, line) {
        return Err(format!("{what}\nit should be about {} in line {line:?}", broken.rule));
    }
    if !found.message.contains(broken.says) {
        return Err(format!("{what}\nit should say {:?}", broken.says));
    }
    Ok(())
}

#[test]
fn files_that_cannot_be_read_are_refused() {
    one_by_one(broken::READING);
}

#[test]
fn names_that_lead_nowhere_are_refused() {
    one_by_one(broken::NAMES);
}

#[test]
fn values_without_date_source_or_order_are_refused() {
    one_by_one(broken::VALUES);
}

#[test]
fn interpretations_without_an_answer_are_refused() {
    one_by_one(broken::INTERPRETATIONS);
}

/// whether an application that is decided after the term is still in it is never found out on that day. A catalogue
/// without the rule is not published, and its finding says what to write.
#[test]
fn a_catalogue_that_does_not_say_which_day_governs_is_not_published() {
    one_by_one(broken::GOVERNING);
    for broken in broken::GOVERNING {
        let files = files(broken);
        assert_eq!(told(&admission(&files)), told(&lint(&files)), "{:?}", broken.to);
    }
    // Without a term its document is none, and each of its measures says so too.
    let mut files = shipped();
    let text = files.get_mut("documents/2024-21.toml").unwrap();
    *text = text.replacen("[document.term]\nfrom = 2024-07-30\n", "", 1);
    let found = told(&admission(&files));
    let says = "documents/2024-21.toml:3: toml: missing field `term`: say from which day to which day the document holds";
    assert!(found.starts_with(says), "{found}");
}

#[test]
fn caps_that_do_not_say_whose_and_how_long_are_refused() {
    one_by_one(broken::CAPS);
}

#[test]
fn sentences_that_cannot_be_said_are_refused() {
    one_by_one(broken::SENTENCES);
}

#[test]
fn cases_that_fail_or_leave_a_limit_untried_are_refused() {
    one_by_one(broken::CASES);
}

/// Every answer that may be chosen is shown by a case that comes out otherwise under it.
#[test]
fn an_answer_that_no_case_shows_is_refused() {
    let mut files = shipped();
    let text = files.get_mut("measures/e5-2.toml").unwrap();
    *text = text.replacen("value = \"date:2019-01-01\"", "value = \"date:2025-01-01\"", 1);
    let found = told(&lint(&files));
    assert!(
        found.contains("K-21: no worked case comes out otherwise under the answer old-as-well"),
        "{found}"
    );
    assert_eq!(found.lines().count(), 1, "{found}");

    let mut files = shipped();
    let text = files.get_mut("interpretations.toml").unwrap();
    *text = text.replacen(
        "en = \"ex tax\" },",
        "en = \"ex tax\" },\n  { id = \"none\", zh = \"—\", en = \"-\", alike = { zh = \"—\", en = \"-\" } },",
        1,
    );
    let found = told(&lint(&files));
    assert!(found.contains("sales: the answer none of K-22b leads nowhere"), "{found}");
}

#[test]
fn a_file_of_another_place_is_refused() {
    let mut files = shipped();
    files.insert("measures-old/e4-1.toml".to_owned(), String::new());
    let findings = lint(&files);
    assert_eq!(told(&findings), "measures-old/e4-1.toml: file: a catalogue has no such file");
}

#[test]
fn a_measure_too_large_is_refused() {
    let mut files = shipped();
    let text = files.get_mut("measures/e4-1.toml").unwrap();
    for number in 0..200 {
        text.push_str(&format!("\n[[case]]\nname = \"again {number}\"\ndue = \"3000000.00\"\n"));
    }
    let findings = lint(&files);
    assert!(
        told(&findings).contains("E4.1: the measure has more than 200 worked cases"),
        "{}",
        told(&findings)
    );
}

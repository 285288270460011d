//! The catalogue in this repository may be published, and every answer that an interpretation offers can be followed.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests: a file of another shape is a failed test"
)]

use grants_policy::{Finding, lint, shipped};
use std::collections::BTreeMap;

mod answers; // catalogues that are answered otherwise

use answers::{alternatives, answered};

fn told(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_shipped_catalogue_is_clean() {
    let findings = lint(&shipped());
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), told(&findings));
}

#[test]
fn every_other_answer_can_be_followed() {
    let files = shipped();
    let alternatives = alternatives(&files);
    assert!(!alternatives.is_empty(), "no interpretation offers a choice");
    for (id, option) in alternatives {
        let findings = lint(&answered(&files, &id, &option));
        let of_cases = |finding: &&Finding| {
            finding.message.contains("the worked case does not hold")
                || finding.message.starts_with("no worked case")
                || finding.message.starts_with("a worked case does come out otherwise")
        };
        let others: Vec<Finding> = findings.iter().filter(|one| !of_cases(one)).cloned().collect();
        assert!(others.is_empty(), "{id} {option} cannot be followed:\n{}", told(&others));
        let broken: Vec<Finding> = findings
            .iter()
            .filter(|one| {
                one.message.contains("catalogue-invalid") || one.message.contains("nothing supplies")
            })
            .cloned()
            .collect();
        assert!(broken.is_empty(), "{id} {option} leads nowhere:\n{}", told(&broken));
    }
}

/// An explanation names the answer that the decision followed: that of the day of application, not of the invoice.
#[test]
fn an_answer_that_changed_is_told_as_it_was_followed() {
    let mut files = shipped();
    let text = files.get_mut("interpretations.toml").unwrap();
    let begin = text.find("id = \"K-13\"").unwrap();
    let dated = begin + text.get(begin..).unwrap().find("dated = [").unwrap() + "dated = [".len();
    let end = dated + text.get(dated..).unwrap().find(']').unwrap();
    let first = text.get(dated..end).unwrap().trim().trim_end_matches(',').to_owned();
    let later = "{ from = 2025-01-01, value = \"pay\", source = \"示例口径文件〔2025〕1号\" }";
    text.replace_range(dated..end, &format!("{first}, {later}"));
    let catalogue = grants_policy::Catalogue::compile(&files).unwrap();
    let measure = catalogue.measure(&"E4.1".parse().unwrap()).unwrap();
    // The invoice is of 2024, the application of 2025.
    let case =
        measure.file.cases.iter().find(|case| case.holds.as_ref().is_some_and(|holds| !holds.is_empty()));
    let found = grants_policy::cases::assess(&catalogue, measure, case.unwrap());
    let end = grants_policy::End::of(&found.outcome);
    let told = catalogue.explain(&found.trace, &end, grants_policy::Language::En);
    let shown = told.interpretations.iter().find(|one| one.id.as_str() == "K-13").unwrap();
    assert_eq!((shown.answer.as_str(), shown.source.contains("示例口径文件")), ("pay", true));
    assert!(
        matches!(found.outcome, grants_domain::rules::Outcome::Due { ref holds, .. } if holds.is_empty())
    );
}

/// The list in the program and the folder that a policy officer copies are the same files.
#[test]
fn every_file_of_the_folder_is_shipped() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogue");
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.clone()];
    while let Some(one) = folders.pop() {
        for entry in std::fs::read_dir(&one).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
            found.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&shipped()), names(&found), "a file is missing in the list or in the folder");
    assert!(shipped() == found, "the program was built with another text of a file");
}

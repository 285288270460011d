//! Every row of the two documents is shipped, and every kind of rule is used: by a shipped measure, or by one that
//! stands beside them here (`tests/rows`) and shows what a policy officer can write without a change of the program.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop where it is")]

use grants_policy::{
    Catalogue, catalogue::Measure, lint, shipped, source::Choice, source::limit::OverlapMode,
    source::measure::FactPlace,
};
use std::{collections::BTreeMap, fs, path::Path};

/// Every row, by the id of its measure. E8 and E9 are one row; T12.3 and T12.4 are a scale and a cap of the document.
const ROWS: &[&str] = &[
    "E1.1", "E1.2", "E1.3", "E2", "E3.1", "E3.2", "E3.3", "E3.4", "E4.1", "E4.2", "E5.0", "E5.1", "E5.2",
    "E5.3", "E5.4", "E5.5", "E5.6", "E6", "E7", "E8", "E9", "P1", "P2", "P3", "T1", "T4", "T5", "T10",
    "T12.1", "T12.2",
];

/// Rows that are recorded and not paid.
const NOT_PAID: &[&str] = &["E8", "E9", "P1", "P2", "P3", "T4"];

/// The shipped files and those of the other rows.
fn files() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rows");
    let mut files = shipped();
    for entry in fs::read_dir(folder.join("measures")).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("measures/{}", path.file_name().unwrap().to_str().unwrap());
        let earlier = files.insert(name.clone(), fs::read_to_string(&path).unwrap());
        assert!(earlier.is_none(), "{name} is shipped");
    }
    files
}

fn catalogue() -> Catalogue {
    Catalogue::compile(&files()).unwrap_or_else(|findings| panic!("{findings:?}"))
}

#[test]
fn every_row_can_be_said_and_its_cases_hold() {
    let findings = lint(&files());
    let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{} findings:\n{}", told.len(), told.join("\n"));
}

#[test]
fn no_row_is_missing() {
    let catalogue = catalogue();
    for row in ROWS {
        let measure = catalogue.measure(&row.parse().unwrap()).unwrap_or_else(|| panic!("{row} is missing"));
        assert_eq!(measure.file.measure.payable, !NOT_PAID.contains(row), "{row}");
    }
    let trains = catalogue.measure(&"T12.1".parse().unwrap()).unwrap();
    assert!(trains.tiers.keys().any(|id| id.as_str() == "T12.trains"), "T12.3 is missing");
    assert!(trains.caps.iter().any(|cap| cap.id.as_str() == "T12.agency-year"), "T12.4 is missing");
}

/// What the measures use, as words: a kind that none uses would have no case.
fn used(measure: &Measure) -> Vec<&'static str> {
    let file = &measure.file;
    let mut used = Vec::new();
    let mut note = |is: bool, word| used.extend(is.then_some(word));
    note(!file.measure.payable, "payable = false");
    for part in &file.benefits {
        note(part.fixed.is_some(), "fixed");
        note(part.fixed_by.is_some(), "fixed-by");
        note(
            part.rate_of.as_ref().is_some_and(|one| one.rate.is_some() && one.fact.is_some()),
            "rate of a fact",
        );
        note(part.rate_of.as_ref().is_some_and(|one| one.evidence.is_some()), "rate of evidence");
        note(part.rate_of.as_ref().is_some_and(|one| one.rate_by.is_some()), "rate-by");
        note(part.per_unit.is_some(), "per-unit");
        note(part.interest.is_some(), "interest");
        note(part.tier.is_some(), "tier");
        note(part.determined.is_some(), "determined");
        note(part.documented.as_ref().is_some_and(|one| one.amount.is_some()), "documented amount");
        note(part.documented.as_ref().is_some_and(|one| one.ratio.is_some()), "documented ratio");
    }
    for overlap in &file.overlaps {
        let modes: Vec<OverlapMode> = match &overlap.mode {
            Choice::Plain(mode) => vec![*mode],
            Choice::By { options, .. } => options.values().copied().collect(),
        };
        note(modes.contains(&OverlapMode::Exclude), "exclude");
        note(modes.contains(&OverlapMode::BestOf), "best-of");
        note(modes.contains(&OverlapMode::Stack), "stack");
        note(modes.contains(&OverlapMode::SumCapped), "sum-capped");
        let external = overlap.external.as_ref();
        note(external.is_some_and(|one| one.programme.is_some()), "external programme");
        note(external.is_some_and(|one| one.programme.is_none()), "any external programme");
        note(external.is_some() && overlap.scope.starts_with("fact:"), "external title");
        note(overlap.measures.is_some(), "measures");
        note(overlap.documents.is_some(), "documents");
    }
    for condition in &file.conditions {
        note(condition.test.is_applicant.is_some(), "is-applicant");
        note(condition.test.applied_above.is_some(), "applied-above");
        note(condition.test.all.is_some(), "all");
        note(condition.test.any.is_some(), "any");
        note(condition.when.is_some(), "when");
        note(condition.test.all.iter().flatten().any(|one| one.known.is_some()), "known");
        note(condition.test.loan_longer_than.is_some(), "loan-longer-than");
    }
    note(!file.measure.parts.is_empty(), "parts");
    note(file.evidence.iter().any(|one| one.less.is_some()), "less");
    note(measure.tiers.values().any(|one| one.most.is_some()), "most");
    for fact in &file.facts {
        note(!fact.called.is_empty(), "called");
        note(fact.from.contains(&FactPlace::NamedRecord), "named-record");
    }
    used
}

#[test]
fn every_kind_is_used_by_a_measure_with_cases() {
    let catalogue = catalogue();
    let used: Vec<&str> = catalogue.measures().flat_map(|measure| used(measure)).collect();
    for kind in [
        "payable = false",
        "fixed",
        "fixed-by",
        "rate of a fact",
        "rate of evidence",
        "rate-by",
        "per-unit",
        "interest",
        "tier",
        "determined",
        "documented amount",
        "documented ratio",
        "exclude",
        "best-of",
        "stack",
        "sum-capped",
        "external programme",
        "any external programme",
        "external title",
        "measures",
        "documents",
        "is-applicant",
        "applied-above",
        "all",
        "any",
        "loan-longer-than",
        "named-record",
        "when",
        "known",
        "parts",
        "less",
        "most",
        "called",
    ] {
        assert!(used.contains(&kind), "no measure uses {kind}");
    }
}

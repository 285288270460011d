//! Adversarial cases are found by name, and rounding is what K-01 says.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop where it is"
)]

use grants_domain::rules::Outcome;
use grants_policy::{Catalogue, cases, shipped};
use std::{collections::BTreeMap, fs, path::Path};

/// Cases that the page must list.
const LISTED: &[&str] = &[
    "A-01", "A-02", "A-03", "A-04", "A-05", "A-06", "A-07", "A-08", "A-09", "A-10", "A-11", "A-13", "A-14",
    "A-15", "A-16", "A-19", "A-20", "A-21", "A-23", "A-25", "A-32", "A-33", "A-34", "A-35", "A-36", "A-42",
    "A-44", "A-45",
];

#[test]
fn every_listed_case_has_a_file_that_names_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = fs::read_to_string(root.join("docs/reference/adversarial-cases.md")).unwrap();
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| A-"))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    for case in LISTED {
        assert!(rows.iter().any(|row| row[1] == *case), "{case} is not listed");
    }
    for row in &rows {
        let (case, file) = (row[1], row[3].trim_matches('`'));
        let text = fs::read_to_string(root.join(file)).unwrap_or_else(|fault| panic!("{file}: {fault}"));
        assert!(text.contains(case), "{file} does not name {case}");
    }
}

/// 199,999,999.99 × 5 % is 9,999,999.9995. Down once is one 分 below the cap, half up is the cap and cuts nothing.
#[test]
fn rounding_down_and_half_up_differ_by_one_fen() {
    let catalogue = Catalogue::compile(&shipped()).unwrap();
    let measure = catalogue.measure(&"E4.1".parse().unwrap()).unwrap();
    let name = "one 分 below the cap is rounded down and not cut";
    let case = measure.file.cases.iter().find(|case| case.name.as_deref() == Some(name)).unwrap();
    for (answer, due) in [("down-once", "9999999.99"), ("half-up", "10000000.00")] {
        let answers = BTreeMap::from([("K-01".parse().unwrap(), answer.parse().unwrap())]);
        let found = cases::assess(&catalogue.answered(&answers, &Default::default()), measure, case);
        let Outcome::Due { amount, .. } = found.outcome else { panic!("{:?}", found.outcome) };
        assert_eq!(amount.to_string(), due, "{answer}");
        assert!(found.trace.caps.iter().all(|cap| !cap.cut), "{answer}");
    }
}

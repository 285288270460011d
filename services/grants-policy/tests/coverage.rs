//! The page of coverage is what the catalogue says, and every interpretation names the measures that rest on it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

use grants_policy::{Catalogue, shipped};
use std::{collections::BTreeSet, fs, path::Path};

fn catalogue() -> Catalogue {
    Catalogue::compile(&shipped()).unwrap()
}

#[test]
fn the_page_is_what_the_catalogue_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/policy/coverage.md");
    let page = catalogue().coverage();
    if std::env::var_os("GRANTS_WRITE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap();
    assert!(found == page, "docs/policy/coverage.md is old: run this test with GRANTS_WRITE=1");
}

#[test]
fn every_interpretation_names_the_measures_that_rest_on_it() {
    let catalogue = catalogue();
    let mut wrong = Vec::new();
    for one in catalogue.interpretations() {
        let named: BTreeSet<&str> = one.clauses.iter().map(|id| id.as_str()).collect();
        let mut resting = BTreeSet::new();
        for measure in catalogue.measures().filter(|measure| measure.rests_on().contains(&one.id)) {
            let source = &measure.file.measure;
            let told = named.contains(source.id.as_str()) || named.contains(source.document.as_str());
            resting.insert(source.id.as_str());
            resting.insert(source.document.as_str());
            if !told && source.payable {
                wrong.push(format!("{} does not name {}", one.id, source.id));
            }
        }
        wrong.extend(
            named
                .difference(&resting)
                .map(|name| format!("{} names {name}, which does not rest on it", one.id)),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

//! Mutation of the rule data: each number, comparison, condition, exception, level and cap of the shipped catalogue is
//! changed by the smallest step or taken away, one at a time, and a worked case must fail for it.
//!
//! A change after which the catalogue does not compile, or fails its other checks, is no mutant: nobody could publish it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests: a file of another shape is a failed test"
)]

use grants_policy::{Catalogue, cases, shipped};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};
use toml::Table;

mod mutating; // what is changed, and how

use mutating::{Mutant, mutants};

/// How every measure says that amounts are rounded down.
const HALF_UP: &str = "measure.rounding.options.down-once: became \"half-up\"";

/// Measures whose amounts are whole 分 before they are rounded: fixed, determined, documented, or so much for each.
const WHOLE: &[&str] = &[
    "E1.3", "E3.1", "E3.2", "E3.3", "E3.4", "E5.0", "E5.1", "E5.2", "E5.3", "E5.4", "E5.5", "E7", "T5",
    "T10", "T12.1", "T12.2",
];

/// Measures that are recorded only: nothing is computed.
const RECORDED: &[&str] = &["E8", "E9", "P1", "P2", "P3", "T4"];

/// Other changes that no case can show, with the reason.
const ARGUED: &[(&str, &str)] = &[
    (
        "documents/2024-21.toml: agency part.1.condition.6.when: dropped",
        "a note: it would mark local agencies where no limit is on them, and changes no amount",
    ),
    (
        "measures/e2.toml: E2 measure.person-payee: became false",
        "whom an application may name as payee is asked when it is filed, not when it is assessed",
    ),
    (
        "measures/e3-3.toml: E3.3.kind condition.0.when: dropped",
        "whatever passes the strict reading, which is asked beside it, passes the mapped one",
    ),
];

/// Every change that is argued.
fn argued() -> BTreeSet<String> {
    let file = |id: &str| id.to_lowercase().replace('.', "-");
    let rounded = WHOLE.iter().chain(RECORDED);
    let rounded = rounded.map(|id| format!("measures/{}.toml: {id} {HALF_UP}", file(id)));
    rounded.chain(ARGUED.iter().map(|(what, _)| (*what).to_owned())).collect()
}

/// The files with one of them changed.
fn changed(files: &BTreeMap<String, String>, path: &str, table: &Table) -> BTreeMap<String, String> {
    let mut files = files.clone();
    files.insert(path.to_owned(), toml::to_string(table).unwrap());
    files
}

/// What became of a mutant.
enum Fate {
    /// It does not compile, or says nothing else than before.
    NoMutant,
    Killed,
    Survived,
}

fn fate(files: &BTreeMap<String, String>, mutant: &Mutant) -> Fate {
    let Ok(catalogue) = Catalogue::compile(&changed(files, &mutant.path, &mutant.table)) else {
        return Fate::NoMutant;
    };
    let mut own = catalogue.measures().filter(|measure| {
        measure.path == mutant.path
            || measure.document_path == mutant.path
            || mutant.path.starts_with("interp")
    });
    if own.any(|measure| !cases::failures(&catalogue, measure).is_empty()) {
        Fate::Killed
    } else {
        Fate::Survived
    }
}

#[test]
fn every_mutant_of_the_rule_data_is_killed_by_a_case() {
    let files = shipped();
    let all: Vec<Mutant> = files
        .iter()
        .filter(|(path, _)| path.starts_with("measures/") || path.starts_with("documents/"))
        .flat_map(|(path, text)| mutants(path, &text.parse::<Table>().unwrap()))
        .collect();
    let next = Mutex::new(all.iter());
    let found = Mutex::new((0_u32, 0_u32, Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(mutant) = next.lock().unwrap().next() else { break };
                    let fate = fate(&files, mutant);
                    let mut found = found.lock().unwrap();
                    match fate {
                        Fate::NoMutant => found.0 += 1,
                        Fate::Killed => found.1 += 1,
                        Fate::Survived => found.2.push(format!("{}: {}", mutant.path, mutant.what)),
                    }
                }
            });
        }
    });
    let (not_viable, killed, survivors) = found.into_inner().unwrap();
    let argued = argued();
    println!("{killed} killed, {} argued, {not_viable} not viable", argued.len());
    let survivors: BTreeSet<String> = survivors.into_iter().collect();
    let told = |names: Vec<&String>| names.into_iter().cloned().collect::<Vec<_>>().join("\n");
    let left = told(survivors.difference(&argued).collect());
    assert!(left.is_empty(), "no case fails for:\n{left}");
    let killed_now = told(argued.difference(&survivors).collect());
    assert!(killed_now.is_empty(), "argued, and yet a case fails for:\n{killed_now}");
    assert!(500 < killed, "only {killed} mutants were made");
}

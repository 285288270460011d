//! Limits: a cap says whose it is, over which time, what it counts and what gives room back.

use super::Finding;
use crate::catalogue::{Catalogue, Measure};
use std::collections::BTreeMap;

/// Most rules of one measure, so that a trace always fits into its event.
const RULES_MAX: usize = 60;

pub(super) fn check(catalogue: &Catalogue, findings: &mut Vec<Finding>) {
    let mut homes = BTreeMap::new();
    for measure in catalogue.measures() {
        let path = &measure.path;
        for cap in &measure.caps {
            let missing = [
                (cap.scope.is_none(), "the cap does not say whose it is (scope)"),
                (cap.window.is_none(), "the cap does not say over which time it runs (window)"),
                (cap.counts.is_none(), "the cap does not say what it counts (counts)"),
                (cap.releases.is_none(), "the cap does not say what gives room back (releases)"),
            ];
            for (_, what) in missing.iter().filter(|(is, _)| *is) {
                findings.push(Finding::new(measure.path_of(&cap.id), cap.id.as_str(), *what));
            }
        }
        if RULES_MAX < measure.lines.len() {
            let what = format!("the measure has more than {RULES_MAX} rules");
            findings.push(Finding::new(path, measure.file.measure.id.as_str(), what));
        }
        unique(measure, &mut homes, findings);
        if measure.file.measure.payable && measure.file.cases.is_empty() {
            findings.push(Finding::new(
                path,
                measure.file.measure.id.as_str(),
                "the measure has no worked case",
            ));
        }
    }
    findings.sort();
    findings.dedup();
}

/// A rule has one home in the whole catalogue, so that a refusal that names it can be told.
fn unique<'a>(measure: &'a Measure, homes: &mut BTreeMap<&'a str, &'a str>, findings: &mut Vec<Finding>) {
    for rule in measure.lines.keys() {
        let home = measure.path_of(rule);
        if let Some(other) = homes.insert(rule.as_str(), home)
            && other != home
        {
            findings.push(Finding::new(
                home,
                rule.as_str(),
                format!("{other} has a rule of this name already"),
            ));
        }
    }
}

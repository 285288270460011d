//! Whose counter a cap looks at, where an interpretation chooses: what was counted under another answer is found again.

use super::Finding;
use crate::{
    catalogue::{Catalogue, Measure},
    claim::{Part, fact_named, parts},
    source::{Choice, measure::FactPlace},
};

/// A counter of `fact:NAME` beside another is allowed if applications state the fact and some record is about it: awards
/// of the other counter are looked for among those that rest on such a record, and compared by what was stated.
pub(super) fn check(catalogue: &Catalogue, findings: &mut Vec<Finding>) {
    for measure in catalogue.measures() {
        for cap in &measure.caps {
            let Some(Choice::By { options, .. }) = &cap.scope else { continue };
            for name in options.values().filter_map(|scope| fact_named(scope)) {
                if !is_found_again(measure, name) {
                    let what = format!(
                        "under another answer nothing would be found by {name}: applications have to state it, and a \
                         record has to be about it (for whoever is paid there is the scope recipient)"
                    );
                    findings.push(Finding::new(measure.path_of(&cap.id), cap.id.as_str(), what));
                }
            }
        }
    }
}

fn is_found_again(measure: &Measure, name: &str) -> bool {
    let facts = &measure.file.facts;
    let stated = facts.iter().any(|fact| fact.name.as_str() == name && fact.from == [FactPlace::Application]);
    let abouts = facts.iter().filter_map(|fact| fact.about.as_ref());
    let recorded = abouts.flat_map(|about| parts(about)).any(|part| part == Part::Name(name));
    stated && recorded
}

//! Answers: every answer that an interpretation offers is shown by a worked case that comes out otherwise under it, or by a
//! story that does, where the answer is about what follows a decision (`tests/otherwise.rs` plays it).

use super::Finding;
use crate::{
    cases,
    catalogue::{Catalogue, Measure},
    compile::INTERPRETATIONS,
    source::case::CaseSource,
};
use grants_domain::{rules::Assessment, values::Slug};
use std::collections::BTreeSet;

pub(super) fn check(catalogue: &Catalogue, findings: &mut Vec<Finding>) {
    let shown: BTreeSet<(&Slug, &Slug)> =
        catalogue.measures().flat_map(|measure| shown_by(catalogue, measure)).collect();
    for one in catalogue.interpretations() {
        let chosen = one.dated.last().map(|answer| &answer.value);
        let others = one.options.iter().filter(|option| option.selectable && Some(&option.id) != chosen);
        for option in others {
            let mut say = |what: String| findings.push(Finding::new(INTERPRETATIONS, one.id.as_str(), what));
            if option.alike.is_some() && option.story.is_some() {
                say(format!(
                    "the answer {} comes out alike, or has a story that shows it, not both",
                    option.id
                ));
            }
            let excused = option.alike.is_some() || option.story.is_some();
            match (excused, shown.contains(&(&one.id, &option.id))) {
                (false, false) => {
                    say(format!("no worked case comes out otherwise under the answer {}", option.id))
                }
                (true, true) => say(format!("a worked case does come out otherwise under {}", option.id)),
                (true, false) | (false, true) => {}
            }
        }
    }
}

/// The answers under which the cases of a measure come out otherwise than under those of the catalogue.
fn shown_by<'c>(catalogue: &'c Catalogue, measure: &'c Measure) -> Vec<(&'c Slug, &'c Slug)> {
    let differs = |case: &&CaseSource| {
        let under = cases::assess(&cases::answered(catalogue, measure, case), measure, case);
        !alike(&under, &cases::assess(catalogue, measure, case))
    };
    let cases = measure.file.cases.iter().filter(|case| !case.under.is_empty());
    cases.filter(differs).flat_map(|case| &case.under).collect()
}

/// Whether two assessments end alike for the applicant: the same amount, payer and holds, or the same refusal.
fn alike(one: &Assessment, other: &Assessment) -> bool {
    one.outcome == other.outcome
}

//! What is told about every worked case of every kind of benefit, under every answer that the cases are played under,
//! adds up to its outcome.
#![allow(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

use grants_domain::rules::Outcome;
use grants_policy::{Catalogue, End, Language, cases, shipped};

#[expect(dead_code, reason = "what is said about an event is looked at by the stories")]
mod telling;

#[test]
fn every_worked_case_is_told_in_steps_that_add_up_to_its_outcome() {
    let catalogue = Catalogue::compile(&shipped()).unwrap_or_else(|findings| panic!("{findings:?}"));
    let (mut due, mut refused) = (0, 0);
    for measure in catalogue.measures() {
        for case in &measure.file.cases {
            let answered = cases::answered(&catalogue, measure, case);
            let found = cases::assess(&answered, measure, case);
            let outcome = match &found.outcome {
                Outcome::Due { amount, .. } => {
                    due += 1;
                    amount.get()
                }
                Outcome::Rejected(_) | Outcome::Undecidable(_) => {
                    refused += 1;
                    0
                }
            };
            for language in Language::ALL {
                let told = answered.explain(&found.trace, &End::of(&found.outcome), language);
                let name = format!("{} {}", measure.file.measure.id, case.name.as_deref().unwrap());
                telling::sums::check(&name, &telling::lines(&told), outcome);
                let ours = |clause: &String| clause.starts_with("驻政办〔2024〕");
                let cited = told.sentences.iter().map(|one| one.clause.as_ref().map(ToString::to_string));
                assert!(cited.into_iter().all(|clause| clause.as_ref().is_some_and(ours)), "{name}");
                // The field for programs says the same as the text.
                for one in told.sentences.iter().filter(|one| one.amount.is_none()) {
                    assert!(!one.text.contains(['+', '−']), "{name}: {}", one.text);
                }
            }
        }
    }
    assert!(350 < due && 250 < refused, "{due} and {refused}");
}

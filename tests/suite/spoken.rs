//! What is said about every award and refusal of the demonstration adds up: the signed amounts of its sentences come to
//! what was awarded, each names its article, and none has a gap. The stories of the policies are held to the same in
//! `services/grants-policy/tests`.

#[path = "../../services/grants-policy/tests/telling/sums.rs"]
mod sums;

use grants_audit::{
    replay::{Until, fold},
    source::Source,
};
use grants_domain::{
    events::Event,
    refusal::Refused,
    trace::{Hold, Trace},
    values::Fen,
};
use grants_policy::{Catalogue, End, Explanation, Language, Library};
use grants_tests::demo;

/// A decision as it was recorded.
struct Decision {
    trace: Trace,
    end: Result<(Fen, Vec<Hold>), Refused>,
}

impl Decision {
    fn of(event: &Event) -> Option<Decision> {
        let (trace, end) = if let Event::AwardProposed(fact) = event {
            (&fact.trace, Ok((fact.amount, fact.holds.clone())))
        } else if let Event::ApplicationRejected(fact) = event {
            (&fact.trace, Err(fact.refused.clone()))
        } else {
            return None;
        };
        Some(Decision { trace: trace.clone(), end })
    }

    /// What it comes to: nothing if it was refused.
    fn outcome(&self) -> i64 {
        self.end.as_ref().map_or(0, |(amount, _)| amount.get())
    }

    fn told(&self, catalogue: &Catalogue, language: Language) -> Explanation {
        let end = match &self.end {
            Ok((amount, holds)) => End::Due { amount: *amount, holds },
            Err(refused) => End::Refused(refused),
        };
        catalogue.explain(&self.trace, &end, language)
    }
}

fn lines(told: &Explanation) -> Vec<String> {
    let clause = |one: &grants_policy::Sentence| one.clause.as_ref().map(|clause| format!("  〔{clause}〕"));
    told.sentences.iter().map(|one| format!("{}{}", one.text, clause(one).unwrap_or_default())).collect()
}

#[test]
fn what_is_said_of_every_award_and_refusal_of_the_demonstration_adds_up() {
    let folder = tempfile::tempdir().expect("a folder for the demonstration");
    let out = demo::play(folder.path());
    let source = Source::open(&out.join("bundle")).expect("the demonstration leaves a bundle");
    let (mut library, mut heard) = (Library::new(), Vec::new());
    let folded = fold(&source, &mut library, Until::End, &mut |_, event| heard.extend(Decision::of(event)));
    folded.expect("the log can be read");
    for (place, decision) in heard.iter().enumerate() {
        let catalogue = library.catalogue(decision.trace.version).expect("it is in the log");
        for language in Language::ALL {
            let told = decision.told(&catalogue, language);
            let name = format!("decision {place} of the demonstration: {}", told.title);
            assert_eq!(told.unfilled, Vec::<String>::new(), "{name}");
            sums::check(&name, &lines(&told), decision.outcome());
        }
    }
    let refusals = heard.iter().filter(|decision| decision.end.is_err()).count();
    assert!(40 < heard.len() && 10 < refusals, "{} decisions, {refusals} refusals", heard.len());
}

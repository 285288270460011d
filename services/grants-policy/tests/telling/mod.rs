//! What is said about an event, in both languages.

pub(crate) mod sums;

use grants_domain::events::Event;
use grants_policy::{Catalogue, End, Explanation, Language};

/// Everything that is said about an event: the trace of a decision, or the reason of a refusal.
pub(crate) fn sentences(catalogue: &Catalogue, event: &Event) -> Vec<String> {
    let told = |trace, end: &End<'_>| {
        let explained = Language::ALL.map(|language| catalogue.explain(trace, end, language));
        let unfilled: Vec<&String> = explained.iter().flat_map(|one| &one.unfilled).collect();
        assert!(unfilled.is_empty(), "nothing supplies {unfilled:?}");
        let outcome = match end {
            End::Due { amount, .. } => Some(amount.get()),
            End::Refused(_) => Some(0),
            // A rise is the difference of two sums, of which only the second is told.
            End::Raised { .. } => None,
        };
        for one in &explained {
            outcome.into_iter().for_each(|outcome| sums::check(&one.title, &lines(one), outcome));
        }
        explained.into_iter().flat_map(|one| one.sentences).map(|one| one.text).collect()
    };
    match event {
        Event::AwardProposed(fact) => {
            told(&fact.trace, &End::Due { amount: fact.amount, holds: &fact.holds })
        }
        Event::AwardRaised(fact) => {
            let (by, to, interpretation) = (fact.by, fact.to, &fact.interpretation);
            told(&fact.trace, &End::Raised { by, to, interpretation })
        }
        Event::ApplicationRejected(fact) => told(&fact.trace, &End::Refused(&fact.refused)),
        Event::CommandRefused(fact) => {
            Language::ALL.map(|language| catalogue.refusal(&fact.refused, language)).to_vec()
        }
        _ => Vec::new(),
    }
}

/// The lines of an explanation as they are shown: a sentence and its clause.
pub(crate) fn lines(told: &Explanation) -> Vec<String> {
    let clause = |one: &grants_policy::Sentence| one.clause.as_ref().map(|clause| format!("  〔{clause}〕"));
    told.sentences.iter().map(|one| format!("{}{}", one.text, clause(one).unwrap_or_default())).collect()
}

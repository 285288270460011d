//! One decision from the log alone, told with the catalogue that it pins.

use crate::{
    replay::{Until, fold},
    report::Finding,
    source::Source,
};
use grants_domain::{
    events::Event,
    ids::AwardId,
    refusal::Refused,
    trace::{Hold, Trace},
    values::{Fen, Reference, Slug},
};
use grants_files::Lang;
use grants_policy::{End, Explanation, Language, Library};
use serde_json::{Value, json};

/// What is to be explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An award.
    Award(AwardId),
    /// The decision about an application.
    Application(Reference),
}

impl Subject {
    /// `AW-…`, or the number of an application.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.parse() {
            Ok(award) => Some(Self::Award(award)),
            Err(_) => text.parse().ok().map(Self::Application),
        }
    }
}

/// A decision as it is recorded.
struct Decision {
    /// The award that it gave, if it gave one.
    award: Option<AwardId>,
    trace: Trace,
    end: Ending,
}

enum Ending {
    Due(Fen, Vec<Hold>),
    /// By how much it was raised, to what, and by whose word.
    Raised(Fen, Fen, Slug),
    Refused(Refused),
}

/// Explains a decision; `None` if the log has none about it.
///
/// # Errors
/// What keeps the log from being read.
pub fn explain(source: &Source, subject: &Subject, lang: Lang) -> Result<Option<Explanation>, Finding> {
    let mut library = Library::new();
    let mut found: Option<Decision> = None;
    fold(source, &mut library, Until::End, &mut |_, event| {
        if let Some(decision) = decision(event, subject, found.as_ref()) {
            found = Some(decision);
        }
    })?;
    let Some(Decision { trace, end, .. }) = found else {
        return Ok(None);
    };
    let language = match lang {
        Lang::Zh => Language::Zh,
        Lang::En => Language::En,
    };
    let end = match &end {
        Ending::Due(amount, holds) => End::Due { amount: *amount, holds },
        Ending::Raised(by, to, interpretation) => End::Raised { by: *by, to: *to, interpretation },
        Ending::Refused(refused) => End::Refused(refused),
    };
    Ok(library.catalogue(trace.version).map(|catalogue| catalogue.explain(&trace, &end, language)))
}

/// An explanation for programs: the text and what is interpretation (口径), apart.
#[must_use]
pub fn as_json(told: &Explanation) -> Value {
    let sentences: Vec<Value> = told
        .sentences
        .iter()
        .map(|one| {
            let clause = one.clause.as_ref().map(ToString::to_string);
            json!({ "rule": one.rule, "text": one.text, "clause": clause,
                "amount": one.amount.map(|amount| amount.to_string()), "interpretations": one.interpretations, "met": one.met })
        })
        .collect();
    let interpretations: Vec<Value> = told
        .interpretations
        .iter()
        .map(|one| json!({ "id": one.id, "question": one.question, "answer": one.answer, "source": one.source }))
        .collect();
    json!({ "title": told.title, "sentences": sentences, "interpretations": interpretations })
}

fn decision(event: &Event, subject: &Subject, before: Option<&Decision>) -> Option<Decision> {
    // A rise is the last decision about its award: what is due with the room that returned.
    if let Event::AwardRaised(fact) = event {
        let end = Ending::Raised(fact.by, fact.to, fact.interpretation.clone());
        let meant = before.is_some_and(|before| before.award == Some(fact.award));
        return meant.then(|| Decision { award: Some(fact.award), trace: fact.trace.clone(), end });
    }
    if let Event::AwardProposed(fact) = event {
        let meant = match subject {
            Subject::Award(award) => fact.award == *award,
            Subject::Application(number) => fact.application == *number,
        };
        let end = Ending::Due(fact.amount, fact.holds.clone());
        return meant.then(|| Decision { award: Some(fact.award), trace: fact.trace.clone(), end });
    }
    if let (Event::ApplicationRejected(fact), Subject::Application(number)) = (event, subject) {
        let end = Ending::Refused(fact.refused.clone());
        return (fact.application == *number).then(|| Decision {
            award: None,
            trace: fact.trace.clone(),
            end,
        });
    }
    None
}

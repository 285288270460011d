//! Sentences: a trace told in Chinese or English with the templates of its catalogue. What the text says and what an
//! interpretation (口径) adds are kept apart.

mod finding;
pub(crate) mod names;
mod refusal;
mod signed;
mod teller;
pub(crate) mod template;

use crate::{
    catalogue::{Catalogue, Measure},
    source::{Both, Met, Say},
};
use grants_domain::{
    refusal::Refused,
    rules::Outcome,
    trace::{FactValue, Hold, Step, StepKind, Trace},
    values::{Date, Fen, Slug},
};
use std::fmt;
use teller::Teller;

pub use signed::Signed;

/// A language of sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 中文.
    Zh,
    /// English.
    En,
}

impl Language {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    pub(crate) fn of(self, both: &Both) -> &str {
        match self {
            Self::Zh => &both.zh,
            Self::En => &both.en,
        }
    }

    pub(crate) fn say(self, say: &Say) -> &Met {
        match self {
            Self::Zh => &say.zh,
            Self::En => &say.en,
        }
    }
}

/// How an assessment ended.
#[derive(Clone, Copy, Debug)]
pub enum End<'a> {
    /// An amount is due.
    Due {
        /// The amount.
        amount: Fen,
        /// What its payment waits for.
        holds: &'a [Hold],
    },
    /// It was refused, or cannot be decided yet.
    Refused(&'a Refused),
    /// An award is raised by this much, because room of a cap returned.
    Raised {
        /// What comes back.
        by: Fen,
        /// What the award is then.
        to: Fen,
        /// Who says that it comes back.
        interpretation: &'a Slug,
    },
}

impl<'a> End<'a> {
    /// The end of an assessment.
    #[must_use]
    pub fn of(outcome: &'a Outcome) -> Self {
        match outcome {
            Outcome::Due { amount, holds, .. } => Self::Due { amount: *amount, holds },
            Outcome::Rejected(refused) | Outcome::Undecidable(refused) => Self::Refused(refused),
        }
    }
}

/// Where a sentence stands in the text of the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The number of the document (文号).
    pub document: String,
    /// The article, in the language of the explanation.
    pub article: String,
    /// The sentence of the article; none where the article as a whole is meant.
    pub sentence: Option<u32>,
    language: Language,
}

impl fmt::Display for Clause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { document, article, sentence, language } = self;
        match (language, sentence) {
            (Language::Zh, Some(sentence)) => write!(out, "{document} {article} 第{sentence}句"),
            (Language::En, Some(sentence)) => write!(out, "{document} {article}, sentence {sentence}"),
            (_, None) => write!(out, "{document} {article}"),
        }
    }
}

/// One sentence, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The rule it tells of; none for general ones.
    pub rule: Option<Slug>,
    /// The sentence; what it adds or takes stands at its end.
    pub text: String,
    /// The clause; of a general sentence the article of the measure. None only where the measure is not known.
    pub clause: Option<Clause>,
    /// What the step adds to the amount or takes off it. Those of an explanation together are the amount that is due,
    /// and nothing if it was refused.
    pub amount: Option<Signed>,
    /// Interpretations (口径) that the rule rests on in this decision.
    pub interpretations: Vec<Slug>,
    /// Whether the step was met; false for a cap that leaves nothing, and for what holds or refuses.
    pub met: bool,
}

/// An interpretation (口径) that a decision rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpretation {
    /// Its id.
    pub id: Slug,
    /// The question that the text leaves open.
    pub question: String,
    /// How it was answered on the day of application.
    pub answer: String,
    /// From which day, and who said so.
    pub source: String,
}

/// A whole explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The id and name of the measure, its document and article.
    pub title: String,
    /// Step by step.
    pub sentences: Vec<Sentence>,
    /// What is interpretation (口径), not text.
    pub interpretations: Vec<Interpretation>,
    /// Names that a template needs and nothing supplied. A catalogue that passes its lint leaves none.
    pub unfilled: Vec<String>,
}

impl Catalogue {
    /// Tells a trace and its end.
    #[must_use]
    pub fn explain(&self, trace: &Trace, end: &End<'_>, language: Language) -> Explanation {
        let Some(measure) = self.measures.get(&trace.measure) else {
            let mut teller = Teller::new(self, None, language, trace);
            if let End::Refused(refused) = end {
                teller.refused(refused);
            }
            return teller.told(trace.measure.to_string(), Vec::new());
        };
        let mut teller = Teller::new(self, Some(measure), language, trace);
        // As it is reckoned: what other awards hold is taken off behind the caps.
        let (behind, before): (Vec<&Step>, Vec<&Step>) =
            trace.steps.iter().partition(|step| step.kind == StepKind::TopUp);
        let (shares, before): (Vec<&Step>, Vec<&Step>) =
            before.into_iter().partition(|step| step.kind == StepKind::Share);
        before.into_iter().for_each(|step| teller.step(step));
        let refused_by = match end {
            End::Refused(refused) => refused.rule.as_ref(),
            End::Due { .. } | End::Raised { .. } => None,
        };
        trace.caps.iter().for_each(|cap| teller.cap(cap, refused_by));
        behind.into_iter().for_each(|step| teller.step(step));
        match end {
            End::Due { amount, holds } => {
                teller.due(*amount);
                shares.into_iter().for_each(|step| teller.share(step));
                teller.held(holds);
            }
            End::Raised { by, to, interpretation } => teller.raised(*by, *to, interpretation),
            End::Refused(refused) => teller.refused(refused),
        }
        teller.told(title(measure, language), self.shown(trace, language))
    }

    /// The sentence of a refusal: that of the rule that refused, else that of the code.
    #[must_use]
    pub fn refusal(&self, refused: &Refused, language: Language) -> String {
        refusal::refusal(self, refused, language)
    }

    /// The interpretations that a trace rests on, as they were answered on the day of application.
    fn shown(&self, trace: &Trace, language: Language) -> Vec<Interpretation> {
        let day = applied_on(trace);
        let one = |id: &Slug| {
            let one = self.interpretations.get(id)?;
            let dated = self.dated_answer(id, day)?;
            let option = one.options.iter().find(|option| option.id == dated.value)?;
            Some(Interpretation {
                id: id.clone(),
                question: language.of(&one.question).to_owned(),
                answer: match language {
                    Language::Zh => option.zh.clone(),
                    Language::En => option.en.clone(),
                },
                source: format!("{} {}", dated.from.0, dated.source),
            })
        };
        trace.interpretations.iter().filter_map(one).collect()
    }
}

/// The day whose answers the decision followed: the walk notes it with the term.
fn applied_on(trace: &Trace) -> Date {
    let inputs = trace.steps.iter().flat_map(|step| &step.inputs);
    let noted = inputs
        .filter(|input| input.name.as_str() == "applied_on")
        .find_map(|input| if let FactValue::Date(day) = input.value { Some(day) } else { None });
    noted.unwrap_or(trace.governing)
}

fn title(measure: &Measure, language: Language) -> String {
    let source = &measure.file.measure;
    let (name, article) = (language.of(&source.title), language.of(&source.article));
    let number = &measure.document.number;
    match language {
        Language::Zh => format!("{} {name}（{number} {article}）", source.id),
        Language::En => format!("{} {name} ({number}, {article})", source.id),
    }
}

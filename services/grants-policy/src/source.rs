//! What a policy officer writes: the TOML of documents, measures, interpretations and general sentences.
//!
//! Every table is closed: a key that is not named here is an error with its line, never ignored.

pub mod benefit;
pub mod case;
pub mod dated;
pub mod limit;
pub mod measure;

pub use dated::{Both, Choice, Day, Met, Say, ValueSource, When};
pub use measure::MeasureFile;

use crate::catalogue::Term;
use benefit::TierSource;
use grants_domain::values::{Date, Slug};
use limit::{CapSource, OverlapSource};
use measure::{ClaimSource, ConditionSource, FactSource};
use serde::Deserialize;
use std::collections::BTreeMap;

/// `documents/*.toml`: a document, and what several of its measures share.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DocumentFile {
    /// The document.
    pub document: DocumentSource,
    /// Dated values that its measures share.
    #[serde(default)]
    pub values: BTreeMap<Slug, ValueSource>,
    /// Caps that several measures count under.
    #[serde(default, rename = "cap")]
    pub caps: Vec<CapSource>,
    /// Cumulative scales that several measures climb.
    #[serde(default, rename = "tier")]
    pub tiers: Vec<TierSource>,
    /// Facts, conditions and overlaps that several measures have alike.
    #[serde(default, rename = "part")]
    pub parts: Vec<PartSource>,
}

/// Facts and rules that several measures of a document have alike: what holds for every title, or how awards of other
/// documents count. A measure takes them in by id (`parts`), in front of its own; the id of the measure and a dot are put
/// before the ids of the rules.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PartSource {
    /// Its id.
    pub id: Slug,
    /// Facts.
    #[serde(default, rename = "fact")]
    pub facts: Vec<FactSource>,
    /// Conditions.
    #[serde(default, rename = "condition")]
    pub conditions: Vec<ConditionSource>,
    /// Awards that bear on the measure.
    #[serde(default, rename = "overlap")]
    pub overlaps: Vec<OverlapSource>,
    /// Once-only rights.
    #[serde(default, rename = "claim")]
    pub claims: Vec<ClaimSource>,
}

/// A document that was issued.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DocumentSource {
    /// Short id, such as `2024-15`.
    pub id: Slug,
    /// The number it was issued under (文号).
    pub number: String,
    /// Its title.
    pub title: Both,
    /// The day it was issued.
    pub issued: Day,
    /// First and last day; without a last day it has no end.
    pub term: Choice<TermSource>,
    /// What becomes of a recovery that a late fact gives; without it, a person decides.
    pub recoveries: Option<Choice<Recoveries>>,
    /// Whether parameters that counties set for themselves count; without it, none may be written.
    pub county_values: Option<Choice<Counties>>,
    /// Where the term stands; without it a sentence about the term names the measure's article.
    pub term_article: Option<Both>,
}

/// What becomes of a recovery that a rule proposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recoveries {
    /// It is owed by a person's decision.
    Proposed,
    /// It is owed at once.
    Owed,
}

/// What becomes of parameters that counties set for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counties {
    /// They stand in place of the city's.
    Used,
    /// They are ignored.
    Ignored,
}

/// First and last day of a document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TermSource {
    /// First day; without it, the day that the answer gives (an option that `needs-day`).
    pub from: Option<Day>,
    /// Last day.
    pub to: Option<Day>,
    /// Instead of a last day: so many whole years from the first day.
    pub years: Option<i32>,
    /// Whether the anniversary itself is the last day, and not the day before it.
    #[serde(default)]
    pub to_anniversary: bool,
}

impl TermSource {
    /// First and last day, given the day of the answer; nothing if it rests on one and there is none.
    pub(crate) fn on(&self, answered: Option<Date>) -> Option<Term> {
        let from = self.from.map(|day| day.0).or(answered)?;
        let to = match self.years {
            None => self.to.map(|day| day.0),
            Some(years) => {
                let anniversary = from.anniversary(years).ok()?;
                Some(if self.to_anniversary { anniversary } else { anniversary.add_days(-1).ok()? })
            }
        };
        Some(Term { from, to })
    }
}

/// `interpretations.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct InterpretationsFile {
    /// The interpretations (口径).
    #[serde(rename = "interpretation")]
    pub interpretations: Vec<InterpretationSource>,
}

/// How an open question is answered until the bureau says otherwise.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct InterpretationSource {
    /// Its id, `K-01` and so on.
    pub id: Slug,
    /// Measures or documents that it is about.
    pub clauses: Vec<Slug>,
    /// The question that the text leaves open.
    pub question: Both,
    /// What may be answered.
    pub options: Vec<OptionSource>,
    /// What is answered, from which day, and who said so.
    pub dated: Vec<AnswerSource>,
}

/// One possible answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OptionSource {
    /// Its id.
    pub id: Slug,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// Whether this program can follow it. What it cannot follow may be discussed, but not chosen.
    #[serde(default = "yes")]
    pub selectable: bool,
    /// Whether it rests on a day that the answer gives, such as that of a publication.
    #[serde(default)]
    pub needs_day: bool,
    /// Why no worked case comes out otherwise under it, where none can.
    pub alike: Option<Both>,
    /// The story that comes out otherwise under it, where one assessment cannot show it: a file of
    /// `tests/scenarios/policy/under`.
    pub story: Option<String>,
}

/// A dated answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AnswerSource {
    /// From this day on.
    pub from: Day,
    /// The option.
    pub value: Slug,
    /// The day it rests on, if the option does.
    pub day: Option<Day>,
    /// Who said so.
    pub source: String,
}

/// `sentences.toml`: sentences that every measure shares.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SentencesFile {
    /// Sentences of the walk: `in-force`, `rounded`, `due`, `refused`, `interpretation`, …
    pub general: BTreeMap<Slug, Both>,
    /// Sentences of refusals, by code.
    pub refusal: BTreeMap<Slug, Both>,
    /// Words of facts and statuses, as people read them.
    #[serde(default)]
    pub words: BTreeMap<String, Both>,
}

pub(crate) fn yes() -> bool {
    true
}

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

use benefit::TierSource;
use grants_domain::values::Slug;
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

/// First and last day of a document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TermSource {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Option<Day>,
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

//! What an amount is made of, as it is written.

use super::dated::{Both, Choice, Day, Say, When};
use super::limit::Window;
use super::measure::TestSource;
use grants_domain::values::{Fen, Slug};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A part of the amount. Exactly one kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BenefitSource {
    /// Its id in traces.
    pub rule: Slug,
    /// Where it stands in the article; the measure's sentence if it does not say.
    #[serde(default)]
    pub sentence: u32,
    /// Another article, if it stands elsewhere.
    pub article: Option<Both>,
    /// Added only under this answer.
    pub when: Option<When>,
    /// A fixed amount: a value.
    pub fixed: Option<Slug>,
    /// A fixed amount by level or kind.
    pub fixed_by: Option<VariantSource>,
    /// A rate of a base.
    pub rate_of: Option<RateOfSource>,
    /// So much for each.
    pub per_unit: Option<PerUnitSource>,
    /// Interest on daily balances.
    pub interest: Option<InterestSource>,
    /// A cumulative scale of the document.
    pub tier: Option<TierUseSource>,
    /// An amount that a person determines inside a band.
    pub determined: Option<DeterminedSource>,
    /// Ratio or amount from a decision document.
    pub documented: Option<DocumentedSource>,
    /// Interpretations it rests on.
    #[serde(default)]
    pub interpretations: Vec<Slug>,
    /// Its sentences.
    pub say: Say,
}

/// Values by the word of a fact.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct VariantSource {
    /// The fact with the word.
    pub fact: Slug,
    /// The value for each word.
    pub values: BTreeMap<String, Slug>,
}

/// A rate of a base.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RateOfSource {
    /// The rate: a value …
    pub rate: Option<Slug>,
    /// … or one by the word of a fact.
    pub rate_by: Option<VariantSource>,
    /// The base: a fact …
    pub fact: Option<Slug>,
    /// … or the sum of an evidence rule.
    pub evidence: Option<Slug>,
}

/// So much for each.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PerUnitSource {
    /// The fact that counts.
    pub count: Slug,
    /// The value for each.
    pub each: Slug,
}

/// Interest on daily balances.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct InterestSource {
    /// Name of the published rate.
    pub rate: Slug,
    /// Share of the rate that is paid: a value.
    pub share: Slug,
    /// Which publication.
    pub rate_of: Choice<RateDay>,
    /// Days of a year.
    pub year_days: Choice<u64>,
    /// Balance or original principal.
    pub principal: Choice<Principal>,
    /// How long: years from the first subsidised day, or days.
    pub longest: Choice<Longest>,
    /// The tally of subsidised days.
    pub tally: Slug,
}

/// Which publication of a rate counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RateDay {
    /// The latest on the day of application.
    Application,
    /// The latest on the day of the contract.
    Contract,
    /// The latest on the first day of each balance.
    EachPeriod,
}

/// What interest is computed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Principal {
    /// The balance of each day.
    DailyBalance,
    /// The amount of the contract.
    Original,
}

/// How long interest is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Longest {
    /// To the day before this anniversary.
    Anniversary(i32),
    /// So many days.
    Days(i32),
}

/// A cumulative scale.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TierSource {
    /// Its id.
    pub id: Slug,
    /// What is counted together.
    pub tally: Choice<TierTally>,
    /// The window.
    pub window: Choice<Window>,
    /// The most that the scale comes to.
    pub most: Option<MostSource>,
    /// The scale and its earlier versions.
    pub dated: Vec<ScaleSource>,
}

/// The most that a scale comes to, under an answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MostSource {
    /// The value.
    pub value: Slug,
    /// Only under this answer.
    pub when: Option<When>,
}

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TierTally {
    /// All measures that use the scale.
    Joined,
    /// Each measure for itself.
    Separate,
}

/// A scale from a day on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScaleSource {
    /// From this day on.
    pub from: Day,
    /// Up to and with this day.
    pub until: Option<Day>,
    /// Total due at so many.
    pub at: Vec<RungSource>,
    /// Above the last rung, for each more.
    pub then_each: Fen,
    /// Document, article and sentence that say so.
    pub source: String,
}

/// A rung of a scale.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RungSource {
    /// So many.
    pub count: u64,
    /// The total due.
    pub amount: Fen,
}

/// The use of a scale by a measure.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TierUseSource {
    /// The scale.
    pub scale: Slug,
    /// What must hold for this one to count.
    pub counts_if: Option<TestSource>,
}

/// A determined amount and its band.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DeterminedSource {
    /// The fact with the amount.
    pub fact: Slug,
    /// Not less than this value.
    pub at_least: Option<Slug>,
    /// Not more than this value.
    pub at_most: Option<Slug>,
}

/// What a decision document says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DocumentedSource {
    /// The fact with the amount …
    pub amount: Option<Slug>,
    /// … or the facts with ratio and base.
    pub ratio: Option<Slug>,
    /// The base of the ratio.
    pub of: Option<Slug>,
    /// The fact with a most that the document names.
    pub at_most: Option<Slug>,
}

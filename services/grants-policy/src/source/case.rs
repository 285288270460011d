//! A worked case as it is written: what is the case, and what must come of it.

use super::dated::Day;
use grants_domain::{
    external::{AwardLevel, ExternalStatus},
    ids::PersonId,
    rules::Exhaustion,
    tables::EvidenceKind,
    trace::FactValue,
    values::{CreditCode, DatePeriod, Fen, Rate, Reference, Slug, Text, Treasury},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A worked case, or what every case of a measure begins with (`[case-base]`). A key that a case gives takes the
/// place of the base's; the tables `under`, `facts`, `used` and `tallied` are laid over the base's by name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CaseSource {
    /// What it shows.
    pub name: Option<String>,
    /// Interpretations that are answered otherwise, with the answers.
    #[serde(default)]
    pub under: BTreeMap<Slug, Slug>,
    /// The days that these answers rest on, where they do.
    #[serde(default)]
    pub under_days: BTreeMap<Slug, Day>,
    /// Day of application; without one, the first day of the document.
    pub applied_on: Option<Day>,
    /// Day of the decision; without it, the day of application.
    pub today: Option<Day>,
    /// The person who is to get the money, if it is not the enterprise.
    pub person: Option<PersonId>,
    /// The enterprise's treasury, and the project's.
    pub treasury: Option<Treasury>,
    /// The project's treasury, if it is another.
    pub project_treasury: Option<Treasury>,
    /// The enterprise's industry.
    pub industry: Option<Slug>,
    /// Whether the application names a project; without it, if the measure needs one.
    pub project: Option<bool>,
    /// The project's total investment.
    pub total_investment: Option<Fen>,
    /// The project's construction validity, `2024-01-01/2026-12-31`.
    pub validity: Option<DatePeriod>,
    /// Whether the project is in the fixed-asset statistics.
    pub in_statistics: Option<bool>,
    /// Facts that the application states, `money:1.00` and so on.
    #[serde(default)]
    pub facts: BTreeMap<Slug, FactValue>,
    /// Facts of the base that it does not state and that nobody recorded.
    #[serde(default)]
    pub without: Vec<Slug>,
    /// Recorded facts.
    pub recorded: Option<Vec<RecordedCase>>,
    /// The day of every recorded fact, in place of its own.
    pub recorded_on: Option<Day>,
    /// Recorded facts beside those, each in place of one of the same subject and name.
    #[serde(default)]
    pub also_recorded: Vec<RecordedCase>,
    /// Awards of other levels.
    pub external: Option<Vec<ExternalCase>>,
    /// Rounds of other levels.
    pub rounds: Option<Vec<RoundCase>>,
    /// Published rates.
    pub rates: Option<Vec<RateCase>>,
    /// Evidence that the application brings.
    pub evidence: Option<Vec<EvidenceCase>>,
    /// What caps have counted already.
    #[serde(default)]
    pub used: BTreeMap<Slug, Fen>,
    /// What counters have counted that the measure may or may not look at.
    #[serde(default)]
    pub counted: Vec<CountedCase>,
    /// What tallies have counted already.
    #[serde(default)]
    pub tallied: BTreeMap<Slug, TalliedCase>,
    /// Once-only rights that another award holds.
    #[serde(default)]
    pub claimed: Vec<String>,
    /// Keys of evidence that another application uses up.
    #[serde(default)]
    pub consumed: Vec<String>,
    /// Standing awards of other measures.
    #[serde(default)]
    pub standing: Vec<StandingCase>,

    /// What is due.
    pub due: Option<Fen>,
    /// The caps that cut, all of them.
    pub cut: Option<Vec<Slug>>,
    /// What happens if the budget line is short.
    pub short: Option<Exhaustion>,
    /// The rules that hold the payment, all of them.
    pub holds: Option<Vec<Slug>>,
    /// Who pays.
    pub payer: Option<Treasury>,
    /// Who pays together, in which proportion, as it is recorded.
    pub payers: Option<String>,
    /// The code of the refusal.
    pub refused: Option<String>,
    /// The rule that refuses.
    pub rule: Option<Slug>,
    /// A text that a sentence of the explanation contains.
    pub says: Option<String>,
}

/// A recorded fact.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RecordedCase {
    /// About whom.
    pub about: About,
    /// The fact.
    pub name: Slug,
    /// Its value.
    pub value: FactValue,
    /// The day it is about.
    pub on: Day,
}

/// About whom something is recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum About {
    /// The project of the case.
    #[default]
    Project,
    /// The enterprise of the case.
    Enterprise,
    /// Another subject, as it is recorded: `title:…`, `project:…`.
    Named(String),
}

impl From<String> for About {
    fn from(text: String) -> Self {
        match text.as_str() {
            "project" => Self::Project,
            "enterprise" => Self::Enterprise,
            _ => Self::Named(text),
        }
    }
}

/// An award of another level.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ExternalCase {
    /// Whose money.
    pub level: AwardLevel,
    /// The programme.
    pub programme: Slug,
    /// How far it is.
    pub status: ExternalStatus,
    /// How much.
    pub amount: Option<Fen>,
    /// When; without it, the day of application.
    pub on: Option<Day>,
    /// About whom.
    #[serde(default)]
    pub about: About,
}

/// A round of another level.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RoundCase {
    /// The programme.
    pub programme: Slug,
    /// When it was open.
    pub open: DatePeriod,
}

/// A published rate.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RateCase {
    /// Its name.
    pub name: Slug,
    /// Day of publication.
    pub on: Day,
    /// The rate.
    pub rate: Rate,
}

/// A piece of evidence.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EvidenceCase {
    /// What it is.
    pub kind: EvidenceKind,
    /// Its key; without it, one of its own.
    pub key: Option<Text<60>>,
    /// Its day.
    pub date: Day,
    /// Its last day, for what has one.
    pub until: Option<Day>,
    /// Its amount.
    pub amount: Fen,
    /// Who sold; the applicant's own code for what it sold to itself.
    pub seller: Option<CreditCode>,
}

/// What a tally has counted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TalliedCase {
    /// How many.
    pub count: u64,
    /// What stands for them.
    pub amount: Fen,
    /// First day.
    pub first: Option<Day>,
    /// Last day.
    pub last: Option<Day>,
}

/// A standing award of another measure, about the same enterprise and project.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StandingCase {
    /// The measure.
    pub measure: Slug,
    /// What stands.
    pub amount: Fen,
    /// Its governing day; without it, the day of application.
    pub on: Option<Day>,
    /// Caps that it counts under.
    #[serde(default)]
    pub caps: Vec<Slug>,
    /// Whether it is about another project of the enterprise.
    #[serde(default)]
    pub elsewhere: bool,
    /// Its application's number; without it, one of its own.
    pub application: Option<Reference>,
    /// Facts that its application stated.
    #[serde(default)]
    pub facts: BTreeMap<Slug, FactValue>,
}

/// What one counter has counted, named by its own key and not by what the measure looks at.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CountedCase {
    /// The cap …
    pub cap: Option<Slug>,
    /// … or the tally.
    pub tally: Option<Slug>,
    /// Whose: `enterprise`, `project`, or the text of another scope.
    pub scope: About,
    /// Over which time, as counters name it: `2026`, or the id of a document.
    pub window: Text<40>,
    /// How much.
    pub amount: Fen,
    /// How many, for a tally.
    #[serde(default)]
    pub count: u64,
    /// The day of what it counts, for a tally of twelve months.
    pub on: Option<Day>,
}

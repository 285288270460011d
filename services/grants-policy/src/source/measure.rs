//! A measure as it is written: facts, conditions, evidence, overlaps, benefit, caps and worked cases.

use super::benefit::BenefitSource;
use super::case::CaseSource;
use super::dated::{Both, Choice, Say, ValueSource, When};
use super::limit::{CapSource, CeilingSource, ExternalSource, OverlapSource};
use grants_domain::{external::AwardLevel, rules::Exhaustion, tables::EvidenceKind, values::Slug};
use serde::Deserialize;
use std::collections::BTreeMap;

/// `measures/*.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MeasureFile {
    /// What it is and where it stands.
    pub measure: MeasureSource,
    /// Dated values.
    #[serde(default)]
    pub values: BTreeMap<Slug, ValueSource>,
    /// Facts it needs.
    #[serde(default, rename = "fact")]
    pub facts: Vec<FactSource>,
    /// Conditions, in the order of checking.
    #[serde(default, rename = "condition")]
    pub conditions: Vec<ConditionSource>,
    /// Awards that bear on it.
    #[serde(default, rename = "overlap")]
    pub overlaps: Vec<OverlapSource>,
    /// Once-only rights.
    #[serde(default, rename = "claim")]
    pub claims: Vec<ClaimSource>,
    /// Evidence that is summed or must be there.
    #[serde(default)]
    pub evidence: Vec<EvidenceSource>,
    /// What the amount is made of; the parts are added.
    #[serde(default, rename = "benefit")]
    pub benefits: Vec<BenefitSource>,
    /// Ceilings that are not running caps.
    #[serde(default, rename = "ceiling")]
    pub ceilings: Vec<CeilingSource>,
    /// Running caps of its own.
    #[serde(default, rename = "cap")]
    pub caps: Vec<CapSource>,
    /// What every worked case begins with.
    #[serde(default)]
    pub case_base: CaseSource,
    /// Worked cases.
    #[serde(default, rename = "case")]
    pub cases: Vec<CaseSource>,
}

/// What a measure is and where it stands.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MeasureSource {
    /// Its id.
    pub id: Slug,
    /// Id of its document.
    pub document: Slug,
    /// The article.
    pub article: Both,
    /// The sentence of the article, for rules that name none of their own.
    #[serde(default)]
    pub sentence: u32,
    /// Its name.
    pub title: Both,
    /// What the text says, in our own words.
    pub text: Both,
    /// Number of the meaning that the program gives these rules; a changed meaning is a new number.
    pub semantics: u32,
    /// Whether an application names a project.
    #[serde(default)]
    pub needs_project: bool,
    /// Whether money is paid by decision. Without it the measure is recorded only.
    #[serde(default = "super::yes")]
    pub payable: bool,
    /// Whether the text names persons among those who are paid. Else only the enterprise's account is.
    #[serde(default)]
    pub person_payee: bool,
    /// The date that must fall inside the term: `application`, `evidence`, `balance` or `fact:NAME`.
    pub governing: Choice<String>,
    /// Who pays: `project` or `enterprise` (its treasury), `fact:NAME` (a recorded treasury), or nine digits; shares
    /// of some of them, such as `project:5 411700000:5`; or `split:NAME or PAYER`: a recorded proportion, such as
    /// `411702000:5 411700000:5`, and where none is recorded one of those.
    pub payer: Choice<String>,
    /// How an amount becomes 分.
    pub rounding: Choice<Rounding>,
    /// What happens when the line is short.
    pub exhaustion: Choice<Exhaustion>,
    /// Parts of its document that it takes in, in this order.
    #[serde(default)]
    pub parts: Vec<Slug>,
    /// Caps it counts under, in the order they cut: its own or its document's.
    #[serde(default)]
    pub caps: Vec<Slug>,
    /// Interpretations that bear on it without choosing a parameter.
    #[serde(default)]
    pub interpretations: Vec<Slug>,
}

/// How an exact amount becomes whole 分.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// Down, once, at the end.
    Down,
    /// To the nearest, a half upwards.
    HalfUp,
    /// Down at every step that has an amount.
    EachStep,
}

/// A fact that a measure reads.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FactSource {
    /// Its name.
    pub name: Slug,
    /// `money`, `count`, `date`, `rate`, `flag` or `word`.
    #[serde(rename = "type")]
    pub kind: FactType,
    /// Unit, for people.
    pub unit: Option<String>,
    /// Where it is looked for, in this order.
    pub from: Vec<FactPlace>,
    /// For `named-record`: the subject, such as `project:{project_code}` with the word of another fact.
    pub about: Option<String>,
    /// The name under which it is recorded or stated, if that is another: its words, each given or chosen, with `_`
    /// between them. A figure that can be taken in several ways is certified under a name for each.
    #[serde(default)]
    pub called: Vec<Choice<String>>,
    /// The day at which a recorded fact is read.
    #[serde(default)]
    pub as_of: AsOf,
    /// Its name for people.
    pub title: Both,
}

/// Type of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactType {
    /// 元.
    Money,
    /// A whole number.
    Count,
    /// A day.
    Date,
    /// A rate.
    Rate,
    /// Yes or no.
    Flag,
    /// A word.
    Word,
}

/// Where a fact is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactPlace {
    /// Stated in the application.
    Application,
    /// A field of the registered project.
    Project,
    /// A field of the registered project, summed over it and those that are parts of one investment with it.
    LinkedProjects,
    /// A field of the registered enterprise.
    Enterprise,
    /// A recorded fact about `project:CODE`.
    ProjectRecord,
    /// A recorded fact about `enterprise:CODE`.
    EnterpriseRecord,
    /// A recorded fact about what `about` names: a title, or a project of somebody else.
    NamedRecord,
}

/// The day at which a recorded fact is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AsOf {
    /// On the governing date.
    #[default]
    Governing,
    /// As it stood when applied for; else the first record that came later.
    Decision,
    /// As it stands on the day of the decision, and again on the day of every later look: a title that was revoked.
    Latest,
}

/// A condition of the clause.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ConditionSource {
    /// Its id in traces.
    pub rule: Slug,
    /// Where it stands in the article; the measure's sentence if it does not say.
    #[serde(default)]
    pub sentence: u32,
    /// Another article, if it stands elsewhere.
    pub article: Option<Both>,
    /// Looked at only under this answer.
    pub when: Option<When>,
    /// Looked at only if this fact is known: nobody is asked for it, and a record that says otherwise is heeded.
    pub if_known: Option<Slug>,
    /// What must hold.
    pub test: TestSource,
    /// Whether failing it refuses, or is only recorded.
    pub weight: Option<Choice<Weight>>,
    /// Interpretations it rests on.
    #[serde(default)]
    pub interpretations: Vec<Slug>,
    /// Its sentences.
    pub say: Say,
}

/// What failing a condition does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// It refuses.
    Hard,
    /// It is recorded.
    Note,
}

/// One test. Exactly one operator; `fact` names what it is about.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TestSource {
    /// The fact.
    pub fact: Option<Slug>,
    /// ≥ a value.
    pub at_least: Option<Slug>,
    /// > a value.
    pub above: Option<Slug>,
    /// ≤ a value.
    pub at_most: Option<Slug>,
    /// < a value.
    pub below: Option<Slug>,
    /// Equal to this flag or word.
    pub is: Option<String>,
    /// The code of the enterprise that applies.
    pub is_applicant: Option<bool>,
    /// A word of a list value.
    pub one_of: Option<Slug>,
    /// Whether it is there at all.
    pub present: Option<bool>,
    /// It is there, whatever it says; until then nobody can decide.
    pub known: Option<bool>,
    /// A day inside the policy's term or the project's validity.
    pub within: Option<Span>,
    /// The day of every piece of evidence of this kind.
    pub day_of: Option<EvidenceKind>,
    /// Evidence of this kind is there.
    pub evidence: Option<EvidenceKind>,
    /// The one loan runs longer than so many years.
    pub loan_longer_than: Option<Choice<Slug>>,
    /// An award of another level was applied for, if it could be.
    pub applied_above: Option<ProgrammeSource>,
    /// An award of another body stands: it was granted and not taken back.
    pub granted: Option<ExternalSource>,
    /// Every one holds.
    pub all: Option<Vec<TestSource>>,
    /// At least one holds.
    pub any: Option<Vec<TestSource>>,
}

/// A period that days are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// The term of the policy.
    Term,
    /// The construction validity of the project.
    Validity,
}

/// A programme of another level.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ProgrammeSource {
    /// Whose money it is.
    pub level: AwardLevel,
    /// The programme.
    pub programme: Slug,
}

/// A right that can be used once.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ClaimSource {
    /// Its id in refusals.
    pub rule: Slug,
    /// Held only under this answer.
    pub when: Option<When>,
    /// The right, such as `T12.train:{evidence:tickets}`. Between braces: a fact, `enterprise`, `project`, `year` (of
    /// the governing day), or `evidence:KIND` (the key of the one piece of that kind).
    pub key: Choice<String>,
}

/// Evidence that is summed or must be there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EvidenceSource {
    /// Its id in traces.
    pub rule: Slug,
    /// Where it stands in the article; the measure's sentence if it does not say.
    #[serde(default)]
    pub sentence: u32,
    /// Another article, if it stands elsewhere.
    pub article: Option<Both>,
    /// What kind of evidence.
    pub kind: EvidenceKind,
    /// Only pieces whose day lies inside these count.
    #[serde(default)]
    pub within: Vec<Span>,
    /// Whose sales count; everybody's if the clause says nothing.
    pub sellers: Option<Choice<Sellers>>,
    /// What is taken off the sum because an award of another body paid for it.
    pub less: Option<LessSource>,
    /// Whether what counts is used up.
    pub consume: bool,
    /// Interpretations it rests on.
    #[serde(default)]
    pub interpretations: Vec<Slug>,
    /// Its sentences.
    pub say: Say,
}

/// Whose sales count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sellers {
    /// Everybody's.
    Any,
    /// Not those of affiliates on the day of the piece, nor the applicant's own.
    NotAffiliates,
}

/// An amount that is taken off a sum of evidence while an award of another body stands.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LessSource {
    /// The award of the other body, about the project or else the enterprise.
    pub external: ExternalSource,
    /// The fact with the amount; it must be known once such an award stands.
    pub fact: Slug,
    /// Taken off only under this answer.
    pub when: Option<When>,
}

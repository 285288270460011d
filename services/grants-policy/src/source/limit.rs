//! What takes away from an amount, as it is written: overlaps, ceilings and caps.

use super::dated::{Both, Choice, Say, When};
use super::measure::Weight;
use grants_domain::{external::AwardLevel, tables::ExternalAwardRow, values::Slug};
use serde::Deserialize;

/// Awards that bear on this measure.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OverlapSource {
    /// Its id in traces.
    pub rule: Slug,
    /// Where it stands in the article; the measure's sentence if it does not say.
    #[serde(default)]
    pub sentence: u32,
    /// Another article, if it stands elsewhere.
    pub article: Option<Both>,
    /// Looked at only under this answer.
    pub when: Option<When>,
    /// Awards that other bodies reported …
    pub external: Option<ExternalSource>,
    /// … or standing awards of these measures …
    pub measures: Option<Vec<Slug>>,
    /// … or standing awards of every measure of these documents.
    pub documents: Option<Vec<Slug>>,
    /// Whether awards of this measure itself bear on it not at all, though it is among those that are named.
    #[serde(default)]
    pub others_only: bool,
    /// What is the same matter: the `project`, the `enterprise`, or the title that `fact:NAME` names.
    pub scope: String,
    /// What a granted award does.
    pub mode: Choice<OverlapMode>,
    /// With `sum-capped`: the value that both together may reach.
    pub limit: Option<Slug>,
    /// What a pending award does.
    pub pending: Option<Choice<Pending>>,
    /// Its sentences.
    pub say: Say,
}

/// Awards that other bodies reported, by level and programme.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ExternalSource {
    /// Whose money: one level, or several.
    pub level: Levels,
    /// The programme, or several; without it, any.
    pub programme: Option<Programmes>,
}

/// One programme, or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Programmes {
    /// One.
    One(Slug),
    /// Any of several.
    Many(Vec<Slug>),
}

/// One level, or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Levels {
    /// One.
    One(AwardLevel),
    /// Any of several.
    Many(Vec<AwardLevel>),
}

impl ExternalSource {
    /// Whether an award is one of these.
    #[must_use]
    pub fn covers(&self, row: &ExternalAwardRow) -> bool {
        let level = match &self.level {
            Levels::One(level) => *level == row.level,
            Levels::Many(levels) => levels.contains(&row.level),
        };
        let programme = match &self.programme {
            None => true,
            Some(Programmes::One(programme)) => *programme == row.programme,
            Some(Programmes::Many(programmes)) => programmes.contains(&row.programme),
        };
        level && programme
    }
}

/// What a granted award does to this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OverlapMode {
    /// Nothing more is paid.
    Exclude,
    /// The better of both: the difference is paid.
    BestOf,
    /// Both are paid, and it is recorded.
    Stack,
    /// Both are paid up to a limit together.
    SumCapped,
}

/// What a pending award does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pending {
    /// The award is decided, and its payment waits.
    Hold,
    /// Nothing.
    Ignore,
}

/// A ceiling that is not a running cap.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CeilingSource {
    /// Its id in traces.
    pub rule: Slug,
    /// Where it stands in the article; the measure's sentence if it does not say.
    #[serde(default)]
    pub sentence: u32,
    /// Another article, if it stands elsewhere.
    pub article: Option<Both>,
    /// Holds only under this answer.
    pub when: Option<When>,
    /// The fact that limits …
    pub fact: Option<Slug>,
    /// … or the value.
    pub value: Option<Slug>,
    /// Whether it cuts.
    pub weight: Option<Choice<Weight>>,
    /// Its sentences.
    pub say: Say,
}

/// A running cap.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CapSource {
    /// Its id; part of the counter's key.
    pub id: Slug,
    /// Where it stands in the article; the measure's sentence if it does not say.
    #[serde(default)]
    pub sentence: u32,
    /// The article, for a cap of a document.
    pub article: Option<Both>,
    /// Holds only under this answer.
    pub when: Option<When>,
    /// The limit: a value.
    pub limit: Slug,
    /// Whose counter: `enterprise`, `group` (with its affiliates on the governing day), `recipient` (the person who is
    /// paid, else the enterprise), `project`, `linked-projects` (with those that are parts of one investment) or
    /// `fact:NAME`.
    pub scope: Option<Choice<String>>,
    /// Over which time.
    pub window: Option<Choice<Window>>,
    /// What is counted.
    pub counts: Option<Counts>,
    /// What gives room back.
    pub releases: Option<Choice<Releases>>,
    /// What becomes of the part that it cuts when room returns; without it, the part is lost.
    pub cut_part: Option<Choice<CutPart>>,
    /// Interpretations it rests on.
    #[serde(default)]
    pub interpretations: Vec<Slug>,
    /// Its sentences: `met` if it cut, `unmet` if nothing was left.
    pub say: Say,
}

/// Over which time a counter runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Window {
    /// The policy's life.
    PolicyLife,
    /// The calendar year of the governing date.
    CalendarYear,
    /// Any twelve months: those that end with the governing date, and every later twelve months that it lies in.
    TwelveMonths,
}

/// What a cap counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counts {
    /// What was approved and still stands.
    Standing,
}

/// What gives room back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Releases {
    /// Whatever lowers, revokes or recovers an award.
    Lowering,
    /// The same, but for a decision on the ground of fraud: then the room stays taken.
    LoweringWithoutFraud,
}

/// What becomes of the part that a cap cuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CutPart {
    /// It is lost, whatever room returns later.
    Lost,
    /// It is given when room returns, to those who were cut in their order.
    Revives,
}

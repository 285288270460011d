//! Why an amount is what it is, as data: each step with its inputs, each cap with its room, each overlap.
//!
//! The trace is stored in the decision event and rendered with the templates of the catalogue version it pins.

use crate::values::Rate;
use crate::values::plain::{Plain, append_number};
use crate::{
    choice, message,
    values::{Date, Fen, Slug, Text},
    wire::WireError,
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Longest text of one fact.
pub const FACT_TEXT_MAX: usize = 200;

/// A typed value. Its text form is `type:value`, in JSON, in files and on the wire alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum FactValue {
    /// 元 with two decimals.
    Money(Fen),
    /// A whole number.
    Count(u64),
    /// A day.
    Date(Date),
    /// A rate or ratio.
    Rate(Rate),
    /// Yes or no.
    Flag(bool),
    /// A word or short text.
    Word(Text<FACT_TEXT_MAX>),
    /// An exact amount of 元 that is not a whole number of 分.
    Exact(Text<FACT_TEXT_MAX>),
}

impl fmt::Display for FactValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Money(fen) => write!(out, "money:{fen}"),
            Self::Count(count) => write!(out, "count:{count}"),
            Self::Date(date) => write!(out, "date:{date}"),
            Self::Rate(rate) => write!(out, "rate:{rate}"),
            Self::Flag(true) => out.write_str("flag:yes"),
            Self::Flag(false) => out.write_str("flag:no"),
            Self::Word(text) => write!(out, "word:{text}"),
            Self::Exact(text) => write!(out, "exact:{text}"),
        }
    }
}

impl Plain for FactValue {
    fn append_to(&self, out: &mut Vec<u8>) {
        let kind = match self {
            Self::Money(_) => "money:",
            Self::Count(_) => "count:",
            Self::Date(_) => "date:",
            Self::Rate(_) => "rate:",
            Self::Flag(true) => "flag:yes",
            Self::Flag(false) => "flag:no",
            Self::Word(_) => "word:",
            Self::Exact(_) => "exact:",
        };
        out.extend_from_slice(kind.as_bytes());
        match self {
            Self::Money(fen) => fen.append_to(out),
            Self::Count(count) => append_number(*count, out),
            Self::Date(date) => date.append_to(out),
            Self::Rate(rate) => rate.append_to(out),
            Self::Flag(_) => {}
            Self::Word(text) | Self::Exact(text) => out.extend_from_slice(text.as_str().as_bytes()),
        }
    }
}

impl FromStr for FactValue {
    type Err = WireError;
    fn from_str(text: &str) -> Result<Self, WireError> {
        let bad = || WireError::BadValue("typed value");
        let (kind, value) = text.split_once(':').ok_or_else(bad)?;
        match kind {
            "money" => value.parse().map(Self::Money).map_err(|_| bad()),
            "count" => value.parse().map(Self::Count).map_err(|_| bad()),
            "date" => value.parse().map(Self::Date).map_err(|_| bad()),
            "rate" => value.parse().map(Self::Rate).map_err(|_| bad()),
            "flag" if value == "yes" => Ok(Self::Flag(true)),
            "flag" if value == "no" => Ok(Self::Flag(false)),
            "word" => value.parse().map(Self::Word).map_err(|_| bad()),
            "exact" => value.parse().map(Self::Exact).map_err(|_| bad()),
            _ => Err(bad()),
        }
    }
}

impl TryFrom<String> for FactValue {
    type Error = WireError;
    fn try_from(text: String) -> Result<Self, WireError> {
        text.parse()
    }
}

impl From<FactValue> for String {
    fn from(value: FactValue) -> String {
        value.to_string()
    }
}

message! {
    /// A named, typed value, as an applicant or another body states it.
    pub struct Fact {
        1 => name: Slug,
        2 => value: FactValue,
    }
}

choice! {
    /// What a step did.
    pub enum StepKind {
        /// The governing date against the policy's term.
        InForce = 1 => "in-force",
        /// A condition of the clause.
        Condition = 2 => "condition",
        /// An award of another level or measure.
        Overlap = 3 => "overlap",
        /// A sum of evidence.
        Sum = 4 => "sum",
        /// A rate of an amount.
        RateOf = 5 => "rate-of",
        /// A fixed amount.
        Fixed = 6 => "fixed",
        /// An amount for each unit.
        PerUnit = 7 => "per-unit",
        /// Interest on a balance over days.
        Interest = 8 => "interest",
        /// A cumulative scale: total due less what stands.
        Tier = 9 => "tier",
        /// An amount determined by a person inside a band, or taken from a decision document.
        Determined = 10 => "determined",
        /// The better of two: the difference.
        TopUp = 11 => "top-up",
        /// A ceiling that is not a running cap, such as the interest really paid.
        Ceiling = 12 => "ceiling",
        /// Something for the reviewer to look at, which changes nothing: what affiliates or linked projects hold.
        Finding = 13 => "finding",
        /// The part of one of several treasuries that pay: told behind what is due, of which it is a part.
        Share = 15 => "share",
        /// A parameter that a county has set for itself, in place of the city's.
        County = 16 => "county",
    }
}

message! {
    /// One value that a step used, and the evidence it comes from.
    pub struct Input {
        1 => name: Slug,
        2 => value: FactValue,
        3 => evidence: Option<Text<60>>,
        /// Sequence of the event that recorded it, for what another body certified or awarded.
        4 => event: Option<u64>,
    }
}

message! {
    /// One step of an assessment. `amount` is what it adds, in exact 元; a condition adds nothing.
    pub struct Step {
        1 => rule: Slug,
        2 => kind: StepKind,
        3 => met: bool,
        4 => inputs: Vec<Input>,
        5 => amount: Option<Text<60>>,
    }
}

message! {
    /// A running cap as the decision met it. `scope` and `window` say which counter.
    pub struct CapStep {
        1 => cap: Slug,
        2 => scope: Text<80>,
        3 => window: Text<40>,
        4 => limit: Fen,
        /// Before this award, by everybody whose use counts here.
        5 => used: Fen,
        6 => cut: bool,
        /// The part of `used` that stands in the counters of other enterprises: those that this one came from.
        /// Absent if there is none.
        7 => carried: Option<Fen>,
        /// The part that it cut comes back when room returns (K-15): the interpretation that says so, or the cap itself if
        /// its text does. Absent if it cut nothing, or if the part is lost.
        8 => revives: Option<Slug>,
    }
}

message! {
    /// A counter that a standing award adds to without a limit of its own: trains of a year, first and last day.
    pub struct TallyStep {
        1 => tally: Slug,
        2 => scope: Text<80>,
        3 => window: Text<40>,
        4 => count: u64,
        5 => amount: Fen,
        6 => first: Option<Date>,
        7 => last: Option<Date>,
    }
}

message! {
    /// Evidence and the part of it that the award uses up.
    pub struct Consumed {
        1 => evidence: Text<60>,
        2 => amount: Fen,
    }
}

message! {
    /// A payment that must wait, with the rule and what it waits for.
    pub struct Hold {
        1 => rule: Slug,
        2 => waits_for: Text<80>,
    }
}

message! {
    /// The whole explanation of one assessment.
    pub struct Trace {
        1 => version: u32,
        2 => measure: Slug,
        3 => semantics: u32,
        4 => governing: Date,
        5 => steps: Vec<Step>,
        6 => caps: Vec<CapStep>,
        7 => tallies: Vec<TallyStep>,
        8 => claims: Vec<Text<120>>,
        9 => consumed: Vec<Consumed>,
        10 => interpretations: Vec<Slug>,
        /// The computed amount before caps and rounding, in exact 元.
        11 => computed: Option<Text<60>>,
        /// Subjects beyond enterprise, project and evidence whose late facts can change the answer: a title, a project
        /// of somebody else.
        12 => subjects: Vec<Text<80>>,
    }
}

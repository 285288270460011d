//! What the walk through a measure carries: the question, the trace so far, and how it may stop.

use crate::{
    catalogue::{self, Catalogue, Measure, Parameter, Term},
    claim::fact_named,
    overlap::Held,
    source::{Choice, When},
};
use grants_domain::{
    enterprise::lineage::{self, Carried},
    refusal::{RefusalCode, Refused},
    rules::Ask,
    state::StateRead,
    tables::{Claimed, ExternalAwardRow},
    trace::{FactValue, Hold, Input, Step, StepKind, Trace},
    values::{Date, Exact, ExactError, Fen, Rate, Reference, Slug, Text},
};
use std::{cmp::Ordering, collections::BTreeSet, rc::Rc};

/// Why the walk ends before an amount is known.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The clause says no.
    Rejected(Refused),
    /// Something must be recorded before anybody can decide.
    Undecidable(Refused),
}

/// What a step of the walk gives.
pub(crate) type Found<T> = Result<T, Stop>;

impl From<ExactError> for Stop {
    fn from(_: ExactError) -> Self {
        Self::Undecidable(Refused::of(RefusalCode::OutOfRange))
    }
}

/// Limits that were met, and from which side: rule, name of the limit, order of what was compared with it.
pub(crate) type Reached = BTreeSet<(Slug, String, Ordering)>;

/// Awards of other levels about one subject.
pub(crate) type Reports = Rc<[(Reference, ExternalAwardRow)]>;

/// The walk through one measure.
pub(crate) struct Walk<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) measure: &'a Measure,
    pub(crate) state: &'a dyn StateRead,
    pub(crate) ask: &'a Ask<'a>,
    /// What of the application's evidence counts.
    pub(crate) evidence: &'a [Claimed],
    pub(crate) term: Term,
    pub(crate) governing: Date,
    pub(crate) trace: Trace,
    pub(crate) holds: Vec<Hold>,
    /// What awards of other measures take from this one, for `BestOf` and `SumCapped`, applied behind the caps.
    pub(crate) held_elsewhere: Vec<Held>,
    /// `enterprise:CODE` and `project:CODE`, as late facts and counters know them.
    enterprise_subject: String,
    project_subject: Option<String>,
    /// Other codes whose use counts for the enterprise, because it came from them.
    pub(crate) carried: Vec<Carried>,
    /// Awards of other levels about a subject, once they were read.
    pub(crate) reported: Vec<(String, Reports)>,
    /// Whether every step with an amount is rounded down, and not only the end.
    pub(crate) each_step: bool,
    /// Values that the county has set, in place of the city's.
    pub(crate) set_by_county: Vec<(&'a Slug, &'a catalogue::Held)>,
    /// Kept only while worked cases are played, to see which limits they meet.
    pub(crate) reached: Option<Reached>,
}

/// A name of this crate as a slug that is read once.
macro_rules! name {
    ($text:literal) => {{
        static NAME: std::sync::LazyLock<grants_domain::values::Slug> = std::sync::LazyLock::new(|| {
            $text.parse().unwrap_or_else(|fault| panic!("{} is no slug: {fault}", $text))
        });
        NAME.clone()
    }};
}
/// An input under a name of this crate.
macro_rules! input {
    ($text:literal, $value:expr) => {
        grants_domain::trace::Input {
            name: $crate::walk::name!($text),
            value: $value,
            evidence: None,
            event: None,
        }
    };
}
pub(crate) use {input, name};

impl<'a> Walk<'a> {
    /// A walk that has not begun.
    pub(crate) fn new(
        catalogue: &'a Catalogue,
        measure: &'a Measure,
        state: &'a dyn StateRead,
        ask: &'a Ask<'a>,
        evidence: &'a [Claimed],
    ) -> Self {
        Self {
            catalogue,
            measure,
            state,
            ask,
            evidence,
            term: Term { from: ask.application.applied_on, to: None },
            governing: ask.application.applied_on,
            trace: Trace { semantics: measure.file.measure.semantics, ..empty_trace(ask) },
            holds: Vec::new(),
            held_elsewhere: Vec::new(),
            enterprise_subject: format!("enterprise:{}", ask.enterprise.code),
            project_subject: ask.project.map(|project| format!("project:{}", project.code)),
            carried: lineage::carried(state, &ask.enterprise.code, known_before(ask)),
            reported: Vec::new(),
            each_step: false,
            set_by_county: Vec::new(),
            reached: None,
        }
    }

    /// The enterprise, as late facts and counters know it.
    pub(crate) fn enterprise_subject(&self) -> &str {
        &self.enterprise_subject
    }

    /// The project, likewise.
    pub(crate) fn project_subject(&self) -> Option<&str> {
        self.project_subject.as_deref()
    }

    /// A subject, and if it is the enterprise, behind it everybody that it came from, each with the sequence before which
    /// awards count.
    pub(crate) fn with_those_before(&self, subject: &str) -> Vec<(String, Option<u64>)> {
        let before = self.carried.iter().filter(|_| subject == self.enterprise_subject());
        let before = before.map(|one| (format!("enterprise:{}", one.code), one.before));
        std::iter::once((subject.to_owned(), None)).chain(before).collect()
    }

    /// The fact that `fact:NAME` names; nothing if the text is something else.
    pub(crate) fn fact_behind(&self, text: &str) -> Found<Option<Slug>> {
        fact_named(text).map(|name| name.parse().map_err(|_| self.broken(text))).transpose()
    }

    /// Rounds and rates recorded from this sequence on do not count: a review judges by those that were known at the
    /// decision, so that no fact about something else brings them to bear.
    pub(crate) fn known_before(&self) -> u64 {
        known_before(self.ask)
    }

    /// A parameter as the interpretations of the day of application answer it.
    pub(crate) fn choose<T>(&mut self, choice: &'a Choice<T>) -> Found<&'a T> {
        let found = self.catalogue.chosen(choice, self.ask.application.applied_on);
        let (value, by) = found.ok_or_else(|| self.broken("interpretation"))?;
        if let Some(by) = by {
            self.rests_on(by);
        }
        Ok(value)
    }

    /// Whether a rule holds under the answers of the day of application. The interpretation decided either way.
    pub(crate) fn applies(&mut self, when: &'a Option<When>) -> bool {
        let Some(When { by, is }) = when else { return true };
        self.rests_on(by);
        self.catalogue.answer(by, self.ask.application.applied_on) == Some(is)
    }

    /// An amount as its step has it.
    pub(crate) fn stepped(&self, amount: Exact) -> Found<Exact> {
        Ok(if self.each_step { Exact::from(amount.floor()?) } else { amount })
    }

    /// Notes an interpretation in the trace.
    pub(crate) fn rests_on(&mut self, interpretation: &Slug) {
        if !self.trace.interpretations.contains(interpretation) {
            self.trace.interpretations.push(interpretation.clone());
        }
    }

    /// Notes several.
    pub(crate) fn rests_on_all(&mut self, interpretations: &[Slug]) {
        interpretations.iter().for_each(|one| self.rests_on(one));
    }

    /// A dated value on the governing day.
    pub(crate) fn value(&self, name: &Slug) -> Found<&'a Parameter> {
        if let Some((_, held)) = self.set_by_county.iter().find(|(set, _)| *set == name) {
            return Ok(&held.value);
        }
        let dated = self.measure.values.get(name).ok_or_else(|| self.broken(name.as_str()))?;
        dated.on(self.governing).ok_or_else(|| {
            let refused = Refused::of(RefusalCode::FactMissing).with("fact", name);
            Stop::Undecidable(refused.with("on", self.governing))
        })
    }

    /// A dated amount on the governing day.
    pub(crate) fn money(&self, name: &Slug) -> Found<Fen> {
        match self.value(name)? {
            Parameter::Money(fen) => Ok(*fen),
            Parameter::Rate(_) | Parameter::Count(_) | Parameter::Years(_) | Parameter::Words(_) => {
                Err(self.broken(name.as_str()))
            }
        }
    }

    /// A dated rate on the governing day.
    pub(crate) fn rate(&self, name: &Slug) -> Found<Rate> {
        match self.value(name)? {
            Parameter::Rate(rate) => Ok(*rate),
            Parameter::Money(_) | Parameter::Count(_) | Parameter::Years(_) | Parameter::Words(_) => {
                Err(self.broken(name.as_str()))
            }
        }
    }

    /// Adds a step to the trace.
    pub(crate) fn step(
        &mut self,
        rule: &Slug,
        kind: StepKind,
        met: bool,
        inputs: Vec<Input>,
        amount: Option<Exact>,
    ) {
        let amount = amount.and_then(|amount| crate::number::yuan(amount).parse().ok());
        self.trace.steps.push(Step { rule: rule.clone(), kind, met, inputs, amount });
    }

    /// Notes that a limit was met, if anybody asks.
    pub(crate) fn meets(&mut self, rule: &Slug, limit: &str, order: Ordering) {
        if let Some(reached) = &mut self.reached {
            reached.insert((rule.clone(), limit.to_owned(), order));
        }
    }

    /// A catalogue that compiles cannot lead here; to say "cannot decide" is then the only safe answer.
    pub(crate) fn broken(&self, what: &str) -> Stop {
        Stop::Undecidable(Refused::of(RefusalCode::CatalogueInvalid).with("name", what))
    }
}

fn known_before(ask: &Ask<'_>) -> u64 {
    // An award's number is the sequence of its decision.
    ask.reviewing.map_or(u64::MAX, |award| award.0)
}

/// A trace in which nothing has happened yet.
pub(crate) fn empty_trace(ask: &Ask<'_>) -> Trace {
    Trace {
        version: ask.version,
        measure: ask.application.measure.clone(),
        semantics: 0,
        governing: ask.application.applied_on,
        steps: Vec::new(),
        caps: Vec::new(),
        tallies: Vec::new(),
        claims: Vec::new(),
        consumed: Vec::new(),
        interpretations: Vec::new(),
        computed: None,
        subjects: Vec::new(),
    }
}

/// A word as a value; what is too long is cut.
pub(crate) fn word(text: &str) -> FactValue {
    let end = text.char_indices().nth(WORD_CHARACTERS_MAX).map_or(text.len(), |(end, _)| end);
    let short = text.get(..end).unwrap_or_default();
    FactValue::Word(short.trim().parse().unwrap_or_else(|_| dash()))
}

/// Most characters of a word in a step: a trace must fit into its event.
const WORD_CHARACTERS_MAX: usize = 60;

fn dash<const MAX: usize>() -> Text<MAX> {
    Text::new("-").unwrap_or_else(|fault| panic!("a dash is a text: {fault}"))
}

/// A fact as an input: its text is cut to what a step may hold.
pub(crate) fn stated(name: &Slug, value: FactValue) -> Input {
    let long = matches!(&value, FactValue::Word(text) if WORD_CHARACTERS_MAX * 4 < text.as_str().len());
    let value = if let (FactValue::Word(text), true) = (&value, long) { word(text.as_str()) } else { value };
    Input { name: name.clone(), value, evidence: None, event: None }
}

/// A number of things.
pub(crate) fn count(number: usize) -> FactValue {
    FactValue::Count(u64::try_from(number).unwrap_or(u64::MAX))
}

/// A parameter as a value of the trace.
pub(crate) fn as_value(parameter: &Parameter) -> FactValue {
    match parameter {
        Parameter::Money(fen) => FactValue::Money(*fen),
        Parameter::Rate(rate) => FactValue::Rate(*rate),
        Parameter::Count(count) => FactValue::Count(*count),
        Parameter::Years(years) => FactValue::Count(u64::try_from(*years).unwrap_or(0)),
        Parameter::Words(words) => word(&words.join(" ")),
    }
}

/// A value without its type, for the details of a refusal. A rate is told in per cent.
pub(crate) fn plain(value: &FactValue) -> String {
    match value {
        FactValue::Money(fen) => fen.to_string(),
        FactValue::Count(count) => count.to_string(),
        FactValue::Date(day) => day.to_string(),
        FactValue::Rate(rate) => rate.percent(),
        FactValue::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        FactValue::Word(text) | FactValue::Exact(text) => text.to_string(),
    }
}

/// A refusal with what a step looked at.
pub(crate) fn with_inputs(refused: Refused, inputs: &[Input]) -> Refused {
    inputs
        .iter()
        .take(INPUTS_TOLD_MAX)
        .fold(refused, |refused, one| refused.with(one.name.as_str(), plain(&one.value)))
}

/// Most inputs that a refusal repeats.
const INPUTS_TOLD_MAX: usize = 20;

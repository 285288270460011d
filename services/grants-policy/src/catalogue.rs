//! A catalogue that was checked and resolved: every name points somewhere, every day has its value.

use crate::{
    compile,
    lint::Finding,
    source::{
        AnswerSource, Both, Choice, Day, DocumentSource, InterpretationSource, MeasureFile, Say,
        benefit::TierSource, limit::CapSource,
    },
};
use grants_domain::values::{Date, Fen, Rate, Slug, Treasury};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A catalogue, ready to assess with.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    pub(crate) documents: BTreeMap<Slug, Arc<DocumentSource>>,
    pub(crate) measures: BTreeMap<Slug, Arc<Measure>>,
    pub(crate) interpretations: BTreeMap<Slug, InterpretationSource>,
    pub(crate) general: BTreeMap<Slug, Both>,
    pub(crate) refusals: BTreeMap<Slug, Both>,
    pub(crate) words: BTreeMap<String, Both>,
    /// The measure in which a rule stands; for a rule of a document, the first that counts under it.
    pub(crate) homes: BTreeMap<Slug, Slug>,
}

/// A measure with everything that it stands on.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Path of its file.
    pub path: String,
    /// Path of its document's file.
    pub document_path: String,
    /// What the file says.
    pub file: MeasureFile,
    /// Its document.
    pub document: Arc<DocumentSource>,
    /// Its dated values and those of its document.
    pub values: BTreeMap<Slug, Dated>,
    /// The caps it counts under, in the order they cut.
    pub caps: Vec<CapSource>,
    /// The scales of its document.
    pub tiers: BTreeMap<Slug, TierSource>,
    /// Facts and rules that it took in from its document.
    pub taken_in: BTreeSet<Slug>,
    /// Where each rule stands, and how it is told.
    pub lines: BTreeMap<Slug, Line>,
}

impl Measure {
    /// The file in which a rule or value stands: the measure's own, or its document's.
    #[must_use]
    pub fn path_of(&self, name: &Slug) -> &str {
        let own = self.file.caps.iter().any(|cap| cap.id == *name) || self.file.values.contains_key(name);
        let capped = self.caps.iter().any(|cap| cap.id == *name) || self.taken_in.contains(name);
        let shared = capped || self.values.contains_key(name) || self.tiers.contains_key(name);
        if shared && !own { &self.document_path } else { &self.path }
    }
}

/// First and last day of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// First day.
    pub from: Date,
    /// Last day; none if it has no end.
    pub to: Option<Date>,
}

impl Term {
    /// Whether the day belongs to it.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// A value with everything that was ever valid, in order of time, without gap or overlap.
#[derive(Clone, Debug)]
pub struct Dated {
    /// The values.
    pub all: Vec<Held>,
    /// What counties have set for themselves, each by its treasury, in the order of the file.
    pub counties: Vec<(Treasury, Held)>,
}

impl Dated {
    /// The value of a day, if it has one.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&Parameter> {
        let held = self.all.iter().rev().find(|held| held.from <= day)?;
        held.covers(day).then_some(&held.value)
    }
}

/// A value from a day on.
#[derive(Clone, Debug)]
pub struct Held {
    /// First day.
    pub from: Date,
    /// Last day, if it has one of its own.
    pub until: Option<Date>,
    /// The value.
    pub value: Parameter,
    /// Document, article and sentence that say so.
    pub source: String,
}

impl Held {
    /// Whether it is the value of a day.
    #[must_use]
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// A value of a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// 元.
    Money(Fen),
    /// A rate.
    Rate(Rate),
    /// A whole number.
    Count(u64),
    /// Whole years.
    Years(i32),
    /// Words.
    Words(Vec<String>),
}

/// Where a sentence stands, and how it is told.
#[derive(Clone, Debug)]
pub struct Line {
    /// The article.
    pub article: Both,
    /// The sentence of the article, its heading not counted.
    pub sentence: u32,
    /// The sentences, in both languages.
    pub say: Say,
    /// What kind of rule it is.
    pub kind: LineKind,
    /// Interpretations that it rests on.
    pub interpretations: Vec<Slug>,
}

/// What kind of rule a line tells about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// A condition.
    Condition,
    /// Awards that bear on the measure.
    Overlap,
    /// Evidence.
    Evidence,
    /// A part of the amount.
    Benefit,
    /// A ceiling that is not a running cap.
    Ceiling,
    /// A running cap.
    Cap,
}

impl Catalogue {
    /// Checks and resolves a set of files.
    ///
    /// # Errors
    /// Everything that is wrong, each with its file.
    pub fn compile(files: &BTreeMap<String, String>) -> Result<Self, Vec<Finding>> {
        compile::compile(files)
    }

    /// A measure.
    #[must_use]
    pub fn measure(&self, id: &Slug) -> Option<&Arc<Measure>> {
        self.measures.get(id)
    }

    /// Every measure, by id.
    pub fn measures(&self) -> impl Iterator<Item = &Arc<Measure>> {
        self.measures.values()
    }

    /// Every document, by id.
    pub fn documents(&self) -> impl Iterator<Item = &Arc<DocumentSource>> {
        self.documents.values()
    }

    /// Every interpretation, by id.
    pub fn interpretations(&self) -> impl Iterator<Item = &InterpretationSource> {
        self.interpretations.values()
    }

    /// What an interpretation answers on a day: the newest answer that has begun, else the first of all.
    #[must_use]
    pub fn answer(&self, id: &Slug, day: Date) -> Option<&Slug> {
        self.dated_answer(id, day).map(|answer| &answer.value)
    }

    /// The same with its day and source.
    pub(crate) fn dated_answer(&self, id: &Slug, day: Date) -> Option<&AnswerSource> {
        let dated = &self.interpretations.get(id)?.dated;
        let begun = dated.iter().rev().find(|answer| answer.from.0 <= day);
        begun.or(dated.first())
    }

    /// The catalogue with interpretations answered otherwise, from the first day on: for worked cases and for questions
    /// of what would be; `days` are those that answers rest on. An answer that its interpretation does not offer, or that
    /// cannot be followed, stays as it is.
    #[must_use]
    pub fn answered(&self, answers: &BTreeMap<Slug, Slug>, days: &BTreeMap<Slug, Day>) -> Self {
        let mut catalogue = self.clone();
        for (id, option) in answers {
            let Some(one) = catalogue.interpretations.get_mut(id) else { continue };
            if one.options.iter().any(|offered| offered.id == *option && offered.selectable) {
                for answer in &mut one.dated {
                    (answer.value, answer.day) = (option.clone(), days.get(id).copied());
                }
            }
        }
        catalogue
    }

    /// What a parameter is on a day, and the interpretation that says so. `None` only in a catalogue that does not
    /// compile.
    pub(crate) fn chosen<'c, T>(
        &self,
        choice: &'c Choice<T>,
        day: Date,
    ) -> Option<(&'c T, Option<&'c Slug>)> {
        match choice {
            Choice::Plain(value) => Some((value, None)),
            Choice::By { by, options } => options.get(self.answer(by, day)?).map(|value| (value, Some(by))),
        }
    }
}

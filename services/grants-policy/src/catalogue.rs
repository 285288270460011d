//! A catalogue that was checked and resolved: every name points somewhere, every day has its value.

pub mod dated;
pub mod measure;

pub use dated::{Dated, Held, Parameter};
pub use measure::{
    Base, Benefit, BenefitKind, Cap, CapScope, Ceiling, Claim, Condition, EvidenceRule, Governing, KeyPart, Limit, Measure,
    Op, Overlap, Payer, Test, Tier, TierUse, Variant, Whom,
};

use crate::{
    compile,
    lint::Finding,
    source::{Both, InterpretationSource, Say},
};
use grants_domain::values::{Date, Slug};
use std::{collections::BTreeMap, sync::Arc};

/// A catalogue, ready to assess with.
#[derive(Clone, Debug)]
pub struct Catalogue {
    pub(crate) documents: BTreeMap<Slug, Arc<Document>>,
    pub(crate) measures: BTreeMap<Slug, Arc<Measure>>,
    pub(crate) interpretations: BTreeMap<Slug, InterpretationSource>,
    pub(crate) general: BTreeMap<Slug, Both>,
    pub(crate) refusals: BTreeMap<Slug, Both>,
}

/// A document.
#[derive(Clone, Debug)]
pub struct Document {
    /// Short id.
    pub id: Slug,
    /// The number it was issued under.
    pub number: String,
    /// Its title.
    pub title: Both,
    /// First and last day.
    pub term: Dated<Term>,
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

/// Where a sentence stands, and how it is told.
#[derive(Clone, Debug)]
pub struct Line {
    /// The article.
    pub article: Both,
    /// The sentence of the article, its heading not counted.
    pub sentence: u32,
    /// The sentences, in both languages.
    pub say: Say,
}

impl Catalogue {
    /// Checks and resolves a set of files.
    ///
    /// # Errors
    /// Everything that is wrong, each with file and line.
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
    pub fn documents(&self) -> impl Iterator<Item = &Arc<Document>> {
        self.documents.values()
    }

    /// Every interpretation, by id.
    pub fn interpretations(&self) -> impl Iterator<Item = &InterpretationSource> {
        self.interpretations.values()
    }
}

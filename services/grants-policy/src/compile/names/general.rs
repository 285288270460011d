//! What a measure says of itself: its meaning, its term, its governing day, who pays, how the end is rounded.

use super::Names;
use crate::{
    claim::fact_named,
    compile::{by, options},
    payer,
    source::{Choice, TermSource, measure::FactType},
};
use grants_domain::{award::shares::PAYERS_MAX, values::Slug};

/// Meanings of the rule kinds that this program can follow. A kind whose meaning changes gets a new number, and the
/// code of the old one stays: a published catalogue is decided the same way for ever.
const SEMANTICS: &[u32] = &[1];

impl Names<'_> {
    pub(super) fn general(&mut self) {
        let source = &self.measure.file.measure;
        if !SEMANTICS.contains(&source.semantics) {
            let what = format!("this program does not know semantics {}", source.semantics);
            self.say("semantics", format!("{what}, only {SEMANTICS:?}"));
        }
        self.choice("term", &self.measure.document.term);
        self.term();
        self.measure.document.county_values.iter().for_each(|choice| self.choice("county-values", choice));
        self.measure.document.recoveries.iter().for_each(|choice| self.choice("recoveries", choice));
        self.choice("governing", &source.governing);
        self.choice("payer", &source.payer);
        self.choice("rounding", &source.rounding);
        self.choice("exhaustion", &source.exhaustion);
        self.interpretations("measure", &source.interpretations);
        for governing in options(&source.governing) {
            match fact_named(governing).map(str::parse::<Slug>) {
                Some(Ok(fact)) => self.fact("governing", &fact, Some(FactType::Date)),
                None if matches!(governing.as_str(), "application" | "balance") => {}
                None if governing == "evidence" && !self.measure.file.evidence.is_empty() => {}
                Some(Err(_)) | None => self.say("governing", format!("{governing} is no governing day")),
            }
        }
        options(&source.payer).into_iter().for_each(|payer| self.payer(payer));
    }

    /// Every term has one first day, its own or that of the answer, and at most one last day.
    fn term(&mut self) {
        let measure = self.measure;
        // An interpretation that is not there is told elsewhere.
        if by(&measure.document.term).is_some_and(|by| !self.catalogue.interpretations.contains_key(by)) {
            return;
        }
        let needs_day = |option: Option<&Slug>| {
            let one = by(&measure.document.term).and_then(|by| self.catalogue.interpretations.get(by));
            let mut options = one.into_iter().flat_map(|one| &one.options);
            options.any(|known| Some(&known.id) == option && known.needs_day)
        };
        let terms: Vec<(Option<&Slug>, &TermSource)> = match &measure.document.term {
            Choice::Plain(term) => vec![(None, term)],
            Choice::By { options, .. } => options.iter().map(|(id, term)| (Some(id), term)).collect(),
        };
        let wrong = |(option, term): &&(Option<&Slug>, &TermSource)| {
            let two_ends = term.to.is_some() && term.years.is_some();
            term.from.is_some() == needs_day(*option) || two_ends || term.years.is_some_and(|years| years < 1)
        };
        if terms.iter().any(|term| wrong(&term)) {
            let what = "a term begins on its own day, or on that of an answer that needs one; it ends with to, or after years";
            self.say("term", what);
        }
    }

    fn payer(&mut self, payer: &str) {
        let (split, one) = match payer::split(payer) {
            Some((fact, otherwise)) => (Some(fact), otherwise),
            None => (None, payer),
        };
        let shares = payer::shares(one).unwrap_or_else(|| vec![(one, 1)]);
        let one = || shares.iter().map(|(one, _)| *one);
        let facts = split.into_iter().chain(one().filter_map(fact_named));
        facts
            .filter_map(|fact| fact.parse().ok())
            .for_each(|fact| self.fact("payer", &fact, Some(FactType::Word)));
        let needs_project = self.measure.file.measure.needs_project;
        let known = shares.len() <= PAYERS_MAX && one().all(|one| payer::is_payer(one, needs_project));
        if !known || split.is_some_and(|fact| fact.parse::<Slug>().is_err()) {
            let one = "who pays is project, enterprise, fact:NAME, nine digits, shares such as project:5 411700000:5, or split:NAME or one of them";
            self.say("payer", format!("{payer} is no payer; {one}"));
        }
    }
}

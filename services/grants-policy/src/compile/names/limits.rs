//! Names in what takes away from an amount: caps, ceilings, overlaps, claims and evidence.

use super::{Names, options};
use crate::{
    claim::{self, Part},
    source::{
        limit::{ExternalSource, Levels, OverlapMode, Programmes},
        measure::FactType,
    },
};

impl Names<'_> {
    pub(super) fn limits(&mut self) {
        let measure = self.measure;
        self.caps();
        for ceiling in &measure.file.ceilings {
            let rule = ceiling.rule.as_str();
            ceiling.fact.iter().for_each(|fact| self.fact(rule, fact, Some(FactType::Money)));
            ceiling.value.iter().for_each(|name| self.money(rule, name));
            ceiling.weight.iter().for_each(|choice| self.choice(rule, choice));
            self.when(rule, &ceiling.when);
            if ceiling.fact.is_some() == ceiling.value.is_some() {
                self.say(rule, "a ceiling is a fact or a value");
            }
        }
        for overlap in &measure.file.overlaps {
            let rule = overlap.rule.as_str();
            self.when(rule, &overlap.when);
            self.choice(rule, &overlap.mode);
            overlap.pending.iter().for_each(|choice| self.choice(rule, choice));
            overlap.limit.iter().for_each(|name| self.money(rule, name));
            let with = [overlap.external.is_some(), overlap.measures.is_some(), overlap.documents.is_some()];
            if with.iter().filter(|one| **one).count() != 1 {
                self.say(rule, "an overlap is with external awards, with measures or with documents");
            }
            overlap.external.iter().for_each(|external| self.external(rule, external));
            let lists = [&overlap.measures, &overlap.documents];
            if lists.into_iter().flatten().any(Vec::is_empty) {
                self.say(rule, "an overlap with nothing: a measure or document is expected");
            }
            self.scope(rule, &overlap.scope);
            let capped = options(&overlap.mode).into_iter().any(|mode| *mode == OverlapMode::SumCapped);
            if capped != overlap.limit.is_some() {
                self.say(rule, "a joint limit belongs to sum-capped, and to nothing else");
            }
            for measure in overlap.measures.iter().flatten() {
                if !self.catalogue.measures.contains_key(measure) {
                    self.say(rule, format!("there is no measure {measure}"));
                }
            }
            for document in overlap.documents.iter().flatten() {
                if *document == self.measure.file.measure.document {
                    self.say(rule, "of its own document an overlap names the measures, one by one");
                } else if !self.catalogue.documents.contains_key(document) {
                    self.say(rule, format!("there is no document {document}"));
                }
            }
        }
        for claim in &measure.file.claims {
            let rule = claim.rule.as_str();
            self.when(rule, &claim.when);
            self.choice(rule, &claim.key);
            options(&claim.key).into_iter().for_each(|key| self.key(rule, key));
        }
        for rule in &measure.file.evidence {
            self.interpretations(rule.rule.as_str(), &rule.interpretations);
            rule.sellers.iter().for_each(|choice| self.choice(rule.rule.as_str(), choice));
            if let Some(less) = &rule.less {
                self.external(rule.rule.as_str(), &less.external);
                self.fact(rule.rule.as_str(), &less.fact, Some(FactType::Money));
                self.when(rule.rule.as_str(), &less.when);
            }
        }
    }

    fn caps(&mut self) {
        let measure = self.measure;
        for cap in &measure.caps {
            let rule = cap.id.as_str();
            self.money(rule, &cap.limit);
            self.when(rule, &cap.when);
            cap.scope.iter().for_each(|choice| self.choice(rule, choice));
            cap.window.iter().for_each(|choice| self.choice(rule, choice));
            cap.releases.iter().for_each(|choice| self.choice(rule, choice));
            cap.cut_part.iter().for_each(|choice| self.choice(rule, choice));
            for scope in cap.scope.iter().flat_map(options) {
                match scope.as_str() {
                    "group" | "recipient" => {}
                    "linked-projects" => self.scope(rule, "project"),
                    own => self.scope(rule, own),
                }
            }
            self.interpretations(rule, &cap.interpretations);
        }
    }

    /// Awards of other bodies are of at least one level.
    pub(super) fn external(&mut self, rule: &str, external: &ExternalSource) {
        if matches!(&external.level, Levels::Many(levels) if levels.is_empty()) {
            self.say(rule, "awards of other bodies are of at least one level");
        }
        if matches!(&external.programme, Some(Programmes::Many(programmes)) if programmes.is_empty()) {
            self.say(rule, "awards of other bodies are of at least one programme, or of any");
        }
    }

    /// The names between the braces of a key.
    pub(super) fn key(&mut self, rule: &str, key: &str) {
        for part in claim::parts(key) {
            match part {
                Part::Name("enterprise" | "year") | Part::Text(_) => {}
                Part::Name("project") if self.measure.file.measure.needs_project => {}
                Part::Name("project") => {
                    self.say(rule, "the key names a project, but an application need not")
                }
                Part::Name(name) if claim::evidence_kind(name).is_some() => {}
                Part::Name(name) => match name.parse() {
                    Ok(fact) => self.fact(rule, &fact, None),
                    Err(_) => self.say(rule, format!("{name} is no name")),
                },
            }
        }
    }
}

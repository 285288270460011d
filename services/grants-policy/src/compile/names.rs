//! Whether every name of a catalogue points somewhere, and every choice has an answer that the program can follow.

mod facts; // facts and the names they go by
mod general; // term, payer and the like
mod limits; // caps, ceilings, overlaps, claims

use super::{Findings, INTERPRETATIONS, options};
use crate::{
    catalogue::{Catalogue, Measure, Parameter},
    claim::fact_named,
    lint::Finding,
    source::{
        Choice, InterpretationSource, When,
        benefit::BenefitSource,
        measure::{FactType, TestSource},
    },
};
use grants_domain::values::Slug;

/// Checks a catalogue whose files could be read.
pub(crate) fn check(catalogue: &Catalogue, findings: &mut Findings) {
    for one in catalogue.interpretations.values() {
        interpretation(one, findings);
    }
    for measure in catalogue.measures.values() {
        let mut names = Names { catalogue, measure, findings };
        names.facts();
        names.conditions();
        names.parts();
        names.limits();
        names.general();
    }
}

fn interpretation(one: &InterpretationSource, findings: &mut Findings) {
    let mut say = |what: &str| findings.push(Finding::new(INTERPRETATIONS, one.id.as_str(), what));
    if one.dated.is_empty() {
        say("the question has no dated answer");
    }
    if !one.dated.windows(2).all(|pair| matches!(pair, [a, b] if a.from < b.from)) {
        say("the answers are not in the order of their days");
    }
    for answer in &one.dated {
        match one.options.iter().find(|option| option.id == answer.value) {
            None => say("an answer is none of the options"),
            Some(option) if !option.selectable => {
                say("an answer is an option that the program cannot follow")
            }
            Some(_) => {}
        }
        let rests_on_day = one.options.iter().any(|option| option.id == answer.value && option.needs_day);
        if rests_on_day != answer.day.is_some() {
            say("an answer has a day if its option rests on one, and only then");
        }
        if answer.source.trim().is_empty() {
            say("an answer has no source");
        }
    }
}

struct Names<'a> {
    catalogue: &'a Catalogue,
    measure: &'a Measure,
    findings: &'a mut Findings,
}

impl<'a> Names<'a> {
    fn say(&mut self, rule: &str, what: impl Into<String>) {
        let own = self.measure.path.as_str();
        let path = match rule {
            "term" => self.measure.document_path.as_str(),
            rule => rule.parse().map_or(own, |rule| self.measure.path_of(&rule)),
        };
        self.findings.push(Finding::new(path, rule, what.into()));
    }

    fn conditions(&mut self) {
        for one in &self.measure.file.conditions {
            let rule = one.rule.as_str();
            self.test(rule, &one.test);
            self.when(rule, &one.when);
            one.if_known.iter().for_each(|fact| self.fact(rule, fact, None));
            self.interpretations(rule, &one.interpretations);
            if let Some(weight) = &one.weight {
                self.choice(rule, weight);
            }
        }
    }

    fn test(&mut self, rule: &str, test: &TestSource) {
        for inner in test.all.iter().chain(&test.any).flatten() {
            self.test(rule, inner);
        }
        let of_fact = [
            test.at_least.is_some() || test.above.is_some() || test.at_most.is_some() || test.below.is_some(),
            test.is.is_some(),
            test.is_applicant.is_some(),
            test.one_of.is_some(),
            test.present.is_some(),
            test.known.is_some(),
            test.within.is_some(),
            test.day_of.is_some(),
        ];
        let whole = [
            test.all.is_some(),
            test.any.is_some(),
            test.evidence.is_some(),
            test.loan_longer_than.is_some(),
            test.applied_above.is_some(),
            test.granted.is_some(),
        ];
        let operators = of_fact.iter().chain(&whole).filter(|one| **one).count();
        let is_of_fact = of_fact.contains(&true);
        if operators != 1 || is_of_fact != test.fact.is_some() {
            self.say(rule, "a test has exactly one operator, and a fact if that compares one");
        }
        for name in [&test.at_least, &test.above, &test.at_most, &test.below].into_iter().flatten() {
            self.limit(rule, test.fact.as_ref(), name);
        }
        test.granted.iter().for_each(|external| self.external(rule, external));
        if let Some(list) = &test.one_of {
            self.value(rule, list, |value| matches!(value, Parameter::Words(_)), "a list of words");
        }
        if let Some(years) = &test.loan_longer_than {
            self.choice(rule, years);
            for name in options(years) {
                self.value(rule, name, |value| matches!(value, Parameter::Years(_)), "years");
            }
        }
        if let Some(fact) = &test.fact {
            let is_day = test.within.is_some() || test.day_of.is_some();
            self.fact(rule, fact, is_day.then_some(FactType::Date));
        }
    }

    /// A fact and the value it is compared with have one type.
    fn limit(&mut self, rule: &str, fact: Option<&Slug>, name: &Slug) {
        // A fact that is not declared is said once, elsewhere.
        let Some(kind) = fact.and_then(|fact| self.declared(fact)) else {
            return self.value(rule, name, |_| true, "a value");
        };
        let fits = move |value: &Parameter| match value {
            Parameter::Money(_) => kind == FactType::Money,
            Parameter::Count(_) => kind == FactType::Count,
            Parameter::Rate(_) => kind == FactType::Rate,
            Parameter::Years(_) | Parameter::Words(_) => false,
        };
        self.value(rule, name, fits, "of the type of the fact");
    }

    fn declared(&self, fact: &Slug) -> Option<FactType> {
        self.measure.file.facts.iter().find(|one| one.name == *fact).map(|one| one.kind)
    }

    pub(super) fn fact(&mut self, rule: &str, fact: &Slug, kind: Option<FactType>) {
        match self.declared(fact) {
            None => self.say(rule, format!("the fact {fact} is not declared")),
            Some(found) if kind.is_some_and(|kind| kind != found) => {
                self.say(rule, format!("the fact {fact} has another type"));
            }
            Some(_) => {}
        }
    }

    fn value(&mut self, rule: &str, name: &Slug, fits: impl Fn(&Parameter) -> bool, what: &str) {
        match self.measure.values.get(name) {
            None => self.say(rule, format!("there is no value {name}")),
            Some(dated)
                if !dated
                    .all
                    .iter()
                    .chain(dated.counties.iter().map(|(_, held)| held))
                    .all(|held| fits(&held.value)) =>
            {
                self.say(rule, format!("the value {name} is not {what}"));
            }
            Some(_) => {}
        }
    }

    fn money(&mut self, rule: &str, name: &Slug) {
        self.value(rule, name, |value| matches!(value, Parameter::Money(_)), "an amount");
    }

    fn rate(&mut self, rule: &str, name: &Slug) {
        self.value(rule, name, |value| matches!(value, Parameter::Rate(_)), "a rate");
    }

    fn parts(&mut self) {
        let file = &self.measure.file;
        if file.measure.payable && file.benefits.is_empty() {
            self.say("benefit", "a measure that pays has no part of an amount");
        }
        let has_amount = !file.benefits.is_empty() || !file.measure.caps.is_empty();
        if has_amount && !file.measure.payable {
            self.say("payable", "a measure that is recorded only has no amount and counts under no cap");
        }
        for part in &file.benefits {
            let kinds = [
                part.fixed.is_some(),
                part.fixed_by.is_some(),
                part.rate_of.is_some(),
                part.per_unit.is_some(),
                part.interest.is_some(),
                part.tier.is_some(),
                part.determined.is_some(),
                part.documented.is_some(),
            ];
            if kinds.iter().filter(|kind| **kind).count() != 1 {
                self.say(part.rule.as_str(), "a part of an amount has exactly one kind");
            }
            self.interpretations(part.rule.as_str(), &part.interpretations);
            self.when(part.rule.as_str(), &part.when);
            self.part(part);
            self.document_part(part);
        }
    }

    fn part(&mut self, part: &BenefitSource) {
        let rule = part.rule.as_str();
        if let Some(name) = &part.fixed {
            self.money(rule, name);
        }
        if let Some(variant) = &part.fixed_by {
            self.fact(rule, &variant.fact, Some(FactType::Word));
            variant.values.values().for_each(|name| self.money(rule, name));
        }
        if let Some(rate_of) = &part.rate_of {
            rate_of.rate.iter().for_each(|name| self.rate(rule, name));
            if let Some(variant) = &rate_of.rate_by {
                self.fact(rule, &variant.fact, Some(FactType::Word));
                variant.values.values().for_each(|name| self.rate(rule, name));
            }
            rate_of.fact.iter().for_each(|fact| self.fact(rule, fact, Some(FactType::Money)));
            if let Some(name) = &rate_of.evidence
                && !self.measure.file.evidence.iter().any(|one| one.rule == *name)
            {
                self.say(rule, format!("there is no evidence rule {name}"));
            }
            let one_base = rate_of.fact.is_some() != rate_of.evidence.is_some();
            if !one_base || rate_of.rate.is_some() == rate_of.rate_by.is_some() {
                self.say(rule, "a rate and a base are expected, each once");
            }
        }
        if let Some(per_unit) = &part.per_unit {
            self.fact(rule, &per_unit.count, Some(FactType::Count));
            self.money(rule, &per_unit.each);
        }
    }

    fn document_part(&mut self, part: &BenefitSource) {
        let rule = part.rule.as_str();
        if let Some(interest) = &part.interest {
            self.rate(rule, &interest.share);
            self.choice(rule, &interest.rate_of);
            self.choice(rule, &interest.year_days);
            self.choice(rule, &interest.principal);
            self.choice(rule, &interest.longest);
            if options(&interest.year_days).contains(&&0) {
                self.say(rule, "a year has days");
            }
        }
        if let Some(tier) = &part.tier {
            match self.measure.tiers.get(&tier.scale) {
                None => self.say(rule, format!("the document has no scale {}", tier.scale)),
                Some(scale) => {
                    self.choice(rule, &scale.tally);
                    self.choice(rule, &scale.window);
                    if let Some(most) = &scale.most {
                        self.money(rule, &most.value);
                        self.when(rule, &most.when);
                    }
                }
            }
            tier.counts_if.iter().for_each(|test| self.test(rule, test));
        }
        if let Some(determined) = &part.determined {
            self.fact(rule, &determined.fact, Some(FactType::Money));
            determined.at_least.iter().chain(&determined.at_most).for_each(|name| self.money(rule, name));
        }
        if let Some(documented) = &part.documented {
            for fact in [&documented.amount, &documented.of, &documented.at_most].into_iter().flatten() {
                self.fact(rule, fact, Some(FactType::Money));
            }
            documented.ratio.iter().for_each(|fact| self.fact(rule, fact, Some(FactType::Rate)));
            let by_ratio = documented.ratio.is_some() && documented.of.is_some();
            if documented.amount.is_some() == by_ratio {
                self.say(rule, "either an amount, or a ratio and its base");
            }
        }
    }

    fn scope(&mut self, rule: &str, scope: &str) {
        match fact_named(scope).map(str::parse::<Slug>) {
            Some(Ok(fact)) => self.fact(rule, &fact, None),
            Some(Err(_)) => self.say(rule, "the scope names no fact"),
            None if scope == "project" && !self.measure.file.measure.needs_project => {
                self.say(rule, "the scope is a project, but an application need not name one");
            }
            None if matches!(scope, "enterprise" | "project") => {}
            None => self.say(rule, format!("{scope} is no scope")),
        }
    }

    fn interpretations(&mut self, rule: &str, ids: &[Slug]) {
        for id in ids {
            if !self.catalogue.interpretations.contains_key(id) {
                self.say(rule, format!("there is no interpretation {id}"));
            }
        }
    }

    /// An answer under which a rule holds is one of its interpretation's.
    fn when(&mut self, rule: &str, when: &Option<When>) {
        let Some(When { by, is }) = when else { return };
        match self.catalogue.interpretations.get(by) {
            None => self.say(rule, format!("there is no interpretation {by}")),
            Some(one) if !one.options.iter().any(|option| option.id == *is) => {
                self.say(rule, format!("{by} has no answer {is}"));
            }
            Some(_) => {}
        }
    }

    /// Every answer that may be chosen leads somewhere.
    fn choice<T>(&mut self, rule: &str, choice: &Choice<T>) {
        let Choice::By { by, options } = choice else {
            return;
        };
        let Some(interpretation) = self.catalogue.interpretations.get(by) else {
            return self.say(rule, format!("there is no interpretation {by}"));
        };
        for option in interpretation.options.iter().filter(|option| option.selectable) {
            if !options.contains_key(&option.id) {
                self.say(rule, format!("the answer {} of {by} leads nowhere", option.id));
            }
        }
        for id in options.keys() {
            if !interpretation.options.iter().any(|option| option.id == *id) {
                self.say(rule, format!("{by} has no answer {id}"));
            }
        }
    }
}

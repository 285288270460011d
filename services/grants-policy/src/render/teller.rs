//! Tells the steps of one trace, sentence by sentence.

use super::{
    Clause, Explanation, Interpretation, Language, Sentence, finding,
    template::{self, Slot},
};
use crate::{
    catalogue::{Catalogue, Line, Measure, Parameter},
    number::{grouped, read_yuan},
    source::measure::FactType,
    walk::{as_value, name},
};
use grants_domain::{
    refusal::Refused,
    trace::{CapStep, FactValue, Hold, Input, Step, StepKind, Trace},
    values::{Exact, Fen, Slug},
};

pub(super) struct Teller<'a> {
    catalogue: &'a Catalogue,
    measure: Option<&'a Measure>,
    language: Language,
    trace: &'a Trace,
    sentences: Vec<Sentence>,
    unfilled: Vec<String>,
}

/// A value of a sentence.
enum Told {
    Value(FactValue),
    Text(String),
}

/// Names and values for a template.
type Values = Vec<(String, Told)>;

impl<'a> Teller<'a> {
    pub(super) fn new(
        catalogue: &'a Catalogue,
        measure: Option<&'a Measure>,
        language: Language,
        trace: &'a Trace,
    ) -> Self {
        Self { catalogue, measure, language, trace, sentences: Vec::new(), unfilled: Vec::new() }
    }

    pub(super) fn told(self, title: String, interpretations: Vec<Interpretation>) -> Explanation {
        Explanation { title, sentences: self.sentences, interpretations, unfilled: self.unfilled }
    }

    /// A step: in force, a condition, an overlap, evidence, a part of the amount, or a ceiling.
    pub(super) fn step(&mut self, step: &Step) {
        let mut values: Values =
            step.inputs.iter().map(|one| (one.name.to_string(), Told::Value(one.value.clone()))).collect();
        let amount = step.amount.as_ref().map(|text| Told::Value(amount(text.as_str())));
        values.extend(amount.map(|amount| ("amount".to_owned(), amount)));
        values.extend(evidence(&step.inputs).map(|list| ("evidence".to_owned(), Told::Text(list))));
        if step.kind == StepKind::InForce {
            return self.general(if step.met { "term-met" } else { "term-unmet" }, values, step.met);
        }
        let Some(line) = self.line(&step.rule) else { return };
        if step.kind == StepKind::Finding {
            let template = finding::template(self.catalogue, step, self.language);
            return self.sentence(&step.rule, line, &template, &values, true);
        }
        let met = self.language.say(&line.say);
        let template = match (&met.none, step.met) {
            (Some(none), true) if step.inputs.is_empty() => none,
            (_, true) => &met.met,
            (_, false) => met.unmet.as_ref().unwrap_or(&met.met),
        };
        self.sentence(&step.rule, line, template, &values, step.met);
    }

    /// A cap: that it cut, that it left nothing, or how much room it had.
    pub(super) fn cap(&mut self, cap: &CapStep, refused_by: Option<&Slug>) {
        let headroom = cap.limit.checked_sub(cap.used).unwrap_or(Fen::ZERO);
        let money = |fen| Told::Value(FactValue::Money(fen));
        let values = vec![
            ("limit".to_owned(), money(cap.limit)),
            ("used".to_owned(), money(cap.used)),
            ("headroom".to_owned(), money(headroom)),
            ("window".to_owned(), Told::Text(cap.window.to_string())),
        ];
        let Some(line) = self.line(&cap.cap) else { return };
        let met = self.language.say(&line.say);
        let refused = refused_by == Some(&cap.cap);
        let catalogue = self.catalogue;
        let template = match (refused, cap.cut) {
            (true, _) => met.unmet.as_deref().unwrap_or(&met.met),
            (false, true) => &met.met,
            (false, false) => match catalogue.general.get(&name!("cap-room")) {
                Some(both) => self.language.of(both),
                None => return self.unfilled.push("cap-room".to_owned()),
            },
        };
        self.sentence(&cap.cap, line, template, &values, !refused);
        if let Some(interpretation) = cap.revives.as_ref().filter(|_| !refused) {
            let values = vec![("interpretation".to_owned(), Told::Text(interpretation.to_string()))];
            self.general("revives", values, true);
        }
    }

    /// That an award is raised, by whose word and to what.
    pub(super) fn raised(&mut self, by: Fen, to: Fen, interpretation: &Slug) {
        let money = |fen| Told::Value(FactValue::Money(fen));
        let values = vec![
            ("by".to_owned(), money(by)),
            ("to".to_owned(), money(to)),
            ("interpretation".to_owned(), Told::Text(interpretation.to_string())),
        ];
        self.general("raised", values, true);
    }

    /// What is due, how it was rounded, and what its payment waits for.
    pub(super) fn due(&mut self, due: Fen, holds: &[Hold]) {
        let money = |fen| Told::Value(FactValue::Money(fen));
        let exact = before_rounding(self.trace).filter(|exact| !exact.is_whole());
        if let Some(exact) = exact {
            let computed = Told::Text(grouped(exact));
            self.general(
                "rounding",
                vec![("computed".to_owned(), computed), ("amount".to_owned(), money(due))],
                true,
            );
        }
        self.general("due", vec![("amount".to_owned(), money(due))], true);
        for hold in holds {
            let text = |text: String| Told::Text(text);
            let values = vec![
                ("rule".to_owned(), text(hold.rule.to_string())),
                ("waits_for".to_owned(), text(hold.waits_for.to_string())),
            ];
            self.general("hold", values, false);
        }
    }

    /// How it ended: by the sentence of the code. The rule's own sentence stands before it already.
    pub(super) fn refused(&mut self, refused: &Refused) {
        let text = of_code(self.catalogue, self.measure, refused, self.language);
        let line = refused.rule.as_ref().and_then(|rule| self.line(rule));
        let clause = line.map(|line| self.clause(line));
        let interpretations = line.map(|line| self.resting(line)).unwrap_or_default();
        self.sentences.push(Sentence {
            rule: refused.rule.clone(),
            text,
            clause,
            interpretations,
            met: false,
        });
    }

    fn sentence(&mut self, rule: &Slug, line: &Line, template: &str, values: &Values, met: bool) {
        let text = self.fill(template, values);
        let (clause, interpretations) = (Some(self.clause(line)), self.resting(line));
        self.sentences.push(Sentence { rule: Some(rule.clone()), text, clause, interpretations, met });
    }

    fn general(&mut self, key: &str, values: Values, met: bool) {
        let catalogue = self.catalogue;
        let Some((_, both)) = catalogue.general.iter().find(|(name, _)| name.as_str() == key) else {
            return self.unfilled.push(key.to_owned());
        };
        let text = self.fill(self.language.of(both), &values);
        self.sentences.push(Sentence { rule: None, text, clause: None, interpretations: Vec::new(), met });
    }

    fn fill(&mut self, template: &str, values: &Values) -> String {
        let (catalogue, measure, language) = (self.catalogue, self.measure, self.language);
        let dated = |slot: Slot<'_>| {
            let (_, dated) = measure?.values.iter().find(|(name, _)| name.as_str() == slot.name)?;
            dated.on(self.trace.governing).map(as_value)
        };
        let missing = std::cell::RefCell::new(Vec::new());
        let value = |slot: Slot<'_>| {
            let found = match values.iter().find(|(name, _)| name == slot.name) {
                Some((_, Told::Text(text))) => Some(text.clone()),
                Some((_, Told::Value(value))) => Some(people(catalogue, value, slot, language)),
                None => dated(slot).map(|value| people(catalogue, &value, slot, language)),
            };
            if found.is_none() && slot.fallback.is_none() {
                missing.borrow_mut().push(format!("{{{}}} in {template:?}", slot.name));
            }
            found
        };
        let text = template::write(template, &value);
        self.unfilled.extend(missing.into_inner());
        text
    }

    fn line(&self, rule: &Slug) -> Option<&'a Line> {
        self.measure?.lines.get(rule)
    }

    /// Of the interpretations of a rule, those that this decision rests on.
    fn resting(&self, line: &Line) -> Vec<Slug> {
        let mine = line.interpretations.iter();
        mine.filter(|id| self.trace.interpretations.contains(id)).cloned().collect()
    }

    fn clause(&self, line: &Line) -> Clause {
        let document = self.measure.map(|measure| measure.document.number.clone()).unwrap_or_default();
        let article = self.language.of(&line.article).to_owned();
        Clause { document, article, sentence: line.sentence, language: self.language }
    }
}

/// A value as people read it, words in the language of the sentence.
fn people(catalogue: &Catalogue, value: &FactValue, slot: Slot<'_>, language: Language) -> String {
    let text = template::people(value, slot, language);
    let is_word = matches!(value, FactValue::Word(_) | FactValue::Flag(_));
    let word = catalogue.words.get(&text).filter(|_| is_word);
    word.map_or(text, |both| language.of(both).to_owned())
}

/// An exact amount of a step.
fn amount(text: &str) -> FactValue {
    read_yuan(text).map_or_else(|_| crate::walk::word(text), crate::benefit::exact)
}

/// The pieces of evidence of a step, as one text.
fn evidence(inputs: &[Input]) -> Option<String> {
    let names: Vec<&str> =
        inputs.iter().filter_map(|one| one.evidence.as_ref()).map(|name| name.as_str()).collect();
    (!names.is_empty()).then(|| names.join("、"))
}

/// The exact amount behind ceilings, caps and what other awards hold, as the trace tells it.
fn before_rounding(trace: &Trace) -> Option<Exact> {
    let mut amount = read_yuan(trace.computed.as_ref()?.as_str()).ok()?;
    for step in trace.steps.iter().filter(|step| step.kind == StepKind::Ceiling && !step.met) {
        let limit = step.inputs.iter().find(|one| one.name.as_str() == "limit")?;
        let FactValue::Money(limit) = limit.value else {
            return None;
        };
        amount = amount.min(Exact::from(limit));
    }
    for cap in trace.caps.iter().filter(|cap| cap.cut) {
        amount = amount.min(Exact::from(cap.limit.checked_sub(cap.used).unwrap_or(Fen::ZERO)));
    }
    let taken = trace.steps.iter().rev().find(|step| step.kind == StepKind::TopUp);
    match taken.and_then(|step| step.amount.as_ref()) {
        Some(rest) => read_yuan(rest.as_str()).ok(),
        None => Some(amount),
    }
}

/// The sentence of a refusal: that of the rule that refused, else that of the code.
pub(super) fn refusal(catalogue: &Catalogue, refused: &Refused, language: Language) -> String {
    let measure = home(catalogue, refused);
    let own = refused.rule.as_ref().and_then(|rule| measure?.lines.get(rule));
    let unmet = own.and_then(|line| language.say(&line.say).unmet.as_ref());
    match unmet {
        Some(template) => fill_details(catalogue, measure, refused, template, language),
        None => of_code(catalogue, measure, refused, language),
    }
}

fn home<'a>(catalogue: &'a Catalogue, refused: &Refused) -> Option<&'a Measure> {
    let id = catalogue.homes.get(refused.rule.as_ref()?)?;
    catalogue.measures.get(id).map(|measure| &**measure)
}

fn of_code(
    catalogue: &Catalogue,
    measure: Option<&Measure>,
    refused: &Refused,
    language: Language,
) -> String {
    let code = refused.code.word();
    match catalogue.refusals.iter().find(|(key, _)| key.as_str() == code) {
        Some((_, both)) => fill_details(catalogue, measure, refused, language.of(both), language),
        None => code.to_owned(),
    }
}

fn fill_details(
    catalogue: &Catalogue,
    measure: Option<&Measure>,
    refused: &Refused,
    template: &str,
    language: Language,
) -> String {
    let value = |slot: Slot<'_>| {
        if slot.name == "rule" {
            return refused.rule.as_ref().map(ToString::to_string);
        }
        let text = refused.detail(slot.name)?;
        if slot.name == "fact" {
            return Some(fact_title(catalogue, measure, text, language));
        }
        Some(people(catalogue, &typed(measure, slot.name, text), slot, language))
    };
    template::write(template, &value)
}

/// The name of a fact for people; facts of one name have one meaning in a catalogue.
fn fact_title(catalogue: &Catalogue, measure: Option<&Measure>, name: &str, language: Language) -> String {
    let all = catalogue.measures.values().map(|measure| &**measure);
    let mut facts = measure.into_iter().chain(all).flat_map(|measure| &measure.file.facts);
    let found = facts.find(|fact| fact.name.as_str() == name);
    match (found, catalogue.words.get(name)) {
        (Some(fact), _) => language.of(&fact.title).to_owned(),
        (None, Some(word)) => language.of(word).to_owned(),
        (None, None) => name.to_owned(),
    }
}

/// Details are texts. Those that the catalogue types, and those that look like an amount, are told as such.
fn typed(measure: Option<&Measure>, name: &str, text: &str) -> FactValue {
    let declared =
        measure.and_then(|measure| measure.file.facts.iter().find(|fact| fact.name.as_str() == name));
    let value = measure.and_then(|measure| measure.values.iter().find(|(key, _)| key.as_str() == name));
    let is_money = match (declared, value.and_then(|(_, dated)| dated.0.first())) {
        (Some(fact), _) => fact.kind == FactType::Money,
        (None, Some(held)) => matches!(held.value, Parameter::Money(_)),
        (None, None) => text.split_once('.').is_some_and(|(_, decimals)| decimals.len() == 2),
    };
    match text.parse() {
        Ok(fen) if is_money => FactValue::Money(fen),
        Ok(_) | Err(_) => crate::walk::word(text),
    }
}

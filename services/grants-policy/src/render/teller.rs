//! Tells the steps of one trace, sentence by sentence.

use super::{
    Clause, Explanation, Interpretation, Language, Sentence, applied_on, finding, refusal,
    signed::Signed,
    template::{self, Slot},
};
use crate::{
    catalogue::{Catalogue, Line, Measure},
    compile::by,
    number::{grouped, read_yuan},
    source::measure::Weight,
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
    /// The exact amount behind the steps that were told.
    reached: Exact,
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
        Self {
            catalogue,
            measure,
            language,
            trace,
            sentences: Vec::new(),
            unfilled: Vec::new(),
            reached: Exact::ZERO,
        }
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
            self.general(if step.met { "term-met" } else { "term-unmet" }, values, step.met);
            let clause = self.clause_of_term();
            return self.sentences.last_mut().into_iter().for_each(|last| last.clause.clone_from(&clause));
        }
        if step.kind == StepKind::County {
            return self.county(step, values);
        }
        self.tell(step, &values);
        if let Some(after) = self.after(step) {
            self.moves_to(after);
        }
    }

    /// A parameter that the county has set, with the county's document, apart from what the text says.
    fn county(&mut self, step: &Step, mut values: Values) {
        let word = |name: &str| {
            let input = step.inputs.iter().find(|one| one.name.as_str() == name)?;
            if let FactValue::Word(text) = &input.value { Some(text.to_string()) } else { None }
        };
        let set = || {
            let (name, treasury) = (word("parameter")?.parse().ok()?, word("county")?.parse().ok()?);
            let held = self.measure?.of_county(&name, &treasury, self.trace.governing)?;
            Some((as_value(&held.value), held.source.clone()))
        };
        if let Some((value, source)) = set() {
            values.push(("value".to_owned(), Told::Value(value)));
            values.push(("source".to_owned(), Told::Text(source)));
        }
        self.general("county-value", values, true);
        let by = self.measure.and_then(|measure| by(measure.document.county_values.as_ref()?));
        self.sentences.last_mut().into_iter().for_each(|last| last.interpretations.extend(by.cloned()));
    }

    fn tell(&mut self, step: &Step, values: &Values) {
        let Some(line) = self.line(&step.rule) else { return };
        if step.kind == StepKind::Finding {
            let template = finding::template(self.catalogue, step, self.language);
            return self.sentence(&step.rule, line, &template, values, true);
        }
        let met = self.language.say(&line.say);
        let template = match (&met.none, step.met) {
            (Some(none), true) if step.inputs.is_empty() => none,
            (_, true) => self.shared(step).unwrap_or(&met.met),
            (_, false) => self.shared(step).or(met.unmet.as_ref()).unwrap_or(&met.met),
        };
        self.sentence(&step.rule, line, template, values, step.met);
    }

    /// The sentence that all rules share, of what other awards leave and of what a ceiling only notes. Earlier
    /// catalogues have none.
    fn shared(&self, step: &Step) -> Option<&'a String> {
        let limited = step.inputs.iter().any(|one| one.name.as_str() == "limit");
        let noted = step.kind == StepKind::Ceiling && !step.met && !self.is_hard(&step.rule);
        let key = match (noted, step.kind == StepKind::TopUp && step.met, limited) {
            (true, _, _) => name!("ceiling-noted"),
            (false, true, true) => name!("joint-limit"),
            (false, true, false) => name!("top-up"),
            (false, false, _) => return None,
        };
        let both = self.catalogue.general.get(&key)?;
        Some(match self.language {
            Language::Zh => &both.zh,
            Language::En => &both.en,
        })
    }

    /// The exact amount behind a step, if it adds to it or takes off it.
    fn after(&self, step: &Step) -> Option<Exact> {
        let told = step.amount.as_ref().and_then(|text| read_yuan(text.as_str()).ok());
        match step.kind {
            StepKind::RateOf
            | StepKind::Fixed
            | StepKind::PerUnit
            | StepKind::Interest
            | StepKind::Tier
            | StepKind::Determined => self.reached.checked_add(told?).ok(),
            StepKind::TopUp => told,
            StepKind::Ceiling if !step.met && self.is_hard(&step.rule) => {
                let limit = step.inputs.iter().find(|one| one.name.as_str() == "limit")?;
                if let FactValue::Money(limit) = limit.value { Some(Exact::from(limit)) } else { None }
            }
            StepKind::Ceiling
            | StepKind::InForce
            | StepKind::Condition
            | StepKind::Overlap
            | StepKind::Sum
            | StepKind::Finding
            | StepKind::Share
            | StepKind::County => None,
        }
    }

    /// Whether a ceiling cuts, and is not only noted.
    fn is_hard(&self, rule: &Slug) -> bool {
        let ceilings = self.measure.map(|measure| &measure.file.ceilings);
        let ceiling = ceilings.and_then(|all| all.iter().find(|one| one.rule == *rule));
        let weight = ceiling.and_then(|one| one.weight.as_ref());
        weight.is_none_or(|weight| {
            let chosen = self.catalogue.chosen(weight, applied_on(self.trace));
            chosen.is_some_and(|(weight, _)| *weight == Weight::Hard)
        })
    }

    /// Says at the end of the last sentence what it adds or takes.
    fn moves_to(&mut self, after: Exact) {
        let signed = Signed::between(self.reached, after);
        self.reached = after;
        if let (Some(signed), Some(last)) = (signed, self.sentences.last_mut()) {
            last.text.push_str(&signed.said(self.language));
            last.amount = Some(signed);
        }
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
        if refused || cap.cut {
            self.moves_to(self.reached.min(Exact::from(headroom)));
        }
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

    /// What is due, and how it was rounded.
    pub(super) fn due(&mut self, due: Fen) {
        let money = |fen| Told::Value(FactValue::Money(fen));
        let rounded = Signed::between(self.reached, Exact::from(due));
        if rounded.is_some_and(Signed::is_a_fraction) {
            let computed = Told::Text(grouped(self.reached));
            let values = vec![("computed".to_owned(), computed), ("amount".to_owned(), money(due))];
            self.general("rounding", values, true);
            self.moves_to(Exact::from(due));
            let by = self.rounded_by();
            self.sentences.last_mut().into_iter().for_each(|last| last.interpretations.extend(by.clone()));
        }
        self.general("due", vec![("amount".to_owned(), money(due))], true);
    }

    /// What one of several treasuries pays of it.
    pub(super) fn share(&mut self, step: &Step) {
        let values = step.inputs.iter().map(|one| (one.name.to_string(), Told::Value(one.value.clone())));
        self.general("share", values.collect(), true);
        let by = self.measure.and_then(|measure| by(&measure.file.measure.payer));
        self.sentences.last_mut().into_iter().for_each(|last| last.interpretations.extend(by.cloned()));
    }

    /// What the payment waits for.
    pub(super) fn held(&mut self, holds: &[Hold]) {
        for hold in holds {
            let text = |text: String| Told::Text(text);
            let values = vec![
                ("rule".to_owned(), text(hold.rule.to_string())),
                ("waits_for".to_owned(), text(hold.waits_for.to_string())),
            ];
            self.general("hold", values, false);
            let line = self.line(&hold.rule);
            let clause = line.map(|line| self.clause(line));
            if let (Some(last), Some(clause)) = (self.sentences.last_mut(), clause) {
                last.rule = Some(hold.rule.clone());
                last.clause = Some(clause);
            }
        }
    }

    /// How it ended: by the sentence of the code. The rule's own sentence stands before it already.
    pub(super) fn refused(&mut self, refused: &Refused) {
        let text = refusal::of_code(self.catalogue, self.measure, refused, self.language);
        let line = refused.rule.as_ref().and_then(|rule| self.line(rule));
        let of_term = refused.rule.as_ref() == Some(&name!("term"));
        let general = || if of_term { self.clause_of_term() } else { self.clause_of_measure() };
        let clause = line.map(|line| self.clause(line)).or_else(general);
        let interpretations = line.map(|line| self.resting(line)).unwrap_or_default();
        let rule = refused.rule.clone();
        self.sentences.push(Sentence { rule, text, clause, amount: None, interpretations, met: false });
        // What was reckoned so far is not promised.
        if self.reached != Exact::ZERO {
            self.moves_to(Exact::ZERO);
        }
    }

    fn sentence(&mut self, rule: &Slug, line: &Line, template: &str, values: &Values, met: bool) {
        let text = self.fill(template, values);
        let (clause, interpretations) = (Some(self.clause(line)), self.resting(line));
        let rule = Some(rule.clone());
        self.sentences.push(Sentence { rule, text, clause, amount: None, interpretations, met });
    }

    fn general(&mut self, key: &str, values: Values, met: bool) {
        let catalogue = self.catalogue;
        let Some((_, both)) = catalogue.general.iter().find(|(name, _)| name.as_str() == key) else {
            return self.unfilled.push(key.to_owned());
        };
        let text = self.fill(self.language.of(both), &values);
        let (clause, interpretations) = (self.clause_of_measure(), Vec::new());
        self.sentences.push(Sentence { rule: None, text, clause, amount: None, interpretations, met });
    }

    fn fill(&mut self, template: &str, values: &Values) -> String {
        let (catalogue, measure, language) = (self.catalogue, self.measure, self.language);
        let of_county = |slot: Slot<'_>| {
            let mut steps = self.trace.steps.iter().filter(|step| step.kind == StepKind::County);
            steps.find_map(|step| step.inputs.iter().find(|one| one.name.as_str() == slot.name))
        };
        let dated = |slot: Slot<'_>| {
            if let Some(set) = of_county(slot) {
                return Some(set.value.clone());
            }
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

    /// The interpretation that says how the end is rounded.
    fn rounded_by(&self) -> Option<Slug> {
        let rounding = &self.measure?.file.measure.rounding;
        self.catalogue.chosen(rounding, applied_on(self.trace))?.1.cloned()
    }

    fn clause(&self, line: &Line) -> Clause {
        let own = self.measure.map(|measure| measure.document.number.as_str()).unwrap_or_default();
        let article = self.language.of(&line.article);
        // An article of another document says so in front.
        let numbers = self.catalogue.documents.values().map(|document| document.number.as_str());
        let other = numbers.filter_map(|number| Some((number, article.strip_prefix(number)?))).next();
        let (document, article) = other.unwrap_or((own, article));
        self.cited(document, article.trim_start_matches([',', ' ']), Some(line.sentence))
    }

    fn clause_of_measure(&self) -> Option<Clause> {
        let measure = self.measure?;
        let article = self.language.of(&measure.file.measure.article);
        Some(self.cited(&measure.document.number, article, None))
    }

    fn clause_of_term(&self) -> Option<Clause> {
        let document = &self.measure?.document;
        let article = document.term_article.as_ref().map(|article| self.language.of(article));
        let cited = article.map(|article| self.cited(&document.number, article, None));
        cited.or_else(|| self.clause_of_measure())
    }

    fn cited(&self, document: &str, article: &str, sentence: Option<u32>) -> Clause {
        Clause {
            document: document.to_owned(),
            article: article.to_owned(),
            sentence,
            language: self.language,
        }
    }
}

/// A value as people read it, words in the language of the sentence.
pub(super) fn people(catalogue: &Catalogue, value: &FactValue, slot: Slot<'_>, language: Language) -> String {
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

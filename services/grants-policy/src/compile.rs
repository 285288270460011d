//! From source to catalogue: files are read, names are resolved, and everything wrong is said at once.

mod names;

use crate::{
    catalogue::{Catalogue, Dated, Held, Line, LineKind, Measure, Parameter},
    lint::{Finding, locate},
    source::{
        Both, Choice, Day, DocumentFile, InterpretationsFile, MeasureFile, PartSource, Say, SentencesFile,
        ValueSource, When,
        benefit::BenefitSource,
        dated::{OneOrMany, Unit},
        measure::TestSource,
    },
};
use grants_domain::values::Slug;
use serde::de::DeserializeOwned;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub(crate) const INTERPRETATIONS: &str = "interpretations.toml";
pub(crate) const SENTENCES: &str = "sentences.toml";
const DOCUMENTS: &str = "documents/";
const MEASURES: &str = "measures/";

/// Everything that was found wrong so far.
pub(crate) type Findings = Vec<Finding>;

/// Checks and resolves a set of files.
pub(crate) fn compile(files: &BTreeMap<String, String>) -> Result<Catalogue, Findings> {
    let mut findings = Findings::new();
    let (mut catalogue, documents) = ground(files, &mut findings);
    let values = shared_values(&documents, &mut findings);
    // What leads to a file that cannot be read leads somewhere; to say more would only confuse.
    let mut unread = !findings.is_empty();
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with(MEASURES)) {
        let Some(file) = read::<MeasureFile>(path, text, &mut findings) else {
            unread = true;
            continue;
        };
        let id = file.measure.id.clone();
        let Some(measure) = resolve(path, file, &documents, &values, &mut findings) else {
            unread = true;
            continue;
        };
        for rule in measure.lines.keys() {
            catalogue.homes.entry(rule.clone()).or_insert_with(|| id.clone());
        }
        if catalogue.measures.insert(id.clone(), Arc::new(measure)).is_some() {
            findings.push(Finding::new(path, id.as_str(), "the measure stands twice"));
        }
    }
    for (id, (_, file)) in documents {
        catalogue.documents.insert(id, Arc::new(file.document));
    }
    if !unread {
        names::check(&catalogue, &mut findings);
    }
    if findings.is_empty() {
        return Ok(catalogue);
    }
    findings.sort();
    findings.dedup();
    locate(files, &mut findings);
    Err(findings)
}

/// Everything that measures stand on: documents, interpretations and general sentences.
fn ground(files: &BTreeMap<String, String>, findings: &mut Findings) -> (Catalogue, Documents) {
    let mut catalogue = Catalogue::default();
    let mut documents = Documents::new();
    for (path, text) in files {
        if path == INTERPRETATIONS {
            let Some(file) = read::<InterpretationsFile>(path, text, findings) else {
                continue;
            };
            for one in file.interpretations {
                if catalogue.interpretations.insert(one.id.clone(), one.clone()).is_some() {
                    findings.push(Finding::new(path, one.id.as_str(), "the interpretation stands twice"));
                }
            }
        } else if path == SENTENCES {
            let Some(file) = read::<SentencesFile>(path, text, findings) else {
                continue;
            };
            (catalogue.general, catalogue.refusals, catalogue.words) =
                (file.general, file.refusal, file.words);
        } else if path.starts_with(DOCUMENTS) {
            let Some(file) = read::<DocumentFile>(path, text, findings) else {
                continue;
            };
            let id = file.document.id.clone();
            if documents.insert(id.clone(), (path.clone(), file)).is_some() {
                findings.push(Finding::new(path, id.as_str(), "the document stands twice"));
            }
        } else if !path.starts_with(MEASURES) {
            findings.push(Finding::new(path, "file", "a catalogue has no such file"));
        }
    }
    (catalogue, documents)
}

fn read<T: DeserializeOwned>(path: &str, text: &str, findings: &mut Findings) -> Option<T> {
    match toml::from_str(text) {
        Ok(file) => Some(file),
        Err(fault) => {
            let line = fault.span().map(|span| {
                text.get(..span.start).map_or(0, |before| before.matches('\n').count()).saturating_add(1)
            });
            let message = format!("{}{}", fault.message(), remedy(fault.message()));
            findings.push(Finding { line, ..Finding::new(path, "toml", message) });
            None
        }
    }
}

/// What to write where a rule is missing without which an application at the edge of the term has no answer.
fn remedy(message: &str) -> &'static str {
    match message {
        "missing field `governing`" => {
            ": say which day must fall inside the term, and by which interpretation, such as governing = { by = \"K-03\", \
             options = { … } }"
        }
        "missing field `term`" => {
            ": say from which day to which day the document holds, [document.term] from and to"
        }
        _ => "",
    }
}

type Documents = BTreeMap<Slug, (String, DocumentFile)>;
type Shared = BTreeMap<Slug, BTreeMap<Slug, Dated>>;

fn shared_values(documents: &Documents, findings: &mut Findings) -> Shared {
    let one = |(id, (path, file)): (&Slug, &(String, DocumentFile))| {
        (id.clone(), resolve_values(path, &file.values, findings))
    };
    documents.iter().map(one).collect()
}

/// Puts the parts of its document that a measure takes in before its own facts and rules. A rule of a part has the id
/// of the measure in front of its own, so that each measure's rules are its own in traces and refusals.
fn take_in(
    path: &str,
    file: &mut MeasureFile,
    document: &DocumentFile,
    findings: &mut Findings,
) -> BTreeSet<Slug> {
    let mut all = PartSource {
        id: file.measure.id.clone(),
        facts: Vec::new(),
        conditions: Vec::new(),
        overlaps: Vec::new(),
        claims: Vec::new(),
    };
    for id in &file.measure.parts {
        let Some(part) = document.parts.iter().find(|part| part.id == *id) else {
            findings.push(Finding::new(path, id.as_str(), "the document has no such part"));
            continue;
        };
        all.facts.extend(part.facts.iter().cloned());
        all.conditions.extend(part.conditions.iter().cloned());
        all.overlaps.extend(part.overlaps.iter().cloned());
        all.claims.extend(part.claims.iter().cloned());
    }
    let rules = all.conditions.iter_mut().map(|one| &mut one.rule);
    let rules = rules.chain(all.overlaps.iter_mut().map(|one| &mut one.rule));
    let mut taken_in: BTreeSet<Slug> = all.facts.iter().map(|one| one.name.clone()).collect();
    for rule in rules.chain(all.claims.iter_mut().map(|one| &mut one.rule)) {
        match format!("{}.{rule}", file.measure.id).parse() {
            Ok(own) => *rule = own,
            Err(_) => {
                findings.push(Finding::new(path, rule.as_str(), "the id of measure and rule is too long"))
            }
        }
        taken_in.insert(rule.clone());
    }
    all.facts.append(&mut file.facts);
    all.conditions.append(&mut file.conditions);
    all.overlaps.append(&mut file.overlaps);
    all.claims.append(&mut file.claims);
    (file.facts, file.conditions) = (all.facts, all.conditions);
    (file.overlaps, file.claims) = (all.overlaps, all.claims);
    taken_in
}

fn resolve(
    path: &str,
    mut file: MeasureFile,
    documents: &Documents,
    shared: &Shared,
    findings: &mut Findings,
) -> Option<Measure> {
    let Some((document_path, document)) = documents.get(&file.measure.document) else {
        let id = file.measure.document.as_str();
        findings.push(Finding::new(path, id, "there is no such document"));
        return None;
    };
    let taken_in = take_in(path, &mut file, document, findings);
    let source = &file.measure;
    let mut values = shared.get(&source.document).cloned().unwrap_or_default();
    for (name, dated) in resolve_values(path, &file.values, findings) {
        if values.insert(name.clone(), dated).is_some() {
            findings.push(Finding::new(path, name.as_str(), "the document has a value of this name already"));
        }
    }
    let mut caps = Vec::new();
    for id in &source.caps {
        let found = file.caps.iter().chain(&document.caps).find(|cap| cap.id == *id);
        match found {
            Some(cap) => caps.push(cap.clone()),
            None => findings.push(Finding::new(path, id.as_str(), "there is no such cap")),
        }
    }
    for cap in file.caps.iter().filter(|cap| !source.caps.contains(&cap.id)) {
        findings.push(Finding::new(path, cap.id.as_str(), "the measure does not count under its own cap"));
    }
    let tiers = document.tiers.iter().map(|tier| (tier.id.clone(), tier.clone())).collect();
    let mut measure = Measure {
        path: path.to_owned(),
        document_path: document_path.clone(),
        document: Arc::new(document.document.clone()),
        values,
        caps,
        tiers,
        taken_in,
        lines: BTreeMap::new(),
        file,
    };
    measure.lines = lines(path, &measure, findings);
    Some(measure)
}

fn resolve_values(
    path: &str,
    values: &BTreeMap<Slug, ValueSource>,
    findings: &mut Findings,
) -> BTreeMap<Slug, Dated> {
    let mut resolved = BTreeMap::new();
    for (name, source) in values {
        let held = |from: Day, until: Option<Day>, value, source: &String| Held {
            from: from.0,
            until: until.map(|day| day.0),
            value,
            source: source.clone(),
        };
        let mut read = |value| {
            let read = parameter(source.unit, value);
            read.map_err(|what| findings.push(Finding::new(path, name.as_str(), what))).ok()
        };
        let all = source.dated.iter();
        let all = all.filter_map(|one| Some(held(one.from, one.until, read(&one.value)?, &one.source)));
        let all: Vec<Held> = all.collect();
        let counties = source.counties.iter().filter_map(|one| {
            let held = held(one.from, one.until, read(&one.value)?, &one.source);
            Some((one.treasury.clone(), held))
        });
        let counties = counties.collect();
        resolved.insert(name.clone(), Dated { all, counties });
    }
    resolved
}

fn parameter(unit: Unit, value: &OneOrMany) -> Result<Parameter, String> {
    let text = match (unit, value) {
        (Unit::Words, OneOrMany::Many(words)) => return Ok(Parameter::Words(words.clone())),
        (_, OneOrMany::One(text)) => text,
        (_, OneOrMany::Many(_)) => return Err("one value is expected, not a list".to_owned()),
    };
    match unit {
        Unit::Money => text.parse().map(Parameter::Money).map_err(|fault| format!("{text}: {fault}")),
        Unit::Rate => text.parse().map(Parameter::Rate).map_err(|fault| format!("{text}: {fault}")),
        Unit::Count => text.parse().map(Parameter::Count).map_err(|fault| format!("{text}: {fault}")),
        Unit::Years => text.parse().map(Parameter::Years).map_err(|fault| format!("{text}: {fault}")),
        Unit::Words => Ok(Parameter::Words(vec![text.clone()])),
    }
}

/// Where each rule of a measure stands and how it is told. A rule has one id in its measure.
fn lines(path: &str, measure: &Measure, findings: &mut Findings) -> BTreeMap<Slug, Line> {
    let file = &measure.file;
    let own = &file.measure.article;
    let mut lines = BTreeMap::new();
    let mut add =
        |kind, rule: &Slug, article: &Option<Both>, sentence, say: &Say, interpretations: Vec<Slug>| {
            let sentence = if sentence == 0 { file.measure.sentence } else { sentence };
            let (article, say) = (article.clone().unwrap_or_else(|| own.clone()), say.clone());
            if lines.insert(rule.clone(), Line { article, sentence, say, kind, interpretations }).is_some() {
                findings.push(Finding::new(path, rule.as_str(), "the rule stands twice"));
            }
        };
    for one in &file.conditions {
        let facts = tests_of(&one.test).into_iter().filter_map(|test| test.fact.as_ref());
        let named: Vec<Slug> = facts.flat_map(|fact| called_by(file, fact)).cloned().collect();
        let rests = rests_on(&one.interpretations, [one.weight.as_ref().and_then(by), when(&one.when)]);
        let rests = rests.into_iter().chain(named).collect();
        add(LineKind::Condition, &one.rule, &one.article, one.sentence, &one.say, rests);
    }
    for one in &file.overlaps {
        let rests = rests_on(&[], [by(&one.mode), one.pending.as_ref().and_then(by), when(&one.when)]);
        add(LineKind::Overlap, &one.rule, &one.article, one.sentence, &one.say, rests);
    }
    for one in &file.evidence {
        let rests = rests_on(&one.interpretations, [one.less.as_ref().and_then(|less| when(&less.when))]);
        add(LineKind::Evidence, &one.rule, &one.article, one.sentence, &one.say, rests);
    }
    for one in &file.benefits {
        let rests = part_rests_on(measure, one);
        add(LineKind::Benefit, &one.rule, &one.article, one.sentence, &one.say, rests);
    }
    for one in &file.ceilings {
        let rests = rests_on(&[], [one.weight.as_ref().and_then(by), when(&one.when)]);
        add(LineKind::Ceiling, &one.rule, &one.article, one.sentence, &one.say, rests);
    }
    for one in &measure.caps {
        let chosen = [
            one.scope.as_ref().and_then(by),
            one.window.as_ref().and_then(by),
            one.releases.as_ref().and_then(by),
            one.cut_part.as_ref().and_then(by),
            when(&one.when),
        ];
        let rests = rests_on(&one.interpretations, chosen);
        add(LineKind::Cap, &one.id, &one.article, one.sentence, &one.say, rests);
    }
    lines
}

/// The interpretations that a part of the amount rests on.
fn part_rests_on(measure: &Measure, part: &BenefitSource) -> Vec<Slug> {
    let interest = part.interest.as_ref();
    let tier = part.tier.as_ref().and_then(|tier| measure.tiers.get(&tier.scale));
    let base = part.rate_of.as_ref().and_then(|rate_of| rate_of.fact.as_ref());
    let named: Vec<Slug> =
        base.into_iter().flat_map(|fact| called_by(&measure.file, fact)).cloned().collect();
    let chosen = [
        interest.and_then(|interest| by(&interest.rate_of)),
        interest.and_then(|interest| by(&interest.year_days)),
        interest.and_then(|interest| by(&interest.principal)),
        interest.and_then(|interest| by(&interest.longest)),
        tier.and_then(|tier| by(&tier.tally)),
        tier.and_then(|tier| by(&tier.window)),
        tier.and_then(|tier| tier.most.as_ref()).and_then(|most| when(&most.when)),
        when(&part.when),
    ];
    rests_on(&[part.interpretations.as_slice(), &named].concat(), chosen)
}

/// The interpretations that choose under which name a fact is found.
pub(crate) fn called_by<'f>(file: &'f MeasureFile, fact: &Slug) -> impl Iterator<Item = &'f Slug> {
    let declared = file.facts.iter().find(|one| one.name == *fact);
    declared.into_iter().flat_map(|one| one.called.iter().filter_map(by))
}

fn when(when: &Option<When>) -> Option<&Slug> {
    when.as_ref().map(|when| &when.by)
}

fn rests_on<const N: usize>(named: &[Slug], chosen: [Option<&Slug>; N]) -> Vec<Slug> {
    let all: BTreeSet<&Slug> = named.iter().chain(chosen.into_iter().flatten()).collect();
    all.into_iter().cloned().collect()
}

/// The interpretation that chooses.
pub(crate) fn by<T>(choice: &Choice<T>) -> Option<&Slug> {
    match choice {
        Choice::Plain(_) => None,
        Choice::By { by, .. } => Some(by),
    }
}

/// Everything that a choice may come to.
pub(crate) fn options<T>(choice: &Choice<T>) -> Vec<&T> {
    match choice {
        Choice::Plain(value) => vec![value],
        Choice::By { options, .. } => options.values().collect(),
    }
}

/// A test and every test inside it.
pub(crate) fn tests_of(test: &TestSource) -> Vec<&TestSource> {
    let inner = test.all.iter().chain(&test.any).flatten();
    std::iter::once(test).chain(inner.flat_map(tests_of)).collect()
}

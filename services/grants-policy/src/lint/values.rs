//! Dated values: each has a day and a source, and from the first to the last day of the term there is exactly one.
//! Citations: a measure says where it stands, and by whose answer its governing day is chosen.

use super::Finding;
use crate::{
    catalogue::{Catalogue, Measure, Term},
    compile::by,
    source::Choice,
};
use grants_domain::values::{Date, Slug};
use std::collections::BTreeSet;

pub(super) fn check(catalogue: &Catalogue, findings: &mut Vec<Finding>) {
    let mut known = BTreeSet::new();
    for measure in catalogue.measures() {
        citation(measure, findings);
        for (name, dated) in &measure.values {
            let path = measure.path_of(name);
            if !known.insert((path.to_owned(), name.clone())) {
                continue;
            }
            let spans = dated.all.iter().map(|held| Span {
                from: held.from,
                until: held.until,
                source: &held.source,
            });
            check_spans(path, name, &spans.collect::<Vec<_>>(), &terms(catalogue, measure), findings);
        }
        for (id, scale) in &measure.tiers {
            let path = &measure.document_path;
            if !known.insert((path.clone(), id.clone())) {
                continue;
            }
            let spans = scale.dated.iter().map(|one| Span {
                from: one.from.0,
                until: one.until.map(|day| day.0),
                source: &one.source,
            });
            check_spans(path, id, &spans.collect::<Vec<_>>(), &terms(catalogue, measure), findings);
            let ascending = |one: &crate::source::benefit::ScaleSource| {
                one.at
                    .windows(2)
                    .all(|pair| matches!(pair, [a, b] if a.count < b.count && a.amount <= b.amount))
            };
            if !scale.dated.iter().all(|one| !one.at.is_empty() && ascending(one)) {
                findings.push(Finding::new(path, id.as_str(), "the rungs of the scale do not rise"));
            }
        }
    }
}

/// Every term that a document can have: under each option, and for those that rest on a day, with each day that was given.
fn terms(catalogue: &Catalogue, measure: &Measure) -> Vec<Term> {
    let term = &measure.document.term;
    let answers = by(term).and_then(|by| catalogue.interpretations.get(by)).map(|one| &one.dated);
    let days: Vec<Option<Date>> =
        answers.into_iter().flatten().map(|answer| answer.day.map(|day| day.0)).chain([None]).collect();
    let options = crate::compile::options(term);
    options.into_iter().flat_map(|term| days.iter().filter_map(|day| term.on(*day))).collect()
}

struct Span<'a> {
    from: Date,
    until: Option<Date>,
    source: &'a str,
}

fn check_spans(path: &str, name: &Slug, spans: &[Span<'_>], terms: &[Term], findings: &mut Vec<Finding>) {
    let mut say = |what: String| findings.push(Finding::new(path, name.as_str(), what));
    if spans.iter().any(|span| span.source.trim().is_empty()) {
        say("a value has no source".to_owned());
    }
    for span in spans {
        if span.until.is_some_and(|until| until < span.from) {
            say(format!("the value of {} ends before it begins", span.from));
        }
    }
    for pair in spans.windows(2) {
        let [before, after] = pair else { continue };
        if after.from <= before.from {
            say(format!("the value of {} does not begin behind the one of {}", after.from, before.from));
        }
        let Some(until) = before.until else { continue };
        if after.from <= until {
            say(format!("two values stand for {}", after.from));
        } else if until.add_days(1) != Ok(after.from) {
            say(format!("between {until} and {} there is no value", after.from));
        }
    }
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
        return say("there is no value at all".to_owned());
    };
    for term in terms {
        if term.from < first.from {
            say(format!("from {} to {} there is no value", term.from, first.from));
        }
        match (last.until, term.to) {
            (Some(until), Some(to)) if until < to => {
                say(format!("behind {until} there is no value up to {to}"))
            }
            (Some(until), None) => say(format!("behind {until} there is no value, and the term has no end")),
            (Some(_), Some(_)) | (None, _) => {}
        }
    }
}

/// A measure says where it stands, and every rule in which sentence.
fn citation(measure: &Measure, findings: &mut Vec<Finding>) {
    let source = &measure.file.measure;
    let mut say = |rule: &str, what: &str| findings.push(Finding::new(&measure.path, rule, what));
    let cited = [&source.article.zh, &source.article.en, &measure.document.number];
    if cited.iter().any(|text| text.trim().is_empty()) {
        say(source.id.as_str(), "the measure has no citation: document number and article");
    }
    // The texts say how long they hold, and of no measure which of its days has to lie inside.
    if matches!(&source.governing, Choice::Plain(day) if day != "application") {
        say("governing", "no text says which day must fall inside the term: name the interpretation (by)");
    }
    let told = [&source.title.zh, &source.title.en, &source.text.zh, &source.text.en];
    if told.iter().any(|text| text.trim().is_empty()) {
        say(source.id.as_str(), "the measure has no title or text in one language");
    }
    for (rule, line) in &measure.lines {
        let article = [&line.article.zh, &line.article.en];
        // What a rule takes from its measure was said there.
        let own = article != [&source.article.zh, &source.article.en];
        if line.sentence == 0 || own && article.iter().any(|text| text.trim().is_empty()) {
            say(rule.as_str(), "the rule does not say in which article and sentence it stands");
        }
    }
}

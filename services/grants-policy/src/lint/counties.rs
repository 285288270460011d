//! Parameters that counties set for themselves (K-05): only where the document lets them, only for counties, each with its
//! document and without overlap, and never more generous than what stands for everybody on the same days.

use super::Finding;
use crate::{
    catalogue::{Catalogue, Dated, Held, Measure, Parameter},
    compile::tests_of,
};
use grants_domain::values::{Slug, TreasuryLevel};
use std::{cmp::Ordering, collections::BTreeSet};

/// Which way a value is stricter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stricter {
    /// Less is: a rate, an amount, a limit.
    Lower,
    /// More is: a threshold.
    Higher,
    /// Nobody can tell: it is both, a list of words, or the least of a band.
    Unclear,
}

pub(super) fn check(catalogue: &Catalogue, findings: &mut Vec<Finding>) {
    let mut known = BTreeSet::new();
    for measure in catalogue.measures() {
        for (name, dated) in measure.values.iter().filter(|(_, dated)| !dated.counties.is_empty()) {
            // A value of a document is told once, unless a measure uses it in a way of its own.
            let mut say = |what: String| {
                let path = measure.path_of(name).to_owned();
                if known.insert((path.clone(), name.clone(), what.clone())) {
                    findings.push(Finding::new(&path, name.as_str(), what));
                }
            };
            if measure.document.county_values.is_none() {
                say("the document does not say that counties may set parameters: county-values".to_owned());
            }
            spans(dated, &mut say);
            generous(measure, name, dated, &mut say);
        }
    }
}

fn spans(dated: &Dated, say: &mut impl FnMut(String)) {
    for (place, (county, held)) in dated.counties.iter().enumerate() {
        let from = held.from;
        if !matches!(county.level(), TreasuryLevel::County | TreasuryLevel::Lower) {
            say(format!("{county} is no county"));
        }
        if held.source.trim().is_empty() {
            say(format!("the value of {county} from {from} names no document of the county"));
        }
        if held.until.is_some_and(|until| until < from) {
            say(format!("the value of {county} from {from} ends before it begins"));
        }
        let earlier = dated.counties.iter().take(place);
        let mut same = earlier.filter(|(other, before)| other == county && meet(before, held));
        if let Some((_, before)) = same.next() {
            say(format!("{county} has two values: from {} and from {from}", before.from));
        }
    }
}

/// Whether two values stand on one day.
fn meet(one: &Held, other: &Held) -> bool {
    let begins_before_end = |one: &Held, other: &Held| one.until.is_none_or(|until| other.from <= until);
    begins_before_end(one, other) && begins_before_end(other, one)
}

fn generous(measure: &Measure, name: &Slug, dated: &Dated, say: &mut impl FnMut(String)) {
    let stricter = stricter(measure, name, dated);
    if stricter == Stricter::Unclear {
        return say(format!("counties cannot set {name}: nobody can tell which way it is stricter"));
    }
    for (county, held) in &dated.counties {
        for (place, base) in dated.all.iter().enumerate() {
            // What stands for everybody ends where the next begins.
            let next = dated.all.get(place.saturating_add(1)).map(|next| next.from);
            let over = next.is_some_and(|next| next <= held.from);
            let wanted = if stricter == Stricter::Lower { Ordering::is_le } else { Ordering::is_ge };
            let order = order(&held.value, &base.value);
            if !over && meet(base, held) && !order.is_some_and(wanted) {
                let (from, what) = (held.from, text(&base.value));
                let than = if stricter == Stricter::Lower { "at most" } else { "at least" };
                say(format!(
                    "the value of {county} from {from} is more generous than the text: {than} {what} ({})",
                    base.source
                ));
            }
        }
    }
}

/// Which way a value is stricter, by how the rules of the measure use it.
fn stricter(measure: &Measure, name: &Slug, dated: &Dated) -> Stricter {
    let tests = measure.file.conditions.iter().flat_map(|one| tests_of(&one.test));
    let tests: Vec<_> = tests.collect();
    let is = |used: &Option<Slug>| used.as_ref() == Some(name);
    let threshold = tests.iter().any(|test| is(&test.at_least) || is(&test.above));
    let most = tests.iter().any(|test| is(&test.at_most) || is(&test.below));
    let paid = measure.file.benefits.iter().any(|part| is(&part.fixed))
        || measure.caps.iter().any(|cap| cap.limit == *name);
    let least = measure.file.benefits.iter().filter_map(|part| part.determined.as_ref());
    let least = least.into_iter().any(|determined| is(&determined.at_least));
    let words = dated.all.iter().any(|held| matches!(held.value, Parameter::Words(_)));
    match (threshold, most || paid) {
        _ if words || least => Stricter::Unclear,
        (true, true) => Stricter::Unclear,
        (true, false) => Stricter::Higher,
        (false, _) => Stricter::Lower,
    }
}

fn order(one: &Parameter, other: &Parameter) -> Option<Ordering> {
    match (one, other) {
        (Parameter::Money(one), Parameter::Money(other)) => Some(one.cmp(other)),
        (Parameter::Rate(one), Parameter::Rate(other)) => Some(one.cmp(other)),
        (Parameter::Count(one), Parameter::Count(other)) => Some(one.cmp(other)),
        (Parameter::Years(one), Parameter::Years(other)) => Some(one.cmp(other)),
        (_, _) => None,
    }
}

fn text(value: &Parameter) -> String {
    crate::walk::plain(&crate::walk::as_value(value))
}

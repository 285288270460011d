//! Which names a sentence may use: those that the step it tells about supplies, and the measure's dated values.

use crate::{
    catalogue::Measure,
    compile::tests_of,
    source::{
        benefit::{BenefitSource, VariantSource},
        measure::TestSource,
    },
};
use grants_domain::values::Slug;

/// Names of every cap's sentence.
pub(crate) const CAP: &[&str] = &["limit", "used", "headroom", "window"];
const EVIDENCE: &[&str] = &["counted", "outside", "outside_on", "amount", "evidence", "less"];
const EXTERNAL: &[&str] =
    &["award", "status", "level", "programme", "held", "on", "others", "alone", "limit", "amount"];
const STANDING: &[&str] = &["award", "measure", "held", "others", "alone", "limit", "amount"];
/// Names of every ceiling's sentence.
pub(crate) const CEILING: &[&str] = &["limit", "computed"];

/// Whether a rule supplies a name. Dated values of the measure are supplied to every sentence.
pub(crate) fn supplies(measure: &Measure, rule: &Slug, name: &str) -> bool {
    let value = measure.values.keys().any(|one| one.as_str() == name);
    value || of_rule(measure, rule).iter().any(|one| one == name)
}

fn of_rule(measure: &Measure, rule: &Slug) -> Vec<String> {
    let file = &measure.file;
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    if let Some(one) = file.conditions.iter().find(|one| one.rule == *rule) {
        return tests_of(&one.test).into_iter().flat_map(of_test).collect();
    }
    if let Some(one) = file.overlaps.iter().find(|one| one.rule == *rule) {
        return owned(if one.external.is_some() { EXTERNAL } else { STANDING });
    }
    if file.evidence.iter().any(|one| one.rule == *rule) {
        return owned(EVIDENCE);
    }
    if let Some(one) = file.benefits.iter().find(|one| one.rule == *rule) {
        return of_part(one);
    }
    if file.ceilings.iter().any(|one| one.rule == *rule) {
        return owned(CEILING);
    }
    owned(CAP)
}

fn of_test(test: &TestSource) -> Vec<String> {
    let mut names: Vec<String> = test.fact.iter().map(ToString::to_string).collect();
    let mut add = |more: &[&str]| names.extend(more.iter().map(|name| (*name).to_owned()));
    let comparison = [&test.at_least, &test.above, &test.at_most, &test.below];
    if comparison.iter().any(|name| name.is_some()) {
        add(&["limit"]);
    }
    if test.evidence.is_some() {
        add(&["pieces"]);
    }
    if test.day_of.is_some() {
        add(&["evidence_day"]);
    }
    if test.loan_longer_than.is_some() {
        add(&["loan_from", "loan_until", "limit"]);
    }
    if test.applied_above.is_some() {
        add(&["applied_for", "status", "round"]);
    }
    if test.granted.is_some() {
        add(&["award", "status", "level", "programme", "held", "on"]);
    }
    names
}

fn of_part(part: &BenefitSource) -> Vec<String> {
    let mut names = vec!["amount".to_owned()];
    let variant = |variant: &Option<VariantSource>| variant.as_ref().map(|one| one.fact.to_string());
    names.extend(variant(&part.fixed_by));
    let mut add = |more: &[&str]| names.extend(more.iter().map(|name| (*name).to_owned()));
    if part.rate_of.is_some() {
        add(&["rate", "base"]);
    }
    if part.per_unit.is_some() {
        add(&["count", "each"]);
    }
    if part.interest.is_some() {
        add(&[
            "share",
            "balance",
            "rate",
            "published",
            "days",
            "days_of_all",
            "year_days",
            "first_day",
            "end_day",
            "evidence",
        ]);
    }
    if part.tier.is_some() {
        add(&["count", "total", "standing"]);
    }
    if part.determined.is_some() {
        add(&["determined", "at_least", "at_most"]);
    }
    if part.documented.is_some() {
        add(&["rate", "base", "amount_documented", "at_most"]);
    }
    names.extend(part.rate_of.as_ref().and_then(|one| variant(&one.rate_by)));
    let tests = part.tier.iter().filter_map(|tier| tier.counts_if.as_ref()).flat_map(tests_of);
    names.extend(tests.flat_map(of_test));
    names
}

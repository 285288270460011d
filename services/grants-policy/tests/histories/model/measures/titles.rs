//! Rewards for titles, centres and products: E3.3, E3.4, E5.1 to E5.6 and T10. Each is recorded under its name with its
//! kind, holder, day of recognition and whether it was revoked.

use super::{
    Case, Due, Parts, WRONG_TYPE, day,
    known::{all, any, date, if_known, known, money, word},
    overlaps::{Held, Matter},
};
use crate::model::{Award, Stop};

const YUAN: i128 = 100;

/// What every title of document 15 has alike.
struct Title {
    /// What it is recorded under, and its name alone.
    subject: String,
    name: String,
    governing: i64,
    held: Held,
}

/// The title of the application, recognised in the term, held by the applicant and not revoked, of a kind that `kind`
/// finds right; and what city or county gave for it.
fn title(
    case: &Case<'_>,
    old_as_well: bool,
    further: impl Fn(&Case<'_>, &str) -> Result<(), Stop>,
) -> Result<Title, Stop> {
    let subject = case.title();
    let recorded = |name: &str| case.about(&subject, name);
    let governing = match old_as_well {
        true => case.applied_on(),
        false => date(recorded("recognised_on"))?,
    };
    case.in_force(governing, case.term_of_15())?;
    case.in_the_field()?;
    let holder = word(recorded("title_holder")).map(|one| case.is_applicant(one));
    case.require("holder", all(&[subject.clone().map(|_| true), holder]))?;
    case.require("standing", Ok(if_known(recorded("revoked"))? != Some(true)))?;
    let subject = subject?;
    further(case, &subject)?;
    let mut held = Vec::new();
    case.elsewhere(&mut held, &subject, None)?;
    let name = subject.replacen("title:", "", 1);
    let measures = ["E3.3", "E3.4", "E5.1", "E5.2", "E5.3", "E5.4", "E5.5", "E5.6"];
    case.only_one(&measures, Matter::Title(&subject))?;
    Ok(Title { subject, name, governing, held })
}

/// K-03 for titles: the day of recognition, or of the application.
fn by_application(case: &Case<'_>) -> bool {
    !["by-measure", "recognition"].contains(&case.answer("K-03"))
}

fn of_kind(case: &Case<'_>, subject: &str, kinds: &[&str]) -> Result<(), Stop> {
    let kind = word(Ok(case.under(subject, "title_kind")));
    case.require("kind", kind.map(|kind| kinds.contains(&kind)))
}

fn finished(case: &Case<'_>, title: Title, right: Option<String>, reward: i128) -> Result<Due, Stop> {
    let Title { subject, governing, held, .. } = title;
    let amount = case.rounded(case.beside(Parts::whole(reward), &held)?)?;
    let payer = &case.enterprise.treasury;
    Ok(Due { right, subjects: vec![subject], ..case.due(amount, payer, governing, None)? })
}

/// E3.3: 2 million for each champion enterprise and each champion product. K-09: a new kind may be mapped.
pub(super) fn champion(case: &Case<'_>) -> Result<Due, Stop> {
    const KINDS: &[&str] = &["champion-enterprise", "champion-product"];
    let found = title(case, by_application(case), |case, subject| {
        let of = |name: &str| word(Ok(case.under(subject, name))).map(|kind| KINDS.contains(&kind));
        match case.answer("K-09") {
            "mapped" => case.require("kind", any(&[of("title_kind"), of("mapped_kind")])),
            _ => case.require("kind-strict", of("title_kind")),
        }
    })?;
    let right = case.once("title", format!("E3.3:{}", found.name))?;
    finished(case, found, right, 2_000_000 * YUAN)
}

/// E3.4: 1 million for a 小巨人, 100,000 for a provincial one. K-10: both, or the difference.
pub(super) fn specialised(case: &Case<'_>) -> Result<Due, Stop> {
    let mut found = title(case, by_application(case), |case, subject| {
        of_kind(case, subject, &["little-giant", "provincial-specialised"])
    })?;
    if case.answer("K-10") == "difference" {
        case.better_of(&mut found.held, "difference", &["E3.4"], Matter::Enterprise);
    }
    let kind = word(Ok(case.under(&found.subject, "title_kind")))?;
    let right = case.once("kind-once", format!("E3.4:{}:{kind}", case.own_name()))?;
    let reward = if kind == "little-giant" { 1_000_000 } else { 100_000 };
    finished(case, found, right, reward * YUAN)
}

/// A reward for each level of a centre. K-20: both levels, or the difference.
fn centre(case: &Case<'_>, found: Title, (state, province): (i128, i128)) -> Result<Due, Stop> {
    let mut found = found;
    if case.answer("K-20") == "difference" {
        let subject = found.subject.clone();
        case.better_of(&mut found.held, "difference", &[case.measure], Matter::Title(&subject));
    }
    let level = word(Ok(case.under(&found.subject, "level")))?;
    let right = case.once("level-once", format!("{}:{}:{level}", case.measure, found.name))?;
    let reward = match level {
        "state" => state,
        "province" => province,
        _ => return Err(WRONG_TYPE),
    };
    finished(case, found, right, reward * YUAN)
}

/// E5.1: innovation centres, 5 and 3 million.
pub(super) fn innovation(case: &Case<'_>) -> Result<Due, Stop> {
    let kinds = &["technology-innovation-centre", "manufacturing-innovation-centre"];
    let found = title(case, by_application(case), |case, subject| of_kind(case, subject, kinds))?;
    centre(case, found, (5_000_000, 3_000_000))
}

/// E5.2: design centres, 3 million and 500,000. K-21: recognised in the term, or earlier as well.
pub(super) fn design(case: &Case<'_>) -> Result<Due, Stop> {
    let old = case.answer("K-21") == "old-as-well";
    let found = title(case, old, |case, subject| of_kind(case, subject, &["industrial-design-centre"]))?;
    centre(case, found, (3_000_000, 500_000))
}

/// E5.3: research platforms, 1 million and 200,000.
pub(super) fn platform(case: &Case<'_>) -> Result<Due, Stop> {
    let kinds = &["engineering-research-centre", "enterprise-technology-centre", "engineering-laboratory"];
    let found = title(case, by_application(case), |case, subject| of_kind(case, subject, kinds))?;
    centre(case, found, (1_000_000, 200_000))
}

/// E5.4: the first scholar station of an enterprise, 300,000.
pub(super) fn station(case: &Case<'_>) -> Result<Due, Stop> {
    let kinds = &["scholar-station"];
    let found = title(case, by_application(case), |case, subject| of_kind(case, subject, kinds))?;
    let right = case.once("once", format!("E5.4:{}", case.own_name()))?;
    finished(case, found, right, 300_000 * YUAN)
}

/// E5.5: the China Quality Award, 2 million once.
pub(super) fn quality(case: &Case<'_>) -> Result<Due, Stop> {
    let kinds = &["china-quality-award"];
    let found = title(case, by_application(case), |case, subject| of_kind(case, subject, kinds))?;
    let right = case.once("once", format!("E5.5:{}", case.own_name()))?;
    finished(case, found, right, 2_000_000 * YUAN)
}

/// E5.6: a tenth of the sales of a first version in the period that a document names, 1 million per enterprise.
pub(super) fn software(case: &Case<'_>) -> Result<Due, Stop> {
    // K-22a, K-22b: of which period, with or without tax.
    let by_document = case.answer("K-22a") == "decision-document";
    let found = title(case, by_application(case), |case, subject| {
        of_kind(case, subject, &["first-version-software"])?;
        let recorded = |name: &str| Ok(case.under(subject, name));
        let named = [known(word(recorded("period_document"))), known(date(recorded("period_to")))];
        if by_document { case.require("period", all(&named)) } else { Ok(()) }
    })?;
    let right = case.once("product", format!("E5.6:{}", found.name))?;
    let period = if by_document { "in_period" } else { "twelve_months" };
    let tax = if case.answer("K-22b") == "ex-tax" { "ex_tax" } else { "with_tax" };
    let sales = money(Ok(case.under(&found.subject, &format!("sales_{period}_{tax}"))))?;
    let amount = case.stepped(Parts::whole(sales).times(10, 100));
    // K-22c: over the policy's life, or in the calendar year.
    let in_window = |one: &Award| {
        case.answer("K-22c") == "policy-life" || day::year(one.governing) == day::year(found.governing)
    };
    let counts = |one: &Award| {
        one.measure == "E5.6"
            && case.counts_enterprise("E5.6.enterprise", one, found.governing)
            && in_window(one)
    };
    let limit = case.amount("E5.6/enterprise-limit", found.governing)?;
    let (amount, cap) = case.cap("E5.6.enterprise", limit, counts, amount)?;
    let amount = case.rounded(case.beside(amount, &found.held)?)?;
    let Title { subject, governing, .. } = found;
    let payer = &case.enterprise.treasury;
    Ok(Due { right, subjects: vec![subject], ..case.due(amount, payer, governing, cap)? })
}

/// T10: 500,000 for a provincial night economy area that was recognised in the term, on top of what the province gave.
pub(super) fn night(case: &Case<'_>) -> Result<Due, Stop> {
    let (governing, begin) = (case.applied_on(), day::day(2024, 7, 30));
    case.in_force(governing, (begin, i64::MAX))?;
    let subject = case.title();
    let named = || subject.clone().map(|_| true);
    let recorded = |name: &str| case.about(&subject, name);
    let kind = word(recorded("title_kind")).map(|kind| kind == "night-economy-area");
    case.require("kind", all(&[named(), kind]))?;
    case.require("level", all(&[named(), word(recorded("level")).map(|level| level == "province")]))?;
    let holder = word(recorded("title_holder")).map(|one| case.is_applicant(one));
    case.require("founder", all(&[named(), holder]))?;
    case.require("standing", Ok(if_known(recorded("revoked"))? != Some(true)))?;
    case.require("recognised", date(recorded("recognised_on")).map(|day| begin <= day))?;
    let subject = subject?;
    let right = case.once("title", format!("T10:{}", subject.replacen("title:", "", 1)))?;
    let amount = case.rounded(Parts::whole(500_000 * YUAN))?;
    let payer = &case.enterprise.treasury;
    Ok(Due { right, subjects: vec![subject], ..case.due(amount, payer, governing, None)? })
}

//! E4.2 贷款贴息: 35% of the latest one-year LPR on a loan for equipment, day by day, three years at most and 3 million per
//! project, never more than the interest paid.

use super::{Case, Due, NOTHING_DUE, Parts, WRONG_TYPE, day};
use crate::{
    model::{Award, Stop},
    step::{Piece, Value},
};

pub(super) fn assess(case: &Case<'_>) -> Result<Due, Stop> {
    let project = case.project();
    let term = case.term_of_15();
    let governing = match case.answer("K-03") {
        "by-measure" => first_day(case, term),
        _ => case.applied_on(),
    };
    case.in_force(governing, term)?;
    case.in_the_field()?;
    if !project.in_statistics {
        return Err(case.fail("statistics"));
    }
    if case.word_today("project_kind")?.is_some_and(|kind| kind != "industrial") {
        return Err(case.fail("industrial"));
    }
    // K-19: medium and long-term is more than a year.
    let loan = loan(case, "long-term")?;
    let until = loan.1.until.unwrap_or(loan.1.day);
    if until <= day::anniversary(loan.1.day, 1) {
        return Err(case.fail("long-term"));
    }
    case.one_for_the_project()?;
    let mut held = Vec::new();
    case.elsewhere(&mut held, &format!("project:{}", project.code), Some(&["loan-interest"]))?;
    let balances = balances(case, &loan.1)?;
    let days = days(case, &loan, &balances, term)?;
    let mut amount = interest(case, &loan.1, &days)?;
    // Without the ceiling nobody is asked for the interest that was paid.
    if case.answer("K-18b") == "interest-paid" {
        let Value::Money(paid) = case.stated("interest_paid")? else { return Err(WRONG_TYPE) };
        amount = amount.at_most(*paid);
    }
    if amount == Parts::NOTHING {
        return Err(NOTHING_DUE);
    }
    let counts = |one: &Award| one.measure == "E4.2" && case.counts_project("E4.2.project", one);
    let limit = case.amount("E4.2/project-limit", governing)?;
    let (amount, cap) = case.cap("E4.2.project", limit, counts, amount)?;
    let amount = case.rounded(case.beside(amount, &held)?)?;
    let all = days.iter().flat_map(|one| one.1.clone()).collect();
    let interest = Some((loan.0, all));
    Ok(Due { interest, ..case.due(amount, &project.treasury, governing, cap)? })
}

fn of_kind<'a>(case: &'a Case<'_>, kind: &'static str) -> impl Iterator<Item = &'a (String, Piece)> {
    case.pieces.iter().filter(move |one| one.1.kind == kind)
}

/// K-03: the first day of a balance inside the term; where there is none, the first of all.
fn first_day(case: &Case<'_>, term: (i64, i64)) -> i64 {
    let spans = || of_kind(case, "balance").map(|one| &one.1);
    let days = spans().filter(|one| 0 < one.amount).filter_map(|one| {
        let first = one.day.max(term.0);
        (first < one.until?).then_some(first)
    });
    days.min().or_else(|| spans().map(|one| one.day).min()).unwrap_or(case.applied_on())
}

/// Why a piece that is needed is not there: voided whole, or never brought.
fn none_of(case: &Case<'_>, kind: &str, rule: &str) -> Stop {
    match case.application.submit.evidence.iter().any(|one| one.kind == kind) {
        true => case.fail(rule),
        false => Stop::Open("fact-missing", Some(case.rule(rule))),
    }
}

/// The one loan of the application.
fn loan(case: &Case<'_>, rule: &str) -> Result<(String, Piece), Stop> {
    let loans: Vec<_> = of_kind(case, "loan").collect();
    match loans[..] {
        [] => Err(none_of(case, "loan", rule)),
        [one] => Ok(one.clone()),
        _ => Err(Stop::Open("out-of-range", Some(case.rule(rule)))),
    }
}

/// The balances by their days. They are of one loan: no day twice, and none is more than was lent.
fn balances(case: &Case<'_>, loan: &Piece) -> Result<Vec<(Piece, i64)>, Stop> {
    let mut balances = Vec::new();
    for (_, piece) in of_kind(case, "balance") {
        balances.push((piece.clone(), piece.until.ok_or(Stop::open("fact-missing"))?));
    }
    if balances.is_empty() {
        return Err(none_of(case, "balance", "interest"));
    }
    balances.sort_by_key(|one| (one.0.day, one.1));
    if balances.windows(2).any(|pair| pair[1].0.day < pair[0].1) {
        return Err(case.fail("interest"));
    }
    // As they were claimed, before anything was voided.
    let claimed = |piece: &Piece| {
        let of = case.application.submit.evidence.iter();
        of.filter(|one| (one.kind, &one.typed) == (piece.kind, &piece.typed))
            .map(|one| one.amount)
            .sum::<i128>()
    };
    if balances.iter().any(|one| claimed(loan) < claimed(&one.0)) {
        return Err(case.fail("interest"));
    }
    Ok(balances)
}

/// The days of each balance that are subsidised: lent, in the term, over when it was applied for, before the third
/// anniversary of the project's first subsidised day (K-19), and none twice for one loan.
fn days(
    case: &Case<'_>,
    (key, loan): &(String, Piece),
    balances: &[(Piece, i64)],
    term: (i64, i64),
) -> Result<Vec<(Piece, Vec<i64>)>, Stop> {
    let rule = case.rule("interest");
    if balances.iter().all(|one| one.0.amount == 0) {
        return Err(Stop::no("nothing-due", &rule));
    }
    let lent_until = loan.until.unwrap_or(loan.day);
    let counts = |day: &i64| {
        term.0 <= *day && *day <= term.1 && loan.day <= *day && *day < lent_until && *day < case.applied_on()
    };
    let mut found: Vec<(Piece, Vec<i64>)> = Vec::new();
    for (piece, until) in balances.iter().filter(|one| 0 < one.0.amount) {
        found.push((piece.clone(), (piece.day..*until).filter(counts).collect()));
    }
    let paid = |one: &Award| one.interest.as_ref().map(|(_, days)| days.clone()).unwrap_or_default();
    let same_project = |one: &&Award| one.project.as_ref() == Some(&case.project().code);
    let of_project: Vec<i64> = case.others().filter(same_project).flat_map(paid).collect();
    let own = || found.iter().flat_map(|one| one.1.iter().copied());
    let Some(first) = own().min() else { return Err(Stop::no("not-in-force", &rule)) };
    let origin = of_project.iter().copied().min().unwrap_or(first).min(first);
    let end = match case.answer("K-19") {
        "anniversary" => day::anniversary(origin, 3),
        _ => origin + 1_095,
    };
    for one in &mut found {
        one.1.retain(|day| *day < end);
    }
    found.retain(|one| !one.1.is_empty());
    if found.is_empty() {
        return Err(Stop::no("not-in-force", &rule));
    }
    let same_loan = |one: &&Award| one.interest.as_ref().is_some_and(|(loan, _)| loan == key);
    let of_loan: Vec<i64> = case.others().filter(same_loan).flat_map(paid).collect();
    let twice = found.iter().flat_map(|one| &one.1).any(|day| of_loan.contains(day));
    // An earlier first day must not make what stands longer than three years.
    if twice || of_project.iter().any(|day| end <= *day) {
        return Err(Stop::no("already-awarded", &rule));
    }
    Ok(found)
}

/// K-16, K-17, K-18a: for each day the balance × LPR × 35% ÷ 360.
fn interest(case: &Case<'_>, loan: &Piece, days: &[(Piece, Vec<i64>)]) -> Result<Parts, Stop> {
    let before = case.again.map_or(usize::MAX, |own| case.model.awards[own].decided);
    let mut sum = Parts::NOTHING;
    for (piece, days) in days {
        let principal = match case.answer("K-18a") {
            "daily-balance" => piece.amount.min(loan.amount),
            _ => loan.amount,
        };
        let of = match case.answer("K-16") {
            "application" => case.applied_on(),
            "contract" => loan.day,
            _ => days.iter().copied().min().unwrap_or(piece.day),
        };
        let rate = case.model.rate_on(of, before).ok_or(Stop::open("rate-missing"))?;
        let year = if case.answer("K-17") == "actual-360" { 360 } else { 365 };
        let a_day = Parts::whole(principal).times(rate, 10_000).times(35, 100).times(1, year);
        sum = sum.plus(case.stepped(a_day.times(days.len() as i128, 1)));
    }
    Ok(sum)
}

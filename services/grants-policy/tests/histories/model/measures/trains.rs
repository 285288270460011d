//! T12 旅游专列: 100 per passenger of a high-speed train of 200, 30,000 for another of 600; with the third, the fifth and each
//! further train of a year from outside the city more on top; 250,000 per agency and year for all of it.

use super::{Case, Due, Parts, day};
use crate::model::{Award, Stop};

/// T12.1.
pub(super) fn high_speed(case: &Case<'_>) -> Result<Due, Stop> {
    assess(case, "T12.1/least-passengers", |passengers, governing| {
        Ok(passengers * case.amount("T12.1/per-passenger", governing)?)
    })
}

/// T12.2.
pub(super) fn ordinary(case: &Case<'_>) -> Result<Due, Stop> {
    assess(case, "T12.2/least-passengers", |_, governing| case.amount("T12.2/per-train", governing))
}

fn assess(case: &Case<'_>, least: &str, base: impl Fn(i128, i64) -> Result<i128, Stop>) -> Result<Due, Stop> {
    let arrival = case.stated_day("arrival")?;
    case.in_force(arrival, (day::day(2024, 7, 30), i64::MAX))?;
    for (fact, least) in [
        ("passengers", least),
        ("paid_sights", "2024-21/least-sights"),
        ("days", "2024-21/least-days"),
        ("nights", "2024-21/least-nights"),
    ] {
        if case.stated_count(fact)? < case.amount(least, arrival)? {
            return Err(case.fail(fact.trim_start_matches("paid_")));
        }
    }
    let tickets: Vec<_> = case.pieces.iter().filter(|one| one.1.kind == "tickets").collect();
    if tickets.is_empty() {
        return Err(case.fail("tickets"));
    }
    if tickets.iter().any(|one| one.1.day != arrival) {
        return Err(case.fail("arrival"));
    }
    // K-38: provincial money of the kind stacks, or it does not.
    let subject = format!("enterprise:{}", case.enterprise.code);
    let mut provincial = case.model.provincial(&subject, "tourist-train").into_iter();
    if case.answer("K-38") == "exclude" && provincial.any(|one| one.status == "granted") {
        return Err(Stop::no("excluded-by-overlap", &case.rule("provincial")));
    }
    // The tickets of one train are the right to it, and each train is paid once.
    let [(train, _)] = tickets[..] else { return Err(Stop::No("out-of-range", None)) };
    if case.others().any(|one| one.right.as_ref() == Some(train)) {
        return Err(Stop::no("already-awarded", &case.rule("train")));
    }
    let base = base(case.stated_count("passengers")?, arrival)?;
    let bonus = bonus(case, arrival)?;
    // K-28: everything that the agency gets under the article in the calendar year.
    let counts = |one: &Award| of_year(case, one, arrival);
    let limit = case.amount("2024-21/agency-year-limit", arrival)?;
    let amount = Parts::whole(base + bonus.unwrap_or(0));
    let (amount, cap) = match case.answer("K-28") {
        "article" => case.cap("T12.agency-year", limit, counts, amount)?,
        _ => (amount, None),
    };
    let amount = case.rounded(amount)?;
    let right = Some(train.clone());
    Ok(Due { right, bonus, ..case.due(amount, "411700000", arrival, cap)? })
}

/// Awards of the article to this agency in the calendar year of an arrival.
fn of_year(case: &Case<'_>, one: &Award, arrival: i64) -> bool {
    one.measure.starts_with("T12.") && case.is_own(one) && day::year(one.governing) == day::year(arrival)
}

/// T12.3, K-27: the total that is due at so many trains, less what stands. A train from the city does not count, and one
/// that is looked at again keeps what it was given.
fn bonus(case: &Case<'_>, arrival: i64) -> Result<Option<i128>, Stop> {
    if case.stated_word("origin")? != "outside-city" {
        return Ok(None);
    }
    if let Some(own) = case.again {
        return Ok(case.model.awards[own].bonus);
    }
    let joined = case.answer("K-27b") == "joined";
    // K-27a: in the calendar year, or in the twelve months up to the arrival.
    let rolling = case.answer("K-27a") != "calendar-year";
    let before = |day: i64| day <= arrival && day::anniversary(arrival, -1) < day;
    let counts = |one: &&Award| {
        let of_agency = one.measure.starts_with("T12.") && case.is_own(one);
        let in_time = if rolling { before(one.governing) } else { of_year(case, one, arrival) };
        one.bonus.is_some() && of_agency && in_time && (joined || one.measure == case.measure)
    };
    let before: Vec<i128> = case.others().filter(counts).filter_map(|one| one.bonus).collect();
    let mut total = match before.len() as i128 + 1 {
        0..=2 => 0,
        3 | 4 => 20_000,
        trains => 30_000 + (trains - 5) * 10_000,
    };
    total *= 100;
    // K-28: where only what is for the number of trains is limited.
    if case.answer("K-28") == "bonus-only" {
        total = total.min(case.amount("2024-21/agency-year-limit", arrival)?);
    }
    Ok(Some((total - before.iter().sum::<i128>()).max(0)))
}

//! E6 展位费: an above-scale enterprise of the field, at a fair of a city or higher department outside the city, gets half of
//! the booth fee, 100,000 per enterprise and year.

use super::{Case, Due, NOTHING_DUE, Parts, day};
use crate::{
    model::{Award, Stop},
    step::Value,
};

pub(super) fn assess(case: &Case<'_>) -> Result<Due, Stop> {
    let governing = match case.answer("K-03") {
        "by-measure" => case.stated_day("fair_first_day")?,
        "purchase" => case.pieces.iter().map(|one| one.1.day).max().unwrap_or(case.applied_on()),
        _ => case.applied_on(),
    };
    case.in_force(governing, case.term_of_15())?;
    case.in_the_field()?;
    let subject = format!("enterprise:{}", case.enterprise.code);
    match case.model.fact_on(&subject, "above_scale", governing, false) {
        Some(Value::Flag(true)) => {}
        Some(Value::Flag(false)) => return Err(case.fail("above-scale")),
        Some(_) => return Err(super::WRONG_TYPE),
        None => return Err(Stop::open("fact-missing")),
    }
    if !["city", "province", "state"].contains(&case.stated_word("organiser_level")?) {
        return Err(case.fail("organiser"));
    }
    if case.stated_word("fair_place")? != "outside-city" {
        return Err(case.fail("outside"));
    }
    let fair = format!("title:{}", case.named("fair")?);
    let mut held = Vec::new();
    case.elsewhere(&mut held, &fair, Some(&["booth"]))?;
    let (sum, uses) = case.use_up("booth", |_| true)?;
    if sum == 0 {
        return Err(NOTHING_DUE);
    }
    let limit = case.amount("E6/year-limit", governing)?;
    let half = case.stepped(Parts::whole(sum).times(1, 2));
    let (amount, cap) = case.cap_with("E6.year", limit, used(case, governing), half)?;
    let amount = case.rounded(case.beside(amount, &held)?)?;
    Ok(Due { uses, subjects: vec![fair], ..case.due(amount, &case.enterprise.treasury, governing, cap)? })
}

/// K-23: what stands in the calendar year of the first day of the fair, or, where the year is rolling, in those twelve
/// months of all that this day lies in in which most stands.
fn used(case: &Case<'_>, governing: i64) -> i128 {
    let own = |one: &&Award| one.measure == "E6" && case.counts_enterprise("E6.year", one, governing);
    let sum = |inside: &dyn Fn(i64) -> bool| {
        case.others_ever().filter(own).filter(|one| inside(one.governing)).map(Award::room).sum()
    };
    if case.answer("K-23") == "calendar-year" {
        return sum(&|day| day::year(day) == day::year(governing));
    }
    let ends = (governing..governing + 366).filter(|last| day::anniversary(*last, -1) < governing);
    ends.map(|last| sum(&|day| day::anniversary(last, -1) < day && day <= last)).max().unwrap_or(0)
}

//! Awards that a decision document determines inside a band: E3.1 骨干企业, E3.2 高成长性 and T5 微短剧.

use super::{
    Case, Due, NOTHING_DUE, Parts, day,
    known::{all, any, counted, flag, money, rate, word},
};
use crate::{model::Stop, step::Value};

/// What was determined, if it lies in the band.
fn determined(case: &Case<'_>, decided: &str, least: i128, most: i128) -> Result<i128, Stop> {
    let amount = money(Ok(case.under(decided, "determined_reward")))?;
    if amount < least || most < amount {
        return Err(Stop::no("outside-band", &case.rule("determined")));
    }
    if amount == 0 {
        return Err(NOTHING_DUE);
    }
    case.rounded(Parts::whole(amount))
}

/// The limb that the applicant claims.
fn limb(case: &Case<'_>, name: &str) -> Result<bool, Stop> {
    case.stated_word("limb").map(|own| own == name)
}

/// A right of an enterprise and year, or of a work; where each limb has its own award, of the limb.
fn right(case: &Case<'_>, of: String, of_limb: bool) -> Result<String, Stop> {
    Ok(if of_limb { format!("{of}:{}", case.named("limb")?) } else { of })
}

/// E3.1: among the first ten by contribution; or 10 million and among the first ten by growth. 3 million at most.
pub(super) fn backbone(case: &Case<'_>) -> Result<Due, Stop> {
    let governing = case.applied_on();
    case.in_force(governing, case.term_of_15())?;
    case.in_the_field()?;
    let document = case.decided()?;
    let code = &case.enterprise.code;
    let year = case.award_year();
    let annual = year.clone().map(|year| format!("annual:{code}:{year}"));
    let first = case.amount("E3.1/first", governing)?;
    let least = case.amount("E3.1/least-contribution", governing)?;
    let among = |name: &str| counted(case.about(&annual, name)).map(|rank| rank <= first);
    let large = || money(case.about(&annual, "contribution")).map(|sum| least <= sum);
    let by_growth = || all(&[large(), among("growth_rank")]);
    case.require(
        "backbone",
        all(&[year.clone().map(|_| true), any(&[among("contribution_rank"), by_growth()])]),
    )?;
    // K-08.
    let two = case.answer("K-08") == "two";
    if two {
        let by_contribution = all(&[limb(case, "contribution"), among("contribution_rank")]);
        let by_growth = all(&[limb(case, "growth"), large(), among("growth_rank")]);
        case.require("limb", any(&[by_contribution, by_growth]))?;
    }
    let right = case.once("year", right(case, format!("E3.1:{}:{}", case.own_name(), year?), two)?)?;
    let decided = case.decided_for(code)?;
    let amount = determined(case, &decided, 0, case.amount("E3.1/most", governing)?)?;
    let subjects = vec![document, decided, annual?];
    Ok(Due { right, subjects, ..case.due(amount, &case.enterprise.treasury, governing, None)? })
}

/// E3.2: a certified growth of 26%. 500,000 at most.
pub(super) fn growth(case: &Case<'_>) -> Result<Due, Stop> {
    let governing = case.applied_on();
    case.in_force(governing, case.term_of_15())?;
    case.in_the_field()?;
    let document = case.decided()?;
    let code = &case.enterprise.code;
    let year = case.award_year();
    let annual = year.clone().map(|year| format!("annual:{code}:{year}"));
    let named = || year.clone().map(|_| true);
    case.require("fast", all(&[named(), flag(case.about(&annual, "high_growth"))]))?;
    let fast = rate(case.about(&annual, "comprehensive_growth")).map(|rate| 2_600 <= rate);
    case.require("growth", all(&[named(), fast]))?;
    let right = case.once("year", format!("E3.2:{}:{}", case.own_name(), year?))?;
    let decided = case.decided_for(code)?;
    let amount = determined(case, &decided, 0, case.amount("E3.2/most", governing)?)?;
    let subjects = vec![document, decided, annual?];
    Ok(Due { right, subjects, ..case.due(amount, &case.enterprise.treasury, governing, None)? })
}

/// T5: an original work about the place with 5 million views or a contribution of 1 million. 50,000 to 100,000.
pub(super) fn drama(case: &Case<'_>) -> Result<Due, Stop> {
    let governing = case.applied_on();
    case.in_force(governing, (day::day(2024, 7, 30), i64::MAX))?;
    let document = case.decided()?;
    let title = case.title();
    let of_work = |name: &str| -> Result<Option<&Value>, Stop> { case.about(&title, name) };
    let holder = word(of_work("title_holder")).map(|one| case.is_applicant(one));
    case.require("maker", all(&[title.clone().map(|_| true), holder]))?;
    case.require("work", all(&[flag(of_work("original")), flag(of_work("local_theme"))]))?;
    let least = case.amount("T5/least-views", governing)?;
    let seen = || counted(of_work("views")).map(|views| least <= views);
    let least = case.amount("T5/least-contribution", governing)?;
    let paid = || money(of_work("contribution")).map(|sum| least <= sum);
    case.require("reach", any(&[seen(), paid()]))?;
    // K-25.
    let two = case.answer("K-25") == "two";
    if two {
        let by_views = all(&[limb(case, "views"), seen()]);
        let by_contribution = all(&[limb(case, "contribution"), paid()]);
        case.require("limb", any(&[by_views, by_contribution]))?;
    }
    let title = title?;
    case.beside_the_province(&title)?;
    let name = title.replacen("title:", "", 1);
    let right = case.once("work-once", right(case, format!("T5:{name}"), two)?)?;
    let decided = case.decided_for(&name)?;
    let (least, most) = (case.amount("T5/least", governing)?, case.amount("T5/most", governing)?);
    let amount = determined(case, &decided, least, most)?;
    let subjects = vec![document, decided, title];
    Ok(Due { right, subjects, ..case.due(amount, &case.enterprise.treasury, governing, None)? })
}

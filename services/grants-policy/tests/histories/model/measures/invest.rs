//! E1.1 亩均税收奖励 and T1 文旅赋能城市更新: a share of what a project invested, once, up to a limit per project.

use super::{
    Case, Due, Parts, day,
    known::{all, any, date, flag, known, money, word},
};
use crate::model::{Award, Stop};

/// E1.1: 0.5% of the fixed assets of a project of 100 million whose tax per 亩 reaches 150,000, 1 million per project.
pub(super) fn tax_per_mu(case: &Case<'_>) -> Result<Due, Stop> {
    let project = case.project();
    let recorded = |name: &str| Ok(case.of_project(name));
    let governing = match case.answer("K-03") {
        "by-measure" => date(recorded("tax_test_met"))?,
        "production" => date(recorded("production_on"))?,
        _ => case.applied_on(),
    };
    case.in_force(governing, case.term_of_15())?;
    case.in_the_field()?;
    // K-06: of which investment, of which year, of which area.
    let investment = match case.answer("K-06a") {
        "total" => project.total,
        _ => money(recorded("fixed_assets"))?,
    };
    let least = case.amount("E1.1/least-investment", governing)?;
    case.require("investment", Ok(least <= investment))?;
    case.require(
        "running",
        all(&[known(date(recorded("completed_on"))), known(date(recorded("production_on")))]),
    )?;
    let year = if case.answer("K-06b") == "first-full-year" { "first_full_year" } else { "any_year" };
    let area = if case.answer("K-06c") == "contract" { "contract" } else { "certificate" };
    let tax = money(recorded(&format!("tax_per_mu_{year}_{area}")))?;
    case.require("tax", Ok(case.amount("E1.1/least-tax", governing)? <= tax))?;
    case.one_for_the_project()?;
    let mut held = Vec::new();
    case.investment_elsewhere(&mut held)?;
    let right = case.once("once", format!("E1.1:{}", project.code))?;
    let amount = case.stepped(Parts::whole(money(recorded("fixed_assets"))?).times(5, 1_000));
    let counts = |one: &Award| one.measure == "E1.1" && case.counts_project("E1.1.project", one);
    let limit = case.amount("E1.1/project-limit", governing)?;
    let (amount, cap) = case.cap("E1.1.project", limit, counts, amount)?;
    let amount = case.rounded(case.beside(amount, &held)?)?;
    Ok(Due { right, ..case.due(amount, &project.treasury, governing, cap)? })
}

/// T1: 5% of a project of 20 million of a new format, built and operating, 1.5 million per project.
pub(super) fn renewal(case: &Case<'_>) -> Result<Due, Stop> {
    let project = case.project();
    let recorded = |name: &str| Ok(case.of_project(name));
    let governing = case.applied_on();
    case.in_force(governing, (day::day(2024, 7, 30), i64::MAX))?;
    case.require("total", Ok(case.amount("T1/least-total", governing)? <= project.total))?;
    let listed = word(recorded("format"))
        .map(|format| ["experience-venue", "performance", "night-tour"].contains(&format));
    case.require("format", any(&[listed, flag(recorded("format_recognised"))]))?;
    case.require("operating", all(&[flag(recorded("built")), flag(recorded("operating"))]))?;
    // K-24.
    if case.answer("K-24") == "idle-assets-only" {
        case.require("idle", flag(recorded("uses_idle_assets")))?;
    }
    case.beside_the_province(&format!("project:{}", project.code))?;
    let mut held = Vec::new();
    case.other_document(&mut held, &["E1.1", "E4.1"])?;
    let right = case.once("once", format!("T1:{}", project.code))?;
    let counts = |one: &Award| one.measure == "T1" && case.counts_project("T1.project", one);
    let limit = case.amount("T1/project-limit", governing)?;
    let share = case.stepped(Parts::whole(project.total).times(5, 100));
    let (amount, cap) = case.cap("T1.project", limit, counts, share)?;
    let amount = case.rounded(case.beside(amount, &held)?)?;
    Ok(Due { right, ..case.due(amount, &project.treasury, governing, cap)? })
}

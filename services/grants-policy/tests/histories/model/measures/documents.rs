//! Measures whose amount a decision document names: E1.2 上级奖励配套, E1.3 一事一议, E5.0 科技专项, E7 软件园租金.
//! Without the document nothing is computed.

use super::{
    Case, Due, NOTHING_DUE, Parts,
    known::{flag, money, rate},
};
use crate::{model::Stop, step::Value};

/// E1.2: the ratio of the base that the document names, and no more than its most, if it names one.
pub(super) fn matching(case: &Case<'_>) -> Result<Due, Stop> {
    let project = case.project();
    let governing = case.applied_on();
    case.in_force(governing, case.term_of_15())?;
    case.in_the_field()?;
    let document = case.decided()?;
    let subject = format!("project:{}", project.code);
    let programmes: &[&str] = &["industry-support", "industry-reward"];
    let obtained = !case.granted(&subject, &["state", "province"], Some(programmes)).is_empty();
    case.require("obtained", Ok(obtained))?;
    case.one_for_the_project()?;
    let right = case.once("once", format!("E1.2:{}:{}", case.named("decision")?, project.code))?;
    let decided = case.decided_for(&project.code)?;
    let ratio = rate(Ok(case.under(&decided, "match_ratio")))?;
    let base = money(Ok(case.under(&decided, "match_base")))?;
    let mut amount = Parts::whole(base).times(ratio, 10_000);
    if let Some(most) = case.under(&decided, "match_most") {
        amount = amount.at_most(money(Ok(Some(most)))?);
    }
    finished(case, amount, right, &project.treasury, vec![document, decided])
}

/// E1.3: what the document names, for a project of 2 billion and 6 million per 亩.
pub(super) fn case_by_case(case: &Case<'_>) -> Result<Due, Stop> {
    let project = case.project();
    let governing = case.applied_on();
    case.in_force(governing, case.term_of_15())?;
    case.in_the_field()?;
    let document = case.decided()?;
    case.require("total", Ok(case.amount("E1.3/least-total", governing)? <= project.total))?;
    let intensity = money(Ok(case.of_project("intensity")))?;
    case.require("intensity", Ok(case.amount("E1.3/least-intensity", governing)? <= intensity))?;
    case.one_for_the_project()?;
    let right = case.once("once", format!("E1.3:{}:{}", case.named("decision")?, project.code))?;
    let decided = case.decided_for(&project.code)?;
    let amount = money(Ok(case.under(&decided, "decided_amount")))?;
    finished(case, Parts::whole(amount), right, &project.treasury, vec![document, decided])
}

/// E5.0: what the document names for a project that fits the programme.
pub(super) fn science(case: &Case<'_>) -> Result<Due, Stop> {
    let project = case.project();
    case.in_force(case.applied_on(), case.term_of_15())?;
    case.in_the_field()?;
    let document = case.decided()?;
    let decided = case.decided_for(&project.code)?;
    case.require("fits", flag(Ok(case.under(&decided, "programme_fits"))))?;
    case.one_for_the_project()?;
    let right = case.once("once", format!("E5.0:{}:{}", case.named("decision")?, project.code))?;
    let amount = money(Ok(case.under(&decided, "decided_amount")))?;
    finished(case, Parts::whole(amount), right, &project.treasury, vec![document, decided])
}

/// E7: what the document names for a software enterprise that is new in a park.
pub(super) fn rent(case: &Case<'_>) -> Result<Due, Stop> {
    case.in_force(case.applied_on(), case.term_of_15())?;
    let document = case.decided()?;
    let industry = case.enterprise.industry.ok_or(Stop::open("fact-missing"))?;
    case.require("software", Ok(industry == "software"))?;
    let enterprise = format!("enterprise:{}", case.enterprise.code);
    let new: Option<&Value> = case.model.fact_on(&enterprise, "new_in_park", case.applied_on(), true);
    case.require("park", flag(Ok(new)))?;
    let code = case.enterprise.code.clone();
    let right = case.once("once", format!("E7:{}:{}", case.named("decision")?, case.own_name()))?;
    let decided = case.decided_for(&code)?;
    let amount = money(Ok(case.under(&decided, "decided_amount")))?;
    finished(case, Parts::whole(amount), right, &case.enterprise.treasury, vec![document, decided])
}

fn finished(
    case: &Case<'_>,
    amount: Parts,
    right: Option<String>,
    payer: &str,
    subjects: Vec<String>,
) -> Result<Due, Stop> {
    let amount = case.stepped(amount);
    if amount == Parts::NOTHING {
        return Err(NOTHING_DUE);
    }
    let amount = case.rounded(amount)?;
    Ok(Due { right, subjects, ..case.due(amount, payer, case.applied_on(), None)? })
}

//! E2 引资中介: 1‰ or 2‰ of what the enterprise that was brought in invested, once per project, 1 million; only for the
//! recipient who is recognised, an organisation or a person.

use super::{
    Case, Due, Parts, WRONG_TYPE,
    known::{all, any, date, flag, if_known, money, word},
};
use crate::model::{Award, Counted, Stop};

/// The fields of document 15.
const FIELDS: &[&str] = super::FIELDS;

pub(super) fn assess(case: &Case<'_>) -> Result<Due, Stop> {
    let code = case.named("project_code");
    let subject = code.clone().map(|code| format!("project:{code}"));
    let recorded = |name: &str| case.about(&subject, name);
    let governing = match case.answer("K-03") {
        "production" => date(recorded("production_on"))?,
        _ => case.applied_on(),
    };
    case.in_force(governing, case.term_of_15())?;
    let recipient = word(recorded("recognised_recipient"));
    case.require("recipient", recipient.map(|one| case.is_applicant(one)))?;
    // Nobody proves that he is no official; a record that he is one is heeded.
    case.require("official", Ok(if_known(recorded("recipient_is_official"))? != Some(true)))?;
    case.require("brought", all(&[flag(recorded("brought_from_outside")), flag(recorded("fits_plan"))]))?;
    let listed = word(recorded("project_field")).map(|field| FIELDS.contains(&field));
    case.require("field", any(&[listed, flag(recorded("project_field_recognised"))]))?;
    case.require("served", flag(recorded("served_throughout")))?;
    case.require("production", flag(recorded("produced_in_contract_period")))?;
    let code = code?;
    let right = case.once("once", format!("E2:{code}"))?;
    let thousandths = match word(recorded("investor"))? {
        "domestic" => 1,
        "foreign" => 2,
        _ => return Err(WRONG_TYPE),
    };
    let assets = money(recorded("project_fixed_assets"))?;
    let amount = case.stepped(Parts::whole(assets).times(thousandths, 1_000));
    // K-07: per project, whose right is used once; or per intermediary, who is the applicant, whatever its code was, or the
    // person.
    let of = case.model.first(word(recorded("recognised_recipient"))?);
    let counts = |one: &Award| match case.answer("K-07") {
        "per-project" => one.right == right,
        _ => one.cap.as_ref().is_some_and(|cap| cap.of.as_ref() == Some(&of)),
    };
    let limit = case.amount("E2/limit", governing)?;
    let (amount, cap) = case.cap("E2.limit", limit, counts, amount)?;
    let cap = cap.map(|cap| Counted { of: Some(of), ..cap });
    let amount = case.rounded(amount)?;
    // K-04: who benefits is asked only where no proportion stands recorded.
    let payer = match case.shares(governing)? {
        Some(_) => String::new(),
        None => word(recorded("benefiting_treasury"))?.to_owned(),
    };
    let subjects = subject.into_iter().collect();
    Ok(Due { right, subjects, ..case.due(amount, &payer, governing, cap)? })
}

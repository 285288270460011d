//! E4.1 设备投资补贴: a new project of 50 million or more, within its construction validity, 5% of production equipment
//! by tax-paid invoices, 10 million per enterprise. Provincial special funds are applied for first; a project that
//! obtained them gets nothing more.

use super::{Case, Due, NOTHING_DUE, Parts, day};
use crate::model::{Award, Stop};
use crate::step::Piece;

pub(super) fn assess(case: &Case<'_>) -> Result<Due, Stop> {
    let project = case.project();
    let term = case.term_of_15();
    let inside = |piece: &Piece| {
        term.0 <= piece.day && piece.day <= term.1 && project.from <= piece.day && piece.day <= project.to
    };
    // K-03: the date of the invoice, the last that counts.
    let invoices = || case.pieces.iter().map(|one| &one.1).filter(|one| one.kind == "invoice");
    let last = invoices().filter(|one| inside(one)).map(|one| one.day).max();
    let last = last.or_else(|| invoices().map(|one| one.day).max());
    let governing = match case.answer("K-03") {
        "by-measure" | "purchase" => last.unwrap_or(case.applied_on()),
        _ => case.applied_on(),
    };
    case.in_force(governing, term)?;
    conditions(case, governing)?;
    case.one_for_the_project()?;
    let mut held = Vec::new();
    case.investment_elsewhere(&mut held)?;
    let (above, holds) = provincial(case)?;
    held.push((case.rule("provincial"), above));
    let (sum, uses) = case.use_up("invoices", inside)?;
    if sum == 0 {
        return Err(NOTHING_DUE);
    }
    // K-14: over the policy's life, or in the calendar year.
    let of_window = |one: &Award| match case.answer("K-14") {
        "policy-life" => true,
        _ => day::year(one.governing) == day::year(governing),
    };
    let counts = |one: &Award| {
        one.measure == "E4.1" && case.counts_enterprise("E4.1.enterprise", one, governing) && of_window(one)
    };
    let limit = case.amount("E4.1/enterprise-limit", governing)?;
    let (amount, cap) =
        case.cap("E4.1.enterprise", limit, counts, case.stepped(Parts::whole(sum).times(5, 100)))?;
    let amount = case.rounded(case.beside(amount, &held)?)?;
    Ok(Due { holds, uses, ..case.due(amount, &project.treasury, governing, cap)? })
}

fn conditions(case: &Case<'_>, governing: i64) -> Result<(), Stop> {
    let project = case.project();
    case.in_the_field()?;
    if project.total < case.amount("E4.1/least-total", governing)? {
        return Err(case.fail("total"));
    }
    // A record that says that it is no new project is heeded.
    if let Some(nature) = case.word_today("project_nature")?
        && !["new-build", "technical-renewal"].contains(&nature)
    {
        return Err(case.fail("nature"));
    }
    // K-11: applied for first, if a round was open.
    let subject = format!("project:{}", project.code);
    let applied = !case.model.provincial(&subject, "special-fund").is_empty();
    let before = case.again.map_or(usize::MAX, |own| case.model.awards[own].decided);
    let open = case.model.round_was_open((project.from, project.to), case.applied_on(), before);
    if case.answer("K-11") == "hard-if-round-open" && open && !applied {
        return Err(case.fail("provincial-first"));
    }
    Ok(())
}

/// K-12, K-13: what the province gave for the project excludes it, or is taken off; a result that is pending holds.
fn provincial(case: &Case<'_>) -> Result<(i128, Vec<(String, String)>), Stop> {
    let subject = format!("project:{}", case.project().code);
    let (mut held, mut holds) = (0, Vec::new());
    for report in case.model.provincial(&subject, "special-fund") {
        match (report.status, case.answer("K-12")) {
            ("granted", "whole-project") => return Err(Stop::no("excluded-by-overlap", "E4.1.provincial")),
            ("granted", _) => {
                let rule = Some("E4.1.provincial".to_owned());
                held += report.amount.ok_or(Stop::Open("fact-missing", rule))?;
            }
            ("pending", _) if case.answer("K-13") == "hold" => {
                holds.push(("E4.1.provincial".to_owned(), report.award.clone()));
            }
            _ => {}
        }
    }
    Ok((held, holds))
}

//! `grants settle FILE`: what the bank answered, line by line. Nothing is inferred: silence is not failure.

use crate::{
    cli::Common,
    failure::Failure,
    house::House,
    intake::{Became, Order},
    output::{Said, heads},
    rows,
};
use grants_domain::{context::Role, ids::AttemptId, payment::AttemptStatus};
use grants_files::{
    Place, Texts,
    settle::{Differing, KnownPayment, Settlement, settle},
};
use serde_json::json;
use std::{collections::BTreeMap, path::Path};

/// Performs it.
pub(crate) fn perform(common: &Common, file: &Path, texts: &Texts) -> Result<Said, Failure> {
    let house = House::open(common, texts)?;
    let actor = house.actors.need(Role::Finance, texts)?.clone();
    let known: BTreeMap<AttemptId, KnownPayment> = house.read(|state| {
        let attempts = rows::attempts(state).into_iter();
        attempts
            .map(|(id, row)| {
                (id, KnownPayment { amount: row.amount, awaited: row.status == AttemptStatus::Instructed })
            })
            .collect()
    })?;
    let answer = settle(file, &known).map_err(|errors| Failure::places(errors.lines(texts)))?;
    let Settlement { commands, foreign, differing, silent } = answer;
    let places: Vec<String> = commands.iter().map(|(_, _, place)| place.to_string()).collect();
    let orders =
        commands.into_iter().map(|(id, command, _)| Order { id, command, actor: actor.clone() }).collect();
    let became = house.give(orders, &texts.get("program-settling", &[]))?;
    house.close()?;
    let mut lines = Vec::new();
    let (mut recorded, mut repeated) = (0_u64, 0_u64);
    for (place, became) in places.iter().zip(&became) {
        match (became.answer().and_then(|answer| answer.refused.as_ref()), became) {
            (Some(refused), _) => lines.push(format!("{place} {}", texts.refusal(refused))),
            (None, Became::Recorded(_)) => recorded = recorded.saturating_add(1),
            (None, Became::Repeated(_) | Became::Conflict) => repeated = repeated.saturating_add(1),
        }
    }
    lines.extend(strange(&foreign, &differing, texts));
    let good = lines.is_empty();
    let silent_rows: Vec<Vec<String>> = silent.iter().map(|id| vec![id.to_string()]).collect();
    let json = json!({
        "recorded": recorded, "repeated": repeated, "findings": lines, "awaited": silent,
    });
    let (recorded, repeated) = (recorded.to_string(), repeated.to_string());
    let args = [("recorded", recorded.as_str()), ("repeated", &repeated)];
    Ok(Said::new(json)
        .line(texts.get("program-settled", &args))
        .lines(lines)
        .table(heads(texts, &["head-awaited"]), silent_rows)
        .good(good))
}

/// Lines about payments that the ledger does not know, or knows with another amount.
fn strange(foreign: &[(Place, AttemptId)], differing: &[Differing], texts: &Texts) -> Vec<String> {
    let mut lines: Vec<String> = foreign
        .iter()
        .map(|(place, payment)| {
            let told = texts.get("program-settle-foreign", &[("payment", &payment.to_string())]);
            format!("{place} {told}")
        })
        .collect();
    lines.extend(differing.iter().map(|one| {
        let (payment, instructed, reported) =
            (one.payment.to_string(), one.instructed.grouped(), one.reported.grouped());
        let args = [("payment", payment.as_str()), ("instructed", &instructed), ("reported", &reported)];
        format!("{} {}", one.place, texts.get("program-settle-differs", &args))
    }));
    lines
}

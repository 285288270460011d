//! Allocate a budget line (指标下达): money of a treasury for a fiscal year and for named measures.

use crate::{
    accounts::{Account, Posting, post, transfer},
    events::Event,
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, get, has, put},
    tables::{BudgetLineRow, BudgetLines, LineRef, LinesFor},
    values::{Fen, Reference, Slug, Text, Treasury},
};
use std::collections::BTreeSet;

/// Most measures that one line may serve.
pub const LINE_MEASURES_MAX: usize = 64;

message! {
    /// The request.
    pub struct AllocateBudget {
        1 => line: Reference,
        2 => treasury: Treasury,
        3 => year: u32,
        /// 指标文号.
        4 => document: Text<80>,
        5 => measures: Vec<Slug>,
        6 => amount: Fen,
    }
}

message! {
    /// The fact.
    pub struct BudgetAllocated {
        1 => line: Reference,
        2 => treasury: Treasury,
        3 => year: u32,
        4 => document: Text<80>,
        5 => measures: Vec<Slug>,
        6 => amount: Fen,
        7 => postings: Vec<Posting>,
    }
}

/// Refuses: `OutOfRange` (no measure, too many, or one twice), `BudgetLineKnown`, `BudgetLineOverlaps`.
pub(crate) fn decide(state: &dyn StateRead, request: &AllocateBudget) -> Result<Vec<Event>, Refused> {
    let AllocateBudget { line, treasury, year, document, measures, amount } = request.clone();
    let distinct: BTreeSet<&Slug> = measures.iter().collect();
    if measures.is_empty() || LINE_MEASURES_MAX < measures.len() || distinct.len() < measures.len() {
        return Err(Refused::of(RefusalCode::OutOfRange).with("measures", measures.len()));
    }
    if has::<BudgetLines>(state, &line) {
        return Err(Refused::of(RefusalCode::BudgetLineKnown).with("line", &line));
    }
    for measure in &measures {
        if let Some(other) = get::<LinesFor>(state, &(treasury.clone(), year, measure.clone())) {
            let refused = Refused::of(RefusalCode::BudgetLineOverlaps);
            return Err(refused.with("line", other.line).with("measure", measure));
        }
    }
    let postings = transfer(&line, Account::Appropriation, Account::Available, amount);
    Ok(vec![BudgetAllocated { line, treasury, year, document, measures, amount, postings }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &BudgetAllocated) {
    let BudgetAllocated { line, treasury, year, document, measures, postings, .. } = fact.clone();
    for measure in &measures {
        let key = (treasury.clone(), year, measure.clone());
        put::<LinesFor>(state, &key, &LineRef { line: line.clone() });
    }
    let row = BudgetLineRow {
        treasury,
        year,
        document,
        measures,
        appropriation: 0,
        available: 0,
        reserved: 0,
        payable: 0,
        in_transit: 0,
        paid: 0,
        receivable: 0,
        recovery_claims: 0,
        recovered: 0,
        queued: 0,
    };
    put::<BudgetLines>(state, &line, &row);
    post(state, &postings);
}

//! Adjust a budget line (追加/调减): more, or less, but never below what is committed.

use crate::{
    accounts::{Account, Posting, post, transfer},
    choice,
    events::Event,
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, get},
    tables::BudgetLines,
    values::{Fen, Reference, Text},
};

choice! {
    /// Which way.
    pub enum Direction {
        /// 追加.
        Increase = 1 => "increase",
        /// 调减.
        Decrease = 2 => "decrease",
    }
}

message! {
    /// The request.
    pub struct AdjustBudget {
        1 => line: Reference,
        2 => direction: Direction,
        3 => amount: Fen,
        4 => document: Text<80>,
    }
}

message! {
    /// The fact.
    pub struct BudgetAdjusted {
        1 => line: Reference,
        2 => direction: Direction,
        3 => amount: Fen,
        4 => document: Text<80>,
        5 => postings: Vec<Posting>,
    }
}

/// Refuses: `BudgetLineUnknown`, `OutOfRange` (the line would leave the range of money), `BudgetBelowCommitted`.
pub(crate) fn decide(state: &dyn StateRead, request: &AdjustBudget) -> Result<Vec<Event>, Refused> {
    let AdjustBudget { line, direction, amount, document } = request.clone();
    let Some(row) = get::<BudgetLines>(state, &line) else {
        return Err(Refused::of(RefusalCode::BudgetLineUnknown).with("line", &line));
    };
    let total = i128::from(row.appropriation).saturating_sub(i128::from(amount.get()));
    let postings = match direction {
        Direction::Increase if total < -i128::from(Fen::MAX.get()) => {
            let refused = Refused::of(RefusalCode::OutOfRange).with("line", &line);
            return Err(refused.with("amount", amount).with("maximum", Fen::MAX));
        }
        Direction::Increase => transfer(&line, Account::Appropriation, Account::Available, amount),
        Direction::Decrease if row.available < amount.get() => {
            let refused = Refused::of(RefusalCode::BudgetBelowCommitted);
            return Err(refused.with("available", row.available()).with("amount", amount));
        }
        Direction::Decrease => transfer(&line, Account::Available, Account::Appropriation, amount),
    };
    Ok(vec![BudgetAdjusted { line, direction, amount, document, postings }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &BudgetAdjusted) {
    post(state, &fact.postings);
}

//! Return a payment (退票): money that had arrived came back; it is payable again, to a mended account.

use crate::{
    accounts::{Account, Posting, post, transfer},
    award::AwardStatus,
    events::Event,
    ids::{AttemptId, AwardId},
    message,
    payment::{self, AttemptStatus},
    refusal::Refused,
    state::{StateRead, StateWrite, change, put},
    tables::{Attempts, Awards, Mark, Payables},
    values::{Date, Fen, Text},
};

message! {
    /// The request.
    pub struct ReturnPayment {
        1 => payment: AttemptId,
        2 => reason: Text<200>,
        3 => on: Date,
    }
}

message! {
    /// The fact.
    pub struct PaymentReturned {
        1 => payment: AttemptId,
        2 => award: AwardId,
        3 => amount: Fen,
        4 => reason: Text<200>,
        5 => on: Date,
        6 => postings: Vec<Posting>,
    }
}

/// Refuses: `PaymentUnknown`, `PaymentNotLive` (only a settled payment comes back).
pub(crate) fn decide(state: &dyn StateRead, request: &ReturnPayment) -> Result<Vec<Event>, Refused> {
    let row = payment::attempt(state, request.payment, AttemptStatus::Settled)?;
    let postings = transfer(&row.line, Account::Paid, Account::Payable, row.amount);
    let ReturnPayment { payment, reason, on } = request.clone();
    Ok(vec![PaymentReturned { payment, award: row.award, amount: row.amount, reason, on, postings }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &PaymentReturned) {
    change::<Attempts>(state, &fact.payment, |row| row.status = AttemptStatus::Returned);
    change::<Awards>(state, &fact.award, |row| {
        let less =
            |sum: Fen| sum.checked_sub(fact.amount).unwrap_or_else(|| panic!("returned what was not paid"));
        row.settled = less(row.settled);
        row.instructed = less(row.instructed);
        row.status = AwardStatus::Confirmed;
    });
    put::<Payables>(state, &fact.award, &Mark {});
    post(state, &fact.postings);
}

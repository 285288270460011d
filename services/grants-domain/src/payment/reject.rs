//! Reject a payment (支付失败): the bank says no; the money is payable again.

use crate::{
    accounts::{Account, Posting, post, transfer},
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
    pub struct RejectPayment {
        1 => payment: AttemptId,
        2 => reason: Text<200>,
        3 => on: Date,
    }
}

message! {
    /// The fact.
    pub struct PaymentRejected {
        1 => payment: AttemptId,
        2 => award: AwardId,
        3 => amount: Fen,
        4 => reason: Text<200>,
        5 => on: Date,
        6 => postings: Vec<Posting>,
    }
}

/// Refuses: `PaymentUnknown`, `PaymentNotLive`.
pub(crate) fn decide(state: &dyn StateRead, request: &RejectPayment) -> Result<Vec<Event>, Refused> {
    let row = payment::attempt(state, request.payment, AttemptStatus::Instructed)?;
    let postings = transfer(&row.line, Account::InTransit, Account::Payable, row.amount);
    let RejectPayment { payment, reason, on } = request.clone();
    Ok(vec![PaymentRejected { payment, award: row.award, amount: row.amount, reason, on, postings }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &PaymentRejected) {
    change::<Attempts>(state, &fact.payment, |row| row.status = AttemptStatus::Rejected);
    let line = payment::line(state.as_read(), fact.payment);
    change::<Awards>(state, &fact.award, |row| {
        let less =
            |sum: Fen| sum.checked_sub(fact.amount).unwrap_or_else(|| panic!("rejected what was not sent"));
        row.instructed = less(row.instructed);
        row.change_part(&line, |part| part.instructed = less(part.instructed));
    });
    put::<Payables>(state, &fact.award, &Mark {});
    post(state, &fact.postings);
}

//! Settle a payment (支付成功): the bank says, with its reference, that the money arrived.

use crate::{
    accounts::{Account, Posting, post, transfer},
    award::AwardStatus,
    events::Event,
    ids::AttemptId,
    message,
    payment::{self, AttemptStatus},
    recovery::owe,
    refusal::{RefusalCode, Refused},
    rules::Rules,
    state::{StateRead, StateWrite, change, get, put},
    tables::{Attempts, Awards, VoucherRow, Vouchers},
    values::{Date, Fen, Text},
};

message! {
    /// The request: one line of the bank's answer.
    pub struct SettlePayment {
        1 => payment: AttemptId,
        2 => amount: Fen,
        3 => bank_reference: Text<60>,
        4 => on: Date,
    }
}

message! {
    /// The fact.
    pub struct PaymentSettled {
        1 => payment: AttemptId,
        2 => award: crate::ids::AwardId,
        3 => amount: Fen,
        4 => bank_reference: Text<60>,
        5 => on: Date,
        6 => postings: Vec<Posting>,
    }
}

/// Refuses: `PaymentUnknown`, `PaymentNotLive`, `AmountDiffers`, `BankReferenceKnown` (one line of the bank's tells of one
/// payment).
pub(crate) fn decide(
    state: &dyn StateRead,
    rules: &dyn Rules,
    request: &SettlePayment,
) -> Result<Vec<Event>, Refused> {
    let row = payment::attempt(state, request.payment, AttemptStatus::Instructed)?;
    if row.amount != request.amount {
        let refused = Refused::of(RefusalCode::AmountDiffers);
        return Err(refused.with("instructed", row.amount).with("reported", request.amount));
    }
    let reference = payment::reference(request.bank_reference.as_str());
    if let Some(used) = get::<Vouchers>(state, &reference) {
        let refused = Refused::of(RefusalCode::BankReferenceKnown).with("bank-reference", reference);
        return Err(refused.with("used-by", used.payment));
    }
    let postings = transfer(&row.line, Account::InTransit, Account::Paid, row.amount);
    let SettlePayment { payment, amount, bank_reference, on } = request.clone();
    let award = get::<Awards>(state, &row.award).unwrap_or_else(|| panic!("a payment without its award"));
    let mut events =
        vec![PaymentSettled { payment, award: row.award, amount, bank_reference, on, postings }.into()];
    events.extend(owe::arrived(state, rules, row.award, &award, (&row.line, amount)));
    Ok(events)
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &PaymentSettled) {
    let voucher = VoucherRow { payment: fact.payment };
    put::<Vouchers>(state, &payment::reference(fact.bank_reference.as_str()), &voucher);
    change::<Attempts>(state, &fact.payment, |row| {
        row.status = AttemptStatus::Settled;
        row.bank_reference = Some(fact.bank_reference.clone());
    });
    let line = payment::line(state.as_read(), fact.payment);
    change::<Awards>(state, &fact.award, |row| {
        let more = |sum: Fen| sum.checked_add(fact.amount).unwrap_or_else(|| panic!("too much is settled"));
        row.settled = more(row.settled);
        assert!(row.settled <= row.instructed, "more is settled than instructed");
        row.change_part(&line, |part| part.settled = more(part.settled));
        if row.settled == row.amount {
            row.status = AwardStatus::Fulfilled;
        }
    });
    post(state, &fact.postings);
}

//! Return a payment (退票): money that had arrived came back.
//!
//! What is owed back by decision is paid from it first, so that no receivable outlives its money; the rest is
//! payable again.

use crate::{
    accounts::{Account, Posting, post, transfer},
    award::{AwardStatus, kept},
    events::Event,
    ids::{AttemptId, AwardId},
    message,
    payment::{self, AttemptStatus},
    recovery::{RecoveryStatus, receive::RecoveryReceived},
    refusal::{RefusalCode, Refused},
    rules::Rules,
    state::{StateRead, StateWrite, change, get, put},
    tables::{AttemptRow, Attempts, AwardRow, Awards, Mark, Payables, Recoveries},
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
        /// What is payable again: the payment, less the recoveries received out of it in the same batch.
        3 => amount: Fen,
        4 => reason: Text<200>,
        5 => on: Date,
        6 => postings: Vec<Posting>,
    }
}

/// Refuses: `PaymentUnknown`, `PaymentNotLive` (only a settled payment comes back), `AmountAboveOutstanding`
/// (part of it came back as a recovery before).
pub(crate) fn decide(
    state: &dyn StateRead,
    rules: &dyn Rules,
    request: &ReturnPayment,
) -> Result<Vec<Event>, Refused> {
    let row = payment::attempt(state, request.payment, AttemptStatus::Settled)?;
    let award = get::<Awards>(state, &row.award).unwrap_or_else(|| panic!("a payment without its award"));
    let settled = award.part(&row.line).settled;
    if settled < row.amount {
        let refused = Refused::of(RefusalCode::AmountAboveOutstanding);
        return Err(refused.with("outstanding", settled).with("reported", row.amount));
    }
    let mut events = owed(state, rules, request, &row, &award);
    let paid: i128 = events.iter().map(|one| i128::from(one.amount.get())).sum();
    let amount = Fen::from_i128(i128::from(row.amount.get()).saturating_sub(paid))
        .unwrap_or_else(|_| panic!("more is owed than was settled"));
    let postings = match amount.is_zero() {
        true => Vec::new(),
        false => transfer(&row.line, Account::Paid, unpaid(&award), amount),
    };
    let ReturnPayment { payment, reason, on } = request.clone();
    let returned = PaymentReturned { payment, award: row.award, amount, reason, on, postings };
    Ok(events.drain(..).map(Event::from).chain([returned.into()]).collect())
}

/// Where unpaid money of an award lies: what was raised after payment and not confirmed yet waits for that as a whole.
fn unpaid(award: &AwardRow) -> Account {
    match award.confirmed_by {
        Some(_) => Account::Payable,
        None => Account::Reserved,
    }
}

/// The approved recoveries of what its line paid of the award, received out of the returned money under the reference of
/// its payment.
fn owed(
    state: &dyn StateRead,
    rules: &dyn Rules,
    request: &ReturnPayment,
    row: &AttemptRow,
    award: &AwardRow,
) -> Vec<RecoveryReceived> {
    let approved = award.recoveries.iter().filter_map(|id| {
        let one = get::<Recoveries>(state, id)
            .filter(|one| one.status == RecoveryStatus::Approved && one.line == row.line)?;
        let amount = one.outstanding();
        Some(RecoveryReceived {
            recovery: *id,
            award: row.award,
            amount,
            bank_reference: row.bank_reference.clone()?,
            on: request.on,
            postings: transfer(&one.line, Account::Receivable, Account::Recovered, amount),
            kept: kept::kept(state, rules, award, one.ground, amount),
        })
    });
    approved.collect()
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &PaymentReturned) {
    change::<Attempts>(state, &fact.payment, |row| row.status = AttemptStatus::Returned);
    let line = payment::line(state.as_read(), fact.payment);
    change::<Awards>(state, &fact.award, |row| {
        let less =
            |sum: Fen| sum.checked_sub(fact.amount).unwrap_or_else(|| panic!("returned what was not paid"));
        row.settled = less(row.settled);
        row.instructed = less(row.instructed);
        row.change_part(&line, |part| {
            part.settled = less(part.settled);
            part.instructed = less(part.instructed);
        });
        if !row.amount.is_zero() {
            row.status = match row.confirmed_by {
                // All of this part was owed back, and what is left of the award is paid from other lines.
                Some(_) if row.settled == row.amount => AwardStatus::Fulfilled,
                Some(_) => AwardStatus::Confirmed,
                None => AwardStatus::Proposed,
            };
        }
    });
    let confirmed = get::<Awards>(state.as_read(), &fact.award).is_some_and(|row| row.confirmed_by.is_some());
    if !fact.amount.is_zero() && confirmed {
        put::<Payables>(state, &fact.award, &Mark {});
    }
    post(state, &fact.postings);
}

//! Instruct a payment (发出支付指令): what is left of a confirmed award goes to the bank. Where several treasuries pay, each
//! pays its part by a payment of its own, and all of them are instructed together.
//!
//! Eligibility is looked at again here (I-14): holds, sanctions of the day, and late facts not yet worked off, stop the line and nothing else.

use crate::{
    accounts::{Account, Posting, post, transfer},
    award::{self, AwardStatus, holdings},
    context::Context,
    enterprise::payee,
    events::Event,
    followup,
    ids::{AttemptId, AwardId},
    message,
    payment::AttemptStatus,
    people::{Payee, Sealed},
    refusal::{RefusalCode, Refused},
    sanction,
    state::{StateRead, StateWrite, change, get, put, remove},
    tables::{ApplicationRow, Applications, AttemptRow, Attempts, AwardRow, Awards, Payables},
    values::{Date, Fen, Reference},
};

message! {
    /// The request.
    pub struct InstructPayment {
        1 => award: AwardId,
    }
}

message! {
    /// The fact. Exactly one of `payee` and `payee_person` stands.
    pub struct PaymentInstructed {
        1 => payment: AttemptId,
        2 => award: AwardId,
        3 => line: Reference,
        4 => amount: Fen,
        5 => payee: Option<Payee>,
        6 => payee_person: Option<Sealed>,
        7 => on: Date,
        8 => postings: Vec<Posting>,
    }
}

/// Refuses: `AwardUnknown`, `AwardNotOpen`, `SameActor` (who submitted, decided or confirmed), `AwardHeld`,
/// `EnterpriseBarred` (a sanction is in force today), `AwardUnderReview`, `NothingToPay`, `PayeeDiffers`, `PayeeMissing`. Whoever recorded the account of a new name is refused as `SameActor` too (I-13).
pub(crate) fn decide(
    state: &dyn StateRead,
    request: &InstructPayment,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    let row = award::standing(state, request.award)?;
    if !matches!(row.status, AwardStatus::Confirmed | AwardStatus::Fulfilled) {
        let refused = Refused::of(RefusalCode::AwardNotOpen);
        return Err(refused.with("award", request.award).with("status", row.status));
    }
    let confirmer = row.confirmed_by.as_ref().map(|actor| &actor.id);
    award::another_person(state, &row, &context.actor)?;
    if confirmer == Some(&context.actor.id) {
        return Err(Refused::of(RefusalCode::SameActor).with("actor", &context.actor.id));
    }
    if let Some(hold) = row.holds.first() {
        return Err(Refused::of(RefusalCode::AwardHeld).by(&hold.rule).with("waits-for", &hold.waits_for));
    }
    sanction::free(state, &row.enterprise, &row.measure, context.today())?;
    let application = get::<Applications>(state, &row.application);
    if let Some(subject) = waiting(state, request.award, &row, application.as_ref()) {
        return Err(Refused::of(RefusalCode::AwardUnderReview).with("subject", subject));
    }
    if row.unpaid() == Fen::ZERO {
        return Err(Refused::of(RefusalCode::NothingToPay).with("award", request.award));
    }
    let payee_person = application.and_then(|application| application.payee_person);
    let payee = match payee_person {
        Some(_) => None,
        None => Some(account(state, &row, context)?),
    };
    let unpaid = row.parts().into_iter().filter(|part| !part.unpaid().is_zero());
    let instructed = unpaid.zip(context.sequence..).map(|(part, sequence)| {
        let (amount, line) = (part.unpaid(), part.line);
        let postings = transfer(&line, Account::Payable, Account::InTransit, amount);
        let (payment, award, on) = (AttemptId(sequence), request.award, context.today());
        let (payee, payee_person) = (payee.clone(), payee_person.clone());
        PaymentInstructed { payment, award, line, amount, payee, payee_person, on, postings }.into()
    });
    Ok(instructed.collect())
}

/// The account of the enterprise, recorded by another person than the one who pays.
fn account(state: &dyn StateRead, row: &AwardRow, context: &Context) -> Result<Payee, Refused> {
    let Some((payee, recorded_by)) = payee::of(state, &row.enterprise)? else {
        return Err(Refused::of(RefusalCode::PayeeMissing).with("enterprise", &row.enterprise));
    };
    if recorded_by.is_some_and(|actor| actor.id == context.actor.id) {
        return Err(Refused::of(RefusalCode::SameActor).with("actor", &context.actor.id));
    }
    Ok(payee)
}

/// A subject of the award with a late fact that has not been worked off for it.
fn waiting(
    state: &dyn StateRead,
    award: AwardId,
    row: &AwardRow,
    application: Option<&ApplicationRow>,
) -> Option<String> {
    let subjects = holdings::subjects(row).into_iter().chain([format!("award:{award}")]);
    let mut subjects = subjects.chain(application.into_iter().flat_map(holdings::evidence_subjects));
    subjects.find(|subject| followup::reaches(state, subject, award))
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &PaymentInstructed) {
    let PaymentInstructed { payment, award, line, amount, payee, payee_person, on, postings } = fact.clone();
    let status = AttemptStatus::Instructed;
    let row = AttemptRow {
        award,
        line: line.clone(),
        amount,
        status,
        payee,
        payee_person,
        instructed_on: on,
        bank_reference: None,
    };
    put::<Attempts>(state, &payment, &row);
    change::<Awards>(state, &award, |row| {
        let more = |sum: Fen| sum.checked_add(amount).unwrap_or_else(|| panic!("too much is instructed"));
        row.instructed = more(row.instructed);
        assert!(row.instructed <= row.amount, "more is instructed than awarded");
        row.change_part(&line, |part| {
            part.instructed = more(part.instructed);
            assert!(part.instructed <= part.amount, "more is instructed than the part of line {line}");
        });
    });
    remove::<Payables>(state, &award);
    post(state, &postings);
}

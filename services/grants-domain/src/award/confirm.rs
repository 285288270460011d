//! Confirm an award (核定生效): a second person says yes, and the reserved money becomes payable.

use crate::{
    accounts::{Account, Posting, post},
    award::{self, AwardStatus, shares},
    context::{Actor, Context},
    events::Event,
    ids::AwardId,
    message,
    refusal::{RefusalCode, Refused},
    sanction,
    state::{StateRead, StateWrite, change, put, remove},
    tables::{AwardRow, Awards, Mark, Payables},
    values::Fen,
};

message! {
    /// The request.
    pub struct ConfirmAward {
        1 => award: AwardId,
    }
}

message! {
    /// The fact.
    pub struct AwardConfirmed {
        1 => award: AwardId,
        /// What becomes payable: all of it, unless a part was paid before the award was raised.
        2 => amount: Fen,
        3 => confirmed_by: Actor,
        4 => postings: Vec<Posting>,
    }
}

message! {
    /// 核定失效: the amount was changed by a person, or raised because room returned, so nobody has confirmed what stands
    /// now (I-10).
    pub struct AwardUnconfirmed {
        1 => award: AwardId,
        /// What is set aside again and waits for a confirmation.
        2 => amount: Fen,
        3 => postings: Vec<Posting>,
    }
}

/// Refuses: `AwardUnknown`, `AwardNotOpen` (only a proposed award is confirmed), `SameActor` (neither the
/// submitter nor the one who decided), `EnterpriseBarred` (a sanction is in force today).
pub(crate) fn decide(
    state: &dyn StateRead,
    request: &ConfirmAward,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    let row = award::standing(state, request.award)?;
    if row.status != AwardStatus::Proposed {
        let refused = Refused::of(RefusalCode::AwardNotOpen);
        return Err(refused.with("award", request.award).with("status", row.status));
    }
    award::another_person(state, &row, &context.actor)?;
    sanction::free(state, &row.enterprise, &row.measure, context.today())?;
    let (amount, confirmed_by) = (row.unpaid(), context.actor.clone());
    let parts = row.parts();
    let unpaid = parts.iter().map(|part| (&part.line, part.unpaid()));
    let postings = shares::carried(unpaid, Account::Reserved, Account::Payable);
    Ok(vec![AwardConfirmed { award: request.award, amount, confirmed_by, postings }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &AwardConfirmed) {
    change::<Awards>(state, &fact.award, |row| {
        row.status = AwardStatus::Confirmed;
        row.confirmed_by = Some(fact.confirmed_by.clone());
    });
    put::<Payables>(state, &fact.award, &Mark {});
    post(state, &fact.postings);
}

/// The event that takes a confirmation back from an award whose parts are these now, for what is unpaid of them.
pub(crate) fn taken_back(award: AwardId, row: &AwardRow, parts: &[Fen]) -> Event {
    let rows = row.parts();
    let unpaid = rows.iter().zip(parts).map(|(part, now)| (&part.line, now.saturating_sub(part.instructed)));
    let amount = unpaid.clone().fold(Fen::ZERO, |sum, (_, one)| sum.checked_add(one).unwrap_or(Fen::MAX));
    let postings = shares::carried(unpaid, Account::Payable, Account::Reserved);
    AwardUnconfirmed { award, amount, postings }.into()
}

pub(crate) fn unconfirmed(state: &mut dyn StateWrite, fact: &AwardUnconfirmed) {
    change::<Awards>(state, &fact.award, |row| {
        assert!(row.instructed == row.settled, "an award loses its confirmation while money is on its way");
        row.status = AwardStatus::Proposed;
        row.confirmed_by = None;
    });
    remove::<Payables>(state, &fact.award);
    post(state, &fact.postings);
}

//! Revoke an award (撤销核定) of which nothing is paid or on its way: everything it used is given back.

use crate::{
    accounts::{Posting, post},
    award::{self, AwardStatus, holdings, queue, reduce::Why},
    context::Context,
    events::Event,
    ids::AwardId,
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, change, get, remove},
    tables::{AwardRow, Awards, Payables},
    values::{Fen, Slug, Text},
};

message! {
    /// The request.
    pub struct RevokeAward {
        1 => award: AwardId,
        2 => reason: Text<200>,
    }
}

message! {
    /// The fact: by a person with a reason, or by a rule because of a later fact.
    pub struct AwardRevoked {
        1 => award: AwardId,
        2 => amount: Fen,
        3 => reason: Option<Text<200>>,
        4 => rule: Option<Slug>,
        5 => cause: Option<u64>,
        6 => postings: Vec<Posting>,
    }
}

/// Refuses: `AwardUnknown`, `AwardNotOpen`, `SameActor` (the submitter, or the one who decided), `AmountAlreadyPaid`.
pub(crate) fn decide(
    state: &dyn StateRead,
    request: &RevokeAward,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    let row = award::standing(state, request.award)?;
    award::another_person(state, &row, &context.actor)?;
    if Fen::ZERO < row.instructed {
        return Err(Refused::of(RefusalCode::AmountAlreadyPaid).with("unpaid", row.unpaid()));
    }
    Ok(vec![revoked(request.award, &row, Why::Person(request.reason.clone()))])
}

/// The event that takes an award away.
pub(crate) fn revoked(award: AwardId, row: &AwardRow, why: Why) -> Event {
    let (amount, postings) = (row.amount, row.giving_back(row.amount));
    let (reason, rule, cause) = match why {
        Why::Person(reason) => (Some(reason), None, None),
        Why::Rule(rule, cause) => (None, Some(rule), Some(cause)),
    };
    AwardRevoked { award, amount, reason, rule, cause, postings }.into()
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &AwardRevoked) {
    let before =
        get::<Awards>(state.as_read(), &fact.award).unwrap_or_else(|| panic!("an unknown award is revoked"));
    holdings::give_back_room(state, &before, fact.amount);
    holdings::give_back_rights(state, fact.award, &before);
    if before.status == AwardStatus::Queued {
        queue::leave(state, fact.award, &before);
    }
    remove::<Payables>(state, &fact.award);
    change::<Awards>(state, &fact.award, |row| {
        row.amount = Fen::ZERO;
        row.status = AwardStatus::Revoked;
        row.holds.clear();
    });
    post(state, &fact.postings);
}

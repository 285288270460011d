//! Revoke an award (撤销核定) of which nothing is paid or on its way: everything it used is given back, but for cap room
//! that stays taken after fraud (K-36).

use crate::{
    accounts::{Posting, post},
    award::{
        self, AwardStatus, holdings,
        kept::{self, Ground, KeptRoom},
        queue, raise,
        reduce::{Whose, Why},
    },
    context::Context,
    events::Event,
    ids::AwardId,
    message,
    refusal::{RefusalCode, Refused},
    rules::Rules,
    state::{StateRead, StateWrite, change, get, remove},
    tables::{AwardRow, Awards, Payables},
    values::{Fen, Slug, Text},
};

message! {
    /// The request.
    pub struct RevokeAward {
        1 => award: AwardId,
        2 => reason: Text<200>,
        /// What the decision rests on, where it matters: fraud keeps room of caps taken, if the rules say so (K-36).
        3 => ground: Option<Ground>,
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
        /// On what ground, if the decision named one.
        7 => ground: Option<Ground>,
        /// Cap room that stays taken. Of every other cap the room returns.
        #[serde(default)]
        8 => kept: Vec<KeptRoom>,
    }
}

/// Refuses: `AwardUnknown`, `AwardNotOpen`, `SameActor` (the submitter, or the one who decided), `AmountAlreadyPaid`.
pub(crate) fn decide(
    state: &dyn StateRead,
    rules: &dyn Rules,
    request: &RevokeAward,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    let row = award::standing(state, request.award)?;
    award::another_person(state, &row, &context.actor)?;
    if Fen::ZERO < row.instructed {
        return Err(Refused::of(RefusalCode::AmountAlreadyPaid).with("unpaid", row.unpaid()));
    }
    let kept = kept::kept(state, rules, &row, request.ground, row.amount);
    let why = Why::Person(request.reason.clone(), request.ground, kept);
    Ok(vec![revoked(request.award, &row, why)])
}

/// The event that takes an award away.
pub(crate) fn revoked(award: AwardId, row: &AwardRow, why: Why) -> Event {
    let (amount, postings) = (row.amount, row.giving_back(&row.due_of_parts(Fen::ZERO)));
    let Whose { reason, rule, cause, ground, kept } = why.whose();
    AwardRevoked { award, amount, reason, rule, cause, postings, ground, kept }.into()
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &AwardRevoked) {
    let before =
        get::<Awards>(state.as_read(), &fact.award).unwrap_or_else(|| panic!("an unknown award is revoked"));
    holdings::give_back_room(state, fact.award, &before, fact.amount, &fact.kept);
    holdings::give_back_rights(state, fact.award, &before);
    if before.status == AwardStatus::Queued {
        queue::leave(state, fact.award, &before);
    }
    raise::unmark(state, fact.award, &before);
    remove::<Payables>(state, &fact.award);
    change::<Awards>(state, &fact.award, |row| {
        row.amount = Fen::ZERO;
        row.shares.iter_mut().for_each(|part| part.amount = Fen::ZERO);
        row.status = AwardStatus::Revoked;
        row.holds.clear();
    });
    post(state, &fact.postings);
}

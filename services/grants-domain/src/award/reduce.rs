//! Reduce an award (核减): less than was proposed, with the reason. Only the unpaid part can fall, and what a person
//! lowers after its confirmation is to be confirmed anew (I-10).
//!
//! Invariant: what is unpaid of a confirmed award is all of it, because every payment covers the whole.

use crate::{
    accounts::{Posting, post},
    award::{self, AwardStatus, confirm, holdings},
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
    pub struct ReduceAward {
        1 => award: AwardId,
        /// What stands afterwards; above zero (`award.revoke` takes all).
        2 => to: Fen,
        3 => reason: Text<200>,
    }
}

message! {
    /// The fact: by a person with a reason, or by a rule because of a later fact.
    pub struct AwardReduced {
        1 => award: AwardId,
        2 => by: Fen,
        3 => to: Fen,
        4 => reason: Option<Text<200>>,
        5 => rule: Option<Slug>,
        6 => cause: Option<u64>,
        7 => postings: Vec<Posting>,
    }
}

/// Refuses: `AwardUnknown`, `AwardNotOpen`, `SameActor` (the submitter, or the one who decided), `AmountNotLess`, `AmountAlreadyPaid`.
pub(crate) fn decide(
    state: &dyn StateRead,
    request: &ReduceAward,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    let row = award::standing(state, request.award)?;
    award::another_person(state, &row, &context.actor)?;
    let by = row.amount.checked_sub(request.to).unwrap_or(Fen::ZERO);
    if by == Fen::ZERO || request.to == Fen::ZERO {
        return Err(Refused::of(RefusalCode::AmountNotLess)
            .with("standing", row.amount)
            .with("new", request.to));
    }
    if row.unpaid() < by {
        return Err(Refused::of(RefusalCode::AmountAlreadyPaid).with("unpaid", row.unpaid()).with("by", by));
    }
    let mut events = vec![reduced(request.award, &row, by, Why::Person(request.reason.clone()))];
    // Whoever confirmed said yes to another amount. A rule that follows a late fact asks nobody (K-35).
    if row.status == AwardStatus::Confirmed {
        events.push(confirm::taken_back(request.award, &row, request.to));
    }
    Ok(events)
}

/// Who or what lowers an award.
pub(crate) enum Why {
    /// A person's reason.
    Person(Text<200>),
    /// A rule and the sequence of the fact it met.
    Rule(Slug, u64),
}

/// The event that lowers the unpaid part of an award.
pub(crate) fn reduced(award: AwardId, row: &AwardRow, by: Fen, why: Why) -> Event {
    let to = row.amount.checked_sub(by).unwrap_or(Fen::ZERO);
    let postings = row.giving_back(by);
    let (reason, rule, cause) = match why {
        Why::Person(reason) => (Some(reason), None, None),
        Why::Rule(rule, cause) => (None, Some(rule), Some(cause)),
    };
    AwardReduced { award, by, to, reason, rule, cause, postings }.into()
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &AwardReduced) {
    let before =
        get::<Awards>(state.as_read(), &fact.award).unwrap_or_else(|| panic!("an unknown award is reduced"));
    holdings::give_back_room(state, &before, fact.by);
    let fulfilled = fact.to == before.settled && before.status == AwardStatus::Confirmed;
    change::<Awards>(state, &fact.award, |row| {
        row.amount = fact.to;
        if fulfilled {
            row.status = AwardStatus::Fulfilled;
        }
    });
    if fact.to <= before.instructed {
        remove::<Payables>(state, &fact.award);
    }
    post(state, &fact.postings);
}

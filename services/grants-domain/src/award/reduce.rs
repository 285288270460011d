//! Reduce an award (核减): less than was proposed, with the reason. Only the unpaid part can fall, and what a person
//! lowers after its confirmation is to be confirmed anew (I-10).
//!
//! Invariant: what is unpaid of a part of a confirmed award is all of it, or what it was raised by after it was paid,
//! because every payment covers the whole part.

use crate::{
    accounts::{Posting, post},
    award::{
        self, AwardStatus, confirm, holdings,
        kept::{self, Ground, KeptRoom},
        shares::Part,
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
    pub struct ReduceAward {
        1 => award: AwardId,
        /// What stands afterwards; above zero (`award.revoke` takes all).
        2 => to: Fen,
        3 => reason: Text<200>,
        /// What the decision rests on, where it matters: fraud keeps room of caps taken, if the rules say so (K-36).
        4 => ground: Option<Ground>,
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
        /// On what ground, if the decision named one.
        8 => ground: Option<Ground>,
        /// Cap room that stays taken. Of every other cap the room of the part returns.
        #[serde(default)]
        9 => kept: Vec<KeptRoom>,
        /// What stands of each part afterwards, where several treasuries pay.
        #[serde(default)]
        10 => shares: Vec<Part>,
    }
}

/// Refuses: `AwardUnknown`, `AwardNotOpen`, `SameActor` (the submitter, or the one who decided), `AmountNotLess`, `AmountAlreadyPaid`.
pub(crate) fn decide(
    state: &dyn StateRead,
    rules: &dyn Rules,
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
    // Nobody knows yet what the part on its way becomes; where one treasury pays, nothing is unpaid then.
    if row.instructed != row.settled {
        let refused = Refused::of(RefusalCode::AmountAlreadyPaid).with("unpaid", row.unpaid());
        return Err(refused.with("waits-for", "payment.settle"));
    }
    let kept = kept::kept(state, rules, &row, request.ground, by);
    let why = Why::Person(request.reason.clone(), request.ground, kept);
    let parts = row.lowered(request.to);
    let mut events = vec![reduced(request.award, &row, &parts, why)];
    // Whoever confirmed said yes to another amount. A rule that follows a late fact asks nobody (K-35).
    // What was paid before the award was raised stays confirmed.
    if row.status == AwardStatus::Confirmed && row.instructed < request.to {
        events.push(confirm::taken_back(request.award, &row, &parts));
    }
    Ok(events)
}

/// Who or what lowers an award.
pub(crate) enum Why {
    /// A person's reason, the ground if one was named, and the cap room that stays taken for it.
    Person(Text<200>, Option<Ground>, Vec<KeptRoom>),
    /// A rule and the sequence of the fact it met.
    Rule(Slug, u64),
}

/// The same, as the events tell it.
pub(crate) struct Whose {
    pub(crate) reason: Option<Text<200>>,
    pub(crate) rule: Option<Slug>,
    pub(crate) cause: Option<u64>,
    pub(crate) ground: Option<Ground>,
    pub(crate) kept: Vec<KeptRoom>,
}

impl Why {
    pub(crate) fn whose(self) -> Whose {
        match self {
            Self::Person(reason, ground, kept) => {
                Whose { reason: Some(reason), rule: None, cause: None, ground, kept }
            }
            Self::Rule(rule, cause) => {
                Whose { reason: None, rule: Some(rule), cause: Some(cause), ground: None, kept: Vec::new() }
            }
        }
    }
}

/// The event that lowers the unpaid part of an award, until its parts are these.
pub(crate) fn reduced(award: AwardId, row: &AwardRow, parts: &[Fen], why: Why) -> Event {
    let to = parts.iter().fold(Fen::ZERO, |sum, part| sum.checked_add(*part).unwrap_or(Fen::MAX));
    let by = row.amount.saturating_sub(to);
    let (postings, shares) = (row.giving_back(parts), row.told(parts));
    let Whose { reason, rule, cause, ground, kept } = why.whose();
    AwardReduced { award, by, to, reason, rule, cause, postings, ground, kept, shares }.into()
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &AwardReduced) {
    let before =
        get::<Awards>(state.as_read(), &fact.award).unwrap_or_else(|| panic!("an unknown award is reduced"));
    holdings::give_back_room(state, fact.award, &before, fact.by, &fact.kept);
    let open = matches!(before.status, AwardStatus::Confirmed | AwardStatus::Proposed);
    let fulfilled = open && fact.to == before.settled && !before.settled.is_zero();
    change::<Awards>(state, &fact.award, |row| {
        row.amount = fact.to;
        row.take_parts(&fact.shares);
        if fulfilled {
            row.status = AwardStatus::Fulfilled;
        }
    });
    if fact.to <= before.instructed {
        remove::<Payables>(state, &fact.award);
    }
    post(state, &fact.postings);
}

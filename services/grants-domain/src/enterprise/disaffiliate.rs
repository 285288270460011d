//! End what two enterprises are to each other (解除关联关系), or take it back because it was wrongly recorded. Another
//! person than the one who recorded it does it.
//!
//! What was decided while it stood stays decided: an award is judged by what was known at its decision.

use crate::{
    context::{Actor, Context, Recorded},
    enterprise::affiliates,
    events::Event,
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite},
    tables::{AffiliationEnd, AffiliationKind},
    values::{CreditCode, Date, Text},
};

message! {
    /// The request.
    pub struct DisaffiliateEnterprises {
        1 => enterprise: CreditCode,
        2 => other: CreditCode,
        3 => kind: AffiliationKind,
        /// The last day on which they are; none if they never were.
        4 => until: Option<Date>,
        5 => reason: Text<200>,
    }
}

message! {
    /// The fact.
    pub struct EnterprisesDisaffiliated {
        1 => enterprise: CreditCode,
        2 => other: CreditCode,
        3 => kind: AffiliationKind,
        4 => until: Option<Date>,
        /// Sequence of the event that had recorded it.
        5 => affiliated: u64,
        6 => reason: Text<200>,
        7 => approved_by: Actor,
    }
}

/// Refuses: `AffiliationUnknown`, `SameActor`, `OutOfRange` (a last day before the first).
pub(crate) fn decide(
    state: &dyn StateRead,
    request: &DisaffiliateEnterprises,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    let DisaffiliateEnterprises { enterprise, other, kind, until, reason } = request.clone();
    let Some(link) = affiliates::standing(state, &enterprise, &other, kind) else {
        let refused = Refused::of(RefusalCode::AffiliationUnknown).with("enterprise", &enterprise);
        return Err(refused.with("other", &other));
    };
    if link.recorded_by.id == context.actor.id {
        return Err(Refused::of(RefusalCode::SameActor).with("actor", &context.actor.id));
    }
    if until.is_some_and(|until| until < link.from) {
        return Err(Refused::of(RefusalCode::OutOfRange).with("from", link.from));
    }
    let (affiliated, approved_by) = (link.sequence, context.actor.clone());
    let fact = EnterprisesDisaffiliated { enterprise, other, kind, until, affiliated, reason, approved_by };
    Ok(vec![fact.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &EnterprisesDisaffiliated, recorded: Recorded) {
    let end = AffiliationEnd { sequence: recorded.sequence, until: fact.until };
    affiliates::end(state, (&fact.enterprise, &fact.other), fact.affiliated, &end);
}

//! Record that two enterprises are affiliates (关联企业): one legal representative, shares, control.
//!
//! It changes no decision by itself. What is decided next reads it: a cap of a group counts both, and under a cap of one
//! enterprise the trace tells the reviewer what the affiliate holds.

use crate::{
    context::{Actor, Context, Recorded},
    enterprise::{self, affiliates},
    events::Event,
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite},
    tables::{Affiliate, AffiliationKind},
    values::{CreditCode, Date, Text},
};

message! {
    /// The request.
    pub struct AffiliateEnterprises {
        1 => enterprise: CreditCode,
        2 => other: CreditCode,
        3 => kind: AffiliationKind,
        /// The first day on which they are.
        4 => from: Date,
        /// The last day, if it is known to end.
        5 => until: Option<Date>,
        /// What shows it: a register entry, an annual report, a finding.
        6 => basis: Text<200>,
    }
}

message! {
    /// The fact.
    pub struct EnterprisesAffiliated {
        1 => enterprise: CreditCode,
        2 => other: CreditCode,
        3 => kind: AffiliationKind,
        4 => from: Date,
        5 => until: Option<Date>,
        6 => basis: Text<200>,
        7 => recorded_by: Actor,
    }
}

/// Refuses: `OutOfRange` (one enterprise with itself, a last day before the first, or a group of more than are looked
/// at), `EnterpriseUnknown`, `AffiliationKnown`, `DayAhead`.
pub(crate) fn decide(
    state: &dyn StateRead,
    request: &AffiliateEnterprises,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    let AffiliateEnterprises { enterprise, other, kind, from, until, basis } = request.clone();
    if enterprise == other || until.is_some_and(|until| until < from) {
        return Err(Refused::of(RefusalCode::OutOfRange).with("enterprise", &enterprise).with("from", from));
    }
    affiliates::bounded(state, &enterprise, &other)?;
    for code in [&enterprise, &other] {
        enterprise::registered(state, code)?;
    }
    if let Some(known) = affiliates::standing(state, &enterprise, &other, kind) {
        let refused = Refused::of(RefusalCode::AffiliationKnown).with("enterprise", &enterprise);
        return Err(refused.with("other", &other).with("from", known.from));
    }
    enterprise::has_come(from, context.today())?;
    let recorded_by = context.actor.clone();
    Ok(vec![EnterprisesAffiliated { enterprise, other, kind, from, until, basis, recorded_by }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &EnterprisesAffiliated, recorded: Recorded) {
    let EnterprisesAffiliated { enterprise, other, kind, from, until, recorded_by, .. } = fact;
    for (one, other) in [(enterprise, other), (other, enterprise)] {
        let link = Affiliate {
            other: other.clone(),
            kind: *kind,
            from: *from,
            until: *until,
            sequence: recorded.sequence,
            recorded_by: recorded_by.clone(),
            ended: None,
        };
        affiliates::enter(state, one, link);
    }
}

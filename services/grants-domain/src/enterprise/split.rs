//! Split an enterprise (分立, 新设公司承接): each new company has used what the old one had used until then.
//!
//! That each of them carries the whole is our reading: the cap of "one enterprise" belongs to what was one, so a company
//! cut in two must not have twice the room. From then on each counts for itself. The old one goes on, if it does, under
//! its own code.

use crate::{
    context::{Actor, Context, Recorded},
    enterprise::{
        self,
        lineage::{self, LinkKind},
    },
    events::Event,
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, get},
    tables::Lineages,
    values::{CreditCode, Date, Text},
};

message! {
    /// The request.
    pub struct SplitEnterprise {
        /// The old company.
        1 => enterprise: CreditCode,
        /// The registered companies that came out of it, at least one.
        2 => into: Vec<CreditCode>,
        3 => on: Date,
        4 => document: Text<80>,
    }
}

message! {
    /// The fact.
    pub struct EnterpriseSplit {
        1 => enterprise: CreditCode,
        2 => into: Vec<CreditCode>,
        3 => on: Date,
        4 => document: Text<80>,
        5 => recorded_by: Actor,
    }
}

/// Refuses: `OutOfRange` (nobody, more than `MERGED_MAX`, one twice, the old company among them, or more codes in one
/// lineage than are looked at), `EnterpriseUnknown`, `EnterpriseEnded`, `LinkKnown`, `DayAhead`.
pub(crate) fn decide(
    state: &dyn StateRead,
    request: &SplitEnterprise,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    enterprise::bounded(state, &request.enterprise, &request.into)?;
    for code in [&request.enterprise].into_iter().chain(&request.into) {
        enterprise::living(state, code)?;
    }
    let known = get::<Lineages>(state, &request.enterprise).map(|row| row.into).unwrap_or_default();
    if let Some(link) = known.iter().find(|link| request.into.contains(&link.other)) {
        let refused = Refused::of(RefusalCode::LinkKnown).with("predecessor", &request.enterprise);
        return Err(refused.with("successor", &link.other));
    }
    enterprise::has_come(request.on, context.today())?;
    let SplitEnterprise { enterprise, into, on, document } = request.clone();
    let recorded_by = context.actor.clone();
    Ok(vec![EnterpriseSplit { enterprise, into, on, document, recorded_by }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &EnterpriseSplit, recorded: Recorded) {
    for successor in &fact.into {
        let ends = (&fact.enterprise, successor);
        lineage::join(state, ends, LinkKind::Split, (fact.on, recorded.sequence), &fact.recorded_by);
    }
}

//! Undo a link between two codes that was wrongly recorded (撤销承继关系). Another person than the one who recorded it
//! does it.
//!
//! What was decided while it stood stays decided; from now on each counts for itself.

use crate::{
    context::{Actor, Context},
    enterprise::lineage::LinkKind,
    events::Event,
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, change, get},
    tables::Lineages,
    values::{CreditCode, Text},
};

message! {
    /// The request.
    pub struct UnlinkEnterprise {
        1 => predecessor: CreditCode,
        2 => successor: CreditCode,
        3 => reason: Text<200>,
    }
}

message! {
    /// The fact.
    pub struct EnterpriseUnlinked {
        1 => predecessor: CreditCode,
        2 => successor: CreditCode,
        3 => kind: LinkKind,
        /// Sequence of the event that had recorded it.
        4 => linked: u64,
        5 => reason: Text<200>,
        6 => approved_by: Actor,
    }
}

/// Refuses: `LinkUnknown`, `SameActor`. Of several links between the two the latest is undone.
pub(crate) fn decide(
    state: &dyn StateRead,
    request: &UnlinkEnterprise,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    let row = get::<Lineages>(state, &request.predecessor);
    let links = row.map(|row| row.into).unwrap_or_default();
    let Some(link) = links.into_iter().rfind(|link| link.other == request.successor) else {
        let refused = Refused::of(RefusalCode::LinkUnknown).with("predecessor", &request.predecessor);
        return Err(refused.with("successor", &request.successor));
    };
    if link.recorded_by.id == context.actor.id {
        return Err(Refused::of(RefusalCode::SameActor).with("actor", &context.actor.id));
    }
    let UnlinkEnterprise { predecessor, successor, reason } = request.clone();
    let (kind, linked, approved_by) = (link.kind, link.sequence, context.actor.clone());
    Ok(vec![EnterpriseUnlinked { predecessor, successor, kind, linked, reason, approved_by }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &EnterpriseUnlinked) {
    change::<Lineages>(state, &fact.predecessor, |row| {
        row.into.retain(|link| (&link.other, link.sequence) != (&fact.successor, fact.linked));
    });
    change::<Lineages>(state, &fact.successor, |row| {
        row.from.retain(|link| (&link.other, link.sequence) != (&fact.predecessor, fact.linked));
    });
}

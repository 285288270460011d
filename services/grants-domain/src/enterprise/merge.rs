//! Merge enterprises into one (合并): the successor has used what all of them used, and holds their rights.
//!
//! What stands above a limit then stays; nothing is left, and nothing is added until room returns.

use crate::{
    context::{Actor, Context, Recorded},
    enterprise::{
        self,
        lineage::{self, LinkKind},
    },
    events::Event,
    message,
    refusal::Refused,
    state::{StateRead, StateWrite},
    values::{CreditCode, Date, Text},
};

message! {
    /// The request.
    pub struct MergeEnterprises {
        /// The registered enterprise that goes on.
        1 => successor: CreditCode,
        /// Those that become part of it, at least one.
        2 => predecessors: Vec<CreditCode>,
        3 => on: Date,
        4 => document: Text<80>,
    }
}

message! {
    /// The fact.
    pub struct EnterpriseMerged {
        1 => successor: CreditCode,
        2 => predecessors: Vec<CreditCode>,
        3 => on: Date,
        4 => document: Text<80>,
        5 => recorded_by: Actor,
    }
}

/// Refuses: `OutOfRange` (nobody, more than `MERGED_MAX`, one twice, the successor among them, or more codes in one
/// lineage than are looked at), `EnterpriseUnknown`, `EnterpriseEnded`, `DayAhead`.
pub(crate) fn decide(
    state: &dyn StateRead,
    request: &MergeEnterprises,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    enterprise::bounded(state, &request.successor, &request.predecessors)?;
    for code in [&request.successor].into_iter().chain(&request.predecessors) {
        enterprise::living(state, code)?;
    }
    enterprise::has_come(request.on, context.today())?;
    let MergeEnterprises { successor, predecessors, on, document } = request.clone();
    let recorded_by = context.actor.clone();
    Ok(vec![EnterpriseMerged { successor, predecessors, on, document, recorded_by }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &EnterpriseMerged, recorded: Recorded) {
    for predecessor in &fact.predecessors {
        let ends = (predecessor, &fact.successor);
        lineage::join(state, ends, LinkKind::Merger, (fact.on, recorded.sequence), &fact.recorded_by);
    }
}

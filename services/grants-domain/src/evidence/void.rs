//! Void evidence (红冲、作废): its net amount falls, and awards that rest on it are looked at again.

use crate::{
    events::Event,
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, change, get},
    tables::Evidence,
    values::{Date, Fen, Text},
};

message! {
    /// The request.
    pub struct VoidEvidence {
        1 => key: Text<60>,
        /// What is left of the net amount: zero if the whole was voided.
        2 => net: Fen,
        3 => on: Date,
        4 => source: Text<200>,
    }
}

message! {
    /// The fact.
    pub struct EvidenceVoided {
        1 => key: Text<60>,
        2 => net: Fen,
        3 => on: Date,
        4 => source: Text<200>,
    }
}

/// Refuses: `EvidenceUnknown`, `AmountNotLess`.
pub(crate) fn decide(state: &dyn StateRead, request: &VoidEvidence) -> Result<Vec<Event>, Refused> {
    let VoidEvidence { key, net, on, source } = request.clone();
    let Some(row) = get::<Evidence>(state, &key.to_string()) else {
        return Err(Refused::of(RefusalCode::EvidenceUnknown).with("evidence", &key));
    };
    // What has no amount, such as the tickets of a train, is voided all the same, once.
    let falls = net < row.net || (net.is_zero() && !row.voided);
    if !falls {
        return Err(Refused::of(RefusalCode::AmountNotLess).with("standing", row.net).with("new", net));
    }
    Ok(vec![EvidenceVoided { key, net, on, source }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &EvidenceVoided) {
    change::<Evidence>(state, &fact.key.to_string(), |row| (row.net, row.voided) = (fact.net, true));
}

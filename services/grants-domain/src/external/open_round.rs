//! Record that another level took applications for a programme during a period.

use crate::{
    context::Recorded,
    events::Event,
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, get, put},
    tables::{RoundRow, Rounds},
    values::{DatePeriod, Reference, Slug, Text},
};

message! {
    /// The request.
    pub struct OpenRound {
        1 => programme: Slug,
        2 => round: Reference,
        3 => open: DatePeriod,
        4 => source: Text<200>,
    }
}

message! {
    /// The fact.
    pub struct RoundOpened {
        1 => programme: Slug,
        2 => round: Reference,
        3 => open: DatePeriod,
        4 => source: Text<200>,
    }
}

/// Refuses: `ReferenceDiffers` if the round was recorded with another period.
pub(crate) fn decide(state: &dyn StateRead, request: &OpenRound) -> Result<Vec<Event>, Refused> {
    let OpenRound { programme, round, open, source } = request.clone();
    let standing = get::<Rounds>(state, &(programme.clone(), round.clone()));
    if standing.is_some_and(|standing| standing.open != open) {
        return Err(Refused::of(RefusalCode::ReferenceDiffers).with("round", &round));
    }
    Ok(vec![RoundOpened { programme, round, open, source }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &RoundOpened, recorded: Recorded) {
    let RoundOpened { programme, round, open, source } = fact.clone();
    let key = (programme, round);
    // Said again, it is known no later.
    let sequence = get::<Rounds>(state.as_read(), &key).map_or(recorded.sequence, |known| known.sequence);
    put::<Rounds>(state, &key, &RoundRow { open, source, sequence });
}

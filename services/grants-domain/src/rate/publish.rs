//! Publish a rate, such as the one-year LPR, under the day of its publication.

use crate::{
    context::Recorded,
    events::Event,
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, get, put},
    tables::{RateRow, Rates},
    values::{Date, Rate, Slug, Text},
};

message! {
    /// The request.
    pub struct PublishRate {
        1 => name: Slug,
        2 => published_on: Date,
        3 => rate: Rate,
        4 => source: Text<200>,
    }
}

message! {
    /// The fact.
    pub struct RatePublished {
        1 => name: Slug,
        2 => published_on: Date,
        3 => rate: Rate,
        4 => source: Text<200>,
    }
}

/// Refuses: `ReferenceDiffers` if another rate stands under that day.
pub(crate) fn decide(state: &dyn StateRead, request: &PublishRate) -> Result<Vec<Event>, Refused> {
    let PublishRate { name, published_on, rate, source } = request.clone();
    let standing = get::<Rates>(state, &(name.clone(), published_on));
    if let Some(standing) = standing.filter(|standing| standing.rate != rate) {
        return Err(Refused::of(RefusalCode::ReferenceDiffers).with("standing", standing.rate));
    }
    Ok(vec![RatePublished { name, published_on, rate, source }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &RatePublished, recorded: Recorded) {
    let RatePublished { name, published_on, rate, source } = fact.clone();
    let key = (name, published_on);
    // Said again, it is known no later.
    let sequence = get::<Rates>(state.as_read(), &key).map_or(recorded.sequence, |known| known.sequence);
    put::<Rates>(state, &key, &RateRow { rate, source, sequence });
}

//! Published rates: dated facts with their source.

pub mod publish;

use crate::{
    dated,
    state::StateRead,
    tables::Rates,
    values::{Date, Rate, Slug},
};

/// The latest rate published on or before a day, with the day of its publication, of those that were recorded before a
/// sequence. An announcement that is recorded late must not change what was decided without it.
#[must_use]
pub fn latest(state: &dyn StateRead, name: &Slug, on: Date, before: u64) -> Option<(Date, Rate)> {
    let (mut day, mut row) = dated::latest::<Rates, _>(state, name, on)?;
    while before <= row.sequence {
        (day, row) = dated::latest::<Rates, _>(state, name, day.add_days(-1).ok()?)?;
    }
    Some((day, row.rate))
}

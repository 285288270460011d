//! Published rates: dated facts with their source.

pub mod publish;

use crate::{
    dated,
    state::StateRead,
    tables::Rates,
    values::{Date, Rate, Slug},
};

/// The latest rate published on or before a day, with the day of its publication.
#[must_use]
pub fn latest(state: &dyn StateRead, name: &Slug, on: Date) -> Option<(Date, Rate)> {
    dated::latest::<Rates, _>(state, name, on).map(|(day, row)| (day, row.rate))
}

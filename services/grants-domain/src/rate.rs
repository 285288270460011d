//! Published rates: dated facts with their source.

pub mod publish;

use crate::{
    state::{StateRead, list},
    tables::Rates,
    values::{Date, Rate, Slug},
};

/// Most publications of one rate that a look-up walks: two hundred years of months.
const RATES_MAX: usize = 2_400;

/// The latest rate published on or before a day, with the day of its publication.
#[must_use]
pub fn latest(state: &dyn StateRead, name: &Slug, on: Date) -> Option<(Date, Rate)> {
    let rows = list::<Rates>(state, name, RATES_MAX);
    let dated = rows.into_iter().filter_map(|(key, row)| Some((date_at_end(&key)?, row.rate)));
    dated.take_while(|(published_on, _)| *published_on <= on).last()
}

/// Reads the day at the end of a key, the way `KeyPart` writes it.
pub(crate) fn date_at_end(key: &[u8]) -> Option<Date> {
    let bytes: [u8; 4] = key.get(key.len().checked_sub(4)?..)?.try_into().ok()?;
    Date::from_days((u32::from_be_bytes(bytes) ^ 0x8000_0000).cast_signed()).ok()
}

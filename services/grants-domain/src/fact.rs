//! Recorded facts: what other bodies certify about an enterprise, a project or a title, with day and source.

pub mod record;

use crate::{
    state::{StateRead, list},
    tables::{FactRow, Facts},
    values::{Date, Slug},
};

/// Most days of one fact that a look-up walks.
const FACT_DAYS_MAX: usize = 1_000;

/// The fact as it stood on a day: the latest one whose day is not after it.
#[must_use]
pub fn latest(state: &dyn StateRead, subject: &str, name: &Slug, on: Date) -> Option<FactRow> {
    let rows = list::<Facts>(state, &(subject.to_owned(), name.clone()), FACT_DAYS_MAX);
    let dated = rows.into_iter().filter_map(|(key, row)| Some((crate::rate::date_at_end(&key)?, row)));
    dated.take_while(|(day, _)| *day <= on).last().map(|(_, row)| row)
}

//! Recorded facts: what other bodies certify about an enterprise, a project or a title, with day and source.

pub mod record;

use crate::{
    dated,
    state::StateRead,
    tables::{FactRow, Facts},
    values::{Date, Slug},
};

/// The fact as it stood on a day: the latest one whose day is not after it.
#[must_use]
pub fn latest(state: &dyn StateRead, subject: &str, name: &Slug, on: Date) -> Option<FactRow> {
    dated::latest::<Facts, _>(state, &(subject.to_owned(), name.clone()), on).map(|(_, row)| row)
}

//! Recorded facts: what other bodies certify about an enterprise, a project or a title, with day and source.

pub mod record;

use crate::{
    dated,
    enterprise::lineage,
    state::{StateRead, list},
    tables::{FactRow, Facts},
    values::{CreditCode, Date, Slug},
};

/// The fact as it stood on a day: the latest one whose day is not after it.
#[must_use]
pub fn latest(state: &dyn StateRead, subject: &str, name: &Slug, on: Date) -> Option<FactRow> {
    dated::latest::<Facts, _>(state, &(subject.to_owned(), name.clone()), on).map(|(_, row)| row)
}

/// What was recorded under one name about an enterprise, by day and then by sequence: first what was told about itself,
/// under any of its codes, then what was told about those that it came from or went into (`enterprise/lineage.rs`). Who
/// has a record of its own is judged by it; the others speak where it has none. Of each code at most `limit` are read;
/// mergers and splits recorded from sequence `known_before` on do not count.
#[must_use]
pub fn of_enterprise(
    state: &dyn StateRead,
    code: &CreditCode,
    name: &Slug,
    known_before: u64,
    limit: usize,
) -> [Vec<(Date, FactRow)>; 2] {
    let of = |code: &CreditCode| {
        let rows = list::<Facts>(state, &(format!("enterprise:{code}"), name.clone()), limit);
        rows.into_iter().filter_map(|(key, row)| dated::date_at_end(&key).map(|day| (day, row)))
    };
    let mut own: Vec<_> = lineage::same(state, code).iter().flat_map(of).collect();
    let kin = lineage::sources(state, code, known_before);
    let covered = |source: &lineage::Source| {
        let source = source.clone();
        of(&source.code).filter(move |(day, row)| source.covers(*day, row.sequence)).collect::<Vec<_>>()
    };
    let mut others: Vec<_> = kin.iter().flat_map(covered).collect();
    own.sort_by_key(|(day, row)| (*day, row.sequence));
    others.sort_by_key(|(day, row)| (*day, row.sequence));
    [own, others]
}

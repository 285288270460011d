//! Which projects are parts of one investment: everybody who can be reached over recorded links.

use crate::{
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, change, get, put},
    tables::{ProjectKin, ProjectKinRow, ProjectLink},
    values::ProjectCode,
};
use std::collections::BTreeSet;

/// Most projects that are linked together. Links beyond it are refused, so that every look-up ends soon.
pub const LINKED_MAX: usize = 64;

fn row(state: &dyn StateRead, code: &ProjectCode) -> ProjectKinRow {
    get::<ProjectKin>(state, code).unwrap_or(ProjectKinRow { links: Vec::new() })
}

/// The other projects that are linked with one, by what was recorded before a sequence, in their order.
#[must_use]
pub fn linked(state: &dyn StateRead, code: &ProjectCode, known_before: u64) -> Vec<ProjectCode> {
    let (mut found, mut open) = (BTreeSet::from([code.clone()]), vec![code.clone()]);
    while let Some(at) = open.pop() {
        for link in row(state, &at).links.into_iter().filter(|link| link.sequence < known_before) {
            if found.insert(link.other.clone()) {
                open.push(link.other);
            }
        }
    }
    found.remove(code);
    found.into_iter().collect()
}

/// The link between two projects.
pub(crate) fn between(state: &dyn StateRead, one: &ProjectCode, other: &ProjectCode) -> Option<ProjectLink> {
    row(state, one).links.into_iter().find(|link| link.other == *other)
}

/// Refuses `OutOfRange`: one project with itself, or more together than are ever looked at.
pub(crate) fn bounded(state: &dyn StateRead, one: &ProjectCode, other: &ProjectCode) -> Result<(), Refused> {
    let mut together: BTreeSet<ProjectCode> = BTreeSet::from([one.clone(), other.clone()]);
    let pair = together.len();
    for code in [one, other] {
        together.extend(linked(state, code, u64::MAX));
    }
    match pair == 2 && together.len() <= LINKED_MAX {
        true => Ok(()),
        false => {
            let refused = Refused::of(RefusalCode::OutOfRange).with("codes", together.len());
            Err(refused.with("limit", LINKED_MAX))
        }
    }
}

pub(crate) fn enter(state: &mut dyn StateWrite, code: &ProjectCode, link: ProjectLink) {
    let mut known = row(state.as_read(), code);
    known.links.push(link);
    put::<ProjectKin>(state, code, &known);
}

pub(crate) fn remove(state: &mut dyn StateWrite, (one, other): (&ProjectCode, &ProjectCode), sequence: u64) {
    for code in [one, other] {
        change::<ProjectKin>(state, code, |row| row.links.retain(|link| link.sequence != sequence));
    }
}

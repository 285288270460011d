//! Affiliates: which enterprises form one group on a day, for caps of a group and for findings (I-04, A-01, A-03).
//!
//! A relation is recorded between two enterprises, with its days. The group of an enterprise on a day is everybody who
//! can be reached over relations that hold on it; whoever an enterprise was before a change of code or a merger belongs
//! to it. As with lineage no counter is moved: each code keeps its own, and the group is read beside it.

use crate::{
    enterprise::lineage::{self, Carried, LinkKind},
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, change, get, put},
    tables::{Affiliate, Affiliates, AffiliatesRow, AffiliationEnd, AffiliationKind, Lineages},
    values::{CreditCode, Date},
};
use std::collections::{BTreeMap, BTreeSet};

/// Most credit codes of one group. Relations beyond it are refused, so that every look-up ends soon.
pub const GROUP_MAX: usize = 128;

impl Affiliate {
    /// Whether it held on a day, by what was recorded before a sequence.
    #[must_use]
    pub fn holds(&self, day: Date, known_before: u64) -> bool {
        let ended = self.ended.as_ref().filter(|end| end.sequence < known_before);
        let last = match ended {
            // Without a last day it never was.
            Some(AffiliationEnd { until: None, .. }) => return false,
            Some(end) => end.until,
            None => self.until,
        };
        self.sequence < known_before && self.from <= day && last.is_none_or(|last| day <= last)
    }
}

fn row(state: &dyn StateRead, code: &CreditCode) -> AffiliatesRow {
    get::<Affiliates>(state, code).unwrap_or(AffiliatesRow { links: Vec::new() })
}

/// The relation of a kind between two enterprises that was recorded and not ended.
pub(crate) fn standing(
    state: &dyn StateRead,
    code: &CreditCode,
    other: &CreditCode,
    kind: AffiliationKind,
) -> Option<Affiliate> {
    let is = |link: &Affiliate| link.other == *other && link.kind == kind && link.ended.is_none();
    row(state, code).links.into_iter().find(is)
}

/// Everybody who is reached from a code over relations for which `counts` says so, and over changes of code and
/// mergers known before a sequence. Itself included.
fn reached(
    state: &dyn StateRead,
    code: &CreditCode,
    known_before: u64,
    counts: impl Fn(&Affiliate) -> bool,
) -> BTreeSet<CreditCode> {
    let (mut found, mut open) = (BTreeSet::from([code.clone()]), vec![code.clone()]);
    while let Some(at) = open.pop() {
        let related = row(state, &at).links.into_iter().filter(|link| counts(link)).map(|link| link.other);
        let lineage = get::<Lineages>(state, &at);
        let one_line = lineage.iter().flat_map(|row| row.from.iter().chain(&row.into));
        let one_line = one_line.filter(|link| {
            link.kind == LinkKind::CodeChange
                || (link.kind == LinkKind::Merger && link.sequence < known_before)
        });
        for other in related.chain(one_line.map(|link| link.other.clone())) {
            if found.insert(other.clone()) {
                open.push(other);
            }
        }
    }
    found
}

/// The affiliates of an enterprise on a day, by what was recorded before a sequence: without itself and without those
/// that it came from or that it was.
#[must_use]
pub fn group(state: &dyn StateRead, code: &CreditCode, day: Date, known_before: u64) -> Vec<CreditCode> {
    let mut found = reached(state, code, known_before, |link| link.holds(day, known_before));
    for own in lineage::same(state, code) {
        found.remove(&own);
    }
    for own in lineage::carried(state, code, known_before) {
        found.remove(&own.code);
    }
    found.into_iter().collect()
}

/// Everybody who is of one group with an enterprise on a day by everything that is known, over relations of one kind alone
/// if one is named: itself, and also those that it was or came from and is related to.
#[must_use]
pub(crate) fn joined(
    state: &dyn StateRead,
    code: &CreditCode,
    day: Date,
    kind: Option<AffiliationKind>,
) -> BTreeSet<CreditCode> {
    let counts = |link: &Affiliate| kind.is_none_or(|kind| link.kind == kind);
    reached(state, code, u64::MAX, |link| counts(link) && link.holds(day, u64::MAX))
}

/// The other codes whose use counts for an enterprise under a cap of its group: those that it came from, its affiliates
/// on the day, and those that they came from.
#[must_use]
pub fn carried(state: &dyn StateRead, code: &CreditCode, day: Date, known_before: u64) -> Vec<Carried> {
    let mut found: BTreeMap<CreditCode, Option<u64>> = BTreeMap::new();
    let affiliates = group(state, code, day, known_before);
    let came_from =
        affiliates.iter().chain([code]).flat_map(|one| lineage::carried(state, one, known_before));
    let whole = affiliates.iter().map(|one| Carried { code: one.clone(), before: None });
    for Carried { code: one, before } in came_from.chain(whole) {
        // Whoever is reached in two ways counts as far as the longer of them reaches.
        let further = match found.get(&one) {
            None => true,
            Some(None) => false,
            Some(Some(known)) => before.is_none_or(|before| *known < before),
        };
        if one != *code && further {
            found.insert(one, before);
        }
    }
    found.into_iter().map(|(code, before)| Carried { code, before }).collect()
}

/// Everybody who ever was of a group with an enterprise, itself included: whom a late fact about a relation reaches.
#[must_use]
pub(crate) fn everybody(state: &dyn StateRead, code: &CreditCode) -> BTreeSet<CreditCode> {
    reached(state, code, u64::MAX, |_| true)
}

/// Refuses `OutOfRange`: together they would be more than are ever looked at.
pub(crate) fn bounded(state: &dyn StateRead, one: &CreditCode, other: &CreditCode) -> Result<(), Refused> {
    let together = everybody(state, one).union(&everybody(state, other)).count();
    match GROUP_MAX < together {
        true => Err(Refused::of(RefusalCode::OutOfRange).with("codes", together).with("limit", GROUP_MAX)),
        false => Ok(()),
    }
}

pub(crate) fn enter(state: &mut dyn StateWrite, code: &CreditCode, link: Affiliate) {
    let mut known = row(state.as_read(), code);
    known.links.push(link);
    put::<Affiliates>(state, code, &known);
}

pub(crate) fn end(
    state: &mut dyn StateWrite,
    (one, other): (&CreditCode, &CreditCode),
    sequence: u64,
    end: &AffiliationEnd,
) {
    for code in [one, other] {
        change::<Affiliates>(state, code, |row| {
            for link in row.links.iter_mut().filter(|link| link.sequence == sequence) {
                link.ended = Some(end.clone());
            }
        });
    }
}

//! Who an enterprise was and who it became, and what it carries along: cap room that is used, counts, once-only rights
//! and what was recorded about it (I-32, A-09, A-10, A-11).
//!
//! No counter is ever moved. Each credit code keeps its counters, rights and records under its own key, and whoever
//! came from it reads them beside its own; so what falls off an old award gives its room back where it was taken, and a
//! link that was wrongly recorded is undone by taking it out.
//!
//! The recorded rule, which is our reading where no text says anything: a cap "of one enterprise" belongs to what is or
//! was one enterprise.
//! After a change of code the two codes are the same enterprise. After a merger the successor has used what all of them
//! used together; above the limit nothing is taken back and nothing is left. After a split each successor has used what
//! the predecessor had used until then, and from then on each goes its own way.

use crate::{
    choice,
    context::Actor,
    ids::AwardId,
    state::{StateRead, StateWrite, get, list, put},
    tables::{Awards, AwardsBySubject, Caps, LineageRow, Lineages, Link, Tallies, TallyEntry},
    values::{CreditCode, Date, Fen, Slug},
};
use std::collections::{BTreeMap, BTreeSet};

/// Most credit codes that hang together. Links beyond it are refused, so that every look-up ends.
pub const LINEAGE_MAX: usize = 64;
/// Awards of a predecessor that are summed for one cap of a company that was split off it.
const SUMMED_MAX: usize = 100_000;

choice! {
    /// How one code became another.
    pub enum LinkKind {
        /// 统一社会信用代码变更: the same enterprise.
        CodeChange = 1 => "code-change",
        /// 合并: the predecessor is part of the successor.
        Merger = 2 => "merger",
        /// 分立: the successor came out of the predecessor.
        Split = 3 => "split",
    }
}

/// Another code whose use counts for an enterprise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The code.
    pub code: CreditCode,
    /// Only awards decided before this sequence count, because the enterprise was split off then.
    pub before: Option<u64>,
}

fn row(state: &dyn StateRead, code: &CreditCode) -> LineageRow {
    get::<Lineages>(state, code).unwrap_or(LineageRow::EMPTY)
}

/// The code under which an enterprise goes on now.
#[must_use]
pub fn current(state: &dyn StateRead, code: &CreditCode) -> CreditCode {
    let mut now = code.clone();
    // Invariant: a link leads to a code that goes on, from one that did, so that they make no circle.
    while let Some(next) = row(state, &now).next() {
        now = next.clone();
    }
    now
}

/// Every code that hangs together with this one, itself included: whom a late fact about any of them reaches.
#[must_use]
pub fn family(state: &dyn StateRead, code: &CreditCode) -> BTreeSet<CreditCode> {
    let (mut found, mut open) = (BTreeSet::from([code.clone()]), vec![code.clone()]);
    while let Some(at) = open.pop() {
        let row = row(state, &at);
        for link in row.from.iter().chain(&row.into) {
            if found.insert(link.other.clone()) {
                open.push(link.other.clone());
            }
        }
    }
    found
}

/// The codes that are the same enterprise: joined by changes of code alone. Itself included.
#[must_use]
pub fn same(state: &dyn StateRead, code: &CreditCode) -> BTreeSet<CreditCode> {
    let (mut found, mut open) = (BTreeSet::from([code.clone()]), vec![code.clone()]);
    while let Some(at) = open.pop() {
        let row = row(state, &at);
        for link in row.from.iter().chain(&row.into).filter(|link| link.kind == LinkKind::CodeChange) {
            if found.insert(link.other.clone()) {
                open.push(link.other.clone());
            }
        }
    }
    found
}

/// The other codes whose use counts for this one, in their order. Mergers and splits recorded from sequence
/// `known_before` on do not count: an award is judged by what its enterprise was when it was decided.
#[must_use]
pub fn carried(state: &dyn StateRead, code: &CreditCode, known_before: u64) -> Vec<Carried> {
    let mut found: BTreeMap<CreditCode, Option<u64>> = BTreeMap::new();
    let mut open = vec![(code.clone(), None)];
    while let Some((at, bound)) = open.pop() {
        for link in row(state, &at).from.iter().filter(|link| counts(link, known_before)) {
            let bound = match link.kind {
                LinkKind::Split => Some(bound.map_or(link.sequence, |other: u64| other.min(link.sequence))),
                LinkKind::CodeChange | LinkKind::Merger => bound,
            };
            // Whoever is reached in two ways counts as far as the longer of them reaches.
            let further = match found.get(&link.other) {
                None => true,
                Some(None) => false,
                Some(Some(known)) => bound.is_none_or(|bound| *known < bound),
            };
            if link.other != *code && further {
                found.insert(link.other.clone(), bound);
                open.push((link.other.clone(), bound));
            }
        }
    }
    found.into_iter().map(|(code, before)| Carried { code, before }).collect()
}

fn counts(link: &Link, known_before: u64) -> bool {
    link.kind == LinkKind::CodeChange || link.sequence < known_before
}

/// What other codes have used of a cap in a window, and still stands. Their counters are their own, under
/// `enterprise:CODE`.
/// A sum that is too large for money is the largest there is: no limit leaves room above it.
#[must_use]
pub fn cap_use(state: &dyn StateRead, cap: &Slug, window: &str, codes: &[Carried]) -> Fen {
    let counters = codes.iter().map(|one| (format!("enterprise:{}", one.code), one.before));
    cap_use_of(state, cap, window, counters)
}

/// The same of counters by their scope, each up to the sequence that stands beside it.
#[must_use]
pub fn cap_use_of(
    state: &dyn StateRead,
    cap: &Slug,
    window: &str,
    counters: impl IntoIterator<Item = (String, Option<u64>)>,
) -> Fen {
    counters.into_iter().fold(Fen::ZERO, |sum, (scope, before)| {
        let used = match before {
            None => {
                get::<Caps>(state, &(cap.clone(), scope, window.to_owned())).map_or(Fen::ZERO, |row| row.used)
            }
            Some(before) => used_before(state, cap, &scope, window, before),
        };
        sum.checked_add(used).unwrap_or(Fen::MAX)
    })
}

/// What awards decided before a sequence still hold of a counter.
fn used_before(state: &dyn StateRead, cap: &Slug, scope: &str, window: &str, before: u64) -> Fen {
    let mut sum = Fen::ZERO;
    for (key, _) in list::<AwardsBySubject>(state, &scope.to_owned(), SUMMED_MAX) {
        let Some(id) = key.last_chunk().copied().map(u64::from_be_bytes).filter(|id| *id < before) else {
            break;
        };
        let award = get::<Awards>(state, &AwardId(id));
        let of = |step: &&crate::trace::CapStep| {
            step.cap == *cap && step.scope.as_str() == scope && step.window.as_str() == window
        };
        let Some(award) = award.filter(|award| award.caps.iter().any(|step| of(&step))) else {
            continue;
        };
        sum = sum.checked_add(award.room_of(cap)).unwrap_or(Fen::MAX);
    }
    sum
}

/// What awards of other codes have added to a tally in a window, and still stands.
#[must_use]
pub fn tally_entries(
    state: &dyn StateRead,
    tally: &Slug,
    window: &str,
    codes: &[Carried],
) -> Vec<TallyEntry> {
    let of = |one: &Carried| {
        let key = (tally.clone(), format!("enterprise:{}", one.code), window.to_owned());
        let entries = get::<Tallies>(state, &key).map(|row| row.entries).unwrap_or_default();
        let before = one.before;
        entries.into_iter().filter(move |entry| before.is_none_or(|before| entry.award.0 < before))
    };
    codes.iter().flat_map(of).collect()
}

/// Whose records count for an enterprise beside its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The code they are recorded under.
    pub code: CreditCode,
    /// They count up to this day, because the enterprise was split off then.
    pub until: Option<Date>,
    /// They count if they were recorded after this sequence, because the enterprise went into that one then.
    pub since: Option<u64>,
}

impl Source {
    /// Whether something recorded about a day counts.
    #[must_use]
    pub fn covers(&self, on: Date, sequence: u64) -> bool {
        self.until.is_none_or(|until| on <= until) && self.since.is_none_or(|since| since < sequence)
    }
}

/// Where what was recorded about an enterprise lies beside its own codes ([`same`]): with those it came from, and with
/// those it was merged into, for what became known since. `known_before` as in [`carried`].
#[must_use]
pub fn sources(state: &dyn StateRead, code: &CreditCode, known_before: u64) -> Vec<Source> {
    let own = same(state, code);
    let mut found: BTreeMap<CreditCode, Source> = BTreeMap::new();
    let start = |code: &CreditCode| Source { code: code.clone(), until: None, since: None };
    let mut open: Vec<Source> = own.iter().map(start).collect();
    while let Some(at) = open.pop() {
        let row = row(state, &at.code);
        let from = row.from.iter().filter(|link| at.since.is_none() && counts(link, known_before));
        let from = from.map(|link| Source {
            code: link.other.clone(),
            until: match link.kind {
                LinkKind::Split => Some(at.until.map_or(link.on, |until| until.min(link.on))),
                LinkKind::CodeChange | LinkKind::Merger => at.until,
            },
            since: None,
        });
        // Whoever it came from goes its own way; only what became of itself counts.
        let own_line = own.contains(&at.code) || at.since.is_some();
        let into = row.into.iter().filter(|link| own_line && link.kind != LinkKind::Split);
        let into = into.map(|link| Source {
            code: link.other.clone(),
            until: None,
            since: Some(at.since.map_or(link.sequence, |since| since.max(link.sequence))),
        });
        for source in from.chain(into).collect::<Vec<_>>() {
            if !own.contains(&source.code) && !found.contains_key(&source.code) {
                found.insert(source.code.clone(), source.clone());
                open.push(source);
            }
        }
    }
    found.into_values().collect()
}

/// Enters a link at both its ends.
pub(crate) fn join(
    state: &mut dyn StateWrite,
    (predecessor, successor): (&CreditCode, &CreditCode),
    kind: LinkKind,
    (on, sequence): (Date, u64),
    recorded_by: &Actor,
) {
    let link = |other: &CreditCode| Link {
        other: other.clone(),
        kind,
        on,
        sequence,
        recorded_by: recorded_by.clone(),
    };
    let mut old = row(state.as_read(), predecessor);
    old.into.push(link(successor));
    put::<Lineages>(state, predecessor, &old);
    let mut new = row(state.as_read(), successor);
    new.from.push(link(predecessor));
    put::<Lineages>(state, successor, &new);
}

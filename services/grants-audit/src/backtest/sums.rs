//! What the changes mean: for each enterprise, for each measure, and for the money of each budget line.

use super::{came::Ends, change::Change};
use grants_domain::{
    award::AwardStatus,
    state::{MemoryState, StateRead, get, list},
    tables::{Awards, BudgetLineRow, BudgetLines, Enterprises},
    values::{CreditCode, Reference, Slug, Treasury},
};
use std::collections::{BTreeMap, BTreeSet};

/// What a change of the catalogue means for one enterprise or measure. Amounts in 分, at the end of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The code of the enterprise, or the id of the measure.
    pub id: String,
    /// The name of the enterprise; empty for a measure, whose title is the catalogue's.
    pub name: String,
    /// Applications that change.
    pub changes: u64,
    /// What stands of all its applications: as recorded, and as it would.
    pub stands: [i128; 2],
}

/// What it means for one budget line. Amounts in 分, at the end of the log: as recorded, and as they would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetEffect {
    /// The line.
    pub line: Reference,
    /// Whose money it is.
    pub treasury: Treasury,
    /// The fiscal year.
    pub year: u32,
    /// Set aside, payable, on its way and paid, less what came back.
    pub used: [i128; 2],
    /// Free.
    pub available: [i128; 2],
    /// What waits in its queue.
    pub waiting: [i128; 2],
}

/// Now, less then.
#[must_use]
pub(super) fn difference([then, now]: [i128; 2]) -> i128 {
    now.saturating_sub(then)
}

pub(super) struct Sums {
    pub(super) enterprises: Vec<Effect>,
    pub(super) measures: Vec<Effect>,
    pub(super) stands: [i128; 2],
}

type End = BTreeMap<Reference, Ends>;

/// What the changes mean for those who have one.
pub(super) fn sums(then: &End, now: &End, changes: &[Change], state: &MemoryState) -> Sums {
    let mut enterprises: BTreeMap<CreditCode, Effect> = BTreeMap::new();
    let mut measures: BTreeMap<Slug, Effect> = BTreeMap::new();
    let empty = |id: String, name: String| Effect { id, name, changes: 0, stands: [0, 0] };
    for change in changes {
        let Ends { enterprise, measure, .. } = &change.then;
        let name = || get::<Enterprises>(state, enterprise).map(|row| row.name.to_string());
        let of = enterprises.entry(enterprise.clone());
        count(of.or_insert_with(|| empty(enterprise.to_string(), name().unwrap_or_default())));
        count(measures.entry(measure.clone()).or_insert_with(|| empty(measure.to_string(), String::new())));
    }
    let mut stands = [0, 0];
    for (place, ends) in [then, now].into_iter().enumerate() {
        for one in ends.values() {
            let amount = i128::from(one.stands.get());
            let sums = [
                enterprises.get_mut(&one.enterprise).map(|effect| &mut effect.stands),
                measures.get_mut(&one.measure).map(|effect| &mut effect.stands),
                Some(&mut stands),
            ];
            for sum in sums.into_iter().flatten().filter_map(|sums| sums.get_mut(place)) {
                *sum = sum.saturating_add(amount);
            }
        }
    }
    let (enterprises, measures) = (enterprises.into_values().collect(), measures.into_values().collect());
    Sums { enterprises, measures, stands }
}

fn count(effect: &mut Effect) {
    effect.changes = effect.changes.saturating_add(1);
}

/// Every line that is used otherwise, by name.
pub(super) fn budget(then: &MemoryState, now: &MemoryState) -> Vec<BudgetEffect> {
    let (lines, again) = (lines(then), lines(now));
    let names: BTreeSet<&Reference> = lines.keys().chain(again.keys()).collect();
    let one = |name: &Reference| {
        let sides = [lines.get(name), again.get(name)];
        let row = sides.into_iter().flatten().next()?;
        let of = |what: fn(&Line) -> i128| sides.map(|side| side.map_or(0, what));
        let effect = BudgetEffect {
            line: name.clone(),
            treasury: row.row.treasury.clone(),
            year: row.row.year,
            used: of(Line::used),
            available: of(|line| i128::from(line.row.available)),
            waiting: of(|line| line.waiting),
        };
        let same = |[then, now]: [i128; 2]| then == now;
        let untouched = same(effect.used) && same(effect.available) && same(effect.waiting);
        (!untouched).then_some(effect)
    };
    names.into_iter().filter_map(one).collect()
}

/// A budget line, and what waits for it.
struct Line {
    row: BudgetLineRow,
    waiting: i128,
}

impl Line {
    fn used(&self) -> i128 {
        let BudgetLineRow { reserved, payable, in_transit, paid, recovered, .. } = self.row;
        let taken: i128 = [reserved, payable, in_transit, paid].iter().map(|fen| i128::from(*fen)).sum();
        taken.saturating_sub(i128::from(recovered))
    }
}

fn lines(state: &dyn StateRead) -> BTreeMap<Reference, Line> {
    let name = |key: &[u8]| std::str::from_utf8(key.strip_suffix(&[0])?).ok()?.parse::<Reference>().ok();
    let rows = list::<BudgetLines>(state, &(), usize::MAX).into_iter();
    let mut lines: BTreeMap<Reference, Line> =
        rows.filter_map(|(key, row)| Some((name(&key)?, Line { row, waiting: 0 }))).collect();
    let awards = list::<Awards>(state, &(), usize::MAX).into_iter().map(|(_, award)| award);
    for award in awards.filter(|award| award.status == AwardStatus::Queued) {
        for part in award.parts() {
            if let Some(line) = lines.get_mut(&part.line) {
                line.waiting = line.waiting.saturating_add(i128::from(part.amount.get()));
            }
        }
    }
    lines
}

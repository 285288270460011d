//! Awards that were decided under another answer of an interpretation. They stand under another counter, and they count
//! all the same: a cap or a scale counts what stands, whatever was thought when it was approved.
//!
//! As long as an interpretation was never answered otherwise there is none, and nothing is looked for.

use crate::{
    cap::year_to,
    kin::Other,
    source::{Choice, benefit::TierTally, limit::Window},
    walk::{Found, Walk},
};
use grants_domain::{
    ids::AwardId,
    tables::{AwardRow, TallyEntry},
    values::{Fen, Slug},
};

/// A counter: cap or tally, scope and window.
#[derive(Clone, Copy)]
pub(crate) struct Counter<'c> {
    pub(crate) name: &'c Slug,
    pub(crate) scope: &'c str,
    pub(crate) window: &'c str,
    /// The counters that are read beside it.
    pub(crate) others: &'c [Other],
}

impl Counter<'_> {
    /// Its own scope, and those that are read beside it.
    fn scopes(&self) -> Vec<Other> {
        std::iter::once((self.scope.to_owned(), None)).chain(self.others.iter().cloned()).collect()
    }
}

impl Walk<'_> {
    /// Whether every answer that was ever given chooses the same.
    pub(crate) fn is_settled<T: PartialEq>(&self, choice: &Choice<T>) -> bool {
        let Choice::By { by, options } = choice else { return true };
        let Some(interpretation) = self.catalogue.interpretations.get(by) else { return true };
        let mut chosen = interpretation.dated.iter().map(|answer| options.get(&answer.value));
        let first = chosen.next();
        chosen.all(|one| Some(one) == first)
    }

    /// What stands of a cap under other counters, in the window of this one; `word` is how the cap says whose it is.
    pub(crate) fn counted_elsewhere(&self, cap: Counter<'_>, word: &str, window: Window) -> Found<Fen> {
        let holding = match self.fact_behind(word)? {
            Some(name) => self.holding_room_by(name)?,
            None => self.holding_room_of(word, cap.scopes()),
        };
        let mut sum = Fen::ZERO;
        for (_, row) in holding {
            let step = row.caps.iter().find(|step| step.cap == *cap.name);
            let elsewhere = step.is_some_and(|step| !is_here(cap, step.scope.as_str(), step.window.as_str()));
            if elsewhere && self.falls_into(window, &row) {
                sum = sum.checked_add(row.room_of(cap.name)).unwrap_or(Fen::MAX);
            }
        }
        Ok(sum)
    }

    /// Awards that hold room and whose applications state the same under a name. Nothing lists them by what they state,
    /// so they are looked for among those that rest on a record about the same: what the lint asks of such a scope.
    fn holding_room_by(&self, name: Slug) -> Found<Vec<(AwardId, AwardRow)>> {
        let records = self.subjects().into_iter().map(|subject| (subject.to_string(), None));
        let stated = (self.need(&name)?, name);
        let mut holding = self.holding_room_among(records.collect());
        holding.retain(|(_, row)| self.same_title(row, Some(&stated)));
        Ok(holding)
    }

    /// What stands of a scale under other counters, in the window of this one.
    pub(crate) fn tallied_elsewhere(
        &self,
        scale: &Slug,
        tally: Counter<'_>,
        kinds: TierTally,
        window: Window,
    ) -> Vec<TallyEntry> {
        let mut entries = Vec::new();
        for (award, row) in self.awards_of(tally.scopes()).into_iter().filter(|(_, row)| row.stands()) {
            let own_kind = row.measure == self.measure.file.measure.id;
            if !self.falls_into(window, &row) || (kinds == TierTally::Separate && !own_kind) {
                continue;
            }
            // Alone, the trains of a measure stand under its own id.
            let of_scale = row.tallies.iter().filter(|one| one.tally == *scale || one.tally == row.measure);
            let elsewhere = of_scale.filter(|one| {
                one.tally != *tally.name || !is_here(tally, one.scope.as_str(), one.window.as_str())
            });
            entries.extend(elsewhere.map(|one| TallyEntry {
                award,
                count: one.count,
                amount: one.amount,
                // Counted by calendar years it kept no day, and over twelve months it counts by its own.
                first: one.first.or(Some(row.governing)),
                last: one.last,
            }));
        }
        entries
    }

    pub(crate) fn falls_into(&self, window: Window, row: &AwardRow) -> bool {
        match window {
            Window::PolicyLife => true,
            Window::CalendarYear => row.governing.year() == self.governing.year(),
            // Twelve months are added up from the awards themselves, whatever they were counted under.
            Window::TwelveMonths => year_to(self.governing, row.governing),
        }
    }
}

/// Whether a counter is this one, or one that is read beside it.
fn is_here(counter: Counter<'_>, scope: &str, window: &str) -> bool {
    window == counter.window && counter.scopes().iter().any(|(one, _)| one == scope)
}

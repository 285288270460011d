//! An award that a cap cut is raised (补给) when room of the cap returns, where the rules say so (K-15). The default is that
//! the part is lost.
//!
//! Nobody decides on it but the rules, and whoever confirmed the award said yes to another amount: it goes back to be
//! confirmed for what it now is (I-10). What was paid stays paid, and only the rise is still to be paid.

use crate::{
    accounts::{Account, Posting, post},
    award::shares::{self, Part},
    ids::AwardId,
    message,
    state::{StateRead, StateWrite, first, get, has, put, remove},
    tables::{AwardRow, Awards, CutAwards, Mark, WaitingRises},
    trace::{CapStep, Trace},
    values::{Date, Fen, Reference, Slug},
};

message! {
    /// 补给: a part that a cap had cut is given after all. Without postings the award itself waits for money.
    pub struct AwardRaised {
        1 => award: AwardId,
        2 => by: Fen,
        3 => to: Fen,
        /// The interpretation that says so, or the cap whose text does.
        4 => interpretation: Slug,
        /// Sequence of the fact that gave room back, to the cap or to the budget line.
        5 => cause: u64,
        /// What is due now, with the room there is now.
        6 => trace: Trace,
        7 => postings: Vec<Posting>,
        /// What each part is afterwards, where several treasuries pay.
        #[serde(default)]
        8 => shares: Vec<Part>,
    }
}

message! {
    /// 补给待排: a part could be given after all, and a budget line has no money for it, or a payment is on its way. It is
    /// looked at again when that changes. The room of the cap is not kept for it. `line` is the first of several that pay.
    pub struct AwardRaiseDelayed {
        1 => award: AwardId,
        2 => line: Reference,
        /// What waits; zero if nothing does any longer, because the room went elsewhere.
        3 => by: Fen,
        4 => cause: u64,
    }
}

impl AwardRow {
    /// The legs that add to its unpaid part what its parts rise by.
    pub(crate) fn taking(&self, to: &[Fen]) -> Vec<Posting> {
        let parts = self.parts();
        let rise = parts.iter().zip(to).map(|(part, to)| (&part.line, to.saturating_sub(part.amount)));
        self.set_aside().map_or_else(Vec::new, |into| shares::carried(rise, Account::Available, into))
    }
    /// Its caps that cut a part which comes back with room.
    pub(crate) fn reviving(&self) -> impl Iterator<Item = &CapStep> {
        self.caps.iter().filter(|step| step.revives.is_some())
    }
}

/// A place in the order in which awards that a cap cut are raised: governing date, then number.
pub(crate) type Place = (Date, AwardId);

/// The first award that a cap of somebody cut and whose part comes back, at a place or behind it.
pub(crate) fn cut_from(state: &dyn StateRead, cap: &Slug, scope: &str, from: Option<Place>) -> Option<Place> {
    let counter = (cap.clone(), scope.to_owned());
    let (key, _) = match from {
        None => first::<CutAwards>(state, &counter, &counter)?,
        Some(place) => first::<CutAwards>(state, &counter, &(counter.clone(), place))?,
    };
    place_of(&key)
}

/// The same of the awards whose rise waits for a budget line.
pub(crate) fn waiting_from(state: &dyn StateRead, line: &Reference, from: Option<Place>) -> Option<Place> {
    let (key, _) = match from {
        None => first::<WaitingRises>(state, line, line)?,
        Some((day, award)) => first::<WaitingRises>(state, line, &(line.clone(), day, award))?,
    };
    place_of(&key)
}

/// Whether the rise of another award waits before this place, for money alone. Who comes first is served first (I-25).
pub(crate) fn waits_before(state: &dyn StateRead, line: &Reference, own: Place) -> bool {
    let mut from = None;
    while let Some(place) = waiting_from(state, line, from).filter(|place| *place < own) {
        let on_its_way = get::<Awards>(state, &place.1).is_some_and(|row| row.instructed != row.settled);
        if !on_its_way {
            return true;
        }
        from = Some((place.0, AwardId(place.1.0.saturating_add(1))));
    }
    false
}

fn place_of(key: &[u8]) -> Option<Place> {
    let (rest, award) = key.split_at_checked(key.len().checked_sub(8)?)?;
    let award = AwardId(u64::from_be_bytes(award.try_into().ok()?));
    Some((crate::dated::date_at_end(rest)?, award))
}

/// Marks an award under every counter whose cap cut a part of it that comes back.
pub(crate) fn mark(state: &mut dyn StateWrite, id: AwardId, award: &AwardRow) {
    for step in award.reviving() {
        let counter = (step.cap.clone(), step.scope.to_string());
        put::<CutAwards>(state, &(counter, (award.governing, id)), &Mark {});
    }
}

/// Takes the marks away: nothing of it stands, or it is marked anew.
pub(crate) fn unmark(state: &mut dyn StateWrite, id: AwardId, award: &AwardRow) {
    for step in award.reviving() {
        let counter = (step.cap.clone(), step.scope.to_string());
        remove::<CutAwards>(state, &(counter, (award.governing, id)));
    }
    if award.reviving().next().is_some() {
        award
            .lines()
            .into_iter()
            .for_each(|line| remove::<WaitingRises>(state, &(line, award.governing, id)));
    }
}

pub(crate) fn raised(state: &mut dyn StateWrite, fact: &AwardRaised) {
    let before =
        get::<Awards>(state.as_read(), &fact.award).unwrap_or_else(|| panic!("an unknown award is raised"));
    unmark(state, fact.award, &before);
    super::holdings::take_room(state, fact.award, &before, fact.by);
    let mut after = before;
    after.amount = fact.to;
    after.take_parts(&fact.shares);
    // What a cap took for good stays taken, however much room it has now.
    let lasting = |step: &CapStep| step.cut && step.revives.is_none();
    for step in after.caps.iter_mut().filter(|step| !lasting(step)) {
        // The counter stays the one that the award was counted under: only the room it found is told anew.
        if let Some(found) = fact.trace.caps.iter().find(|found| found.cap == step.cap) {
            (step.used, step.cut, step.revives) = (found.used, found.cut, found.revives.clone());
        }
    }
    put::<Awards>(state, &fact.award, &after);
    mark(state, fact.award, &after);
    post(state, &fact.postings);
}

pub(crate) fn delayed(state: &mut dyn StateWrite, fact: &AwardRaiseDelayed) {
    let row = get::<Awards>(state.as_read(), &fact.award)
        .unwrap_or_else(|| panic!("the rise of an unknown award waits"));
    for line in row.lines() {
        let place = (line, row.governing, fact.award);
        match fact.by.is_zero() {
            true => remove::<WaitingRises>(state, &place),
            false => put::<WaitingRises>(state, &place, &Mark {}),
        }
    }
}

/// Whether the rise of an award waits already.
pub(crate) fn waits(state: &dyn StateRead, id: AwardId, row: &AwardRow) -> bool {
    has::<WaitingRises>(state, &(row.line.clone(), row.governing, id))
}

//! Awards that wait for money: in the order of governing date, then sequence, and nobody slips past the head.
//!
//! Where several treasuries pay, an award waits in the queue of every one of its lines, and goes when it is the head of
//! each and each has its part: so nobody slips past it anywhere. The order is the same in all queues, so that no two
//! awards ever wait for each other.

use crate::{
    accounts::{Account, Posting, post},
    award::{
        AwardStatus,
        shares::{self, ShareRow},
    },
    dated,
    events::Event,
    ids::AwardId,
    message,
    state::{StateRead, StateWrite, change, first, get, put, remove},
    tables::{AwardRow, Awards, BudgetLines, Mark, Queue},
    values::{Date, Fen, Reference},
};

message! {
    /// A line is short: the award waits, in the queue of this line. `position` is its place at that moment, counted from 1;
    /// `amount` is what the line has to pay.
    pub struct AwardQueued {
        1 => award: AwardId,
        2 => line: Reference,
        3 => governing: Date,
        4 => position: u64,
        5 => amount: Fen,
    }
}

message! {
    /// Money has come for the head of the queue; `line` is the first of several that pay.
    pub struct AwardDequeued {
        1 => award: AwardId,
        2 => line: Reference,
        3 => amount: Fen,
        4 => postings: Vec<Posting>,
    }
}

pub(crate) fn queued(state: &mut dyn StateWrite, fact: &AwardQueued) {
    put::<Queue>(state, &(fact.line.clone(), fact.governing, fact.award), &Mark {});
    change::<Awards>(state, &fact.award, |row| row.status = AwardStatus::Queued);
    change::<BudgetLines>(state, &fact.line, |line| line.queued = line.queued.saturating_add(1));
}

/// The place that an award would take in a line's queue, counted from 1.
pub(crate) fn place(state: &dyn StateRead, line: &Reference, governing: Date, award: AwardId) -> u64 {
    let waiting = get::<BudgetLines>(state, line).map_or(0, |row| row.queued);
    // Nearly everybody joins the end, so those behind are counted, not those in front.
    let (mut behind, mut last) = (0u64, (governing, award));
    while let Some((key, _)) = first::<Queue>(state, line, &(line.clone(), last.0, last.1)) {
        behind = behind.saturating_add(1);
        let Some(next) = after(&key) else { break };
        last = next;
    }
    waiting.saturating_sub(behind).saturating_add(1)
}

/// The least place in a queue behind the one of a key.
fn after(key: &[u8]) -> Option<(Date, AwardId)> {
    let (rest, award) = key.split_at_checked(key.len().checked_sub(8)?)?;
    let award = u64::from_be_bytes(award.try_into().ok()?);
    Some((dated::date_at_end(rest)?, AwardId(award.checked_add(1)?)))
}

/// The award at the head of a line's queue.
fn head(state: &dyn StateRead, line: &Reference) -> Option<AwardId> {
    let (key, _) = first::<Queue>(state, line, line)?;
    let id: [u8; 8] = key.get(key.len().checked_sub(8)?..)?.try_into().ok()?;
    Some(AwardId(u64::from_be_bytes(id)))
}

/// The event that serves the head of a line's queue, if it is the head of all its lines and each has money for it.
pub(crate) fn next(state: &dyn StateRead, line: &Reference) -> Option<Event> {
    let award = head(state, line)?;
    let row = get::<Awards>(state, &award)?;
    let parts = row.parts();
    let served = |part: &ShareRow| {
        let available =
            get::<BudgetLines>(state, &part.line).is_some_and(|row| part.amount <= row.available());
        available && head(state, &part.line) == Some(award)
    };
    if !parts.iter().all(served) {
        return None;
    }
    let amounts = parts.iter().map(|part| (&part.line, part.amount));
    let postings = shares::carried(amounts, Account::Available, Account::Reserved);
    Some(AwardDequeued { award, line: row.line, amount: row.amount, postings }.into())
}

pub(crate) fn dequeued(state: &mut dyn StateWrite, fact: &AwardDequeued) {
    let row = get::<Awards>(state.as_read(), &fact.award)
        .unwrap_or_else(|| panic!("an unknown award leaves a queue"));
    leave(state, fact.award, &row);
    change::<Awards>(state, &fact.award, |row| row.status = AwardStatus::Proposed);
    post(state, &fact.postings);
}

/// Takes an award out of its queues.
pub(crate) fn leave(state: &mut dyn StateWrite, id: AwardId, row: &AwardRow) {
    for line in row.lines() {
        remove::<Queue>(state, &(line.clone(), row.governing, id));
        change::<BudgetLines>(state, &line, |line| line.queued = line.queued.saturating_sub(1));
    }
}

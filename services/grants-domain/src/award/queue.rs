//! Awards that wait for money: in the order of governing date, then sequence, and nobody slips past the head.

use crate::{
    accounts::{Account, Posting, post, transfer},
    award::AwardStatus,
    dated,
    events::Event,
    ids::AwardId,
    message,
    state::{StateRead, StateWrite, change, first, get, put, remove},
    tables::{AwardRow, Awards, BudgetLines, Mark, Queue},
    values::{Date, Fen, Reference},
};

message! {
    /// The line is short: the award waits. `position` is its place at that moment, counted from 1.
    pub struct AwardQueued {
        1 => award: AwardId,
        2 => line: Reference,
        3 => governing: Date,
        4 => position: u64,
        5 => amount: Fen,
    }
}

message! {
    /// Money has come for the head of the queue.
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

/// The event that serves the head of a line's queue, if the line has money for it.
pub(crate) fn next(state: &dyn StateRead, line: &Reference) -> Option<Event> {
    let (key, _) = first::<Queue>(state, line, line)?;
    let id: [u8; 8] = key.get(key.len().checked_sub(8)?..)?.try_into().ok()?;
    let award = AwardId(u64::from_be_bytes(id));
    let amount = get::<Awards>(state, &award)?.amount;
    if get::<BudgetLines>(state, line)?.available() < amount {
        return None;
    }
    let postings = transfer(line, Account::Available, Account::Reserved, amount);
    Some(AwardDequeued { award, line: line.clone(), amount, postings }.into())
}

pub(crate) fn dequeued(state: &mut dyn StateWrite, fact: &AwardDequeued) {
    let row = get::<Awards>(state.as_read(), &fact.award)
        .unwrap_or_else(|| panic!("an unknown award leaves a queue"));
    leave(state, fact.award, &row);
    change::<Awards>(state, &fact.award, |row| row.status = AwardStatus::Proposed);
    post(state, &fact.postings);
}

/// Takes an award out of its queue.
pub(crate) fn leave(state: &mut dyn StateWrite, id: AwardId, row: &AwardRow) {
    remove::<Queue>(state, &(row.line.clone(), row.governing, id));
    change::<BudgetLines>(state, &row.line, |line| line.queued = line.queued.saturating_sub(1));
}

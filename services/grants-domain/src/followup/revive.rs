//! Room of a cap has returned: awards that the cap cut are looked at again, and raised where the rules say that the part
//! comes back (K-15). In the order of governing date, then number, and only with the money of their own budget line.
//!
//! Invariant: only an award whose trace says so is ever looked at, so under the default nothing is looked at at all.

use crate::{
    award::{
        AwardStatus, confirm,
        raise::{self, AwardRaiseDelayed, AwardRaised, Place},
    },
    context::Context,
    events::Event,
    followup::{FollowUpKind, Task, review},
    ids::AwardId,
    rules::{Assessment, Outcome, Rules},
    state::{StateRead, get},
    subject,
    tables::{AwardRow, Awards, BudgetLines},
    values::{Fen, Reference, Slug},
};

/// Before the name of a budget line, so that its queue and the rises that wait for it are two pieces of work.
const RISE: &str = "rise:";

/// The work that a fact leaves behind for awards that were cut.
pub(crate) fn agenda(state: &dyn StateRead, event: &Event, cause: u64) -> Vec<Task> {
    let task = |subject: String| Task { kind: FollowUpKind::Revive, subject, cause, next: AwardId(0) };
    let of_line = |line: &Reference| {
        raise::waiting_from(state, line, None)
            .map(|_| task(format!("{RISE}{line}")))
            .into_iter()
            .collect::<Vec<_>>()
    };
    let of_award = |award: AwardId| {
        let lines = get::<Awards>(state, &award).map_or_else(Vec::new, |row| row.lines());
        lines.iter().flat_map(&of_line).collect::<Vec<_>>()
    };
    // A payment that was on its way may have kept a rise waiting.
    let after_payment = |award: AwardId| {
        let waits = get::<Awards>(state, &award).is_some_and(|row| raise::waits(state, award, &row));
        if waits { of_award(award) } else { Vec::new() }
    };
    let of_room = |award: AwardId| {
        let about = task(format!("award:{award}"));
        let somebody = get::<Awards>(state, &award).and_then(|row| cut(state, &row, None));
        somebody.map(|_| about).into_iter().collect::<Vec<_>>()
    };
    if let Event::BudgetAllocated(fact) = event {
        return of_line(&fact.line);
    }
    if let Event::BudgetAdjusted(fact) = event {
        return of_line(&fact.line);
    }
    if let Event::AwardReduced(fact) = event {
        return [of_room(fact.award), of_award(fact.award)].concat();
    }
    if let Event::AwardRevoked(fact) = event {
        return [of_room(fact.award), of_award(fact.award)].concat();
    }
    // Whoever waits before it may wait for nothing any longer.
    if let Event::AwardRaiseDelayed(fact) = event {
        return if fact.by.is_zero() { Vec::new() } else { of_award(fact.award) };
    }
    if let Event::RecoveryReceived(fact) = event {
        return of_room(fact.award);
    }
    if let Event::PaymentSettled(fact) = event {
        return after_payment(fact.award);
    }
    if let Event::PaymentRejected(fact) = event {
        return after_payment(fact.award);
    }
    if let Event::PaymentReturned(fact) = event { after_payment(fact.award) } else { Vec::new() }
}

/// The first award that shares a cap with this one and was cut by it. Who goes on for an enterprise counts what was used
/// before, so awards of its family are looked at too.
fn cut(state: &dyn StateRead, fallen: &AwardRow, from: Option<Place>) -> Option<Place> {
    let of_step = |step: &crate::trace::CapStep| {
        let scopes = subject::reached(state, &step.scope);
        scopes.filter_map(|scope| raise::cut_from(state, &step.cap, &scope, from)).min()
    };
    fallen.caps.iter().filter_map(of_step).min()
}

/// The next award that a task is about.
pub(crate) fn upcoming(state: &dyn StateRead, task: &Task) -> Option<AwardId> {
    match task.next {
        AwardId(0) => candidate(state, task, None),
        next => candidate(state, task, Some((get::<Awards>(state, &next)?.governing, next))),
    }
}

/// The one behind an award that was looked at.
pub(crate) fn following(state: &dyn StateRead, task: &Task, award: AwardId) -> Option<AwardId> {
    let row = get::<Awards>(state, &award)?;
    let of_line = task.subject.starts_with(RISE);
    // Whoever comes behind one that waits for money waits as well.
    if of_line && row.instructed == row.settled && raise::waits(state, award, &row) {
        return None;
    }
    candidate(state, task, Some((row.governing, AwardId(award.0.checked_add(1)?))))
}

fn candidate(state: &dyn StateRead, task: &Task, from: Option<Place>) -> Option<AwardId> {
    let place = match task.subject.strip_prefix(RISE) {
        Some(line) => raise::waiting_from(state, &line.parse().ok()?, from),
        None => {
            let fallen = task.subject.strip_prefix("award:")?.parse().ok()?;
            cut(state, &get::<Awards>(state, &fallen)?, from)
        }
    };
    place.map(|(_, award)| award)
}

/// The events that raise an award to what is due with the room there is now, if anything comes back.
pub(crate) fn rise(
    state: &dyn StateRead,
    rules: &dyn Rules,
    id: AwardId,
    cause: u64,
    context: &Context,
) -> Vec<Event> {
    let Some(row) = get::<Awards>(state, &id).filter(AwardRow::stands) else {
        return Vec::new();
    };
    let Some(interpretation) = row.reviving().find_map(|step| step.revives.clone()) else {
        return Vec::new();
    };
    let waits = raise::waits(state, id, &row);
    let delayed = |by: Fen| vec![AwardRaiseDelayed { award: id, line: row.line.clone(), by, cause }.into()];
    let (by, now) = returning(state, rules, id, &row, context);
    if by.is_zero() {
        return if waits { delayed(Fen::ZERO) } else { Vec::new() };
    }
    if row.instructed != row.settled || short(state, id, &row, by) {
        return if waits { Vec::new() } else { delayed(by) };
    }
    raised(id, &row, by, interpretation, cause, now)
}

fn raised(
    id: AwardId,
    row: &AwardRow,
    by: Fen,
    interpretation: Slug,
    cause: u64,
    now: Assessment,
) -> Vec<Event> {
    let sum = |one: Fen| one.checked_add(by).unwrap_or_else(|| panic!("award {id} leaves its range"));
    let (to, trace) = (sum(row.amount), now.trace);
    let parts = row.risen(to);
    let (postings, shares) = (row.taking(&parts), row.told(&parts));
    let mut events =
        vec![AwardRaised { award: id, by, to, interpretation, cause, trace, postings, shares }.into()];
    if matches!(row.status, AwardStatus::Confirmed | AwardStatus::Fulfilled) {
        events.push(confirm::taken_back(id, row, &parts));
    }
    events
}

/// What of the cut part comes back: what is due with the room there is now, less what is due with the room there was,
/// and never more than every cap of the award leaves. Whatever else lowered the award stays as it is.
fn returning(
    state: &dyn StateRead,
    rules: &dyn Rules,
    id: AwardId,
    row: &AwardRow,
    context: &Context,
) -> (Fen, Assessment) {
    let due = |assessment: &Assessment| match &assessment.outcome {
        Outcome::Due { amount, .. } => *amount,
        Outcome::Rejected(_) | Outcome::Undecidable(_) => Fen::ZERO,
    };
    let then = review::assess_again(state, rules, id, row, context, false);
    let now = review::assess_again(state, rules, id, row, context, true);
    let mut by = match due(&then).is_zero() {
        // Whoever would get nothing at all gets nothing more either.
        true => Fen::ZERO,
        false => due(&now).saturating_sub(due(&then)),
    };
    for own in &row.caps {
        for step in now.trace.caps.iter().filter(|step| step.cap == own.cap) {
            // The counter is the one that it was counted under, and so is the limit, whatever a later fact makes its day.
            let limit = step.limit.min(own.limit);
            by = by.min(limit.saturating_sub(step.used).saturating_sub(row.room_of(&own.cap)));
        }
    }
    (by, now)
}

/// Whether there is no money for a rise, or somebody waits for it before this award. An award that waits itself takes
/// nothing yet.
fn short(state: &dyn StateRead, id: AwardId, row: &AwardRow, by: Fen) -> bool {
    if row.status == AwardStatus::Queued {
        return false;
    }
    // Invariant: an award names lines that were allocated, and a rise is counted before it comes here.
    let to = row.amount.checked_add(by).unwrap_or_else(|| panic!("award {id} leaves its range"));
    let parts = row.parts().into_iter().zip(row.risen(to));
    let rising = parts.filter(|(part, now)| part.amount < *now);
    rising.into_iter().any(|(part, now)| {
        let line =
            get::<BudgetLines>(state, &part.line).unwrap_or_else(|| panic!("award {id} of an unknown line"));
        let by = now.saturating_sub(part.amount);
        line.available() < by
            || 0 < line.queued
            || raise::waits_before(state, &part.line, (row.governing, id))
    })
}

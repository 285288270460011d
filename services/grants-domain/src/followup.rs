//! What a fact leaves behind: awards to look at again, and queues to serve. At most 64 of them ride with the
//! command; the rest waits in the due list and is worked off before any new command.

mod continued;
mod review;
mod revive;

pub use continued::{ContinueFollowUp, FollowUpCompleted, FollowUpDeferred};
pub(crate) use continued::{completed, decide, deferred};

use crate::{
    award::queue,
    choice,
    context::Context,
    enterprise::affiliates,
    events::Event,
    ids::AwardId,
    ledger::apply,
    rules::Rules,
    state::{Draft, StateRead, first, list},
    subject,
    tables::{Awards, AwardsBySubject, Due},
    values::{CreditCode, Reference, Text},
};
use std::collections::BTreeSet;

/// How many awards one command may look at or serve.
pub const CONSEQUENCES_MAX: usize = 64;
/// How many bytes of consequences ride with one command.
pub const CONSEQUENCE_BYTES_MAX: usize = 512 * 1024;

choice! {
    /// What is to be done.
    pub enum FollowUpKind {
        /// Look again at the awards of a subject.
        Review = 1 => "review",
        /// Serve the queue of a budget line.
        Dequeue = 2 => "dequeue",
        /// Look at awards that a cap cut, because room of the cap or money of a line returned (K-15).
        Revive = 3 => "revive",
    }
}

/// One piece of work: a kind, what it is about, and the first award to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Task {
    pub(crate) kind: FollowUpKind,
    pub(crate) subject: String,
    pub(crate) cause: u64,
    pub(crate) next: AwardId,
}

/// The work that an event leaves behind. Queues come before awards that are to be raised.
pub(crate) fn agenda(state: &dyn StateRead, event: &Event, sequence: u64) -> Vec<Task> {
    let mut tasks = reviews(state, event, sequence);
    tasks.extend(revive::agenda(state, event, sequence));
    tasks
}

/// The awards to look at again, and the queues to serve.
fn reviews(state: &dyn StateRead, event: &Event, sequence: u64) -> Vec<Task> {
    let review =
        |subject: String| Task { kind: FollowUpKind::Review, subject, cause: sequence, next: AwardId(0) };
    let serve = |line: &Reference| Task {
        kind: FollowUpKind::Dequeue,
        subject: line.to_string(),
        cause: sequence,
        next: AwardId(0),
    };
    let row_of = |award: &AwardId| crate::state::get::<Awards>(state, award);
    let lines_of =
        |award: &AwardId| row_of(award).map_or_else(Vec::new, |row| row.lines().iter().map(serve).collect());
    match event {
        Event::AwardReported(fact) => subject::reached(state, &fact.subject).map(review).collect(),
        Event::FactRecorded(fact) => subject::reached(state, &fact.subject).map(review).collect(),
        Event::EvidenceVoided(fact) => vec![review(format!("evidence:{}", fact.key))],
        Event::PaymentRejected(fact) => vec![review(format!("award:{}", fact.award))],
        Event::PaymentReturned(fact) => vec![review(format!("award:{}", fact.award))],
        // What affiliates bought of each other may not count.
        Event::EnterprisesAffiliated(fact) => group(state, [&fact.enterprise, &fact.other]).map(review).collect(),
        Event::EnterprisesDisaffiliated(fact) => group(state, [&fact.enterprise, &fact.other]).map(review).collect(),
        Event::BudgetAllocated(fact) => vec![serve(&fact.line)],
        Event::BudgetAdjusted(fact) => vec![serve(&fact.line)],
        // Who comes with an early governing date is the head at once, and there may be money for it.
        Event::AwardQueued(fact) => vec![serve(&fact.line)],
        Event::AwardReduced(fact) => lines_of(&fact.award),
        Event::AwardRevoked(fact) => lines_of(&fact.award),
        // Whoever stood behind it on another line may be the head there.
        Event::AwardDequeued(fact) => {
            row_of(&fact.award).filter(|row| !row.shares.is_empty()).map_or_else(Vec::new, |_| lines_of(&fact.award))
        }
        Event::LedgerOpened(_)
        | Event::ChunkRecorded(_)
        | Event::VersionPublished(_)
        | Event::CalendarPublished(_)
        | Event::RatePublished(_)
        | Event::EnterpriseRegistered(_)
        // What is decided stands: no claw-back by itself. What is decided next reads the link.
        | Event::EnterpriseRenamed(_)
        | Event::EnterpriseCodeChanged(_)
        | Event::EnterpriseMerged(_)
        | Event::EnterpriseSplit(_)
        | Event::EnterpriseUnlinked(_)
        | Event::ProjectsLinked(_)
        | Event::ProjectsUnlinked(_)
        | Event::ProjectRegistered(_)
        // A sanction bars by its days: no award is less for it.
        | Event::SanctionImposed(_)
        | Event::SanctionLifted(_)
        | Event::RoundOpened(_)
        | Event::ApplicationSubmitted(_)
        | Event::ApplicationWithdrawn(_)
        | Event::ApplicationRejected(_)
        | Event::AwardProposed(_)
        | Event::AwardConfirmed(_)
        | Event::AwardRaised(_)
        | Event::AwardRaiseDelayed(_)
        | Event::AwardUnconfirmed(_)
        | Event::AwardSuspended(_)
        | Event::AwardResumed(_)
        | Event::PaymentInstructed(_)
        | Event::PaymentSettled(_)
        | Event::RecoveryProposed(_)
        | Event::RecoveryWithdrawn(_)
        | Event::RecoveryApproved(_)
        | Event::RecoveryOwed(_)
        | Event::RecoveryReversed(_)
        | Event::RecoveryReceived(_)
        | Event::FollowUpDeferred(_)
        | Event::FollowUpCompleted(_)
        | Event::CommandRefused(_) => Vec::new(),
    }
}

/// Everybody who was ever of a group with one of two enterprises, as subjects. The relation between the two may not be
/// entered yet.
fn group(state: &dyn StateRead, ends: [&CreditCode; 2]) -> impl Iterator<Item = String> {
    let all: BTreeSet<CreditCode> =
        ends.into_iter().flat_map(|code| affiliates::everybody(state, code)).collect();
    all.into_iter().map(|one| format!("enterprise:{one}"))
}

/// Room left for consequences of one command.
pub(crate) struct Room {
    looks: usize,
    bytes: usize,
}

impl Room {
    pub(crate) fn new() -> Self {
        Self { looks: CONSEQUENCES_MAX, bytes: CONSEQUENCE_BYTES_MAX }
    }
    fn take(&mut self, events: &[Event]) {
        use crate::wire::Message;
        let bytes: usize = events.iter().map(|event| event.encode().len()).sum();
        self.looks = self.looks.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(bytes);
    }
    fn is_spent(&self) -> bool {
        // One consequence is at most a few KiB; a margin of one event keeps the sum below the limit.
        self.looks == 0 || self.bytes < 64 * 1024
    }
}

/// Works on tasks, first come first served, until all are done or the room is spent. New tasks of consequences
/// join the end. What is left becomes `followup.deferred`. Events are applied to the draft as they arise.
pub(crate) fn work(
    draft: &mut Draft<'_>,
    rules: &dyn Rules,
    mut tasks: Vec<Task>,
    room: &mut Room,
    context: &Context,
    events: &mut Vec<Event>,
) {
    let mut at = 0;
    while let Some(task) = tasks.get(at).cloned() {
        at += 1;
        if let Some(rest) = work_one(draft, rules, task, room, context, events, &mut tasks) {
            let Task { kind, subject, cause, next } = rest;
            // Invariant: a subject is one of a command, or a prefix and an id or evidence key, shorter than this together.
            let subject: Text<80> =
                subject.parse().unwrap_or_else(|fault| panic!("subject {subject}: {fault}"));
            apply(draft, context, events, FollowUpDeferred { kind, subject, cause, next }.into());
        }
    }
}

fn work_one(
    draft: &mut Draft<'_>,
    rules: &dyn Rules,
    mut task: Task,
    room: &mut Room,
    context: &Context,
    events: &mut Vec<Event>,
    tasks: &mut Vec<Task>,
) -> Option<Task> {
    while let Some(award) = upcoming(draft, &task) {
        if room.is_spent() {
            return Some(Task { next: award, ..task });
        }
        let found = consequences(draft, rules, &task, award, context, events.len());
        room.take(&found);
        if found.is_empty() && task.kind == FollowUpKind::Dequeue {
            return None;
        }
        for event in found {
            let sequence = context.sequence.saturating_add(u64::try_from(events.len()).unwrap_or(u64::MAX));
            let more = agenda(draft, &event, sequence);
            apply(draft, context, events, event);
            for one in more {
                let known = tasks.iter().any(|other| other.kind == one.kind && other.subject == one.subject);
                if !known || one.kind != FollowUpKind::Review {
                    tasks.push(one);
                }
            }
        }
        // Behind the last possible award there is none to look at: the task ends, and never begins again.
        task.next = match task.kind {
            FollowUpKind::Revive => revive::following(draft, &task, award)?,
            FollowUpKind::Review | FollowUpKind::Dequeue => AwardId(award.0.checked_add(1)?),
        };
    }
    None
}

/// The next award that a task is about.
fn upcoming(state: &dyn StateRead, task: &Task) -> Option<AwardId> {
    match task.kind {
        FollowUpKind::Review => match task.subject.strip_prefix("award:") {
            Some(id) => id.parse().ok().filter(|id| task.next <= *id),
            None => {
                let (key, _) =
                    first::<AwardsBySubject>(state, &task.subject, &(task.subject.clone(), task.next))?;
                let id: [u8; 8] = key.get(key.len().checked_sub(8)?..)?.try_into().ok()?;
                Some(AwardId(u64::from_be_bytes(id)))
            }
        },
        FollowUpKind::Revive => revive::upcoming(state, task),
        // A queue always starts at its head, whatever was served before.
        FollowUpKind::Dequeue => {
            let line: Reference = task.subject.parse().ok()?;
            let Event::AwardDequeued(fact) = queue::next(state, &line)? else {
                return None;
            };
            Some(fact.award)
        }
    }
}

fn consequences(
    state: &dyn StateRead,
    rules: &dyn Rules,
    task: &Task,
    award: AwardId,
    context: &Context,
    ahead: usize,
) -> Vec<Event> {
    match task.kind {
        FollowUpKind::Review => review::review(state, rules, award, task.cause, context, ahead),
        FollowUpKind::Revive => revive::rise(state, rules, award, task.cause, context),
        FollowUpKind::Dequeue => {
            let line = task.subject.parse::<Reference>().ok();
            line.and_then(|line| queue::next(state, &line)).into_iter().collect()
        }
    }
}

/// Whether a late fact about a subject has not yet been worked off for this award.
pub(crate) fn reaches(state: &dyn StateRead, subject: &str, award: AwardId) -> bool {
    let waiting = list::<Due>(state, &subject.to_owned(), CONSEQUENCES_MAX);
    // More causes than are looked at: some of them may reach it.
    waiting.len() == CONSEQUENCES_MAX
        || waiting.iter().any(|(_, row)| row.kind == FollowUpKind::Review && row.next <= award)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        commands::Command,
        state::MemoryState,
        testing::{TinyRules, context},
    };

    /// With room for one look only: what is not done then would be deferred, and for ever.
    #[test]
    fn a_task_about_one_award_is_done_after_one_look_even_at_the_last_possible_one() {
        let (state, rules) = (MemoryState::default(), TinyRules::new());
        for award in [AwardId(7), AwardId(u64::MAX)] {
            let ask = ContinueFollowUp { subject: "award:AW-7".parse().unwrap(), cause: 1 };
            let (mut draft, context) = (Draft::on(&state), context(9, &Command::from(ask)));
            let (kind, subject) = (FollowUpKind::Review, format!("award:{award}"));
            let task = Task { kind, subject, cause: 1, next: AwardId(0) };
            let (mut room, mut events) = (Room { looks: 1, ..Room::new() }, Vec::new());
            work(&mut draft, &rules, vec![task], &mut room, &context, &mut events);
            assert!(events.is_empty(), "{award}: {events:?}");
            assert_eq!(room.looks, 0);
        }
    }
}

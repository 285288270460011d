//! The due list: work that waits, and the ledger's own command that goes on with it.

use crate::{
    followup::{FollowUpKind, Task},
    ids::AwardId,
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, get, put, remove},
    tables::{Due, DueRow},
    values::Text,
};

message! {
    /// The ledger's own request: go on with waiting work. Its id comes from cause and next award.
    pub struct ContinueFollowUp {
        1 => subject: Text<80>,
        2 => cause: u64,
    }
}

message! {
    /// Work was left for later: the next award to look at.
    pub struct FollowUpDeferred {
        1 => kind: FollowUpKind,
        2 => subject: Text<80>,
        3 => cause: u64,
        4 => next: AwardId,
    }
}

message! {
    /// A deferred piece of work was taken up again; a new deferral may follow in the same batch.
    pub struct FollowUpCompleted {
        1 => subject: Text<80>,
        2 => cause: u64,
    }
}

/// Refuses: `NothingDueToContinue`.
pub(crate) fn decide(state: &dyn StateRead, request: &ContinueFollowUp) -> Result<Task, Refused> {
    let subject = request.subject.to_string();
    let Some(row) = get::<Due>(state, &(subject.clone(), request.cause)) else {
        return Err(Refused::of(RefusalCode::NothingDueToContinue).with("subject", subject));
    };
    Ok(Task { kind: row.kind, subject, cause: request.cause, next: row.next })
}

pub(crate) fn deferred(state: &mut dyn StateWrite, fact: &FollowUpDeferred) {
    let row = DueRow { next: fact.next, kind: fact.kind };
    put::<Due>(state, &(fact.subject.to_string(), fact.cause), &row);
}

pub(crate) fn completed(state: &mut dyn StateWrite, fact: &FollowUpCompleted) {
    remove::<Due>(state, &(fact.subject.to_string(), fact.cause));
}

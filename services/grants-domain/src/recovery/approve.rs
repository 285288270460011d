//! Approve a recovery (决定追回): from now on it is owed.

use crate::{
    accounts::{Account, Posting, post, transfer},
    award::kept::Ground,
    context::{Actor, Context},
    events::Event,
    ids::RecoveryId,
    message,
    recovery::{self, RecoveryStatus},
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, change, get},
    tables::{Awards, Recoveries},
    values::{Fen, Text},
};

message! {
    /// The request.
    pub struct ApproveRecovery {
        1 => recovery: RecoveryId,
        /// 追回决定书 number.
        2 => document: Text<80>,
        /// What the decision rests on, where it matters: fraud keeps room of caps taken, if the rules say so (K-36).
        3 => ground: Option<Ground>,
    }
}

message! {
    /// The fact.
    pub struct RecoveryApproved {
        1 => recovery: RecoveryId,
        2 => amount: Fen,
        3 => document: Text<80>,
        4 => approved_by: Actor,
        5 => postings: Vec<Posting>,
        /// On what ground, if the decision named one. It is looked at when money comes back.
        6 => ground: Option<Ground>,
    }
}

/// Refuses: `RecoveryUnknown`, `RecoveryNotOpen` (decided before, or the payment is still on its way: nobody owes
/// what has not arrived). The proposer is a rule, so any approver is another person.
pub(crate) fn decide(
    state: &dyn StateRead,
    request: &ApproveRecovery,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    let row = recovery::recovery(state, request.recovery, RecoveryStatus::Proposed)?;
    let award = get::<Awards>(state, &row.award).unwrap_or_else(|| panic!("a recovery without its award"));
    let part = award.part(&row.line);
    if part.settled < part.recovering {
        let refused = Refused::of(RefusalCode::RecoveryNotOpen).with("recovery", request.recovery);
        return Err(refused.with("status", row.status).with("waits-for", "payment.settle"));
    }
    let postings = transfer(&row.line, Account::RecoveryClaims, Account::Receivable, row.amount);
    let ApproveRecovery { recovery, document, ground } = request.clone();
    let approved_by = context.actor.clone();
    Ok(vec![
        RecoveryApproved { recovery, amount: row.amount, document, approved_by, postings, ground }.into(),
    ])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &RecoveryApproved) {
    change::<Recoveries>(state, &fact.recovery, |row| {
        row.status = RecoveryStatus::Approved;
        row.approved_by = Some(fact.approved_by.clone());
        row.ground = fact.ground;
    });
    post(state, &fact.postings);
}

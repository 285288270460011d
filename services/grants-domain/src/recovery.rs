//! Recoveries (追回): proposed by rule for exactly the part no longer due, owed by a person's decision, or at once where
//! the rules say so (K-35).
//!
//! Invariant: received + reversed + outstanding = demanded; what is proposed and owed of an award never exceeds what was
//! instructed of it, and what is owed never exceeds what was settled.

pub mod approve;
pub mod owe;
pub mod propose;
pub mod receive;
pub mod reverse;

use crate::{
    choice,
    ids::RecoveryId,
    refusal::{RefusalCode, Refused},
    state::{StateRead, get},
    tables::{Recoveries, RecoveryRow},
    values::{Fen, Reference},
};

choice! {
    /// Where a recovery stands.
    pub enum RecoveryStatus {
        /// 拟追回: found by rule, owed by nobody yet.
        Proposed = 1 => "proposed",
        /// 已决定追回: owed, by a person's decision or at once.
        Approved = 2 => "approved",
        /// 已追回.
        Received = 3 => "received",
        /// 撤回: the reason fell away before anybody owed it.
        Withdrawn = 4 => "withdrawn",
        /// 撤销追回: the reason fell away, and nothing had come back.
        Reversed = 5 => "reversed",
    }
}

impl RecoveryRow {
    /// What is still demanded.
    #[must_use]
    pub fn outstanding(&self) -> Fen {
        let left = self.amount.checked_sub(self.received);
        left.and_then(|left| left.checked_sub(self.reversed)).unwrap_or(Fen::ZERO)
    }
    /// Ends it once nothing is outstanding.
    pub(crate) fn close(&mut self) {
        if self.outstanding().is_zero() {
            let came_back = !self.received.is_zero();
            self.status = if came_back { RecoveryStatus::Received } else { RecoveryStatus::Reversed };
        }
    }
}

/// The budget line that paid what a recovery takes back.
pub(crate) fn line(state: &dyn StateRead, id: RecoveryId) -> Reference {
    get::<Recoveries>(state, &id).unwrap_or_else(|| panic!("recovery {id} was never proposed")).line
}

/// A recovery in the state that a verb needs.
pub(crate) fn recovery(
    state: &dyn StateRead,
    id: RecoveryId,
    needed: RecoveryStatus,
) -> Result<RecoveryRow, Refused> {
    let Some(row) = get::<Recoveries>(state, &id) else {
        return Err(Refused::of(RefusalCode::RecoveryUnknown).with("recovery", id));
    };
    if row.status != needed {
        return Err(Refused::of(RefusalCode::RecoveryNotOpen)
            .with("recovery", id)
            .with("status", row.status));
    }
    Ok(row)
}

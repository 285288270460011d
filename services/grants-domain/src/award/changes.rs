//! Payment of an award is held, and the hold is lifted: both follow from facts, not from a clerk.

use crate::{
    ids::AwardId,
    message,
    state::{StateWrite, change},
    tables::Awards,
    trace::Hold,
};

message! {
    /// 暂缓拨付: payment waits, for these reasons.
    pub struct AwardSuspended {
        1 => award: AwardId,
        2 => holds: Vec<Hold>,
        /// Sequence of the fact that caused it.
        3 => cause: u64,
    }
}

message! {
    /// 恢复: nothing holds the payment any more.
    pub struct AwardResumed {
        1 => award: AwardId,
        2 => cause: u64,
    }
}

pub(crate) fn suspended(state: &mut dyn StateWrite, fact: &AwardSuspended) {
    change::<Awards>(state, &fact.award, |row| row.holds.clone_from(&fact.holds));
}

pub(crate) fn resumed(state: &mut dyn StateWrite, fact: &AwardResumed) {
    change::<Awards>(state, &fact.award, |row| row.holds.clear());
}

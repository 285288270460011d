//! A recovery is proposed by rule, and withdrawn by rule when its reason falls away before approval.

use crate::{
    ids::{AwardId, RecoveryId},
    message,
    recovery::{self, RecoveryStatus},
    state::{StateWrite, change, put},
    tables::{Awards, Recoveries, RecoveryRow},
    values::{Fen, Reference, Slug},
};

message! {
    /// 拟追回: this part of the award is paid, or on its way, and no longer due.
    pub struct RecoveryProposed {
        1 => recovery: RecoveryId,
        2 => award: AwardId,
        /// The line that paid it: where several did, each has a recovery of its own.
        3 => line: Reference,
        4 => amount: Fen,
        5 => rule: Slug,
        /// Sequence of the fact that caused it.
        6 => cause: u64,
    }
}

message! {
    /// 撤回拟追回.
    pub struct RecoveryWithdrawn {
        1 => recovery: RecoveryId,
        2 => award: AwardId,
        3 => amount: Fen,
        4 => cause: u64,
    }
}

pub(crate) fn proposed(state: &mut dyn StateWrite, fact: &RecoveryProposed) {
    let RecoveryProposed { recovery, award, line, amount, rule, cause } = fact.clone();
    let (received, status) = (Fen::ZERO, RecoveryStatus::Proposed);
    let reversed = Fen::ZERO;
    let row = RecoveryRow {
        award,
        line: line.clone(),
        amount,
        received,
        status,
        rule,
        cause,
        approved_by: None,
        reversed,
        ground: None,
    };
    put::<Recoveries>(state, &recovery, &row);
    change::<Awards>(state, &award, |row| {
        let more =
            |sum: Fen| sum.checked_add(amount).unwrap_or_else(|| panic!("a recovery leaves its range"));
        row.recovering = more(row.recovering);
        assert!(row.recovering <= row.instructed, "more is recovered than was instructed");
        row.change_part(&line, |part| {
            part.recovering = more(part.recovering);
            assert!(part.recovering <= part.instructed, "more is recovered than line {line} paid");
        });
        row.recoveries.push(recovery);
    });
}

pub(crate) fn withdrawn(state: &mut dyn StateWrite, fact: &RecoveryWithdrawn) {
    change::<Recoveries>(state, &fact.recovery, |row| row.status = RecoveryStatus::Withdrawn);
    let line = recovery::line(state.as_read(), fact.recovery);
    change::<Awards>(state, &fact.award, |row| {
        let less = |sum: Fen| sum.checked_sub(fact.amount).unwrap_or_else(|| panic!("withdrawn twice"));
        row.recovering = less(row.recovering);
        row.change_part(&line, |part| part.recovering = less(part.recovering));
        row.recoveries.retain(|other| *other != fact.recovery);
    });
}

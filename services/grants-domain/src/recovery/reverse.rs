//! A recovery that is owed is reversed by rule when its reason falls away: what has not come back stays with the
//! award, as it was decided. What has come back stays back, because nothing is ever raised by a rule.

use crate::{
    accounts::{Account, Posting, post, transfer},
    ids::{AwardId, RecoveryId},
    message, recovery,
    state::{StateWrite, change},
    tables::{Awards, Recoveries, RecoveryRow},
    values::Fen,
};

message! {
    /// 撤销追回: this part, which had not come back, is owed no longer.
    pub struct RecoveryReversed {
        1 => recovery: RecoveryId,
        2 => award: AwardId,
        3 => amount: Fen,
        /// Sequence of the fact that caused it.
        4 => cause: u64,
        5 => postings: Vec<Posting>,
    }
}

/// The event that takes back `amount` of what is owed.
pub(crate) fn reversed(recovery: RecoveryId, row: &RecoveryRow, amount: Fen, cause: u64) -> RecoveryReversed {
    let postings = transfer(&row.line, Account::Receivable, Account::RecoveryClaims, amount);
    RecoveryReversed { recovery, award: row.award, amount, cause, postings }
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &RecoveryReversed) {
    change::<Recoveries>(state, &fact.recovery, |row| {
        assert!(fact.amount <= row.outstanding(), "more is reversed than is owed");
        row.reversed = row.reversed.checked_add(fact.amount).unwrap_or_else(|| panic!("reversed twice"));
        row.close();
    });
    let line = recovery::line(state.as_read(), fact.recovery);
    change::<Awards>(state, &fact.award, |row| {
        let less = |sum: Fen| sum.checked_sub(fact.amount).unwrap_or_else(|| panic!("reversed twice"));
        row.recovering = less(row.recovering);
        row.change_part(&line, |part| part.recovering = less(part.recovering));
    });
    post(state, &fact.postings);
}

//! A recovery is owed at once (自动追回), without a person's decision: only where the rules say so (K-35). The default is
//! that a person decides (`recovery.approve`, I-19).
//!
//! Nobody owes what has not arrived: while a payment of the award is on its way, the recovery waits for its result.

use crate::{
    accounts::{Account, Posting, post, transfer},
    events::Event,
    ids::{AwardId, RecoveryId},
    message,
    recovery::RecoveryStatus,
    rules::Rules,
    state::{StateRead, StateWrite, change, get},
    tables::{Applications, AwardRow, Recoveries},
    values::{Fen, Reference, Slug},
};

message! {
    /// 自动追回: owed from now on, because the rules say so and nobody has to.
    pub struct RecoveryOwed {
        1 => recovery: RecoveryId,
        2 => award: AwardId,
        3 => amount: Fen,
        /// The interpretation that says so, or the document if its text does.
        4 => interpretation: Slug,
        5 => postings: Vec<Posting>,
    }
}

/// Who says that recoveries of an award are owed at once, if anybody does.
pub(crate) fn at_once(state: &dyn StateRead, rules: &dyn Rules, award: &AwardRow) -> Option<Slug> {
    // Invariant: an award rests on an application, and it never goes.
    let application = get::<Applications>(state, &award.application)
        .unwrap_or_else(|| panic!("an award without its application {}", award.application));
    rules.owed_at_once(award.version, &application)
}

/// The event by which a recovery of this amount is owed.
pub(crate) fn owed(
    recovery: RecoveryId,
    award: AwardId,
    line: &Reference,
    amount: Fen,
    interpretation: Slug,
) -> Event {
    let postings = transfer(line, Account::RecoveryClaims, Account::Receivable, amount);
    RecoveryOwed { recovery, award, amount, interpretation, postings }.into()
}

/// What is owed at once when a payment of the award has arrived, an amount of one line: recoveries that were proposed while
/// it was on its way.
pub(crate) fn arrived(
    state: &dyn StateRead,
    rules: &dyn Rules,
    id: AwardId,
    award: &AwardRow,
    (line, amount): (&Reference, Fen),
) -> Vec<Event> {
    let known = award.recoveries.iter().filter_map(|id| get::<Recoveries>(state, id).map(|row| (*id, row)));
    let of_line = known.filter(|(_, row)| row.line == *line);
    let waiting: Vec<_> = of_line.filter(|(_, row)| row.status == RecoveryStatus::Proposed).collect();
    let part = award.part(line);
    if waiting.is_empty() || part.settled.checked_add(amount).unwrap_or(Fen::MAX) < part.recovering {
        return Vec::new();
    }
    let Some(by) = at_once(state, rules, award) else {
        return Vec::new();
    };
    waiting.into_iter().map(|(recovery, row)| owed(recovery, id, &row.line, row.amount, by.clone())).collect()
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &RecoveryOwed) {
    change::<Recoveries>(state, &fact.recovery, |row| row.status = RecoveryStatus::Approved);
    post(state, &fact.postings);
}

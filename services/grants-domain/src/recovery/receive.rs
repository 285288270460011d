//! Receive a recovery (缴回): money came back; the award falls by it, and gives its cap room back, unless the recovery was
//! decided on the ground of fraud and the rules keep the room then (K-36).

use crate::{
    accounts::{Account, Posting, post, transfer},
    award::{
        AwardStatus, holdings,
        kept::{self, KeptRoom},
        raise,
    },
    events::Event,
    ids::{AwardId, RecoveryId},
    message, payment,
    recovery::{self, RecoveryStatus},
    refusal::{RefusalCode, Refused},
    rules::Rules,
    state::{StateRead, StateWrite, change, get, has, put},
    tables::{Awards, Mark, Receipts, Recoveries},
    values::{Date, Fen, Text},
};

message! {
    /// The request.
    pub struct ReceiveRecovery {
        1 => recovery: RecoveryId,
        2 => amount: Fen,
        3 => bank_reference: Text<60>,
        4 => on: Date,
    }
}

message! {
    /// The fact.
    pub struct RecoveryReceived {
        1 => recovery: RecoveryId,
        2 => award: AwardId,
        3 => amount: Fen,
        4 => bank_reference: Text<60>,
        5 => on: Date,
        6 => postings: Vec<Posting>,
        /// Cap room that stays taken. Of every other cap the room of the part returns.
        #[serde(default)]
        7 => kept: Vec<KeptRoom>,
    }
}

/// Refuses: `RecoveryUnknown`, `RecoveryNotOpen` (not owed yet, or done), `AmountAboveOutstanding`, `BankReferenceKnown`
/// (one receipt is one part of a recovery).
pub(crate) fn decide(
    state: &dyn StateRead,
    rules: &dyn Rules,
    request: &ReceiveRecovery,
) -> Result<Vec<Event>, Refused> {
    let row = recovery::recovery(state, request.recovery, RecoveryStatus::Approved)?;
    let outstanding = row.outstanding();
    if outstanding < request.amount || request.amount == Fen::ZERO {
        let refused = Refused::of(RefusalCode::AmountAboveOutstanding);
        return Err(refused.with("outstanding", outstanding).with("reported", request.amount));
    }
    let reference = payment::reference(request.bank_reference.as_str());
    if has::<Receipts>(state, &(request.recovery, reference.clone())) {
        let refused = Refused::of(RefusalCode::BankReferenceKnown).with("bank-reference", reference);
        return Err(refused.with("used-by", request.recovery));
    }
    let postings = transfer(&row.line, Account::Receivable, Account::Recovered, request.amount);
    let ReceiveRecovery { recovery, amount, bank_reference, on } = request.clone();
    let award = get::<Awards>(state, &row.award).unwrap_or_else(|| panic!("a recovery without its award"));
    let kept = kept::kept(state, rules, &award, row.ground, amount);
    Ok(vec![
        RecoveryReceived { recovery, award: row.award, amount, bank_reference, on, postings, kept }.into(),
    ])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &RecoveryReceived) {
    let reference = payment::reference(fact.bank_reference.as_str());
    put::<Receipts>(state, &(fact.recovery, reference), &Mark {});
    change::<Recoveries>(state, &fact.recovery, |row| {
        row.received = row.received.checked_add(fact.amount).unwrap_or_else(|| panic!("too much came back"));
        row.close();
    });
    let before = get::<Awards>(state.as_read(), &fact.award)
        .unwrap_or_else(|| panic!("an unknown award is recovered"));
    holdings::give_back_room(state, fact.award, &before, fact.amount, &fact.kept);
    if before.amount == fact.amount {
        holdings::give_back_rights(state, fact.award, &before);
        raise::unmark(state, fact.award, &before);
    }
    let line = recovery::line(state.as_read(), fact.recovery);
    change::<Awards>(state, &fact.award, |row| {
        let less =
            |sum: Fen| sum.checked_sub(fact.amount).unwrap_or_else(|| panic!("more came back than was paid"));
        row.amount = less(row.amount);
        row.instructed = less(row.instructed);
        row.settled = less(row.settled);
        row.recovering = less(row.recovering);
        row.change_part(&line, |part| {
            part.amount = less(part.amount);
            part.instructed = less(part.instructed);
            part.settled = less(part.settled);
            part.recovering = less(part.recovering);
        });
        if row.amount == Fen::ZERO {
            row.status = AwardStatus::Recovered;
        }
    });
    post(state, &fact.postings);
}

//! Postings: each balances on every line, moves the amount that its fact tells, and turns no account's sign.

use super::{Entry, yuan};
use crate::code::Code;
use grants_domain::{
    accounts::{Account, Posting, Side},
    events::Event,
    values::Fen,
};
use std::collections::BTreeMap;

/// Balance of every account of every line, in 分, debits positive.
#[derive(Default)]
pub(super) struct Money {
    balances: BTreeMap<(String, Account), i128>,
}

impl Money {
    pub(super) fn enter(&mut self, entry: &mut Entry<'_>) {
        let (postings, amount) = moves(entry.event);
        let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
        let mut debits = 0i128;
        for posting in postings {
            let signed = signed(posting);
            *sums.entry(posting.line.as_str()).or_default() += signed;
            debits += signed.max(0);
            *self.balances.entry((posting.line.to_string(), posting.account)).or_default() += signed;
        }
        if let Some((line, sum)) = sums.into_iter().find(|(_, sum)| *sum != 0) {
            entry.wrong(Code::PostingUnbalanced, &format!("postings of {line}"), yuan(sum), yuan(0));
        }
        if !postings.is_empty() && debits != i128::from(amount.get()) {
            entry.wrong(Code::PostingAmount, "postings", yuan(debits), amount);
        }
        for posting in postings {
            self.sign(entry, posting);
        }
    }

    fn sign(&self, entry: &mut Entry<'_>, posting: &Posting) {
        let key = (posting.line.to_string(), posting.account);
        let balance = self.balances.get(&key).copied().unwrap_or(0);
        let credit = matches!(posting.account, Account::Appropriation | Account::RecoveryClaims);
        let turned = if credit { 0 < balance } else { balance < 0 };
        if turned {
            let overdrawn = posting.account == Account::Available;
            let code = if overdrawn { Code::BudgetOverdrawn } else { Code::BalanceNegative };
            entry.wrong(
                code,
                &format!("balance of {} on {}", posting.account, posting.line),
                yuan(balance),
                yuan(0),
            );
        }
    }
}

fn signed(posting: &Posting) -> i128 {
    let amount = i128::from(posting.amount.get());
    match posting.side {
        Side::Debit => amount,
        Side::Credit => -amount,
    }
}

/// The postings of a fact, and the amount that it tells.
fn moves(event: &Event) -> (&[Posting], Fen) {
    match event {
        Event::BudgetAllocated(fact) => (&fact.postings, fact.amount),
        Event::BudgetAdjusted(fact) => (&fact.postings, fact.amount),
        Event::AwardProposed(fact) => (&fact.postings, fact.amount),
        Event::AwardDequeued(fact) => (&fact.postings, fact.amount),
        Event::AwardConfirmed(fact) => (&fact.postings, fact.amount),
        Event::AwardUnconfirmed(fact) => (&fact.postings, fact.amount),
        Event::AwardRaised(fact) => (&fact.postings, fact.by),
        Event::AwardReduced(fact) => (&fact.postings, fact.by),
        Event::AwardRevoked(fact) => (&fact.postings, fact.amount),
        Event::PaymentInstructed(fact) => (&fact.postings, fact.amount),
        Event::PaymentSettled(fact) => (&fact.postings, fact.amount),
        Event::PaymentRejected(fact) => (&fact.postings, fact.amount),
        Event::PaymentReturned(fact) => (&fact.postings, fact.amount),
        Event::RecoveryApproved(fact) => (&fact.postings, fact.amount),
        Event::RecoveryOwed(fact) => (&fact.postings, fact.amount),
        Event::RecoveryReversed(fact) => (&fact.postings, fact.amount),
        Event::RecoveryReceived(fact) => (&fact.postings, fact.amount),
        Event::LedgerOpened(_)
        | Event::ChunkRecorded(_)
        | Event::VersionPublished(_)
        | Event::CalendarPublished(_)
        | Event::RatePublished(_)
        | Event::EnterpriseRegistered(_)
        | Event::EnterpriseRenamed(_)
        | Event::EnterpriseCodeChanged(_)
        | Event::EnterpriseMerged(_)
        | Event::EnterpriseSplit(_)
        | Event::EnterpriseUnlinked(_)
        | Event::EnterprisesAffiliated(_)
        | Event::EnterprisesDisaffiliated(_)
        | Event::ProjectsLinked(_)
        | Event::ProjectsUnlinked(_)
        | Event::SanctionImposed(_)
        | Event::SanctionLifted(_)
        | Event::ProjectRegistered(_)
        | Event::RoundOpened(_)
        | Event::AwardReported(_)
        | Event::FactRecorded(_)
        | Event::EvidenceVoided(_)
        | Event::ApplicationSubmitted(_)
        | Event::ApplicationWithdrawn(_)
        | Event::ApplicationRejected(_)
        | Event::AwardQueued(_)
        | Event::AwardRaiseDelayed(_)
        | Event::AwardSuspended(_)
        | Event::AwardResumed(_)
        | Event::RecoveryProposed(_)
        | Event::RecoveryWithdrawn(_)
        | Event::FollowUpDeferred(_)
        | Event::FollowUpCompleted(_)
        | Event::CommandRefused(_) => (&[], Fen::ZERO),
    }
}

//! Payments and recoveries: no 分 of an award is covered twice, and nothing comes back that never left.

use super::{Books, Entry, yuan};
use crate::code::Code;
use grants_domain::{
    ids::{AttemptId, RecoveryId},
    payment::{
        instruct::PaymentInstructed, reject::PaymentRejected, returned::PaymentReturned,
        settle::PaymentSettled,
    },
    recovery::{
        approve::RecoveryApproved,
        owe::RecoveryOwed,
        propose::{RecoveryProposed, RecoveryWithdrawn},
        receive::RecoveryReceived,
        reverse::RecoveryReversed,
    },
    values::Fen,
};

/// Where an attempt to pay stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    InTransit,
    Settled,
    Over,
}

/// An attempt to pay.
pub(super) struct Attempt {
    award: u64,
    line: String,
    amount: i128,
    step: Step,
}

/// Where a recovery stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Demand {
    Proposed,
    Owed,
    Over,
}

/// A recovery.
pub(super) struct Recovery {
    line: String,
    amount: i128,
    received: i128,
    demand: Demand,
}

impl Books {
    pub(super) fn instructed(&mut self, entry: &mut Entry<'_>, fact: &PaymentInstructed) {
        entry.named("payment", fact.payment.0);
        let amount = i128::from(fact.amount.get());
        let attempt =
            Attempt { award: fact.award.0, line: fact.line.to_string(), amount, step: Step::InTransit };
        self.attempts.insert(fact.payment.0, attempt);
        self.is_free_for(entry, fact.award.0);
        let Some(award) = self.standing(entry, fact.award) else {
            return;
        };
        let Some(confirmer) = award.confirmer.clone() else {
            entry.wrong(Code::AwardNotOpen, "award", "an award that nobody confirmed", "a confirmed award");
            return;
        };
        entry.another_than("actor", entry.actor, &[&award.decider, &confirmer]);
        if award.held {
            entry.wrong(Code::PaymentHeld, "award", fact.award, "an award whose payment is not held");
        }
        award.instructed += amount;
        let part = award.parts.entry(fact.line.to_string()).or_default();
        part.instructed += amount;
        if part.amount < part.instructed {
            let left = part.amount - (part.instructed - amount);
            entry.wrong(Code::PaymentTwice, "amount", fact.amount, format!("at most {}", yuan(left)));
        }
    }

    /// Moves an attempt on; what it was about, if it stood where the bank's answer needs it.
    fn answer(
        &mut self,
        entry: &mut Entry<'_>,
        id: AttemptId,
        amount: Fen,
        from: Step,
        to: Step,
    ) -> Option<(u64, String, i128)> {
        let Some(attempt) = self.attempts.get_mut(&id.0).filter(|one| one.step == from) else {
            entry.wrong(Code::PaymentNotLive, "payment", id, "a payment that waits for this");
            return None;
        };
        attempt.step = to;
        entry.amount(amount, attempt.amount);
        Some((attempt.award, attempt.line.clone(), attempt.amount))
    }

    pub(super) fn settled(&mut self, entry: &mut Entry<'_>, fact: &PaymentSettled) {
        let answer = self.answer(entry, fact.payment, fact.amount, Step::InTransit, Step::Settled);
        let Some((award, _, amount)) = answer else { return };
        if let Some(award) = self.awards.get_mut(&award) {
            award.settled += amount;
        }
    }

    pub(super) fn payment_rejected(&mut self, entry: &mut Entry<'_>, fact: &PaymentRejected) {
        let answer = self.answer(entry, fact.payment, fact.amount, Step::InTransit, Step::Over);
        let Some((award, line, amount)) = answer else { return };
        if let Some(award) = self.awards.get_mut(&award) {
            award.parts.entry(line).or_default().instructed -= amount;
            award.instructed -= amount;
        }
    }

    pub(super) fn payment_returned(&mut self, entry: &mut Entry<'_>, fact: &PaymentReturned) {
        let Some(attempt) = self.attempts.get_mut(&fact.payment.0).filter(|one| one.step == Step::Settled)
        else {
            entry.wrong(Code::PaymentNotLive, "payment", fact.payment, "a payment that waits for this");
            return;
        };
        attempt.step = Step::Over;
        let (award, line) = (attempt.award, attempt.line.clone());
        // What was owed back was received out of the same money, and has left the award with its own fact.
        let owed = self.received.get(&(award, line.clone())).copied().unwrap_or(0);
        entry.amount(fact.amount, attempt.amount - owed);
        if let Some(award) = self.awards.get_mut(&award) {
            award.parts.entry(line).or_default().instructed -= i128::from(fact.amount.get());
            award.instructed -= i128::from(fact.amount.get());
            award.settled -= i128::from(fact.amount.get());
        }
    }

    pub(super) fn recovery_proposed(&mut self, entry: &mut Entry<'_>, fact: &RecoveryProposed) {
        entry.named("recovery", fact.recovery.0);
        let amount = i128::from(fact.amount.get());
        let line = fact.line.to_string();
        let recovery = Recovery { line, amount, received: 0, demand: Demand::Proposed };
        self.recoveries.insert(fact.recovery.0, recovery);
        let Some(award) = self.standing(entry, fact.award) else {
            return;
        };
        award.recovering += amount;
        if award.instructed < award.recovering {
            let left = award.instructed - (award.recovering - amount);
            entry.wrong(Code::RecoveryAbovePaid, "amount", fact.amount, format!("at most {}", yuan(left)));
        }
    }

    /// The recovery, if it stands where the fact needs it.
    fn demanded(&mut self, entry: &mut Entry<'_>, id: RecoveryId, needed: Demand) -> Option<&mut Recovery> {
        let found = self.recoveries.get_mut(&id.0).filter(|one| one.demand == needed);
        if found.is_none() {
            entry.wrong(Code::RecoveryNotOpen, "recovery", id, "a recovery that waits for this");
        }
        found
    }

    pub(super) fn recovery_withdrawn(&mut self, entry: &mut Entry<'_>, fact: &RecoveryWithdrawn) {
        let Some(recovery) = self.demanded(entry, fact.recovery, Demand::Proposed) else {
            return;
        };
        recovery.demand = Demand::Over;
        entry.amount(fact.amount, recovery.amount);
        if let Some(award) = self.awards.get_mut(&fact.award.0) {
            award.recovering -= i128::from(fact.amount.get());
        }
    }

    pub(super) fn recovery_approved(&mut self, entry: &mut Entry<'_>, fact: &RecoveryApproved) {
        entry.given_by("approved_by", &fact.approved_by);
        let Some(recovery) = self.demanded(entry, fact.recovery, Demand::Proposed) else {
            return;
        };
        recovery.demand = Demand::Owed;
        entry.amount(fact.amount, recovery.amount);
    }

    /// Owed at once: nobody decided, so nobody is named.
    pub(super) fn recovery_owed(&mut self, entry: &mut Entry<'_>, fact: &RecoveryOwed) {
        let Some(recovery) = self.demanded(entry, fact.recovery, Demand::Proposed) else {
            return;
        };
        recovery.demand = Demand::Owed;
        entry.amount(fact.amount, recovery.amount);
    }

    /// What is owed no longer: a part that has not come back.
    pub(super) fn recovery_reversed(&mut self, entry: &mut Entry<'_>, fact: &RecoveryReversed) {
        let amount = i128::from(fact.amount.get());
        let Some(recovery) = self.demanded(entry, fact.recovery, Demand::Owed) else {
            return;
        };
        recovery.amount -= amount;
        if recovery.amount < recovery.received {
            let left = recovery.amount + amount - recovery.received;
            entry.wrong(Code::RecoveryAbovePaid, "amount", fact.amount, format!("at most {}", yuan(left)));
        }
        if recovery.amount <= recovery.received {
            recovery.demand = Demand::Over;
        }
        if let Some(award) = self.awards.get_mut(&fact.award.0) {
            award.recovering -= amount;
        }
    }

    pub(super) fn recovery_received(&mut self, entry: &mut Entry<'_>, fact: &RecoveryReceived) {
        let amount = i128::from(fact.amount.get());
        let Some(recovery) = self.demanded(entry, fact.recovery, Demand::Owed) else {
            return;
        };
        let line = recovery.line.clone();
        recovery.received += amount;
        if recovery.amount < recovery.received {
            let left = recovery.amount - (recovery.received - amount);
            entry.wrong(Code::RecoveryAbovePaid, "amount", fact.amount, format!("at most {}", yuan(left)));
        }
        if recovery.amount <= recovery.received {
            recovery.demand = Demand::Over;
        }
        *self.received.entry((fact.award.0, line.clone())).or_default() += amount;
        let Some(award) = self.awards.get_mut(&fact.award.0) else {
            return;
        };
        let part = award.parts.entry(line).or_default();
        part.amount -= amount;
        part.instructed -= amount;
        award.amount -= amount;
        award.instructed -= amount;
        award.settled -= amount;
        award.recovering -= amount;
        self.limits.give_back_room(&award.used, amount, &fact.kept);
        if award.amount <= 0 {
            self.limits.give_back_rights(fact.award.0, &award.used);
        }
    }
}

//! Events of the ledger in the words of both sides.

use super::World;
use crate::{step::Nth, told::Told};
use grants_domain::{
    award::{AwardProposed, shares::Share},
    events::Event,
    ids::{AttemptId, AwardId, RecoveryId},
    state::get,
    tables::{Attempts, Recoveries},
    trace::Hold,
    values::Fen,
};

fn fen(amount: Fen) -> i128 {
    i128::from(amount.get())
}

/// Holds as pairs of texts.
pub(crate) fn holds(holds: &[Hold]) -> Vec<(String, String)> {
    holds.iter().map(|one| (one.rule.to_string(), one.waits_for.to_string())).collect()
}

impl World {
    /// The application of an award.
    pub(crate) fn name(&self, award: AwardId) -> String {
        self.names.applications.get(&award).cloned().unwrap_or_else(|| award.to_string())
    }
    /// A payment by its award.
    pub(crate) fn payment_name(&self, payment: AttemptId) -> Nth {
        let award = get::<Attempts>(&self.state, &payment).unwrap().award;
        let nth = self.names.payments[&award].iter().position(|one| *one == payment).unwrap();
        Nth { award: self.name(award), nth }
    }
    /// A recovery by its award.
    pub(crate) fn recovery_name(&self, recovery: RecoveryId) -> Nth {
        let award = get::<Recoveries>(&self.state, &recovery).unwrap().award;
        let nth = self.names.recoveries[&award].iter().position(|one| *one == recovery).unwrap();
        Nth { award: self.name(award), nth }
    }
}

/// What an event says. The return of a payment of which nothing is left is still told.
pub(super) fn tell(world: &World, event: &Event) -> Option<Told> {
    let name = |award: &AwardId| world.name(*award);
    Some(match event {
        Event::AwardProposed(fact) => proposed(fact),
        Event::ApplicationRejected(fact) => Told::Rejected {
            application: fact.application.to_string(),
            code: fact.refused.code.word().to_owned(),
            rule: fact.refused.rule.as_ref().map(ToString::to_string),
        },
        Event::AwardQueued(fact) => Told::Queued {
            award: name(&fact.award),
            line: fact.line.to_string(),
            position: fact.position,
            amount: fen(fact.amount),
        },
        Event::AwardDequeued(fact) => Told::Dequeued { award: name(&fact.award), amount: fen(fact.amount) },
        Event::AwardConfirmed(fact) => Told::Confirmed { award: name(&fact.award), amount: fen(fact.amount) },
        Event::AwardUnconfirmed(fact) => {
            Told::Unconfirmed { award: name(&fact.award), amount: fen(fact.amount) }
        }
        Event::AwardReduced(fact) => {
            Told::Reduced { award: name(&fact.award), by: fen(fact.by), to: fen(fact.to) }
        }
        Event::AwardRevoked(fact) => Told::Revoked { award: name(&fact.award), amount: fen(fact.amount) },
        Event::AwardSuspended(fact) => {
            Told::Suspended { award: name(&fact.award), holds: holds(&fact.holds) }
        }
        Event::AwardResumed(fact) => Told::Resumed { award: name(&fact.award) },
        _ => return Some(of_money(world, event).unwrap_or(Told::Recorded(event.word()))),
    })
}

fn of_money(world: &World, event: &Event) -> Option<Told> {
    let payment = |id: &AttemptId| world.payment_name(*id);
    let recovery = |id: &RecoveryId| world.recovery_name(*id);
    Some(match event {
        Event::PaymentInstructed(fact) => {
            let on = i64::from(fact.on.days());
            let number = |account: &str| account.bytes().last().unwrap() - b'0';
            let payee = fact.payee.as_ref();
            let payee = payee.map(|one| (one.name.to_string(), number(one.account.as_str())));
            Told::Instructed { payment: payment(&fact.payment), amount: fen(fact.amount), on, payee }
        }
        Event::PaymentSettled(fact) => {
            Told::Settled { payment: payment(&fact.payment), amount: fen(fact.amount) }
        }
        Event::PaymentRejected(fact) => {
            Told::PaymentRejected { payment: payment(&fact.payment), amount: fen(fact.amount) }
        }
        Event::PaymentReturned(fact) => {
            Told::Returned { payment: payment(&fact.payment), amount: fen(fact.amount) }
        }
        Event::RecoveryProposed(fact) => {
            let (recovery, rule) = (recovery(&fact.recovery), fact.rule.to_string());
            Told::Demanded { recovery, amount: fen(fact.amount), rule }
        }
        Event::RecoveryWithdrawn(fact) => {
            Told::Dropped { recovery: recovery(&fact.recovery), amount: fen(fact.amount) }
        }
        Event::RecoveryApproved(fact) => {
            Told::Owed { recovery: recovery(&fact.recovery), amount: fen(fact.amount) }
        }
        Event::RecoveryOwed(fact) => {
            Told::Owed { recovery: recovery(&fact.recovery), amount: fen(fact.amount) }
        }
        Event::RecoveryReversed(fact) => {
            Told::Reversed { recovery: recovery(&fact.recovery), amount: fen(fact.amount) }
        }
        Event::RecoveryReceived(fact) => {
            Told::Received { recovery: recovery(&fact.recovery), amount: fen(fact.amount) }
        }
        _ => return None,
    })
}

fn proposed(fact: &AwardProposed) -> Told {
    let cut = fact.trace.caps.iter().filter(|cap| cap.cut).map(|cap| cap.cap.to_string());
    let mut parts = vec![(fact.payer.to_string(), fact.line.to_string(), fen(fact.amount))];
    if !fact.shares.is_empty() {
        let part = |one: &Share| (one.treasury.to_string(), one.line.to_string(), fen(one.amount));
        parts = fact.shares.iter().map(part).collect();
    }
    Told::Proposed {
        award: fact.application.to_string(),
        parts,
        amount: fen(fact.amount),
        holds: holds(&fact.holds),
        cut: cut.collect(),
        governing: i64::from(fact.trace.governing.days()),
        version: fact.trace.version,
    }
}

//! From an event of the ledger to what the public is told of it, if anything: no clock, no file, nothing but the events.
//!
//! Every event is looked at here by name. Whoever adds one decides, in this file, whether the public is told.

use grants_domain::{
    application::submit::ApplicationSubmitted,
    award::{
        AwardProposed, AwardQueued, AwardSuspended, raise::AwardRaised, reduce::AwardReduced,
        revoke::AwardRevoked, shares::Part as Told,
    },
    events::Event,
    ids::{AttemptId, AwardId, RecoveryId},
    payment::{instruct::PaymentInstructed, returned::PaymentReturned, settle::PaymentSettled},
    record::Envelope,
    recovery::{propose::RecoveryProposed, receive::RecoveryReceived},
    values::{Date, Fen, Reference, Text, Treasury},
};

use super::{
    awards::{
        Attempt, Awards, Contradiction, Known, Recovery, Share, Wrong, contradiction, less, name, text,
    },
    entry::{self, Award, AwardStatus, Change, Entry, PayeeKind},
};

/// What is told of one event, before what stands is added.
struct Tale {
    award: AwardId,
    change: Change,
    corrects: Option<u64>,
    on: Option<Date>,
}

type Tell = Result<Option<Tale>, Wrong>;

impl Awards {
    /// Takes the next event of the log, and gives what the public is told of it.
    ///
    /// # Errors
    /// The event does not fit what came before it. Nothing may be told after that.
    pub fn tell(&mut self, envelope: &Envelope) -> Result<Option<Entry>, Contradiction> {
        let sequence = envelope.sequence;
        let wrong = |what| contradiction(sequence, &envelope.event, what);
        let Some(tale) = self.look(&envelope.event, sequence).map_err(wrong)? else {
            return Ok(None);
        };
        self.entry(envelope, tale).map(Some).map_err(wrong)
    }

    fn entry(&mut self, envelope: &Envelope, tale: Tale) -> Result<Entry, Wrong> {
        let known = self.known(tale.award)?;
        Ok(Entry {
            ledger: text(envelope.ledger)?,
            sequence: envelope.sequence,
            recorded_at: text(envelope.recorded_at)?,
            award: known.award.clone(),
            change: tale.change,
            standing: known.standing(),
            corrects: tale.corrects,
            on: tale.on.map(text).transpose()?,
        })
    }

    fn look(&mut self, event: &Event, sequence: u64) -> Tell {
        match event {
            Event::AwardProposed(fact) => self.proposed(fact, sequence),
            Event::AwardQueued(fact) => self.queued(fact),
            Event::AwardDequeued(fact) => {
                self.known(fact.award)?.status = AwardStatus::Proposed;
                told(fact.award, entry::AwardDequeued {})
            }
            Event::AwardConfirmed(fact) => self.confirmed(fact.award, fact.amount, sequence),
            Event::AwardUnconfirmed(fact) => self.unconfirmed(fact.award, fact.amount, sequence),
            Event::AwardReduced(fact) => self.reduced(fact, sequence),
            Event::AwardRaised(fact) => self.raised(fact, sequence),
            Event::AwardRevoked(fact) => self.revoked(fact, sequence),
            Event::AwardSuspended(fact) => self.suspended(fact),
            Event::AwardResumed(fact) => {
                self.known(fact.award)?.held = false;
                told(fact.award, entry::AwardResumed {})
            }
            Event::PaymentSettled(fact) => self.settled(fact, sequence),
            Event::PaymentReturned(fact) => self.returned(fact),
            Event::RecoveryApproved(fact) => self.owed(fact.recovery, fact.amount, sequence, approved),
            Event::RecoveryOwed(fact) => self.owed(fact.recovery, fact.amount, sequence, at_once),
            Event::RecoveryReceived(fact) => self.received(fact, sequence),
            Event::RecoveryReversed(fact) => self.reversed(fact.recovery, fact.amount),
            // Not told, but needed for what is told later.
            Event::ApplicationSubmitted(fact) => self.applied(fact),
            Event::ApplicationWithdrawn(fact) => self.ended(&fact.application),
            Event::ApplicationRejected(fact) => self.ended(&fact.application),
            Event::PaymentInstructed(fact) => self.instructed(fact),
            Event::PaymentRejected(fact) => self.rejected(fact.payment),
            Event::RecoveryProposed(fact) => self.suspected(fact),
            Event::RecoveryWithdrawn(fact) => self.cleared(fact.recovery),
            // No award, payment or debt changes by these, or the event that follows from them tells of it.
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
            | Event::ProjectRegistered(_)
            | Event::ProjectsLinked(_)
            | Event::ProjectsUnlinked(_)
            | Event::BudgetAllocated(_)
            | Event::BudgetAdjusted(_)
            | Event::RoundOpened(_)
            | Event::AwardReported(_)
            | Event::FactRecorded(_)
            | Event::EvidenceVoided(_)
            | Event::AwardRaiseDelayed(_)
            | Event::FollowUpDeferred(_)
            | Event::FollowUpCompleted(_)
            | Event::SanctionImposed(_)
            | Event::SanctionLifted(_)
            | Event::CommandRefused(_) => Ok(None),
        }
    }

    fn applied(&mut self, fact: &ApplicationSubmitted) -> Tell {
        if fact.payee_person.is_some() {
            self.persons.insert(fact.application.clone());
        }
        Ok(None)
    }

    fn ended(&mut self, application: &Reference) -> Tell {
        self.persons.remove(application);
        Ok(None)
    }

    fn instructed(&mut self, fact: &PaymentInstructed) -> Tell {
        self.attempts.insert(fact.payment, Attempt { line: fact.line.clone(), told: 0 });
        Ok(None)
    }

    fn rejected(&mut self, payment: AttemptId) -> Tell {
        self.attempts.remove(&payment);
        Ok(None)
    }

    /// Found by a rule and owed by nobody: a suspicion is not for the public.
    fn suspected(&mut self, fact: &RecoveryProposed) -> Tell {
        let recovery = Recovery { award: fact.award, line: fact.line.clone(), told: 0 };
        self.recoveries.insert(fact.recovery, recovery);
        Ok(None)
    }

    fn cleared(&mut self, recovery: RecoveryId) -> Tell {
        self.recoveries.remove(&recovery);
        Ok(None)
    }

    fn proposed(&mut self, fact: &AwardProposed, sequence: u64) -> Tell {
        let person = self.persons.remove(&fact.application);
        let award = Award {
            award: name(fact.award)?,
            measure: fact.measure.clone(),
            policy_version: fact.trace.version,
            governing: text(fact.trace.governing)?,
            payee: if person { PayeeKind::NaturalPerson } else { PayeeKind::Organisation },
            // The enterprise that a person brought, and its project, would say who the person is.
            enterprise: (!person).then(|| fact.enterprise.clone()),
            project: fact.project.clone().filter(|_| !person),
        };
        let share = |line: &Reference, treasury: &Treasury, amount| Share {
            line: line.clone(),
            treasury: treasury.clone(),
            amount,
            paid: Fen::ZERO,
            owed_back: Fen::ZERO,
        };
        let parts = match fact.shares.as_slice() {
            [] => vec![share(&fact.line, &fact.payer, fact.amount)],
            several => several.iter().map(|one| share(&one.line, &one.treasury, one.amount)).collect(),
        };
        let known = Known {
            award,
            status: AwardStatus::Proposed,
            held: !fact.holds.is_empty(),
            confirmed: false,
            parts,
            amount_told: sequence,
            confirmation_told: 0,
        };
        self.awards.insert(fact.award, known);
        told(fact.award, entry::AwardProposed { amount: fact.amount })
    }

    fn queued(&mut self, fact: &AwardQueued) -> Tell {
        let known = self.known(fact.award)?;
        known.status = AwardStatus::Queued;
        let treasury = known.share(&fact.line)?.treasury.clone();
        told(fact.award, entry::AwardQueued { treasury })
    }

    fn confirmed(&mut self, award: AwardId, amount: Fen, sequence: u64) -> Tell {
        let known = self.known(award)?;
        (known.status, known.confirmed, known.confirmation_told) = (AwardStatus::Confirmed, true, sequence);
        told(award, entry::AwardConfirmed { amount })
    }

    fn unconfirmed(&mut self, award: AwardId, amount: Fen, sequence: u64) -> Tell {
        let known = self.known(award)?;
        (known.status, known.confirmed) = (AwardStatus::Proposed, false);
        let corrects = std::mem::replace(&mut known.confirmation_told, sequence);
        corrected(award, entry::AwardUnconfirmed { amount }, corrects)
    }

    fn reduced(&mut self, fact: &AwardReduced, sequence: u64) -> Tell {
        let known = self.known(fact.award)?;
        let open = matches!(known.status, AwardStatus::Confirmed | AwardStatus::Proposed);
        known.set_amount(fact.to, parts(&fact.shares))?;
        if open && fact.to == known.paid() && !fact.to.is_zero() {
            known.status = AwardStatus::Fulfilled;
        }
        let corrects = std::mem::replace(&mut known.amount_told, sequence);
        corrected(fact.award, entry::AwardReduced { amount: fact.by, rule: fact.rule.clone() }, corrects)
    }

    fn raised(&mut self, fact: &AwardRaised, sequence: u64) -> Tell {
        let known = self.known(fact.award)?;
        known.set_amount(fact.to, parts(&fact.shares))?;
        let corrects = std::mem::replace(&mut known.amount_told, sequence);
        corrected(fact.award, entry::AwardRaised { amount: fact.by }, corrects)
    }

    fn revoked(&mut self, fact: &AwardRevoked, sequence: u64) -> Tell {
        let known = self.known(fact.award)?;
        known.parts.iter_mut().for_each(|share| share.amount = Fen::ZERO);
        (known.status, known.held) = (AwardStatus::Revoked, false);
        let corrects = std::mem::replace(&mut known.amount_told, sequence);
        corrected(fact.award, entry::AwardRevoked { amount: fact.amount, rule: fact.rule.clone() }, corrects)
    }

    fn suspended(&mut self, fact: &AwardSuspended) -> Tell {
        self.known(fact.award)?.held = !fact.holds.is_empty();
        // What is waited for is written for people and may name them.
        let rules = fact.holds.iter().map(|hold| hold.rule.clone()).collect();
        told(fact.award, entry::AwardSuspended { rules })
    }

    fn settled(&mut self, fact: &PaymentSettled, sequence: u64) -> Tell {
        let line = self.sent(fact.payment, sequence)?.0;
        let known = self.known(fact.award)?;
        let share = known.share(&line)?;
        share.pay(fact.amount)?;
        let treasury = share.treasury.clone();
        if known.paid() == known.amount() {
            known.status = AwardStatus::Fulfilled;
        }
        let change = entry::PaymentSettled { payment: name(fact.payment)?, treasury, amount: fact.amount };
        Ok(Some(Tale { on: Some(fact.on), ..tale(fact.award, change) }))
    }

    fn returned(&mut self, fact: &PaymentReturned) -> Tell {
        let (line, corrects) = self.sent(fact.payment, 0)?;
        let known = self.known(fact.award)?;
        let share = known.share(&line)?;
        share.give_back(fact.amount)?;
        let treasury = share.treasury.clone();
        if !known.amount().is_zero() {
            known.status = match known.confirmed {
                true if known.paid() == known.amount() => AwardStatus::Fulfilled,
                true => AwardStatus::Confirmed,
                false => AwardStatus::Proposed,
            };
        }
        let change = entry::PaymentReturned { payment: name(fact.payment)?, treasury, amount: fact.amount };
        Ok(Some(Tale { on: Some(fact.on), corrects: Some(corrects), ..tale(fact.award, change) }))
    }

    /// The line of a payment, and the entry that told of it last, which is now another.
    fn sent(&mut self, payment: AttemptId, sequence: u64) -> Result<(Reference, u64), Wrong> {
        let attempt = self.attempt(payment)?;
        let before = std::mem::replace(&mut attempt.told, sequence);
        Ok((attempt.line.clone(), before))
    }

    fn owed(&mut self, id: RecoveryId, amount: Fen, sequence: u64, change: fn(Owed) -> Change) -> Tell {
        let recovery = self.recovery(id)?;
        recovery.told = sequence;
        let (award, line) = (recovery.award, recovery.line.clone());
        let share = self.known(award)?.share(&line)?;
        share.owe(amount)?;
        let owed = Owed { recovery: name(id)?, treasury: share.treasury.clone(), amount };
        told(award, change(owed))
    }

    fn received(&mut self, fact: &RecoveryReceived, sequence: u64) -> Tell {
        let line = self.recovery(fact.recovery)?.line.clone();
        let known = self.known(fact.award)?;
        let share = known.share(&line)?;
        share.owe_less(fact.amount)?;
        share.give_back(fact.amount)?;
        share.amount = less(share.amount, fact.amount)?;
        let treasury = share.treasury.clone();
        if known.amount().is_zero() {
            known.status = AwardStatus::Recovered;
        }
        let corrects = std::mem::replace(&mut known.amount_told, sequence);
        let change =
            entry::RecoveryReceived { recovery: name(fact.recovery)?, treasury, amount: fact.amount };
        Ok(Some(Tale { on: Some(fact.on), corrects: Some(corrects), ..tale(fact.award, change) }))
    }

    fn reversed(&mut self, id: RecoveryId, amount: Fen) -> Tell {
        let recovery = self.recovery(id)?;
        let (award, line, corrects) = (recovery.award, recovery.line.clone(), recovery.told);
        let share = self.known(award)?.share(&line)?;
        share.owe_less(amount)?;
        let treasury = share.treasury.clone();
        corrected(award, entry::RecoveryReversed { recovery: name(id)?, treasury, amount }, corrects)
    }
}

/// A recovery that is owed, whoever says so.
struct Owed {
    recovery: Text<24>,
    treasury: Treasury,
    amount: Fen,
}

fn approved(Owed { recovery, treasury, amount }: Owed) -> Change {
    entry::RecoveryApproved { recovery, treasury, amount }.into()
}

fn at_once(Owed { recovery, treasury, amount }: Owed) -> Change {
    entry::RecoveryOwed { recovery, treasury, amount }.into()
}

fn parts(told: &[Told]) -> impl Iterator<Item = (&Reference, Fen)> {
    told.iter().map(|part| (&part.line, part.amount))
}

fn tale(award: AwardId, change: impl Into<Change>) -> Tale {
    Tale { award, change: change.into(), corrects: None, on: None }
}

fn told(award: AwardId, change: impl Into<Change>) -> Tell {
    Ok(Some(tale(award, change)))
}

fn corrected(award: AwardId, change: impl Into<Change>, corrects: u64) -> Tell {
    Ok(Some(Tale { corrects: Some(corrects), ..tale(award, change) }))
}

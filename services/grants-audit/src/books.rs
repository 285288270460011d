//! A second bookkeeping, kept from the facts alone: who holds what, what was used of each cap, where each 分 lies.
//!
//! It shares no code with the ledger's own state. Deciding again finds every wrong decision; the books say in the
//! words of the rule what is wrong with it, and they would notice a mistake that decider and auditor share.

mod awards; // from proposal to the last reduction
mod bars; // sanctions, and whom they reach
mod facts; // catalogue, applications, evidence
mod limits; // caps, evidence and once-only rights
mod money; // postings and balances
mod payments; // instructions, bank answers, recoveries

use crate::{
    code::Code,
    commands::{Told, finding},
    report::Finding,
};
use awards::Award;
use bars::Bars;
use facts::{Application, Artifact};
use grants_domain::{
    context::Actor,
    events::Event,
    values::{Date, Fen},
};
use limits::Limits;
use money::Money;
use payments::{Attempt, Recovery};
use std::collections::{BTreeMap, BTreeSet};

/// The books of a ledger.
#[derive(Default)]
pub(crate) struct Books {
    version: u32,
    artifacts: BTreeMap<[u8; 32], Artifact>,
    applications: BTreeMap<String, Application>,
    money: Money,
    limits: Limits,
    bars: Bars,
    awards: BTreeMap<u64, Award>,
    /// Awards that wait, by budget line, in the order of governing day and number.
    queues: BTreeMap<String, BTreeSet<(i32, u64)>>,
    attempts: BTreeMap<u64, Attempt>,
    recoveries: BTreeMap<u64, Recovery>,
    /// What recoveries of an award have received for a line in the command that is being entered.
    received: BTreeMap<(u64, String), i128>,
}

/// One fact as the books meet it.
struct Entry<'a> {
    sequence: u64,
    /// The business day of the command.
    day: Date,
    actor: &'a Actor,
    event: &'a Event,
    findings: Vec<Finding>,
}

impl Entry<'_> {
    /// Adds a finding about a value of the fact.
    fn wrong(&mut self, code: Code, field: &str, recorded: impl ToString, expected: impl ToString) {
        let at = format!("{}.{field}", self.event.word());
        self.findings.push(finding(code, self.sequence, &at, recorded.to_string(), expected.to_string()));
    }
    /// The name that the ledger gives to a new thing is the sequence of its fact.
    fn named(&mut self, field: &str, id: u64) {
        if id != self.sequence {
            self.wrong(Code::IdWrong, field, id, self.sequence);
        }
    }
    /// The fact names the person who gave the command.
    fn given_by(&mut self, field: &str, actor: &Actor) {
        if actor != self.actor {
            self.wrong(Code::ActorDiffers, field, &actor.id, &self.actor.id);
        }
    }
    /// Whoever does this step is none of those who did an earlier one.
    fn another_than(&mut self, field: &str, actor: &Actor, earlier: &[&str]) {
        if earlier.contains(&actor.id.as_str()) {
            self.wrong(Code::SameActor, field, &actor.id, "another person");
        }
    }
    /// The amount is the one that stands.
    fn amount(&mut self, found: Fen, standing: i128) {
        if i128::from(found.get()) != standing {
            self.wrong(Code::AmountDiffers, "amount", found, yuan(standing));
        }
    }
}

/// 元 with two decimals, of an amount that may be negative.
fn yuan(fen: i128) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let size = fen.unsigned_abs();
    format!("{sign}{}.{:02}", size / 100, size % 100)
}

impl Books {
    /// Enters the facts of one command and says what is wrong with them.
    pub(crate) fn enter(&mut self, told: &Told) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.received.clear();
        for (sequence, event) in (told.sequence..).zip(&told.events) {
            let day = told.recorded_at.civil_date();
            let mut entry = Entry { sequence, day, actor: &told.actor, event, findings: Vec::new() };
            if matches!(event, Event::CommandRefused(_)) && told.events.len() != 1 {
                entry.wrong(Code::RefusalNotAlone, "events", told.events.len(), 1);
            }
            self.record(&mut entry);
            self.bars.learn(event, sequence);
            self.money.enter(&mut entry);
            findings.append(&mut entry.findings);
        }
        findings
    }

    /// One line per fact.
    fn record(&mut self, entry: &mut Entry<'_>) {
        match entry.event {
            Event::ChunkRecorded(fact) => self.chunk(fact),
            Event::VersionPublished(fact) => self.version(entry, fact),
            Event::EnterpriseRegistered(fact) => {
                entry.given_by("enterprise.registered_by", &fact.enterprise.registered_by)
            }
            Event::EnterpriseRenamed(fact) => entry.given_by("recorded_by", &fact.recorded_by),
            Event::EnterpriseCodeChanged(fact) => entry.given_by("recorded_by", &fact.recorded_by),
            Event::EnterpriseMerged(fact) => entry.given_by("recorded_by", &fact.recorded_by),
            Event::EnterpriseSplit(fact) => entry.given_by("recorded_by", &fact.recorded_by),
            Event::EnterpriseUnlinked(fact) => entry.given_by("approved_by", &fact.approved_by),
            Event::EnterprisesAffiliated(fact) => entry.given_by("recorded_by", &fact.recorded_by),
            Event::EnterprisesDisaffiliated(fact) => entry.given_by("approved_by", &fact.approved_by),
            Event::ProjectsLinked(fact) => entry.given_by("recorded_by", &fact.recorded_by),
            Event::ProjectsUnlinked(fact) => entry.given_by("approved_by", &fact.approved_by),
            Event::SanctionImposed(fact) => entry.given_by("recorded_by", &fact.recorded_by),
            Event::SanctionLifted(fact) => entry.given_by("approved_by", &fact.approved_by),
            Event::EvidenceVoided(fact) => self.limits.void(fact),
            Event::ApplicationSubmitted(fact) => self.submitted(entry, fact),
            Event::ApplicationWithdrawn(fact) => self.ended(entry, fact.application.as_str()),
            Event::ApplicationRejected(fact) => self.rejected(entry, fact),
            Event::AwardProposed(fact) => self.proposed(entry, fact),
            Event::AwardQueued(fact) => self.queued(entry, fact),
            Event::AwardDequeued(fact) => self.dequeued(entry, fact),
            Event::AwardConfirmed(fact) => self.confirmed(entry, fact),
            Event::AwardUnconfirmed(fact) => self.unconfirmed(entry, fact),
            Event::AwardRaised(fact) => self.raised(entry, fact),
            Event::AwardReduced(fact) => self.reduced(entry, fact),
            Event::AwardRevoked(fact) => self.revoked(entry, fact),
            Event::AwardSuspended(fact) => self.held(entry, fact.award, true),
            Event::AwardResumed(fact) => self.held(entry, fact.award, false),
            Event::PaymentInstructed(fact) => self.instructed(entry, fact),
            Event::PaymentSettled(fact) => self.settled(entry, fact),
            Event::PaymentRejected(fact) => self.payment_rejected(entry, fact),
            Event::PaymentReturned(fact) => self.payment_returned(entry, fact),
            Event::RecoveryProposed(fact) => self.recovery_proposed(entry, fact),
            Event::RecoveryWithdrawn(fact) => self.recovery_withdrawn(entry, fact),
            Event::RecoveryApproved(fact) => self.recovery_approved(entry, fact),
            Event::RecoveryOwed(fact) => self.recovery_owed(entry, fact),
            Event::RecoveryReversed(fact) => self.recovery_reversed(entry, fact),
            Event::RecoveryReceived(fact) => self.recovery_received(entry, fact),
            // What these say is compared when their command is decided again.
            Event::LedgerOpened(_)
            | Event::CalendarPublished(_)
            | Event::RatePublished(_)
            | Event::ProjectRegistered(_)
            | Event::BudgetAllocated(_)
            | Event::BudgetAdjusted(_)
            | Event::RoundOpened(_)
            | Event::AwardReported(_)
            | Event::FactRecorded(_)
            | Event::AwardRaiseDelayed(_)
            | Event::FollowUpDeferred(_)
            | Event::FollowUpCompleted(_)
            | Event::CommandRefused(_) => {}
        }
    }
}

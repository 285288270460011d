//! Awards from proposal to the last reduction: who did what, what stands, and who waits for money.

use super::{Books, Entry, limits::Used, yuan};
use crate::code::Code;
use grants_domain::{
    award::{
        AwardDequeued, AwardProposed, AwardQueued, AwardUnconfirmed, confirm::AwardConfirmed,
        raise::AwardRaised, reduce::AwardReduced, revoke::AwardRevoked, shares,
    },
    ids::AwardId,
    values::{Fen, Reference},
};
use std::collections::BTreeMap;

/// An award, as the facts have left it.
pub(super) struct Award {
    pub(super) enterprise: String,
    pub(super) measure: String,
    pub(super) submitter: String,
    pub(super) decider: String,
    pub(super) confirmer: Option<String>,
    /// What each line pays of it: one that pays all, or several (I-22).
    pub(super) parts: BTreeMap<String, Part>,
    /// Waits for money.
    pub(super) queued: bool,
    pub(super) held: bool,
    pub(super) amount: i128,
    pub(super) instructed: i128,
    pub(super) settled: i128,
    pub(super) recovering: i128,
    pub(super) used: Used,
}

/// What one line pays of an award.
#[derive(Default)]
pub(super) struct Part {
    pub(super) amount: i128,
    pub(super) instructed: i128,
}

impl Award {
    /// Takes over what its parts have become: the told ones if several lines pay, else the whole. They sum to the award.
    fn take_parts(&mut self, entry: &mut Entry<'_>, told: &[shares::Part]) {
        if let (true, Some(part)) = (told.is_empty(), self.parts.values_mut().next()) {
            part.amount = self.amount;
        }
        for one in told {
            self.parts.entry(one.line.to_string()).or_default().amount = i128::from(one.amount.get());
        }
        self.parts_sum(entry);
    }
    fn parts_sum(&self, entry: &mut Entry<'_>) {
        let sum: i128 = self.parts.values().map(|part| part.amount).sum();
        if sum != self.amount {
            entry.wrong(Code::AmountDiffers, "shares", yuan(sum), yuan(self.amount));
        }
        if let Some((line, part)) = self.parts.iter().find(|(_, part)| part.amount < part.instructed) {
            let most = format!("at least {}", yuan(part.instructed));
            entry.wrong(Code::ReducedBelowPaid, &format!("shares of {line}"), yuan(part.amount), most);
        }
    }
    pub(super) fn stands(&self) -> bool {
        0 < self.amount
    }
    /// What is neither paid nor on its way.
    fn unpaid(&self) -> i128 {
        self.amount - self.instructed
    }
}

/// What each line pays of a new award.
fn parts(fact: &AwardProposed) -> BTreeMap<String, Part> {
    let of = |line: &Reference, amount: Fen| {
        (line.to_string(), Part { amount: i128::from(amount.get()), instructed: 0 })
    };
    match fact.shares.is_empty() {
        true => [of(&fact.line, fact.amount)].into(),
        false => fact.shares.iter().map(|share| of(&share.line, share.amount)).collect(),
    }
}

impl Books {
    /// A standing award; its absence is a finding.
    pub(super) fn standing(&mut self, entry: &mut Entry<'_>, id: AwardId) -> Option<&mut Award> {
        let found = self.awards.get_mut(&id.0).filter(|award| award.stands());
        if found.is_none() {
            entry.wrong(Code::AwardNotOpen, "award", id, "an award that stands");
        }
        found
    }

    pub(super) fn proposed(&mut self, entry: &mut Entry<'_>, fact: &AwardProposed) {
        entry.named("award", fact.award.0);
        entry.given_by("decided_by", &fact.decided_by);
        self.is_free(entry, fact.enterprise.as_str(), fact.measure.as_str());
        self.close(entry, fact.application.as_str());
        let submitter = self.applications.get(fact.application.as_str()).map(|one| one.submitter.clone());
        let submitter = submitter.unwrap_or_default();
        entry.another_than("decided_by", &fact.decided_by, &[&submitter]);
        if fact.trace.version != self.version {
            entry.wrong(Code::VersionWrong, "trace.version", fact.trace.version, self.version);
        }
        let lines = fact.shares.iter().map(|share| &share.line).chain([&fact.line]);
        let waiting =
            lines.filter_map(|line| self.queues.get(line.as_str()).and_then(|queue| queue.first())).next();
        if let Some((_, head)) = waiting.filter(|_| !fact.postings.is_empty()) {
            entry.wrong(Code::QueueOrder, "postings", "money at once", format!("AW-{head} waits before it"));
        }
        let brought = self.applications.get(fact.application.as_str()).map(|one| one.brought.clone());
        let used = self.limits.take(entry, fact, brought.unwrap_or_default());
        let award = Award {
            enterprise: fact.enterprise.to_string(),
            measure: fact.measure.to_string(),
            submitter,
            decider: fact.decided_by.id.to_string(),
            confirmer: None,
            parts: parts(fact),
            queued: fact.postings.is_empty(),
            held: !fact.holds.is_empty(),
            amount: i128::from(fact.amount.get()),
            instructed: 0,
            settled: 0,
            recovering: 0,
            used,
        };
        award.parts_sum(entry);
        self.awards.insert(fact.award.0, award);
    }

    pub(super) fn queued(&mut self, entry: &mut Entry<'_>, fact: &AwardQueued) {
        if let Some(award) = self.standing(entry, fact.award) {
            let part = award.parts.get(fact.line.as_str()).map_or(0, |part| part.amount);
            entry.amount(fact.amount, part);
        }
        let queue = self.queues.entry(fact.line.to_string()).or_default();
        // Whoever has an earlier governing day goes before those who joined before.
        let own = (fact.governing.days(), fact.award.0);
        let before = queue.range(..own).count();
        let position = u64::try_from(before).unwrap_or(u64::MAX).saturating_add(1);
        if fact.position != position {
            entry.wrong(Code::QueueOrder, "position", fact.position, position);
        }
        queue.insert(own);
    }

    pub(super) fn dequeued(&mut self, entry: &mut Entry<'_>, fact: &AwardDequeued) {
        let known = self.awards.get(&fact.award.0).map(|award| award.parts.keys().cloned().collect());
        let lines: Vec<String> = known.unwrap_or_else(|| vec![fact.line.to_string()]);
        for line in lines {
            let head = self.queues.get(&line).and_then(|queue| queue.first()).map(|(_, award)| *award);
            if head != Some(fact.award.0) {
                let meant = head.map_or_else(|| "nobody".to_owned(), |head| format!("AW-{head}"));
                entry.wrong(Code::QueueOrder, "award", fact.award, meant);
            }
            self.leave(&line, fact.award);
        }
        if let Some(award) = self.standing(entry, fact.award) {
            entry.amount(fact.amount, award.amount);
            award.queued = false;
        }
    }

    fn leave(&mut self, line: &str, award: AwardId) {
        if let Some(queue) = self.queues.get_mut(line) {
            queue.retain(|(_, waiting)| *waiting != award.0);
        }
    }

    pub(super) fn confirmed(&mut self, entry: &mut Entry<'_>, fact: &AwardConfirmed) {
        entry.given_by("confirmed_by", &fact.confirmed_by);
        self.is_free_for(entry, fact.award.0);
        let Some(award) = self.standing(entry, fact.award) else {
            return;
        };
        entry.another_than("confirmed_by", &fact.confirmed_by, &[&award.submitter, &award.decider]);
        entry.amount(fact.amount, award.unpaid());
        if award.queued || award.confirmer.is_some() {
            let found =
                if award.queued { "an award that waits for money" } else { "an award confirmed before" };
            entry.wrong(Code::AwardNotOpen, "award", found, "a proposed award");
        }
        award.confirmer = Some(fact.confirmed_by.id.to_string());
    }

    pub(super) fn unconfirmed(&mut self, entry: &mut Entry<'_>, fact: &AwardUnconfirmed) {
        let Some(award) = self.standing(entry, fact.award) else {
            return;
        };
        entry.amount(fact.amount, award.unpaid());
        if award.confirmer.is_none() {
            entry.wrong(Code::AwardNotOpen, "award", "an award that nobody confirmed", "a confirmed award");
        }
        award.confirmer = None;
    }

    /// A part that a cap had cut: it takes room again, and never above a limit.
    pub(super) fn raised(&mut self, entry: &mut Entry<'_>, fact: &AwardRaised) {
        let Some(award) = self.standing(entry, fact.award) else {
            return;
        };
        let (by, to) = (i128::from(fact.by.get()), i128::from(fact.to.get()));
        if award.amount + by != to {
            entry.wrong(Code::AmountDiffers, "to", fact.to, yuan(award.amount + by));
        }
        if fact.postings.is_empty() != award.queued {
            let found = if award.queued { "money at once" } else { "no money" };
            entry.wrong(Code::PostingAmount, "postings", found, "money unless the award waits for it");
        }
        award.amount = to;
        award.take_parts(entry, &fact.shares);
        if let Some(award) = self.awards.get(&fact.award.0) {
            self.limits.take_again(entry, &award.used, by, &fact.trace);
        }
    }

    pub(super) fn reduced(&mut self, entry: &mut Entry<'_>, fact: &AwardReduced) {
        let Some(award) = self.standing(entry, fact.award) else {
            return;
        };
        let (by, to) = (i128::from(fact.by.get()), i128::from(fact.to.get()));
        if by + to != award.amount {
            entry.wrong(Code::AmountDiffers, "to", fact.to, yuan(award.amount - by));
        }
        if to < award.instructed {
            entry.wrong(
                Code::ReducedBelowPaid,
                "to",
                fact.to,
                format!("at least {}", yuan(award.instructed)),
            );
        }
        award.amount = to;
        award.take_parts(entry, &fact.shares);
        if let Some(award) = self.awards.get(&fact.award.0) {
            self.limits.give_back_room(&award.used, by, &fact.kept);
        }
    }

    pub(super) fn revoked(&mut self, entry: &mut Entry<'_>, fact: &AwardRevoked) {
        let Some(award) = self.standing(entry, fact.award) else {
            return;
        };
        entry.amount(fact.amount, award.amount);
        if 0 < award.instructed {
            entry.wrong(Code::ReducedBelowPaid, "amount", fact.amount, "nothing paid or on its way");
        }
        let lines: Vec<String> = award.parts.keys().cloned().collect();
        award.amount = 0;
        award.parts.values_mut().for_each(|part| part.amount = 0);
        if let Some(award) = self.awards.get(&fact.award.0) {
            self.limits.give_back_room(&award.used, i128::from(fact.amount.get()), &fact.kept);
            self.limits.give_back_rights(fact.award.0, &award.used);
        }
        lines.iter().for_each(|line| self.leave(line, fact.award));
    }

    pub(super) fn held(&mut self, entry: &mut Entry<'_>, id: AwardId, held: bool) {
        if let Some(award) = self.standing(entry, id) {
            award.held = held;
        }
    }
}

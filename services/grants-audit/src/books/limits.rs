//! What awards use while they stand: cap room, evidence and once-only rights.

use super::{Entry, yuan};
use crate::code::Code;
use grants_domain::{
    award::{AwardProposed, kept::KeptRoom},
    evidence::void::EvidenceVoided,
    tables::Claimed,
    trace::Trace,
};
use std::collections::BTreeMap;

/// Cap, scope and window: which counter.
type Counter = (String, String, String);

#[derive(Default)]
pub(super) struct Limits {
    caps: BTreeMap<Counter, i128>,
    evidence: BTreeMap<String, Evidence>,
    /// Once-only rights, and the award that holds each.
    rights: BTreeMap<String, u64>,
}

#[derive(Default)]
struct Evidence {
    net: i128,
    /// Applications that wait, or whose award stands.
    holders: u64,
    voided: bool,
    /// Award and the part it uses.
    uses: Vec<(u64, i128)>,
}

/// What one award uses, to give it back.
#[derive(Default)]
pub(super) struct Used {
    caps: Vec<Counter>,
    evidence: Vec<String>,
    rights: Vec<String>,
    /// What its application brings, used up or not.
    brought: Vec<String>,
}

impl Limits {
    /// The first application that brings a piece of evidence fixes its net amount, until nobody rests on it.
    pub(super) fn bring(&mut self, claimed: &Claimed) {
        let evidence = self.evidence.entry(claimed.key.to_string()).or_default();
        if evidence.holders == 0 && !evidence.voided {
            evidence.net = i128::from(claimed.amount.get());
        }
        evidence.holders = evidence.holders.saturating_add(1);
    }

    /// An application, or the award that came of it, is over.
    pub(super) fn release(&mut self, brought: &[String]) {
        for key in brought {
            if let Some(evidence) = self.evidence.get_mut(key) {
                evidence.holders = evidence.holders.saturating_sub(1);
            }
        }
    }

    pub(super) fn void(&mut self, fact: &EvidenceVoided) {
        let evidence = self.evidence.entry(fact.key.to_string()).or_default();
        evidence.net = i128::from(fact.net.get());
        evidence.voided = true;
    }

    /// Takes what a new award uses; `brought` is what its application brings.
    pub(super) fn take(&mut self, entry: &mut Entry<'_>, fact: &AwardProposed, brought: Vec<String>) -> Used {
        let amount = i128::from(fact.amount.get());
        let mut used = Used { brought, ..Used::default() };
        for (place, step) in fact.trace.caps.iter().enumerate() {
            let counter = (step.cap.to_string(), step.scope.to_string(), step.window.to_string());
            let before = self.caps.entry(counter.clone()).or_default();
            // What others used that this enterprise came from is found when the command is decided again.
            let carried = step.carried.map_or(0, |carried| i128::from(carried.get()));
            let standing = *before + carried;
            if i128::from(step.used.get()) != standing {
                entry.wrong(
                    Code::CapMisstated,
                    &format!("trace.caps[{place}].used"),
                    step.used,
                    yuan(standing),
                );
            }
            let most = i128::from(step.limit.get()).max(standing);
            *before += amount;
            if most < standing + amount {
                let what = format!("use of {} for {} in {}", step.cap, step.scope, step.window);
                entry.wrong(
                    Code::CapExceeded,
                    &what,
                    yuan(standing + amount),
                    format!("at most {}", yuan(most)),
                );
            }
            used.caps.push(counter);
        }
        for one in &fact.trace.consumed {
            let key = one.evidence.to_string();
            let evidence = self.evidence.entry(key.clone()).or_default();
            evidence.uses.push((fact.award.0, i128::from(one.amount.get())));
            let sum: i128 = evidence.uses.iter().map(|(_, part)| part).sum();
            if evidence.net < sum {
                let most = format!("at most {}", yuan(evidence.net));
                entry.wrong(Code::EvidenceOverused, &format!("use of {key}"), yuan(sum), most);
            }
            used.evidence.push(key);
        }
        for right in &fact.trace.claims {
            if let Some(holder) = self.rights.insert(right.to_string(), fact.award.0) {
                entry.wrong(Code::RightUsedTwice, "trace.claims", right, format!("held by AW-{holder}"));
            }
            used.rights.push(right.to_string());
        }
        used
    }

    /// Takes room for a rise.
    pub(super) fn take_again(&mut self, entry: &mut Entry<'_>, used: &Used, amount: i128, trace: &Trace) {
        for counter in &used.caps {
            let standing = self.caps.entry(counter.clone()).or_default();
            *standing += amount;
            let limit = trace.caps.iter().find(|step| step.cap.as_str() == counter.0);
            let most = limit.map_or(*standing, |step| i128::from(step.limit.get()));
            if most < *standing {
                let what = format!("use of {} for {} in {}", counter.0, counter.1, counter.2);
                entry.wrong(Code::CapExceeded, &what, yuan(*standing), format!("at most {}", yuan(most)));
            }
        }
    }

    /// Gives back the cap room of a part, but of the caps that keep it.
    pub(super) fn give_back_room(&mut self, used: &Used, amount: i128, kept: &[KeptRoom]) {
        let keeps = |counter: &Counter| kept.iter().any(|one| one.cap.as_str() == counter.0);
        for counter in used.caps.iter().filter(|counter| !keeps(counter)) {
            *self.caps.entry(counter.clone()).or_default() -= amount;
        }
    }

    /// Gives back the rest, when nothing of the award stands any more.
    pub(super) fn give_back_rights(&mut self, award: u64, used: &Used) {
        for key in &used.evidence {
            if let Some(evidence) = self.evidence.get_mut(key) {
                evidence.uses.retain(|(user, _)| *user != award);
            }
        }
        for right in &used.rights {
            self.rights.remove(right);
        }
        self.release(&used.brought);
    }
}

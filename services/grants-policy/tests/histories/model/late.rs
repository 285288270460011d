//! A late fact: before payment the award falls, after it a recovery is proposed, once and for exactly what is no longer
//! due; nothing is ever raised. And the queues, which are served whenever there is money for their head.

use super::{
    ApplicationIs, Model, RecoveryIs, Stop,
    measures::{self, Due},
    stand::{Gone, Recovery},
};
use crate::told::{Hold, Told};

impl Model {
    /// Looks at an award again.
    pub(super) fn look_again(&mut self, place: usize, told: &mut Vec<Told>) {
        if !self.awards[place].stands() {
            return;
        }
        let award = self.awards[place].clone();
        let application = self.application(&award.name).unwrap();
        assert_eq!(self.applications[application].is, ApplicationIs::Awarded);
        let (measure, version) = (award.measure.clone(), award.version);
        let (due, rule, holds) = match measures::assess(self, application, version, Some(place)) {
            Ok(Due { amount, holds, .. }) => (Some(amount), measure, holds),
            Err(Stop::No(_, rule)) => (Some(0), rule.unwrap_or(measure), Vec::new()),
            Err(Stop::Open(code, rule)) => {
                let hold: Hold = (rule.unwrap_or_else(|| measure.clone()), code.to_owned());
                let mut holds = award.holds.clone();
                if !holds.contains(&hold) {
                    holds.push(hold);
                }
                (None, measure, holds)
            }
        };
        let (unpaid, demanded) = (self.unpaid(place), self.demanded(place));
        // Without an answer nothing changes, payment waits, and nothing is asked back that is not out.
        let too_much = due.map(|due| (award.amount() - due).max(0));
        let cut = too_much.map_or(0, |excess| excess.min(unpaid));
        let to_come_back = too_much.map_or(demanded.min(self.instructed(place)), |excess| excess - cut);
        self.demand(place, to_come_back, &rule, told);
        if 0 < cut {
            self.lower(place, cut, told);
        }
        if self.awards[place].stands() && holds != award.holds {
            let award = award.name;
            self.awards[place].holds.clone_from(&holds);
            told.push(match holds.is_empty() {
                true => Told::Resumed { award },
                false => Told::Suspended { award, holds },
            });
        }
    }

    /// Takes a part of an award that has not been paid, or all of it.
    pub(super) fn lower(&mut self, place: usize, by: i128, told: &mut Vec<Told>) {
        let one = &mut self.awards[place];
        one.lowered.push(by);
        let (award, to) = (one.name.clone(), one.amount());
        if to == 0 {
            one.gone = Some(Gone::Revoked);
            one.queued = false;
            one.holds.clear();
            told.push(Told::Revoked { award, amount: by });
        } else {
            told.push(Told::Reduced { award, by, to });
        }
    }

    /// Brings what is demanded back of an award to a sum: proposals go first, the latest first; then what is owed is
    /// reversed; what is missing is proposed.
    fn demand(&mut self, place: usize, wanted: i128, rule: &str, told: &mut Vec<Told>) {
        for is in [RecoveryIs::Proposed, RecoveryIs::Owed] {
            for one in (0..self.recoveries.len()).rev() {
                let over = self.demanded(place) - wanted;
                let recovery = &self.recoveries[one];
                if over <= 0 || recovery.award != place || recovery.is != is {
                    continue;
                }
                let (name, outstanding) = (self.name_of_recovery(one), self.outstanding(one));
                if is == RecoveryIs::Proposed {
                    self.recoveries[one].is = RecoveryIs::Withdrawn;
                    told.push(Told::Dropped { recovery: name, amount: outstanding });
                } else {
                    let amount = outstanding.min(over);
                    self.recoveries[one].reversed += amount;
                    if amount == outstanding {
                        self.recoveries[one].is = RecoveryIs::Done;
                    }
                    told.push(Told::Reversed { recovery: name, amount });
                }
            }
        }
        let missing = wanted - self.demanded(place);
        if 0 < missing {
            let is = RecoveryIs::Proposed;
            self.recoveries.push(Recovery { award: place, amount: missing, reversed: 0, is });
            let recovery = self.name_of_recovery(self.recoveries.len() - 1);
            let demanded =
                Told::Demanded { recovery: recovery.clone(), amount: missing, rule: rule.to_owned() };
            told.push(demanded);
            // Nobody owes what has not arrived.
            if self.owed_at_once(place) && wanted <= self.settled(place) {
                self.recoveries.last_mut().unwrap().is = RecoveryIs::Owed;
                told.push(Told::Owed { recovery, amount: missing });
            }
        }
    }

    /// K-35: whether a recovery of this award is owed without a person's decision.
    pub(super) fn owed_at_once(&self, place: usize) -> bool {
        let award = &self.awards[place];
        let application = self.application(&award.name).unwrap();
        let applied_on = self.applications[application].submit.applied_on;
        self.policies[award.version as usize - 1].answer("K-35", applied_on) == "automatic"
    }

    /// What was demanded while a payment was on its way, and is owed at once now that it has arrived.
    pub(super) fn owed_on_arrival(&mut self, place: usize, told: &mut Vec<Told>) {
        if !self.owed_at_once(place) || self.settled(place) < self.demanded(place) {
            return;
        }
        for one in 0..self.recoveries.len() {
            if self.recoveries[one].award == place && self.recoveries[one].is == RecoveryIs::Proposed {
                self.recoveries[one].is = RecoveryIs::Owed;
                let (recovery, amount) = (self.name_of_recovery(one), self.recoveries[one].amount);
                told.push(Told::Owed { recovery, amount });
            }
        }
    }

    /// Gives every line's money to the head of its queue, as long as there is enough for it.
    pub(super) fn serve_queues(&mut self, told: &mut Vec<Told>) {
        for line in 0..self.lines.len() {
            let name = self.lines[line].name.clone();
            while let Some(head) = self.queue(&name).first().copied() {
                let amount = self.awards[head].amount();
                if self.books(&name).available < amount {
                    break;
                }
                self.awards[head].queued = false;
                told.push(Told::Dequeued { award: self.awards[head].name.clone(), amount });
            }
        }
    }
}

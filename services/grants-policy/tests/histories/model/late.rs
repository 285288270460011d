//! A late fact: before payment the award falls, after it a recovery is proposed, once and for exactly what is no longer
//! due; nothing is ever raised. And the queues, which are served whenever there is money for their head.

use super::{
    ApplicationIs, Model, RecoveryIs, Stop,
    measures::{self, Due},
    shares::divided_between,
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
        let bounds: Vec<(i128, i128)> = award.parts.iter().map(|part| (0, part.amount)).collect();
        let due = due.map(|due| divided_between(due.min(award.amount()), &award.parts, &bounds));
        let mut left: Vec<i128> = award.parts.iter().map(|part| part.amount).collect();
        for (one, part) in award.parts.iter().enumerate() {
            let instructed = self.instructed_of(place, &part.line);
            // Without an answer nothing changes, payment waits, and nothing is asked back that is not out.
            let to_come_back = match &due {
                None => self.demanded_of(place, &part.line).min(instructed),
                Some(due) => {
                    left[one] = due[one].max(instructed);
                    left[one] - due[one]
                }
            };
            self.demand((place, &part.line), to_come_back, &rule, told);
        }
        self.lower(place, &left, told);
        if self.awards[place].stands() && holds != award.holds {
            let award = award.name;
            self.awards[place].holds.clone_from(&holds);
            told.push(match holds.is_empty() {
                true => Told::Resumed { award },
                false => Told::Suspended { award, holds },
            });
        }
    }

    /// Takes from an award what has not been paid, until its parts are these: some of it, all of it, or nothing.
    pub(super) fn lower(&mut self, place: usize, parts: &[i128], told: &mut Vec<Told>) {
        let one = &mut self.awards[place];
        let by = one.amount() - parts.iter().sum::<i128>();
        if by == 0 {
            return;
        }
        one.lowered.push(by);
        one.parts.iter_mut().zip(parts).for_each(|(part, left)| part.amount = *left);
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

    /// Brings what is demanded back of what a line pays of an award to a sum: proposals go first, the latest first; then what is owed is
    /// reversed; what is missing is proposed.
    fn demand(&mut self, (place, line): (usize, &str), wanted: i128, rule: &str, told: &mut Vec<Told>) {
        for is in [RecoveryIs::Proposed, RecoveryIs::Owed] {
            for one in (0..self.recoveries.len()).rev() {
                let over = self.demanded_of(place, line) - wanted;
                let recovery = &self.recoveries[one];
                let of_part = recovery.award == place && recovery.line == line;
                if over <= 0 || !of_part || recovery.is != is {
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
        let missing = wanted - self.demanded_of(place, line);
        if 0 < missing {
            let (line, is) = (line.to_owned(), RecoveryIs::Proposed);
            self.recoveries.push(Recovery {
                award: place,
                line: line.clone(),
                amount: missing,
                reversed: 0,
                fraud: false,
                is,
            });
            let recovery = self.name_of_recovery(self.recoveries.len() - 1);
            let demanded =
                Told::Demanded { recovery: recovery.clone(), amount: missing, rule: rule.to_owned() };
            told.push(demanded);
            // Nobody owes what has not arrived.
            if self.owed_at_once(place) && wanted <= self.settled_of(place, &line) {
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

    /// K-36: what fraud had got takes room of the cap as before, where it is answered so.
    pub(super) fn keep_room(&mut self, place: usize, fraud: bool, amount: i128) {
        let award = &self.awards[place];
        let application = self.application(&award.name).unwrap();
        let applied_on = self.applications[application].submit.applied_on;
        let kept = self.policies[award.version as usize - 1].answer("K-36", applied_on) == "kept";
        if fraud && kept && award.cap.is_some() {
            self.awards[place].kept += amount;
        }
    }

    /// What was demanded while a payment was on its way, and is owed at once now that it has arrived.
    pub(super) fn owed_on_arrival(&mut self, (place, line): (usize, &str), told: &mut Vec<Told>) {
        let arrived = self.demanded_of(place, line) <= self.settled_of(place, line);
        if !self.owed_at_once(place) || !arrived {
            return;
        }
        for one in 0..self.recoveries.len() {
            let Recovery { award, line: of, is, .. } = &self.recoveries[one];
            if *award == place && of == line && *is == RecoveryIs::Proposed {
                self.recoveries[one].is = RecoveryIs::Owed;
                let (recovery, amount) = (self.name_of_recovery(one), self.recoveries[one].amount);
                told.push(Told::Owed { recovery, amount });
            }
        }
    }

    /// Gives the lines' money to whoever is the head of the queue of each line that pays it, as long as there is enough on
    /// all of them.
    pub(super) fn serve_queues(&mut self, told: &mut Vec<Told>) {
        let served = |model: &Self, one: usize| {
            let award = &model.awards[one];
            award.queued
                && award.parts.iter().all(|part| {
                    let first = model.queue(&part.line).first() == Some(&one);
                    first && part.amount <= model.books(&part.line).available
                })
        };
        while let Some(head) = (0..self.awards.len()).find(|one| served(self, *one)) {
            self.awards[head].queued = false;
            let (award, amount) = (self.awards[head].name.clone(), self.awards[head].amount());
            told.push(Told::Dequeued { award, amount });
        }
    }
}

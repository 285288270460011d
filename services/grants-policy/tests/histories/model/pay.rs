//! Payments and recoveries: instructed, settled, rejected, returned; owed and received.

use super::{Answer, Model, Payment, PaymentIs, Recovery, RecoveryIs, refuse, stand::Gone};
use crate::{step::Nth, told::Told};

/// A bank reference, however it is typed.
fn reference_text(typed: &str) -> String {
    typed.split_whitespace().collect::<String>().to_uppercase()
}

impl Model {
    pub(super) fn instruct(&mut self, name: &str, actor: &str) -> Answer {
        let place = self.standing(name)?;
        let Some(confirmer) = self.awards[place].confirmed_by.clone() else {
            return refuse("award-not-open");
        };
        self.another_person(place, actor)?;
        if confirmer == actor {
            return refuse("same-actor");
        }
        if let Some((rule, _)) = self.awards[place].holds.first() {
            return Err(super::Stop::Open("award-held", Some(rule.clone())));
        }
        self.free(&self.awards[place].enterprise, &self.awards[place].measure)?;
        if self.unpaid(place) == 0 {
            return refuse("nothing-to-pay");
        }
        let enterprise = &self.awards[place].enterprise;
        // A person's account came with the application.
        let person = self.applications[self.application(name)?].submit.person;
        let payee = if person { None } else { Some(self.account_for(enterprise, actor)?) };
        let mut told = Vec::new();
        for part in self.awards[place].parts.clone() {
            let amount = part.amount - self.instructed_of(place, &part.line);
            if amount == 0 {
                continue;
            }
            let (line, is) = (part.line, PaymentIs::OnItsWay);
            self.payments.push(Payment { award: place, line, amount, is, reference: None });
            let payment = self.name_of_payment(self.payments.len() - 1);
            told.push(Told::Instructed { payment, amount, on: self.today, payee: payee.clone() });
        }
        Ok(told)
    }

    fn attempt(&self, name: &Nth, is: PaymentIs) -> Result<usize, super::Stop> {
        let place = self.payment(name)?;
        if self.payments[place].is == is { Ok(place) } else { refuse("payment-not-live") }
    }

    pub(super) fn settle(&mut self, name: &Nth, amount: i128, reference: &str) -> Answer {
        let place = self.attempt(name, PaymentIs::OnItsWay)?;
        if self.payments[place].amount != amount {
            return refuse("amount-differs");
        }
        let reference = reference_text(reference);
        if self.payments.iter().any(|one| one.reference.as_ref() == Some(&reference)) {
            return refuse("bank-reference-known");
        }
        let one = &mut self.payments[place];
        (one.is, one.reference) = (PaymentIs::Settled, Some(reference));
        let (award, line) = (one.award, one.line.clone());
        let mut told = vec![Told::Settled { payment: name.clone(), amount }];
        self.owed_on_arrival((award, &line), &mut told);
        Ok(told)
    }

    pub(super) fn reject(&mut self, name: &Nth) -> Answer {
        let place = self.attempt(name, PaymentIs::OnItsWay)?;
        self.payments[place].is = PaymentIs::Rejected;
        let Payment { award, amount, .. } = self.payments[place];
        let mut told = vec![Told::PaymentRejected { payment: name.clone(), amount }];
        self.look_again(award, &mut told);
        Ok(told)
    }

    /// The bank returns a payment: what is owed back is taken out of it first, the rest is payable again.
    pub(super) fn give_back(&mut self, name: &Nth) -> Answer {
        let place = self.attempt(name, PaymentIs::Settled)?;
        let Payment { award, amount, line, reference, .. } = self.payments[place].clone();
        let reference = reference.unwrap_or_default();
        if self.settled_of(award, &line) < amount {
            return refuse("amount-above-outstanding");
        }
        let mut told = Vec::new();
        let mut rest = amount;
        for one in 0..self.recoveries.len() {
            let recovery = &self.recoveries[one];
            if recovery.award == award && recovery.line == line && recovery.is == RecoveryIs::Owed {
                let part = self.outstanding(one);
                rest -= part;
                told.push(self.came_back(one, part, reference.clone(), true));
            }
        }
        self.payments[place].is = PaymentIs::Returned;
        told.push(Told::Returned { payment: name.clone(), amount: rest });
        self.look_again(award, &mut told);
        Ok(told)
    }

    fn came_back(&mut self, recovery: usize, amount: i128, reference: String, by_return: bool) -> Told {
        self.receipts.push((recovery, reference, amount, by_return));
        if self.outstanding(recovery) == 0 {
            self.recoveries[recovery].is = RecoveryIs::Done;
        }
        let Recovery { award, line, fraud, .. } = &self.recoveries[recovery].clone();
        self.keep_room(*award, *fraud, amount);
        let award = &mut self.awards[*award];
        award.lowered.push(amount);
        for part in award.parts.iter_mut().filter(|part| part.line == *line) {
            part.amount -= amount;
        }
        if award.amount() == 0 {
            award.gone = Some(Gone::Recovered);
        }
        Told::Received { recovery: self.name_of_recovery(recovery), amount }
    }

    pub(super) fn approve(&mut self, name: &Nth, fraud: bool) -> Answer {
        let place = self.recovery(name)?;
        let Recovery { award, line, is, .. } = &self.recoveries[place];
        // Nobody owes what has not arrived.
        let open = *is == RecoveryIs::Proposed;
        if !open || self.settled_of(*award, line) < self.demanded_of(*award, line) {
            return refuse("recovery-not-open");
        }
        (self.recoveries[place].is, self.recoveries[place].fraud) = (RecoveryIs::Owed, fraud);
        Ok(vec![Told::Owed { recovery: name.clone(), amount: self.recoveries[place].amount }])
    }

    pub(super) fn receive(&mut self, name: &Nth, amount: i128, reference: &str) -> Answer {
        let place = self.recovery(name)?;
        if self.recoveries[place].is != RecoveryIs::Owed {
            return refuse("recovery-not-open");
        }
        if amount == 0 || self.outstanding(place) < amount {
            return refuse("amount-above-outstanding");
        }
        let reference = reference_text(reference);
        if self.receipts.iter().any(|one| one.0 == place && one.1 == reference) {
            return refuse("bank-reference-known");
        }
        Ok(vec![self.came_back(place, amount, reference, false)])
    }
}

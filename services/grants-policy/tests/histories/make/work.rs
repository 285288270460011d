//! The daily work: decisions, payments, words of the bank and recoveries, mostly of what waits for them.

use super::Maker;
use crate::{
    model::{ApplicationIs, Model, PaymentIs, RecoveryIs},
    step::{Nth, Wish},
};

impl Maker {
    /// An application that waits, or now and then any or none.
    pub(super) fn number(&mut self, model: &Model) -> String {
        let waiting: Vec<String> = model
            .applications
            .iter()
            .filter(|one| one.is == ApplicationIs::Waiting)
            .map(|one| one.submit.application.clone())
            .collect();
        let found = self.chance.perhaps(&waiting);
        match self.chance.once_in(20) {
            true => format!("A-{}", self.chance.below(self.applications + 2)),
            false => found.unwrap_or_else(|| "A-1".to_owned()),
        }
    }

    pub(super) fn a_decision(&mut self, model: &Model) -> Wish {
        Wish::Decide { application: self.number(model) }
    }

    /// An award that fits, or now and then any or one that nobody made; nothing if none fits.
    fn an_award(&mut self, model: &Model, fits: impl Fn(usize) -> bool) -> Option<String> {
        let fitting: Vec<usize> = (0..model.awards.len()).filter(|one| fits(*one)).collect();
        let any: Vec<usize> = (0..model.awards.len()).collect();
        if self.chance.once_in(80) {
            return Some("A-none".to_owned());
        }
        let found = match self.chance.once_in(12) {
            true => self.chance.perhaps(&any),
            false => self.chance.perhaps(&fitting),
        };
        found.map(|one| model.awards[one].name.clone())
    }

    /// What is asked when nothing waits for anybody.
    fn or_else(&mut self, model: &Model, wish: Option<Wish>) -> Wish {
        match wish {
            Some(wish) => wish,
            None if self.chance.once_in(2) => self.a_decision(model),
            None => self.application(model),
        }
    }

    pub(super) fn a_confirmation(&mut self, model: &Model) -> Wish {
        let fits = |one: usize| {
            let award = &model.awards[one];
            award.stands() && !award.queued && award.confirmed_by.is_none()
        };
        let wish = self.an_award(model, fits).map(|award| Wish::Confirm { award });
        self.or_else(model, wish)
    }

    pub(super) fn an_instruction(&mut self, model: &Model) -> Wish {
        let held = self.chance.once_in(10);
        let fits = |one: usize| {
            let award = &model.awards[one];
            let waits = award.stands() && award.confirmed_by.is_some() && 0 < model.unpaid(one);
            let account =
                model.enterprises.iter().any(|one| one.code == award.enterprise && one.account.is_some());
            waits && account && (award.holds.is_empty() || held)
        };
        let wish = self.an_award(model, fits).map(|award| Wish::Instruct { award });
        self.or_else(model, wish)
    }

    pub(super) fn a_lowering(&mut self, model: &Model) -> Wish {
        let found = self.an_award(model, |one| model.awards[one].stands() && 0 < model.unpaid(one));
        let Some(award) = found else { return self.or_else(model, None) };
        if self.chance.once_in(3) {
            return Wish::Revoke { award, fraud: self.chance.once_in(2) };
        }
        let amount = model.award(&award).map_or(1, |place| model.awards[place].amount());
        let to = match self.chance.below(6) {
            0 => 0,
            1 => amount,
            2 => (amount - 1).max(0),
            3 => 1,
            _ => self.about(amount.max(1)),
        };
        Wish::Reduce { award, to, fraud: self.chance.once_in(2) }
    }

    fn a_payment(&mut self, model: &Model, is: PaymentIs) -> Option<usize> {
        let fitting: Vec<usize> =
            (0..model.payments.len()).filter(|one| model.payments[*one].is == is).collect();
        let any: Vec<usize> = (0..model.payments.len()).collect();
        if self.chance.once_in(10) { self.chance.perhaps(&any) } else { self.chance.perhaps(&fitting) }
    }

    /// A reference of the bank; now and then one that was used before, or typed otherwise.
    fn reference(&mut self) -> String {
        if !self.chance.once_in(12) {
            self.references += 1;
        }
        match self.chance.once_in(10) {
            true => format!("hd {}", self.references),
            false => format!("HD{}", self.references),
        }
    }

    pub(super) fn a_word_of_the_bank(&mut self, model: &Model) -> Wish {
        let kind = self.chance.below(10);
        let is = if kind < 8 { PaymentIs::OnItsWay } else { PaymentIs::Settled };
        let found = self.a_payment(model, is);
        if found.is_none() && !self.chance.once_in(40) {
            return self.or_else(model, None);
        }
        let nobody = Nth { award: "A-none".to_owned(), nth: 0 };
        let payment = found.map_or(nobody, |one| model.name_of_payment(one));
        let amount = found.map_or(1, |one| model.payments[one].amount);
        match kind {
            0..7 => {
                let amount = if self.chance.once_in(12) { self.near(amount) } else { amount };
                Wish::Settle { payment, amount, reference: self.reference() }
            }
            7 => Wish::Reject { payment },
            _ => Wish::Return { payment },
        }
    }

    pub(super) fn about_a_recovery(&mut self, model: &Model) -> Wish {
        let of = |is: RecoveryIs| -> Vec<usize> {
            (0..model.recoveries.len()).filter(|one| model.recoveries[*one].is == is).collect()
        };
        let approve = self.chance.once_in(2);
        let fitting = of(if approve { RecoveryIs::Proposed } else { RecoveryIs::Owed });
        let any: Vec<usize> = (0..model.recoveries.len()).collect();
        let found = match self.chance.once_in(8) {
            true => self.chance.perhaps(&any),
            false => self.chance.perhaps(&fitting),
        };
        let Some(found) = found else {
            // Nothing waits: go on with what is more frequent.
            return if any.is_empty() && self.chance.once_in(8) {
                Wish::Approve { recovery: Nth { award: "A-none".to_owned(), nth: 0 }, fraud: false }
            } else {
                self.an_instruction(model)
            };
        };
        let recovery = model.name_of_recovery(found);
        if approve {
            return Wish::Approve { recovery, fraud: self.chance.once_in(2) };
        }
        let outstanding = model.outstanding(found);
        let amount = match self.chance.below(6) {
            0 => 0,
            1 => outstanding + 1,
            2 | 3 => (outstanding / 2).max(1),
            _ => outstanding,
        };
        Wish::Receive { recovery, amount, reference: self.reference() }
    }
}

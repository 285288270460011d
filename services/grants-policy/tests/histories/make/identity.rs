//! Enterprises that get another name, another account or another code; and what is said of them under the code of today.

use super::{ENTERPRISES, LATER, Maker, STRANGER};
use crate::{
    model::{Model, registers::NAMES},
    step::Wish,
};

impl Maker {
    pub(super) fn another_identity(&mut self, model: &Model) -> Wish {
        let (code, ..) = self.chance.pick(ENTERPRISES);
        let enterprise = match self.chance.below(12) {
            0 => STRANGER.to_owned(),
            1 => code.to_owned(),
            _ => model.current(code),
        };
        let on = self.today() - self.chance.between(-1, 30);
        if self.chance.once_in(3) {
            let code = self.chance.pick(LATER);
            return self.perhaps_twice(Wish::Renumber { enterprise, code, on });
        }
        let name = self.chance.pick(&NAMES);
        let other = self.chance.pick(&NAMES);
        let number = self.chance.below(2) as u8 + 1;
        let account =
            self.chance.pick(&[None, Some((name, number)), Some((name, number)), Some((other, number))]);
        self.perhaps_twice(Wish::Rename { enterprise, name, account, on })
    }

    /// Every other time, under the code that an enterprise has today.
    pub(super) fn under_its_code(&mut self, model: &Model, mut wish: Wish) -> Wish {
        if model.renumbered.is_empty() || self.chance.once_in(2) {
            return wish;
        }
        let subject = |subject: &mut String| {
            if let Some(code) = subject.strip_prefix("enterprise:") {
                *subject = format!("enterprise:{}", model.current(code));
            }
        };
        match &mut wish {
            Wish::Submit(submit) => submit.enterprise = model.current(&submit.enterprise),
            Wish::Fact { subject: about, .. } => subject(about),
            Wish::Report(report) => subject(&mut report.subject),
            Wish::Impose(sanction) => sanction.enterprise = model.current(&sanction.enterprise),
            _ => {}
        }
        wish
    }
}

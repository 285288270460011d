//! Sanctions for a few days, mostly around today, and enterprises that are related or are no longer.

use super::{ENTERPRISES, Maker, STRANGER};
use crate::{
    model::Model,
    step::{Relation, Sanction, Wish},
};

/// What a sanction bars; nothing named is everything. The last ones are wrong.
const BARRED: &[&[&str]] = &[
    &[],
    &[],
    &[],
    &[],
    &["E4.1", "E6", "E5.6"],
    &["T12.1", "T12.2"],
    &["E8"],
    &["E4.2", "E3.3", "E3.4"],
    &["E6", "E6"],
    &["E99"],
];

impl Maker {
    /// Somebody is sanctioned or related, or is no longer.
    pub(super) fn a_bar(&mut self, model: &Model) -> Wish {
        let (one, other) = (self.somebody(), self.somebody());
        let today = self.today();
        let kind = self.chance.pick(&["legal-representative", "shareholding"]);
        match self.chance.below(10) {
            0..4 => {
                let wish = self.a_sanction(one);
                self.perhaps_twice(wish)
            }
            4 | 5 => {
                let known = self.chance.perhaps(&model.sanctions).filter(|_| !self.chance.once_in(8));
                let (enterprise, document, last) = known.map_or_else(
                    || (one, "示例罚决0号".to_owned(), None),
                    |known| {
                        let Sanction { enterprise, document, until, .. } = known.sanction;
                        (enterprise, document, until)
                    },
                );
                let day = today + self.chance.between(-8, 4);
                let until = self.chance.pick(&[None, Some(day), Some(day), last.map(|last| last - 1), last]);
                Wish::Lift { enterprise, document, until, dated: today + self.chance.between(-9, 0) }
            }
            6..9 => {
                let from = today - self.chance.between(-1, 60);
                let last = from + self.chance.between(-2, 200);
                let until = self.chance.pick(&[None, None, Some(last)]);
                self.perhaps_twice(Wish::Relate(Relation { enterprise: one, other, kind, from, until }))
            }
            _ => {
                let known = self.chance.perhaps(&model.relations).filter(|_| !self.chance.once_in(8));
                let (enterprise, other, kind) = known.map_or((one, other, kind), |known| {
                    let Relation { enterprise, other, kind, .. } = known.relation;
                    (other, enterprise, kind)
                });
                let day = today + self.chance.between(-30, 10);
                let until = self.chance.pick(&[None, Some(day)]);
                Wish::Unrelate { enterprise, other, kind, until }
            }
        }
    }

    fn somebody(&mut self) -> String {
        let (code, ..) = self.chance.pick(ENTERPRISES);
        if self.chance.once_in(15) { STRANGER.to_owned() } else { code.to_owned() }
    }

    fn a_sanction(&mut self, enterprise: String) -> Wish {
        let today = self.today();
        let from = today + self.chance.between(-12, 6);
        let last = from + self.chance.between(-1, 50);
        let until = self.chance.pick(&[None, Some(last), Some(last), Some(last), Some(from)]);
        let document = format!("示例罚决{}号", self.chance.below(5));
        let reach = self.chance.pick(&["enterprise", "legal-representative", "group", "group"]);
        let measures = self.chance.pick(BARRED).to_vec();
        let dated = today - self.chance.between(-1, 20);
        Wish::Impose(Sanction { enterprise, from, until, measures, reach, document, dated })
    }
}

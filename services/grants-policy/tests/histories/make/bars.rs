//! Sanctions for a few days, mostly around today, and enterprises that are related or are no longer.

use super::{ENTERPRISES, Maker, PROJECTS, STRANGER, UNKNOWN_PROJECT};
use crate::{
    model::{Model, day},
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
        if self.chance.once_in(4) {
            return self.a_link(model);
        }
        match self.chance.below(10) {
            0..4 => {
                let wish = self.a_sanction(one);
                // Whoever waits is asked for at once.
                for wish in [self.a_confirmation(model), self.an_instruction(model), self.a_decision(model)] {
                    self.next.push_back(wish);
                }
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

    /// Two projects that are parts of one, or are no longer.
    fn a_link(&mut self, model: &Model) -> Wish {
        let ((project, _), (other, _)) = (self.chance.pick(PROJECTS), self.chance.pick(PROJECTS));
        let (project, other) = (project.to_owned(), other.to_owned());
        let other = if self.chance.once_in(15) { UNKNOWN_PROJECT.to_owned() } else { other };
        if !self.chance.once_in(3) {
            return self.perhaps_twice(Wish::Link { project, other });
        }
        let known = self.chance.perhaps(&model.links).filter(|_| !self.chance.once_in(8));
        let (project, other) = known.map_or((project, other), |known| (known.1, known.0));
        Wish::Unlink { project, other }
    }

    /// The first three are related, and projects parts of one, before anything is asked for.
    pub(super) fn kin(&mut self) -> Vec<Wish> {
        let mut wishes = Vec::new();
        for (one, other) in [(0, 1), (1, 2)] {
            let kind = self.chance.pick(&["legal-representative", "shareholding"]);
            let [enterprise, other] = [one, other].map(|place| ENTERPRISES[place].0.to_owned());
            let (from, until) = (day::day(2024, 1, 1), None);
            wishes.push(Wish::Relate(Relation { enterprise, other, kind, from, until }));
        }
        for (one, other) in [(0, 1), (2, 3), (1, 2), (4, 2)] {
            let [project, other] = [one, other].map(|place| PROJECTS[place].0.to_owned());
            wishes.push(Wish::Link { project, other });
        }
        wishes.retain(|_| !self.chance.once_in(8));
        wishes
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

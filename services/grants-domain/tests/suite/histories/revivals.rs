//! Histories in which caps cut most of the time and awards fall often: what was cut comes back with room (K-15), what fraud
//! had got stays taken (K-36), and no decision takes a cap above its limit or a line below its money.

use super::{History, found, play};
use crate::chance::{scaled, seeds};
use grants_domain::{
    state::list,
    tables::{Awards, Caps},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Most of them with a cap that cuts.
pub(super) const MEASURES: [&str; 5] = ["caprevives", "caprevives2", "caprevives3", "capkept", "owed"];

#[test]
fn i_02_03_04_10_the_books_stay_right_while_cut_parts_come_back() {
    let (mut words, mut kept) = (BTreeSet::new(), 0);
    for seed in seeds(3) {
        println!("GRANTS_SEED={seed}");
        let mut history = found(seed);
        history.cutting = true;
        let history = play(history, scaled(2_000));
        let awards = list::<Awards>(&history.world.state, &(), usize::MAX);
        kept += awards.iter().filter(|(_, row)| !row.kept.is_empty()).count();
        // The highest limit that any version of these histories has.
        let above = |row: &grants_domain::tables::CapRow| 250_000 < row.used.get();
        assert!(!list::<Caps>(&history.world.state, &(), usize::MAX).iter().any(|(_, row)| above(row)));
        words.extend(history.world.words);
    }
    for word in
        ["award.raised", "award.raise_delayed", "award.unconfirmed", "recovery.owed", "recovery.received"]
    {
        assert!(words.contains(word), "no history has {word}");
    }
    assert!(0 < kept, "no fraud kept room");
}

impl History {
    /// A measure of these, if caps are to cut.
    pub(super) fn cut_measure(&mut self) -> Option<&'static str> {
        self.cutting.then(|| *self.chance.pick(&MEASURES))
    }

    /// An award falls, for a slip or for fraud.
    pub(super) fn fall(&mut self) -> Option<(&'static str, Value)> {
        if !self.cutting || !self.chance.once_in(5) {
            return None;
        }
        let (award, ground) = (self.an_award(), self.a_ground());
        Some(match self.chance.once_in(3) {
            true => ("award.revoke", json!({ "award": award, "reason": "撤销", "ground": ground })),
            false => {
                let to = self.amount(60_000);
                ("award.reduce", json!({ "award": award, "to": to, "reason": "核减", "ground": ground }))
            }
        })
    }
}

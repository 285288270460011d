//! Histories in which two treasuries pay most awards together, each its part from a line of its own: the parts sum to the
//! award after every command (I-22), whatever is paid, rejected, returned, lowered, asked back or raised of them.

use super::{History, found, play};
use crate::chance::{scaled, seeds};
use grants_domain::{
    state::list,
    tables::{AwardRow, Awards},
};
use std::collections::BTreeSet;

#[test]
fn i_22_parts_sum_to_the_award_after_every_command() {
    let (mut words, mut torn, mut fallen) = (BTreeSet::new(), 0, 0);
    for seed in seeds(4) {
        println!("GRANTS_SEED={seed}");
        let mut history = found(seed);
        (history.shared, history.cutting) = (true, seed % 2 == 0);
        let history = play(history, scaled(2_000));
        let rows = list::<Awards>(&history.world.state, &(), usize::MAX);
        let shared: Vec<AwardRow> =
            rows.into_iter().map(|(_, row)| row).filter(|row| !row.shares.is_empty()).collect();
        // One part paid and the other not.
        torn += shared
            .iter()
            .filter(|row| row.shares.iter().any(|part| part.settled.is_zero() != row.settled.is_zero()))
            .count();
        fallen +=
            shared.iter().filter(|row| row.shares.iter().all(|part| !part.recovering.is_zero())).count();
        words.extend(history.world.words);
    }
    println!("{torn} half paid, {fallen} asked back on both lines");
    assert!(0 < torn && 0 < fallen);
    for word in [
        "award.queued",
        "award.dequeued",
        "award.unconfirmed",
        "award.raised",
        "payment.rejected",
        "payment.returned",
        "recovery.owed",
        "recovery.received",
        "recovery.withdrawn",
        "recovery.reversed",
    ] {
        assert!(words.contains(word), "no history has {word}");
    }
}

impl History {
    /// Who pays, if treasuries share.
    pub(super) fn payers(&mut self) -> Option<String> {
        if !self.shared || self.chance.once_in(4) {
            return None;
        }
        let (one, other) = (1 + self.chance.below(9), 1 + self.chance.below(9));
        Some(match self.chance.once_in(2) {
            true => format!("411702000:{one} 411721000:{other}"),
            false => format!("411721000:{one} 411702000:{other}"),
        })
    }
}

//! Room that stays taken (K-36): what fraud had got gives no cap room back, where the rules say so.
//!
//! Only the room of caps stays: rights, tallies, evidence and money are given back as after any other decision.

use crate::{
    choice,
    ids::AwardId,
    message,
    rules::Rules,
    state::{StateRead, StateWrite, change, get},
    tables::{Applications, AwardRow, Awards},
    values::{Fen, Slug},
};

choice! {
    /// What a decision of an officer rests on, where it matters for what follows.
    pub enum Ground {
        /// 骗取: the award was got by fraud.
        Fraud = 1 => "fraud",
    }
}

message! {
    /// Room of one cap that an award had and that stays taken.
    pub struct KeptRoom {
        1 => cap: Slug,
        2 => amount: Fen,
        /// The interpretation that says so, or the cap itself if its text does.
        3 => interpretation: Slug,
    }
}

impl AwardRow {
    /// What of a cap this award takes: what stands of it, and what it had and stays taken.
    #[must_use]
    pub fn room_of(&self, cap: &Slug) -> Fen {
        let kept = self.kept.iter().filter(|one| one.cap == *cap);
        kept.fold(self.amount, |sum, one| sum.checked_add(one.amount).unwrap_or(Fen::MAX))
    }
}

/// The room that stays taken when `amount` falls off an award on this ground.
pub(crate) fn kept(
    state: &dyn StateRead,
    rules: &dyn Rules,
    award: &AwardRow,
    ground: Option<Ground>,
    amount: Fen,
) -> Vec<KeptRoom> {
    if ground != Some(Ground::Fraud) || award.caps.is_empty() {
        return Vec::new();
    }
    // Invariant: an award rests on an application, and it never goes.
    let application = get::<Applications>(state, &award.application)
        .unwrap_or_else(|| panic!("an award without its application {}", award.application));
    let keeping = rules.kept_after_fraud(award.version, &application);
    let of = |cap: &Slug| keeping.iter().find(|(kept, _)| kept == cap);
    let kept = award.caps.iter().filter_map(|step| of(&step.cap));
    kept.map(|(cap, by)| KeptRoom { cap: cap.clone(), amount, interpretation: by.clone() }).collect()
}

/// Notes what an award keeps of its caps, so that whoever adds awards up finds it.
pub(crate) fn note(state: &mut dyn StateWrite, award: AwardId, kept: &[KeptRoom]) {
    if kept.is_empty() {
        return;
    }
    change::<Awards>(state, &award, |row| {
        for one in kept {
            match row.kept.iter_mut().find(|other| other.cap == one.cap) {
                Some(other) => {
                    let sum = other.amount.checked_add(one.amount);
                    other.amount = sum.unwrap_or_else(|| panic!("kept room leaves its range"));
                }
                None => row.kept.push(one.clone()),
            }
        }
    });
}

//! Several treasuries pay one award (分担, K-04): each its part, from a budget line of its own.
//!
//! Invariant (I-22): the parts are whole 分 and sum exactly to the award at every sequence. Where a proportion leaves a
//! fraction, a part is what the proportion gives to it and to all before it, rounded down, less what those before it get;
//! so 5:5 of 100.01 is 50.00 and 50.01. An award that one treasury pays has no shares and one part, which is all of it.

use crate::{
    accounts::{Account, Posting, transfer},
    message,
    tables::AwardRow,
    values::{Fen, Reference, Treasury},
};
use std::{fmt, str::FromStr};

/// Treasuries that can pay one award together.
pub const PAYERS_MAX: usize = 8;
/// Largest weight of one of them.
pub const WEIGHT_MAX: u32 = 10_000;

message! {
    /// The part of an award that one treasury pays.
    pub struct Share {
        1 => treasury: Treasury,
        2 => line: Reference,
        /// Its weight among those of all parts.
        3 => weight: u32,
        4 => amount: Fen,
    }
}

message! {
    /// What such a part has become.
    pub struct Part {
        1 => line: Reference,
        2 => amount: Fen,
    }
}

message! {
    /// A part as it stands: the sums of an award's row, for one part.
    pub struct ShareRow {
        1 => line: Reference,
        2 => weight: u32,
        3 => amount: Fen,
        /// Instructed or settled, together.
        4 => instructed: Fen,
        5 => settled: Fen,
        6 => recovering: Fen,
    }
}

impl ShareRow {
    /// What is neither paid nor on its way.
    #[must_use]
    pub fn unpaid(&self) -> Fen {
        self.amount.saturating_sub(self.instructed)
    }
}

/// Who pays, and in which proportion. Never empty; no treasury twice; weights from 1 to [`WEIGHT_MAX`].
///
/// Its text form is treasuries with their weights, such as `411702000:5 411700000:5`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payers(Vec<(Treasury, u32)>);

impl Payers {
    /// One treasury pays all.
    #[must_use]
    pub fn one(treasury: Treasury) -> Self {
        Self(vec![(treasury, 1)])
    }
    /// Treasuries with their weights. One that is named twice bears both.
    ///
    /// # Errors
    /// What is wrong: nobody, too many, or a weight out of its range.
    pub fn of(named: impl IntoIterator<Item = (Treasury, u32)>) -> Result<Self, PayersError> {
        let mut found: Vec<(Treasury, u32)> = Vec::new();
        for (treasury, weight) in named {
            match found.iter_mut().find(|(known, _)| *known == treasury) {
                Some((_, sum)) => *sum = sum.saturating_add(weight),
                None => found.push((treasury, weight)),
            }
        }
        let wrong = found.iter().find(|(_, weight)| !(1..=WEIGHT_MAX).contains(weight));
        match wrong {
            Some((treasury, weight)) => Err(PayersError { word: format!("{treasury}:{weight}") }),
            None if found.is_empty() || PAYERS_MAX < found.len() => {
                Err(PayersError { word: Self(found).to_string() })
            }
            None => Ok(Self(found)),
        }
    }
    /// Each with its weight, in the order in which they were named.
    #[must_use]
    pub fn each(&self) -> &[(Treasury, u32)] {
        &self.0
    }
    /// Whether several share.
    #[must_use]
    pub fn share(&self) -> bool {
        1 < self.0.len()
    }
    /// The parts of an amount, in the same order.
    #[must_use]
    pub fn divide(&self, amount: Fen) -> Vec<Fen> {
        divided(amount, self.0.iter().map(|(_, weight)| *weight))
    }
}

/// A text does not say who pays in which proportion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayersError {
    /// The word that is wrong, or all of them if their number is.
    pub word: String,
}

impl fmt::Display for PayersError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} is no treasury with its weight, such as 411702000:5", self.word)
    }
}

impl FromStr for Payers {
    type Err = PayersError;
    fn from_str(text: &str) -> Result<Self, PayersError> {
        let wrong = |word: &str| PayersError { word: word.to_owned() };
        let mut found: Vec<(Treasury, u32)> = Vec::new();
        for word in text.split_whitespace() {
            let (treasury, weight) = weighted(word).ok_or_else(|| wrong(word))?;
            let treasury = treasury.parse::<Treasury>().map_err(|_| wrong(word))?;
            if found.iter().any(|(known, _)| *known == treasury) {
                return Err(wrong(word));
            }
            found.push((treasury, weight));
        }
        Self::of(found)
    }
}

/// A payer and its weight, of `PAYER:WEIGHT`. There is one way to write a weight, so that one proportion is one text.
#[must_use]
pub fn weighted(word: &str) -> Option<(&str, u32)> {
    let (payer, weight) = word.rsplit_once(':')?;
    let plain = weight.bytes().all(|byte| byte.is_ascii_digit()) && !weight.starts_with('0');
    let weight = weight.parse().ok().filter(|weight| plain && (1..=WEIGHT_MAX).contains(weight))?;
    Some((payer, weight))
}

impl fmt::Display for Payers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (treasury, weight)) in self.0.iter().enumerate() {
            let gap = if place == 0 { "" } else { " " };
            write!(out, "{gap}{treasury}:{weight}")?;
        }
        Ok(())
    }
}

/// An amount in parts by weight: each part is what falls on it and all before it, rounded down, less what those got.
fn divided(amount: Fen, weights: impl Iterator<Item = u32> + Clone) -> Vec<Fen> {
    let all: i128 = weights.clone().map(i128::from).sum();
    let (mut weight, mut given) = (0i128, 0i128);
    let part = |one: u32| {
        weight += i128::from(one);
        // At most 2^63 times 80,000: far inside.
        let until_here = i128::from(amount.get()) * weight / all;
        let part = until_here - given;
        given = until_here;
        Fen::from_i128(part).unwrap_or_else(|_| panic!("a part of {amount} leaves its range"))
    };
    weights.map(part).collect()
}

/// A part of an award that is to be divided anew, and between what it may end.
struct Bounds {
    weight: u32,
    least: Fen,
    most: Fen,
}

/// An amount in parts that keep their bounds, as near to the proportion as they allow. What the bounds leave over goes to
/// the last part that can take it, then to the one before.
fn within(amount: Fen, bounds: &[Bounds]) -> Vec<Fen> {
    let wanted = divided(amount, bounds.iter().map(|one| one.weight));
    let mut parts: Vec<Fen> =
        wanted.iter().zip(bounds).map(|(part, one)| (*part).max(one.least).min(one.most)).collect();
    let sum = |parts: &[Fen]| parts.iter().map(|part| i128::from(part.get())).sum::<i128>();
    let mut over = i128::from(amount.get()) - sum(&parts);
    for (part, one) in parts.iter_mut().zip(bounds).rev() {
        let [now, least, most] = [*part, one.least, one.most].map(|sum| i128::from(sum.get()));
        let moved = over.clamp(least - now, most - now);
        over -= moved;
        *part = Fen::from_i128(now + moved).unwrap_or_else(|_| panic!("a part leaves its bounds"));
    }
    assert!(over == 0, "no division of {amount} keeps its bounds");
    parts
}

impl AwardRow {
    /// Its parts: one for each treasury, or one that is all of it.
    #[must_use]
    pub fn parts(&self) -> Vec<ShareRow> {
        if !self.shares.is_empty() {
            return self.shares.clone();
        }
        vec![ShareRow {
            line: self.line.clone(),
            weight: 1,
            amount: self.amount,
            instructed: self.instructed,
            settled: self.settled,
            recovering: self.recovering,
        }]
    }
    /// The part that a budget line pays.
    #[must_use]
    pub fn part(&self, line: &Reference) -> ShareRow {
        // Invariant: payments and recoveries of an award name lines of it.
        let found = self.parts().into_iter().find(|part| part.line == *line);
        found.unwrap_or_else(|| panic!("line {line} pays nothing of this award"))
    }
    /// The lines that pay it.
    #[must_use]
    pub fn lines(&self) -> Vec<Reference> {
        self.parts().into_iter().map(|part| part.line).collect()
    }
    /// Changes the part of a line, where there are several.
    pub(crate) fn change_part(&mut self, line: &Reference, with: impl FnOnce(&mut ShareRow)) {
        if let Some(part) = self.shares.iter_mut().find(|part| part.line == *line) {
            with(part);
        }
    }
    /// What each part is when the unpaid sum has fallen until the award is `to`.
    #[must_use]
    pub fn lowered(&self, to: Fen) -> Vec<Fen> {
        self.divided_anew(to, |part| (part.instructed, part.amount))
    }
    /// What each part is due when `due` of the award is, paid or not.
    #[must_use]
    pub fn due_of_parts(&self, due: Fen) -> Vec<Fen> {
        self.divided_anew(due.min(self.amount), |part| (Fen::ZERO, part.amount))
    }
    /// What each part is when the award has risen to `to`.
    #[must_use]
    pub fn risen(&self, to: Fen) -> Vec<Fen> {
        self.divided_anew(to, |part| (part.amount, Fen::MAX))
    }
    fn divided_anew(&self, amount: Fen, bounds: impl Fn(&ShareRow) -> (Fen, Fen)) -> Vec<Fen> {
        let bounds = self.parts().into_iter().map(|part| {
            let (least, most) = bounds(&part);
            Bounds { weight: part.weight, least, most }
        });
        within(amount, &bounds.collect::<Vec<_>>())
    }
    /// These amounts of its parts as an event tells them; nothing if one treasury pays all.
    pub(crate) fn told(&self, amounts: &[Fen]) -> Vec<Part> {
        let told = |(part, amount): (&ShareRow, &Fen)| Part { line: part.line.clone(), amount: *amount };
        self.shares.iter().zip(amounts).map(told).collect()
    }
    /// Takes over what an event tells of its parts.
    pub(crate) fn take_parts(&mut self, told: &[Part]) {
        for one in told {
            self.change_part(&one.line, |part| part.amount = one.amount);
        }
    }
}

/// The legs that carry an amount of each line from one account to another; none for a line of which it is nothing.
pub(crate) fn carried<'a>(
    parts: impl IntoIterator<Item = (&'a Reference, Fen)>,
    from: Account,
    to: Account,
) -> Vec<Posting> {
    let legs = parts.into_iter().filter(|(_, amount)| !amount.is_zero());
    legs.flat_map(|(line, amount)| transfer(line, from, to, amount)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fen(amount: i64) -> Fen {
        Fen::from_i128(i128::from(amount)).unwrap()
    }

    fn payers(text: &str) -> Payers {
        text.parse().unwrap()
    }

    ///
    #[test]
    fn half_of_an_odd_sum_goes_up_for_the_last() {
        let half = payers("411702000:5 411700000:5");
        assert_eq!(half.divide(fen(10_001)), [fen(5_000), fen(5_001)]);
        assert_eq!(payers("411702000:1 411721000:1 411700000:1").divide(fen(100)), [33, 33, 34].map(fen));
        assert_eq!(half.divide(fen(1)), [fen(0), fen(1)]);
        assert_eq!(payers("411702000:7").divide(fen(1)), [fen(1)]);
    }

    #[test]
    fn a_proportion_has_one_text() {
        for text in ["411702000:1", "411702000:5 411700000:5", "411702000:10000 411700000:1"] {
            assert_eq!(payers(text).to_string(), text);
        }
        let wrong = |text: &str| text.parse::<Payers>().unwrap_err().word;
        assert_eq!(wrong("411702000:5 411700000"), "411700000");
        assert_eq!(wrong("411702000:5 411702000:5"), "411702000:5");
        for text in
            ["411702000:0", "411702000:05", "411702000:+5", "411702000:10001", "41170200:5", "411702000:"]
        {
            assert_eq!(wrong(text), text);
        }
        let many: Vec<String> = (0..9).map(|one| format!("41170{one}000:1")).collect();
        assert_eq!(wrong(&many.join(" ")), many.join(" "));
        assert_eq!(wrong(""), "");
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_amount_and_are_near_the_proportion(
            amount in 0i64..1_000_000_000_000, weights in proptest::collection::vec(1u32..=WEIGHT_MAX, 1..=PAYERS_MAX),
        ) {
            let parts = divided(fen(amount), weights.iter().copied());
            prop_assert_eq!(parts.iter().map(|part| part.get()).sum::<i64>(), amount);
            let all: i128 = weights.iter().map(|one| i128::from(*one)).sum();
            for (part, weight) in parts.iter().zip(&weights) {
                let off = i128::from(part.get()) * all - i128::from(amount) * i128::from(*weight);
                prop_assert!(off.abs() < all, "{:?} by {:?}", parts, weights);
            }
        }

        #[test]
        fn bounds_are_kept(
            parts in proptest::collection::vec((1u32..=9, 0i64..50, 0i64..50), 1..=4), share in 0i64..=100,
        ) {
            let bounds = |(weight, least, more): &(u32, i64, i64)| Bounds {
                weight: *weight, least: fen(*least), most: fen(least + more),
            };
            let bounds: Vec<Bounds> = parts.iter().map(bounds).collect();
            let [least, most] = [0, 1].map(|side| -> i64 {
                bounds.iter().map(|one| if side == 0 { one.least.get() } else { one.most.get() }).sum()
            });
            let amount = least + (most - least) * share / 100;
            let found = within(fen(amount), &bounds);
            prop_assert_eq!(found.iter().map(|part| part.get()).sum::<i64>(), amount);
            for (part, one) in found.iter().zip(&bounds) {
                prop_assert!(one.least <= *part && *part <= one.most);
            }
        }
    }
}

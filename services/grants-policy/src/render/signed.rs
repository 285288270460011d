//! What a step adds to an amount or takes off it, as a clerk adds it up: the steps of an explanation come to the amount
//! that is due, to the last fraction of a 分.

use crate::{
    number::{thousands, yuan},
    render::Language,
};
use grants_domain::values::{Exact, Fen};
use std::fmt;

/// An exact amount of 元 with its sign. Its text is `+3000000.00`, `-0.0095` or, where no decimal says it, `-1/225`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Whether it is taken off.
    pub taken: bool,
    /// How much, in exact 元.
    pub amount: Exact,
}

impl Signed {
    /// What leads from one amount to the next; `None` only if the numbers are too large to compare.
    pub(super) fn between(before: Exact, after: Exact) -> Option<Self> {
        let taken = after < before;
        let amount = if taken { before.checked_sub(after) } else { after.checked_sub(before) };
        amount.ok().map(|amount| Self { taken, amount })
    }

    /// Whether it is less than one 分, as rounding is.
    pub(super) fn is_a_fraction(self) -> bool {
        self.amount != Exact::ZERO && self.amount.floor() == Ok(Fen::ZERO)
    }

    /// The end of a sentence: `计入 +3,000,000.00 元。`, `扣减 −4/9 分。`. What is no decimal number is told in whole 分
    /// and the fraction of one, so that both can be added up.
    pub(super) fn said(self, language: Language) -> String {
        let sign = if self.taken { '−' } else { '+' };
        let text = yuan(self.amount);
        let (yuan, and, fen) = match language {
            Language::Zh => ("元", "又 ", "分"),
            Language::En => ("yuan", " and ", "fen"),
        };
        let told = match text.split_once('.') {
            Some((whole, decimals)) => format!("{sign}{}.{decimals} {yuan}", thousands(whole)),
            None => match (self.amount.floor(), self.rest()) {
                (Ok(Fen::ZERO), Some(rest)) => format!("{sign}{rest} {fen}"),
                (Ok(whole), Some(rest)) => format!("{sign}{} {yuan}{and}{rest} {fen}", whole.grouped()),
                (Err(_), _) | (_, None) => format!("{sign}{text} {yuan}"),
            },
        };
        match (language, self.taken) {
            (Language::Zh, false) => format!("计入 {told}。"),
            (Language::Zh, true) => format!("扣减 {told}。"),
            (Language::En, false) => format!(" Adds {told}."),
            (Language::En, true) => format!(" Takes off {told}."),
        }
    }

    /// What is behind the whole 分, as a fraction of one 分 in lowest terms.
    fn rest(self) -> Option<String> {
        let whole = self.amount.floor().ok()?;
        let rest = self.amount.checked_sub(Exact::from(whole)).ok()?;
        Some(rest.fraction())
    }
}

impl fmt::Display for Signed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", if self.taken { '-' } else { '+' }, yuan(self.amount))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(above: i128, below: i128) -> Exact {
        Exact::new(above, below).unwrap()
    }

    #[test]
    fn a_step_is_told_with_its_sign_and_to_the_last_fraction() {
        for (before, after, text, zh, en) in [
            ((0, 1), (300_000_000, 1), "+3000000.00", "计入 +3,000,000.00 元。", " Adds +3,000,000.00 yuan."),
            ((199, 2), (99, 1), "-0.005", "扣减 −0.005 元。", " Takes off −0.005 yuan."),
            (
                (0, 1),
                (990_062_500, 9),
                "+9900625/9",
                "计入 +1,100,069.44 元又 4/9 分。",
                " Adds +1,100,069.44 yuan and 4/9 fen.",
            ),
            ((990_062_500, 9), (110_006_944, 1), "-1/225", "扣减 −4/9 分。", " Takes off −4/9 fen."),
            ((1, 1), (1, 1), "+0.00", "计入 +0.00 元。", " Adds +0.00 yuan."),
        ] {
            let exact = |(above, below)| exact(above, below);
            let signed = Signed::between(exact(before), exact(after)).unwrap();
            assert_eq!(signed.to_string(), text);
            assert_eq!(signed.said(Language::Zh), zh);
            assert_eq!(signed.said(Language::En), en);
        }
    }

    #[test]
    fn rounding_moves_less_than_one_fen() {
        let is = |before, after| Signed::between(before, after).unwrap().is_a_fraction();
        assert!(is(exact(3, 2), exact(1, 1)) && is(exact(3, 2), exact(2, 1)));
        assert!(!is(exact(1, 1), exact(1, 1)) && !is(exact(2, 1), exact(1, 1)));
    }
}

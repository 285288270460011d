//! Amounts before they are rounded: exact fractions of a 分, so that a cap is compared with the true value
//! and rounding happens once, at the end, by the mode the clause names.

use core::cmp::Ordering;
use core::fmt;
use core::str::FromStr;

use super::error::{Reason, ValueError};
use super::money::Fen;
use super::rate::Rate;
use super::serial::serde_as_text;

const WHAT: &str = "exact amount";
const FORM: &str = "22000001/2 (a fraction of 分 in lowest terms)";

/// The largest numerator and denominator: ten times as much still fits in `i128`.
pub const EXACT_PART_MAX: i128 = 10_i128.pow(36);

/// The most decimals of 元 that are shown.
pub const EXACT_DECIMALS_SHOWN: usize = 10;

/// Why exact arithmetic has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ExactError {
    /// The numerator or denominator would leave its range, or the rounded amount would be above [`Fen::MAX`].
    #[error("the amount is too large or too finely divided to be computed exactly")]
    Overflow,
    /// The result would be below zero.
    #[error("the amount would be below zero")]
    Negative,
    /// A division by zero was asked for.
    #[error("an amount cannot be divided by zero")]
    DivisionByZero,
}

/// An exact non-negative rational number of 分.
///
/// Invariant: lowest terms, `0 <= numerator <= 10^36`, `0 < denominator <= 10^36`; so equal values have equal
/// parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Exact {
    numerator: i128,
    denominator: i128,
}

impl Exact {
    /// Nothing.
    pub const ZERO: Exact = Exact { numerator: 0, denominator: 1 };

    /// The fraction of a 分.
    ///
    /// # Errors
    /// See [`ExactError`].
    pub fn new(numerator: i128, denominator: i128) -> Result<Exact, ExactError> {
        if denominator == 0 {
            return Err(ExactError::DivisionByZero);
        }
        if numerator < 0 || denominator < 0 {
            return Err(ExactError::Negative);
        }
        let common = greatest_common_divisor(numerator, denominator);
        let (numerator, denominator) = (numerator / common, denominator / common);
        if EXACT_PART_MAX < numerator || EXACT_PART_MAX < denominator {
            return Err(ExactError::Overflow);
        }
        Ok(Exact { numerator, denominator })
    }

    /// The numerator, in lowest terms.
    #[must_use]
    pub fn numerator(self) -> i128 {
        self.numerator
    }

    /// The denominator, in lowest terms.
    #[must_use]
    pub fn denominator(self) -> i128 {
        self.denominator
    }

    /// Times a rate.
    ///
    /// # Errors
    /// [`ExactError::Overflow`].
    pub fn checked_mul_rate(self, rate: Rate) -> Result<Exact, ExactError> {
        let (numerator, denominator) = rate.numerator_denominator();
        self.times(numerator, denominator)
    }

    /// Times a whole number.
    ///
    /// # Errors
    /// [`ExactError::Overflow`].
    pub fn checked_mul(self, factor: u64) -> Result<Exact, ExactError> {
        self.times(i128::from(factor), 1)
    }

    /// Divided by a whole number.
    ///
    /// # Errors
    /// [`ExactError::DivisionByZero`], [`ExactError::Overflow`].
    pub fn checked_div(self, divisor: u64) -> Result<Exact, ExactError> {
        if divisor == 0 {
            return Err(ExactError::DivisionByZero);
        }
        self.times(1, i128::from(divisor))
    }

    /// The sum.
    ///
    /// # Errors
    /// [`ExactError::Overflow`].
    pub fn checked_add(self, other: Exact) -> Result<Exact, ExactError> {
        let (left, right, denominator) = self.with_common_denominator(other)?;
        Exact::new(left.checked_add(right).ok_or(ExactError::Overflow)?, denominator)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`ExactError::Negative`] if `other` is larger, [`ExactError::Overflow`].
    pub fn checked_sub(self, other: Exact) -> Result<Exact, ExactError> {
        let (left, right, denominator) = self.with_common_denominator(other)?;
        Exact::new(left.checked_sub(right).ok_or(ExactError::Overflow)?, denominator)
    }

    /// Whether it is a whole number of 分.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.denominator == 1
    }

    /// Rounded down to 分.
    ///
    /// # Errors
    /// [`ExactError::Overflow`] above [`Fen::MAX`].
    pub fn floor(self) -> Result<Fen, ExactError> {
        fen(self.numerator / self.denominator)
    }

    /// Rounded up to 分.
    ///
    /// # Errors
    /// [`ExactError::Overflow`] above [`Fen::MAX`].
    pub fn ceil(self) -> Result<Fen, ExactError> {
        fen(self.numerator.div_euclid(self.denominator) + i128::from(!self.is_whole()))
    }

    /// Rounded to the nearest 分, and a half upwards (四舍五入).
    ///
    /// # Errors
    /// [`ExactError::Overflow`] above [`Fen::MAX`].
    pub fn half_up(self) -> Result<Fen, ExactError> {
        let whole = self.numerator / self.denominator;
        let rest = self.numerator % self.denominator;
        fen(whole + i128::from(self.denominator <= 2 * rest))
    }

    /// The canonical text: the fraction of 分 in lowest terms, `n/d`, which nothing is lost in.
    #[must_use]
    pub fn fraction(self) -> String {
        Fraction(self).to_string()
    }

    fn times(self, numerator: i128, denominator: i128) -> Result<Exact, ExactError> {
        // Common factors are taken out first, so that only a result too large is too large.
        let left = greatest_common_divisor(self.numerator, denominator);
        let right = greatest_common_divisor(numerator, self.denominator);
        let top = (self.numerator / left).checked_mul(numerator / right);
        let bottom = (self.denominator / right).checked_mul(denominator / left);
        Exact::new(top.ok_or(ExactError::Overflow)?, bottom.ok_or(ExactError::Overflow)?)
    }

    fn with_common_denominator(self, other: Exact) -> Result<(i128, i128, i128), ExactError> {
        let common = greatest_common_divisor(self.denominator, other.denominator);
        let (mine, theirs) = (self.denominator / common, other.denominator / common);
        let left = self.numerator.checked_mul(theirs);
        let right = other.numerator.checked_mul(mine);
        let denominator = self.denominator.checked_mul(theirs);
        match (left, right, denominator) {
            (Some(left), Some(right), Some(denominator)) => Ok((left, right, denominator)),
            (None, _, _) | (_, None, _) | (_, _, None) => Err(ExactError::Overflow),
        }
    }
}

impl From<Fen> for Exact {
    fn from(amount: Fen) -> Exact {
        Exact { numerator: i128::from(amount.get()), denominator: 1 }
    }
}

impl Ord for Exact {
    /// Compares without multiplying, so that it cannot overflow: whole parts first, then the rests turned
    /// upside down, as in a continued fraction.
    fn cmp(&self, other: &Exact) -> Ordering {
        let (mut a, mut b) = (self.numerator, self.denominator);
        let (mut c, mut d) = (other.numerator, other.denominator);
        loop {
            let whole = (a / b).cmp(&(c / d));
            if whole != Ordering::Equal {
                return whole;
            }
            let (left, right) = (a % b, c % d);
            if left == 0 || right == 0 {
                return left.cmp(&right);
            }
            (a, b, c, d) = (d, right, b, left);
        }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Exact) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq<Fen> for Exact {
    fn eq(&self, other: &Fen) -> bool {
        *self == Exact::from(*other)
    }
}

impl PartialOrd<Fen> for Exact {
    fn partial_cmp(&self, other: &Fen) -> Option<Ordering> {
        Some(self.cmp(&Exact::from(*other)))
    }
}

/// For people: the amount in 元 with two to ten decimals, and `…` where it goes on.
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.numerator / self.denominator;
        let mut rest = self.numerator % self.denominator;
        write!(f, "{}.{:02}", whole / 100, whole % 100)?;
        for _ in 2..EXACT_DECIMALS_SHOWN {
            if rest == 0 {
                return Ok(());
            }
            write!(f, "{}", rest * 10 / self.denominator)?;
            rest = rest * 10 % self.denominator;
        }
        if rest == 0 { Ok(()) } else { f.write_str("…") }
    }
}

/// Reads the canonical fraction; the text for people loses digits and is not read back.
impl FromStr for Exact {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<Exact, ValueError> {
        let error = |reason| ValueError::new(WHAT, reason);
        if raw.is_empty() {
            return Err(error(Reason::Empty));
        }
        let form = || error(Reason::Form { expected: FORM });
        let (numerator, denominator) = raw.split_once('/').ok_or_else(form)?;
        let part = |text: &str| text.parse::<i128>().map_err(|_| form());
        let exact = Exact::new(part(numerator)?, part(denominator)?).map_err(|_| form())?;
        // One value has one text: a sign, a leading zero or a common factor is refused.
        if exact.fraction() == raw { Ok(exact) } else { Err(form()) }
    }
}

struct Fraction(Exact);

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.0.numerator, self.0.denominator)
    }
}

impl FromStr for Fraction {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<Fraction, ValueError> {
        raw.parse().map(Fraction)
    }
}

serde_as_text!(Fraction, "an exact amount such as \"22000001/2\"");

impl serde::Serialize for Exact {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Fraction(*self).serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for Exact {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Exact, D::Error> {
        Fraction::deserialize(deserializer).map(|fraction| fraction.0)
    }
}

fn fen(amount: i128) -> Result<Fen, ExactError> {
    Fen::from_i128(amount).map_err(|_| ExactError::Overflow)
}

/// Of non-negative numbers, not both zero; 1 where it would be 0.
fn greatest_common_divisor(left: i128, right: i128) -> i128 {
    // Nearly every amount fits into 64 bits, where a division takes a small part of the time.
    match (u64::try_from(left), u64::try_from(right)) {
        (Ok(left), Ok(right)) => i128::from(euclid(left, right).max(1)),
        (Ok(_) | Err(_), _) => euclid(left, right).max(1),
    }
}

fn euclid<N: Copy + Default + PartialEq + core::ops::Rem<Output = N>>(left: N, right: N) -> N {
    let (mut a, mut b) = (left, right);
    while b != N::default() {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests;

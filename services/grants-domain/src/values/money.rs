//! Money is counted in whole 分, never negative, and never a float on its way in or out.

use core::fmt;
use core::str::FromStr;

use super::error::{Reason, ValueError};
use super::plain::{Plain, append_number, digit};
use super::serial::serde_as_text;
use super::shape::{is_full_width, text};

const WHAT: &str = "amount of money";

/// The most significant digits an amount may be written with: what a spreadsheet's float keeps exactly.
pub const AMOUNT_DIGITS_MAX: usize = 15;

/// The most decimals of an amount in 元.
pub const AMOUNT_DECIMALS_MAX: u32 = 2;

/// A non-negative amount in 分 (1/100 元).
///
/// Invariant: `0 <= Fen <= Fen::MAX`, so every amount can be written with fifteen significant digits and
/// read back, and a sum of two never leaves `i64`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fen(i64);

impl Fen {
    /// Nothing.
    pub const ZERO: Fen = Fen(0);

    /// The largest amount, 9,999,999,999,999.99 元: fifteen digits.
    pub const MAX: Fen = Fen(999_999_999_999_999);

    /// An amount of so many 分.
    ///
    /// # Errors
    /// [`Reason::OutOfRange`] if it is negative or above [`Fen::MAX`].
    pub const fn new(fen: i64) -> Result<Fen, ValueError> {
        if fen < 0 || Fen::MAX.0 < fen {
            return Err(OUT_OF_RANGE);
        }
        Ok(Fen(fen))
    }

    /// An amount from a wide sum.
    ///
    /// # Errors
    /// [`Reason::OutOfRange`] if it is negative or above [`Fen::MAX`].
    pub fn from_i128(fen: i128) -> Result<Fen, ValueError> {
        i64::try_from(fen).map_or(Err(OUT_OF_RANGE), Fen::new)
    }

    /// The number of 分.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, or `None` above [`Fen::MAX`].
    #[must_use]
    pub fn checked_add(self, other: Fen) -> Option<Fen> {
        self.0.checked_add(other.0).and_then(|fen| Fen::new(fen).ok())
    }

    /// The difference, or `None` below zero.
    #[must_use]
    pub fn checked_sub(self, other: Fen) -> Option<Fen> {
        self.0.checked_sub(other.0).and_then(|fen| Fen::new(fen).ok())
    }

    /// What is left after taking `other` away, and zero if that is more.
    #[must_use]
    pub fn saturating_sub(self, other: Fen) -> Fen {
        self.checked_sub(other).unwrap_or(Fen::ZERO)
    }

    /// The sum of many amounts, in 分, too wide to overflow.
    #[must_use]
    pub fn sum(amounts: impl IntoIterator<Item = Fen>) -> i128 {
        amounts.into_iter().map(|amount| i128::from(amount.0)).sum()
    }

    /// The amount in 元 with thousands commas, for people: `3,000,000.00`.
    #[must_use]
    pub fn grouped(self) -> String {
        grouped(self.0.unsigned_abs())
    }
}

impl Plain for Fen {
    fn append_to(&self, out: &mut Vec<u8>) {
        append_yuan(self.0.unsigned_abs(), out);
    }
}

fn append_yuan(fen: u64, out: &mut Vec<u8>) {
    append_number(fen / 100, out);
    out.extend_from_slice(&[b'.', digit(fen / 10), digit(fen)]);
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_yuan(f, self.0.unsigned_abs())
    }
}

/// Reads an amount in 元: digits, then perhaps a point and one or two decimals. No sign, exponent,
/// thousands comma, currency mark, superfluous leading zero or full-width digit.
impl FromStr for Fen {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<Fen, ValueError> {
        parse_yuan(raw, 0)
    }
}

serde_as_text!(Fen, "an amount in 元 such as \"3000000.00\"");

/// A difference of amounts in 分, for reports only: the ledger itself has no negative amounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignedFen(i64);

impl SignedFen {
    /// No difference.
    pub const ZERO: SignedFen = SignedFen(0);

    /// A difference of so many 分.
    ///
    /// # Errors
    /// [`Reason::OutOfRange`] if it is further from zero than [`Fen::MAX`].
    pub const fn new(fen: i64) -> Result<SignedFen, ValueError> {
        if fen < -Fen::MAX.0 || Fen::MAX.0 < fen {
            return Err(OUT_OF_RANGE);
        }
        Ok(SignedFen(fen))
    }

    /// `left` minus `right`, which always fits.
    #[must_use]
    pub fn difference(left: Fen, right: Fen) -> SignedFen {
        SignedFen(left.0.saturating_sub(right.0))
    }

    /// The number of 分.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The sum, or `None` beyond the range.
    #[must_use]
    pub fn checked_add(self, other: SignedFen) -> Option<SignedFen> {
        self.0.checked_add(other.0).and_then(|fen| SignedFen::new(fen).ok())
    }

    /// The difference in 元 with thousands commas, for people: `-3,000,000.00`.
    #[must_use]
    pub fn grouped(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        format!("{sign}{}", grouped(self.0.unsigned_abs()))
    }
}

impl From<Fen> for SignedFen {
    fn from(amount: Fen) -> SignedFen {
        SignedFen(amount.0)
    }
}

impl fmt::Display for SignedFen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 0 {
            f.write_str("-")?;
        }
        write_yuan(f, self.0.unsigned_abs())
    }
}

/// Reads an amount in 元 with a minus sign or none; a negative zero is refused.
impl FromStr for SignedFen {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<SignedFen, ValueError> {
        let Some(rest) = raw.strip_prefix('-') else {
            return parse_yuan(raw, 0).map(SignedFen::from);
        };
        match parse_yuan(rest, 1)? {
            Fen::ZERO => Err(error(Reason::Form { expected: "0.00 without a sign" })),
            Fen(fen) => Ok(SignedFen(-fen)),
        }
    }
}

serde_as_text!(SignedFen, "a difference in 元 such as \"-3000000.00\"");

const OUT_OF_RANGE: ValueError =
    ValueError::new(WHAT, Reason::OutOfRange { range: "0.00 to 9999999999999.99" });

const fn error(reason: Reason) -> ValueError {
    ValueError::new(WHAT, reason)
}

/// Reads an unsigned amount; `before` characters of the text were read by the caller.
fn parse_yuan(raw: &str, before: usize) -> Result<Fen, ValueError> {
    if raw.is_empty() {
        return Err(error(Reason::Empty));
    }
    let mut seen_point = false;
    for (place, character) in raw.chars().enumerate() {
        let at = place.saturating_add(before).saturating_add(1);
        match character {
            '0'..='9' => {}
            '.' if !seen_point && 0 < place => seen_point = true,
            other if is_full_width(other) => return Err(error(Reason::FullWidth { at })),
            other => {
                return Err(error(Reason::Character { at, found: Some(other) }));
            }
        }
    }
    let (whole, decimals) = raw.split_once('.').unwrap_or((raw, "00"));
    if decimals.is_empty() || (1 < whole.len() && whole.starts_with('0')) {
        return Err(error(Reason::Form { expected: "3000000.00" }));
    }
    if 2 < decimals.len() {
        return Err(error(Reason::Decimals { max: AMOUNT_DECIMALS_MAX }));
    }
    if AMOUNT_DIGITS_MAX < significant_digits(raw) {
        return Err(error(Reason::Digits { max: AMOUNT_DIGITS_MAX }));
    }
    // Fifteen digits and two more fit in i64 with room to spare.
    let digits =
        whole.bytes().chain(decimals.bytes()).chain(b"0".repeat(2_usize.saturating_sub(decimals.len())));
    Fen::new(
        digits.fold(0_i64, |sum, byte| {
            sum.saturating_mul(10).saturating_add(i64::from(byte.saturating_sub(b'0')))
        }),
    )
}

fn significant_digits(raw: &str) -> usize {
    raw.bytes().filter(|byte| *byte != b'.').skip_while(|byte| *byte == b'0').count()
}

fn write_yuan(f: &mut fmt::Formatter<'_>, fen: u64) -> fmt::Result {
    let mut letters = Vec::with_capacity(20);
    append_yuan(fen, &mut letters);
    f.write_str(text(&letters))
}

fn grouped(fen: u64) -> String {
    let whole = (fen / 100).to_string();
    let mut text = String::with_capacity(24);
    for (place, digit) in whole.chars().enumerate() {
        let left = whole.len().saturating_sub(place);
        if 0 < place && left.is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text.push_str(&format!(".{:02}", fen % 100));
    text
}

#[cfg(test)]
mod tests;

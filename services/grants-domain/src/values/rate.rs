//! A rate is an exact decimal number, such as 5 % or a loan prime rate.

use core::fmt;
use core::str::FromStr;

use rust_decimal::Decimal;

use super::error::{Reason, ValueError};
use super::plain::Plain;
use super::serial::serde_as_text;
use super::shape::is_full_width;

const WHAT: &str = "rate";

/// The most decimals of a rate, as a plain number and not as a percentage.
pub const RATE_DECIMALS_MAX: u32 = 10;

/// The largest rate.
pub const RATE_MAX: u32 = 1_000_000;

/// The longest text that is read as a rate, in characters.
pub const RATE_TEXT_MAX: usize = 40;

/// A non-negative exact decimal factor.
///
/// Invariant: normalised (no trailing zeros), at most ten decimals, at most 1,000,000; so its numerator
/// stays below 10^17 and products with amounts below 10^33.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(Decimal);

impl Rate {
    /// Nothing of it.
    pub const ZERO: Rate = Rate(Decimal::ZERO);

    /// All of it.
    pub const ONE: Rate = Rate(Decimal::ONE);

    /// A rate from a decimal number.
    ///
    /// # Errors
    /// [`Reason::OutOfRange`] if negative or above 1,000,000; [`Reason::Decimals`] if it needs more than ten.
    pub fn new(value: Decimal) -> Result<Rate, ValueError> {
        let value = value.normalize();
        if value < Decimal::ZERO || Decimal::from(RATE_MAX) < value {
            return Err(error(Reason::OutOfRange { range: "0 to 1000000" }));
        }
        if RATE_DECIMALS_MAX < value.scale() {
            return Err(error(Reason::Decimals { max: RATE_DECIMALS_MAX }));
        }
        Ok(Rate(value))
    }

    /// The decimal number.
    #[must_use]
    pub fn get(self) -> Decimal {
        self.0
    }

    /// The rate as a fraction with a power of ten below, not always in lowest terms.
    #[must_use]
    pub fn numerator_denominator(self) -> (i128, i128) {
        (self.0.mantissa(), 10_i128.pow(self.0.scale()))
    }

    /// The rate as a percentage, for people: `5%`, `3.1%`.
    #[must_use]
    pub fn percent(self) -> String {
        format!("{}%", (self.0 * Decimal::ONE_HUNDRED).normalize())
    }
}

impl Plain for Rate {}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Reads `0.05` or `5%`: digits, perhaps a point and decimals, perhaps a percent sign. No sign, exponent or
/// full-width digit.
impl FromStr for Rate {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<Rate, ValueError> {
        let (number, percent) = raw.strip_suffix('%').map_or((raw, 0), |number| (number, 2));
        check_characters(raw, number)?;
        let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
        if whole.is_empty() || decimals.is_empty() || (1 < whole.len() && whole.starts_with('0')) {
            return Err(error(Reason::Form { expected: "0.05 or 5%" }));
        }
        let decimals = decimals.trim_end_matches('0');
        if usize::try_from(RATE_DECIMALS_MAX).unwrap_or(0) < decimals.len() {
            return Err(error(Reason::Decimals { max: RATE_DECIMALS_MAX }));
        }
        if 12 < whole.len() {
            return Err(error(Reason::OutOfRange { range: "0 to 1000000" }));
        }
        // At most twelve and ten digits: the mantissa fits with room to spare.
        let mantissa = whole.bytes().chain(decimals.bytes()).fold(0_i128, |sum, byte| {
            sum.saturating_mul(10).saturating_add(i128::from(byte.saturating_sub(b'0')))
        });
        let scale = u32::try_from(decimals.len()).unwrap_or(u32::MAX).saturating_add(percent);
        Decimal::try_from_i128_with_scale(mantissa, scale)
            .map_err(|_| error(Reason::OutOfRange { range: "0 to 1000000" }))
            .and_then(Rate::new)
    }
}

serde_as_text!(Rate, "a rate such as \"0.05\"");

const fn error(reason: Reason) -> ValueError {
    ValueError::new(WHAT, reason)
}

fn check_characters(raw: &str, number: &str) -> Result<(), ValueError> {
    if raw.is_empty() {
        return Err(error(Reason::Empty));
    }
    if RATE_TEXT_MAX < raw.len() {
        return Err(error(Reason::TooLong { max: RATE_TEXT_MAX }));
    }
    let mut seen_point = false;
    for (place, character) in number.chars().enumerate() {
        let at = place.saturating_add(1);
        match character {
            '0'..='9' => {}
            '.' if !seen_point => seen_point = true,
            other if is_full_width(other) => return Err(error(Reason::FullWidth { at })),
            other => {
                return Err(error(Reason::Character { at, found: Some(other) }));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    fn reason(text: &str) -> Reason {
        text.parse::<Rate>().unwrap_err().reason
    }

    /// The fault of a character that may not stand there.
    fn character(at: usize, found: char) -> Reason {
        Reason::Character { at, found: Some(found) }
    }

    #[test]
    fn the_same_rate_has_one_text() {
        for text in ["0.05", "5%", "0.0500", "5.00%"] {
            assert_eq!(rate(text).to_string(), "0.05", "{text}");
        }
        assert_eq!(rate("3.10%").to_string(), "0.031");
        assert_eq!(rate("100%"), Rate::ONE);
        assert_eq!(rate("0"), Rate::ZERO);
        assert_eq!(rate("0.00").to_string(), "0");
        assert_eq!(rate("1000000").to_string(), "1000000");
        assert_eq!(rate("0.0000000001").to_string(), "0.0000000001");
        assert_eq!(rate("3.10%").percent(), "3.1%");
        assert_eq!(rate("1.5").percent(), "150%");
    }

    #[test]
    fn a_rate_is_a_fraction() {
        assert_eq!(rate("3.10%").numerator_denominator(), (31, 1000));
        assert_eq!(rate("2").numerator_denominator(), (2, 1));
        assert_eq!(Rate::ZERO.numerator_denominator(), (0, 1));
    }

    #[test]
    fn what_is_not_a_rate_says_why() {
        assert_eq!(reason(""), Reason::Empty);
        assert_eq!(reason("%"), Reason::Form { expected: "0.05 or 5%" });
        assert_eq!(reason("5."), Reason::Form { expected: "0.05 or 5%" });
        assert_eq!(reason(".5"), Reason::Form { expected: "0.05 or 5%" });
        assert_eq!(reason("05%"), Reason::Form { expected: "0.05 or 5%" });
        assert_eq!(reason("-5%"), character(1, '-'));
        assert_eq!(reason("5%%"), character(2, '%'));
        assert_eq!(reason("1e3"), character(2, 'e'));
        assert_eq!(reason("1.2.3"), character(4, '.'));
        assert_eq!(reason("0.０5"), Reason::FullWidth { at: 3 });
        assert_eq!(reason("0.00000000001"), Reason::Decimals { max: 10 });
        assert_eq!(reason("0.000000001%"), Reason::Decimals { max: 10 });
        assert_eq!(reason("1000000.1"), Reason::OutOfRange { range: "0 to 1000000" });
        assert_eq!(reason("9999999999999"), Reason::OutOfRange { range: "0 to 1000000" });
        assert_eq!(reason(&"1".repeat(41)), Reason::TooLong { max: 40 });
        assert_eq!(Rate::new(Decimal::NEGATIVE_ONE).unwrap_err().code(), "value-out-of-range");
    }

    #[test]
    fn json_takes_text_and_no_number() {
        assert_eq!(serde_json::to_string(&rate("5%")).unwrap(), "\"0.05\"");
        assert_eq!(serde_json::from_str::<Rate>("\"5%\"").unwrap(), rate("0.05"));
        assert!(serde_json::from_str::<Rate>("0.05").is_err());
        assert!(serde_json::from_str::<Rate>("1").is_err());
    }

    proptest! {
        #[test]
        fn text_and_back(millionths in 0_i64..=1_000_000_000_000, more in 0_i64..10_000, scale in 6_u32..=10) {
            let mantissa = millionths * 10_i64.pow(scale - 6) + more % 10_i64.pow(scale - 6);
            let made = Rate::new(Decimal::new(mantissa.min(1_000_000 * 10_i64.pow(scale)), scale)).unwrap();
            prop_assert_eq!(made.to_string().parse::<Rate>().unwrap(), made);
            prop_assert_eq!(made.percent().parse::<Rate>().unwrap(), made);
        }

        #[test]
        fn no_text_panics(text in "[0-9.%０-９eE+-]{0,45}") {
            let _ = text.parse::<Rate>();
        }
    }
}

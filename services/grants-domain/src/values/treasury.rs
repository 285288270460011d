//! Treasuries: who pays (财政区划, nine digits).

use core::fmt;
use core::str::FromStr;

use super::error::{Reason, ValueError};
use super::serial::serde_as_text;
use super::shape::{Shape, digits_only, text};

const SHAPE: Shape = Shape { what: "treasury", length: "9 digits", allowed: digits_only, secret: false };

/// The code of a fiscal division: who pays.
///
/// It is never made from a [`super::Region`]: development zones are treasuries without a GB/T 2260 code of their
/// own, and where an enterprise is registered does not say who pays it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Treasury([u8; 9]);

/// How high a treasury stands, by the zeros its code ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TreasuryLevel {
    /// Digits 3 to 9 are zero.
    Province,
    /// Digits 5 to 9 are zero.
    City,
    /// Digits 7 to 9 are zero.
    County,
    /// Anything else: townships, and zones that were numbered below a county.
    Lower,
}

impl Treasury {
    /// The nine digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }

    /// The same as bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// How high it stands. The rule is that of provinces with cities; in a municipality under the central
    /// government the districts, with three zeros, rank as cities.
    #[must_use]
    pub fn level(&self) -> TreasuryLevel {
        let zero_from = |place: usize| self.0.iter().skip(place).all(|byte| *byte == b'0');
        if zero_from(2) {
            TreasuryLevel::Province
        } else if zero_from(4) {
            TreasuryLevel::City
        } else if zero_from(6) {
            TreasuryLevel::County
        } else {
            TreasuryLevel::Lower
        }
    }

    /// Whether both lie in the same city, by the first four digits.
    #[must_use]
    pub fn same_city(&self, other: &Treasury) -> bool {
        self.0[..4] == other.0[..4]
    }
}

/// Reads nine digits, the first not zero.
impl FromStr for Treasury {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<Treasury, ValueError> {
        let code: [u8; 9] = SHAPE.read(raw)?;
        if code[0] == b'0' {
            return Err(SHAPE.error(Reason::Character { at: 1, found: Some('0') }));
        }
        Ok(Treasury(code))
    }
}

impl fmt::Display for Treasury {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Treasury {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

serde_as_text!(Treasury, "a treasury of 9 digits");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn treasury(code: &str) -> Treasury {
        code.parse().unwrap()
    }

    #[test]
    fn the_level_is_in_the_zeros() {
        assert_eq!(treasury("410000000").level(), TreasuryLevel::Province);
        assert_eq!(treasury("411700000").level(), TreasuryLevel::City);
        assert_eq!(treasury("411702000").level(), TreasuryLevel::County);
        assert_eq!(treasury("411799000").level(), TreasuryLevel::County);
        assert_eq!(treasury("411702001").level(), TreasuryLevel::Lower);
        assert!(treasury("411702000").same_city(&treasury("411700000")));
        assert!(!treasury("411702000").same_city(&treasury("411600000")));
    }

    #[test]
    fn what_is_not_nine_digits_is_no_treasury() {
        let code = |text: &str| text.parse::<Treasury>().unwrap_err().code();
        assert_eq!(code(""), "value-empty");
        assert_eq!(code("411700"), "value-length");
        assert_eq!(code("41170000x"), "value-character");
        assert_eq!(code("011700000"), "value-character");
        assert!(serde_json::from_str::<Treasury>("411700000").is_err());
    }

    proptest! {
        #[test]
        fn text_and_back(text in "[1-9][0-9]{8}") {
            let treasury: Treasury = text.parse().unwrap();
            prop_assert_eq!(treasury.to_string(), text);
            let json = serde_json::to_string(&treasury).unwrap();
            prop_assert_eq!(serde_json::from_str::<Treasury>(&json).unwrap(), treasury);
        }
    }
}

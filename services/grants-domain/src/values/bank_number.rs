//! Numbers of banks in the payment system (联行号, CNAPS).

use core::fmt;
use core::str::FromStr;

use super::error::ValueError;
use super::serial::serde_as_text;
use super::shape::{Shape, digit, digits_only, text};

const SHAPE: Shape = Shape { what: "bank number", length: "12 digits", allowed: digits_only, secret: false };

/// A CNAPS number: 3 digits bank, 4 region, 4 branch, 1 check.
///
/// The check digit is not part of being a bank number: its rule is known from practice only, and the authority
/// is the directory of banks. [`BankNumber::check_ok`] is for a warning.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BankNumber([u8; 12]);

impl BankNumber {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }

    /// The same as bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bank (行别代码): the first three digits.
    #[must_use]
    pub fn bank(&self) -> &str {
        text(&self.0[..3])
    }

    /// Whether the check digit fits by ISO 7064 MOD 11,10. A failure is a reason to look, not to refuse.
    #[must_use]
    pub fn check_ok(&self) -> bool {
        let product = self.0[..11].iter().fold(10, |product, byte| {
            let sum = match (product + digit(*byte)) % 10 {
                0 => 10,
                sum => sum,
            };
            sum * 2 % 11
        });
        (product + digit(self.0[11])) % 10 == 1
    }
}

/// Reads 12 digits.
impl FromStr for BankNumber {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<BankNumber, ValueError> {
        SHAPE.read(raw).map(BankNumber)
    }
}

impl fmt::Display for BankNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for BankNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

serde_as_text!(BankNumber, "a bank number of 12 digits");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WELL_KNOWN: [&str; 11] = [
        "102100099996",
        "103100000026",
        "104100000004",
        "105100000017",
        "308584000013",
        "403100000004",
        "301290000007",
        "102521000335",
        "303100000006",
        "305100000013",
        "309391000011",
    ];

    #[test]
    fn well_known_banks_pass_the_check() {
        for number in WELL_KNOWN {
            assert!(number.parse::<BankNumber>().unwrap().check_ok(), "{number}");
        }
        assert_eq!("308584000013".parse::<BankNumber>().unwrap().bank(), "308");
    }

    #[test]
    fn any_other_last_digit_fails_the_check_and_is_read_all_the_same() {
        for number in WELL_KNOWN {
            for last in '0'..='9' {
                let other = format!("{}{last}", &number[..11]);
                assert_eq!(other.parse::<BankNumber>().unwrap().check_ok(), other == number, "{other}");
            }
        }
    }

    #[test]
    fn what_is_not_twelve_digits_is_no_bank_number() {
        let code = |text: &str| text.parse::<BankNumber>().unwrap_err().code();
        assert_eq!(code(""), "value-empty");
        assert_eq!(code("10210009999"), "value-length");
        assert_eq!(code("10210009999X"), "value-character");
        assert_eq!(code("10210009999６"), "value-full-width");
        assert!(serde_json::from_str::<BankNumber>("102100099996").is_err());
    }

    proptest! {
        #[test]
        fn text_and_back(text in "[0-9]{12}") {
            let number: BankNumber = text.parse().unwrap();
            prop_assert_eq!(number.to_string(), text);
            let json = serde_json::to_string(&number).unwrap();
            prop_assert_eq!(serde_json::from_str::<BankNumber>(&json).unwrap(), number);
        }
    }
}

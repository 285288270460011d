//! Bank accounts.

use core::fmt;
use core::str::FromStr;

use super::error::{Reason, ValueError};
use super::serial::from_secret_text;
use super::shape::{Normalised, fold_full_width, is_full_width};

const WHAT: &str = "bank account number";

/// The fewest digits of an account number.
pub const ACCOUNT_DIGITS_MIN: usize = 6;

/// The most digits of an account number: what pain.001 allows in `Othr/Id`.
pub const ACCOUNT_DIGITS_MAX: usize = 34;

/// A bank account number: 6 to 34 digits, leading zeros kept.
///
/// No check digit is verified: banks number their accounts by rules of their own. `Debug` masks the number,
/// so that a log line written in passing does not carry it; `Display` is the canonical text and shows it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountNumber(Box<str>);

impl AccountNumber {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same as bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The last four digits behind stars: `***********0042`.
    #[must_use]
    pub fn masked(&self) -> String {
        let hidden = self.0.len().saturating_sub(4);
        let last = self.0.get(hidden..).unwrap_or_default();
        format!("{}{last}", "*".repeat(hidden))
    }

    /// Reads a number as people write it: full-width digits, and spaces or hyphens between groups.
    ///
    /// # Errors
    /// As for reading the canonical text, once folded.
    pub fn normalise(raw: &str) -> Result<Normalised<AccountNumber>, ValueError> {
        let digits: String = fold_full_width(raw).chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        Ok(Normalised { raw: raw.to_owned(), value: digits.parse()? })
    }
}

/// Reads digits only; see [`AccountNumber::normalise`] for how people write them.
impl FromStr for AccountNumber {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<AccountNumber, ValueError> {
        let error = |reason| Err(ValueError::new(WHAT, reason));
        if raw.is_empty() {
            return error(Reason::Empty);
        }
        for (place, character) in raw.chars().enumerate() {
            let at = place.saturating_add(1);
            if is_full_width(character) {
                return error(Reason::FullWidth { at });
            }
            if matches!(character, ' ' | '-') {
                return error(Reason::NotNormalised { at });
            }
            if !character.is_ascii_digit() {
                return error(Reason::Character { at, found: None });
            }
        }
        if raw.len() < ACCOUNT_DIGITS_MIN || ACCOUNT_DIGITS_MAX < raw.len() {
            return error(Reason::Length { found: raw.len(), expected: "6 to 34 digits" });
        }
        Ok(AccountNumber(raw.into()))
    }
}

impl fmt::Display for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountNumber({})", self.masked())
    }
}

impl serde::Serialize for AccountNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for AccountNumber {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<AccountNumber, D::Error> {
        from_secret_text(deserializer, "a bank account number")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn debug_and_errors_do_not_show_the_number() {
        let account: AccountNumber = "6222021702000000042".parse().unwrap();
        assert_eq!(format!("{account:?}"), "AccountNumber(***************0042)");
        assert_eq!(account.to_string(), "6222021702000000042");
        let error = serde_json::from_str::<AccountNumber>("6222021702000000042").unwrap_err().to_string();
        assert!(error.contains("a number was given") && !error.contains("6222"), "{error}");
        let error = "622202#".parse::<AccountNumber>().unwrap_err().to_string();
        assert!(error.contains("position 7") && !error.contains('#') && !error.contains("622"), "{error}");
    }

    #[test]
    fn what_is_not_an_account_says_why() {
        let reason = |text: &str| text.parse::<AccountNumber>().unwrap_err().reason;
        assert_eq!(reason(""), Reason::Empty);
        assert_eq!(reason("12345"), Reason::Length { found: 5, expected: "6 to 34 digits" });
        assert_eq!(reason(&"1".repeat(35)), Reason::Length { found: 35, expected: "6 to 34 digits" });
        assert_eq!(reason("123456７"), Reason::FullWidth { at: 7 });
        assert_eq!(reason("6222 0217"), Reason::NotNormalised { at: 5 });
        assert_eq!(reason("622202x"), Reason::Character { at: 7, found: None });
        assert_eq!("6.22202E+18".parse::<AccountNumber>().unwrap_err().position(), Some(2));
    }

    #[test]
    fn people_write_groups() {
        let read = AccountNumber::normalise("６222 0217-0200 0000 042").unwrap();
        assert_eq!(read.value.as_str(), "6222021702000000042");
        assert!(!read.was_canonical());
        assert_eq!("000123".parse::<AccountNumber>().unwrap().as_str(), "000123");
    }

    proptest! {
        #[test]
        fn text_and_back(text in "[0-9]{6,34}") {
            let account: AccountNumber = text.parse().unwrap();
            prop_assert_eq!(account.to_string(), text);
            let json = serde_json::to_string(&account).unwrap();
            prop_assert_eq!(serde_json::from_str::<AccountNumber>(&json).unwrap(), account);
        }
    }
}

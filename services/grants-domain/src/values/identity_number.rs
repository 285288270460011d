//! Identity numbers of residents (居民身份证号码, GB 11643-1999). Personal data: shown only on purpose.

use core::fmt;
use core::str::FromStr;

use super::date::{Date, is_day_of};
use super::error::{Reason, ValueError};
use super::serial::from_secret_text;
use super::shape::{Normalised, Shape, digit, digits_only, fold_code, number, text};

/// Births are accepted from this year on: the samples of the standard begin in 1880.
pub const BIRTH_YEAR_MIN: i32 = 1800;

/// Births are accepted up to this year.
pub const BIRTH_YEAR_MAX: i32 = 2200;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// The check character for each remainder modulo 11.
const CHECKS: [u8; 11] = *b"10X98765432";

const SHAPE: Shape = Shape {
    what: "identity number",
    length: "18 characters, or 15 in the older form",
    allowed: |place, character| character.is_ascii_digit() || (place == 17 && character == 'X'),
    secret: true,
};

const LEGACY_SHAPE: Shape = Shape { allowed: digits_only, ..SHAPE };

/// A resident's identity number: 18 characters with a birth date and a check character, or the 15 digits that
/// old papers carry, without a check.
///
/// It has no `Display`, its `Debug` shows nothing of it, and errors repeat none of its characters; whoever
/// needs the number calls [`IdentityNumber::reveal`]. The first six digits are the place of first
/// registration, not of residence, and abolished regions (4128xx) are as good as others.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentityNumber {
    /// 18 characters.
    Current(CurrentNumber),
    /// 15 digits; the century and the check character are missing. The same person's 18 characters are
    /// [`IdentityNumber::current_form`].
    Legacy(LegacyNumber),
}

/// Invariant: digits, the last perhaps `X`; a possible date; a fitting check character.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CurrentNumber([u8; 18]);

/// Invariant: digits, and a possible date.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LegacyNumber([u8; 15]);

impl IdentityNumber {
    /// The number itself. Call it only to seal, compare or hand over the number.
    #[must_use]
    pub fn reveal(&self) -> &str {
        match self {
            IdentityNumber::Current(number) => text(&number.0),
            IdentityNumber::Legacy(number) => text(&number.0),
        }
    }

    /// The first four and the last two characters, with stars between, for lists shown to the public.
    #[must_use]
    pub fn masked(&self) -> String {
        let number = self.reveal();
        let last = number.len().saturating_sub(2);
        let start = number.get(..4).unwrap_or_default();
        let end = number.get(last..).unwrap_or_default();
        format!("{start}{}{end}", "*".repeat(last.saturating_sub(4)))
    }

    /// Whether it is the 15-digit form.
    #[must_use]
    pub fn is_legacy(&self) -> bool {
        matches!(self, IdentityNumber::Legacy(_))
    }

    /// The place of first registration: six digits.
    #[must_use]
    pub fn first_region(&self) -> &str {
        self.reveal().get(..6).unwrap_or_default()
    }

    /// Year, month and day of birth. The 15-digit form has no century: it is the 20th, but the 19th for the
    /// sequence numbers 996 to 999, which were set apart for people already over a hundred.
    #[must_use]
    pub fn birth(&self) -> (i32, u8, u8) {
        let IdentityNumber::Current(current) = self.current_form() else {
            unreachable!("the current form is current");
        };
        birth_in(&current.0)
    }

    /// The date of birth, or `None` before 1900, where a [`Date`] cannot lie.
    #[must_use]
    pub fn birth_date(&self) -> Option<Date> {
        let (year, month, day) = self.birth();
        Date::new(year, month, day).ok()
    }

    /// The 18-character number of the same person: itself, or the 15 digits with century and check added.
    #[must_use]
    pub fn current_form(&self) -> IdentityNumber {
        match self {
            IdentityNumber::Current(_) => self.clone(),
            IdentityNumber::Legacy(legacy) => IdentityNumber::Current(CurrentNumber(extended(&legacy.0))),
        }
    }

    /// Reads a number as people write it (lower-case x, full-width, spaces around) and keeps the raw form.
    ///
    /// # Errors
    /// As for reading the canonical text, once folded.
    pub fn normalise(raw: &str) -> Result<Normalised<IdentityNumber>, ValueError> {
        Ok(Normalised { raw: raw.to_owned(), value: fold_code(raw).parse()? })
    }
}

/// Reads 18 characters or 15 digits. The date is judged before the check character.
impl FromStr for IdentityNumber {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<IdentityNumber, ValueError> {
        if raw.chars().count() == 15 {
            let legacy: [u8; 15] = LEGACY_SHAPE.read(raw)?;
            check_birth(&extended(&legacy))?;
            return Ok(IdentityNumber::Legacy(LegacyNumber(legacy)));
        }
        let current: [u8; 18] = SHAPE.read(raw)?;
        check_birth(&current)?;
        if check_character(&current[..17]) != current[17] {
            return Err(SHAPE.error(Reason::CheckFailed { standard: "GB 11643" }));
        }
        Ok(IdentityNumber::Current(CurrentNumber(current)))
    }
}

impl fmt::Debug for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            IdentityNumber::Current(_) => "IdentityNumber(18 characters)",
            IdentityNumber::Legacy(_) => "IdentityNumber(15 digits)",
        })
    }
}

impl fmt::Debug for CurrentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CurrentNumber(18 characters)")
    }
}

impl fmt::Debug for LegacyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LegacyNumber(15 digits)")
    }
}

impl serde::Serialize for IdentityNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.reveal())
    }
}

impl<'de> serde::Deserialize<'de> for IdentityNumber {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<IdentityNumber, D::Error> {
        from_secret_text(deserializer, "an identity number")
    }
}

fn check_birth(number: &[u8; 18]) -> Result<(), ValueError> {
    let (year, month, day) = birth_in(number);
    if !(BIRTH_YEAR_MIN..=BIRTH_YEAR_MAX).contains(&year) {
        return Err(SHAPE.error(Reason::OutOfRange { range: "births from 1800 to 2200" }));
    }
    if !is_day_of(year, month, day) {
        return Err(SHAPE.error(Reason::NoSuchDate));
    }
    Ok(())
}

fn birth_in(digits: &[u8; 18]) -> (i32, u8, u8) {
    let part = |part: &[u8]| u8::try_from(number(part)).unwrap_or(0);
    (number(&digits[6..10]), part(&digits[10..12]), part(&digits[12..14]))
}

/// Adds century and check character to 15 digits.
fn extended(legacy: &[u8; 15]) -> [u8; 18] {
    let century = if matches!(&legacy[12..], b"996" | b"997" | b"998" | b"999") { b"18" } else { b"19" };
    let mut number = [b'0'; 18];
    number[..6].copy_from_slice(&legacy[..6]);
    number[6..8].copy_from_slice(century);
    number[8..17].copy_from_slice(&legacy[6..]);
    number[17] = check_character(&number[..17]);
    number
}

fn check_character(number: &[u8]) -> u8 {
    let sum: u32 = number.iter().zip(WEIGHTS).map(|(byte, weight)| digit(*byte) * weight).sum();
    let place = usize::try_from(sum % 11).unwrap_or(0);
    CHECKS.get(place).copied().unwrap_or(b'0')
}

#[cfg(test)]
mod tests;

//! Reading texts of a fixed length, and the one folding of full-width characters.

use super::error::{Reason, ValueError};

/// A canonical value together with the text it was made from, where the two may differ.
///
/// Imports keep both, so that nobody has to guess what the paper said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Normalised<T> {
    /// The text as it was given.
    pub raw: String,
    /// The value it stands for.
    pub value: T,
}

impl<T> Normalised<T> {
    /// Whether the raw text was already in canonical form.
    #[must_use]
    pub fn was_canonical(&self) -> bool
    where
        T: core::fmt::Display,
    {
        self.raw == self.value.to_string()
    }
}

/// Replaces full-width forms of ASCII (U+FF01–U+FF5E) and the ideographic space by the ordinary characters.
#[must_use]
pub fn fold_full_width(raw: &str) -> String {
    raw.chars().map(fold_char).collect()
}

fn fold_char(character: char) -> char {
    match character {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => {
            // The full-width block repeats ASCII in order, 0xFEE0 higher.
            char::from_u32(u32::from(character).saturating_sub(0xFEE0)).unwrap_or(character)
        }
        other => other,
    }
}

/// Whether a character is a full-width form of an ASCII character.
pub(crate) fn is_full_width(character: char) -> bool {
    fold_char(character) != character
}

/// Trims, folds full-width characters and puts letters in upper case: the spelling of the code standards.
pub(crate) fn fold_code(raw: &str) -> String {
    fold_full_width(raw).trim().to_ascii_uppercase()
}

/// What a text of fixed length looks like.
pub(crate) struct Shape {
    pub(crate) what: &'static str,
    /// The length in words, for the error.
    pub(crate) length: &'static str,
    /// Which characters may stand at which place (from 0).
    pub(crate) allowed: fn(usize, char) -> bool,
    /// Personal data: errors do not repeat characters.
    pub(crate) secret: bool,
}

impl Shape {
    /// Copies exactly `N` allowed ASCII characters.
    ///
    /// Order of errors: empty, wrong length, full-width, lower case of an allowed letter, other character.
    pub(crate) fn read<const N: usize>(&self, raw: &str) -> Result<[u8; N], ValueError> {
        // Nearly every text is right; only what is not is looked at character by character.
        if let Ok(bytes) = <[u8; N]>::try_from(raw.as_bytes()) {
            let right =
                |(place, byte): (usize, &u8)| byte.is_ascii() && (self.allowed)(place, char::from(*byte));
            if bytes.iter().enumerate().all(right) {
                return Ok(bytes);
            }
        }
        if raw.is_empty() {
            return Err(self.error(Reason::Empty));
        }
        let found = raw.chars().count();
        if found != N {
            return Err(self.error(Reason::Length { found, expected: self.length }));
        }
        let mut bytes = [0; N];
        for ((place, character), byte) in raw.chars().enumerate().zip(bytes.iter_mut()) {
            *byte = self.byte(place, character)?;
        }
        Ok(bytes)
    }

    pub(crate) fn error(&self, reason: Reason) -> ValueError {
        ValueError::new(self.what, reason)
    }

    fn byte(&self, place: usize, character: char) -> Result<u8, ValueError> {
        let at = place.saturating_add(1);
        let allowed = (self.allowed)(place, character);
        match u8::try_from(character) {
            Ok(byte) if allowed && character.is_ascii() => Ok(byte),
            Ok(_) | Err(_) if is_full_width(character) => Err(self.error(Reason::FullWidth { at })),
            Ok(_) | Err(_) if (self.allowed)(place, character.to_ascii_uppercase()) => {
                Err(self.error(Reason::NotNormalised { at }))
            }
            Ok(_) | Err(_) => {
                let found = if self.secret { None } else { Some(character) };
                Err(self.error(Reason::Character { at, found }))
            }
        }
    }
}

/// Any place takes a digit.
pub(crate) fn digits_only(_: usize, character: char) -> bool {
    character.is_ascii_digit()
}

/// The value of an ASCII digit; 0 for anything else, which the shapes keep out.
pub(crate) fn digit(byte: u8) -> u32 {
    char::from(byte).to_digit(10).unwrap_or(0)
}

/// The number written by a few ASCII digits.
pub(crate) fn number(bytes: &[u8]) -> i32 {
    bytes
        .iter()
        .fold(0, |sum, byte| sum.saturating_mul(10).saturating_add(i32::try_from(digit(*byte)).unwrap_or(0)))
}

/// The text of bytes that a shape has let through.
pub(crate) fn text(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).expect("a shape lets only ASCII through")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_touches_only_full_width_forms() {
        assert_eq!(fold_full_width("０１２９ＡＺａｚ（）　：x中"), "0129AZaz() :x中");
    }

    #[test]
    fn errors_come_in_order() {
        let shape = Shape {
            what: "thing",
            length: "3 digits or capital letters",
            allowed: |_, c| c.is_ascii_digit() || c.is_ascii_uppercase(),
            secret: false,
        };
        let reason = |raw| shape.read::<3>(raw).unwrap_err().reason;
        assert_eq!(reason(""), Reason::Empty);
        assert_eq!(reason("１２"), Reason::Length { found: 2, expected: "3 digits or capital letters" });
        assert_eq!(reason("1２?"), Reason::FullWidth { at: 2 });
        assert_eq!(reason("1b?"), Reason::NotNormalised { at: 2 });
        assert_eq!(reason("1é2"), Reason::Character { at: 2, found: Some('é') });
        assert_eq!(shape.read::<3>("A1Z"), Ok(*b"A1Z"));
    }
}

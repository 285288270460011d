//! Texts that people write: bounded, trimmed, and without characters that hide or reorder others.

use core::fmt;
use core::str::FromStr;

use super::error::{Reason, ValueError};
use super::serial::from_text;

/// The name of an enterprise, person, office or place.
pub type Name = Text<100>;

/// The title of a project, document or product.
pub type Title = Text<200>;

/// A reason, finding or remark.
pub type Remark = Text<2000>;

/// A text of 1 to `MAX` characters.
///
/// Invariant: no control characters (line breaks included), no characters that are invisible or turn the
/// reading direction, no white space at the ends. Its bytes are kept as given: no Unicode normalisation.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(Box<str>);

impl<const MAX: usize> Text<MAX> {
    /// The longest text, in characters.
    pub const MAX_CHARACTERS: usize = MAX;

    /// The text, if it may stand as it is.
    ///
    /// # Errors
    /// In this order: [`Reason::Empty`], [`Reason::TooLong`], [`Reason::ControlCharacter`],
    /// [`Reason::Untrimmed`].
    pub fn new(raw: &str) -> Result<Text<MAX>, ValueError> {
        let error = |reason| Err(ValueError::new("text", reason));
        // Printable ASCII without blanks at its ends needs no second look.
        let plain = |byte: &u8| (b' '..=b'~').contains(byte);
        let blank = |byte: Option<&u8>| byte.is_none_or(|byte| *byte == b' ');
        let bytes = raw.as_bytes();
        if bytes.len() <= MAX && bytes.iter().all(plain) && !blank(bytes.first()) && !blank(bytes.last()) {
            return Ok(Text(raw.into()));
        }
        if raw.is_empty() {
            return error(Reason::Empty);
        }
        if raw.chars().nth(MAX).is_some() {
            return error(Reason::TooLong { max: MAX });
        }
        if let Some(place) = raw.chars().position(is_hidden) {
            return error(Reason::ControlCharacter { at: place.saturating_add(1) });
        }
        if raw.trim().len() != raw.len() {
            return error(Reason::Untrimmed);
        }
        Ok(Text(raw.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<const MAX: usize> fmt::Debug for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<const MAX: usize> FromStr for Text<MAX> {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<Text<MAX>, ValueError> {
        Text::new(raw)
    }
}

impl<const MAX: usize> AsRef<str> for Text<MAX> {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl<const MAX: usize> serde::Serialize for Text<MAX> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de, const MAX: usize> serde::Deserialize<'de> for Text<MAX> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Text<MAX>, D::Error> {
        from_text(deserializer, "a text without control characters")
    }
}

/// Controls, line separators, zero-width characters, direction marks and overrides, and the byte order mark.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{00AD}' | '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_texts_stand_as_they_are() {
        for text in ["驻马店市财政局", "ACME (驻马店) 有限公司", "e\u{301}", "a", "王　五", "𠮷野"]
        {
            assert_eq!(Name::new(text).unwrap().to_string(), text);
        }
        assert_eq!(Name::new(&"驻".repeat(100)).unwrap().as_str().len(), 300);
        assert_eq!(format!("{:?}", Name::new("a\"b").unwrap()), "\"a\\\"b\"");
    }

    #[test]
    fn others_say_why() {
        let reason = |text: &str| Name::new(text).unwrap_err().reason;
        assert_eq!(reason(""), Reason::Empty);
        assert_eq!(reason(&"驻".repeat(101)), Reason::TooLong { max: 100 });
        assert_eq!(reason(" a"), Reason::Untrimmed);
        assert_eq!(reason("a\u{3000}"), Reason::Untrimmed);
        assert_eq!(reason("   "), Reason::Untrimmed);
        assert_eq!(reason("a\nb"), Reason::ControlCharacter { at: 2 });
        assert_eq!(reason("驻\u{202E}b"), Reason::ControlCharacter { at: 2 });
        assert_eq!(reason("\u{FEFF}a"), Reason::ControlCharacter { at: 1 });
        assert_eq!(reason("a\u{200B}"), Reason::ControlCharacter { at: 2 });
        assert!(serde_json::from_str::<Name>("\" a\"").is_err());
        assert!(serde_json::from_str::<Name>("1").is_err());
    }

    proptest! {
        #[test]
        fn text_and_back(text in ".{0,120}") {
            if let Ok(name) = Name::new(&text) {
                prop_assert_eq!(name.as_str(), &text);
                let json = serde_json::to_string(&name).unwrap();
                prop_assert_eq!(serde_json::from_str::<Name>(&json).unwrap(), name);
            }
        }
    }
}

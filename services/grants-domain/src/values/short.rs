//! Ids that people give and read aloud: short, ASCII, and kept in place without an allocation.

use core::fmt;
use core::str::FromStr;

use super::error::{Reason, ValueError};
use super::serial::serde_as_text;
use super::shape::{is_full_width, text};

/// The longest slug or reference, in bytes.
pub const SHORT_BYTES_MAX: usize = 40;

/// A stable id of the catalogue, such as `E4.1`, `E4.1.cap` or `K-14`: ASCII letters, digits, `.`, `-`, `_`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(Short);

/// An id that people give to a thing, such as the application `A-2024-0001`: ASCII letters, digits, `-`, `_`,
/// `.`, `/`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(Short);

impl Slug {
    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The same as bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl Reference {
    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The same as bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Reads 1 to 40 letters, digits, `.`, `-`, `_`; upper and lower case differ.
impl FromStr for Slug {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<Slug, ValueError> {
        Short::read("slug", raw, |c| matches!(c, '.' | '-' | '_')).map(Slug)
    }
}

/// Reads 1 to 40 letters, digits, `-`, `_`, `.`, `/`; upper and lower case differ.
impl FromStr for Reference {
    type Err = ValueError;

    fn from_str(raw: &str) -> Result<Reference, ValueError> {
        Short::read("reference", raw, |c| matches!(c, '.' | '-' | '_' | '/')).map(Reference)
    }
}

impl From<Slug> for Reference {
    fn from(slug: Slug) -> Reference {
        Reference(slug.0)
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

serde_as_text!(Slug, "a slug such as \"E4.1\"");
serde_as_text!(Reference, "a reference such as \"A-2024-0001\"");

/// Invariant: the first `length` bytes are allowed ASCII and the rest are zero, so that comparing the whole
/// array compares the texts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Short {
    bytes: [u8; SHORT_BYTES_MAX],
    length: u8,
}

impl Short {
    fn read(what: &'static str, raw: &str, mark: fn(char) -> bool) -> Result<Short, ValueError> {
        let error = |reason| ValueError::new(what, reason);
        // Nearly every text is right; only what is not is looked at character by character.
        let right = |byte: &u8| byte.is_ascii_alphanumeric() || (byte.is_ascii() && mark(char::from(*byte)));
        let length = u8::try_from(raw.len()).unwrap_or(u8::MAX);
        let mut bytes = [0; SHORT_BYTES_MAX];
        if let Some(place) = bytes.get_mut(..raw.len()).filter(|place| !place.is_empty())
            && raw.as_bytes().iter().all(right)
        {
            place.copy_from_slice(raw.as_bytes());
            return Ok(Short { bytes, length });
        }
        if raw.is_empty() {
            return Err(error(Reason::Empty));
        }
        for (place, character) in raw.chars().enumerate().take(SHORT_BYTES_MAX) {
            let at = place.saturating_add(1);
            if is_full_width(character) {
                return Err(error(Reason::FullWidth { at }));
            }
            if !character.is_ascii_alphanumeric() && !mark(character) {
                return Err(error(Reason::Character { at, found: Some(character) }));
            }
        }
        Err(error(Reason::TooLong { max: SHORT_BYTES_MAX }))
    }

    fn as_str(&self) -> &str {
        text(self.as_bytes())
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_stand_as_they_are() {
        for text in ["E4.1", "E4.1.cap", "K-14", "a_b", "1", &"x".repeat(40)] {
            assert_eq!(text.parse::<Slug>().unwrap().to_string(), text);
            assert_eq!(text.parse::<Reference>().unwrap().as_str(), text);
        }
        assert_eq!("驻".parse::<Reference>().unwrap_err().position(), Some(1));
        assert_eq!("2024/A-1".parse::<Reference>().unwrap().as_str(), "2024/A-1");
        assert_eq!(format!("{:?}", "E4.1".parse::<Slug>().unwrap()), "\"E4.1\"");
        assert_eq!(format!("{:>6}", "E4.1".parse::<Slug>().unwrap()), "  E4.1");
    }

    #[test]
    fn others_say_why() {
        let reason = |text: &str| text.parse::<Slug>().unwrap_err().reason;
        assert_eq!(reason(""), Reason::Empty);
        assert_eq!(reason(&"x".repeat(41)), Reason::TooLong { max: 40 });
        assert_eq!(reason("a/b"), Reason::Character { at: 2, found: Some('/') });
        assert_eq!(reason("a b"), Reason::Character { at: 2, found: Some(' ') });
        assert_eq!(reason("a\0"), Reason::Character { at: 2, found: Some('\0') });
        assert_eq!(reason("Ｅ4"), Reason::FullWidth { at: 1 });
        assert_eq!("a ".parse::<Reference>().unwrap_err().position(), Some(2));
        assert_eq!(format!("{}驻", "x".repeat(40)).parse::<Slug>().unwrap_err().code(), "value-too-long");
        assert!(serde_json::from_str::<Slug>("4").is_err());
    }

    proptest! {
        #[test]
        fn order_is_that_of_the_texts(left in "[A-Za-z0-9._/-]{1,40}", right in "[A-Za-z0-9._/-]{1,40}") {
            let (a, b): (Reference, Reference) = (left.parse().unwrap(), right.parse().unwrap());
            prop_assert_eq!(a.cmp(&b), left.cmp(&right));
            let json = serde_json::to_string(&a).unwrap();
            prop_assert_eq!(serde_json::from_str::<Reference>(&json).unwrap(), a);
        }

        #[test]
        fn no_text_panics(text in ".{0,50}") {
            if let Ok(slug) = text.parse::<Slug>() {
                prop_assert_eq!(slug.as_str(), text);
            }
        }
    }
}

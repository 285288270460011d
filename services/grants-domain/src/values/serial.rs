//! How values travel through serde: as their canonical text, and never as a number.
//!
//! A JSON number may already have been a float in somebody's spreadsheet, so it is refused even where it
//! looks right.

use core::fmt;
use core::marker::PhantomData;
use core::str::FromStr;

use serde::de::{Deserializer, Error, Visitor};

use super::error::ValueError;

/// Implements serde for a type by its `Display` and `FromStr`.
macro_rules! serde_as_text {
    ($type:ty, $expected:literal) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::values::serial::from_text(deserializer, $expected)
            }
        }
    };
}
pub(crate) use serde_as_text;

/// Reads a text and parses it.
pub(crate) fn from_text<'de, D, T>(deserializer: D, expected: &'static str) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err = ValueError>,
{
    deserializer.deserialize_str(TextVisitor { expected, value: PhantomData })
}

/// Reads a text that is personal data: an error never repeats what was given instead.
///
/// The self-describing call is used so that a number reaches our visitor; the generic message of a format
/// would quote it.
pub(crate) fn from_secret_text<'de, D, T>(deserializer: D, expected: &'static str) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err = ValueError>,
{
    deserializer.deserialize_any(TextVisitor { expected, value: PhantomData })
}

struct TextVisitor<T> {
    expected: &'static str,
    value: PhantomData<T>,
}

impl<T> TextVisitor<T> {
    fn number<E: Error>(&self) -> Result<T, E> {
        Err(E::custom(format_args!("a number was given; expected {} as text", self.expected)))
    }
}

impl<T: FromStr<Err = ValueError>> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} as text", self.expected)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<T, E> {
        self.number()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<T, E> {
        self.number()
    }

    fn visit_i128<E: Error>(self, _: i128) -> Result<T, E> {
        self.number()
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<T, E> {
        self.number()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<T, E> {
        self.number()
    }
}

//! How each value type stands in a field: numbers as varints, the rest as text or bytes.

use super::{Raw, Value, WireError, put_bytes, put_nested, put_number};
use crate::trace::FactValue;
use crate::values::plain::Plain;
use crate::values::{
    AccountNumber, BankNumber, CommandId, CreditCode, Date, DatePeriod, Fen, ProjectCode, Rate, Reference,
    Sha256Hex, Slug, Text, Timestamp, Treasury,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Bytes without meaning to the ledger. Hexadecimal in JSON.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Blob(pub Vec<u8>);

impl fmt::Debug for Blob {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Blob({} bytes)", self.0.len())
    }
}

impl From<Blob> for String {
    fn from(blob: Blob) -> Self {
        blob.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl TryFrom<String> for Blob {
    type Error = WireError;
    fn try_from(text: String) -> Result<Self, WireError> {
        let nibbles: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
        let nibbles =
            nibbles.filter(|all| all.len() % 2 == 0).ok_or(WireError::BadValue("hexadecimal text"))?;
        let pair = |two: &[u32]| u8::try_from(two.iter().fold(0, |sum, nibble| sum * 16 + nibble));
        let bytes: Result<Vec<u8>, _> = nibbles.chunks(2).map(pair).collect();
        bytes.map(Self).map_err(|_| WireError::BadValue("hexadecimal text"))
    }
}

fn bytes_of<'a>(raw: Raw<'a>, what: &'static str) -> Result<&'a [u8], WireError> {
    match raw {
        Raw::Bytes(bytes) => Ok(bytes),
        Raw::Varint(_) => Err(WireError::BadValue(what)),
    }
}

fn number_of(raw: Raw<'_>, what: &'static str) -> Result<u64, WireError> {
    match raw {
        Raw::Varint(number) => Ok(number),
        Raw::Bytes(_) => Err(WireError::BadValue(what)),
    }
}

fn text_of<'a>(raw: Raw<'a>, what: &'static str) -> Result<&'a str, WireError> {
    std::str::from_utf8(bytes_of(raw, what)?).map_err(|_| WireError::BadValue(what))
}

/// Types that keep their canonical text. A text that parses but is not canonical is refused.
macro_rules! as_text {
    ($($name:ty),* $(,)?) => { $(
        impl Value for $name {
            fn put(&self, number: u32, out: &mut Vec<u8>) {
                put_bytes(number, self.as_bytes(), out);
            }
            fn take(raw: Raw<'_>) -> Result<Self, WireError> {
                let text = text_of(raw, stringify!($name))?;
                match text.parse::<Self>() {
                    Ok(value) if value.as_bytes() == text.as_bytes() => Ok(value),
                    Ok(_) | Err(_) => Err(WireError::BadValue(stringify!($name))),
                }
            }
        }
    )* };
}

as_text!(AccountNumber, BankNumber, CreditCode, ProjectCode, Reference, Slug, Treasury);

/// Types whose canonical text is made when it is needed. A text that parses but is not canonical is refused.
macro_rules! as_plain {
    ($($name:ty),* $(,)?) => { $(
        impl Value for $name {
            fn put(&self, number: u32, out: &mut Vec<u8>) {
                put_nested(number, out, |out| self.append_to(out));
            }
            fn take(raw: Raw<'_>) -> Result<Self, WireError> {
                let bad = || WireError::BadValue(stringify!($name));
                let text = text_of(raw, stringify!($name))?;
                let value: Self = text.parse().map_err(|_| bad())?;
                let mut canonical = Vec::with_capacity(text.len());
                value.append_to(&mut canonical);
                if canonical == text.as_bytes() { Ok(value) } else { Err(bad()) }
            }
        }
    )* };
}

as_plain!(DatePeriod, FactValue, Rate);

impl<const MAX: usize> Value for Text<MAX> {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        put_bytes(number, self.as_ref().as_bytes(), out);
    }
    fn take(raw: Raw<'_>) -> Result<Self, WireError> {
        text_of(raw, "text")?.parse().map_err(|_| WireError::BadValue("text"))
    }
}

impl Value for Blob {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        put_bytes(number, &self.0, out);
    }
    fn take(raw: Raw<'_>) -> Result<Self, WireError> {
        Ok(Self(bytes_of(raw, "bytes")?.to_vec()))
    }
}

impl Value for u64 {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        put_number(number, *self, out);
    }
    fn take(raw: Raw<'_>) -> Result<Self, WireError> {
        number_of(raw, "number")
    }
}

impl Value for u32 {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        put_number(number, u64::from(*self), out);
    }
    fn take(raw: Raw<'_>) -> Result<Self, WireError> {
        u32::try_from(number_of(raw, "number")?).map_err(|_| WireError::BadValue("32-bit number"))
    }
}

/// Signed numbers stand as protobuf `int64`: two's complement in 64 bits.
impl Value for i64 {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        put_number(number, self.cast_unsigned(), out);
    }
    fn take(raw: Raw<'_>) -> Result<Self, WireError> {
        Ok(number_of(raw, "number")?.cast_signed())
    }
}

impl Value for bool {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        put_number(number, u64::from(*self), out);
    }
    fn take(raw: Raw<'_>) -> Result<Self, WireError> {
        match number_of(raw, "truth value")? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(WireError::BadValue("truth value")),
        }
    }
}

/// Types that stand as a signed number, through `get` and `new`.
macro_rules! as_number {
    ($($name:ident: $get:expr, $new:expr);* $(;)?) => { $(
        impl Value for $name {
            fn put(&self, number: u32, out: &mut Vec<u8>) {
                let get: fn(&$name) -> i64 = $get;
                get(self).put(number, out);
            }
            fn take(raw: Raw<'_>) -> Result<Self, WireError> {
                let new: fn(i64) -> Option<$name> = $new;
                new(i64::take(raw)?).ok_or(WireError::BadValue(stringify!($name)))
            }
        }
    )* };
}

as_number!(
    Fen: |fen| fen.get(), |fen| Fen::new(fen).ok();
    Date: |date| i64::from(date.days()), |days| i32::try_from(days).ok().and_then(|days| Date::from_days(days).ok());
    Timestamp: |time| time.micros(), |micros| Timestamp::from_micros(micros).ok();
);

/// Types that stand as a fixed number of bytes.
macro_rules! as_bytes {
    ($($name:ident),* $(,)?) => { $(
        impl Value for $name {
            fn put(&self, number: u32, out: &mut Vec<u8>) {
                put_bytes(number, &self.0, out);
            }
            fn take(raw: Raw<'_>) -> Result<Self, WireError> {
                let bytes = bytes_of(raw, stringify!($name))?;
                bytes.try_into().map(Self).map_err(|_| WireError::BadValue(stringify!($name)))
            }
        }
    )* };
}

use crate::ids::{LedgerId, PersonId};
as_bytes!(CommandId, LedgerId, PersonId, Sha256Hex);

use crate::ids::{AttemptId, AwardId, RecoveryId};
macro_rules! as_sequence {
    ($($name:ident),* $(,)?) => { $(
        impl Value for $name {
            fn put(&self, number: u32, out: &mut Vec<u8>) {
                self.0.put(number, out);
            }
            fn take(raw: Raw<'_>) -> Result<Self, WireError> {
                u64::take(raw).map(Self)
            }
        }
    )* };
}
as_sequence!(AttemptId, AwardId, RecoveryId);

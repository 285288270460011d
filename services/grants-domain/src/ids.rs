//! Names the ledger gives itself. They come from the sequence of the event that makes the thing, so that
//! replaying the same commands gives the same names.

use crate::wire::WireError;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

macro_rules! sequence_ids {
    ($($(#[$meta:meta])* $name:ident $prefix:literal;)*) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, concat!($prefix, "-{}"), self.0)
            }
        }
        impl FromStr for $name {
            type Err = WireError;
            fn from_str(text: &str) -> Result<Self, WireError> {
                let bad = WireError::BadValue(stringify!($name));
                let digits = text.strip_prefix(concat!($prefix, "-")).ok_or(bad.clone())?;
                digits.parse().map(Self).map_err(|_| bad)
            }
        }
        impl TryFrom<String> for $name {
            type Error = WireError;
            fn try_from(text: String) -> Result<Self, WireError> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }
    )* };
}

sequence_ids! {
    /// An award: `AW-` and the sequence of the event that proposed or queued it.
    AwardId "AW";
    /// One attempt to pay: `PY-` and the sequence of its instruction.
    AttemptId "PY";
    /// A recovery: `RC-` and the sequence of its proposal.
    RecoveryId "RC";
}

macro_rules! hex_ids {
    ($($(#[$meta:meta])* $name:ident;)*) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub [u8; 16]);

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "{}({self})", stringify!($name))
            }
        }
        impl FromStr for $name {
            type Err = WireError;
            fn from_str(text: &str) -> Result<Self, WireError> {
                let blob = crate::wire::Blob::try_from(text.to_owned())?;
                blob.0.try_into().map(Self).map_err(|_| WireError::BadValue(stringify!($name)))
            }
        }
        impl TryFrom<String> for $name {
            type Error = WireError;
            fn try_from(text: String) -> Result<Self, WireError> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.to_string()
            }
        }
    )* };
}

hex_ids! {
    /// A ledger: one city, one totally ordered log. 128 bits, in every leaf.
    LedgerId;
    /// A person in the vault. The ledger knows nothing else about them in clear.
    PersonId;
}

//! Where a report comes from if another ledger made it: which ledger, and which of its events.
//!
//! Both texts are stored for ever: the one says where the fact is written, the other names the award. Anybody who holds
//! the other ledger's log, or a bundle of it, finds the event by its sequence and can prove it.

use crate::{
    ids::LedgerId,
    values::{Reference, Text},
    wire::WireError,
};
use std::{fmt, str::FromStr};

/// Digits of a ledger id in the name of an award: 128 bits in base 36.
const LEDGER_DIGITS: usize = 25;
/// The base of those digits.
const BASE: u32 = 36;

/// One event of another ledger. Its text is `ledger:` and the id in hexadecimal digits, `#` and the sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// Which ledger.
    pub ledger: LedgerId,
    /// Which event.
    pub sequence: u64,
}

impl Origin {
    /// What a report gives as its source.
    ///
    /// # Panics
    /// Never: the text has at most 60 characters.
    #[must_use]
    pub fn source(self) -> Text<200> {
        let text = self.to_string();
        text.parse().unwrap_or_else(|fault| panic!("{text}: {fault}"))
    }

    /// The name of the award whose story begins with this event, the same in every city and for every report: the id of
    /// the ledger in base 36, a stroke, and the sequence.
    ///
    /// # Panics
    /// From sequence 10^14 on, which no log reaches: it would take tens of petabytes.
    #[must_use]
    pub fn award(self) -> Reference {
        let mut rest = u128::from_be_bytes(self.ledger.0);
        let mut digits = [0; LEDGER_DIGITS];
        for place in digits.iter_mut().rev() {
            *place = u32::try_from(rest % u128::from(BASE)).unwrap_or(0);
            rest /= u128::from(BASE);
        }
        let ledger: String = digits.iter().filter_map(|digit| char::from_digit(*digit, BASE)).collect();
        let text = format!("{ledger}/{}", self.sequence);
        text.parse().unwrap_or_else(|fault| panic!("{text}: {fault}"))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "ledger:{}#{}", self.ledger, self.sequence)
    }
}

impl FromStr for Origin {
    type Err = WireError;

    /// Reads exactly what is written: no other spelling of the same event.
    fn from_str(text: &str) -> Result<Origin, WireError> {
        let parts = text.strip_prefix("ledger:").and_then(|rest| rest.split_once('#'));
        let read = |(ledger, sequence): (&str, &str)| {
            Some(Origin { ledger: ledger.parse().ok()?, sequence: sequence.parse().ok()? })
        };
        let found = parts.and_then(read).filter(|found| found.to_string() == text);
        found.ok_or(WireError::BadValue("Origin"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(last: u8, sequence: u64) -> Origin {
        let mut id = [0; 16];
        id[15] = last;
        Origin { ledger: LedgerId(id), sequence }
    }

    #[test]
    fn a_source_reads_back_and_has_one_spelling() {
        for one in [origin(0, 0), origin(255, u64::MAX), Origin { ledger: LedgerId([171; 16]), sequence: 42 }]
        {
            assert_eq!(one.source().as_str().parse(), Ok(one), "{one}");
        }
        let text = "ledger:0d170000000000000000000000000002#42";
        assert_eq!(text.parse::<Origin>().unwrap().to_string(), text);
        for wrong in [
            "ledger:0D170000000000000000000000000002#42",
            "ledger:0d170000000000000000000000000002#042",
            "ledger:0d170000000000000000000000000002#+42",
            "ledger:0d170000000000000000000000000002",
            "ledger:0d17#42",
            "0d170000000000000000000000000002#42",
        ] {
            assert!(wrong.parse::<Origin>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_name_of_an_award_is_its_ledger_and_its_first_event() {
        assert_eq!(origin(0, 7).award().as_str(), "0000000000000000000000000/7");
        assert_eq!(origin(37, 8).award().as_str(), "0000000000000000000000011/8");
        // The largest of both still fits, and ids that differ anywhere differ here.
        let largest = Origin { ledger: LedgerId([255; 16]), sequence: 99_999_999_999_999 };
        assert_eq!(largest.award().as_str(), "f5lxx1zz5pnorynqglhzmsp33/99999999999999");
        let mut other = [255; 16];
        other[0] = 254;
        assert_ne!(largest.award(), Origin { ledger: LedgerId(other), ..largest }.award());
    }
}

//! Stored cells as numbers, days and truth values. Nothing is guessed: what is not written as asked is unfit.

use crate::{
    decimal,
    grid::Stored,
    problem::{CellError, Place, Problem},
    workbook::Unit,
};
use grants_domain::values::{Date, Fen, Rate, Reason, ValueError, money::AMOUNT_DIGITS_MAX};

/// Why a cell is not what its column asks.
pub(in crate::import) enum Unfit {
    /// It holds another kind of thing.
    Kind(Problem),
    /// It is badly written, or out of range.
    Value(ValueError),
}

impl Unfit {
    pub(in crate::import) fn at(self, place: &Place) -> CellError {
        match self {
            Self::Kind(problem) => CellError::new(place.clone(), problem),
            Self::Value(error) => CellError::of_value(place.clone(), &error),
        }
    }
}

impl From<ValueError> for Unfit {
    fn from(error: ValueError) -> Self {
        Self::Value(error)
    }
}

/// An amount in a unit.
pub(in crate::import) fn amount(stored: &Stored, unit: Unit) -> Result<Fen, Unfit> {
    let text = match stored {
        Stored::Text(text) => as_written(text)?,
        Stored::Number(text) => decimal::plain(text)?,
        Stored::Day(_) | Stored::Flag(_) | Stored::Formula | Stored::Fault => {
            return Err(Unfit::Kind(Problem::CellNotNumber));
        }
    };
    if unit.decimals_max() < decimal::decimals(&text) {
        let max = u32::try_from(unit.decimals_max()).unwrap_or(u32::MAX);
        let (what, reason) = ("amount of money", Reason::Decimals { max });
        return Err(ValueError { what, reason }.into());
    }
    match unit.places() {
        0 => Ok(text.parse()?),
        places => Ok(decimal::shift(&text, places).parse()?),
    }
}

/// A rate of any size.
pub(super) fn rate(stored: &Stored) -> Result<Rate, Unfit> {
    match stored {
        Stored::Text(text) => Ok(text.parse()?),
        Stored::Number(text) => Ok(decimal::plain(text)?.parse()?),
        Stored::Day(_) | Stored::Flag(_) | Stored::Formula | Stored::Fault => {
            Err(Unfit::Kind(Problem::CellNotNumber))
        }
    }
}

/// A whole number.
pub(super) fn count(stored: &Stored) -> Result<u64, Unfit> {
    let text = match stored {
        Stored::Text(text) => text.to_string(),
        Stored::Number(text) => decimal::plain(text)?,
        Stored::Day(_) | Stored::Flag(_) | Stored::Formula | Stored::Fault => {
            return Err(Unfit::Kind(Problem::CellNotNumber));
        }
    };
    // Through the reader of amounts, so that full-width digits and signs get the same complaints.
    text.parse::<Fen>()?;
    let (what, reason) = ("count", Reason::Decimals { max: 0 });
    text.parse().map_err(|_| ValueError { what, reason }.into())
}

/// A day: a date cell, or the text `2024-06-11`.
pub(super) fn day(stored: &Stored) -> Result<Date, Unfit> {
    match stored {
        Stored::Day(Some(day)) => Ok(*day),
        Stored::Text(text) => text.parse().map_err(|error: ValueError| match error.reason {
            Reason::NoSuchDate | Reason::FullWidth { .. } => Unfit::Value(error),
            Reason::Empty
            | Reason::Length { .. }
            | Reason::TooLong { .. }
            | Reason::Form { .. }
            | Reason::Character { .. }
            | Reason::NotNormalised { .. }
            | Reason::Untrimmed
            | Reason::ControlCharacter { .. }
            | Reason::Decimals { .. }
            | Reason::Digits { .. }
            | Reason::OutOfRange { .. }
            | Reason::Backwards
            | Reason::CheckFailed { .. }
            | Reason::Reading { .. } => Unfit::Kind(Problem::CellNotDate),
        }),
        Stored::Day(None) | Stored::Number(_) | Stored::Flag(_) | Stored::Formula | Stored::Fault => {
            Err(Unfit::Kind(Problem::CellNotDate))
        }
    }
}

/// Yes or no.
pub(super) fn truth(stored: &Stored) -> Result<bool, Unfit> {
    match stored {
        Stored::Flag(flag) => Ok(*flag),
        Stored::Text(text) if matches!(&**text, "是" | "yes") => Ok(true),
        Stored::Text(text) if matches!(&**text, "否" | "no") => Ok(false),
        Stored::Text(_) | Stored::Number(_) | Stored::Day(_) | Stored::Formula | Stored::Fault => {
            Err(Unfit::Kind(Problem::CellNotFlag))
        }
    }
}

/// An amount that was typed as text: as the domain reads it, but for the number of decimals, which is the
/// unit's business.
fn as_written(text: &str) -> Result<String, ValueError> {
    match text.parse::<Fen>() {
        Err(error) if matches!(error.reason, Reason::Decimals { .. }) => {
            let digits = text.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0');
            if AMOUNT_DIGITS_MAX < digits.count() {
                let reason = Reason::Digits { max: AMOUNT_DIGITS_MAX };
                return Err(ValueError { reason, ..error });
            }
            Ok(text.to_owned())
        }
        read => read.map(|_| text.to_owned()),
    }
}

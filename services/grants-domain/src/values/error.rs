//! Why a text is not a value: one closed list of reasons, shared by every value type.

use core::fmt;

/// A text or number that does not make the value asked for.
///
/// The error carries no part of a personal number: see [`Reason::Character`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{what}: {reason}")]
pub struct ValueError {
    /// The value that was wanted, in plain English, such as `amount of money`.
    pub what: &'static str,
    /// What is wrong, and where.
    pub reason: Reason,
}

impl ValueError {
    pub(crate) const fn new(what: &'static str, reason: Reason) -> ValueError {
        ValueError { what, reason }
    }

    /// The stable code of the reason; sentences for people are rendered from it elsewhere.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.reason.code()
    }

    /// The place in the text, if there is one: counted in characters, the first is 1.
    #[must_use]
    pub fn position(&self) -> Option<usize> {
        match self.reason {
            Reason::Character { at, .. }
            | Reason::FullWidth { at }
            | Reason::NotNormalised { at }
            | Reason::ControlCharacter { at }
            | Reason::Reading { at } => Some(at),
            Reason::Empty
            | Reason::Length { .. }
            | Reason::TooLong { .. }
            | Reason::Form { .. }
            | Reason::Untrimmed
            | Reason::Decimals { .. }
            | Reason::Digits { .. }
            | Reason::OutOfRange { .. }
            | Reason::NoSuchDate
            | Reason::Backwards
            | Reason::CheckFailed { .. } => None,
        }
    }
}

/// What is wrong with a text. Positions count characters, and the first is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// `value-empty`: nothing was given.
    Empty,
    /// `value-length`: the text has another number of characters than the form has.
    Length { found: usize, expected: &'static str },
    /// `value-too-long`: the text is longer than the named limit.
    TooLong { max: usize },
    /// `value-form`: the parts of the text are not in the expected form.
    Form { expected: &'static str },
    /// `value-character`: this character may not stand here. Personal numbers give no `found`.
    Character { at: usize, found: Option<char> },
    /// `value-full-width`: a full-width character stands where only the ordinary one may.
    FullWidth { at: usize },
    /// `value-not-normalised`: right but for its spelling (lower case, say); normalise, and keep the raw form.
    NotNormalised { at: usize },
    /// `value-untrimmed`: white space stands before or after the text.
    Untrimmed,
    /// `value-control-character`: a control, invisible or text-reordering character.
    ControlCharacter { at: usize },
    /// `value-decimals`: more decimals than the value can hold.
    Decimals { max: u32 },
    /// `value-digits`: more significant digits than can be trusted to have survived a spreadsheet.
    Digits { max: usize },
    /// `value-out-of-range`: well written, but outside the range.
    OutOfRange { range: &'static str },
    /// `value-no-such-date`: the calendar has no such day.
    NoSuchDate,
    /// `value-backwards`: the period ends before it begins.
    Backwards,
    /// `value-check-failed`: the check character does not fit. The right one is not told: any other
    /// character may as well be the wrong one.
    CheckFailed { standard: &'static str },
    /// `value-reading`: an amount in capitals is not written by the rules from here on.
    Reading { at: usize },
}

impl Reason {
    /// The stable code, the same for every value type.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Reason::Empty => "value-empty",
            Reason::Length { .. } => "value-length",
            Reason::TooLong { .. } => "value-too-long",
            Reason::Form { .. } => "value-form",
            Reason::Character { .. } => "value-character",
            Reason::FullWidth { .. } => "value-full-width",
            Reason::NotNormalised { .. } => "value-not-normalised",
            Reason::Untrimmed => "value-untrimmed",
            Reason::ControlCharacter { .. } => "value-control-character",
            Reason::Decimals { .. } => "value-decimals",
            Reason::Digits { .. } => "value-digits",
            Reason::OutOfRange { .. } => "value-out-of-range",
            Reason::NoSuchDate => "value-no-such-date",
            Reason::Backwards => "value-backwards",
            Reason::CheckFailed { .. } => "value-check-failed",
            Reason::Reading { .. } => "value-reading",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Empty => f.write_str("nothing was given"),
            Reason::Length { found, expected } => {
                write!(f, "expected {expected}, but the text has {found}")
            }
            Reason::TooLong { max } => write!(f, "longer than the limit of {max}"),
            Reason::Form { expected } => write!(f, "expected the form {expected}"),
            Reason::Character { at, found: Some(found) } => {
                write!(f, "the character {found:?} at position {at} may not stand there")
            }
            Reason::Character { at, found: None } => {
                write!(f, "the character at position {at} may not stand there")
            }
            Reason::FullWidth { at } => write!(f, "the character at position {at} is full-width"),
            Reason::NotNormalised { at } => {
                write!(f, "the character at position {at} is not in its normal spelling")
            }
            Reason::Untrimmed => f.write_str("white space stands before or after the text"),
            Reason::ControlCharacter { at } => {
                write!(f, "the character at position {at} is a control or invisible character")
            }
            Reason::Decimals { max } => write!(f, "more than {max} decimals"),
            Reason::Digits { max } => write!(f, "more than {max} significant digits"),
            Reason::OutOfRange { range } => write!(f, "outside the range {range}"),
            Reason::NoSuchDate => f.write_str("there is no such day in the calendar"),
            Reason::Backwards => f.write_str("the period ends before it begins"),
            Reason::CheckFailed { standard } => write!(f, "the check character of {standard} does not fit"),
            Reason::Reading { at } => {
                write!(f, "from position {at} on it is not written by the rules for amounts in capitals")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_a_sentence_with_a_code_and_a_place() {
        let error = ValueError::new("amount of money", Reason::Character { at: 4, found: Some(',') });
        assert_eq!(error.to_string(), "amount of money: the character ',' at position 4 may not stand there");
        assert_eq!((error.code(), error.position()), ("value-character", Some(4)));
        let error = ValueError::new("date", Reason::NoSuchDate);
        assert_eq!((error.code(), error.position()), ("value-no-such-date", None));
    }
}

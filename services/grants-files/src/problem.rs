//! What can be wrong with a file: one closed list of codes, each with the details its sentence needs, and
//! the place it is found at.

mod place;

pub(crate) use place::column_number;
pub use place::{At, Place, column_letters};

use crate::{
    limits::{ERRORS_MAX, QUOTED_CHARACTERS_MAX},
    texts::Texts,
};
use grants_domain::values::{Reason, ValueError};

macro_rules! problems {
    ($($(#[$meta:meta])* $variant:ident = $code:literal ($($detail:literal),*);)*) => {
        /// What is wrong. The codes are stable; sentences are in the message catalogues under `problem-` and the code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Problem { $($(#[$meta])* $variant),* }

        impl Problem {
            /// Every problem, in the order of the reference.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }
            /// The names of the details that its sentence uses.
            #[must_use]
            pub const fn details(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($detail),*]),* }
            }
        }
    };
}

problems! {
    /// The file cannot be opened or read.
    FileUnreadable = "file-unreadable" ("reason");
    /// The name ends in none of the endings that are read.
    FileKindUnknown = "file-kind-unknown" ("expected");
    /// The file is larger than the limit.
    FileTooLarge = "file-too-large" ("max");
    /// Not an xlsx archive: an old xls, an encrypted workbook or something else.
    NotAWorkbook = "not-a-workbook" ();
    /// The archive would unfold to more than the limit, or holds too many parts.
    ArchiveTooLarge = "archive-too-large" ("max");
    /// A part of the workbook is not what its format says.
    FileDamaged = "file-damaged" ("part");
    /// A csv or a file of commands is not UTF-8.
    NotUtf8 = "not-utf8" ();
    /// More sheets than the limit.
    SheetsTooMany = "sheets-too-many" ("max");
    /// More rows than the limit.
    RowsTooMany = "rows-too-many" ("max");
    /// More cells than the limit.
    CellsTooMany = "cells-too-many" ("max");
    /// More columns than the limit.
    ColumnsTooMany = "columns-too-many" ("max");
    /// A sheet of this name is not one of the kinds.
    SheetUnknown = "sheet-unknown" ("expected");
    /// A csv's name does not say which sheet it is.
    CsvKindUnknown = "csv-kind-unknown" ("expected");
    /// A sheet that this file needs is not there.
    SheetMissing = "sheet-missing" ("expected");
    /// Nothing to import: no known sheet has a row.
    NothingToImport = "nothing-to-import" ();
    /// A heading that must be there is not.
    HeadingMissing = "heading-missing" ("heading");
    /// The same heading twice.
    HeadingDuplicate = "heading-duplicate" ("heading", "first");
    /// A heading that the sheet does not have.
    HeadingUnknown = "heading-unknown" ("heading");
    /// The heading is right but for its unit.
    HeadingUnitWrong = "heading-unit-wrong" ("heading", "expected");
    /// A cell stands in a column without a heading.
    CellStray = "cell-stray" ();
    /// A csv line has another number of fields than the headings.
    CsvWidth = "csv-width" ("found", "expected");
    /// Merged cells.
    CellMerged = "cell-merged" ("range");
    /// A formula where a value must stand.
    CellFormula = "cell-formula" ();
    /// A text that a spreadsheet would take for a formula.
    CellFormulaLike = "cell-formula-like" ();
    /// The cell shows an error such as `#REF!`.
    CellFault = "cell-fault" ();
    /// A text is needed, and the cell holds a number, date or truth value: leading zeros and long digits are lost.
    CellNotText = "cell-not-text" ();
    /// An amount or number is needed.
    CellNotNumber = "cell-not-number" ();
    /// A date is needed: a real date cell, or the text 2024-06-11.
    CellNotDate = "cell-not-date" ();
    /// Yes or no is needed.
    CellNotFlag = "cell-not-flag" ();
    /// The cell is empty and must not be.
    ValueMissing = "value-missing" ("heading");
    /// Nothing was given.
    ValueEmpty = "value-empty" ();
    /// Another number of characters than the form has.
    ValueLength = "value-length" ("found", "expected");
    /// Longer than the limit.
    ValueTooLong = "value-too-long" ("max");
    /// Not in the expected form.
    ValueForm = "value-form" ("expected");
    /// A character that may not stand there.
    ValueCharacter = "value-character" ("at");
    /// A full-width character.
    ValueFullWidth = "value-full-width" ("at");
    /// Right but for its spelling, such as lower case.
    ValueNotNormalised = "value-not-normalised" ("at");
    /// White space before or after.
    ValueUntrimmed = "value-untrimmed" ();
    /// A control, invisible or text-reordering character.
    ValueControlCharacter = "value-control-character" ("at");
    /// Too many decimals.
    ValueDecimals = "value-decimals" ("max");
    /// More significant digits than a spreadsheet keeps.
    ValueDigits = "value-digits" ("max");
    /// Outside the range.
    ValueOutOfRange = "value-out-of-range" ("range");
    /// No such day.
    ValueNoSuchDate = "value-no-such-date" ();
    /// The period ends before it begins.
    ValueBackwards = "value-backwards" ();
    /// The check character does not fit.
    ValueCheckFailed = "value-check-failed" ("standard");
    /// Capitals that are not written by the rules.
    ValueReading = "value-reading" ("at");
    /// A word that is not one of the choices.
    WordUnknown = "word-unknown" ("found", "expected");
    /// Fields that stand only together: one is missing.
    GroupIncomplete = "group-incomplete" ("heading");
    /// Beyond the plausible: perhaps the unit is wrong by 10,000.
    AmountImplausible = "amount-implausible" ("amount", "max");
    /// A rate above the plausible: perhaps the percent sign is missing.
    RateImplausible = "rate-implausible" ("rate", "max");
    /// The same natural key twice in the file.
    KeyDuplicate = "key-duplicate" ("key", "first");
    /// A line belongs to an application that is not in the file.
    LineOrphan = "line-orphan" ("key", "sheet");
    /// Too many lines for one command.
    LinesTooMany = "lines-too-many" ("max");
    /// A calendar row lies outside its year.
    CalendarYear = "calendar-year" ("year");
    /// The rows of one calendar year name different sources.
    CalendarSource = "calendar-source" ("year");
    /// The command would be larger than the ledger takes.
    CommandTooLarge = "command-too-large" ("max");
    /// A line is not JSON, or a name stands twice in an object.
    JsonInvalid = "json-invalid" ("reason");
    /// A line is JSON, but not a command.
    CommandInvalid = "command-invalid" ("reason");
    /// A line is longer than the limit.
    LineTooLong = "line-too-long" ("max");
    /// A bank result has an amount where none belongs, or the other way round.
    ResultAmount = "result-amount" ("result");
    /// Warning: the check digit of a bank number does not fit.
    BankCheckDigit = "bank-check-digit" ("number");
    /// Warning: an amount so small that its unit may be wrong.
    AmountSmall = "amount-small" ("amount", "min");
    /// A control total does not agree with the rows.
    TotalDiffers = "total-differs" ("found", "expected");
    /// A control total is the rows' sum, ten thousand times over or the ten-thousandth part: the unit is wrong.
    TotalUnit = "total-unit" ("found", "expected");
    /// A row of totals before the last line, without an amount, or with something else in it.
    TotalRow = "total-row" ();
    /// Warning: an application's invoices and its project's total investment are too far apart.
    InvoicesImplausible = "invoices-implausible" ("invoices", "investment");
}

impl From<&Reason> for Problem {
    fn from(reason: &Reason) -> Self {
        match reason {
            Reason::Empty => Self::ValueEmpty,
            Reason::Length { .. } => Self::ValueLength,
            Reason::TooLong { .. } => Self::ValueTooLong,
            Reason::Form { .. } => Self::ValueForm,
            Reason::Character { .. } => Self::ValueCharacter,
            Reason::FullWidth { .. } => Self::ValueFullWidth,
            Reason::NotNormalised { .. } => Self::ValueNotNormalised,
            Reason::Untrimmed => Self::ValueUntrimmed,
            Reason::ControlCharacter { .. } => Self::ValueControlCharacter,
            Reason::Decimals { .. } => Self::ValueDecimals,
            Reason::Digits { .. } => Self::ValueDigits,
            Reason::OutOfRange { .. } => Self::ValueOutOfRange,
            Reason::NoSuchDate => Self::ValueNoSuchDate,
            Reason::Backwards => Self::ValueBackwards,
            Reason::CheckFailed { .. } => Self::ValueCheckFailed,
            Reason::Reading { .. } => Self::ValueReading,
        }
    }
}

/// One complaint about one place. It repeats headings, words and keys, never a personal value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellError {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: Problem,
    /// The values its sentence needs.
    pub details: Vec<(&'static str, String)>,
}

impl CellError {
    /// A complaint without details yet.
    #[must_use]
    pub fn new(place: Place, problem: Problem) -> Self {
        Self { place, problem, details: Vec::new() }
    }

    /// A value that a domain type refused.
    #[must_use]
    pub fn of_value(place: Place, error: &ValueError) -> Self {
        let bare = Self::new(place, Problem::from(&error.reason));
        match &error.reason {
            Reason::Length { found, expected } => bare.with("found", found).with("expected", expected),
            Reason::TooLong { max } | Reason::Digits { max } => bare.with("max", max),
            Reason::Decimals { max } => bare.with("max", max),
            Reason::Form { expected } => bare.with("expected", expected),
            Reason::OutOfRange { range } => bare.with("range", range),
            Reason::CheckFailed { standard } => bare.with("standard", standard),
            Reason::Character { at, .. }
            | Reason::FullWidth { at }
            | Reason::NotNormalised { at }
            | Reason::ControlCharacter { at }
            | Reason::Reading { at } => bare.with("at", at),
            Reason::Empty | Reason::Untrimmed | Reason::NoSuchDate | Reason::Backwards => bare,
        }
    }

    /// Adds a detail, cut to what an error repeats.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        debug_assert!(self.problem.details().contains(&name), "{name} is no detail of {:?}", self.problem);
        let value = value.to_string();
        let short: String = value.chars().take(QUOTED_CHARACTERS_MAX * 5).collect();
        self.details.push((name, short));
        self
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.problem.code()
    }

    /// The sentence, without the place.
    #[must_use]
    pub fn message(&self, texts: &Texts) -> String {
        let details: Vec<(&str, &str)> =
            self.details.iter().map(|(name, value)| (*name, value.as_str())).collect();
        texts.get(&format!("problem-{}", self.code()), &details)
    }
}

/// A short repetition of what stands in a file, for headings and words.
#[must_use]
pub(crate) fn quoted(text: &str) -> String {
    let visible = text.chars().map(|one| if one.is_control() { ' ' } else { one });
    let short: String = visible.clone().take(QUOTED_CHARACTERS_MAX).collect();
    if QUOTED_CHARACTERS_MAX < visible.count() {
        return format!("{short}…");
    }
    short
}

/// Everything that is wrong with a file, up to the named limit, and how much more there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CellErrors {
    /// The first [`ERRORS_MAX`] complaints, in reading order.
    pub errors: Vec<CellError>,
    /// How many more were found.
    pub more: usize,
}

impl CellErrors {
    /// Adds a complaint, or counts it.
    pub fn push(&mut self, error: CellError) {
        if self.errors.len() < ERRORS_MAX {
            self.errors.push(error);
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    /// Whether there is nothing to complain about.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// How many complaints there are, told or not.
    #[must_use]
    pub fn count(&self) -> usize {
        self.errors.len().saturating_add(self.more)
    }

    /// One line for each complaint, and one for the rest.
    #[must_use]
    pub fn lines(&self, texts: &Texts) -> Vec<String> {
        let told = self.errors.iter();
        let mut lines: Vec<String> = told
            .map(|error| format!("{} [{}] {}", error.place, error.code(), error.message(texts)))
            .collect();
        if 0 < self.more {
            lines.push(texts.get("and-more", &[("count", &self.more.to_string())]));
        }
        lines
    }
}

impl From<CellError> for CellErrors {
    fn from(error: CellError) -> Self {
        Self { errors: vec![error], more: 0 }
    }
}

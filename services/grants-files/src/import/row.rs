//! Reads the cells of one row into the values of the domain. What is wrong is noted with its place, and reading
//! goes on, so that a person sees everything at once.

use super::Layout;
use crate::{
    decimal,
    grid::{GridRow, Stored},
    limits::CELL_CHARACTERS_MAX,
    problem::{At, CellError, CellErrors, Place, Problem, quoted},
    workbook::{Column, Form, Unit},
};
use grants_domain::{
    trace::FactValue,
    values::{BankNumber, Date, Fen, Rate, Reason, ValueError, money::AMOUNT_DIGITS_MAX},
    wire::WireError,
};
use std::{rc::Rc, str::FromStr};

/// What was found so far.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) errors: CellErrors,
    pub(crate) warnings: CellErrors,
}

/// One row under its headings.
pub(crate) struct Row<'a> {
    layout: &'a Layout,
    row: &'a GridRow,
    sheet: &'a Place,
    findings: &'a mut Findings,
}

/// A cell that holds something, with what its column asks.
struct Found {
    stored: Stored,
    place: Place,
    column: &'static Column,
    unit: Unit,
}

impl<'a> Row<'a> {
    pub(crate) fn new(layout: &'a Layout, row: &'a GridRow, sheet: &'a Place, findings: &'a mut Findings) -> Self {
        for (column, _) in row.cells.iter().filter(|(column, _)| !layout.has_heading(*column)) {
            findings.errors.push(CellError::new(sheet.cell(row.number, *column), Problem::CellStray));
        }
        Self { layout, row, sheet, findings }
    }

    /// The place of the row.
    pub(crate) fn place(&self) -> Place {
        self.sheet.at(At::Row(self.row.number))
    }

    /// The place of a cell, or of the row if the column is not there.
    pub(crate) fn place_of(&self, key: &str) -> Place {
        let column = self.layout.column(key);
        column.map_or_else(|| self.place(), |(column, _)| self.sheet.cell(self.row.number, column))
    }

    /// Notes something that is wrong.
    pub(crate) fn wrong(&mut self, error: CellError) {
        self.findings.errors.push(error);
    }

    /// Notes a missing part of a group of which another part stands, named by its heading.
    pub(crate) fn incomplete(&mut self, key: &str) {
        let heading = self.column(key).heading;
        let error = CellError::new(self.place_of(key), Problem::GroupIncomplete).with("heading", heading);
        self.wrong(error);
    }

    /// Whether the cell holds anything.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.stored(key).is_some()
    }

    /// A text that a domain type reads.
    pub(crate) fn parse<T: FromStr<Err = ValueError>>(&mut self, key: &str) -> Option<T> {
        let (text, place) = self.text(key)?;
        let read = text.parse();
        read.map_err(|error| self.wrong(CellError::of_value(place, &error))).ok()
    }

    /// An id that the ledger gave.
    pub(crate) fn given<T: FromStr<Err = WireError>>(&mut self, key: &str) -> Option<T> {
        let expected = match self.column(key).form {
            Form::Given(example) => example,
            _ => "",
        };
        let (text, place) = self.text(key)?;
        let error = |_| self.wrong(CellError::new(place, Problem::ValueForm).with("expected", expected));
        text.parse().map_err(error).ok()
    }

    /// One of the column's words.
    pub(crate) fn choice<T: FromStr<Err = WireError>>(&mut self, key: &str) -> Option<T> {
        let word = self.word(key)?;
        // The table's words are the type's words: a test holds them together.
        word.parse().ok()
    }

    /// The ledger's word for one of the column's words.
    pub(crate) fn word(&mut self, key: &str) -> Option<&'static str> {
        let Form::Choice(words) = self.column(key).form else {
            return None;
        };
        let (text, place) = self.text(key)?;
        let found = words.iter().find(|(label, word)| *label == &*text || *word == &*text);
        if found.is_none() {
            let labels: Vec<&str> = words.iter().map(|(label, _)| *label).collect();
            let error = CellError::new(place, Problem::WordUnknown).with("found", quoted(&text));
            self.wrong(error.with("expected", labels.join("、")));
        }
        found.map(|(_, word)| *word)
    }

    /// A list of texts with `、`, commas or semicolons between.
    pub(crate) fn list<T: FromStr<Err = ValueError>>(&mut self, key: &str) -> Option<Vec<T>> {
        let (text, place) = self.text(key)?;
        let parts = text.split(['、', '，', ',', '；', ';']).map(str::trim);
        let read: Result<Vec<T>, ValueError> = parts.map(str::parse).collect();
        read.map_err(|error| self.wrong(CellError::of_value(place, &error))).ok()
    }

    /// The number of a bank; a check digit that does not fit is a warning.
    pub(crate) fn bank(&mut self, key: &str) -> Option<BankNumber> {
        let number: BankNumber = self.parse(key)?;
        if !number.check_ok() {
            let warning = CellError::new(self.place_of(key), Problem::BankCheckDigit).with("number", &number);
            self.findings.warnings.push(warning);
        }
        Some(number)
    }

    /// A text of any kind: trimmed at neither end, no formula, no number.
    pub(crate) fn text(&mut self, key: &str) -> Option<(Rc<str>, Place)> {
        let Found { stored, place, .. } = self.found(key)?;
        match stored {
            Stored::Text(text) if text.starts_with(['=', '+', '-', '@']) => {
                self.wrong(CellError::new(place, Problem::CellFormulaLike));
                None
            }
            Stored::Text(text) => Some((text, place)),
            Stored::Number(_) | Stored::Day(_) | Stored::Flag(_) | Stored::Formula | Stored::Fault => {
                self.wrong(CellError::new(place, Problem::CellNotText));
                None
            }
        }
    }

    /// An amount in the unit of its heading.
    pub(crate) fn money(&mut self, key: &str) -> Option<Fen> {
        let found = self.found(key)?;
        let Form::Money { plausible_max, plausible_min, .. } = found.column.form else {
            return None;
        };
        let amount = self.amount(&found.stored, found.unit, &found.place)?;
        let limit = |text: &str| text.parse::<Fen>().unwrap_or(Fen::ZERO);
        if limit(plausible_max) < amount {
            let error = CellError::new(found.place, Problem::AmountImplausible).with("amount", amount.grouped());
            self.wrong(error.with("max", limit(plausible_max).grouped()));
            return None;
        }
        if amount < limit(plausible_min) {
            let warning = CellError::new(found.place, Problem::AmountSmall).with("amount", amount.grouped());
            self.findings.warnings.push(warning.with("min", limit(plausible_min).grouped()));
        }
        Some(amount)
    }

    /// A rate of at most 100%.
    pub(crate) fn rate(&mut self, key: &str) -> Option<Rate> {
        let found = self.found(key)?;
        let rate = self.any_rate(&found.stored, &found.place)?;
        if Rate::ONE < rate {
            let error = CellError::new(found.place, Problem::RateImplausible).with("rate", rate.percent());
            self.wrong(error.with("max", "100%"));
            return None;
        }
        Some(rate)
    }

    /// A year.
    pub(crate) fn year(&mut self, key: &str) -> Option<u32> {
        let found = self.found(key)?;
        let year = self.count(&found.stored, &found.place)?;
        let known = 1900..=2200;
        if !known.contains(&year) {
            self.wrong(CellError::new(found.place, Problem::ValueOutOfRange).with("range", "1900–2200"));
            return None;
        }
        u32::try_from(year).ok()
    }

    /// A day.
    pub(crate) fn date(&mut self, key: &str) -> Option<Date> {
        let found = self.found(key)?;
        self.day(&found.stored, &found.place)
    }

    /// Yes or no.
    pub(crate) fn flag(&mut self, key: &str) -> Option<bool> {
        let found = self.found(key)?;
        self.truth(&found.stored, &found.place)
    }

    /// The value of a fact, of the type that another column says.
    pub(crate) fn fact(&mut self, type_key: &str, value_key: &str) -> Option<FactValue> {
        let word = self.word(type_key)?;
        if word == "word" {
            return self.parse(value_key).map(FactValue::Word);
        }
        let Found { stored, place, .. } = self.found(value_key)?;
        match word {
            "money" => self.amount(&stored, Unit::Yuan, &place).map(FactValue::Money),
            "count" => self.count(&stored, &place).map(FactValue::Count),
            "date" => self.day(&stored, &place).map(FactValue::Date),
            "rate" => self.any_rate(&stored, &place).map(FactValue::Rate),
            _ => self.truth(&stored, &place).map(FactValue::Flag),
        }
    }

    fn amount(&mut self, stored: &Stored, unit: Unit, place: &Place) -> Option<Fen> {
        let written = match stored {
            Stored::Text(text) => as_written(text),
            Stored::Number(text) => decimal::plain(text),
            Stored::Day(_) | Stored::Flag(_) | Stored::Formula | Stored::Fault => {
                self.wrong(CellError::new(place.clone(), Problem::CellNotNumber));
                return None;
            }
        };
        let read = written.and_then(|text| in_yuan(&text, unit));
        read.map_err(|error| self.wrong(CellError::of_value(place.clone(), &error))).ok()
    }

    fn any_rate(&mut self, stored: &Stored, place: &Place) -> Option<Rate> {
        let read = match stored {
            Stored::Text(text) => text.parse(),
            Stored::Number(text) => decimal::plain(text).and_then(|text| text.parse()),
            Stored::Day(_) | Stored::Flag(_) | Stored::Formula | Stored::Fault => {
                self.wrong(CellError::new(place.clone(), Problem::CellNotNumber));
                return None;
            }
        };
        read.map_err(|error| self.wrong(CellError::of_value(place.clone(), &error))).ok()
    }

    fn count(&mut self, stored: &Stored, place: &Place) -> Option<u64> {
        let text = match stored {
            Stored::Text(text) => Ok(text.to_string()),
            Stored::Number(text) => decimal::plain(text),
            Stored::Day(_) | Stored::Flag(_) | Stored::Formula | Stored::Fault => {
                self.wrong(CellError::new(place.clone(), Problem::CellNotNumber));
                return None;
            }
        };
        let text = text.map_err(|error| self.wrong(CellError::of_value(place.clone(), &error))).ok()?;
        // Through the reader of amounts, so that full-width digits and signs get the same complaints.
        let whole = text.parse::<Fen>();
        match whole {
            Ok(_) if !text.contains('.') => text.parse().ok(),
            Ok(_) => {
                self.wrong(CellError::new(place.clone(), Problem::ValueDecimals).with("max", 0));
                None
            }
            Err(error) => {
                self.wrong(CellError::of_value(place.clone(), &error));
                None
            }
        }
    }

    fn day(&mut self, stored: &Stored, place: &Place) -> Option<Date> {
        let error = match stored {
            Stored::Day(Some(day)) => return Some(*day),
            Stored::Text(text) => match text.parse::<Date>() {
                Ok(day) => return Some(day),
                Err(error) if matches!(error.reason, Reason::NoSuchDate | Reason::FullWidth { .. }) => {
                    CellError::of_value(place.clone(), &error)
                }
                Err(_) => CellError::new(place.clone(), Problem::CellNotDate),
            },
            Stored::Day(None) | Stored::Number(_) | Stored::Flag(_) | Stored::Formula | Stored::Fault => {
                CellError::new(place.clone(), Problem::CellNotDate)
            }
        };
        self.wrong(error);
        None
    }

    fn truth(&mut self, stored: &Stored, place: &Place) -> Option<bool> {
        match stored {
            Stored::Flag(flag) => return Some(*flag),
            Stored::Text(text) if matches!(&**text, "是" | "yes") => return Some(true),
            Stored::Text(text) if matches!(&**text, "否" | "no") => return Some(false),
            Stored::Text(_) | Stored::Number(_) | Stored::Day(_) | Stored::Formula | Stored::Fault => {}
        }
        self.wrong(CellError::new(place.clone(), Problem::CellNotFlag));
        None
    }

    fn column(&self, key: &str) -> &'static Column {
        let found = self.layout.sheet.columns.iter().find(|column| column.key == key);
        found.unwrap_or_else(|| panic!("{} has no column {key}", self.layout.sheet.word))
    }

    fn stored(&self, key: &str) -> Option<&'a Stored> {
        let (at, _) = self.layout.column(key)?;
        let found = self.row.cells.iter().find(|(column, _)| *column == at);
        found.map(|(_, stored)| stored)
    }

    /// What stands in a cell, formulas and errors refused, and a complaint where a required cell is empty.
    fn found(&mut self, key: &str) -> Option<Found> {
        let column = self.column(key);
        // A missing heading was told once; it is not told again for every row.
        let (_, unit) = self.layout.column(key)?;
        let place = self.place_of(key);
        let Some(stored) = self.stored(key).cloned() else {
            if column.required {
                let heading = column.full_heading();
                self.wrong(CellError::new(place, Problem::ValueMissing).with("heading", heading));
            }
            return None;
        };
        let problem = match &stored {
            Stored::Formula => Some(Problem::CellFormula),
            Stored::Fault => Some(Problem::CellFault),
            Stored::Text(text) if text.chars().nth(CELL_CHARACTERS_MAX).is_some() => {
                let error = CellError::new(place, Problem::ValueTooLong).with("max", CELL_CHARACTERS_MAX);
                self.wrong(error);
                return None;
            }
            Stored::Text(_) | Stored::Number(_) | Stored::Day(_) | Stored::Flag(_) => None,
        };
        if let Some(problem) = problem {
            self.wrong(CellError::new(place, problem));
            return None;
        }
        Some(Found { stored, place, column, unit })
    }
}

/// An amount that was typed as text: as the domain reads it, but for the number of decimals, which is the
/// unit's business.
fn as_written(text: &str) -> Result<String, ValueError> {
    match text.parse::<Fen>() {
        Ok(_) => Ok(text.to_owned()),
        Err(error) if matches!(error.reason, Reason::Decimals { .. }) => {
            let digits = text.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0');
            if AMOUNT_DIGITS_MAX < digits.count() {
                let reason = Reason::Digits { max: AMOUNT_DIGITS_MAX };
                return Err(ValueError { reason, ..error });
            }
            Ok(text.to_owned())
        }
        Err(error) => Err(error),
    }
}

/// A plain decimal text of a unit as an amount.
fn in_yuan(text: &str, unit: Unit) -> Result<Fen, ValueError> {
    if unit.decimals_max() < decimal::decimals(text) {
        let max = u32::try_from(unit.decimals_max()).unwrap_or(u32::MAX);
        let (what, reason) = ("amount of money", Reason::Decimals { max });
        return Err(ValueError { what, reason });
    }
    match unit.places() {
        0 => text.parse(),
        places => decimal::shift(text, places).parse(),
    }
}

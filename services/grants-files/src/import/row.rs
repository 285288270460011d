//! Reads the cells of one row into the values of the domain. What is wrong is noted with its place, and reading
//! goes on, so that a person sees everything at once.

pub(super) mod values;

use super::Layout;
use crate::{
    grid::{GridRow, Stored},
    limits::CELL_CHARACTERS_MAX,
    problem::{At, CellError, CellErrors, Place, Problem, quoted},
    workbook::{Column, Form, Unit},
};
use grants_domain::{
    trace::FactValue,
    values::{BankNumber, Date, Fen, Rate, ValueError},
    wire::WireError,
};
use std::{rc::Rc, str::FromStr};
use values::Unfit;

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
    pub(crate) fn new(
        layout: &'a Layout,
        row: &'a GridRow,
        sheet: &'a Place,
        findings: &'a mut Findings,
    ) -> Self {
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
        let Form::Given(expected) = self.column(key).form else {
            return None;
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
        let amount = self.noted(&found.place, values::amount(&found.stored, found.unit))?;
        let limit = |text: &str| text.parse::<Fen>().unwrap_or(Fen::ZERO);
        if limit(plausible_max) < amount {
            let error =
                CellError::new(found.place, Problem::AmountImplausible).with("amount", amount.grouped());
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
        let rate = self.noted(&found.place, values::rate(&found.stored))?;
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
        let year = self.noted(&found.place, values::count(&found.stored))?;
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
        self.noted(&found.place, values::day(&found.stored))
    }

    /// Yes or no.
    pub(crate) fn flag(&mut self, key: &str) -> Option<bool> {
        let found = self.found(key)?;
        self.noted(&found.place, values::truth(&found.stored))
    }

    /// The value of a fact, of the type that another column says.
    pub(crate) fn fact(&mut self, type_key: &str, value_key: &str) -> Option<FactValue> {
        let word = self.word(type_key)?;
        if word == "word" {
            return self.parse(value_key).map(FactValue::Word);
        }
        let Found { stored, place, .. } = self.found(value_key)?;
        let value = match word {
            "money" => values::amount(&stored, Unit::Yuan).map(FactValue::Money),
            "count" => values::count(&stored).map(FactValue::Count),
            "date" => values::day(&stored).map(FactValue::Date),
            "rate" => values::rate(&stored).map(FactValue::Rate),
            _ => values::truth(&stored).map(FactValue::Flag),
        };
        self.noted(&place, value)
    }

    fn noted<T>(&mut self, place: &Place, read: Result<T, Unfit>) -> Option<T> {
        read.map_err(|unfit| self.wrong(unfit.at(place))).ok()
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

//! Where in a file something stands, the way a spreadsheet names it.

use std::{fmt, sync::Arc};

/// A place in a file. The file is named without its folders: paths may say more than a report should.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Name of the file.
    pub file: Arc<str>,
    /// Name of the sheet; csv and command lines have none.
    pub sheet: Option<Arc<str>>,
    /// Where in it.
    pub at: At,
}

/// Where in a file or sheet. Rows, columns and lines count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum At {
    /// All of it.
    Whole,
    /// A cell.
    Cell {
        /// Row.
        row: u32,
        /// Column: 1 is A.
        column: u32,
    },
    /// A row.
    Row(u32),
    /// A line of a text file.
    Line(u32),
}

impl Place {
    /// The whole file.
    #[must_use]
    pub fn file(name: &str) -> Self {
        Self { file: name.into(), sheet: None, at: At::Whole }
    }

    /// A sheet of this file.
    #[must_use]
    pub fn sheet(&self, name: &str) -> Self {
        Self { sheet: Some(name.into()), ..self.clone() }
    }

    /// A place inside the same file and sheet.
    #[must_use]
    pub fn at(&self, at: At) -> Self {
        Self { at, ..self.clone() }
    }

    /// A cell of the same file and sheet.
    #[must_use]
    pub fn cell(&self, row: u32, column: u32) -> Self {
        self.at(At::Cell { row, column })
    }

    /// The cell's name such as `B3`; empty for other places.
    #[must_use]
    pub fn cell_name(&self) -> String {
        match self.at {
            At::Cell { row, column } => format!("{}{row}", column_letters(column)),
            At::Whole | At::Row(_) | At::Line(_) => String::new(),
        }
    }
}

/// `a.xlsx 企业!B3`, `a.csv B3`, `a.jsonl:12`.
impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.file)?;
        let sheet = self.sheet.as_deref();
        match (sheet, self.at) {
            (None, At::Whole) => Ok(()),
            (Some(sheet), At::Whole) => write!(out, " {sheet}"),
            (None, At::Cell { .. }) => write!(out, " {}", self.cell_name()),
            (Some(sheet), At::Cell { .. }) => write!(out, " {sheet}!{}", self.cell_name()),
            (None, At::Row(row)) => write!(out, " {row}:{row}"),
            (Some(sheet), At::Row(row)) => write!(out, " {sheet}!{row}:{row}"),
            (_, At::Line(line)) => write!(out, ":{line}"),
        }
    }
}

/// `1` is `A`, `27` is `AA`.
#[must_use]
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while 0 < rest {
        let digit = rest.saturating_sub(1) % 26;
        letters
            .push(char::from_digit(digit.saturating_add(10), 36).map_or('?', |one| one.to_ascii_uppercase()));
        rest = rest.saturating_sub(1) / 26;
    }
    letters.iter().rev().collect()
}

/// The column number of `AB`, if it is one of a spreadsheet's.
pub(crate) fn column_number(letters: &str) -> Option<u32> {
    if letters.is_empty() || 3 < letters.len() {
        return None;
    }
    letters.bytes().try_fold(0_u32, |sum, byte| {
        let digit = byte.is_ascii_uppercase().then(|| u32::from(byte - b'A').saturating_add(1))?;
        Some(sum.saturating_mul(26).saturating_add(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_names_a_spreadsheet_gives_them() {
        for (number, letters) in [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (703, "AAA"), (16_384, "XFD")]
        {
            assert_eq!(column_letters(number), letters);
            assert_eq!(column_number(letters), Some(number));
        }
        assert_eq!(column_number("a"), None);
        assert_eq!(column_number(""), None);
    }

    #[test]
    fn places_read_like_addresses() {
        let file = Place::file("账.xlsx");
        assert_eq!(file.to_string(), "账.xlsx");
        assert_eq!(file.sheet("企业").cell(3, 2).to_string(), "账.xlsx 企业!B3");
        assert_eq!(file.cell(3, 2).to_string(), "账.xlsx B3");
        assert_eq!(Place::file("a.jsonl").at(At::Line(12)).to_string(), "a.jsonl:12");
    }
}

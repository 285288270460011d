//! Sheets as rows of stored cells, the same for workbooks and csv: what stands where, and nothing about what
//! it means.

pub(crate) mod csv;
mod package;
mod styles;
pub(crate) mod xlsx;
mod xml;

use crate::{
    limits::{CELLS_MAX, COLUMNS_MAX, ROWS_MAX},
    problem::{CellError, CellErrors, Place, Problem},
};
use grants_domain::values::Date;
use std::{path::Path, rc::Rc};

/// What a cell holds, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stored {
    /// A text.
    Text(Rc<str>),
    /// A number in its stored spelling.
    Number(Rc<str>),
    /// A number that is shown as a date: the day, if it is a whole one.
    Day(Option<Date>),
    /// A truth value.
    Flag(bool),
    /// A formula, whatever it showed last.
    Formula,
    /// An error such as `#REF!`.
    Fault,
}

/// A row with its cells in ascending columns; empty cells are left out.
#[derive(Clone, Debug)]
pub(crate) struct GridRow {
    pub(crate) number: u32,
    pub(crate) cells: Vec<(u32, Stored)>,
}

/// A sheet. Rows are in ascending order, and none is empty.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) rows: Vec<GridRow>,
    /// Merged ranges with their first cell.
    pub(crate) merged: Vec<(Place, String)>,
}

/// Counts what is read, and says stop before there is too much of it.
#[derive(Default)]
struct Meter {
    rows: usize,
    cells: usize,
}

impl Meter {
    fn row(&mut self, place: &Place, cells: &[(u32, Stored)]) -> Result<(), CellError> {
        if cells.is_empty() {
            return Ok(());
        }
        let row = place.clone();
        self.rows = self.rows.saturating_add(1);
        self.cells = self.cells.saturating_add(cells.len());
        if ROWS_MAX < self.rows {
            return Err(CellError::new(row, Problem::RowsTooMany).with("max", ROWS_MAX));
        }
        if CELLS_MAX < self.cells {
            return Err(CellError::new(row, Problem::CellsTooMany).with("max", CELLS_MAX));
        }
        let widest = cells.last().map_or(0, |(column, _)| *column);
        if COLUMNS_MAX < usize::try_from(widest).unwrap_or(usize::MAX) {
            return Err(CellError::new(row, Problem::ColumnsTooMany).with("max", COLUMNS_MAX));
        }
        Ok(())
    }
}

/// Which of the readers a file's name asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    Xlsx,
    Csv,
    CommandLines,
}

/// The kind by the ending of the name, upper or lower case.
pub(crate) fn kind_of(path: &Path, place: &Place) -> Result<FileKind, CellError> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "xlsx" => Ok(FileKind::Xlsx),
        "csv" => Ok(FileKind::Csv),
        "jsonl" => Ok(FileKind::CommandLines),
        _ => {
            Err(CellError::new(place.clone(), Problem::FileKindUnknown).with("expected", ".xlsx .csv .jsonl"))
        }
    }
}

/// The sheets of a workbook, or the one of a csv, whose name is the file's without its ending.
pub(crate) fn sheets(path: &Path, place: &Place) -> Result<Vec<Grid>, CellErrors> {
    match kind_of(path, place)? {
        FileKind::Xlsx => Ok(xlsx::read(path, place)?),
        FileKind::Csv => Ok(vec![csv::read(path, place)?]),
        FileKind::CommandLines => {
            Err(CellError::new(place.clone(), Problem::FileKindUnknown).with("expected", ".xlsx .csv").into())
        }
    }
}

/// The name of a file without its folders.
pub(crate) fn file_place(path: &Path) -> Place {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    Place::file(&name.unwrap_or_else(|| "?".to_owned()))
}

/// The bytes of a text file, if it is not too large.
pub(crate) fn bytes_of(path: &Path, place: &Place) -> Result<Vec<u8>, CellError> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let file = package::open(path, place)?;
    let limit = crate::limits::FILE_BYTES_MAX;
    // The file may grow while it is read, so the limit stands here too.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|fault| unreadable(place, &fault))?;
    if limit < u64::try_from(bytes.len()).unwrap_or(u64::MAX) {
        return Err(too_large(place));
    }
    Ok(bytes)
}

fn unreadable(place: &Place, fault: &std::io::Error) -> CellError {
    CellError::new(place.clone(), Problem::FileUnreadable).with("reason", fault.kind())
}

fn too_large(place: &Place) -> CellError {
    let megabytes = crate::limits::FILE_BYTES_MAX / (1024 * 1024);
    CellError::new(place.clone(), Problem::FileTooLarge).with("max", format!("{megabytes} MiB"))
}

/// The text of bytes, without a byte order mark.
///
/// # Errors
/// Not UTF-8, with the line of the first wrong byte.
pub(crate) fn utf8<'a>(bytes: &'a [u8], place: &Place) -> Result<&'a str, CellError> {
    let text = std::str::from_utf8(bytes).map_err(|fault| {
        let before = bytes.get(..fault.valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        CellError::new(place.at(crate::problem::At::Line(line)), Problem::NotUtf8)
    })?;
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

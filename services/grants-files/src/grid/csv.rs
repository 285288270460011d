//! Reads a csv: UTF-8, commas, headings in the first line, every line as wide as the headings.

use super::{Grid, GridRow, Meter, Stored, bytes_of, utf8};
use crate::problem::{At, CellError, Place, Problem};
use std::path::Path;

/// Reads the file as one sheet named like the file.
pub(crate) fn read(path: &Path, place: &Place) -> Result<Grid, CellError> {
    let bytes = bytes_of(path, place)?;
    let text = utf8(&bytes, place)?;
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Grid { name, place: place.clone(), rows: rows(text, place)?, merged: Vec::new() })
}

fn rows(text: &str, place: &Place) -> Result<Vec<GridRow>, CellError> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let (mut rows, mut meter, mut width) = (Vec::new(), Meter::default(), None);
    loop {
        let more = reader.read_record(&mut record);
        let line = record.position().map_or(0, csv::Position::line);
        let number = u32::try_from(line).unwrap_or(u32::MAX);
        let row = place.at(At::Row(number));
        let more = more.map_err(|_| CellError::new(row.clone(), Problem::FileDamaged).with("part", "csv"))?;
        if !more {
            return Ok(rows);
        }
        let expected = *width.get_or_insert(record.len());
        if record.len() != expected {
            let error = CellError::new(row, Problem::CsvWidth).with("found", record.len());
            return Err(error.with("expected", expected));
        }
        let fields = (1_u32..).zip(record.iter()).filter(|(_, field)| !field.is_empty());
        let cells: Vec<(u32, Stored)> =
            fields.map(|(column, field)| (column, Stored::Text(field.into()))).collect();
        meter.row(&row, &cells)?;
        if !cells.is_empty() {
            rows.push(GridRow { number, cells });
        }
    }
}

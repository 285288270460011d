//! A filled workbook from csv files, one for each sheet: for examples and for systems that write csv only.

use super::{
    sheets,
    template::{empty_sheets, fixed_properties, heading_format},
};
use crate::{
    grid::{self, Grid, Stored},
    problem::{CellError, CellErrors, Place, Problem, quoted},
};
use rust_xlsxwriter::Workbook;
use std::path::{Path, PathBuf};

/// The workbook with the rows of `folder/<sheet>.csv`; sheets without a file stay out. Cells are texts, as typed.
///
/// # Errors
/// A file is none of the sheets or cannot be read, with its place.
pub fn fill(folder: &Path) -> Result<Vec<u8>, CellErrors> {
    let place = grid::file_place(folder);
    let damaged = |place: &Place, why: &dyn std::fmt::Display| {
        CellErrors::from(CellError::new(place.clone(), Problem::FileUnreadable).with("reason", why))
    };
    let listing = std::fs::read_dir(folder).map_err(|fault| damaged(&place, &fault))?;
    let mut files: Vec<PathBuf> = listing.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "csv"));
    files.sort();
    let mut grids = Vec::new();
    for path in files {
        let place = grid::file_place(&path);
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(sheet) = sheets::by_name(&stem) else {
            return Err(CellError::new(place, Problem::CsvKindUnknown)
                .with("expected", sheets::names())
                .into());
        };
        for grid in grid::sheets(&path, &place)? {
            all_known(sheet, &grid)?;
            grids.push((sheet, grid));
        }
    }
    grids.sort_by_key(|(sheet, _)| sheet.kind);
    let mut workbook = Workbook::new();
    let mut write = || -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
        fixed_properties(&mut workbook)?;
        let kinds: Vec<_> = grids.iter().map(|(sheet, _)| *sheet).collect();
        empty_sheets(&mut workbook, &kinds)?;
        for (sheet, grid) in &grids {
            let out = workbook.worksheet_from_name(sheet.name)?;
            let headings: &[(u32, Stored)] = grid.rows.first().map_or(&[], |row| &row.cells);
            let columns = columns(sheet, headings);
            for (from, at) in &columns {
                // A heading says the unit of its amounts: the one of the file stays.
                let heading = headings.iter().find(|(column, _)| column == from);
                if let Some((_, Stored::Text(text))) = heading
                    && text.contains('（')
                {
                    out.write_string_with_format(0, *at, &**text, &heading_format(true))?;
                }
            }
            for (line, row) in (1_u32..).zip(grid.rows.iter().skip(1)) {
                for (column, stored) in &row.cells {
                    let at = columns.iter().find(|(from, _)| from == column).map(|(_, at)| *at);
                    if let (Some(at), Stored::Text(text)) = (at, stored) {
                        out.write_string(line, at, &**text)?;
                    }
                }
            }
        }
        workbook.save_to_buffer()
    };
    write().map_err(|fault| damaged(&place, &fault))
}

/// Refuses headings that the sheet does not have, because what stands under them would be left out.
fn all_known(sheet: &sheets::Sheet, grid: &Grid) -> Result<(), CellErrors> {
    let Some(row) = grid.rows.first() else {
        return Ok(());
    };
    let known = columns(sheet, &row.cells);
    let mut errors = CellErrors::default();
    for (at, stored) in row.cells.iter().filter(|(at, _)| known.iter().all(|(from, _)| from != at)) {
        let text = if let Stored::Text(text) = stored { text } else { "" };
        let place = grid.place.cell(row.number, *at);
        errors.push(CellError::new(place, Problem::HeadingUnknown).with("heading", quoted(text)));
    }
    if errors.errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Which column of the csv is which of the sheet.
fn columns(sheet: &sheets::Sheet, cells: &[(u32, Stored)]) -> Vec<(u32, u16)> {
    let place_of = |text: &str| {
        let fits =
            |column: &sheets::Column| column.key == text || column.headings().iter().any(|one| one == text);
        sheet.columns.iter().position(fits).and_then(|at| u16::try_from(at).ok())
    };
    let text = |stored: &Stored| match stored {
        Stored::Text(text) => place_of(text),
        Stored::Number(_) | Stored::Day(_) | Stored::Flag(_) | Stored::Formula | Stored::Fault => None,
    };
    cells.iter().filter_map(|(from, stored)| Some((*from, text(stored)?))).collect()
}

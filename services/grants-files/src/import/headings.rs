//! Which column of a sheet stands where: headings in any order, each once, none unknown.

use crate::{
    grid::{Grid, GridRow, Stored},
    problem::{CellError, CellErrors, Place, Problem, quoted},
    workbook::{Form, Sheet, Unit},
};
use std::collections::BTreeMap;

/// Where the columns of a sheet stand in a file.
pub(crate) struct Layout {
    pub(crate) sheet: &'static Sheet,
    columns: BTreeMap<&'static str, (u32, Unit)>,
    used: Vec<u32>,
}

impl Layout {
    /// Reads the first row of the grid. Complaints go to `errors`; what could be read is used to go on.
    pub(crate) fn read(sheet: &'static Sheet, grid: &Grid, errors: &mut CellErrors) -> Self {
        for (place, range) in &grid.merged {
            errors.push(CellError::new(place.clone(), Problem::CellMerged).with("range", quoted(range)));
        }
        let mut layout = Self { sheet, columns: BTreeMap::new(), used: Vec::new() };
        let Some(row) = grid.rows.first() else {
            return layout;
        };
        for (column, stored) in &row.cells {
            layout.used.push(*column);
            layout.heading(*column, stored, &grid.place, row, errors);
        }
        for column in sheet.columns.iter().filter(|column| column.required) {
            if !layout.columns.contains_key(column.key) {
                let place = grid.place.at(crate::problem::At::Row(row.number));
                errors.push(
                    CellError::new(place, Problem::HeadingMissing).with("heading", column.full_heading()),
                );
            }
        }
        layout
    }

    fn heading(&mut self, at: u32, stored: &Stored, place: &Place, row: &GridRow, errors: &mut CellErrors) {
        let place = place.cell(row.number, at);
        let text = match stored {
            Stored::Text(text) => text,
            Stored::Formula => return errors.push(CellError::new(place, Problem::CellFormula)),
            Stored::Number(_) | Stored::Day(_) | Stored::Flag(_) | Stored::Fault => {
                return errors.push(CellError::new(place, Problem::CellNotText));
            }
        };
        let heading = normalised(text);
        let Some((key, unit)) = self.find(&heading) else {
            return errors.push(self.unknown(&heading, text, place));
        };
        let standing = self.columns.get(key).copied();
        if let Some((first, _)) = standing {
            let first = place.cell(row.number, first).cell_name();
            let error = CellError::new(place, Problem::HeadingDuplicate).with("heading", quoted(text));
            return errors.push(error.with("first", first));
        }
        self.columns.insert(key, (at, unit));
    }

    fn find(&self, heading: &str) -> Option<(&'static str, Unit)> {
        for column in self.sheet.columns {
            let fits = column.headings().iter().position(|one| one == heading);
            if let Some(place) = fits {
                return Some((column.key, unit_at(&column.form, place)));
            }
        }
        None
    }

    fn unknown(&self, heading: &str, text: &str, place: Place) -> CellError {
        let bare = heading.split('（').next().unwrap_or(heading);
        let money = |form: &Form| matches!(form, Form::Money { .. });
        let meant = self.sheet.columns.iter().find(|column| column.heading == bare && money(&column.form));
        match meant {
            Some(column) => CellError::new(place, Problem::HeadingUnitWrong)
                .with("heading", quoted(text))
                .with("expected", column.headings().join(" / ")),
            None => CellError::new(place, Problem::HeadingUnknown).with("heading", quoted(text)),
        }
    }

    /// Where a column stands, and its unit.
    pub(crate) fn column(&self, key: &str) -> Option<(u32, Unit)> {
        self.columns.get(key).copied()
    }

    /// What stands in a column under its heading, and its unit.
    pub(crate) fn form_at(&self, at: u32) -> Option<(Form, Unit)> {
        let (key, (_, unit)) = self.columns.iter().find(|(_, (column, _))| *column == at)?;
        let column = self.sheet.columns.iter().find(|column| column.key == *key)?;
        Some((column.form, *unit))
    }

    /// Whether a column has a heading.
    pub(crate) fn has_heading(&self, column: u32) -> bool {
        self.used.contains(&column)
    }
}

fn unit_at(form: &Form, place: usize) -> Unit {
    let units = if let Form::Money { units, .. } = form { *units } else { &[] };
    units.get(place).copied().unwrap_or(Unit::Yuan)
}

/// A heading as people write it: brackets of either width, spaces around, the star of a required column.
fn normalised(text: &str) -> String {
    text.trim().trim_end_matches(['*', '＊']).trim().replace('(', "（").replace(')', "）")
}

//! Reads a workbook the way it is stored: numbers in their stored spelling, formulas as formulas, merged cells
//! by name. A reader for display gives values; here the spelling decides whether an amount can be trusted.

use super::{
    Grid, GridRow, Meter, Stored,
    package::Package,
    styles,
    xml::{Element, Next, Walk},
};
use crate::{
    limits::{ARCHIVE_PARTS_MAX, COLUMNS_MAX, ROWS_MAX, SHEETS_MAX, UNPACKED_BYTES_MAX},
    problem::{At, CellError, Place, Problem},
};
use std::{collections::BTreeMap, path::Path, rc::Rc};

const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";
const STRINGS: &str = "xl/sharedStrings.xml";
const STYLES: &str = "xl/styles.xml";

/// The largest row number of the format.
const ROW_NUMBER_MAX: u32 = 1_048_576;

/// Reads all sheets, in their order.
pub(crate) fn read(path: &Path, place: &Place) -> Result<Vec<Grid>, CellError> {
    let mut package = Package::open(path, place)?;
    let book = book(&mut package, place)?;
    let shared = match package.part(STRINGS)? {
        Some(part) => strings(Walk::new(part, STRINGS, place))?,
        None => Vec::new(),
    };
    let dates = match package.part(STYLES)? {
        Some(part) => styles::read(Walk::new(part, STYLES, place))?,
        None => Vec::new(),
    };
    let mut meter = Meter::default();
    let mut grids = Vec::new();
    for (name, target) in book.sheets {
        let place = place.sheet(&name);
        let damaged = CellError::new(place.clone(), Problem::FileDamaged).with("part", &target);
        let part = package.part(&target)?.ok_or(damaged)?;
        let mut reading = Reading {
            walk: Walk::new(part, &target, &place),
            shared: &shared,
            dates: &dates,
            from_1904: book.from_1904,
            meter: &mut meter,
            grid: Grid { name, place, rows: Vec::new(), merged: Vec::new() },
        };
        reading.sheet()?;
        grids.push(reading.grid);
    }
    Ok(grids)
}

struct Book {
    /// Names and parts.
    sheets: Vec<(String, String)>,
    from_1904: bool,
}

fn book(package: &mut Package, place: &Place) -> Result<Book, CellError> {
    let missing = || CellError::new(place.clone(), Problem::NotAWorkbook);
    let relations = package.part(RELATIONS)?.ok_or_else(missing)?;
    let targets = relations_of(Walk::new(relations, RELATIONS, place))?;
    let part = package.part(WORKBOOK)?.ok_or_else(missing)?;
    let mut walk = Walk::new(part, WORKBOOK, place);
    let mut book = Book { sheets: Vec::new(), from_1904: false };
    loop {
        match walk.next()? {
            Next::Open(element) if element.name == "workbookPr" => {
                book.from_1904 = matches!(element.get("date1904"), Some("1" | "true"));
            }
            Next::Open(element) if element.name == "sheet" => {
                let name = element.get("name").ok_or_else(|| walk.damaged())?;
                let target =
                    element.get("id").and_then(|id| targets.get(id)).ok_or_else(|| walk.damaged())?;
                book.sheets.push((name.to_owned(), target.clone()));
                if SHEETS_MAX < book.sheets.len() {
                    return Err(CellError::new(place.clone(), Problem::SheetsTooMany).with("max", SHEETS_MAX));
                }
            }
            Next::Open(_) | Next::Close(_) | Next::Text(_) => {}
            Next::End => return Ok(book),
        }
    }
}

fn relations_of(mut walk: Walk<'_>) -> Result<BTreeMap<String, String>, CellError> {
    let mut targets = BTreeMap::new();
    loop {
        match walk.next()? {
            Next::Open(element) if element.name == "Relationship" => {
                if let (Some(id), Some(target)) = (element.get("Id"), element.get("Target")) {
                    let part = match target.strip_prefix('/') {
                        Some(absolute) => absolute.to_owned(),
                        None => format!("xl/{target}"),
                    };
                    targets.insert(id.to_owned(), part);
                }
                if ARCHIVE_PARTS_MAX < targets.len() {
                    return Err(walk.damaged());
                }
            }
            Next::Open(_) | Next::Close(_) | Next::Text(_) => {}
            Next::End => return Ok(targets),
        }
    }
}

fn strings(mut walk: Walk<'_>) -> Result<Vec<Rc<str>>, CellError> {
    let mut strings: Vec<Rc<str>> = Vec::new();
    let limit = usize::try_from(UNPACKED_BYTES_MAX / 64).unwrap_or(usize::MAX);
    loop {
        match walk.next()? {
            // A reading aid above the characters (rPh) is not part of the text.
            Next::Open(element) if element.name == "si" => strings.push(walk.text_of("si", "rPh")?.into()),
            Next::Open(_) | Next::Close(_) | Next::Text(_) => {}
            Next::End => return Ok(strings),
        }
        if limit < strings.len() {
            return Err(walk.damaged());
        }
    }
}

struct Reading<'a> {
    walk: Walk<'a>,
    shared: &'a [Rc<str>],
    dates: &'a [bool],
    from_1904: bool,
    meter: &'a mut Meter,
    grid: Grid,
}

impl Reading<'_> {
    fn sheet(&mut self) -> Result<(), CellError> {
        let mut last = 0_u32;
        loop {
            match self.walk.next()? {
                Next::Open(element) if element.name == "row" => {
                    let number = match element.get("r") {
                        Some(number) => number.parse().map_err(|_| self.walk.damaged())?,
                        None => last.saturating_add(1),
                    };
                    if number <= last || ROW_NUMBER_MAX < number {
                        return Err(self.walk.damaged());
                    }
                    last = number;
                    self.row(number)?;
                }
                Next::Open(element) if element.name == "mergeCell" => {
                    let range = element.get("ref").unwrap_or_default().to_owned();
                    let first = range.split(':').next().and_then(address);
                    let place = first
                        .map_or(self.grid.place.clone(), |(row, column)| self.grid.place.cell(row, column));
                    // Beyond this many they are not even counted.
                    if self.grid.merged.len() < ROWS_MAX {
                        self.grid.merged.push((place, range));
                    }
                }
                Next::Open(_) | Next::Close(_) | Next::Text(_) => {}
                Next::End => return Ok(()),
            }
        }
    }

    fn row(&mut self, number: u32) -> Result<(), CellError> {
        let (mut cells, mut last) = (Vec::new(), 0_u32);
        loop {
            match self.walk.next()? {
                Next::Open(element) if element.name == "c" => {
                    let column = match element.get("r") {
                        Some(name) => {
                            let (row, column) = address(name).ok_or_else(|| self.walk.damaged())?;
                            if row != number || column <= last {
                                return Err(self.walk.damaged());
                            }
                            column
                        }
                        None => last.saturating_add(1),
                    };
                    last = column;
                    if let Some(stored) = self.cell(&element, number, column)? {
                        cells.push((column, stored));
                    }
                    if COLUMNS_MAX < cells.len() {
                        break;
                    }
                }
                Next::Close(name) if name == "row" => break,
                Next::Open(_) | Next::Close(_) | Next::Text(_) => {}
                Next::End => return Err(self.walk.damaged()),
            }
        }
        self.meter.row(&self.grid.place.at(At::Row(number)), &cells)?;
        if !cells.is_empty() {
            self.grid.rows.push(GridRow { number, cells });
        }
        Ok(())
    }

    fn cell(&mut self, element: &Element, row: u32, column: u32) -> Result<Option<Stored>, CellError> {
        let (mut value, mut formula) = (None, false);
        loop {
            match self.walk.next()? {
                Next::Open(inner) if inner.name == "f" => formula = true,
                Next::Open(inner) if inner.name == "v" => value = Some(self.walk.text_of("v", "rPh")?),
                Next::Open(inner) if inner.name == "is" => value = Some(self.walk.text_of("is", "rPh")?),
                Next::Close(name) if name == "c" => break,
                Next::Open(_) | Next::Close(_) | Next::Text(_) => {}
                Next::End => return Err(self.walk.damaged()),
            }
        }
        if formula {
            return Ok(Some(Stored::Formula));
        }
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return Ok(None);
        };
        let damaged = || {
            let place = self.grid.place.cell(row, column);
            CellError::new(place, Problem::FileDamaged).with("part", "c")
        };
        let stored = match element.get("t").unwrap_or("n") {
            "s" => {
                let index: usize = value.parse().map_err(|_| damaged())?;
                let text = self.shared.get(index).ok_or_else(damaged)?;
                if text.is_empty() {
                    return Ok(None);
                }
                Stored::Text(Rc::clone(text))
            }
            "str" | "inlineStr" => Stored::Text(value.into()),
            "b" => Stored::Flag(value == "1"),
            "e" => Stored::Fault,
            "n" if self.is_date(element.get("s")) => Stored::Day(styles::day(&value, self.from_1904)),
            "n" => Stored::Number(value.into()),
            "d" => Stored::Day(value.parse().ok()),
            _ => return Err(damaged()),
        };
        Ok(Some(stored))
    }

    fn is_date(&self, style: Option<&str>) -> bool {
        let index = style.and_then(|style| style.parse::<usize>().ok());
        index.and_then(|index| self.dates.get(index)).copied().unwrap_or(false)
    }
}

/// Row and column of a cell's name.
fn address(name: &str) -> Option<(u32, u32)> {
    let at = name.find(|one: char| one.is_ascii_digit())?;
    let (letters, digits) = name.split_at(at);
    let column = crate::problem::column_number(letters)?;
    let row = digits.parse().ok().filter(|row| 0 < *row)?;
    Some((row, column))
}

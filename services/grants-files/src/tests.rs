//! Tests through the public door: files in, commands or addressed complaints out.

mod catalogues; // texts and reference pages against the lists
mod import_csv; // csv and command lines
mod import_good; // template, fill, import
mod import_totals; // control totals, and amounts that contradict each other
mod import_wrong; // what people do to workbooks
mod package_wrong; // what is done to their bytes
mod page; // the reference page
mod settle;

use crate::{ImportError, Sealer, Who, import, workbook::sheets};
use grants_domain::{ids::PersonId, people::Sealed, wire::Blob};
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use sha2::{Digest, Sha256};
use std::{
    error::Error,
    path::{Path, PathBuf},
};

/// Seals by hashing: the same text of the same person gives the same bytes, and nothing can be read from them.
#[derive(Default)]
struct StrictSealer {
    /// How often it was asked.
    asked: usize,
}

impl Sealer for StrictSealer {
    fn seal(
        &mut self,
        who: Who<'_>,
        field: &'static str,
        plain: &str,
    ) -> Result<Sealed, Box<dyn Error + Send + Sync>> {
        self.asked += 1;
        let person = match who {
            Who::Identity(number) => format!("id|{number}"),
            Who::Role { enterprise, role, name } => format!("role|{enterprise}|{role}|{name}"),
        };
        let digest = |text: &str| Sha256::digest(text.as_bytes()).to_vec();
        Ok(Sealed {
            person: PersonId(digest(&person)[..16].try_into().unwrap()),
            bytes: Blob(digest(&format!("{person}|{field}|{plain}"))),
        })
    }
}

/// A folder that goes away, with a file in it.
struct Scratch {
    dir: tempfile::TempDir,
}

impl Scratch {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }
    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
    /// A workbook of sheets with rows of texts.
    fn book(&self, sheets: &[(&str, &[&[&str]])]) -> PathBuf {
        self.write("book.xlsx", book_bytes(sheets, |_| {}))
    }
    /// The same, with one more change to the first sheet.
    fn book_with(&self, sheets: &[(&str, &[&[&str]])], change: impl Fn(&mut Worksheet)) -> PathBuf {
        self.write("book.xlsx", book_bytes(sheets, change))
    }
}

fn book_bytes(sheets: &[(&str, &[&[&str]])], change: impl Fn(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let text = Format::new().set_num_format("@");
    for (index, (name, rows)) in sheets.iter().enumerate() {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0_u32..).zip(*rows) {
            for (column, cell) in (0_u16..).zip(*cells).filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string_with_format(row, column, *cell, &text).unwrap();
            }
        }
        if index == 0 {
            change(sheet);
        }
    }
    book.save_to_buffer().unwrap()
}

/// Name and rows of a sheet.
type Filled = (&'static str, Vec<Vec<String>>);

/// All sheets, each with the row of its examples.
fn examples() -> Vec<Filled> {
    let row =
        |sheet: &sheets::Sheet, pick: fn(&sheets::Column) -> String| sheet.columns.iter().map(pick).collect();
    let rows = |sheet: &sheets::Sheet| {
        vec![row(sheet, sheets::Column::full_heading), row(sheet, |column| column.example.to_owned())]
    };
    sheets::ALL.iter().map(|sheet| (sheet.name, rows(sheet))).collect()
}

/// A workbook of them.
fn filled(sheets: &[Filled]) -> Vec<u8> {
    let rows: Vec<Vec<Vec<&str>>> = sheets
        .iter()
        .map(|(_, rows)| rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect())
        .collect();
    let rows: Vec<Vec<&[&str]>> = rows.iter().map(|rows| rows.iter().map(Vec::as_slice).collect()).collect();
    let sheets: Vec<(&str, &[&[&str]])> =
        sheets.iter().zip(&rows).map(|((name, _), rows)| (*name, rows.as_slice())).collect();
    book_bytes(&sheets, |_| {})
}

/// Codes and places of everything that is wrong.
fn wrong(path: &Path) -> Vec<(String, &'static str)> {
    let mut sealer = StrictSealer::default();
    let Err(ImportError::Rejected(errors)) = import(path, &mut sealer) else {
        panic!("{} was imported", path.display());
    };
    assert_eq!(sealer.asked, 0, "something was sealed before the whole file was right");
    errors.errors.iter().map(|one| (one.place.to_string(), one.code())).collect()
}

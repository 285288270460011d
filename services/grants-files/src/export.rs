//! Lists and reports: tables of typed cells, written as a workbook or as csv. The same table gives the same bytes.

use crate::workbook::template::{fixed_properties, heading_format};
use grants_domain::values::{Fen, SignedFen};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

/// A table of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Name of its sheet: at most 31 characters.
    pub name: String,
    /// The headings.
    pub head: Vec<String>,
    /// The rows, each as wide as the headings.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A text, also for numbers that are names: accounts, codes.
    Text(String),
    /// An amount in 元 with two decimals.
    Money(Fen),
    /// A number of things.
    Count(u64),
    /// A difference in 元 with two decimals, with a minus sign where it is a loss.
    Change(SignedFen),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Cell {
    /// The cell as text: what stands in a csv, and what a workbook gives back when it is read.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Money(fen) => fen.to_string(),
            Self::Count(count) => count.to_string(),
            Self::Change(difference) => difference.to_string(),
        }
    }
}

/// Most decimal digits that a spreadsheet's number holds exactly; a larger amount is written as text.
const DIGITS_MAX: usize = 15;

/// The tables as a workbook, one sheet each.
///
/// # Errors
/// The writer refuses: a sheet's name is too long or stands twice, or there are too many rows.
pub fn xlsx(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    fixed_properties(&mut workbook)?;
    for table in tables {
        let sheet = workbook.add_worksheet();
        sheet.set_name(&table.name)?;
        sheet.set_freeze_panes(1, 0)?;
        write(sheet, table)?;
    }
    workbook.save_to_buffer()
}

fn write(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let text = Format::new().set_num_format("@");
    let money = Format::new().set_num_format("#,##0.00");
    for (column, heading) in (0_u16..).zip(&table.head) {
        sheet.write_string_with_format(0, column, heading, &heading_format(true))?;
        let widest = table.rows.iter().filter_map(|row| row.get(usize::from(column)));
        let widest = widest.map(|cell| width(&cell.text())).chain([width(heading)]).max().unwrap_or(8);
        sheet.set_column_width(column, f64::from(widest.saturating_add(2).min(60)))?;
    }
    for (line, row) in (1_u32..).zip(&table.rows) {
        for (column, cell) in (0_u16..).zip(row) {
            match (cell, exact(cell)) {
                (Cell::Money(_) | Cell::Change(_), Some(number)) => {
                    sheet.write_number_with_format(line, column, number, &money)?
                }
                (Cell::Count(_), Some(number)) => sheet.write_number(line, column, number)?,
                (Cell::Text(_) | Cell::Money(_) | Cell::Count(_) | Cell::Change(_), _) => {
                    sheet.write_string_with_format(line, column, cell.text(), &text)?
                }
            };
        }
    }
    Ok(())
}

/// The number that a spreadsheet stores, if it can hold the cell exactly.
fn exact(cell: &Cell) -> Option<f64> {
    let text = match cell {
        Cell::Text(_) => return None,
        Cell::Money(_) | Cell::Count(_) | Cell::Change(_) => cell.text(),
    };
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (digits <= DIGITS_MAX).then(|| text.parse().ok()).flatten()
}

/// How wide a text is shown: a Chinese character takes two places.
fn width(text: &str) -> u16 {
    let places: usize = text.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum();
    u16::try_from(places).unwrap_or(u16::MAX)
}

/// A table as csv: UTF-8 with a byte-order mark (for spreadsheets), CRLF, every field quoted where it must be.
#[must_use]
pub fn csv(table: &Table) -> Vec<u8> {
    let mut out = "\u{feff}".to_owned();
    let rows = table.rows.iter().map(|row| row.iter().map(Cell::text).collect::<Vec<String>>());
    for row in [table.head.clone()].into_iter().chain(rows) {
        let fields: Vec<String> = row.iter().map(|field| quoted(field)).collect();
        out.push_str(&fields.join(","));
        out.push_str("\r\n");
    }
    out.into_bytes()
}

/// A field of a csv. What a spreadsheet would take for a formula is marked as text.
fn quoted(field: &str) -> String {
    let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let marked = if is_formula { format!("'{field}") } else { field.to_owned() };
    if marked.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", marked.replace('"', "\"\""))
    } else {
        marked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx};
    use std::io::Cursor;

    fn table() -> Table {
        let amount = |text: &str| Cell::Money(text.parse().unwrap());
        Table {
            name: "支付清单".to_owned(),
            head: vec!["收款人".to_owned(), "账号".to_owned(), "金额".to_owned(), "笔数".to_owned()],
            rows: vec![
                vec!["示例甲公司".into(), "0017150100012345".into(), amount("9999999.99"), Cell::Count(1)],
                vec!["示例\"乙\",公司".into(), "=1+1".into(), amount("9999999999999.99"), Cell::Count(2)],
            ],
        }
    }

    #[test]
    fn a_workbook_gives_back_what_was_written() {
        let bytes = xlsx(&[table()]).unwrap();
        assert_eq!(bytes, xlsx(&[table()]).unwrap(), "the same table gives the same bytes");
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let range = book.worksheet_range("支付清单").unwrap();
        assert_eq!(range.get((1, 1)), Some(&Data::String("0017150100012345".to_owned())));
        assert_eq!(range.get((1, 2)), Some(&Data::Float(9_999_999.99)));
        assert_eq!(range.get((2, 1)), Some(&Data::String("=1+1".to_owned())), "a text is never a formula");
    }

    #[test]
    fn a_difference_keeps_its_sign() {
        let loss = Cell::Change("-1234567.89".parse().unwrap());
        let table =
            Table { name: "差额".to_owned(), head: vec!["差额".to_owned()], rows: vec![vec![loss]] };
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx(std::slice::from_ref(&table)).unwrap())).unwrap();
        assert_eq!(book.worksheet_range("差额").unwrap().get((1, 0)), Some(&Data::Float(-1_234_567.89)));
    }

    #[test]
    fn a_csv_has_no_formula_and_no_loose_quote() {
        let text = String::from_utf8(csv(&table())).unwrap();
        let lines: Vec<&str> = text.trim_start_matches('\u{feff}').split("\r\n").collect();
        assert_eq!(lines.first().copied(), Some("收款人,账号,金额,笔数"));
        assert_eq!(lines.get(1).copied(), Some("示例甲公司,0017150100012345,9999999.99,1"));
        assert_eq!(lines.get(2).copied(), Some("\"示例\"\"乙\"\",公司\",'=1+1,9999999999999.99,2"));
    }
}

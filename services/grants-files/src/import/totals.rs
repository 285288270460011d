//! Control totals: what somebody added up by other means, against what the rows of the file come to.
//!
//! A row that begins with 合计 states the sum of an amount column in the unit of its heading. A row that begins
//! with 合计（大写） states it in capitals, and capitals count 元 whatever the heading says: a column whose unit is
//! wrong from top to bottom agrees with its own figures, and with nothing that was written in capitals.

use super::{Layout, row::values};
use crate::{
    grid::{Grid, GridRow, Stored},
    problem::{At, CellError, CellErrors, Place, Problem},
    workbook::{Form, TEN_THOUSAND, Unit},
};
use grants_domain::values::{Fen, parse_capitals};

/// What a person who fills in a workbook should know about totals.
pub(crate) const NOTE: &str = "各表明细之后可加一行“合计”、一行“合计（大写）”，只在金额列填写：合计按表头单位填数字；合计（大写）填人民币大写，一律以元计。“值”列的合计是类型为金额的各行之和。填了就核对，不符的整个文件不导入。";

/// How a row states its totals.
#[derive(Clone, Copy)]
enum Way {
    /// In figures, in the unit of the heading.
    Figures,
    /// In capitals, in 元.
    Capitals,
}

/// Whether a row states totals, and is no line of its sheet: by the text of its first cell.
pub(super) fn is_total(row: &GridRow) -> bool {
    way(row).is_some()
}

fn way(row: &GridRow) -> Option<Way> {
    let (_, Stored::Text(text)) = row.cells.first()? else {
        return None;
    };
    // 合 计 is how many people set it.
    let label: String = text.chars().filter(|one| !one.is_whitespace()).collect();
    match label.replace('(', "（").replace(')', "）").as_str() {
        "合计" => Some(Way::Figures),
        "合计（大写）" | "合计大写" => Some(Way::Capitals),
        _ => None,
    }
}

/// Compares every total of the sheet with its rows.
pub(super) fn check(layout: &Layout, grid: &Grid, errors: &mut CellErrors) {
    let (mut totals, mut lines) = (Vec::new(), Vec::new());
    for row in grid.rows.iter().skip(1) {
        match way(row) {
            Some(way) => totals.push((way, row)),
            None => lines.push(row),
        }
    }
    let last = lines.last().map_or(0, |row: &&GridRow| row.number);
    for (way, row) in totals {
        let place = grid.place.at(At::Row(row.number));
        // Of which lines it would be the sum is not for us to guess.
        if row.number < last || row.cells.len() < 2 {
            errors.push(CellError::new(place, Problem::TotalRow));
            continue;
        }
        for (column, stored) in row.cells.iter().skip(1) {
            let place = grid.place.cell(row.number, *column);
            if let Err(error) = compare(layout, *column, (way, stored), &lines, &place) {
                errors.push(error);
            }
        }
    }
}

fn compare(
    layout: &Layout,
    column: u32,
    (way, stored): (Way, &Stored),
    lines: &[&GridRow],
    place: &Place,
) -> Result<(), CellError> {
    if !layout.has_heading(column) {
        return Err(CellError::new(place.clone(), Problem::CellStray));
    }
    let amounts = amounts(layout, column).ok_or(CellError::new(place.clone(), Problem::TotalRow))?;
    let expected = read(way, stored, amounts.unit, place)?;
    let Some(sum) = amounts.sum(lines) else {
        // An amount that cannot be read was complained about where it stands.
        return Ok(());
    };
    let found = Fen::from_i128(sum).map_err(|error| CellError::of_value(place.clone(), &error))?;
    if found == expected {
        return Ok(());
    }
    let stated = i128::from(expected.get());
    let apart = |less: i128, more: i128| less.checked_mul(TEN_THOUSAND) == Some(more);
    let unit = apart(sum, stated) || apart(stated, sum);
    let problem = if unit { Problem::TotalUnit } else { Problem::TotalDiffers };
    let error = CellError::new(place.clone(), problem).with("found", found.grouped());
    Err(error.with("expected", expected.grouped()))
}

fn read(way: Way, stored: &Stored, unit: Unit, place: &Place) -> Result<Fen, CellError> {
    let wrong = |problem| Err(CellError::new(place.clone(), problem));
    match (way, stored) {
        // A sum that the spreadsheet forms follows whatever is wrong with the rows.
        (_, Stored::Formula) => wrong(Problem::CellFormula),
        (_, Stored::Fault) => wrong(Problem::CellFault),
        (Way::Figures, stored) => values::amount(stored, unit).map_err(|unfit| unfit.at(place)),
        (Way::Capitals, Stored::Text(text)) => {
            parse_capitals(text).map_err(|error| CellError::of_value(place.clone(), &error))
        }
        (Way::Capitals, Stored::Number(_) | Stored::Day(_) | Stored::Flag(_)) => wrong(Problem::CellNotText),
    }
}

/// A column that has a sum.
struct Amounts {
    column: u32,
    unit: Unit,
    /// Where stands of which type the value of a row is, if the column holds values of several.
    types: Option<u32>,
}

fn amounts(layout: &Layout, column: u32) -> Option<Amounts> {
    let (form, unit) = layout.form_at(column)?;
    if let Form::Money { .. } = form {
        return Some(Amounts { column, unit, types: None });
    }
    if form == Form::FactValue {
        let (types, _) = layout.column("type")?;
        return Some(Amounts { column, unit: Unit::Yuan, types: Some(types) });
    }
    None
}

impl Amounts {
    /// What the lines come to, in 分; nothing if one of them cannot be read.
    fn sum(&self, lines: &[&GridRow]) -> Option<i128> {
        let cell = |row: &GridRow, column| {
            row.cells.iter().find(|(at, _)| *at == column).map(|(_, stored)| stored.clone())
        };
        let is_money = |row: &GridRow| {
            self.types.is_none_or(|types| {
                matches!(cell(row, types), Some(Stored::Text(word)) if matches!(&*word, "金额" | "money"))
            })
        };
        let filled = lines.iter().filter(|row| is_money(row)).filter_map(|row| cell(row, self.column));
        let read = filled.map(|stored| values::amount(&stored, self.unit).ok());
        read.collect::<Option<Vec<Fen>>>().map(Fen::sum)
    }
}

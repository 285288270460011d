//! Sheets become commands: each row through the builder of its kind, lines joined to their applications,
//! calendar rows gathered by year.

mod calendar;
mod decide;
mod pay;
mod plausible;
mod register;

pub(crate) use pay::{Answer, BankLine, bank_result};

use super::{Draft, Findings, Layout, Row, totals};
use crate::{
    grid::Grid,
    problem::{CellError, Place, Problem},
    workbook::{Sheet, SheetKind, sheets, template::GUIDE},
};
use decide::Lines;
use grants_domain::commands::Command;

/// The commands of all sheets, in the order of their kinds; complaints go to `findings`.
pub(super) fn drafts(grids: Vec<Grid>, is_csv: bool, file: &Place, findings: &mut Findings) -> Vec<Draft> {
    let known = known(grids, is_csv, findings);
    // Each sheet is read once, so that what is wrong with it is told once.
    let are_lines = |sheet: &Sheet| matches!(sheet.kind, SheetKind::ApplicationFact | SheetKind::Evidence);
    let mut lines = Lines::default();
    for (sheet, grid) in known.iter().filter(|(sheet, _)| are_lines(sheet)) {
        each_row(sheet, grid, findings, |row| lines.read(sheet.kind, row));
    }
    let mut drafts = Vec::new();
    for (sheet, grid) in known.iter().filter(|(sheet, _)| !are_lines(sheet)) {
        if sheet.kind == SheetKind::Calendar {
            drafts.append(&mut calendar::drafts(sheet, grid, findings));
        } else {
            each_row(sheet, grid, findings, |row| {
                let place = row.place();
                let built = command(sheet.kind, row, &mut lines);
                drafts.extend(built.map(|(command, personal)| Draft { command, place, personal }));
            });
        }
    }
    let has_applications = known.iter().any(|(sheet, _)| sheet.kind == SheetKind::Application);
    lines.leftovers(has_applications, file, findings);
    plausible::check(&drafts, findings);
    drafts
}

/// A command with its personal fields in clear.
type Built = (Command, Vec<super::Personal>);

fn plain(command: impl Into<Command>) -> Built {
    (command.into(), Vec::new())
}

fn command(kind: SheetKind, row: &mut Row<'_>, lines: &mut Lines) -> Option<Built> {
    match kind {
        SheetKind::Rate => register::rate(row).map(plain),
        SheetKind::Enterprise => register::enterprise(row),
        SheetKind::Project => register::project(row).map(plain),
        SheetKind::Budget => pay::budget(row).map(plain),
        SheetKind::Adjustment => pay::adjustment(row).map(plain),
        SheetKind::Round => register::round(row).map(plain),
        SheetKind::ExternalAward => register::external_award(row).map(plain),
        SheetKind::Fact => register::fact(row).map(plain),
        SheetKind::Application => decide::application(row, lines),
        SheetKind::Void => decide::void(row).map(plain),
        SheetKind::Withdrawal => decide::withdrawal(row).map(plain),
        SheetKind::Decision => decide::decision(row).map(plain),
        SheetKind::Confirmation => decide::confirmation(row).map(plain),
        SheetKind::Reduction => decide::reduction(row).map(plain),
        SheetKind::Revocation => decide::revocation(row).map(plain),
        SheetKind::Payment => pay::payment(row).map(plain),
        SheetKind::BankResult => bank_result(row).map(|line| plain(line.command())),
        SheetKind::Recovery => pay::recovery(row).map(plain),
        SheetKind::Receipt => pay::receipt(row).map(plain),
        // These were read before: rows of theirs are no commands by themselves.
        SheetKind::Calendar | SheetKind::ApplicationFact | SheetKind::Evidence => None,
    }
}

/// The sheets that are known, in the order of their kinds. Others must be empty.
fn known(grids: Vec<Grid>, is_csv: bool, findings: &mut Findings) -> Vec<(&'static Sheet, Grid)> {
    let mut known = Vec::new();
    for grid in grids.into_iter().filter(|grid| !grid.rows.is_empty() && grid.name != GUIDE) {
        let name = grid.name.trim();
        let found = if is_csv { by_file_name(name) } else { sheets::by_name(name) };
        match found {
            Some(sheet) => known.push((sheet, grid)),
            None => {
                let problem = if is_csv { Problem::CsvKindUnknown } else { Problem::SheetUnknown };
                let error = CellError::new(grid.place.clone(), problem).with("expected", sheets::names());
                findings.errors.push(error);
            }
        }
    }
    known.sort_by_key(|(sheet, _)| sheet.kind);
    known
}

/// A csv's kind by the name of the file, what follows a `-` or `_` left out: `企业-2026-07.csv`.
fn by_file_name(stem: &str) -> Option<&'static Sheet> {
    let mut name = stem;
    loop {
        if let Some(sheet) = sheets::by_name(name) {
            return Some(sheet);
        }
        (name, _) = name.rsplit_once(['-', '_'])?;
    }
}

/// Reads the headings, hands every line below to `read`, and compares the totals with the lines.
pub(crate) fn each_row(
    sheet: &'static Sheet,
    grid: &Grid,
    findings: &mut Findings,
    mut read: impl FnMut(&mut Row<'_>),
) {
    let layout = Layout::read(sheet, grid, &mut findings.errors);
    for row in grid.rows.iter().skip(1).filter(|row| !totals::is_total(row)) {
        read(&mut Row::new(&layout, row, &grid.place, findings));
    }
    totals::check(&layout, grid, &mut findings.errors);
}

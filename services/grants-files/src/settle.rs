//! Reads what a bank answered, line by line against the payments that the ledger knows. Nothing is inferred: a
//! payment without a line is unknown, a line without a payment is foreign, another amount settles nothing.

use crate::{
    grid::{self, FileKind, Grid},
    import::{Answer, BankLine, Draft, Findings, bank_result, command_id, each_row, repetitions},
    problem::{CellError, CellErrors, Place, Problem},
    workbook::{SheetKind, sheets},
};
use grants_domain::{
    commands::Command,
    ids::AttemptId,
    values::{CommandId, Fen},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// A payment as the ledger knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownPayment {
    /// What was instructed.
    pub amount: Fen,
    /// Whether the bank's answer is still awaited.
    pub awaited: bool,
}

/// What a bank's file comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The results to record, in the order of the lines. The same line in a later file has the same id.
    pub commands: Vec<(CommandId, Command, Place)>,
    /// Lines about payments that this ledger never instructed; nothing follows from them.
    pub foreign: Vec<(Place, AttemptId)>,
    /// Lines that state another amount; nothing follows from them.
    pub differing: Vec<Differing>,
    /// Awaited payments without a line. Their result is unknown, not failed.
    pub silent: Vec<AttemptId>,
}

/// A line that states another amount than was instructed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    /// Where it stands.
    pub place: Place,
    /// The payment.
    pub payment: AttemptId,
    /// What was instructed.
    pub instructed: Fen,
    /// What the bank states.
    pub reported: Fen,
}

/// Reads a bank's answer: a csv of any name, or a workbook with the sheet 银行结果 or with one sheet only.
///
/// # Errors
/// Everything that is wrong with the file; then nothing follows from it.
pub fn settle(path: &Path, known: &BTreeMap<AttemptId, KnownPayment>) -> Result<Settlement, CellErrors> {
    let place = grid::file_place(path);
    let grids = grid::sheets(path, &place)?;
    let grid = the_sheet(grids, grid::kind_of(path, &place)?, &place)?;
    let sheet = sheets::of(SheetKind::BankResult);
    let (mut lines, mut findings) = (Vec::new(), Findings::default());
    each_row(sheet, &grid, &mut findings, |row| {
        let place = row.place();
        lines.extend(bank_result(row).map(|line| (place, line)));
    });
    let drafts: Vec<Draft> = lines.iter().map(|(place, line)| draft(place, line)).collect();
    repetitions(&drafts, &mut findings);
    if lines.is_empty() && findings.errors.is_empty() {
        findings.errors.push(CellError::new(place, Problem::NothingToImport));
    }
    if !findings.errors.is_empty() {
        return Err(findings.errors);
    }
    Ok(matched(lines, known))
}

fn draft(place: &Place, line: &BankLine) -> Draft {
    Draft { command: line.clone().command(), place: place.clone(), personal: Vec::new() }
}

fn the_sheet(grids: Vec<Grid>, kind: FileKind, place: &Place) -> Result<Grid, CellError> {
    let name = sheets::of(SheetKind::BankResult).name;
    let mut filled: Vec<Grid> = grids.into_iter().filter(|grid| !grid.rows.is_empty()).collect();
    let named = filled.iter().position(|grid| grid.name == name);
    let found = match (named, kind) {
        (Some(at), _) => Some(filled.swap_remove(at)),
        (None, FileKind::Csv) => filled.pop(),
        (None, FileKind::Xlsx | FileKind::CommandLines) if filled.len() == 1 => filled.pop(),
        (None, FileKind::Xlsx | FileKind::CommandLines) => None,
    };
    found.ok_or_else(|| CellError::new(place.clone(), Problem::SheetMissing).with("expected", name))
}

fn matched(lines: Vec<(Place, BankLine)>, known: &BTreeMap<AttemptId, KnownPayment>) -> Settlement {
    let mut settlement =
        Settlement { commands: Vec::new(), foreign: Vec::new(), differing: Vec::new(), silent: Vec::new() };
    let mut answered = BTreeSet::new();
    for (place, line) in lines {
        let payment = line.payment;
        answered.insert(payment);
        let Some(standing) = known.get(&payment) else {
            settlement.foreign.push((place, payment));
            continue;
        };
        let other = stated(&line).filter(|reported| *reported != standing.amount);
        if let Some(reported) = other {
            let instructed = standing.amount;
            settlement.differing.push(Differing { place, payment, instructed, reported });
            continue;
        }
        let command = line.command();
        settlement.commands.push((command_id(&command), command, place));
    }
    let awaited = known.iter().filter(|(_, standing)| standing.awaited);
    settlement.silent =
        awaited.map(|(payment, _)| *payment).filter(|payment| !answered.contains(payment)).collect();
    settlement
}

/// The amount that must be the instructed one.
fn stated(line: &BankLine) -> Option<Fen> {
    match &line.answer {
        Answer::Settled { amount, .. } => Some(*amount),
        Answer::Rejected { .. } => None,
        Answer::Returned { .. } => line.amount,
    }
}

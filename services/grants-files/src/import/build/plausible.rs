//! Amounts of one file that can hardly both be right. The limit is another amount of the same file, so nothing is
//! guessed; and because a project may cost more than was planned, it is a warning and keeps nothing out.

use super::{Draft, Findings};
use crate::{
    problem::{CellError, Problem},
    workbook::TEN_THOUSAND,
};
use grants_domain::{
    commands::Command,
    tables::EvidenceKind,
    values::{Fen, ProjectCode},
};
use std::collections::BTreeMap;

/// Compares the invoices of every application with the total investment of its project, where both stand in the
/// file: above it, or not more than a ten-thousandth of it, one of the two may have the wrong unit.
pub(super) fn check(drafts: &[Draft], findings: &mut Findings) {
    let mut investments: BTreeMap<&ProjectCode, Fen> = BTreeMap::new();
    for draft in drafts {
        if let Command::RegisterProject(one) = &draft.command {
            investments.insert(&one.project.code, one.project.total_investment);
        }
    }
    for draft in drafts {
        let Command::SubmitApplication(one) = &draft.command else {
            continue;
        };
        let Some(investment) = one.project.as_ref().and_then(|project| investments.get(project)) else {
            continue;
        };
        let invoices = one.evidence.iter().filter(|line| line.kind == EvidenceKind::Invoice);
        let (invoiced, planned) = (Fen::sum(invoices.map(|line| line.amount)), i128::from(investment.get()));
        let apart = planned < invoiced || invoiced.saturating_mul(TEN_THOUSAND) <= planned;
        if let (true, true, Ok(invoiced)) = (0 < invoiced, apart, Fen::from_i128(invoiced)) {
            let warning = CellError::new(draft.place.clone(), Problem::InvoicesImplausible);
            let warning = warning.with("invoices", invoiced.grouped());
            findings.warnings.push(warning.with("investment", investment.grouped()));
        }
    }
}

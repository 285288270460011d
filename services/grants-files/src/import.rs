//! A file becomes commands: all of it, or none of it.
//!
//! Order: open within limits, read what is stored, check every cell of every sheet, join lines to their
//! applications, look for repetitions; only then seal personal fields and give ids. Whoever imports the same
//! file twice gets the same ids with the same contents, and the ledger changes nothing.

mod build;
mod headings;
mod key;
mod lines;
mod row;
mod totals;
mod unique_json;

pub(crate) use build::{Answer, BankLine, bank_result, each_row};
pub(crate) use headings::Layout;
pub use key::{command_id, natural_key};
pub use lines::command_of_json;
pub(crate) use row::{Findings, Row};
pub(crate) use totals::NOTE as TOTALS_NOTE;

use crate::{
    grid::{self, FileKind},
    person::{Sealer, Who},
    problem::{CellError, CellErrors, Place, Problem},
    texts::Texts,
};
use grants_domain::{
    commands::{COMMAND_BYTES_MAX, Command},
    people::Sealed,
    values::CommandId,
    wire::Message,
};
use std::{collections::BTreeMap, error::Error, path::Path};

/// What a file asks of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Commands in the order in which they must be given: of a workbook by sheet
    /// ([`crate::workbook::SheetKind`]) and row, of other files by line.
    pub commands: Vec<(CommandId, Command, Place)>,
    /// What a person should look at, though it does not keep the file out.
    pub warnings: CellErrors,
}

/// Why nothing of a file was imported.
#[derive(Debug)]
pub enum ImportError {
    /// The file is wrong; every place is named.
    Rejected(CellErrors),
    /// The file is right, but a personal field could not be sealed.
    Sealing {
        /// Where the field stands.
        place: Place,
        /// What the sealer says.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl ImportError {
    /// Lines for a person.
    #[must_use]
    pub fn lines(&self, texts: &Texts) -> Vec<String> {
        match self {
            Self::Rejected(errors) => errors.lines(texts),
            Self::Sealing { place, source } => {
                let reason = source.to_string();
                vec![format!("{place} {}", texts.get("sealing-failed", &[("reason", &reason)]))]
            }
        }
    }
}

impl From<CellErrors> for ImportError {
    fn from(errors: CellErrors) -> Self {
        Self::Rejected(errors)
    }
}

impl From<CellError> for ImportError {
    fn from(error: CellError) -> Self {
        Self::Rejected(error.into())
    }
}

/// A command whose personal fields are not sealed yet. No `Debug`: it holds them in clear.
pub(crate) struct Draft {
    pub(crate) command: Command,
    pub(crate) place: Place,
    pub(crate) personal: Vec<Personal>,
}

/// A personal field in clear.
pub(crate) struct Personal {
    pub(crate) field: &'static str,
    /// Identity number in canonical form; without one the person is known by enterprise, field and name.
    pub(crate) identity: Option<String>,
    pub(crate) enterprise: String,
    pub(crate) name: String,
    pub(crate) plain: String,
}

/// Reads a file and gives its commands, sealed and numbered. `.xlsx` has any of the sheets, `.csv` is one
/// sheet named like the file, `.jsonl` has one command in each line.
///
/// # Errors
/// [`ImportError::Rejected`] with everything that is wrong, or [`ImportError::Sealing`]. Either way nothing of
/// the file is imported.
pub fn import(path: &Path, sealer: &mut dyn Sealer) -> Result<Import, ImportError> {
    let place = grid::file_place(path);
    let mut findings = Findings::default();
    let drafts = match grid::kind_of(path, &place)? {
        FileKind::Xlsx | FileKind::Csv => {
            let is_csv = grid::kind_of(path, &place)? == FileKind::Csv;
            build::drafts(grid::sheets(path, &place)?, is_csv, &place, &mut findings)
        }
        FileKind::CommandLines => lines::drafts(path, &place, &mut findings)?,
    };
    finish(drafts, &place, findings, sealer)
}

/// Looks for repetitions, seals, and gives ids.
pub(crate) fn finish(
    drafts: Vec<Draft>,
    file: &Place,
    mut findings: Findings,
    sealer: &mut dyn Sealer,
) -> Result<Import, ImportError> {
    repetitions(&drafts, &mut findings);
    if drafts.is_empty() && findings.errors.is_empty() {
        findings.errors.push(CellError::new(file.clone(), Problem::NothingToImport));
    }
    if !findings.errors.is_empty() {
        return Err(findings.errors.into());
    }
    let mut commands = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let (command, place) = sealed(draft, sealer)?;
        if COMMAND_BYTES_MAX < command.encode().len() {
            findings
                .errors
                .push(CellError::new(place.clone(), Problem::CommandTooLarge).with("max", COMMAND_BYTES_MAX));
        }
        commands.push((command_id(&command), command, place));
    }
    if !findings.errors.is_empty() {
        return Err(findings.errors.into());
    }
    let warnings = findings.warnings;
    Ok(Import { commands, warnings })
}

pub(crate) fn repetitions(drafts: &[Draft], findings: &mut Findings) {
    let mut first: BTreeMap<(&'static str, String), &Place> = BTreeMap::new();
    for draft in drafts {
        let key = natural_key(&draft.command);
        match first.entry((draft.command.word(), key)) {
            std::collections::btree_map::Entry::Occupied(standing) => {
                let error =
                    CellError::new(draft.place.clone(), Problem::KeyDuplicate).with("key", &standing.key().1);
                findings.errors.push(error.with("first", standing.get()));
            }
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(&draft.place);
            }
        }
    }
}

fn sealed(draft: Draft, sealer: &mut dyn Sealer) -> Result<(Command, Place), ImportError> {
    let Draft { mut command, place, personal } = draft;
    for one in personal {
        let who = match &one.identity {
            Some(number) => Who::Identity(number),
            None => Who::Role { enterprise: &one.enterprise, role: one.field, name: &one.name },
        };
        let sealed = sealer
            .seal(who, one.field, &one.plain)
            .map_err(|source| ImportError::Sealing { place: place.clone(), source })?;
        put_sealed(&mut command, one.field, sealed);
    }
    Ok((command, place))
}

/// Puts a sealed text where `grants_domain::people::SEALED_FIELDS` says it stands.
fn put_sealed(command: &mut Command, field: &'static str, sealed: Sealed) {
    let slot = if let Command::RegisterEnterprise(request) = command {
        match field {
            "legal_representative" => Some(&mut request.legal_representative),
            "contact" => Some(&mut request.contact),
            _ => None,
        }
    } else if let Command::SubmitApplication(request) = command {
        (field == "payee_person").then_some(&mut request.payee_person)
    } else {
        None
    };
    let slot = slot.unwrap_or_else(|| panic!("{field} is not a sealed field of this verb"));
    *slot = Some(sealed);
}

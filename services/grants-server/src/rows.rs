//! Lists of the state with their keys read back. Whoever lists everything holds everything: these serve single runs
//! of the program, not doors.

use grants_domain::{
    ids::{AttemptId, AwardId, RecoveryId},
    state::{KeyPart, StateRead, list},
    tables::{
        ApplicationRow, Applications, AttemptRow, Attempts, AwardRow, Awards, BudgetLineRow, BudgetLines,
        CapRow, Caps, FactRow, Facts, OpenApplications, Payables, ProjectRow, Projects, Recoveries,
        RecoveryRow,
    },
    values::{Date, Reference},
};

/// Every application, by number.
pub(crate) fn applications(state: &dyn StateRead) -> Vec<ApplicationRow> {
    list::<Applications>(state, &(), usize::MAX).into_iter().map(|(_, row)| row).collect()
}

/// Numbers of the applications that wait for a decision, in the order of submission.
pub(crate) fn open_applications(state: &dyn StateRead) -> Vec<ApplicationRow> {
    let mut open: Vec<ApplicationRow> = list::<OpenApplications>(state, &(), usize::MAX)
        .iter()
        .filter_map(|(key, _)| grants_domain::state::get::<Applications>(state, &text(key)?.parse().ok()?))
        .collect();
    open.sort_by_key(|row| row.sequence);
    open
}

/// The lines that pay an award, as one text.
pub(crate) fn paid_from(row: &AwardRow) -> String {
    row.lines().iter().map(Reference::as_str).collect::<Vec<_>>().join("、")
}

/// Every project, by code.
pub(crate) fn projects(state: &dyn StateRead) -> Vec<ProjectRow> {
    list::<Projects>(state, &(), usize::MAX).into_iter().map(|(_, row)| row).collect()
}

/// A recorded fact with what its key says.
pub(crate) struct Recorded {
    pub(crate) subject: String,
    pub(crate) name: String,
    pub(crate) on: Date,
    pub(crate) row: FactRow,
}

/// Every recorded fact about the subjects that begin with these letters, by subject, name and day.
pub(crate) fn facts_about(state: &dyn StateRead, beginning: &str) -> Vec<Recorded> {
    let read = |(key, row): (Vec<u8>, FactRow)| {
        let (rest, day) = key.split_last_chunk::<4>()?;
        let mut parts = rest.split(|byte| *byte == 0).map(|part| String::from_utf8(part.to_vec()).ok());
        let (subject, name) = (parts.next()??, parts.next()??);
        // As days are written in keys: the sign bit is flipped, so that they sort.
        let on = Date::from_days((u32::from_be_bytes(*day) ^ 0x8000_0000).cast_signed()).ok()?;
        Some(Recorded { subject, name, on, row })
    };
    list::<Facts>(state, &Beginning(beginning), usize::MAX).into_iter().filter_map(read).collect()
}

/// The first letters of a text in a key.
struct Beginning<'t>(&'t str);

impl KeyPart for Beginning<'_> {
    fn append(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.0.as_bytes());
    }
}

/// Every award, by id.
pub(crate) fn awards(state: &dyn StateRead) -> Vec<(AwardId, AwardRow)> {
    numbered(list::<Awards>(state, &(), usize::MAX), AwardId)
}

/// Awards with something left to pay.
pub(crate) fn payables(state: &dyn StateRead) -> Vec<AwardId> {
    numbered(list::<Payables>(state, &(), usize::MAX), AwardId).into_iter().map(|(id, _)| id).collect()
}

/// Every attempt to pay.
pub(crate) fn attempts(state: &dyn StateRead) -> Vec<(AttemptId, AttemptRow)> {
    numbered(list::<Attempts>(state, &(), usize::MAX), AttemptId)
}

/// Every recovery.
pub(crate) fn recoveries(state: &dyn StateRead) -> Vec<(RecoveryId, RecoveryRow)> {
    numbered(list::<Recoveries>(state, &(), usize::MAX), RecoveryId)
}

/// Every budget line.
pub(crate) fn budget_lines(state: &dyn StateRead) -> Vec<(Reference, BudgetLineRow)> {
    let rows = list::<BudgetLines>(state, &(), usize::MAX).into_iter();
    rows.filter_map(|(key, row)| Some((text(&key)?.parse().ok()?, row))).collect()
}

/// What caps have counted: cap, scope, window.
pub(crate) fn caps(state: &dyn StateRead) -> Vec<([String; 3], CapRow)> {
    let rows = list::<Caps>(state, &(), usize::MAX).into_iter();
    rows.filter_map(|(key, row)| Some((texts(&key)?, row))).collect()
}

fn numbered<Id, Row>(rows: Vec<(Vec<u8>, Row)>, id: fn(u64) -> Id) -> Vec<(Id, Row)> {
    let number = |key: &[u8]| Some(u64::from_be_bytes(key.try_into().ok()?));
    rows.into_iter().filter_map(|(key, row)| Some((id(number(&key)?), row))).collect()
}

/// A text of a key: everything before the zero byte that ends it.
fn text(key: &[u8]) -> Option<String> {
    let end = key.iter().position(|byte| *byte == 0)?;
    String::from_utf8(key.get(..end)?.to_vec()).ok()
}

fn texts(key: &[u8]) -> Option<[String; 3]> {
    let mut parts = key.split(|byte| *byte == 0).map(|part| String::from_utf8(part.to_vec()).ok());
    Some([parts.next()??, parts.next()??, parts.next()??])
}

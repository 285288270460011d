//! History decided again under a changed catalogue, on a copy in memory: who would differ, by how much, and why.
//!
//! The log is read once, and two ledgers live through it side by side. One takes every event as it is recorded. The
//! other gets the same commands from the same people at the same times, decides them by the changed catalogue, and
//! carries forward what its own decisions use of caps, rights, evidence, tallies and budget. Nothing is written.
//!
//! Invariant: a command that no longer fits the changed history is skipped and counted; it never ends the run.

mod changed; // the rules of the second ledger
mod names; // recoveries keep their names
mod trial; // the second ledger

mod came; // what an application came to
mod change; // how that differs
mod sums; // for whom, for what, from which money

mod book; // as a workbook
mod page; // as text
mod words; // as data, and sentences

pub use came::{Came, Ends};
pub use change::{Change, Kind};
pub use sums::{BudgetEffect, Effect};
pub use trial::Skipped;
pub use words::grouped;

use crate::{
    replay::{commands, take},
    report::Finding,
    source::Source,
    walk::hex,
};
use came::Record;
use grants_domain::state::MemoryState;
use grants_policy::{Catalogue, Library};
use std::sync::Arc;
use trial::Trial;

/// What a back-test found.
#[derive(Debug)]
pub struct Backtest {
    /// Events of the log.
    pub events: u64,
    /// Its root, as 64 hexadecimal digits: which history was decided again.
    pub root: String,
    /// Commands of the log.
    pub commands: u64,
    /// Applications in it, those that were refused at the door included.
    pub applications: u64,
    /// Every application that would have come to something else, by the sequence of its first command.
    pub changes: Vec<Change>,
    /// What it means for each enterprise that has a change.
    pub enterprises: Vec<Effect>,
    /// What it means for each measure that has a change.
    pub measures: Vec<Effect>,
    /// What it means for each budget line that is used otherwise.
    pub budget: Vec<BudgetEffect>,
    /// What stands at the end of the log together, in 分: as recorded, and as it would.
    pub stands: [i128; 2],
    /// Commands that no longer fit, by verb and reason.
    pub skipped: Vec<Skipped>,
    before: Library,
    after: Arc<Catalogue>,
}

/// Plays the whole log under a changed catalogue. `progress` hears how many events were read.
///
/// # Errors
/// What keeps the log from being read, or a history that contradicts itself as it is recorded.
pub fn backtest(
    source: &Source,
    catalogue: Arc<Catalogue>,
    progress: &mut dyn FnMut(u64),
) -> Result<Backtest, Finding> {
    let mut before = Library::new();
    let mut state = MemoryState::default();
    let (mut recorded, mut given) = (Record::default(), 0_u64);
    let mut trial: Option<Trial> = None;
    let read = commands(source, &mut |ledger, told| {
        let trial = trial.get_or_insert_with(|| Trial::new(ledger, Arc::clone(&catalogue)));
        // The changed ledger goes first: what it carries over from a command is measured against the state before it.
        trial.take(told, &state);
        take(&mut state, &mut before, told)?;
        recorded.note(told.asked.command(), &told.events, told.sequence);
        given = given.saturating_add(1);
        progress(told.sequence);
        Ok(true)
    })?;
    let (now, again, skipped) = trial.map(|trial| trial.end(&state)).unwrap_or_default();
    let then_ends = recorded.ends(&state);
    let now_ends = again.ends(&now);
    let changes = change::changes(&then_ends, &now_ends);
    let sums = sums::sums(&then_ends, &now_ends, &changes, &state);
    Ok(Backtest {
        events: read.events,
        root: hex(&read.root),
        commands: given,
        applications: u64::try_from(then_ends.len()).unwrap_or(u64::MAX),
        enterprises: sums.enterprises,
        measures: sums.measures,
        stands: sums.stands,
        budget: sums::budget(&state, &now),
        changes,
        skipped,
        before,
        after: catalogue,
    })
}

//! The clock of a simulated ledger: a script with one time per command, or a start on the command line.
//!
//! Times of the script that the log has passed are skipped, so that a run which goes on where another ended needs
//! no counter of its own.

use crate::failure::Failure;
use grants_domain::values::Timestamp;
use grants_ledger::{Clock, Fault};
use std::{
    collections::VecDeque,
    path::Path,
    sync::{Arc, OnceLock},
};

/// More than any story needs.
const SCRIPT_BYTES_MAX: u64 = 64 << 20;
/// Between two commands of a run that was given a start only.
const STEP_MICROS: i64 = 1_000_000;

/// When the last command of the log was recorded; told once the log was read.
pub(crate) type LogTime = Arc<OnceLock<Option<Timestamp>>>;

/// Reads a script: one time in each line, ascending.
pub(crate) fn read(path: &Path) -> Result<Vec<Timestamp>, Failure> {
    let wrong =
        |line: usize, id: &'static str| Failure::usage_of(id, &[("file", &path.display()), ("line", &line)]);
    let size =
        std::fs::metadata(path).map_err(|fault| Failure::usage(format!("{}: {fault}", path.display())))?;
    if SCRIPT_BYTES_MAX < size.len() {
        return Err(wrong(1, "program-script-size"));
    }
    let text = std::fs::read_to_string(path)
        .map_err(|fault| Failure::usage(format!("{}: {fault}", path.display())))?;
    let mut times: Vec<Timestamp> = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let number = place.saturating_add(1);
        let time = crate::cli::time(line.trim())
            .map_err(|fault| Failure::usage(format!("{}:{number}: {fault}", path.display())))?;
        if times.last().is_some_and(|last| time <= *last) {
            return Err(wrong(number, "program-script-order"));
        }
        times.push(time);
    }
    if times.is_empty() {
        return Err(wrong(1, "program-script-empty"));
    }
    Ok(times)
}

/// Plays a script after the end of the log.
pub(crate) struct Scripted {
    times: VecDeque<Timestamp>,
    log: LogTime,
    last: Option<Timestamp>,
}

impl Scripted {
    pub(crate) fn new(times: Vec<Timestamp>, log: LogTime) -> Self {
        Self { times: times.into(), log, last: None }
    }
}

impl Clock for Scripted {
    fn now(&mut self) -> Result<Timestamp, Fault> {
        let passed = self.log.get().copied().flatten();
        while let Some(time) = self.times.pop_front() {
            self.last = Some(time);
            if passed.is_none_or(|passed| passed < time) {
                break;
            }
        }
        self.last.ok_or_else(|| Fault::Clock("the script is empty".to_owned()))
    }
}

/// A clock that starts where the command line says.
pub(crate) fn stepping(start: Timestamp) -> grants_ledger::ScriptedClock {
    grants_ledger::ScriptedClock::stepping(start, STEP_MICROS)
}

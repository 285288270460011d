//! The clock of a simulated ledger: a script with one time per command, or a start on the command line.
//!
//! Times of the script that the log has passed are skipped, so that a run which goes on where another ended needs
//! no counter of its own.

use crate::failure::Failure;
use grants_domain::values::Timestamp;
use grants_ledger::{Clock, Fault, SystemClock};
use std::{
    collections::VecDeque,
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
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

/// The time of the next command, where whoever gives commands says it: it is set from outside while the clock runs.
#[derive(Clone, Default)]
pub(crate) struct ToldTime(Arc<Mutex<Option<grants_ledger::ScriptedClock>>>);

impl ToldTime {
    /// The time of the next command; each further one comes a second later.
    pub(crate) fn set(&self, start: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(stepping(start));
    }
}

impl Clock for ToldTime {
    fn now(&mut self) -> Result<Timestamp, Fault> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Before anybody has told: the microsecond after the last command.
        told.get_or_insert_with(|| grants_ledger::ScriptedClock::listed(Vec::new())).now()
    }
}

/// What says the time to a process that may come to write.
#[derive(Clone)]
pub(crate) enum Times {
    /// The machine.
    Machine,
    /// A script.
    Listed(Vec<Timestamp>),
    /// Whoever gives commands.
    Told(ToldTime),
}

impl Times {
    /// The clock of a writer that goes on behind a command recorded at `recorded`.
    pub(crate) fn clock(&self, recorded: Option<Timestamp>) -> Box<dyn Clock> {
        match self {
            Times::Machine => Box::new(SystemClock),
            Times::Listed(times) => {
                Box::new(Scripted::new(times.clone(), Arc::new(OnceLock::from(recorded))))
            }
            Times::Told(told) => Box::new(told.clone()),
        }
    }

    /// Where somebody can say the time, if anybody can.
    pub(crate) fn told(&self) -> Option<&ToldTime> {
        match self {
            Times::Told(told) => Some(told),
            Times::Machine | Times::Listed(_) => None,
        }
    }
}

/// A clock that starts where the command line says.
pub(crate) fn stepping(start: Timestamp) -> grants_ledger::ScriptedClock {
    grants_ledger::ScriptedClock::stepping(start, STEP_MICROS)
}

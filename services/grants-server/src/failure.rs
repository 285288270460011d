//! How a run ends badly: one line or more for a person, one object for a program, and an exit code.
//!
//! `1` something was refused or found wrong; `2` the command line or a file is wrong and nothing was done;
//! `3` the ledger failed, and what was not answered is unknown.

use std::{fmt::Display, process::ExitCode};

/// Why a run ended badly.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    lines: Vec<String>,
}

/// Something was refused or found wrong.
pub(crate) const FOUND: u8 = 1;
/// What was asked cannot be done; nothing was done.
pub(crate) const USAGE: u8 = 2;
/// The ledger failed.
pub(crate) const FAULT: u8 = 3;

impl Failure {
    /// What was asked cannot be done, and nothing was.
    pub(crate) fn usage(line: impl Display) -> Self {
        Self { code: USAGE, lines: vec![line.to_string()] }
    }

    /// Several places of a file are wrong; nothing was done.
    pub(crate) fn places(lines: Vec<String>) -> Self {
        Self { code: USAGE, lines }
    }

    /// Something was found wrong.
    pub(crate) fn found(lines: Vec<String>) -> Self {
        Self { code: FOUND, lines }
    }

    /// The ledger failed.
    pub(crate) fn fault(line: impl Display) -> Self {
        Self { code: FAULT, lines: vec![line.to_string()] }
    }

    /// Everything in one line.
    pub(crate) fn text(&self) -> String {
        self.lines.join("; ")
    }

    /// Says it on standard error; as JSON on standard output.
    pub(crate) fn tell(&self, json: bool) -> ExitCode {
        if json {
            println!("{}", serde_json::json!({ "failed": self.lines, "exit": self.code }));
        }
        for line in &self.lines {
            eprintln!("{line}");
        }
        ExitCode::from(self.code)
    }
}

macro_rules! faults {
    ($($error:ty),* $(,)?) => { $(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::fault(error)
            }
        }
    )* };
}
faults!(
    grants_ledger::OpenError,
    grants_ledger::QueryError,
    grants_ledger::ReadOnlyError,
    grants_ledger::Fault,
    grants_ledger::LayoutError,
    grants_ledger::vault::VaultFault,
    grants_eventlog::ReadError,
    grants_eventlog::CheckpointError,
    grants_eventlog::BundleError,
    std::io::Error,
);

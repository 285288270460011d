//! How a run ends badly: one line or more for a person, one object for a program, and an exit code.
//!
//! `1` something was refused or found wrong; `2` the command line or a file is wrong and nothing was done;
//! `3` the ledger failed, and what was not answered is unknown.

use grants_files::Texts;
use std::{fmt::Display, process::ExitCode};

/// Why a run ended badly.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    lines: Vec<Line>,
    in_use: bool,
}

/// A line for a person. Where it is known what is wrong, the language need not be known: the words are looked up when
/// the line is told.
#[derive(Debug)]
enum Line {
    Said(String),
    Message { id: &'static str, args: Vec<(&'static str, String)> },
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
        Self::of(USAGE, [line.to_string()])
    }

    /// Several places of a file are wrong; nothing was done.
    pub(crate) fn places(lines: Vec<String>) -> Self {
        Self::of(USAGE, lines)
    }

    /// Something was found wrong.
    pub(crate) fn found(lines: Vec<String>) -> Self {
        Self::of(FOUND, lines)
    }

    /// The ledger failed.
    pub(crate) fn fault(line: impl Display) -> Self {
        Self::of(FAULT, [line.to_string()])
    }

    /// What was asked cannot be done, in the words of the catalogue.
    pub(crate) fn usage_of(id: &'static str, args: &[(&'static str, &dyn Display)]) -> Self {
        Self { code: USAGE, lines: vec![Line::message(id, args)], in_use: false }
    }

    /// The ledger failed, in the words of the catalogue.
    pub(crate) fn fault_of(id: &'static str, args: &[(&'static str, &dyn Display)]) -> Self {
        Self { code: FAULT, lines: vec![Line::message(id, args)], in_use: false }
    }

    /// Whether another process writes the ledger: it may be free later.
    pub(crate) fn is_in_use(&self) -> bool {
        self.in_use
    }

    fn of(code: u8, lines: impl IntoIterator<Item = String>) -> Self {
        Self { code, lines: lines.into_iter().map(Line::Said).collect(), in_use: false }
    }

    fn lines(&self, texts: &Texts) -> Vec<String> {
        self.lines.iter().map(|line| line.text(texts)).collect()
    }

    /// Everything in one line.
    pub(crate) fn text(&self, texts: &Texts) -> String {
        self.lines(texts).join("; ")
    }

    /// Says it on standard error; as JSON on standard output.
    pub(crate) fn tell(&self, texts: &Texts, json: bool) -> ExitCode {
        let lines = self.lines(texts);
        if json {
            println!("{}", serde_json::json!({ "failed": lines, "exit": self.code }));
        }
        for line in &lines {
            eprintln!("{line}");
        }
        ExitCode::from(self.code)
    }
}

impl Line {
    fn message(id: &'static str, args: &[(&'static str, &dyn Display)]) -> Self {
        Self::Message { id, args: args.iter().map(|(name, value)| (*name, value.to_string())).collect() }
    }

    fn text(&self, texts: &Texts) -> String {
        match self {
            Self::Said(line) => line.clone(),
            Self::Message { id, args } => {
                let args: Vec<(&str, &str)> =
                    args.iter().map(|(name, value)| (*name, value.as_str())).collect();
                texts.get(id, &args)
            }
        }
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
    grants_ledger::PositionError,
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

impl From<grants_ledger::OpenError> for Failure {
    fn from(error: grants_ledger::OpenError) -> Self {
        use grants_ledger::{OpenError, StoreError};
        let in_use = matches!(
            error,
            OpenError::Log(grants_eventlog::OpenError::InUse(_)) | OpenError::Store(StoreError::InUse(_))
        );
        Self { in_use, ..Self::fault(error) }
    }
}

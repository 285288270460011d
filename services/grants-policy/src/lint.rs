//! What must be right before a catalogue is published: it compiles, every value is dated and covers the term,
//! every limit says whose and how long, every sentence can be said, and every worked case holds.

mod answers;
mod counties;
mod coverage;
mod limits;
mod scopes;
mod sentences;
mod values;

use crate::{Catalogue, cases, pack};
use std::{collections::BTreeMap, fmt};

/// Something that is wrong with a catalogue.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file.
    pub file: String,
    /// The line, where it is known.
    pub line: Option<usize>,
    /// The rule, value or key that it is about.
    pub rule: String,
    /// What is wrong.
    pub message: String,
}

impl Finding {
    /// A finding whose line is not known yet.
    pub(crate) fn new(file: &str, rule: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, rule: rule.to_owned(), message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(out, "{}:{line}: {}: {}", self.file, self.rule, self.message),
            None => write!(out, "{}: {}: {}", self.file, self.rule, self.message),
        }
    }
}

/// Everything that is wrong with these files, for those who write them: what keeps them from being published, and
/// answers of interpretations that no worked case shows.
#[must_use]
pub fn lint(files: &BTreeMap<String, String>) -> Vec<Finding> {
    let (mut findings, catalogue) = admitted(files);
    if let Some(catalogue) = catalogue.filter(|_| findings.is_empty()) {
        answers::check(&catalogue, &mut findings);
        counties::check(&catalogue, &mut findings);
        scopes::check(&catalogue, &mut findings);
        locate(files, &mut findings);
    }
    findings
}

/// What keeps these files from being published; nothing if they may be. A ledger asks this again whenever it is decided
/// anew, so what was once admitted is admitted for ever: a check that is added later belongs to [`lint`] alone.
#[must_use]
pub fn admission(files: &BTreeMap<String, String>) -> Vec<Finding> {
    admitted(files).0
}

/// The same, with the catalogue if the files make one.
fn admitted(files: &BTreeMap<String, String>) -> (Vec<Finding>, Option<Catalogue>) {
    let mut findings = packable(files);
    let compiled = Catalogue::compile(files);
    match &compiled {
        Err(found) => findings.extend_from_slice(found),
        Ok(catalogue) => {
            values::check(catalogue, &mut findings);
            limits::check(catalogue, &mut findings);
            sentences::check(catalogue, &mut findings);
            // A case of a catalogue that is wrong elsewhere would only say so a second time.
            if findings.is_empty() {
                for measure in catalogue.measures() {
                    let reached = cases::play(catalogue, measure, &mut findings);
                    coverage::check(measure, &reached, &mut findings);
                }
            }
        }
    }
    locate(files, &mut findings);
    (findings, compiled.ok())
}

fn packable(files: &BTreeMap<String, String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for path in files.keys().filter(|path| !pack::is_path(path)) {
        findings.push(Finding::new(path, "file", "the path has letters that a packed catalogue cannot have"));
    }
    if findings.is_empty()
        && let Err(fault) = pack::unpack(&pack::pack(files))
    {
        findings.push(Finding::new("catalogue", "size", fault.to_string()));
    }
    findings
}

/// Finds the lines of findings that have none: where the rule is defined, else the first line that names it.
pub(crate) fn locate(files: &BTreeMap<String, String>, findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| finding.line.is_none()) {
        let Some(text) = files.get(&finding.file) else {
            continue;
        };
        let in_document = finding.file.starts_with("documents/");
        let part = finding.rule.rsplit('.').next().filter(|_| in_document && !text.contains(&finding.rule));
        let rule = part.unwrap_or(&finding.rule);
        let quoted = format!("\"{rule}\"");
        let tables = [format!("[{rule}]"), format!(".{rule}]")];
        let keys = ["id", "rule", "name"].map(|key| format!("{key} = {quoted}"));
        let defines = |line: &str| {
            let line = line.trim_end();
            keys.iter().any(|key| line == key) || tables.iter().any(|table| line.ends_with(table))
        };
        let names = |line: &str| line.contains(&quoted) || line.starts_with(&format!("{rule} = "));
        let place = text.lines().position(defines).or_else(|| text.lines().position(names));
        finding.line = place.map(|place| place.saturating_add(1));
    }
}

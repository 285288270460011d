//! The whole check: bytes, signatures, growth, envelopes, books, and every decision again.

use crate::{
    books::Books,
    code::Code,
    commands::{Gatherer, Told},
    digest,
    note::{self, Checkpoint, Key},
    redecide::Court,
    report::{Finding, Report, Signed},
    source::{Promised, Source},
    tree::Hash,
    walk::{Events, Walk, hex},
};
use grants_domain::{ids::LedgerId, rules::Rules};
use grants_eventlog::ReadError;

pub use crate::redecide::keep_contradictions_quiet;

/// What the log is compared with, beside itself.
#[derive(Clone, Debug, Default)]
pub struct Against {
    /// The operator's key, got on another way than the log. Without it no signature is trusted.
    pub key: Option<Key>,
    /// An earlier checkpoint, kept from the last audit.
    pub since: Option<String>,
}

/// How far the check has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Events read.
    pub events: u64,
    /// Findings so far.
    pub findings: usize,
}

/// Checks a log from its first byte to its last.
///
/// # Errors
/// The log cannot be asked for its length; everything else that is wrong is a finding.
pub fn verify(
    source: &Source,
    rules: &mut dyn Rules,
    against: &Against,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, ReadError> {
    let mut report = Report::default();
    if let (None, Some(key)) = (&source.checkpoint, &against.key) {
        // Whoever removes the signed note must not pass for one who never signed.
        let (code, at) = (Code::CheckpointMissing, "checkpoint".to_owned());
        let (recorded, expected) = ("nothing".to_owned(), format!("a signature of {}", key.name()));
        report.add(Finding { code, sequence: None, at, recorded, expected });
    }
    let signed = source.checkpoint.as_deref().and_then(|note| open(note, against, "checkpoint", &mut report));
    let since =
        against.since.as_deref().and_then(|note| open(note, against, "earlier checkpoint", &mut report));
    let sizes = [&signed, &since].into_iter().flatten().map(|one| one.size);
    let mut walk = Walk::new(&*source.reader, sizes)?;
    let mut check: Option<Check<'_>> = None;
    let mut rules = Some(rules);
    loop {
        match walk.next() {
            Ok(None) => break,
            Ok(Some(events)) => {
                if let (None, Some(ledger), Some(rules)) = (&check, walk.ledger(), rules.take()) {
                    check = Some(Check::new(LedgerId(ledger.0), rules));
                }
                if let Some(check) = &mut check {
                    check.take(&events, &mut report);
                }
            }
            Err(finding) => {
                report.add(finding);
                break;
            }
        }
        progress(Progress { events: walk.tree().size(), findings: report.findings.len() });
    }
    close(&mut report, &walk, source.promised.as_ref(), (signed.as_ref(), since.as_ref()));
    let trusted = against.key.is_some();
    report.signed = signed.map(|one| Signed { origin: one.origin, size: one.size, trusted });
    report.since = since.map(|one| Signed { origin: one.origin, size: one.size, trusted });
    if let Some(check) = check {
        check.end(&walk, &mut report);
    }
    Ok(report)
}

/// Reads a note; what is wrong with it is a finding.
fn open(note: &str, against: &Against, at: &str, report: &mut Report) -> Option<Checkpoint> {
    let read = match &against.key {
        Some(key) => note::verify(note, key),
        None => note::read(note),
    };
    let add = |report: &mut Report, code, recorded: String, expected: &str| {
        report.add(Finding {
            code,
            sequence: None,
            at: at.to_owned(),
            recorded,
            expected: expected.to_owned(),
        });
    };
    match read {
        Ok(checkpoint) => {
            if let Some(key) = against.key.as_ref().filter(|key| key.name() != checkpoint.origin) {
                add(report, Code::CheckpointForeign, checkpoint.origin.clone(), key.name());
            }
            Some(checkpoint)
        }
        Err(fault @ (note::NoteError::Unsigned(_) | note::NoteError::BadSignature(_))) => {
            let key = against.key.as_ref().map_or("", Key::name);
            add(report, Code::CheckpointSignature, fault.to_string(), &format!("a signature of {key}"));
            // What it says is still compared with the log, because a difference there says more.
            note::read(note).ok()
        }
        Err(fault @ (note::NoteError::Malformed(_) | note::NoteError::Key(_))) => {
            add(report, Code::CheckpointUnreadable, fault.to_string(), "a signed checkpoint");
            None
        }
    }
}

/// Compares the whole with what was promised and signed.
fn close(
    report: &mut Report,
    walk: &Walk<'_>,
    promised: Option<&Promised>,
    (signed, since): (Option<&Checkpoint>, Option<&Checkpoint>),
) {
    let (events, root) = (walk.tree().size(), walk.tree().root());
    report.ledger = walk.ledger().map(|ledger| ledger.to_string()).unwrap_or_default();
    (report.batches, report.events, report.root) = (walk.batches(), events, hex(&root));
    if let Some(promised) = promised {
        let found = format!("{} {} {events} {}", report.ledger, report.batches, hex(&root));
        let meant =
            format!("{} {} {} {}", promised.ledger, promised.batches, promised.events, hex(&promised.root));
        if found != meant {
            let at = "ledger, batches, events, root".to_owned();
            let code = Code::ManifestDiffers;
            report.add(Finding { code, sequence: None, at, recorded: meant, expected: found });
        }
    }
    if let Some(signed) = signed {
        standing(report, walk, signed, Code::CheckpointRoot);
    }
    if let Some(since) = since {
        standing(report, walk, since, Code::GrowthBroken);
        if let Some(signed) = signed.filter(|signed| signed.origin != since.origin) {
            let (recorded, expected) = (signed.origin.clone(), since.origin.clone());
            let at = "origin".to_owned();
            report.add(Finding { code: Code::CheckpointForeign, sequence: None, at, recorded, expected });
        }
    }
}

/// A checkpoint stands if the log, cut to its size, has its root.
fn standing(report: &mut Report, walk: &Walk<'_>, checkpoint: &Checkpoint, code: Code) {
    let Checkpoint { size, root, .. } = checkpoint;
    let at = format!("root of {size} events");
    match walk.root_at(*size) {
        Some(found) if found == *root => {}
        Some(found) => {
            let first = size.checked_sub(1);
            report.add(Finding { code, sequence: first, at, recorded: hex(&found), expected: hex(root) });
        }
        None => report.add(Finding {
            code: Code::CheckpointBeyond,
            sequence: Some(walk.tree().size()),
            at: "events".to_owned(),
            recorded: walk.tree().size().to_string(),
            expected: format!("at least {size}"),
        }),
    }
}

/// The checks of one ledger that read what events say.
struct Check<'r> {
    gatherer: Gatherer,
    books: Books,
    court: Court<'r>,
    stopped: bool,
}

impl<'r> Check<'r> {
    fn new(ledger: LedgerId, rules: &'r mut dyn Rules) -> Self {
        let (gatherer, court) = (Gatherer::new(ledger), Court::new(ledger, rules));
        Self { gatherer, books: Books::default(), court, stopped: false }
    }

    fn take(&mut self, events: &Events, report: &mut Report) {
        if self.stopped {
            return;
        }
        let gathered = self.gatherer.take(events);
        gathered.findings.into_iter().for_each(|finding| report.add(finding));
        for told in &gathered.commands {
            // The last command of a broken batch may lack events.
            let whole = gathered.broken_at.is_none() || !std::ptr::eq(told, last(&gathered.commands, told));
            if !whole || !self.command(told, report) {
                self.stop(told.sequence, report);
                return;
            }
        }
        if let Some(sequence) = gathered.broken_at {
            self.stop(sequence, report);
        }
    }

    fn stop(&mut self, sequence: u64, report: &mut Report) {
        self.stopped = true;
        report.stopped_at = Some(sequence);
    }

    /// Checks one command; `false` if what follows cannot be decided again.
    fn command(&mut self, told: &Told, report: &mut Report) -> bool {
        report.commands = report.commands.saturating_add(1);
        let verdict = self.court.judge(told);
        // The books speak first: they name the rule.
        let mut found = self.books.enter(told);
        found.extend(verdict.findings);
        found.sort_by_key(|finding| (finding.sequence, finding.code));
        found.into_iter().for_each(|finding| report.add(finding));
        report.decided_again = report.decided_again.saturating_add(u64::from(verdict.same));
        verdict.goes_on
    }

    fn end(self, walk: &Walk<'_>, report: &mut Report) {
        let (events, root): (u64, Hash) = (walk.tree().size(), walk.tree().root());
        let last = self.gatherer.last_time();
        report.state_digest = (!self.stopped).then(|| digest::digest(self.court.state(), events, root, last));
    }
}

fn last<'a>(commands: &'a [Told], or: &'a Told) -> &'a Told {
    commands.last().unwrap_or(or)
}

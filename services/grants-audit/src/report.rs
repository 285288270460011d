//! What an audit found, for people in two languages and for programs as JSON.

use crate::code::Code;
use grants_domain::values::Sha256Hex;
use grants_files::Texts;
use serde::Serialize;

/// Findings that are kept with their text; later ones are only counted.
pub const FINDINGS_MAX: usize = 100;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What.
    pub code: Code,
    /// The first event it is about; `None` if it is about the whole log.
    pub sequence: Option<u64>,
    /// Which value: a path such as `award.proposed.amount`, or what was looked at.
    pub at: String,
    /// What the log says.
    pub recorded: String,
    /// What it should say.
    pub expected: String,
}

/// How far somebody's signature reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signed {
    /// The log's name in the checkpoint.
    pub origin: String,
    /// How many events it covers.
    pub size: u64,
    /// Whether a given key has signed it. Without a key the checkpoint proves integrity only.
    pub trusted: bool,
}

/// The whole result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The ledger, as 32 hexadecimal digits.
    pub ledger: String,
    /// Batches read.
    pub batches: u64,
    /// Events read.
    pub events: u64,
    /// Root over them, as 64 hexadecimal digits.
    pub root: String,
    /// The checkpoint that came with the log.
    pub signed: Option<Signed>,
    /// The earlier checkpoint that the log was compared with.
    pub since: Option<Signed>,
    /// Commands read.
    pub commands: u64,
    /// Commands that were decided again with the same events.
    pub decided_again: u64,
    /// Where deciding again had to stop, because what follows rests on a contradiction.
    pub stopped_at: Option<u64>,
    /// Number of the state after the last event, to compare with the ledger's own. `None` after a stop.
    pub state_digest: Option<Sha256Hex>,
    /// What is wrong, in the order of the log.
    pub findings: Vec<Finding>,
    /// Findings beyond [`FINDINGS_MAX`].
    pub more_findings: u64,
}

impl Finding {
    /// The sentence for people.
    #[must_use]
    pub fn sentence(&self, texts: &Texts) -> String {
        let Self { code, at, recorded, expected, .. } = self;
        let place = match self.sequence {
            None => texts.get("audit-place-log", &[]),
            Some(sequence) => texts.get("audit-place-event", &[("sequence", &sequence.to_string())]),
        };
        let id = if decided_again(*code) { "audit-finding-decided" } else { "audit-finding" };
        let text = code.sentence(texts);
        let args = [("place", place.as_str()), ("code", code.word()), ("text", &text)];
        let values = [("at", at.as_str()), ("recorded", recorded), ("expected", expected)];
        texts.get(id, &[args, values].concat())
    }
}

const fn decided_again(code: Code) -> bool {
    matches!(code, Code::OutcomeDiffers | Code::EventDiffers | Code::EventMissing | Code::EventSurplus)
}

impl Report {
    /// 0 if nothing is wrong, 1 if something is. (2 is for what could not be checked at all.)
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        u8::from(!self.findings.is_empty())
    }

    /// Adds a finding, or counts it.
    pub(crate) fn add(&mut self, finding: Finding) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        } else {
            self.more_findings = self.more_findings.saturating_add(1);
        }
    }

    /// The report for people.
    #[must_use]
    pub fn text(&self, texts: &Texts) -> String {
        let number = |id: &str, name: &str, value: u64| texts.get(id, &[(name, &value.to_string())]);
        let mut lines: Vec<String> = self.findings.iter().map(|finding| finding.sentence(texts)).collect();
        if 0 < self.more_findings {
            lines.push(number("audit-more", "count", self.more_findings));
        }
        let signed = match &self.signed {
            Some(Signed { size, trusted: true, .. }) => number("audit-signed", "size", *size),
            Some(Signed { size, trusted: false, .. }) => number("audit-untrusted", "size", *size),
            None => texts.get("audit-unsigned", &[]),
        };
        let events = self.events.to_string();
        let args = [("ledger", self.ledger.as_str()), ("signed", &signed), ("events", &events)];
        lines.push(texts.get("audit-ledger", &args));
        lines.extend(self.since.as_ref().map(|since| number("audit-since", "size", since.size)));
        let [batches, commands, again] =
            [self.batches, self.commands, self.decided_again].map(|count| count.to_string());
        let args = [("batches", batches.as_str()), ("commands", &commands), ("again", &again)];
        lines.push(texts.get("audit-counts", &args));
        lines.push(texts.get("audit-root", &[("root", &self.root)]));
        lines.extend(self.stopped_at.map(|stopped| number("audit-stopped", "sequence", stopped)));
        let state = |digest: &Sha256Hex| texts.get("audit-state", &[("digest", &digest.to_string())]);
        lines.extend(self.state_digest.as_ref().map(state));
        lines.push(texts.get(if self.findings.is_empty() { "audit-ok" } else { "audit-not-ok" }, &[]));
        lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

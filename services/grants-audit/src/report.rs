//! What an audit found, for people in two languages and for programs as JSON.

use crate::code::Code;
use grants_domain::values::Sha256Hex;
use serde::Serialize;
use std::fmt::Write;

/// Findings that are kept with their text; later ones are only counted.
pub const FINDINGS_MAX: usize = 100;

/// The language of sentences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// 中文.
    #[default]
    Chinese,
    /// English.
    English,
}

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
    pub fn sentence(&self, language: Language) -> String {
        let Self { code, at, recorded, expected, .. } = self;
        match language {
            Language::English => {
                let place =
                    self.sequence.map_or_else(|| "log".to_owned(), |sequence| format!("event {sequence}"));
                let meant = if decided_again(*code) { "decided" } else { "expected" };
                format!(
                    "{place}: {}: {}: {at} recorded {recorded}, {meant} {expected}",
                    code.word(),
                    code.english()
                )
            }
            Language::Chinese => {
                let place =
                    self.sequence.map_or_else(|| "日志".to_owned(), |sequence| format!("事件 {sequence}"));
                let meant = if decided_again(*code) { "重新核定为" } else { "应为" };
                format!(
                    "{place}：{}：{}：{at} 记录为 {recorded}，{meant} {expected}",
                    code.word(),
                    code.chinese()
                )
            }
        }
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
    pub fn text(&self, language: Language) -> String {
        let mut out = String::new();
        for finding in &self.findings {
            line(&mut out, &finding.sentence(language));
        }
        match language {
            Language::English => self.english(&mut out),
            Language::Chinese => self.chinese(&mut out),
        }
        out
    }

    fn english(&self, out: &mut String) {
        if 0 < self.more_findings {
            line(out, &format!("and {} more findings", self.more_findings));
        }
        let signed = match &self.signed {
            Some(Signed { size, trusted: true, .. }) => format!("signed to {size}"),
            Some(Signed { size, trusted: false, .. }) => {
                format!("checkpoint of {size} events (integrity only, signer not trusted)")
            }
            None => "no checkpoint (integrity only, signer not trusted)".to_owned(),
        };
        line(out, &format!("ledger {}: {signed}, read to {}", self.ledger, self.events));
        if let Some(since) = &self.since {
            line(out, &format!("compared with the earlier checkpoint of {} events", since.size));
        }
        let Self { commands, decided_again, batches, root, .. } = self;
        line(
            out,
            &format!(
                "{batches} batches, {commands} commands, {decided_again} decided again with the same events"
            ),
        );
        line(out, &format!("root {root}"));
        if let Some(stopped) = self.stopped_at {
            line(
                out,
                &format!("what follows event {stopped} was not decided again: it rests on a contradiction"),
            );
        }
        if let Some(digest) = self.state_digest {
            line(out, &format!("state {digest}"));
        }
        line(out, if self.findings.is_empty() { "OK" } else { "NOT OK" });
    }

    fn chinese(&self, out: &mut String) {
        if 0 < self.more_findings {
            line(out, &format!("另有 {} 项问题", self.more_findings));
        }
        let signed = match &self.signed {
            Some(Signed { size, trusted: true, .. }) => format!("已签名至 {size}"),
            Some(Signed { size, trusted: false, .. }) => {
                format!("检查点含 {size} 个事件（仅验证完整性，签名人未经信任）")
            }
            None => "无检查点（仅验证完整性，签名人未经信任）".to_owned(),
        };
        line(out, &format!("账本 {}：{signed}，已读至 {}", self.ledger, self.events));
        if let Some(since) = &self.since {
            line(out, &format!("已与先前含 {} 个事件的检查点比对", since.size));
        }
        let Self { commands, decided_again, batches, root, .. } = self;
        line(out, &format!("{batches} 个批次，{commands} 个命令，{decided_again} 个重新核定结果一致"));
        line(out, &format!("根 {root}"));
        if let Some(stopped) = self.stopped_at {
            line(out, &format!("事件 {stopped} 之后未重新核定：其依据自相矛盾"));
        }
        if let Some(digest) = self.state_digest {
            line(out, &format!("状态 {digest}"));
        }
        line(out, if self.findings.is_empty() { "通过" } else { "未通过" });
    }
}

fn line(out: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{text}");
}

//! Puts envelopes together to commands: the first carries the command and who gave it, the rest follow it.

use crate::{code::Code, report::Finding, walk::Events};
use grants_domain::{
    asked::Asked,
    commands::{COMMAND_BYTES_MAX, COMMAND_ENCODING},
    context::Actor,
    events::Event,
    ids::LedgerId,
    record::{ENVELOPE_BYTES_MAX, Envelope, Given},
    values::{CommandId, Timestamp},
    wire::Message,
};

/// One command as the log tells it.
pub(crate) struct Told {
    pub(crate) sequence: u64,
    pub(crate) recorded_at: Timestamp,
    pub(crate) version: u32,
    pub(crate) id: CommandId,
    pub(crate) actor: Actor,
    pub(crate) asked: Asked,
    pub(crate) events: Vec<Event>,
}

/// What came of a batch.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(crate) commands: Vec<Told>,
    pub(crate) findings: Vec<Finding>,
    /// The first event that belongs to no command; nothing behind it can be decided again.
    pub(crate) broken_at: Option<u64>,
}

/// Follows the log from envelope to envelope.
pub(crate) struct Gatherer {
    ledger: LedgerId,
    last: Option<(Timestamp, CommandId)>,
}

impl Gatherer {
    /// Starts before the first event of a ledger.
    pub(crate) fn new(ledger: LedgerId) -> Self {
        Self { ledger, last: None }
    }

    /// The time of the last command.
    pub(crate) fn last_time(&self) -> Option<Timestamp> {
        self.last.map(|(time, _)| time)
    }

    /// Takes the events of one batch.
    pub(crate) fn take(&mut self, batch: &Events) -> Gathered {
        let mut gathered = Gathered::default();
        for (sequence, bytes) in (batch.first..).zip(&batch.envelopes) {
            let taken = self.envelope(sequence, bytes, &mut gathered);
            if let Err(finding) = taken {
                gathered.findings.push(finding);
                gathered.broken_at = Some(sequence);
                break;
            }
        }
        gathered
    }

    fn envelope(&mut self, sequence: u64, bytes: &[u8], gathered: &mut Gathered) -> Result<(), Finding> {
        let read = Envelope::decode(bytes);
        let envelope = read.map_err(|fault| Finding {
            code: Code::EnvelopeUnreadable,
            sequence: Some(sequence),
            at: "envelope".to_owned(),
            recorded: fault.to_string(),
            expected: "an event that this program knows".to_owned(),
        })?;
        let find = |code, at: &str, recorded: String, expected: String| {
            finding(code, sequence, at, recorded, expected)
        };
        if ENVELOPE_BYTES_MAX < bytes.len() {
            let limit = format!("at most {ENVELOPE_BYTES_MAX}");
            gathered.findings.push(find(
                Code::CommandTooLarge,
                "bytes of the envelope",
                bytes.len().to_string(),
                limit,
            ));
        }
        if envelope.ledger != self.ledger {
            let (found, own) = (envelope.ledger.to_string(), self.ledger.to_string());
            gathered.findings.push(find(Code::LedgerForeign, "ledger", found, own));
        }
        if envelope.sequence != sequence {
            let found = envelope.sequence.to_string();
            gathered.findings.push(find(Code::SequenceWrong, "sequence", found, sequence.to_string()));
        }
        if envelope.actor.is_some() || envelope.given.is_some() {
            self.begins(sequence, envelope, gathered)
        } else {
            self.follows(sequence, envelope, gathered)
        }
    }

    /// An envelope that carries a command.
    fn begins(&mut self, sequence: u64, envelope: Envelope, gathered: &mut Gathered) -> Result<(), Finding> {
        let Envelope { command_id: id, recorded_at, version, event, actor, given, .. } = envelope;
        if let Some(open) = gathered.commands.last_mut().filter(|open| open.id == id) {
            open.events.push(event);
            let (found, own) = (id.to_string(), "only in the first event".to_owned());
            gathered.findings.push(finding(Code::CommandSurplus, sequence, "given", found, own));
            return Ok(());
        }
        let (Some(actor), Some(Given { encoding, command })) = (actor, given) else {
            let found = "one of actor and command".to_owned();
            return Err(finding(Code::CommandMissing, sequence, "given", found, "both".to_owned()));
        };
        if encoding != COMMAND_ENCODING {
            let (found, own) = (encoding.to_string(), COMMAND_ENCODING.to_string());
            return Err(finding(Code::CommandEncoding, sequence, "given.encoding", found, own));
        }
        let asked = Asked::of(command);
        let bytes = asked.bytes().len();
        if COMMAND_BYTES_MAX < bytes {
            let limit = format!("at most {COMMAND_BYTES_MAX}");
            let found =
                finding(Code::CommandTooLarge, sequence, "bytes of the command", bytes.to_string(), limit);
            gathered.findings.push(found);
        }
        if let Some((last, _)) = self.last.filter(|(last, _)| recorded_at <= *last) {
            let (found, own) = (recorded_at.to_string(), format!("later than {last}"));
            gathered.findings.push(finding(Code::TimeNotLater, sequence, "recorded_at", found, own));
        }
        self.last = Some((recorded_at, id));
        gathered.commands.push(Told {
            sequence,
            recorded_at,
            version,
            id,
            actor,
            asked,
            events: vec![event],
        });
        Ok(())
    }

    /// An envelope that belongs to the command before it.
    fn follows(&self, sequence: u64, envelope: Envelope, gathered: &mut Gathered) -> Result<(), Finding> {
        let Envelope { command_id: id, recorded_at, version, event, .. } = envelope;
        let Some(open) = gathered.commands.last_mut() else {
            let split = self.last.is_some_and(|(_, last)| last == id);
            let code = if split { Code::CommandSplit } else { Code::CommandMissing };
            return Err(finding(code, sequence, "given", "nothing".to_owned(), "the command".to_owned()));
        };
        if open.id != id {
            let (found, own) = (id.to_string(), open.id.to_string());
            return Err(finding(Code::CommandForeign, sequence, "command_id", found, own));
        }
        if open.recorded_at != recorded_at {
            let (found, own) = (recorded_at.to_string(), open.recorded_at.to_string());
            gathered.findings.push(finding(Code::TimeDiffers, sequence, "recorded_at", found, own));
        }
        if open.version != version {
            let (found, own) = (version.to_string(), open.version.to_string());
            gathered.findings.push(finding(Code::VersionWrong, sequence, "version", found, own));
        }
        open.events.push(event);
        Ok(())
    }
}

/// A finding about one event.
pub(crate) fn finding(code: Code, sequence: u64, at: &str, recorded: String, expected: String) -> Finding {
    Finding { code, sequence: Some(sequence), at: at.to_owned(), recorded, expected }
}

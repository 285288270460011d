//! Folds what the log tells into the state, without deciding anything again.

use grants_domain::{
    asked::command_hash,
    commands::COMMAND_ENCODING,
    events::Event,
    ledger::{Told, replay},
    record::Envelope,
    rules::Rules,
    values::{CommandId, Sha256Hex, Timestamp},
    wire::Message,
};
use grants_eventlog::{Batch, Halt, Judge, LogReader, ReadError};

use crate::{
    fault::{Fault, FaultLatch},
    store::{Position, StateStore},
    view::ReadThrough,
};

/// How many bytes of batches are read at once.
const READ_BYTES: usize = 8 << 20;

/// Why the log could not be folded.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// A batch is not valid.
    #[error(transparent)]
    Halt(#[from] Halt),
    /// A batch cannot be read.
    #[error("at sequence {sequence}: {fault}")]
    Read {
        /// The first sequence that cannot be read.
        sequence: u64,
        /// Why.
        fault: ReadError,
    },
    /// A record is sound, but says what no ledger of this program writes.
    #[error("record {sequence} cannot be folded: {cause}")]
    Record {
        /// Its sequence.
        sequence: u64,
        /// What is wrong.
        cause: String,
    },
    /// The state could not be read or written.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// How much was folded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Batches, control records included.
    pub batches: u64,
    /// Events.
    pub events: u64,
}

/// One command, gathered from its envelopes.
struct Gathered {
    command: CommandId,
    hash: Sha256Hex,
    sequence: u64,
    recorded_at: Timestamp,
    events: Vec<Event>,
}

/// Folds everything from `position` to `end_batch` (exclusive) and gives the new position.
pub(crate) fn fold(
    log: &dyn LogReader,
    end_batch: u64,
    store: &StateStore,
    view: &mut ReadThrough,
    rules: &mut dyn Rules,
    position: Position,
) -> Result<(Position, Replayed), ReplayError> {
    let mut keep = |view: &mut ReadThrough, position: &Position, events: u64| {
        let (turn, rows) = view.seal();
        store.write(&rows, position, events)?;
        view.written(turn);
        Ok(())
    };
    fold_and(log, end_batch, store.latch(), view, rules, position, &mut keep)
}

/// The same for a state that is only looked at: what is folded stays in the view.
pub(crate) fn fold_in_view(
    log: &dyn LogReader,
    end_batch: u64,
    latch: &FaultLatch,
    view: &mut ReadThrough,
    rules: &mut dyn Rules,
    position: Position,
) -> Result<(Position, Replayed), ReplayError> {
    fold_and(log, end_batch, latch, view, rules, position, &mut |_, _, _| Ok(()))
}

/// What becomes of a batch that was folded into the view.
type Keep<'a> = &'a mut dyn FnMut(&mut ReadThrough, &Position, u64) -> Result<(), Fault>;

fn fold_and(
    log: &dyn LogReader,
    end_batch: u64,
    latch: &FaultLatch,
    view: &mut ReadThrough,
    rules: &mut dyn Rules,
    mut position: Position,
    keep: Keep<'_>,
) -> Result<(Position, Replayed), ReplayError> {
    let mut judge = Judge::new(position.head.clone());
    let mut replayed = Replayed::default();
    while position.head.next_batch() < end_batch {
        let sequence = position.head.next_sequence();
        let batches = log
            .read(position.head.next_batch(), READ_BYTES)
            .map_err(|fault| ReplayError::Read { sequence, fault })?;
        for bytes in batches {
            let before = position.head.next_sequence();
            position.head = judge.accept(&bytes)?;
            position.recorded_at = fold_batch(&bytes, before, position.clone(), view, rules)?;
            latch.check()?;
            let events = position.head.next_sequence() - before;
            keep(view, &position, events)?;
            replayed = Replayed { batches: replayed.batches + 1, events: replayed.events + events };
        }
    }
    Ok((position, replayed))
}

/// Folds one batch that has been judged; gives the last recorded time after it.
fn fold_batch(
    bytes: &[u8],
    first_sequence: u64,
    position: Position,
    view: &mut ReadThrough,
    rules: &mut dyn Rules,
) -> Result<Option<Timestamp>, ReplayError> {
    let fail = |sequence| move |cause: String| ReplayError::Record { sequence, cause };
    let batch = Batch::decode(bytes).map_err(|fault| fail(first_sequence)(fault.to_string()))?;
    let mut last = position.recorded_at;
    let mut open: Option<Gathered> = None;
    for (sequence, event) in (first_sequence..).zip(batch.events()) {
        let envelope = Envelope::decode(event).map_err(|fault| fail(sequence)(fault.to_string()))?;
        check_place(&envelope, sequence, &position).map_err(fail(sequence))?;
        if envelope.given.is_some() {
            if let Some(gathered) = open.take() {
                gathered.fold(view, rules);
            }
            let gathered = Gathered::begin(envelope, last).map_err(fail(sequence))?;
            last = Some(gathered.recorded_at);
            open = Some(gathered);
        } else {
            let gathered = open.as_mut().ok_or_else(|| "its command is not in this batch".to_owned());
            gathered.and_then(|gathered| gathered.go_on(envelope)).map_err(fail(sequence))?;
        }
    }
    if let Some(gathered) = open {
        gathered.fold(view, rules);
    }
    Ok(last)
}

fn check_place(envelope: &Envelope, sequence: u64, position: &Position) -> Result<(), String> {
    if envelope.ledger.0 != position.head.ledger().0 {
        return Err(format!("it belongs to ledger {}", envelope.ledger));
    }
    if envelope.sequence != sequence {
        return Err(format!("it says that it is record {}", envelope.sequence));
    }
    Ok(())
}

impl Gathered {
    fn begin(envelope: Envelope, last: Option<Timestamp>) -> Result<Gathered, String> {
        let Envelope { sequence, command_id, recorded_at, given, event, .. } = envelope;
        let given = given.ok_or("the command is missing")?;
        if given.encoding != COMMAND_ENCODING {
            return Err(format!(
                "its command has encoding {}, which this program does not know",
                given.encoding
            ));
        }
        if last.is_some_and(|last| recorded_at <= last) {
            return Err(format!("it was recorded at {recorded_at}, not after the command before it"));
        }
        let hash = command_hash(&given.command);
        Ok(Gathered { command: command_id, hash, sequence, recorded_at, events: vec![event] })
    }

    fn go_on(&mut self, envelope: Envelope) -> Result<(), String> {
        if envelope.command_id != self.command {
            return Err(format!(
                "it belongs to command {}, whose first record is missing",
                envelope.command_id
            ));
        }
        if envelope.recorded_at != self.recorded_at {
            return Err("its time differs from that of its command".to_owned());
        }
        self.events.push(envelope.event);
        Ok(())
    }

    fn fold(self, view: &mut ReadThrough, rules: &mut dyn Rules) {
        let Gathered { command, hash, sequence, recorded_at, events } = self;
        replay(view, rules, &Told { command, hash, sequence, recorded_at, events: &events });
    }
}

//! Deciding everything again from the log, against reading the same log and checking its hashes.

use crate::{Fallible, city::City};
use grants_domain::{
    asked::Asked,
    context::Context,
    ids::LedgerId,
    ledger::execute,
    record::{Envelope, envelopes},
    state::{MemoryState, StateWrite},
    wire::Message,
};
use grants_eventlog::{Batch, Head, Judge, LogReader};
use grants_policy::Library;
use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// How many bytes of batches are read at once.
const READ_BYTES: usize = 8 << 20;

/// What it takes to go through the whole log, on one thread.
pub(crate) struct Replays {
    pub(crate) events: u64,
    pub(crate) commands: u64,
    pub(crate) read: Duration,
    pub(crate) hashed: Duration,
    pub(crate) decided: Duration,
}

impl Replays {
    pub(crate) fn of(city: &City) -> Fallible<Replays> {
        let (log, ledger) = (city.ledger.log(), city.ledger.id());
        let end = city.ledger.durable();
        // Once untimed, so that every pass finds the log in the same caches.
        through(&*log, end.next_batch, |_| Ok(()))?;
        let read = through(&*log, end.next_batch, |_| Ok(()))?;
        let hashed = hash(&*log, ledger, end.next_batch)?;
        let mut court = Court::new(ledger);
        let decided = through(&*log, end.next_batch, |bytes| court.judge(bytes))?;
        court.end()?;
        let again = hash(&*log, ledger, end.next_batch)?;
        let (events, commands) = (end.next_sequence, court.commands);
        Ok(Replays { events, commands, read, hashed: (hashed + again) / 2, decided })
    }
}

/// Batches of a log, as they are stored.
pub(crate) fn read_batches(log: &dyn LogReader, from: u64, end: u64) -> Fallible<Vec<Vec<u8>>> {
    let mut batches = Vec::new();
    let mut next = from;
    while next < end {
        for batch in log.read(next, READ_BYTES)? {
            if next < end {
                batches.push(batch);
                next += 1;
            }
        }
    }
    Ok(batches)
}

/// Goes through the log up to `end`.
pub(crate) fn through(
    log: &dyn LogReader,
    end: u64,
    mut with: impl FnMut(&[u8]) -> Fallible<()>,
) -> Fallible<Duration> {
    let start = Instant::now();
    let mut next = 0;
    while next < end {
        for batch in log.read(next, READ_BYTES)? {
            with(&batch)?;
            next += 1;
        }
    }
    Ok(start.elapsed())
}

fn hash(log: &dyn LogReader, ledger: LedgerId, end: u64) -> Fallible<Duration> {
    let mut judge = Judge::new(Head::genesis(grants_eventlog::LedgerId(ledger.0)));
    through(log, end, |bytes| Ok(judge.accept(bytes).map(drop)?))
}

/// Decides every command of the log again, and compares each event to the byte.
struct Court {
    ledger: LedgerId,
    judge: Judge,
    state: MemoryState,
    rules: Library,
    /// What must follow, by the last command that was decided.
    expected: VecDeque<Vec<u8>>,
    commands: u64,
}

impl Court {
    fn new(ledger: LedgerId) -> Court {
        Court {
            ledger,
            judge: Judge::new(Head::genesis(grants_eventlog::LedgerId(ledger.0))),
            state: MemoryState::default(),
            rules: Library::new(),
            expected: VecDeque::new(),
            commands: 0,
        }
    }

    fn judge(&mut self, bytes: &[u8]) -> Fallible<()> {
        self.judge.accept(bytes)?;
        let batch = Batch::decode(bytes)?;
        if batch.header().count == 0 {
            return Ok(());
        }
        for event in batch.events() {
            if self.expected.is_empty() {
                self.decide(event)?;
            }
            if self.expected.pop_front().as_deref() != Some(event) {
                return Err("the log does not say what is decided again".into());
            }
        }
        Ok(())
    }

    fn decide(&mut self, first: &[u8]) -> Fallible<()> {
        let told = Envelope::decode(first)?;
        let (given, actor) = told.given.zip(told.actor).ok_or("a command is missing")?;
        let context = Context {
            ledger: self.ledger,
            actor,
            recorded_at: told.recorded_at,
            sequence: told.sequence,
            command: told.command_id,
        };
        let asked = Asked::of(given.command);
        let executed = execute(&self.state, &mut self.rules, &asked, &context);
        self.expected = envelopes(&context, told.version, &asked, &executed.events).into();
        executed.rows.into_iter().for_each(|(key, row)| self.state.write(key, row));
        self.commands += 1;
        Ok(())
    }

    fn end(&self) -> Fallible<()> {
        match self.expected.len() {
            0 => Ok(()),
            missing => Err(format!("{missing} events are missing at the end of the log").into()),
        }
    }
}

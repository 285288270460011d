//! The first stage: decides commands one after the other on the newest state, durable or not.

use std::{collections::VecDeque, sync::Arc, sync::mpsc::SyncSender, time::Instant};

use grants_domain::{
    asked::Asked,
    context::{Actor, AuthMethod, Context, Role},
    ids::LedgerId,
    ledger::{Earlier, Executed, earlier, execute},
    record::envelopes,
    rules::Rules,
    state::{get, key_of},
    tables::Ledgers,
    values::{CommandId, Timestamp},
};
use grants_eventlog::{
    BATCH_BYTES_MAX, EVENT_BYTES_MAX, EVENTS_PER_BATCH_MAX,
    batch::{CRC_BYTES, HEADER_BYTES},
};

use super::{
    append::Turn,
    due::{DueList, FollowUp},
    inbox::{Making, Next},
    shared::Shared,
    submission::{Outcome, Reply, Submission, SubmitError},
};
use crate::{busy::Stage, clock::Stamps, fault::Fault, view::ReadThrough};

/// Commands of one batch: keeps a turn to a few milliseconds.
pub const BATCH_COMMANDS_MAX: usize = 1_024;
/// What the events of one command may take together, in bytes.
pub const COMMAND_EVENTS_BYTES_MAX: usize = 800 * 1_024;
/// What an event takes in a batch beside its own bytes.
const EVENT_PREFIX_BYTES: usize = 2;
const _: () = assert!(COMMAND_EVENTS_BYTES_MAX + HEADER_BYTES + CRC_BYTES < BATCH_BYTES_MAX);

pub(super) struct Decider<R> {
    pub(super) shared: Arc<Shared>,
    pub(super) view: ReadThrough,
    pub(super) rules: R,
    pub(super) stamps: Stamps,
    pub(super) ledger: LedgerId,
    pub(super) next_sequence: u64,
    pub(super) to_log: SyncSender<Turn>,
    pub(super) batch_commands_max: usize,
    pub(super) work: Work,
}

/// What lies on the desk.
#[derive(Default)]
pub(super) struct Work {
    waiting: VecDeque<Submission>,
    making: Turn,
    /// A decided command that did not fit into the batch in the making; it begins the next one.
    carried: Option<Decided>,
    due: DueList,
    /// Number of the policy version in use.
    version: u32,
}

/// A command that has been decided and is not yet in a batch.
struct Decided {
    envelopes: Vec<Vec<u8>>,
    bytes: usize,
    executed: Executed,
    recorded_at: Timestamp,
    reply: Option<Reply>,
}

impl<R: Rules> Decider<R> {
    /// Works until the ledger is closed or fails. On return nothing is left without an outcome.
    pub(super) fn run(mut self) {
        self.work.version = version(&self.view);
        if let Err(fault) = self.go_on() {
            self.shared.fail(fault);
        }
        let carried = self.work.carried.take().and_then(|decided| decided.reply);
        let waiting = self.work.waiting.drain(..).map(|submission| submission.reply);
        for reply in waiting.chain(carried) {
            self.shared.withhold(reply);
        }
        self.work.making.withhold(&self.shared);
    }

    fn go_on(&mut self) -> Result<(), Fault> {
        loop {
            self.view.written(self.shared.progress().written_turn);
            let start = Instant::now();
            self.fill()?;
            self.shared.meter.worked(Stage::Decide, start);
            let making = match (
                self.work.carried.is_some() || self.work.making.is_full(self.batch_commands_max),
                &self.work.making,
            ) {
                (true, _) => Making::Full,
                (false, making) if making.is_empty() => Making::Empty,
                (false, _) => Making::Open,
            };
            match self.shared.inbox.next(making, &mut self.work.waiting) {
                Next::Decide => {}
                Next::HandOver => {
                    let start = Instant::now();
                    self.hand_over();
                    self.shared.meter.worked(Stage::Decide, start);
                }
                Next::End => return Ok(()),
            }
        }
    }

    /// Decides what is due and what waits, until the batch is full or nothing is left.
    fn fill(&mut self) -> Result<(), Fault> {
        while self.work.carried.is_none() && !self.work.making.is_full(self.batch_commands_max) {
            let decided = if let Some(follow_up) = self.work.due.first(&self.view, self.ledger) {
                Some(self.follow(follow_up)?)
            } else if let Some(submission) = self.work.waiting.pop_front() {
                self.take(submission)?
            } else {
                return Ok(());
            };
            // What was decided on rows that could not be read is worth nothing.
            let sound = self.shared.latch.check();
            if let Some(decided) = decided {
                // Placed even then, so that its reply is withheld with the others and names the fault.
                self.place(decided);
            }
            sound?;
        }
        Ok(())
    }

    fn take(&mut self, submission: Submission) -> Result<Option<Decided>, Fault> {
        let Submission { asked, id, actor, reply } = submission;
        match earlier(&self.view, id, asked.hash()) {
            Earlier::Same(answer) => self.work.making.answer(reply, Ok(answer)),
            Earlier::Conflict => self.work.making.answer(reply, Err(SubmitError::IdConflict)),
            Earlier::New => {
                let recorded_at = match self.stamps.of_command() {
                    Ok(recorded_at) => recorded_at,
                    Err(fault) => {
                        self.shared.latch.latch(fault.clone());
                        self.shared.withhold(reply);
                        return Err(fault);
                    }
                };
                let mut decided = self.decide(&asked, id, actor, recorded_at);
                if let Some(too_large) = decided.too_large() {
                    self.work.making.answer(reply, Err(too_large));
                    return Ok(None);
                }
                decided.reply = Some(reply);
                return Ok(Some(decided));
            }
        }
        Ok(None)
    }

    fn follow(&mut self, follow_up: FollowUp) -> Result<Decided, Fault> {
        let recorded_at = self.stamps.of_follow_up()?;
        let id = "ledger".parse().expect("the ledger's own account is a reference");
        let actor = Actor { id, role: Role::System, auth: AuthMethod::Internal };
        let decided = self.decide(&Asked::of(follow_up.request.into()), follow_up.id, actor, recorded_at);
        let too_large = decided.too_large();
        assert!(
            too_large.is_none(),
            "the domain keeps follow-ups below the limits of the log: {too_large:?}"
        );
        Ok(decided)
    }

    fn decide(&mut self, asked: &Asked, id: CommandId, actor: Actor, recorded_at: Timestamp) -> Decided {
        let context =
            Context { ledger: self.ledger, actor, recorded_at, sequence: self.next_sequence, command: id };
        let executed = execute(&self.view, &mut self.rules, asked, &context);
        let envelopes = envelopes(&context, self.work.version, asked, &executed.events);
        let bytes = envelopes.iter().map(|envelope| envelope.len() + EVENT_PREFIX_BYTES).sum();
        Decided { envelopes, bytes, executed, recorded_at, reply: None }
    }

    /// Puts a decided command into the batch in the making, or keeps it for the next one.
    fn place(&mut self, decided: Decided) {
        if self.work.making.fits(&decided) {
            self.record(decided);
        } else {
            self.work.carried = Some(decided);
        }
    }

    fn record(&mut self, decided: Decided) {
        let Decided { envelopes, bytes, executed, recorded_at, reply } = decided;
        let events = u64::try_from(envelopes.len()).expect("events of one command are few");
        self.next_sequence = self.next_sequence.checked_add(events).expect("sequences fit into 64 bits");
        self.work.due.heed(&executed.rows);
        let about_the_ledger = executed.rows.contains_key(&key_of::<Ledgers>(&()));
        self.view.apply(executed.rows);
        if about_the_ledger {
            self.work.version = version(&self.view);
        }
        let making = &mut self.work.making;
        making.events.extend(envelopes);
        making.bytes += bytes;
        making.commands += 1;
        making.recorded_at = Some(recorded_at);
        if let Some(reply) = reply {
            making.answer(reply, Ok(executed.answer));
        }
    }

    fn hand_over(&mut self) {
        let mut turn = std::mem::take(&mut self.work.making);
        if !turn.events.is_empty() {
            (turn.number, turn.rows) = self.view.seal();
        }
        // The other end is gone only after a fault, which has been latched there.
        if let Err(unsent) = self.to_log.send(turn) {
            unsent.0.withhold(&self.shared);
        }
        if let Some(decided) = self.work.carried.take() {
            self.record(decided);
        }
    }
}

impl Decided {
    fn too_large(&self) -> Option<SubmitError> {
        let longest = self.envelopes.iter().map(Vec::len).max().unwrap_or(0);
        let too_large = |bytes, limit| (limit < bytes).then_some(SubmitError::TooLarge { bytes, limit });
        too_large(longest, EVENT_BYTES_MAX).or_else(|| too_large(self.bytes, COMMAND_EVENTS_BYTES_MAX))
    }
}

impl Turn {
    fn answer(&mut self, reply: Reply, outcome: Outcome) {
        self.answers.push((reply, outcome));
    }

    fn is_empty(&self) -> bool {
        self.events.is_empty() && self.answers.is_empty()
    }

    fn is_full(&self, commands_max: usize) -> bool {
        commands_max <= self.commands.max(self.answers.len())
    }

    fn fits(&self, decided: &Decided) -> bool {
        let events = self.events.len() + decided.envelopes.len();
        let bytes = HEADER_BYTES + self.bytes + decided.bytes + CRC_BYTES;
        bytes <= BATCH_BYTES_MAX && u32::try_from(events).is_ok_and(|events| events <= EVENTS_PER_BATCH_MAX)
    }

    /// Says of every answer in it that the outcome is unknown.
    pub(super) fn withhold(self, shared: &Shared) {
        for (reply, _) in self.answers {
            shared.withhold(reply);
        }
    }
}

fn version(view: &ReadThrough) -> u32 {
    get::<Ledgers>(view, &()).map_or(0, |ledger| ledger.version)
}

//! A link: the awards of another ledger, followed into this one as external facts, each event once.
//!
//! ```text
//!   the province's log ──► judge ──► awards ──► reports ──► external.report_award ──► the city's ledger
//!                          (batches count)  (one event, at most one report)   (command id = source ledger, sequence)
//! ```
//!
//! **At least once, and so once.** A link offers every report at least once, in the order of the source. The id of the
//! command follows from the source ledger and the sequence, so the city answers what it has heard before with the answer of
//! then, and records nothing. Everything that a link remembers can be lost: it is folded from the source again.
//!
//! **What the city does not know yet.** A report names a project or an enterprise by its code, and the city records it
//! whether it has that code or not: `external.report_award` asks for a code that is sound, not for one that is registered.
//! So nothing waits for a registration, nothing is chosen by what the city knew at some moment, and a project that is
//! registered a year later finds its report there before anything is decided for it. The price is a record for every
//! followed award of the province in every city that follows it.
//!
//! **In order.** A report goes out when the one before it is answered. Otherwise a ledger that is overloaded could turn
//! away a grant and take the withdrawal behind it, and the grant that is offered again would stand last.
//!
//! **The position** says up to where everything was answered. It only spares offering again: without it, or when the table
//! has changed, or when the city does not have the last report that it vouches for (it was restored from a backup), every
//! report is offered again. But a source that does not hold what the position has seen has lost acknowledged history, or
//! is another one, and is not followed.
//!
//! Reading order: `awards` (what an event makes known), then `table` and `position`.

mod awards;
mod position;
mod table;

pub use position::{LinkPosition, PositionError};
pub use table::{Followed, LINK_TABLE_BYTES_MAX, LinkTable, Subject, TableError};

use std::{
    collections::{BTreeMap, VecDeque},
    sync::mpsc::Receiver,
};

use grants_domain::{
    commands::Command,
    context::{Actor, Role},
    events::Event,
    external::report_award::ReportAward,
    ids::LedgerId,
    ledger::Answer,
    record::Envelope,
    values::{CommandId, Slug},
    wire::Message,
};
use grants_eventlog::{Batch, Halt, Head, Judge, LogReader, ReadError, Root};

use crate::{
    fault::Fault,
    sequencer::{Outcome, SubmitError, derived_id},
};
use awards::Awards;

/// How many bytes of batches are read at once.
const READ_BYTES: usize = 8 << 20;

/// Why a ledger is not followed, or not any further.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The table names the ledger that would follow.
    #[error("ledger {0} cannot follow itself")]
    Itself(LedgerId),
    /// The log is not the one that the table names.
    #[error("the table follows ledger {expected}, but the log is that of ledger {found}")]
    OtherLedger {
        /// The ledger of the table.
        expected: LedgerId,
        /// The ledger of the log.
        found: grants_eventlog::LedgerId,
    },
    /// A real ledger would follow a simulated one, or the other way round.
    #[error("of source and follower one is simulated and one is not: made-up awards stay among themselves")]
    Simulated,
    /// A batch of the source is not valid.
    #[error(transparent)]
    Halt(#[from] Halt),
    /// A batch of the source cannot be read.
    #[error("at sequence {sequence} of the source: {fault}")]
    Read {
        /// The first sequence that cannot be read.
        sequence: u64,
        /// Why.
        fault: ReadError,
    },
    /// A record is sound, but this program cannot read it.
    #[error("record {sequence} of the source cannot be read: {cause}")]
    Record {
        /// Its sequence.
        sequence: u64,
        /// What is wrong.
        cause: String,
    },
    /// The source is shorter than what was followed of it.
    #[error(
        "the source ends before sequence {found}, but it was followed up to sequence {seen}: acknowledged history is missing"
    )]
    HistoryMissing {
        /// Where the position stands.
        seen: u64,
        /// Where the log ends.
        found: u64,
    },
    /// The source is not the one that was followed.
    #[error("the source has another history before sequence {0} than the one that was followed")]
    OtherHistory(u64),
    /// The account may not report awards. Nothing was offered.
    #[error("the role {0} does not report awards; nothing was offered")]
    Role(Role),
    /// Another report stands under the id of this event: the table, or the program, makes something else of it now.
    #[error(
        "event {sequence} of the source was reported otherwise before. Whoever reported it had another table: restore the line of its measure"
    )]
    Otherwise {
        /// The event.
        sequence: u64,
    },
    /// A report has no answer. It is offered again.
    #[error("event {sequence} of the source: {fault}")]
    Submit {
        /// The event.
        sequence: u64,
        /// Why.
        fault: SubmitError,
    },
}

/// Whoever follows.
#[derive(Clone, Copy, Debug)]
pub struct Follower {
    /// Which ledger it is.
    pub ledger: LedgerId,
    /// Whether its clock, ids and keys come from a script.
    pub simulated: bool,
}

/// What one event of the source makes known about an award.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The event, by its sequence in the source.
    pub sequence: u64,
    /// The id under which it is reported, always.
    pub id: CommandId,
    /// What is reported.
    pub request: ReportAward,
}

/// A report that the follower has answered.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// The report.
    pub report: Report,
    /// The answer, of now or of an earlier time.
    pub answer: Answer,
}

/// Follows one ledger for another.
pub struct Link {
    table: LinkTable,
    follower: Follower,
    judge: Judge,
    awards: Awards,
    /// What the source must hold, until it was seen there.
    seen: Option<(u64, Root)>,
    /// Events before it were reported.
    reported_to: u64,
    waiting: VecDeque<Report>,
    last: Option<CommandId>,
}

impl Link {
    /// Begins a link, behind a position if there is one. `knows` says whether the follower holds a command.
    ///
    /// # Errors
    /// [`LinkError::Itself`], and [`LinkError::OtherLedger`] if the position is one of another link.
    pub fn new(
        table: LinkTable,
        follower: Follower,
        position: Option<&LinkPosition>,
        knows: impl FnOnce(CommandId) -> bool,
    ) -> Result<Link, LinkError> {
        let source = table.ledger();
        if source == follower.ledger {
            return Err(LinkError::Itself(source));
        }
        let mut reported_to = 0;
        if let Some(position) = position {
            if position.ledger != source {
                let found = grants_eventlog::LedgerId(position.ledger.0);
                return Err(LinkError::OtherLedger { expected: source, found });
            }
            if position.table == table.hash() && position.last.is_none_or(knows) {
                reported_to = position.next_sequence;
            }
        }
        let seen = position.map(|position| (position.next_sequence, position.root()));
        let last = position.and_then(|position| position.last).filter(|_| 0 < reported_to);
        let judge = Judge::new(Head::genesis(grants_eventlog::LedgerId(source.0)));
        let awards = Awards::of(source);
        Ok(Link { table, follower, judge, awards, seen, reported_to, waiting: VecDeque::new(), last })
    }

    /// Whose awards are followed.
    #[must_use]
    pub fn source(&self) -> LedgerId {
        self.table.ledger()
    }

    /// The first sequence of the source that was not read.
    #[must_use]
    pub fn next_sequence(&self) -> u64 {
        self.judge.head().next_sequence()
    }

    /// Events before this sequence were reported before this link began.
    #[must_use]
    pub fn reported_to(&self) -> u64 {
        self.reported_to
    }

    /// Whether the source has ended, because its ledger goes on elsewhere.
    #[must_use]
    pub fn moved(&self) -> bool {
        self.judge.head().moved()
    }

    /// Measures that the table does not name, with how many applications were seen for each.
    #[must_use]
    pub fn unnamed(&self) -> &BTreeMap<Slug, u64> {
        self.awards.unnamed()
    }

    /// Reports that were not answered yet.
    #[must_use]
    pub fn waiting(&self) -> &VecDeque<Report> {
        &self.waiting
    }

    /// Reads on, as much as is read at once. `false` at the end of the source.
    ///
    /// # Errors
    /// See [`LinkError`]. The link is good for nothing then: another one begins at its position.
    pub fn read_on(&mut self, source: &dyn LogReader) -> Result<bool, LinkError> {
        let (batch, sequence) = (self.judge.head().next_batch(), self.next_sequence());
        let batches = source.read(batch, READ_BYTES).map_err(|fault| LinkError::Read { sequence, fault })?;
        for bytes in &batches {
            self.take(bytes)?;
        }
        match self.seen {
            Some((seen, _)) if batches.is_empty() => Err(LinkError::HistoryMissing { seen, found: sequence }),
            Some(_) | None => Ok(!batches.is_empty()),
        }
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), LinkError> {
        let before = self.next_sequence();
        let unreadable = |sequence: u64, cause: String| LinkError::Record { sequence, cause };
        let batch = Batch::decode(bytes).map_err(|fault| unreadable(before, fault.to_string()))?;
        let (expected, found) = (self.source(), batch.header().ledger);
        if found.0 != expected.0 {
            return Err(LinkError::OtherLedger { expected, found });
        }
        let head = self.judge.accept(bytes)?;
        for (sequence, event) in (before..).zip(batch.events()) {
            let envelope =
                Envelope::decode(event).map_err(|fault| unreadable(sequence, fault.to_string()))?;
            self.hear(sequence, &envelope)?;
        }
        self.compare(&head)
    }

    fn hear(&mut self, sequence: u64, envelope: &Envelope) -> Result<(), LinkError> {
        if let Event::LedgerOpened(fact) = &envelope.event
            && fact.simulated != self.follower.simulated
        {
            return Err(LinkError::Simulated);
        }
        let day = envelope.recorded_at.civil_date();
        let known = self.awards.take(&self.table, sequence, day, &envelope.event);
        if let Some(request) = known.filter(|_| self.reported_to <= sequence) {
            let id = derived_id("grants/link/v1", &[&self.source().0, &sequence.to_be_bytes()]);
            self.waiting.push_back(Report { sequence, id, request });
        }
        Ok(())
    }

    /// Whether the source is the one that was followed, where its batches reach the position.
    fn compare(&mut self, head: &Head) -> Result<(), LinkError> {
        let Some((seen, root)) = self.seen.filter(|(seen, _)| *seen <= head.next_sequence()) else {
            return Ok(());
        };
        if head.next_sequence() != seen || head.root() != root {
            return Err(LinkError::OtherHistory(seen));
        }
        self.seen = None;
        Ok(())
    }

    /// Offers the first report that waits, and waits for its answer; nothing if none waits. `submit` is that of a ledger.
    ///
    /// # Errors
    /// [`LinkError::Role`], [`LinkError::Otherwise`] and [`LinkError::Submit`]. The report goes on waiting.
    pub fn deliver(
        &mut self,
        actor: &Actor,
        submit: impl FnOnce(Command, CommandId, Actor) -> Receiver<Outcome>,
    ) -> Result<Option<Delivered>, LinkError> {
        let Some(Report { sequence, id, request }) = self.waiting.front().cloned() else {
            return Ok(None);
        };
        let command = Command::from(request);
        // A refusal for the role would be the answer to this id for ever.
        if !command.roles().contains(&actor.role) {
            return Err(LinkError::Role(actor.role));
        }
        // Whoever drops the other end without an answer does not know what became of it.
        let outcome = submit(command, id, actor.clone()).recv();
        let outcome = outcome.unwrap_or(Err(SubmitError::Unknown(Fault::Thread("answering"))));
        if outcome == Err(SubmitError::IdConflict) {
            return Err(LinkError::Otherwise { sequence });
        }
        let answer = outcome.map_err(|fault| LinkError::Submit { sequence, fault })?;
        self.last = Some(id);
        Ok(self.waiting.pop_front().map(|report| Delivered { report, answer }))
    }

    /// Up to where everything is answered; nothing while a report waits, or while the source was not seen to hold what
    /// was followed of it.
    #[must_use]
    pub fn position(&self) -> Option<LinkPosition> {
        if !self.waiting.is_empty() || self.seen.is_some() {
            return None;
        }
        let head = self.judge.head();
        let (ledger, table) = (self.source(), self.table.hash());
        Some(LinkPosition::new(ledger, table, head.next_sequence(), head.root(), self.last))
    }
}

//! Follows a log and hands every entry on: nothing is left out, in order, and again if nobody knows whether it arrived.
//!
//! The position is taken from a file and not from the topic. The topic could only say what its last records are, and they
//! may be gone by then, or lie in several partitions, or be somebody else's; the file says what was acknowledged of
//! which history. The topic's ends are compared with it all the same: a topic that is shorter than what it had
//! acknowledged was made anew or has lost records, and to go on would leave a hole that nobody sees.

use grants_domain::{
    record::Envelope,
    wire::{Message, WireError},
};
use grants_eventlog::{
    Batch, FrameError, Halt, HaltReason, Head, Judge, LedgerId, LogReader, ReadError, Verdict,
};
use std::time::{Duration, Instant};

use super::{
    awards::{Awards, Contradiction},
    figures::Figures,
    outlet::{Outlet, OutletError, Places},
    position::{Folder, Position, PositionError},
    record::Record,
};

/// How much of the log is read at once, in bytes; the position moves behind each such part.
const PART_BYTES: usize = 1 << 20;
/// How old the figures may become while nothing changes.
const TELL_AGAIN: Duration = Duration::from_secs(10);

/// Why nothing is published any more.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The log is not one, or not of this ledger.
    #[error(transparent)]
    Halt(#[from] Halt),
    /// A batch cannot be taken apart.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// An event cannot be read: it is of a newer program.
    #[error("the event at sequence {sequence} cannot be read: {cause}")]
    Unreadable {
        /// Which event.
        sequence: u64,
        /// What is wrong with it.
        cause: WireError,
    },
    /// An event does not fit what came before it.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    /// The position cannot be read or kept.
    #[error(transparent)]
    Position(#[from] PositionError),
    /// The position is one of another ledger.
    #[error("the position is one in ledger {found}, and this is ledger {ledger}")]
    OtherLedger {
        /// The ledger that is published.
        ledger: LedgerId,
        /// The ledger of the position.
        found: String,
    },
    /// The position is one of another topic.
    #[error(
        "the position is one in {found}, and it is published to {to}; each topic has a folder of its own"
    )]
    OtherTopic {
        /// Where it is published.
        to: String,
        /// Where the position was reached.
        found: String,
    },
    /// The log is shorter than what was published of it.
    #[error("acknowledged history is missing: {published} batches were published, and the log has {found}")]
    Shorter {
        /// How many batches were published.
        published: u64,
        /// How many there are.
        found: u64,
    },
    /// What was published is another history than this one.
    #[error("what was published up to sequence {0} is another history than this log's")]
    OtherHistory(u64),
    /// The topic is shorter than what it had acknowledged.
    #[error(
        "partition {partition} ends at offset {found}, and records up to {acknowledged} were acknowledged: the topic was made anew or has lost them; to publish everything again, remove the position"
    )]
    TopicShorter {
        /// Which partition.
        partition: i32,
        /// The offset behind the last record that was acknowledged.
        acknowledged: i64,
        /// Where it ends.
        found: i64,
    },
    /// Records could not be handed on.
    #[error(transparent)]
    Outlet(#[from] OutletError),
}

/// A feed that is being published.
pub struct Publisher<'a, O> {
    log: &'a dyn LogReader,
    outlet: O,
    folder: Folder,
    to: String,
    // Invariant: `awards` has taken every event before its head, and every record of them was acknowledged.
    judge: Judge,
    awards: Awards,
    places: Places,
    records: u64,
    // What the figures say, and since when.
    told: Option<(Progress, Instant)>,
}

/// How things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The sequence of the first event that is not published.
    pub next_sequence: u64,
    /// How many events of the log are not published yet.
    pub lag: u64,
    /// How many records this process has published.
    pub records: u64,
    /// Whether the ledger goes on elsewhere, so that nothing more will come.
    pub moved: bool,
}

impl<'a, O: Outlet> Publisher<'a, O> {
    /// Takes up a feed where it was left: reads the log up to the position, and sees that it is the same history.
    ///
    /// # Errors
    /// See [`PublishError`]. Nothing was published.
    pub fn open(
        log: &'a dyn LogReader,
        ledger: LedgerId,
        mut outlet: O,
        to: &str,
        folder: Folder,
    ) -> Result<Publisher<'a, O>, PublishError> {
        let position = folder.position()?;
        let places = position.as_ref().map(|position| position.places.clone()).unwrap_or_default();
        if let Some(position) = &position {
            fits(position, ledger, to)?;
            not_shorter(&position.places, &outlet.ends()?)?;
        }
        let judge = Judge::new(Head::genesis(ledger));
        let awards = Awards::default();
        let mut publisher = Publisher {
            log,
            outlet,
            folder,
            to: to.to_owned(),
            judge,
            awards,
            places,
            records: 0,
            told: None,
        };
        if let Some(position) = &position {
            publisher.remember(position)?;
        }
        publisher.tell()?;
        Ok(publisher)
    }

    /// Takes in what was published before.
    fn remember(&mut self, position: &Position) -> Result<(), PublishError> {
        let (published, found) = (position.next_batch, self.log.end()?.next_batch);
        if found < published {
            return Err(PublishError::Shorter { published, found });
        }
        while self.judge.head().next_batch() < published {
            let batches = self.log.read(self.judge.head().next_batch(), PART_BYTES)?;
            if batches.is_empty() {
                let found = self.judge.head().next_batch();
                return Err(PublishError::Shorter { published, found });
            }
            let left = published.saturating_sub(self.judge.head().next_batch());
            for bytes in batches.iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
                self.take(bytes)?;
            }
        }
        match position.has(self.judge.head().root()) {
            true => Ok(()),
            false => Err(PublishError::OtherHistory(position.next_sequence)),
        }
    }

    /// Publishes the next part of the log, if there is one, and keeps the position behind it.
    ///
    /// # Errors
    /// See [`PublishError`]. What was sent since the position is unknown, and comes again when the feed is taken up.
    pub fn publish(&mut self) -> Result<Progress, PublishError> {
        let end = self.log.end()?;
        let next = self.judge.head().next_batch();
        if end.next_batch < next {
            return Err(PublishError::Shorter { published: next, found: end.next_batch });
        }
        if next < end.next_batch {
            let mut sent: u64 = 0;
            for bytes in self.log.read(next, PART_BYTES)? {
                for record in self.take(&bytes)? {
                    self.outlet.send(&record)?;
                    sent = sent.saturating_add(1);
                }
            }
            self.places.extend(self.outlet.settle()?);
            self.folder.keep(&Position::at(self.judge.head(), &self.to, self.places.clone()))?;
            self.records = self.records.saturating_add(sent);
            tracing::info!(
                feed.records = sent,
                ledger.sequence = self.judge.head().next_sequence(),
                "Published"
            );
        }
        self.tell()
    }

    /// Judges a batch and gives what the public is told of its events.
    fn take(&mut self, bytes: &[u8]) -> Result<Vec<Record>, PublishError> {
        let before = self.judge.head().clone();
        match self.judge.judge(bytes) {
            Verdict::Valid(_) => {}
            Verdict::Halt(halt) => return Err(halt.into()),
            Verdict::Skipped(why) => {
                let (sequence, batch) = (before.next_sequence(), before.next_batch());
                return Err(Halt { sequence, batch, reason: HaltReason::NotValid(why) }.into());
            }
        }
        let mut records = Vec::new();
        for (event, sequence) in Batch::decode(bytes)?.events().zip(before.next_sequence()..) {
            let envelope =
                Envelope::decode(event).map_err(|cause| PublishError::Unreadable { sequence, cause })?;
            records.extend(self.awards.tell(&envelope)?.as_ref().map(Record::of));
        }
        Ok(records)
    }

    /// How things stand, told beside the position as well: when something has changed, and again after a while, so that
    /// their age tells of a publisher that is gone.
    fn tell(&mut self) -> Result<Progress, PublishError> {
        let (head, end) = (self.judge.head(), self.log.end()?.next_sequence);
        let progress = Progress {
            next_sequence: head.next_sequence(),
            lag: end.saturating_sub(head.next_sequence()),
            records: self.records,
            moved: head.moved(),
        };
        if self.told.is_none_or(|(told, at)| told != progress || TELL_AGAIN < at.elapsed()) {
            let ledger = head.ledger();
            let figures = Figures { ledger, to: &self.to, progress, log_end: end, awards: &self.awards };
            self.folder.tell(&figures.to_string())?;
            self.told = Some((progress, Instant::now()));
        }
        Ok(progress)
    }
}

/// Whether a position is one of this ledger and this topic.
fn fits(position: &Position, ledger: LedgerId, to: &str) -> Result<(), PublishError> {
    if !position.is_of(ledger) {
        return Err(PublishError::OtherLedger { ledger, found: position.ledger().to_owned() });
    }
    if position.to != to {
        return Err(PublishError::OtherTopic { to: to.to_owned(), found: position.to.clone() });
    }
    Ok(())
}

/// Whether a topic reaches as far as it has acknowledged.
fn not_shorter(acknowledged: &Places, ends: &Places) -> Result<(), PublishError> {
    for (&partition, &acknowledged) in acknowledged {
        let found = ends.get(&partition).copied().unwrap_or(0);
        if found < acknowledged {
            return Err(PublishError::TopicShorter { partition, acknowledged, found });
        }
    }
    Ok(())
}

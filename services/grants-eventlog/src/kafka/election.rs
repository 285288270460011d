//! Who writes next: a standby follows the log and the writer's heartbeats, and takes over when it has heard neither for
//! some time.
//!
//! ```text
//!   writer    ♥   ♥  batch  ♥   ✕
//!   standby   heard, heard, heard … nothing for 3 to 4 intervals, all read: probe, read again, EpochOpened
//!                                                                      │
//!                                                                      └ the broker's clock and ours agree
//! ```
//!
//! The first valid `EpochOpened` wins, whoever wrote it and whatever anybody heard: patience decides only how soon and how
//! often an epoch is opened, never whether two writers count. What is asked of clocks is that they measure an interval,
//! and that the wall clock of a new writer is not off by minutes, since it will date what people rely on.

use std::sync::Arc;
use std::time::Duration;

use super::KafkaLog;
use super::follower::FollowError;
use super::partition::{Fault, Partition};
use super::pulse::{Heard, PulseKind, Pulses};
use crate::ids::WriterId;
use crate::log::{AppendError, EventLog};

/// For how many intervals without a sign of life a standby waits at least.
pub const SILENT_INTERVALS: u32 = 3;
/// How far the clock of a new writer may be from the broker's, and behind the last command of the log: five minutes.
pub const CLOCK_APART_MS_MAX: u64 = 5 * 60 * 1_000;

/// What a process knows of the time, and a chance that no two of them share.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// A clock that never jumps, from any beginning.
    pub monotonic: Duration,
    /// Milliseconds since 1970, by the clock of this machine.
    pub wall_ms: i64,
    /// Random: spreads the patience of standbys, and tells a probe from others.
    pub chance: u64,
}

/// How long one waits for a sign of life.
struct Patience {
    interval: Duration,
    heard_at: Duration,
    lasts: Duration,
}

impl Patience {
    fn from(interval: Duration, now: Now) -> Patience {
        let mut patience = Patience { interval, heard_at: Duration::ZERO, lasts: Duration::ZERO };
        patience.renew(now);
        patience
    }

    /// Three intervals, and up to one more by chance, so that standbys do not open epochs at the same time.
    fn renew(&mut self, now: Now) {
        let part = u32::try_from(now.chance % 1_000).unwrap_or(0);
        self.heard_at = now.monotonic;
        self.lasts = self.interval * SILENT_INTERVALS + self.interval * part / 1_000;
    }

    fn is_over(&self, now: Now) -> bool {
        self.lasts <= now.monotonic.saturating_sub(self.heard_at)
    }
}

/// What a standby makes of what it has heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Somebody writes, or has not been silent for long enough.
    Alive,
    /// Nobody has been heard: it is time to take over.
    Silent,
}

/// Why a standby does not take over now. It goes on as one, unless the log is dead.
#[derive(Debug, thiserror::Error)]
pub enum ElectionError {
    /// The writer lives after all.
    #[error("the writer of epoch {0} was heard again")]
    Alive(u64),
    /// The broker does not say when it takes a record, so that clocks cannot be compared.
    #[error(
        "the side topic does not tell when records were taken: it needs message.timestamp.type=LogAppendTime"
    )]
    NoBrokerTime,
    /// The broker has not shown the probe that it took.
    #[error("the probe was not found on the side topic")]
    ProbeMissing,
    /// The clock of this machine cannot date what people rely on.
    #[error(
        "the clock of this machine is {apart_ms} ms from the broker's; at most {CLOCK_APART_MS_MAX} ms are allowed"
    )]
    ClockApart {
        /// How far, without a sign.
        apart_ms: u64,
    },
    /// The clock of this machine is behind what was recorded.
    #[error(
        "the clock of this machine is {behind_ms} ms behind the last command of the log; at most {CLOCK_APART_MS_MAX} ms are allowed"
    )]
    ClockBehind {
        /// How far.
        behind_ms: u64,
    },
    /// The log.
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// The side topic.
    #[error(transparent)]
    Broker(#[from] Fault),
    /// The epoch could not be begun, or somebody else was first. The log has to be opened again.
    #[error(transparent)]
    Append(#[from] AppendError),
}

/// A process that follows and may write one day.
pub struct Standby {
    log: KafkaLog,
    pulses: Pulses,
    patience: Patience,
}

impl Standby {
    /// Follows `log`, and listens to the pulses of its writer, sent every `interval`.
    ///
    /// # Errors
    /// The broker cannot be asked.
    pub fn new(
        log: KafkaLog,
        pulses: Arc<dyn Partition>,
        interval: Duration,
        now: Now,
    ) -> Result<Standby, Fault> {
        let pulses = Pulses::listen(pulses, log.head().ledger())?;
        Ok(Standby { log, pulses, patience: Patience::from(interval, now) })
    }

    /// The log as far as it was followed.
    pub fn log(&self) -> &KafkaLog {
        &self.log
    }

    /// Reads what is new in the log and beside it.
    ///
    /// # Errors
    /// Of the broker: silence does not count while nothing can be heard, so patience begins anew. Any other: the log
    /// cannot be trusted, and this process must end.
    pub fn look(&mut self, now: Now) -> Result<Sign, ElectionError> {
        let alive = match self.hear() {
            Ok((_, alive)) => alive,
            Err(fault) => {
                self.patience.renew(now);
                return Err(fault);
            }
        };
        if alive {
            self.patience.renew(now);
        }
        Ok(if !alive && self.patience.is_over(now) { Sign::Silent } else { Sign::Alive })
    }

    /// Takes the ledger over for this process, if its clock can date commands and nobody was heard meanwhile.
    /// `last_recorded_ms` is when the last command of the log was taken.
    ///
    /// # Errors
    /// See [`ElectionError`]; but for [`ElectionError::Append`] and a log that halts, it is still a standby.
    pub fn take_over(
        &mut self,
        writer: WriterId,
        address: &str,
        last_recorded_ms: Option<i64>,
        now: &mut dyn FnMut() -> Now,
    ) -> Result<(), ElectionError> {
        let asked = now();
        // Whatever comes of it, the next attempt is some intervals away: others may be luckier.
        self.patience.renew(asked);
        self.pulses.send(self.log.head().epoch(), writer, PulseKind::Probe(asked.chance))?;
        let (heard, alive) = self.hear()?;
        if alive {
            return Err(ElectionError::Alive(self.log.head().epoch()));
        }
        let own =
            |one: &&Heard| one.pulse.kind == PulseKind::Probe(asked.chance) && one.pulse.writer == writer;
        let probe = heard.iter().find(own).ok_or(ElectionError::ProbeMissing)?;
        let appended_ms = probe.appended_ms.ok_or(ElectionError::NoBrokerTime)?;
        clock_is_right(asked.wall_ms, now().wall_ms, appended_ms, last_recorded_ms)?;
        self.log.begin_epoch(writer, address)?;
        Ok(())
    }

    /// The log, to write or to close.
    #[must_use]
    pub fn into_log(self) -> KafkaLog {
        self.log
    }

    /// What was sent beside the log, and whether the log grew or its writer was heard.
    fn hear(&mut self) -> Result<(Vec<Heard>, bool), ElectionError> {
        let before = self.log.head().next_batch();
        self.log.follow()?;
        let head = self.log.head();
        // A later epoch than the last that was read: its record was written between the two questions.
        let is_sign = |one: &Heard| {
            let own = one.pulse.epoch == head.epoch() && one.pulse.writer == head.writer();
            one.pulse.kind == PulseKind::Beat && (own || head.epoch() < one.pulse.epoch)
        };
        let heard = self.pulses.hear()?;
        let alive = head.next_batch() != before || heard.iter().any(is_sign);
        Ok((heard, alive))
    }
}

/// The broker took the probe between two looks at our clock, and nothing was recorded far ahead of it.
fn clock_is_right(
    before_ms: i64,
    after_ms: i64,
    appended_ms: i64,
    last_recorded_ms: Option<i64>,
) -> Result<(), ElectionError> {
    // How far the first lies behind the second.
    let behind = |one: i64, other: i64| u64::try_from(other.saturating_sub(one)).unwrap_or(0);
    let apart_ms = behind(after_ms, appended_ms).max(behind(appended_ms, before_ms));
    if CLOCK_APART_MS_MAX < apart_ms {
        return Err(ElectionError::ClockApart { apart_ms });
    }
    let behind_ms = last_recorded_ms.map_or(0, |last_ms| behind(after_ms, last_ms));
    if CLOCK_APART_MS_MAX < behind_ms {
        return Err(ElectionError::ClockBehind { behind_ms });
    }
    Ok(())
}

/// The heartbeat of a writer, which is also how it learns that it was replaced while it had nothing to write.
pub struct Heart {
    pulses: Pulses,
    epoch: u64,
    writer: WriterId,
}

impl Heart {
    /// For the writer that has begun the epoch at the end of `log`.
    ///
    /// # Errors
    /// The broker cannot be asked.
    pub fn of(log: &KafkaLog, pulses: Arc<dyn Partition>) -> Result<Heart, Fault> {
        let head = log.head();
        let pulses = Pulses::listen(pulses, head.ledger())?;
        Ok(Heart { pulses, epoch: head.epoch(), writer: head.writer() })
    }

    /// Says that the writer is there, once per interval; the epoch of another if it was heard: then this one is over, and
    /// nothing is answered any more.
    ///
    /// # Errors
    /// Nobody may have heard it. A writer that cannot be heard will be replaced, and finds out.
    pub fn beat(&mut self) -> Result<Option<u64>, Fault> {
        self.pulses.send(self.epoch, self.writer, PulseKind::Beat)?;
        let heard = self.pulses.hear()?;
        let beats = heard.iter().filter(|one| one.pulse.kind == PulseKind::Beat);
        Ok(beats.map(|one| one.pulse.epoch).filter(|epoch| self.epoch < *epoch).max())
    }
}

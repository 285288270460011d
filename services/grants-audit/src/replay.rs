//! The books on a day in the past: the log folded up to there, as it is recorded. Whether it is right is what
//! `verify` says; this only shows it.

use crate::{
    code::Code,
    commands::{Gatherer, Told},
    digest,
    report::Finding,
    source::Source,
    tree::Hash,
    walk::{Walk, hex},
};
use grants_domain::{
    ids::LedgerId,
    ledger,
    rules::Rules,
    state::{Draft, MemoryState, StateWrite},
    values::{Date, Sha256Hex, Timestamp},
};

/// Up to where a log is folded. The command that crosses it is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// To the end.
    End,
    /// Events up to and with this sequence.
    Sequence(u64),
    /// Commands that were recorded up to and with this day.
    Day(Date),
}

impl Until {
    fn holds(self, told: &Told) -> bool {
        match self {
            Self::End => true,
            Self::Sequence(last) => {
                let events = u64::try_from(told.events.len()).unwrap_or(u64::MAX);
                told.sequence.saturating_add(events) <= last.saturating_add(1)
            }
            Self::Day(day) => told.recorded_at.civil_date() <= day,
        }
    }
}

/// The books at a place of the log.
#[derive(Debug)]
pub struct Folded {
    /// Every row.
    pub state: MemoryState,
    /// How many events were folded.
    pub events: u64,
    /// Time of the last command.
    pub last: Option<Timestamp>,
    /// The root over the events, where the place is the end of a batch.
    pub root: Option<String>,
    /// Number of the state, to compare with others of the same place; only where the root is known.
    pub digest: Option<Sha256Hex>,
}

/// Folds a log. `each` sees every event with its sequence.
///
/// # Errors
/// What keeps the log from being read so far.
pub fn fold(
    source: &Source,
    rules: &mut dyn Rules,
    until: Until,
    each: &mut dyn FnMut(u64, &grants_domain::events::Event),
) -> Result<Folded, Finding> {
    let mut folded =
        Folded { state: MemoryState::default(), events: 0, last: None, root: None, digest: None };
    let read = commands(source, &mut |_, told| {
        if !until.holds(told) {
            return Ok(false);
        }
        take(&mut folded.state, rules, told)?;
        for (sequence, event) in (told.sequence..).zip(&told.events) {
            each(sequence, event);
            folded.events = sequence.saturating_add(1);
        }
        folded.last = Some(told.recorded_at);
        Ok(true)
    })?;
    if read.whole || folded.events == read.events {
        folded.root = Some(hex(&read.root));
        folded.digest = Some(digest::digest(&folded.state, folded.events, read.root, folded.last));
    }
    Ok(folded)
}

/// How far a log was read.
pub(crate) struct Read {
    /// To its end.
    pub(crate) whole: bool,
    /// Events read, those of the last batch included.
    pub(crate) events: u64,
    /// The root over them.
    pub(crate) root: Hash,
}

/// Reads a log command by command, until `each` wants no more.
///
/// # Errors
/// What keeps the log from being read, and what `each` finds.
pub(crate) fn commands(
    source: &Source,
    each: &mut dyn FnMut(LedgerId, &Told) -> Result<bool, Finding>,
) -> Result<Read, Finding> {
    let unreadable = |why: &dyn std::fmt::Display| Finding {
        code: Code::LogHalted,
        sequence: None,
        at: "log".to_owned(),
        recorded: why.to_string(),
        expected: "a log that can be read".to_owned(),
    };
    let mut walk = Walk::new(&*source.reader, []).map_err(|fault| unreadable(&fault))?;
    let mut gatherer: Option<Gatherer> = None;
    let mut whole = true;
    while let Some(batch) = walk.next()? {
        let ledger = LedgerId(walk.ledger().map_or([0; 16], |ledger| ledger.0));
        let gathered = gatherer.get_or_insert_with(|| Gatherer::new(ledger)).take(&batch);
        if let Some(finding) = gathered.findings.into_iter().next() {
            return Err(finding);
        }
        for told in &gathered.commands {
            if !each(ledger, told)? {
                whole = false;
                break;
            }
        }
        if !whole {
            break;
        }
    }
    Ok(Read { whole, events: walk.tree().size(), root: walk.tree().root() })
}

/// Takes a command into a state as it is recorded.
///
/// # Errors
/// The recorded events contradict the state.
pub(crate) fn take(state: &mut MemoryState, rules: &mut dyn Rules, told: &Told) -> Result<(), Finding> {
    let hash = told.asked.hash();
    let before: &MemoryState = state;
    let rows = crate::redecide::guarded(|| {
        let mut draft = Draft::on(before);
        let (command, sequence, recorded_at, events) =
            (told.id, told.sequence, told.recorded_at, &told.events);
        ledger::replay(&mut draft, rules, &ledger::Told { command, hash, sequence, recorded_at, events });
        draft.into_rows()
    });
    let rows = rows.map_err(|cause| Finding {
        code: Code::Undecidable,
        sequence: Some(told.sequence),
        at: told.asked.command().word().to_owned(),
        recorded: cause,
        expected: "a sound history".to_owned(),
    })?;
    rows.into_iter().for_each(|(key, row)| state.write(key, row));
    Ok(())
}

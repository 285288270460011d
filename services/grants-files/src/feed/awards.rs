//! What the feed remembers of the log, so that every entry can say what stands afterwards: awards, payments, recoveries.
//!
//! It is folded from the same events as the ledger's state and kept in memory alone: some hundred bytes for each award. A
//! publisher that starts folds it anew, which is also how it knows that the log is the one that it has published.

use grants_domain::{
    events::Event,
    ids::{AttemptId, AwardId, RecoveryId},
    values::{Fen, Reference, Text, Treasury},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    str::FromStr,
};

use super::entry::{Award, AwardStatus, Part, Standing};

/// An event does not fit what came before it: the log was written by a newer program, or this one is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the event at sequence {sequence} ({word}) does not fit what came before it: {what}")]
pub struct Contradiction {
    /// Sequence of the event.
    pub sequence: u64,
    /// Which event.
    pub word: &'static str,
    /// What does not fit.
    pub what: String,
}

/// Everything that is remembered.
#[derive(Debug, Default)]
pub struct Awards {
    pub(super) awards: BTreeMap<AwardId, Known>,
    pub(super) attempts: BTreeMap<AttemptId, Attempt>,
    pub(super) recoveries: BTreeMap<RecoveryId, Recovery>,
    /// Open applications whose payee is a natural person.
    pub(super) persons: BTreeSet<Reference>,
}

/// An award.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) award: Award,
    pub(super) status: AwardStatus,
    pub(super) held: bool,
    pub(super) confirmed: bool,
    pub(super) parts: Vec<Share>,
    /// Sequence of the entry that told its amount last.
    pub(super) amount_told: u64,
    /// Sequence of the entry that told its confirmation last.
    pub(super) confirmation_told: u64,
}

/// The part of one treasury.
#[derive(Debug)]
pub(super) struct Share {
    pub(super) line: Reference,
    pub(super) treasury: Treasury,
    pub(super) amount: Fen,
    pub(super) paid: Fen,
    pub(super) owed_back: Fen,
}

/// A payment that was instructed.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) line: Reference,
    /// Sequence of the entry that told that it arrived; 0 before.
    pub(super) told: u64,
}

/// A recovery that was proposed.
#[derive(Debug)]
pub(super) struct Recovery {
    pub(super) award: AwardId,
    pub(super) line: Reference,
    /// Sequence of the entry that told that it is owed; 0 before.
    pub(super) told: u64,
}

/// What is wrong with an event, until its place is known.
pub(super) type Wrong = String;

impl Awards {
    /// What stands of an award; nothing if no such award was decided.
    #[must_use]
    pub fn standing(&self, award: AwardId) -> Option<Standing> {
        Some(self.awards.get(&award)?.standing())
    }

    /// How many awards there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.awards.len()
    }

    /// Whether there is none yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.awards.is_empty()
    }

    pub(super) fn known(&mut self, award: AwardId) -> Result<&mut Known, Wrong> {
        self.awards.get_mut(&award).ok_or_else(|| format!("{award} is unknown"))
    }

    pub(super) fn attempt(&mut self, payment: AttemptId) -> Result<&mut Attempt, Wrong> {
        self.attempts.get_mut(&payment).ok_or_else(|| format!("{payment} is unknown"))
    }

    pub(super) fn recovery(&mut self, recovery: RecoveryId) -> Result<&mut Recovery, Wrong> {
        self.recoveries.get_mut(&recovery).ok_or_else(|| format!("{recovery} is unknown"))
    }
}

impl Known {
    pub(super) fn standing(&self) -> Standing {
        let part = |share: &Share| Part {
            treasury: share.treasury.clone(),
            amount: share.amount,
            paid: share.paid,
            owed_back: share.owed_back,
        };
        Standing {
            status: self.status,
            held: self.held,
            amount: self.amount(),
            paid: self.paid(),
            owed_back: self.sum(|share| share.owed_back),
            parts: self.parts.iter().map(part).collect(),
        }
    }

    pub(super) fn amount(&self) -> Fen {
        self.sum(|share| share.amount)
    }

    pub(super) fn paid(&self) -> Fen {
        self.sum(|share| share.paid)
    }

    fn sum(&self, of: impl Fn(&Share) -> Fen) -> Fen {
        // The ledger keeps the sum within the same range.
        self.parts.iter().fold(Fen::ZERO, |sum, share| sum.checked_add(of(share)).unwrap_or(Fen::MAX))
    }

    pub(super) fn share(&mut self, line: &Reference) -> Result<&mut Share, Wrong> {
        let found = self.parts.iter_mut().find(|share| share.line == *line);
        found.ok_or_else(|| format!("line {line} pays nothing of the award"))
    }

    /// Sets what each part is: as the event tells it, or all of it where one treasury pays.
    pub(super) fn set_amount<'a>(
        &mut self,
        to: Fen,
        told: impl Iterator<Item = (&'a Reference, Fen)>,
    ) -> Result<(), Wrong> {
        let mut some = false;
        for (line, amount) in told {
            self.share(line)?.amount = amount;
            some = true;
        }
        if let ([only], false) = (self.parts.as_mut_slice(), some) {
            only.amount = to;
        }
        match self.amount() == to {
            true => Ok(()),
            false => Err(format!("its parts are {} and not {to}", self.amount())),
        }
    }
}

impl Share {
    pub(super) fn pay(&mut self, amount: Fen) -> Result<(), Wrong> {
        self.paid = more(self.paid, amount)?;
        Ok(())
    }

    pub(super) fn give_back(&mut self, amount: Fen) -> Result<(), Wrong> {
        self.paid = less(self.paid, amount)?;
        Ok(())
    }

    pub(super) fn owe(&mut self, amount: Fen) -> Result<(), Wrong> {
        self.owed_back = more(self.owed_back, amount)?;
        Ok(())
    }

    pub(super) fn owe_less(&mut self, amount: Fen) -> Result<(), Wrong> {
        self.owed_back = less(self.owed_back, amount)?;
        Ok(())
    }
}

fn more(sum: Fen, amount: Fen) -> Result<Fen, Wrong> {
    sum.checked_add(amount).ok_or_else(|| format!("{sum} and {amount} is too much"))
}

pub(super) fn less(sum: Fen, amount: Fen) -> Result<Fen, Wrong> {
    sum.checked_sub(amount).ok_or_else(|| format!("{amount} is more than {sum}"))
}

/// The text of a value that fits its field.
pub(super) fn text<T: FromStr, V: Display>(value: V) -> Result<T, Wrong> {
    value.to_string().parse().map_err(|_| format!("{value} is too long"))
}

/// The name of a payment or a recovery.
pub(super) fn name(id: impl Display) -> Result<Text<24>, Wrong> {
    text(id)
}

pub(super) fn contradiction(sequence: u64, event: &Event, what: Wrong) -> Contradiction {
    Contradiction { sequence, word: event.word(), what }
}

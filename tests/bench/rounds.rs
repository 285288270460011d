//! Ledger and peers take turns: each decides, or keeps the bytes of, the same commands, round after round.

use crate::{
    Fallible,
    city::{City, Given, ask, feed},
    postgres::Postgres,
    raw::Keeps,
    replay::read_batches,
    threads::Threads,
};
use grants_ledger::{Busy, Ledger};
use std::time::{Duration, Instant};

/// How often ledger and peers take turns.
pub(crate) const ROUNDS: u32 = 10;

/// What one round took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Round {
    pub(crate) ledger: Duration,
    pub(crate) raw: Duration,
    pub(crate) postgres: Option<Duration>,
}

/// All rounds of one way to ask.
#[derive(Debug, Default)]
pub(crate) struct Rounds {
    pub(crate) commands: u64,
    pub(crate) batches: u64,
    pub(crate) bytes: u64,
    pub(crate) rounds: Vec<Round>,
    /// What the stages say of themselves, waiting for the disk and for the processor included.
    pub(crate) busy: Busy,
    /// What the system says of the threads, running only.
    pub(crate) threads: Threads,
}

/// Decisions in full batches.
pub(crate) fn full(city: &City, raw: &mut dyn Keeps, postgres: Option<&mut Postgres>) -> Fallible<Rounds> {
    let give = |ledger: &Ledger, given: Vec<Given>| feed(ledger, given).map(drop);
    let way = Way { count: city.decisions, skip: 0, give };
    way.go(city, raw, postgres, |postgres, given| postgres.decide(given))
}

/// Decisions one at a time: the next is given when the last is answered.
pub(crate) fn single(city: &City, raw: &mut dyn Keeps, postgres: Option<&mut Postgres>) -> Fallible<Rounds> {
    let give = |ledger: &Ledger, given: Vec<Given>| given.into_iter().try_for_each(|one| ask(ledger, one));
    let way = Way { count: city.singles, skip: city.decisions, give };
    way.go(city, raw, postgres, |postgres, given| given.chunks(1).map(|one| postgres.decide(one)).sum())
}

struct Way<G> {
    count: u32,
    /// Decisions that others have had.
    skip: u32,
    give: G,
}

impl<G: Fn(&Ledger, Vec<Given>) -> Fallible<()>> Way<G> {
    fn go(
        self,
        city: &City,
        raw: &mut dyn Keeps,
        mut postgres: Option<&mut Postgres>,
        decide: impl Fn(&mut Postgres, &[Given]) -> Fallible<Duration>,
    ) -> Fallible<Rounds> {
        let mut decisions = city.decisions().skip(usize::try_from(self.skip)?);
        let mut all = Rounds::default();
        let size = usize::try_from(self.count / ROUNDS)?;
        for _ in 0..ROUNDS {
            let given: Vec<Given> = decisions.by_ref().take(size).collect();
            let (ledger, batches) = self.turn(&city.ledger, given.clone(), &mut all)?;
            let raw = raw.append(&batches)?;
            let postgres = postgres.as_mut().map(|postgres| decide(postgres, &given)).transpose()?;
            all.commands += u64::try_from(given.len())?;
            all.rounds.push(Round { ledger, raw, postgres });
        }
        Ok(all)
    }

    /// The ledger's turn: until every answer is there and every row is written.
    fn turn(
        &self,
        ledger: &Ledger,
        given: Vec<Given>,
        all: &mut Rounds,
    ) -> Fallible<(Duration, Vec<Vec<u8>>)> {
        let (before, busy, threads) = (ledger.durable(), ledger.busy(), Threads::now());
        let start = Instant::now();
        (self.give)(ledger, given)?;
        let after = ledger.durable();
        ledger.read(after.next_sequence.checked_sub(1), |_| ())?;
        let took = start.elapsed();
        all.busy = plus(all.busy, since(ledger.busy(), busy));
        all.threads = std::mem::take(&mut all.threads).plus(Threads::now().since(&threads));
        let batches = read_batches(&*ledger.log(), before.next_batch, after.next_batch)?;
        all.batches += u64::try_from(batches.len())?;
        all.bytes += u64::try_from(batches.iter().map(Vec::len).sum::<usize>())?;
        Ok((took, batches))
    }
}

fn plus(one: Busy, other: Busy) -> Busy {
    Busy {
        deciding: one.deciding + other.deciding,
        appending: one.appending + other.appending,
        answering: one.answering + other.answering,
        writing: one.writing + other.writing,
        batches: one.batches + other.batches,
        commands: one.commands + other.commands,
        events: one.events + other.events,
    }
}

fn since(now: Busy, then: Busy) -> Busy {
    Busy {
        deciding: now.deciding.saturating_sub(then.deciding),
        appending: now.appending.saturating_sub(then.appending),
        answering: now.answering.saturating_sub(then.answering),
        writing: now.writing.saturating_sub(then.writing),
        batches: now.batches - then.batches,
        commands: now.commands - then.commands,
        events: now.events - then.events,
    }
}

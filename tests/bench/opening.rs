//! How long a ledger takes to open, against reading its log once.

use crate::{
    Fallible,
    city::{City, clock, home},
    replay::through,
};
use grants_ledger::{Ledger, OpenOptions};
use grants_policy::Library;
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// Two openings of the same ledger, and reading its log.
pub(crate) struct Openings {
    pub(crate) events: u64,
    pub(crate) read: Duration,
    /// After an orderly end: the state is there.
    pub(crate) restart: Duration,
    /// The state is thrown away and folded again.
    pub(crate) rebuild: Duration,
}

impl Openings {
    /// Closes the ledger of a city and opens it twice.
    pub(crate) fn of(city: City, folder: &Path) -> Fallible<Openings> {
        city.ledger.close()?;
        drop(city);
        let (restart, _) = open(folder, false)?;
        let (rebuild, replayed) = open(folder, true)?;
        let (ledger, opening) = Ledger::open(&home(folder), &options(false), Library::new(), clock()?)?;
        let (log, end) = (ledger.log(), opening.head.next_batch());
        through(&*log, end, |_| Ok(()))?;
        let read = through(&*log, end, |_| Ok(()))?;
        ledger.close()?;
        let events = opening.head.next_sequence();
        if replayed != events {
            return Err(format!("{replayed} of {events} events were folded again").into());
        }
        Ok(Openings { events, read, restart, rebuild })
    }
}

fn options(rebuild_state: bool) -> OpenOptions {
    OpenOptions { rebuild_state, ..OpenOptions::default() }
}

/// How long it took, and how many events were folded.
fn open(folder: &Path, rebuild_state: bool) -> Fallible<(Duration, u64)> {
    let start = Instant::now();
    let opened = Ledger::open(&home(folder), &options(rebuild_state), Library::new(), clock()?);
    let took = start.elapsed();
    let (ledger, opening) = opened?;
    ledger.close()?;
    Ok((took, opening.replayed.events))
}

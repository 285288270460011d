//! The benchmark: one run, on one disk, in which every figure is a ratio to a peer that does the like.
//!
//! `bench [DECISIONS [SINGLES]]`. Ledger and peers take turns in short rounds, so that a neighbour on the machine
//! slows them all. docs/benchmark.md says what the figures mean.

mod city; // the ledger with its enterprises, projects and applications
mod kafka; // the ledger on real brokers, and the peer that only sends bytes there
mod opening; // how long a ledger takes to open
mod postgres; // the peer that keeps rows
mod raw; // the peer that only keeps bytes
mod replay; // reading, hashing and deciding again
mod report; // what is printed
mod rounds; // ledger and peers take turns
mod threads; // who used the processor

use city::City;
use kafka::OnBrokers;
use opening::Openings;
use postgres::Postgres;
use raw::Raw;
use replay::Replays;
use std::error::Error;

/// The allocator of the programs that are measured: rows and traces are many small pieces.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a step gives, or why the benchmark cannot go on.
type Fallible<T> = Result<T, Box<dyn Error>>;

/// Decisions in full batches, unless the caller says otherwise: about two minutes in all.
const DECISIONS: u32 = 100_000;
/// Most decisions: more would only take time.
const DECISIONS_MAX: u32 = 2_000_000;
/// Decisions one at a time, unless the caller says otherwise.
const SINGLES: u32 = 1_000;
const SINGLES_MAX: u32 = 100_000;

fn main() -> Fallible<()> {
    let mut words = std::env::args().skip(1);
    let decisions = number(words.next(), DECISIONS, DECISIONS_MAX)?;
    let singles = number(words.next(), SINGLES, SINGLES_MAX)?;
    report::machine()?;
    let folder = tempfile::tempdir()?;
    println!("\npreparing {decisions} decisions in full batches and {singles} one at a time");
    let city = City::found(folder.path(), decisions, singles)?;
    let mut postgres = Postgres::start().and_then(|postgres| city.copy_to(postgres));
    let mut raw =
        [Raw::create(&folder.path().join("raw-full"))?, Raw::create(&folder.path().join("raw-single"))?];
    let [raw_full, raw_single] = &mut raw;
    let full = rounds::full(&city, raw_full, postgres.as_mut().ok())?;
    report::full(&full, &postgres);
    let single = rounds::single(&city, raw_single, postgres.as_mut().ok())?;
    report::single(&single, &postgres);
    if let Ok(postgres) = &mut postgres {
        report::same_money(city.reserved()?, postgres.reserved()?)?;
    }
    drop(postgres);
    report::replays(&Replays::of(&city)?);
    report::openings(&Openings::of(city, folder.path())?);
    for brokers in [1, 3] {
        // Each batch waits for brokers, so fewer tell as much.
        let measured = OnBrokers::measure(brokers, (decisions / 5).max(rounds::ROUNDS), singles);
        report::on_brokers(brokers, &measured);
    }
    Ok(())
}

fn number(word: Option<String>, default: u32, max: u32) -> Fallible<u32> {
    let number = word.map_or(Ok(default), |word| word.parse())?;
    if number < rounds::ROUNDS || max < number {
        return Err(format!("{number} is not between {} and {max}", rounds::ROUNDS).into());
    }
    Ok(number)
}

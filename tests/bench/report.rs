//! What is printed: the machine, then each figure as a ratio with its aim and with what bounds it.

use crate::{
    Fallible,
    kafka::OnBrokers,
    opening::Openings,
    postgres::Postgres,
    replay::Replays,
    rounds::{Round, Rounds},
};
use grants_ledger::{Clock, SystemClock};
use std::{fs, process::Command, time::Duration};

/// Where, when and what.
pub(crate) fn machine() -> Fallible<()> {
    let told = |program: &str, words: &[&str]| {
        let output = Command::new(program).args(words).output().ok().filter(|output| output.status.success());
        output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let unknown = || "unknown".to_owned();
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processor.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let model = model.map_or_else(unknown, |(_, name)| name.trim().to_owned());
    let cores = std::thread::available_parallelism()?;
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory =
        memory.lines().next().unwrap_or_default().split_whitespace().nth(1).unwrap_or("?").to_owned();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let changed = told("git", &["status", "--porcelain", "--untracked-files=no"]);
    let changed =
        if changed.is_some_and(|files| !files.is_empty()) { ", with uncommitted changes" } else { "" };
    println!("time       {}", SystemClock.now()?);
    println!("machine    {}", told("uname", &["-srm"]).unwrap_or_else(unknown));
    println!("processor  {model}, {cores} cores, {memory} kB of memory");
    println!("load       {} (1, 5 and 15 minutes before the run)", load_of(&load));
    println!(
        "revision   {}{changed}",
        told("git", &["rev-parse", "--short=12", "HEAD"]).unwrap_or_else(unknown)
    );
    println!("build      the profile dev of this workspace, checks on");
    Ok(())
}

fn load_of(text: &str) -> String {
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

/// Full batches.
pub(crate) fn full(rounds: &Rounds, postgres: &Fallible<Postgres>) {
    println!("\nFULL BATCHES: {}", size(rounds));
    against_raw(rounds, "0.50");
    against_postgres(rounds, postgres, "3.00, first step");
    let bytes = rounds.bytes.checked_div(rounds.commands).unwrap_or(0);
    println!("  log bytes per decision: {bytes} (aim: at most 900)");
    stages(rounds);
}

/// One at a time.
pub(crate) fn single(rounds: &Rounds, postgres: &Fallible<Postgres>) {
    println!("\nONE COMMAND PER BATCH: {}", size(rounds));
    against_raw(rounds, "0.90");
    against_postgres(rounds, postgres, "none set");
    stages(rounds);
}

/// Both decided the same: a ratio between different decisions would mean nothing.
pub(crate) fn same_money(ledger: i128, postgres: i128) -> Fallible<()> {
    if ledger != postgres {
        return Err(format!("the ledger set {ledger} fen aside, PostgreSQL {postgres}").into());
    }
    println!("\nLedger and PostgreSQL set the same sum aside: {ledger} fen.");
    Ok(())
}

/// Going through the log.
pub(crate) fn replays(replays: &Replays) {
    let Replays { events, commands, read, hashed, decided } = replays;
    println!("\nREPLAY: {events} events of {commands} commands, one thread, state in memory");
    println!(
        "  deciding again and comparing every byte, to reading and hashing: {} ({} against {})",
        ratio(*hashed, *decided),
        rate(*events, *decided, "events"),
        rate(*events, *hashed, "events"),
    );
    println!("  reading and hashing, to reading alone: {}", ratio(*read, *hashed));
    println!("  bound: deciding, one thread");
}

/// Opening.
pub(crate) fn openings(openings: &Openings) {
    let Openings { events, read, restart, rebuild } = openings;
    println!("\nOPENING: {events} events");
    println!(
        "  after an orderly end, in readings of the log: {} ({} ms against {} ms)",
        ratio(*restart, *read),
        restart.as_millis(),
        read.as_millis(),
    );
    println!(
        "  with the state folded again, in readings of the log: {} ({})",
        ratio(*rebuild, *read),
        rate(*events, *rebuild, "events"),
    );
    println!("  bound: folding is one thread's work; an opening without it is not taken apart here");
}

/// On brokers, or why not.
pub(crate) fn on_brokers(brokers: usize, measured: &Fallible<OnBrokers>) {
    let OnBrokers { full, single } = match measured {
        Ok(measured) => measured,
        Err(fault) => return println!("\nNOT MEASURED ON {brokers} BROKERS OF APACHE KAFKA: {fault}"),
    };
    for (way, rounds) in [("FULL BATCHES", full), ("ONE COMMAND PER BATCH", single)] {
        println!("\nAPACHE KAFKA, BROKERS ON THIS MACHINE: {brokers}, {way}: {}", size(rounds));
        let pairs: Vec<_> = rounds.rounds.iter().map(|round| (round.raw, round.ledger)).collect();
        println!("  to producing the same bytes one record after the other: {}", compare(rounds, &pairs));
        stages(rounds);
    }
}

fn size(rounds: &Rounds) -> String {
    let (commands, batches) = (rounds.commands, rounds.batches);
    let each = commands.checked_div(batches).unwrap_or(0);
    format!("{commands} decisions in {batches} batches of about {each}, {} rounds", rounds.rounds.len())
}

fn against_raw(rounds: &Rounds, aim: &str) {
    let pairs: Vec<_> = rounds.rounds.iter().map(|round| (round.raw, round.ledger)).collect();
    println!("  to the bare synced append of the same bytes: {} (aim: {aim})", compare(rounds, &pairs));
}

fn against_postgres(rounds: &Rounds, postgres: &Fallible<Postgres>, aim: &str) {
    let both = |round: &Round| round.postgres.map(|postgres| (postgres, round.ledger));
    let pairs: Vec<_> = rounds.rounds.iter().filter_map(both).collect();
    match postgres {
        Ok(postgres) => {
            println!("  to {}: {} (aim: {aim})", postgres.version(), compare(rounds, &pairs));
        }
        Err(fault) => println!("  NOT MEASURED AGAINST POSTGRESQL: {fault}"),
    }
}

/// The ratio of speeds over all rounds, that of the worst and of the best round, and both speeds.
fn compare(rounds: &Rounds, pairs: &[(Duration, Duration)]) -> String {
    let (peer, ledger): (Duration, Duration) =
        (pairs.iter().map(|pair| pair.0).sum(), pairs.iter().map(|pair| pair.1).sum());
    let mut each: Vec<_> = pairs.iter().map(|pair| hundredths(pair.0, pair.1)).collect();
    each.sort_unstable();
    let (worst, best) = (each.first().copied().unwrap_or(0), each.last().copied().unwrap_or(0));
    format!(
        "{}, rounds {} to {} ({} against {})",
        ratio(peer, ledger),
        point(worst),
        point(best),
        rate(rounds.commands, ledger, "decisions"),
        rate(rounds.commands, peer, "decisions"),
    )
}

/// Share of each stage, and of each thread, in the time of the ledger's turns.
fn stages(rounds: &Rounds) {
    let whole: Duration = rounds.rounds.iter().map(|round| round.ledger).sum();
    let busy = &rounds.busy;
    let appending = busy.appending + busy.answering;
    let stages =
        [("deciding", busy.deciding), ("appending and answering", appending), ("writing", busy.writing)];
    let told = stages.map(|(name, time)| format!("{name} {} %", hundredths(time, whole)));
    println!("  busy, waiting for disk and processor included: {}", told.join(", "));
    let mut running: Vec<_> =
        rounds.threads.0.iter().filter(|(_, time)| 0 < hundredths(**time, whole)).collect();
    running.sort_by_key(|(_, time)| std::cmp::Reverse(**time));
    let told: Vec<_> =
        running.iter().map(|(name, time)| format!("{name} {} %", hundredths(**time, whole))).collect();
    let all: Duration = rounds.threads.0.values().sum();
    println!("  running, of one core: {}; all together {} %", told.join(", "), hundredths(all, whole));
    let per = |time: Duration| time.as_nanos().checked_div(u128::from(rounds.commands)).unwrap_or(0);
    let told: Vec<_> = running.iter().map(|(name, time)| format!("{name} {}", per(**time))).collect();
    println!("  running, nanoseconds a decision: {}", told.join(", "));
    if let Some((name, time)) = stages.iter().max_by_key(|(_, time)| *time) {
        println!("  bound: {name}, busy for {} % of the time", hundredths(*time, whole));
    }
}

fn rate(count: u64, time: Duration, what: &str) -> String {
    let second = u128::from(count).saturating_mul(1_000_000_000).checked_div(time.as_nanos()).unwrap_or(0);
    format!("{second} {what}/s")
}

fn ratio(one: Duration, other: Duration) -> String {
    point(hundredths(one, other))
}

fn hundredths(one: Duration, other: Duration) -> u128 {
    one.as_nanos().saturating_mul(100).checked_div(other.as_nanos()).unwrap_or(0)
}

fn point(hundredths: u128) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

//! Random histories against an independent model: the ledger with the shipped catalogue on one side, lists and a pencil on
//! the other. Every outcome is compared, and after every command what stands.
//!
//! `GRANTS_SEED=n` plays one history again, `GRANTS_TORTURE=1` 100,000 commands. On a difference the shortest history that
//! still shows it is printed with both outcomes.
//!
//! Every measure of the shipped catalogue that pays is asked for and predicted, amount and refusal (`tally.rs` prints how
//! often, and fails where one was never awarded, refused or cut).
//!
//! Held here from the model's own lists: I-01 to I-08, I-10, I-12 to I-20, I-22, I-25 to I-27, I-33, I-32 as far as names and
//! codes change, and I-11 as far as a verb asks who came before (`check.rs`, `real/again.rs`). What is not a matter of sums stands in
//! `grants-domain/tests/suite/invariants.rs` under the same numbers.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    clippy::as_conversions,
    reason = "tests: what is not there fails them"
)]

mod chance;
mod check;
mod classes;
mod make;
mod model;
mod play;
mod real;
mod step;
mod tally;
mod told;
#[path = "../unlinted/rules.rs"]
mod unlinted; // the ledger's rules without the lint

use chance::{Chance, named_seed, torture};
use make::Maker;
use play::{Classes, Play, count, shortest};
use step::Step;
use tally::Tally;

/// Commands of one history.
const COMMANDS: usize = 400;
/// Histories of one run, and of a long one with 100,000 commands.
const HISTORIES: (u64, u64) = (120, 250);

#[test]
fn every_history_goes_as_the_policies_say() {
    let seeds: Vec<u64> = match named_seed() {
        Some(seed) => vec![seed],
        None => (1..=if torture() { HISTORIES.1 } else { HISTORIES.0 }).collect(),
    };
    let (mut classes, mut tally, mut commands) = (Classes::new(), Tally::default(), 0);
    for seed in &seeds {
        commands += history(*seed, &mut classes, &mut tally);
    }
    println!("{commands} commands in {} histories, from GRANTS_SEED={} on", seeds.len(), seeds[0]);
    for (class, count) in &classes {
        println!("{count:>8} {class}");
    }
    tally.print();
    if named_seed().is_none() {
        tally.every_measure_is_tried();
        classes::every_one_is_met(&classes);
    }
}

/// Plays one history; the number of its commands.
fn history(seed: u64, classes: &mut Classes, tally: &mut Tally) -> usize {
    let (mut play, mut maker, mut steps) = (Play::new(), Maker::new(seed), Vec::new());
    for _ in 0..COMMANDS {
        let step = maker.step(&play.model);
        steps.push(step.clone());
        match play.step(&step) {
            Ok(outcome) => {
                count(&outcome, &step, &play.model, classes);
                tally.note(&play.model, &step, &outcome);
            }
            Err(told) => fail(seed, steps, &told),
        }
    }
    if let Err(told) = real::replay(&play.world, &mut Chance::new(seed)) {
        fail(seed, steps, &told);
    }
    for entry in &play.world.log {
        entry
            .events
            .iter()
            .for_each(|event| *classes.entry(format!("event {}", event.word())).or_default() += 1);
    }
    steps.len()
}

/// Ends the test with the seed, the shortest history and both outcomes.
fn fail(seed: u64, steps: Vec<Step>, told: &str) -> ! {
    println!("GRANTS_SEED={seed}: step {} of its history: {told}", steps.len());
    let (steps, found) = shortest(steps, seed);
    let told: Vec<String> = steps
        .iter()
        .map(|step| {
            let Step { id, at, role, actor, wish } = step;
            let day = model::day::text(model::day::of_instant(*at));
            format!("{day} #{id} {role}:{actor} {wish:?}")
        })
        .collect();
    panic!("GRANTS_SEED={seed}\n{}\n{}", told.join("\n"), found.told);
}

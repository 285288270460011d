//! Commands come again, up to five times, the same or altered, to this process or to a later one: one effect, the
//! same answer, and what is altered is refused.

use crate::{
    house::{self, scratch},
    story::{Story, Verdict, exchange},
};
use grants_tests::{scale::rounds, seed::Seed};
use std::collections::BTreeMap;

/// Commands of a full run: some 2.6 lines come from one application.
const APPLICATIONS: u32 = 20_000;
const COMMANDS: u32 = 50_000;
/// Processes that serve one after the other.
const PROCESSES: usize = 6;
/// How often one command comes at most.
const TIMES_MAX: u64 = 5;

/// One coming of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Coming {
    line: usize,
    altered: bool,
}

#[test]
fn a_command_that_comes_again_has_one_effect_and_one_answer() {
    let number = Seed::of_run(0x7265_7065);
    println!("GRANTS_SEED={number}");
    let story = Story::of(rounds(APPLICATIONS), number);
    assert!(rounds(COMMANDS) as usize <= story.lines.len(), "{} lines are too few", story.lines.len());
    let folder = scratch();
    house::fresh(folder.path());
    let mut comings = 0;
    for process in schedule(&mut Seed::new(number), story.lines.len()) {
        let texts: Vec<&str> = process
            .iter()
            .map(|coming| {
                let line = &story.lines[coming.line];
                if coming.altered { line.altered.as_str() } else { line.text.as_str() }
            })
            .collect();
        comings += texts.len();
        // `place` has compared each answer with the one of the undisturbed run.
        let mut got: BTreeMap<(usize, bool), usize> = BTreeMap::new();
        for answer in exchange(folder.path(), &texts) {
            let (line, verdict) = story.place(&answer);
            *got.entry((line, verdict == Verdict::Conflict)).or_default() += 1;
        }
        let mut wanted: BTreeMap<(usize, bool), usize> = BTreeMap::new();
        process.iter().for_each(|coming| *wanted.entry((coming.line, coming.altered)).or_default() += 1);
        assert_eq!(got, wanted, "every coming has its answer, and altered ones only are refused");
    }
    println!("{} commands came {comings} times to {PROCESSES} processes", story.lines.len());
    let leaves = house::leaves(folder.path()).unwrap();
    assert_eq!(story.recovered(&leaves), story.lines.len(), "each command is in the log once");
    assert_eq!(house::digest(folder.path()).unwrap(), story.digest);
}

/// Which lines come to which process. The first coming of each line is unaltered, and first comings keep their order;
/// further ones follow anywhere behind it, in the same process or a later one.
fn schedule(seed: &mut Seed, lines: usize) -> Vec<Vec<Coming>> {
    let mut keyed: Vec<(u64, Coming)> = Vec::new();
    let last = lines as u64 * 1_000;
    for line in 0..lines {
        let first = line as u64 * 1_000;
        keyed.push((first, Coming { line, altered: false }));
        for _ in 1..1 + seed.below(TIMES_MAX) {
            // Half of them at once, while the first may still be under way.
            let reach = if seed.once_in(2) { 3_000 } else { last - first };
            let coming = Coming { line, altered: seed.once_in(3) };
            keyed.push((first + 1 + seed.below(reach), coming));
        }
    }
    keyed.sort_by_key(|(key, coming)| (*key, coming.line));
    // A first coming has a key of full thousands, which another line's repetition may share; its own never does.
    let comings: Vec<Coming> = keyed.into_iter().map(|(_, coming)| coming).collect();
    comings.chunks(comings.len().div_ceil(PROCESSES)).map(<[Coming]>::to_vec).collect()
}

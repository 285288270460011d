//! Idempotency is for ever: however often a command comes, and whatever came between, it has one effect and one
//! answer; another content under its id is refused.

use std::{collections::HashMap, fs};

use grants_eventlog::memory::Unknown;

use super::{
    chance::{Chance, scaled},
    city::{Given, year},
    stand::{Stand, end, feed, is_unknown},
};
use crate::{SubmitError, limits::Limits};

/// One arrival of a command.
#[derive(Clone)]
struct Arrival {
    given: Given,
    altered: bool,
}

/// Every command one to five times, the first time in order and as it is; later ones may be altered.
fn arrivals(chance: &mut Chance, originals: &[Given]) -> Vec<Arrival> {
    let mut placed = Vec::new();
    for (place, given) in originals.iter().enumerate() {
        placed.push(((place, 0), Arrival { given: given.clone(), altered: false }));
        for copy in 1..1 + chance.below(5) {
            let altered = chance.below(4) == 0;
            let given = if altered { given.altered() } else { given.clone() };
            let later = place + [0, 3, 300, originals.len()][chance.below(4)];
            placed.push(((later, copy), Arrival { given, altered }));
        }
    }
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, arrival)| arrival).collect()
}

#[test]
fn a_command_has_one_effect_and_one_answer_for_ever() {
    let mut chance = Chance::of_run("idempotency", 11);
    let originals = year(&mut chance, scaled(5_000));
    let (answers, once) = Stand::new(Limits::default()).run(&originals, 1_000);
    let answers: HashMap<_, _> = originals.iter().map(|given| given.id).zip(answers).collect();

    let stand = Stand::new(Limits::default());
    let arrivals = arrivals(&mut chance, &originals);
    let (mut left, mut unknown) = (Vec::new(), 0);
    for (process, part) in arrivals.chunks(arrivals.len().div_ceil(6)).enumerate() {
        left.extend_from_slice(part);
        if process == 2 {
            fs::remove_dir_all(stand.state()).unwrap();
        }
        let (ledger, _, orders) = stand.start();
        // The second and the fourth process meet a failing log on their way; nobody knows if its batch is kept.
        let failure = [None, Some(Unknown::Kept), None, Some(Unknown::Lost), None, None][process];
        let (before, after) = left.split_at(if failure.is_some() { left.len() / 2 } else { left.len() });
        let given = |part: &[Arrival]| part.iter().map(|one| one.given.clone()).collect::<Vec<_>>();
        let mut outcomes = feed(&ledger, &given(before), 700);
        if let Some(failure) = failure {
            orders.fail_append(failure);
            outcomes.extend(feed(&ledger, &given(after), 700));
            assert!(ledger.close().is_err(), "the fault is told");
        }
        let mut again = Vec::new();
        for (arrival, outcome) in left.iter().zip(outcomes) {
            if is_unknown(&outcome) {
                again.push(arrival.clone());
            } else if arrival.altered {
                assert_eq!(outcome, Err(SubmitError::IdConflict));
            } else {
                assert_eq!(outcome, answers[&arrival.given.id]);
            }
        }
        assert_eq!(again.is_empty(), failure.is_none(), "process {process}");
        unknown += again.len();
        left = again;
    }
    assert!(left.is_empty() && 0 < unknown);
    let (ledger, ..) = stand.start();
    assert_eq!(end(&ledger), once);
}

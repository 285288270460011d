//! A ledger is made, used, closed and opened again, and is the same as before.

use grants_domain::{
    context::{Actor, AuthMethod, Role},
    ids::LedgerId,
    state::{get, has},
    tables::{Applications, Ledgers},
};
use std::path::Path;

use super::{
    chance::Chance,
    city::{self, Given, year},
    rules::TinyRules,
    stand::{End, Stand, clock, end, end_of_folder, feed},
};
use crate::{CreateOptions, Ledger, OpenOptions, Opening, QueryError, Replayed, SubmitError, limits::Limits};

pub(super) fn options(simulated: bool) -> CreateOptions {
    let auth = if simulated { AuthMethod::Simulated } else { AuthMethod::Local };
    CreateOptions {
        id: LedgerId([7; 16]),
        name: "示例市".parse().unwrap(),
        origin: "ledger.example/city".to_owned(),
        simulated,
        opened_by: Actor { id: "policy-1".parse().unwrap(), role: Role::Policy, auth },
        address: String::new(),
    }
}

pub(super) fn create(dir: &Path) -> Ledger {
    Ledger::create(dir, &options(true), TinyRules::default(), Box::new(clock())).unwrap()
}

pub(super) fn open(dir: &Path, rebuild_state: bool) -> (Ledger, Opening) {
    let options = OpenOptions { address: String::new(), rebuild_state };
    Ledger::open(dir, &options, TinyRules::default(), Box::new(clock())).unwrap()
}

/// The commands of a year for a ledger that is open already.
pub(super) fn year_without_opening(chance: &mut Chance, count: usize) -> Vec<Given> {
    year(chance, count).split_off(1)
}

#[test]
fn a_ledger_in_memory_is_the_same_after_opening_again() {
    let stand = Stand::new(Limits::default());
    let given = year(&mut Chance::of_run("life", 1), 400);
    let (outcomes, before) = stand.run(&given, 64);
    assert!(outcomes.iter().all(Result::is_ok), "every command has an answer");
    assert!(outcomes.iter().flatten().any(|answer| answer.refused.is_some()), "some are refused");
    let (ledger, opening, _) = stand.start();
    assert_eq!(opening.replayed, Replayed::default(), "a clean end leaves nothing to fold");
    assert_eq!(end(&ledger), before);
}

#[test]
fn a_ledger_on_disk_is_the_same_after_opening_again() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("city");
    let ledger = create(&dir);
    let given = year_without_opening(&mut Chance::of_run("life", 2), 400);
    let outcomes = feed(&ledger, &given, 64);
    let before = end(&ledger);
    let busy = ledger.busy();
    assert_eq!(busy.events, before.events);
    assert!(!busy.deciding.is_zero() && !busy.appending.is_zero() && !busy.writing.is_zero(), "{busy:?}");
    drop(ledger);
    assert_eq!(end_of_folder(&dir), before);
    let (ledger, opening) = open(&dir, false);
    assert_eq!(opening.replayed, Replayed::default());
    assert_eq!(opening.head.next_sequence(), before.events);
    assert_eq!(opening.vouched_to.unwrap().next_batch, opening.head.next_batch(), "all of it is vouched for");
    assert_eq!(feed(&ledger, &given, 64), outcomes, "the same commands have the same answers");
    assert_eq!(end(&ledger), before);
}

#[test]
fn the_same_commands_have_the_same_root_on_every_log() {
    let given = year(&mut Chance::of_run("simulated", 3), 600);
    let in_memory = || {
        let stand = Stand::new(Limits::default());
        // The first command of a ledger on disk is given at its creation, under an id of its own.
        let opened = crate::sequencer::derived_id("grants/ledger.open/v1", &[&[7; 16]]);
        let mut given = given.clone();
        given[0].id = opened;
        stand.run(&given, 100).1
    };
    let on_disk = || -> End {
        let home = tempfile::tempdir().unwrap();
        let ledger = create(home.path());
        feed(&ledger, &given[1..], 33);
        end(&ledger)
    };
    let ends = [in_memory(), in_memory(), on_disk(), on_disk()];
    assert!(ends.iter().all(|end| *end == ends[0]), "{ends:?}");
}

#[test]
fn whoever_has_an_answer_can_read_what_it_did() {
    let stand = Stand::new(Limits::default());
    let (ledger, ..) = stand.start();
    let mut chance = Chance::of_run("reading", 4);
    feed(&ledger, &city::founding(&mut chance, 1_000), 100);
    for number in 1..200 {
        let name = format!("A-{number}");
        let given = Given::new(chance.bytes(), city::apply(&name, 0, "plain", 5, None));
        let answer = feed(&ledger, &[given], 1).remove(0).unwrap();
        let seen = ledger.read(Some(answer.sequence), |state| {
            assert!(has::<Ledgers>(state, &()));
            get::<Applications>(state, &name.parse().unwrap()).map(|row| row.sequence)
        });
        assert_eq!(seen, Ok(Some(answer.sequence)));
    }
    let next = ledger.durable().next_sequence;
    let early = ledger.read(Some(next), |_| ());
    assert_eq!(early, Err(QueryError::NotYet { asked: next, next }));
}

#[test]
fn only_the_right_identities_get_in() {
    let stand = Stand::new(Limits::default());
    let (ledger, ..) = stand.start();
    let given = Given::new([1; 16], city::open());
    let as_actor = |change: fn(&mut Actor)| {
        let mut given = given.clone();
        change(&mut given.actor);
        ledger.submit(given.command, given.id, given.actor).recv().unwrap()
    };
    let wrong = as_actor(|actor| actor.auth = AuthMethod::Local);
    assert_eq!(wrong, Err(SubmitError::WrongIdentity));
    let system = as_actor(|actor| actor.role = Role::System);
    assert_eq!(system, Err(SubmitError::Reserved));
    assert_eq!(ledger.durable().next_sequence, 0, "nothing was recorded");
    ledger.close().unwrap();
    let late = as_actor(|_| ());
    assert_eq!(late, Err(SubmitError::Closing));
}

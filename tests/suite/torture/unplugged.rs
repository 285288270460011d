//! The power goes after any call that a process has made: no answer had left before its batch was durable, and the
//! next process finds everything that was answered, and no half of a batch.

use crate::{
    calls::{self, Call, Deed},
    disk::{Disk, Left},
    house::{self, scratch},
    session::Session,
    story::Story,
};
use grants_tests::{scale::rounds, seed::Seed};
use std::{collections::BTreeSet, path::Path};

/// Places of a full run at which the power goes, three times each. The run itself has some hundreds.
const PLACES: u32 = 600;
/// Applications of the story, which has some 200 commands.
const APPLICATIONS: u32 = 75;

#[test]
fn what_was_answered_survives_a_power_cut_after_any_call() {
    if !calls::can_trace() {
        return;
    }
    let number = Seed::of_run(0x706f_7765);
    println!("GRANTS_SEED={number}");
    let mut seed = Seed::new(number);
    let story = Story::of(APPLICATIONS, number);
    let folder = scratch();
    let data = folder.path().join("data");
    house::fresh(&data);
    let mut disk = Disk::of(&data);
    let trace = folder.path().join("trace");
    live(&story, &data, &trace, &mut seed);
    if let Some(place) = option_env!("KEEP_TRACE") {
        std::fs::copy(&trace, place).unwrap();
    }
    let calls = calls::read(&trace, &data);
    let waited = calls::assert_answers_wait(&calls, story.ends[0] as u64);
    assert_eq!(waited, story.lines.len(), "every answer was seen in the trace");
    let places = chosen(&mut seed, calls.len());
    println!("{} lines, {} calls, {} power cuts", story.lines.len(), calls.len(), places.len() * 3);
    for (place, call) in calls.iter().enumerate() {
        disk.follow(call);
        if !places.contains(&place) {
            continue;
        }
        let answered = answered(&story, &calls[..=place], &calls[place + 1..]);
        for left in [Left::Nothing, Left::Everything, Left::Some(seed.next_u64())] {
            let after = scratch();
            disk.cut_power(left, after.path());
            restart(&story, after.path(), &answered, left).unwrap_or_else(|fault| {
                panic!("power cut after call {place} ({call:.120?}), {left:?}: {fault}")
            });
        }
    }
}

/// Gives the story in groups, and waits for each, so that there are many small batches.
fn live(story: &Story, data: &Path, trace: &Path, seed: &mut Seed) {
    let mut session = Session::start_under(&calls::tracer(trace, None), data);
    let (mut given, mut answers) = (0, Vec::new());
    while given < story.lines.len() {
        let group = (1 + seed.index(12)).min(story.lines.len() - given);
        for line in &story.lines[given..given + group] {
            assert!(session.give(&line.text));
        }
        given += group;
        answers.extend((0..group).map(|_| session.answer().expect("the process goes on")));
    }
    answers.extend(session.finish().well());
    assert_eq!(story.all_right(&answers).len(), story.lines.len());
}

/// Calls after which the power goes: all of them in a full run.
fn chosen(seed: &mut Seed, calls: usize) -> BTreeSet<usize> {
    let wanted = rounds(PLACES) as usize;
    if grants_tests::scale::torture() {
        return (0..calls).collect();
    }
    (0..wanted).map(|_| seed.index(calls)).collect()
}

/// Lines whose answers had begun to leave: those of ended calls, and of calls under way.
fn answered(story: &Story, ended: &[Call], later: &[Call]) -> BTreeSet<usize> {
    let now = ended.last().map_or(0, |call| call.time.end);
    let under_way = later.iter().filter(|call| call.time.start <= now);
    let texts: String = ended
        .iter()
        .chain(under_way)
        .filter_map(|call| if let Deed::Answer(text) = &call.deed { Some(text.as_str()) } else { None })
        .collect();
    let whole = texts.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let lines: Vec<String> = whole.lines().map(str::to_owned).collect();
    story.all_right(&lines)
}

/// The next process opens the ledger, and finds what was answered.
fn restart(story: &Story, data: &Path, answered: &BTreeSet<usize>, left: Left) -> Result<(), String> {
    let copied = scratch();
    house::copy(data, copied.path());
    let stored = house::settled(data, false)?;
    let held = story.assert_holds(&house::leaves(data)?, answered);
    // What was left of the state is looked at where it was torn.
    if matches!(left, Left::Some(_)) && stored != house::settled(copied.path(), true)? {
        return Err(format!("the state is not the one that the log gives; the log holds {held} lines"));
    }
    Ok(())
}

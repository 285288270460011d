//! The process is killed at any moment: what it has answered is there, nothing is there by half, and whoever gives
//! the same commands again gets the same answers.

use crate::{
    house::{self, scratch},
    session::{Ended, Session},
    story::Story,
};
use grants_tests::{scale::rounds, seed::Seed};
use std::{collections::BTreeSet, io::Write, path::Path, time::Duration};

/// Kills under load of a full run.
const KILLS_UNDER_LOAD: u32 = 60;
/// Kills per kill under load, at most: a quarter of all come while the process opens its ledger.
const KILLS_FACTOR_MAX: u32 = 6;
/// An opening takes less than this; a kill within it meets every stage of one.
const OPENING_MICROS: u64 = 250_000;
/// Applications of the story: so many that no life of a process lasts to its end.
const APPLICATIONS: u32 = 600;

#[test]
fn what_was_answered_survives_a_kill_at_any_moment() {
    let number = Seed::of_run(0x6b69_6c6c);
    println!("GRANTS_SEED={number}");
    let mut seed = Seed::new(number);
    let story = Story::of(APPLICATIONS, number);
    let (mut folder, mut answered, mut held) = begin();
    let (mut under_load, wanted) = (0_u32, rounds(KILLS_UNDER_LOAD));
    let mut round = 0_u32;
    while under_load < wanted {
        assert!(round < wanted * KILLS_FACTOR_MAX, "{under_load} of {round} kills were under load");
        if held == story.lines.len() {
            (folder, answered, held) = begin();
        }
        let moment = Moment::draw(&mut seed, story.lines.len() - held);
        // What was given before is given again, from anywhere: nobody knows what a dead process has read.
        let from = held - seed.index(held.min(50) + 1);
        let ended = live(&story, folder.path(), from, moment);
        // Some of what was given is answered, and some is still under way.
        let given = story.lines.len() - from;
        under_load += u32::from((1..given).contains(&ended.answers.len()));
        answered.extend(story.all_right(&ended.answers));
        held = story.assert_kept(folder.path(), &answered);
        println!(
            "round {round}: {moment:?} from line {from}, {} answers, {held} lines held",
            ended.answers.len()
        );
        if round % 8 == 7 || under_load == wanted {
            house::assert_state_follows_from_log(folder.path());
        }
        round += 1;
    }
    println!("{under_load} of {round} kills were under load");
    story.assert_completes(folder.path());
}

fn begin() -> (tempfile::TempDir, BTreeSet<usize>, usize) {
    let folder = scratch();
    house::fresh(folder.path());
    (folder, BTreeSet::new(), 0)
}

/// When a process is killed.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// So long after its start.
    AfterStart(Duration),
    /// So long after so many answers.
    AfterAnswers(usize, Duration),
}

impl Moment {
    fn draw(seed: &mut Seed, lines_left: usize) -> Moment {
        if seed.once_in(4) {
            return Moment::AfterStart(Duration::from_micros(seed.below(OPENING_MICROS)));
        }
        let answers = 1 + seed.index(lines_left.min(400));
        Moment::AfterAnswers(answers, Duration::from_micros(seed.below(3_000)))
    }
}

/// One life of a process: lines are poured in from a thread of their own until it is killed.
fn live(story: &Story, data: &Path, from: usize, moment: Moment) -> Ended {
    let mut session = Session::start(data);
    let mut input = session.take_input();
    let lines: Vec<String> = story.lines[from..].iter().map(|line| format!("{}\n", line.text)).collect();
    let pouring = std::thread::spawn(move || {
        // A killed process takes no more lines, and that ends this thread.
        let _ = lines.iter().try_for_each(|line| input.write_all(line.as_bytes()));
        input
    });
    let mut answers = Vec::new();
    match moment {
        Moment::AfterStart(time) => std::thread::sleep(time),
        Moment::AfterAnswers(count, time) => {
            answers.extend((0..count).map_while(|_| session.answer()));
            std::thread::sleep(time);
        }
    }
    let mut ended = session.kill();
    drop(pouring.join().unwrap());
    answers.append(&mut ended.answers);
    Ended { answers, ..ended }
}

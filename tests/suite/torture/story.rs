//! What is given to a ledger, and what must come of it: leaves, answers and state of a run that nothing disturbed.

use crate::{
    house::{self, scratch},
    session::Session,
};
use grants_domain::values::Sha256Hex;
use grants_eventlog::Hash;
use grants_tests::workload::{Shape, Workload, command_id};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    path::Path,
};

/// Lines under way at once; below what the ledger lets wait, so that nothing is turned away.
const UNDER_WAY_MAX: usize = 4_096;

/// One command, ready to be given.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) text: String,
    /// Another content under the same id.
    pub(crate) altered: String,
}

/// Commands in order, and the undisturbed run of them.
///
/// No clock, no randomness and no cutting into batches is in the leaves of a simulated ledger. So whatever happens to
/// a process, its log must be a beginning of this one, byte for byte.
pub(crate) struct Story {
    pub(crate) lines: Vec<Line>,
    /// The answer to each line.
    pub(crate) answers: Vec<String>,
    /// How long the log is after each line; the first number is that of the fresh ledger.
    pub(crate) ends: Vec<usize>,
    pub(crate) leaves: Vec<Hash>,
    pub(crate) digest: Sha256Hex,
    places: BTreeMap<String, usize>,
}

impl Story {
    /// A story with so many applications, told once without disturbance.
    pub(crate) fn of(applications: u32, seed: u64) -> Story {
        let folder = scratch();
        house::fresh(folder.path());
        let base = house::leaves(folder.path()).unwrap().len();
        let enterprises = (applications / 12).max(4);
        let workload = Workload::of(Shape { enterprises, projects: enterprises * 2, applications, seed });
        let decided = workload.applications().zip(workload.decisions()).flat_map(|(one, other)| [one, other]);
        let given = workload.ground().chain(decided);
        let mut lines: Vec<Line> = given
            .enumerate()
            .map(|(place, (id, command))| {
                Line::of(place, id.to_string(), serde_json::to_value(command).unwrap())
            })
            .collect();
        let mut answers = tell(folder.path(), &lines);
        // Awards get their number from the run itself; confirming and paying them are commands of several events.
        let awards: Vec<u64> =
            lines.iter().zip(&answers).filter_map(|(line, answer)| awarded(line, answer)).collect();
        let confirmed = awards
            .iter()
            .map(|award| ("confirm", json!({ "award.confirm": { "award": format!("AW-{award}") } })));
        let more: Vec<Line> = (lines.len()..)
            .zip(confirmed)
            .map(|(place, (what, command))| {
                Line::of(place, command_id(&format!("{what} {place}")).to_string(), command)
            })
            .collect();
        answers.extend(tell(folder.path(), &more));
        lines.extend(more);
        let ends = ends(base, &answers);
        let leaves = house::leaves(folder.path()).unwrap();
        assert_eq!(ends.last(), Some(&leaves.len()), "answers and log do not count the same events");
        let digest = house::settled(folder.path(), true).unwrap();
        let places = lines.iter().map(|line| line.id.clone()).zip(0..).collect();
        Story { lines, answers, ends, leaves, digest, places }
    }

    /// Which line an answer belongs to, and whether it is the right one. A conflict is right for altered lines only.
    pub(crate) fn place(&self, answer: &str) -> (usize, Verdict) {
        let value: Value = serde_json::from_str(answer).unwrap_or_else(|fault| panic!("{answer}: {fault}"));
        let id = value["id"].as_str().unwrap_or_else(|| panic!("{answer} names no command"));
        let place = self.places[id];
        if value["error"] == "id-conflict" {
            return (place, Verdict::Conflict);
        }
        assert_eq!(answer, self.answers[place], "another answer than without disturbance");
        (place, Verdict::Answered)
    }

    /// Takes answers that must all be right, and gives their places.
    pub(crate) fn all_right<'a>(&self, answers: impl IntoIterator<Item = &'a String>) -> BTreeSet<usize> {
        let right = |answer: &'a String| match self.place(answer) {
            (place, Verdict::Answered) => place,
            (_, Verdict::Conflict) => panic!("{answer}: nothing was altered"),
        };
        answers.into_iter().map(right).collect()
    }

    /// How many lines a log holds that is a beginning of the undisturbed one; no line may be there in part.
    pub(crate) fn recovered(&self, leaves: &[Hash]) -> usize {
        assert!(leaves.len() <= self.leaves.len(), "more was recorded than was given");
        let differs = leaves.iter().zip(&self.leaves).position(|(one, other)| one != other);
        assert_eq!(differs, None, "this event differs from the undisturbed log");
        let found = self.ends.binary_search(&leaves.len());
        found.unwrap_or_else(|_| panic!("the log ends within a command, after {} events", leaves.len()))
    }

    /// The log in `data`, which stays as it is, holds every line that was answered, and no half of one. Gives how many
    /// it holds.
    pub(crate) fn assert_kept(&self, data: &Path, answered: &BTreeSet<usize>) -> usize {
        let copied = scratch();
        house::copy(data, copied.path());
        let leaves =
            house::leaves(copied.path()).unwrap_or_else(|fault| panic!("the log does not open: {fault}"));
        self.assert_holds(&leaves, answered)
    }

    /// The same for leaves that were read.
    pub(crate) fn assert_holds(&self, leaves: &[Hash], answered: &BTreeSet<usize>) -> usize {
        let held = self.recovered(leaves);
        let lost: Vec<_> = answered.iter().filter(|place| held <= **place).collect();
        assert!(lost.is_empty(), "answered and lost: lines {lost:?}; the log holds {held} lines");
        held
    }

    /// Gives every line again, to a new process: the same answers, the undisturbed log, and its state.
    pub(crate) fn assert_completes(&self, data: &Path) {
        let answers = tell(data, &self.lines);
        self.all_right(&answers);
        assert_eq!(answers.len(), self.lines.len());
        let held = self.assert_kept(data, &(0..self.lines.len()).collect());
        assert_eq!(held, self.lines.len());
        assert_eq!(house::digest(data).unwrap(), self.digest, "the state differs from the undisturbed one");
    }
}

/// What an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Answered,
    Conflict,
}

impl Line {
    fn of(place: usize, id: String, command: Value) -> Line {
        let text = json!({ "id": id, "command": command }).to_string();
        let other =
            json!({ "application.withdraw": { "application": format!("A-{place}"), "reason": "altered" } });
        let altered = json!({ "id": id, "command": other }).to_string();
        Line { id, text, altered }
    }
}

/// Gives lines to one process, many under way at once, and waits for every answer, in the order of the lines.
pub(crate) fn tell(data: &Path, lines: &[Line]) -> Vec<String> {
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let answers = exchange(data, &texts);
    let by_id: BTreeMap<String, String> = answers
        .into_iter()
        .map(|answer| {
            (serde_json::from_str::<Value>(&answer).unwrap()["id"].as_str().unwrap().to_owned(), answer)
        })
        .collect();
    lines.iter().map(|line| by_id[&line.id].clone()).collect()
}

/// Gives texts to one process and gives its answers, in whatever order they came.
pub(crate) fn exchange(data: &Path, texts: &[&str]) -> Vec<String> {
    let mut session = Session::start(data);
    let mut answers = Vec::new();
    let mut given = 0;
    for chunk in texts.chunks(UNDER_WAY_MAX / 2) {
        while UNDER_WAY_MAX / 2 < given - answers.len() {
            answers.push(session.answer().expect("the process goes on"));
        }
        let text: String = chunk.iter().flat_map(|line| [*line, "\n"]).collect();
        let mut input = session.take_input();
        input.write_all(text.as_bytes()).unwrap();
        session.give_back(input);
        given += chunk.len();
    }
    answers.extend(session.finish().well());
    assert_eq!(answers.len(), texts.len(), "as many answers as commands");
    answers
}

fn ends(base: usize, answers: &[String]) -> Vec<usize> {
    let mut end = base;
    let mut ends = vec![end];
    for answer in answers {
        let value: Value = serde_json::from_str(answer).unwrap();
        assert_eq!(value["sequence"].as_u64(), Some(end as u64), "{answer}");
        end += usize::try_from(value["events"].as_u64().unwrap()).unwrap();
        ends.push(end);
    }
    ends
}

/// The number of the award that a decision proposed.
fn awarded(line: &Line, answer: &str) -> Option<u64> {
    let value: Value = serde_json::from_str(answer).unwrap();
    let decided = line.text.contains("application.decide") && value.get("refused").is_none();
    decided.then(|| value["sequence"].as_u64().unwrap())
}

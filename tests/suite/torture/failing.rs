//! Every write and every sync fails once, with a broken disk or a full one: after a failure of the log nothing is
//! answered, after any other nothing that was not durable before, the process ends, and the next one is right.

use crate::{
    calls::{self, Call, Deed},
    house::{self, scratch},
    session::Session,
    story::Story,
};
use grants_tests::{scale::torture, seed::Seed};
use std::{collections::BTreeMap, path::Path};

/// Applications of the story: some 35 commands, each a batch of its own.
const APPLICATIONS: u32 = 5;
/// Faults that a short run tries.
const FAULTS_SAMPLED: usize = 24;
/// A process that failed has ended within this time.
const END_MICROS_MAX: u64 = 5_000_000;

/// Which call fails how, and for the how-manieth time of a thread.
#[derive(Clone, Debug)]
struct Fault {
    name: &'static str,
    error: &'static str,
    time: usize,
}

#[test]
fn a_write_or_sync_that_fails_is_never_answered_over() {
    if !calls::can_trace() {
        return;
    }
    let number = Seed::of_run(0x6661_696c);
    println!("GRANTS_SEED={number}");
    let mut seed = Seed::new(number);
    let story = Story::of(APPLICATIONS, number);
    let every = faults(&story);
    let all = every.len();
    let mut wanted = every;
    while !torture() && FAULTS_SAMPLED < wanted.len() {
        wanted.swap_remove(seed.index(wanted.len()));
    }
    println!("{} of {all} faults", wanted.len());
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for fault in &wanted {
        let end = endure(&story, fault);
        println!("{fault:?}: {end}");
        *ends.entry(end).or_default() += 1;
    }
    println!("{ends:#?}");
}

/// Every fault of an undisturbed run: per thread, as the tracer counts.
fn faults(story: &Story) -> Vec<Fault> {
    let folder = scratch();
    let data = folder.path().join("data");
    house::fresh(&data);
    let trace = folder.path().join("trace");
    let mut session = Session::start_under(&calls::tracer(&trace, None), &data);
    for line in &story.lines {
        assert!(session.give(&line.text));
        story.all_right([&session.answer().unwrap()]);
    }
    session.finish().well();
    let mut faults = Vec::new();
    for name in ["fdatasync", "fsync", "write", "pwrite64"] {
        let most = calls::most_of_one_thread(&trace, name);
        assert!(0 < most, "no {name} was seen");
        for error in ["EIO", "ENOSPC"] {
            faults.extend((1..=most).map(|time| Fault { name, error, time }));
        }
    }
    faults
}

/// One run with a fault, and the next without. Gives what failed and how the process ended.
fn endure(story: &Story, fault: &Fault) -> String {
    let folder = scratch();
    let data = folder.path().join("data");
    house::fresh(&data);
    let trace = folder.path().join("trace");
    let rule = format!("{}:error={}:when={}", fault.name, fault.error, fault.time);
    println!("{rule}");
    let mut session = Session::start_under(&calls::tracer(&trace, Some(&rule)), &data);
    let mut answers = Vec::new();
    // One at a time: when a call of the log fails, no earlier answer is still on its way.
    for line in &story.lines {
        let Some(answer) = session.give(&line.text).then(|| session.answer()).flatten() else { break };
        answers.push(answer);
    }
    let ended = session.finish();
    answers.extend(ended.answers);
    let answered = story.all_right(answers.iter().filter(|line| !line.contains("\"failed\"")));
    let calls = calls::read(&trace, &data);
    calls::assert_answers_wait(&calls, story.ends[0] as u64);
    let failed: Vec<&Call> = calls.iter().filter(|call| call.injected).collect();
    let context = || format!("{fault:?}, {:?}: {}", ended.status, ended.errors);
    let well = ended.status.success();
    if well {
        assert_eq!(
            answered.len(),
            story.lines.len(),
            "a process that ends well has answered all: {}",
            context()
        );
    } else if let Some(fatal) = failed.iter().find(|call| call.of_the_log()).or(failed.last()) {
        let took = calls::lasted(&trace, fatal.micros);
        assert!(took <= END_MICROS_MAX, "{took} µs after the fault: {}", context());
    }
    if let Some(broken) = failed.iter().find(|call| call.of_the_log()) {
        assert!(!well, "the log failed, and the process went on: {}", context());
        let later = calls
            .iter()
            .find(|call| matches!(call.deed, Deed::Answer(_)) && broken.time.end < call.time.start);
        assert!(later.is_none(), "answered after the log had failed: {later:?} {}", context());
    }
    story.assert_kept(&data, &answered);
    story.assert_completes(&data);
    let place = failed.first().map_or("nothing", |call| call.place(&data));
    format!("{place} {}", if well { "passed over" } else { "ended the process" })
}

impl Call {
    /// The call would have made a batch durable.
    fn of_the_log(&self) -> bool {
        let (Deed::Write { path, .. } | Deed::Sync { path, .. }) = &self.deed else { return false };
        calls::is_journal(path) && path.parent().unwrap().ends_with("log")
    }

    /// What it concerned.
    fn place(&self, data: &Path) -> &'static str {
        let (Deed::Write { path, .. } | Deed::Sync { path, .. }) = &self.deed else {
            return "standard output";
        };
        let path = path.strip_prefix(data).unwrap_or(path);
        if self.of_the_log() {
            return "journal";
        }
        let known = [
            ("log/LOG", "diary"),
            ("state/rows/LOG", "diary"),
            ("log", "log"),
            ("state", "state"),
            ("head", "head file"),
        ];
        let more = [
            ("tiles", "tiles"),
            ("vault", "vault"),
            ("checkpoint", "checkpoint"),
            ("checkpoint.new", "checkpoint"),
        ];
        known.iter().chain(&more).find(|(front, _)| path.starts_with(front)).map_or("other", |(_, word)| word)
    }
}

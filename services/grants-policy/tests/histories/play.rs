//! Both sides in lockstep, and the shortest history that shows a difference.

use crate::{
    chance::Chance,
    check::check,
    model::{Award, Model},
    real::{World, replay},
    step::{Step, Wish},
    told::{Outcome, Told},
};
use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// How often each class of outcome was met.
pub(crate) type Classes = BTreeMap<String, usize>;

/// Where both sides differ.
#[derive(Debug)]
pub(crate) struct Difference {
    /// The step, counted from 0; behind the last one it is the log that replays otherwise.
    pub(crate) place: usize,
    pub(crate) told: String,
}

/// Most histories that are played to find a shorter one.
const TRIES: usize = 3_000;

/// Both sides of one history.
pub(crate) struct Play {
    pub(crate) model: Model,
    pub(crate) world: World,
}

impl Play {
    pub(crate) fn new() -> Self {
        Self { model: Model::new(), world: World::new() }
    }

    /// One step on both sides; the outcome if they agree.
    pub(crate) fn step(&mut self, step: &Step) -> Result<Outcome, String> {
        let expected = self.model.answer(step);
        let real =
            catch_unwind(AssertUnwindSafe(|| self.world.take(step))).map_err(|_| "it stops".to_owned())?;
        if expected != real {
            return Err(format!("the ledger says {real:?},\n    the model {expected:?}"));
        }
        check(&self.model, &self.world)?;
        Ok(real)
    }
}

/// Counts what happened.
pub(crate) fn count(outcome: &Outcome, step: &Step, model: &Model, classes: &mut Classes) {
    let mut note = |class: String| *classes.entry(class).or_default() += 1;
    match outcome {
        Outcome::Taken(told) => {
            for one in told {
                // A rejected application is told with its measure, which is in the rule.
                note(one.class());
                of_award(one, model).into_iter().for_each(&mut note);
            }
        }
        Outcome::Refused(code, rule) => {
            note(format!("refused: {code}"));
            if let (Some(sanction), "enterprise-barred") = (rule, code.as_str()) {
                return note(barred(step, sanction, model));
            }
            if let (Some(rule), Wish::Decide { .. }) = (rule, &step.wish) {
                note(format!("refused: {code} {rule}"));
            }
        }
        Outcome::Same(_) => note("repeated".to_owned()),
        Outcome::Conflict => note("conflict".to_owned()),
    }
}

/// What is special about the award of which something is told.
fn of_award(told: &Told, model: &Model) -> Vec<String> {
    let Some((name, what)) = told.of_award() else { return Vec::new() };
    let award = &model.awards[model.award(name).unwrap()];
    let several = (1 < award.parts.len()).then(|| format!("paid by several: {what}"));
    let kept = (0 < award.kept).then(|| format!("keeps room: {what}"));
    let applied_on = model.applications[model.application(name).unwrap()].submit.applied_on;
    let term = model.policies[award.version as usize - 1].answer("K-02", applied_on);
    let term = (award.measure.starts_with('E') && what == "proposed").then(|| format!("term {term}"));
    let first = model.first(&award.enterprise) != award.enterprise;
    let code = first.then(|| format!("another code: {what}"));
    let kin = (what == "proposed").then(|| cut_with_others(award, model)).flatten();
    [several, kept, code, term, kin.map(str::to_owned)].into_iter().flatten().collect()
}

/// Whether a cap cut an award because of what others of the group, or linked projects, had taken of it.
fn cut_with_others(award: &Award, model: &Model) -> Option<&'static str> {
    let cap = award.cap.as_ref().filter(|cap| cap.cut)?;
    let by_project = cap.cap.ends_with(".project");
    let own = |one: &&Award| match by_project {
        true => one.project == award.project,
        false => model.first(&one.enterprise) == model.first(&award.enterprise),
    };
    let of_cap = |one: &&Award| one.cap.as_ref().is_some_and(|other| other.cap == cap.cap);
    let others = model.awards.iter().filter(|one| one.name != award.name);
    let used: i128 = others.filter(of_cap).filter(own).map(Award::room).sum();
    let what = if by_project { "cut with linked projects" } else { "cut with others of the group" };
    (used < cap.used && cap.cap != "E2.limit").then_some(what)
}

/// At what somebody was barred, and whether by a sanction of its own.
fn barred(step: &Step, sanction: &str, model: &Model) -> String {
    let (verb, name) = match &step.wish {
        Wish::Decide { application } => ("decide", application),
        Wish::Confirm { award } => ("confirm", award),
        Wish::Instruct { award } => ("instruct", award),
        other => panic!("{other:?} is barred"),
    };
    let place = model.application(name).unwrap();
    let own = {
        let (code, _) = sanction.split_once(' ').unwrap_or_default();
        model.first(code) == model.first(&model.applications[place].submit.enterprise)
    };
    format!("barred: {verb} by {}", if own { "its own" } else { "another's" })
}

/// The first difference of a history.
pub(crate) fn difference(steps: &[Step], seed: u64) -> Option<Difference> {
    let found = catch_unwind(AssertUnwindSafe(|| {
        let mut play = Play::new();
        for (place, step) in steps.iter().enumerate() {
            if let Err(told) = play.step(step) {
                return Some(Difference { place, told });
            }
        }
        let replayed = replay(&play.world, &mut Chance::new(seed));
        replayed.err().map(|told| Difference { place: steps.len(), told })
    }));
    found.unwrap_or_else(|_| Some(Difference { place: steps.len(), told: "it stops".to_owned() }))
}

/// The history with as many steps left out as can be while it still ends in a difference.
pub(crate) fn shortest(mut steps: Vec<Step>, seed: u64) -> (Vec<Step>, Difference) {
    let mut found = difference(&steps, seed).expect("a history with a difference");
    steps.truncate(found.place + 1);
    let (mut size, mut tries) = (steps.len().div_ceil(2).max(1), 0);
    loop {
        let (mut from, mut shorter) = (0, false);
        while from < steps.len() && tries < TRIES {
            let mut fewer = steps.clone();
            fewer.drain(from..(from + size).min(steps.len()));
            tries += 1;
            match difference(&fewer, seed) {
                Some(other) => {
                    fewer.truncate(other.place + 1);
                    (steps, found, shorter) = (fewer, other, true);
                }
                None => from += size,
            }
        }
        if TRIES <= tries || (size == 1 && !shorter) {
            return (steps, found);
        }
        size = size.div_ceil(2).max(1);
    }
}

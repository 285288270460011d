//! `grants decide`: whatever can be decided is decided, by whoever has the power: a reviewer the applications, an
//! approver the proposed awards. Who gave the one may not give the other; the ledger sees to it.
//!
//! A recovery is proposed by rule and owed by a person's decision (K-35), which has a document of its own: the sheet
//! 追回决定 of an import. So it is never decided here, only named as waiting.

use crate::{
    actor::Actors,
    cli::Common,
    failure::Failure,
    house::House,
    ids::Moment,
    intake::{Became, Order},
    journal,
    output::{Said, heads},
    rows, tell,
};
use grants_domain::{
    application::{ApplicationStatus, decide::DecideApplication},
    award::{AwardStatus, confirm::ConfirmAward},
    commands::Command,
    context::{Actor, Role},
    events::Event,
    ids::RecoveryId,
    recovery::RecoveryStatus,
    state::{StateRead, get},
    tables::{Applications, Awards},
};
use grants_files::Texts;
use grants_policy::Library;
use serde_json::{Value, json};

/// The verb that decides a recovery.
const RECOVERY: &str = "recovery.approve";

/// What one order is about, and the order.
struct Task {
    about: String,
    order: Order,
}

/// Finds the tasks of one step.
type Step = fn(&dyn StateRead, &Desk<'_>) -> Vec<Task>;

/// Who decides, when, and by which rules.
struct Desk<'a> {
    actors: &'a Actors,
    rules: &'a Library,
    moment: Moment,
}

/// Performs it.
pub(crate) fn perform(common: &Common, texts: &Texts) -> Result<Said, Failure> {
    let house = House::open(common, texts)?;
    if house.actors.with(Role::Reviewer).is_none() && house.actors.with(Role::Approver).is_none() {
        house.actors.need(Role::Reviewer, texts)?;
    }
    let library = house.library()?;
    let mut json = Vec::new();
    let mut rows = Vec::new();
    // Awards that the first step proposes can be confirmed in the second.
    let steps: [Step; 2] = [reviews, approvals];
    for tasks in steps {
        let desk = Desk { actors: &house.actors, rules: &library, moment: house.moment()? };
        let tasks = house.read(|state| tasks(state, &desk))?;
        let about: Vec<(String, &'static str)> =
            tasks.iter().map(|task| (task.about.clone(), task.order.command.word())).collect();
        let orders = tasks.into_iter().map(|task| task.order).collect();
        let became = house.give(orders, &texts.get("program-deciding", &[]))?;
        for ((about, verb), became) in about.iter().zip(&became) {
            let (result, reason) = match rejection(&house, &library, became, texts)? {
                Some(rejected) => rejected,
                None => house.read(|state| result(state, about, became, texts))?,
            };
            json.push(json!({ "verb": verb, "about": about, "result": result, "reason": reason }));
            rows.push(vec![texts.verb(verb), about.clone(), result, reason]);
        }
    }
    if house.actors.with(Role::Approver).is_some() {
        for recovery in house.read(|state| proposed_recoveries(state))? {
            let result = texts.word("recovery-status", RecoveryStatus::Proposed.word());
            let reason = texts.get("program-recovery-waits", &[]);
            json.push(json!({ "verb": RECOVERY, "about": recovery, "result": result, "reason": reason }));
            rows.push(vec![texts.verb(RECOVERY), recovery.to_string(), result, reason]);
        }
    }
    house.close()?;
    let none = rows.is_empty();
    let said = Said::new(Value::Array(json));
    let head = heads(texts, &["head-verb", "head-about", "head-result", "head-reason"]);
    Ok(if none { said.line(texts.get("program-nothing-to-decide", &[])) } else { said.table(head, rows) })
}

fn reviews(state: &dyn StateRead, desk: &Desk<'_>) -> Vec<Task> {
    let Some(actor) = desk.actors.with(Role::Reviewer) else {
        return Vec::new();
    };
    let open = rows::open_applications(state).into_iter();
    open.map(|row| {
        let about = row.number.to_string();
        desk.task(state, about, DecideApplication { application: row.number }.into(), actor)
    })
    .collect()
}

fn approvals(state: &dyn StateRead, desk: &Desk<'_>) -> Vec<Task> {
    let Some(actor) = desk.actors.with(Role::Approver) else {
        return Vec::new();
    };
    let awards = rows::awards(state).into_iter().filter(|(_, row)| row.status == AwardStatus::Proposed);
    awards
        .map(|(award, _)| desk.task(state, award.to_string(), ConfirmAward { award }.into(), actor))
        .collect()
}

/// Recoveries that a rule has proposed and nobody has decided.
fn proposed_recoveries(state: &dyn StateRead) -> Vec<RecoveryId> {
    let all = rows::recoveries(state).into_iter();
    all.filter(|(_, row)| row.status == RecoveryStatus::Proposed).map(|(id, _)| id).collect()
}

impl Desk<'_> {
    fn task(&self, state: &dyn StateRead, about: String, command: Command, actor: &Actor) -> Task {
        let id = self.moment.id(state, self.rules, &about, &command, actor);
        Task { about, order: Order { id, command, actor: actor.clone() } }
    }
}

/// A rejection with the sentence of the rule that says no.
fn rejection(
    house: &House,
    library: &Library,
    became: &Became,
    texts: &Texts,
) -> Result<Option<(String, String)>, Failure> {
    let Some(answer) = became.answer().filter(|answer| answer.refused.is_none()) else {
        return Ok(None);
    };
    let event = journal::envelope(&*house.log()?, answer.sequence)?.map(|envelope| envelope.event);
    let Some(Event::ApplicationRejected(fact)) = event else {
        return Ok(None);
    };
    let catalogue = library.catalogue(fact.trace.version);
    let reason = match catalogue {
        Some(catalogue) => tell::last_sentence(&catalogue, &fact.trace, &fact.refused, texts),
        None => texts.refusal(&fact.refused),
    };
    Ok(Some((texts.word("application-status", ApplicationStatus::Rejected.word()), reason)))
}

/// What came of an order, in words: the state of what it was about, and the reason of a refusal.
fn result(state: &dyn StateRead, about: &str, became: &Became, texts: &Texts) -> (String, String) {
    let refused = became.answer().and_then(|answer| answer.refused.as_ref());
    if let Some(refused) = refused {
        return (texts.get("program-undecided", &[]), texts.refusal(refused));
    }
    if let Ok(award) = about.parse() {
        let row = get::<Awards>(state, &award);
        return row.map_or_else(Default::default, |row| {
            (texts.word("award-status", row.status.word()), row.amount.grouped())
        });
    }
    let application = about.parse().ok().and_then(|number| get::<Applications>(state, &number));
    let Some(row) = application else {
        return (texts.get("program-done", &[]), String::new());
    };
    let amount = row.award.and_then(|award| get::<Awards>(state, &award)).map(|award| award.amount.grouped());
    (texts.word("application-status", row.status.word()), amount.unwrap_or_default())
}

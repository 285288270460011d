//! Decide an application: the clause is assessed, and an award is proposed, queued or refused with its trace.

use crate::{
    accounts::{Account, transfer},
    application::{self, ApplicationStatus},
    award::{AwardProposed, AwardQueued, queue},
    context::Context,
    enterprise::lineage,
    events::Event,
    evidence,
    ids::AwardId,
    message,
    refusal::{RefusalCode, Refused},
    rules::{Ask, Assessment, Exhaustion, Outcome, Rules},
    sanction,
    state::{StateRead, StateWrite, change, get, remove},
    tables::{
        ApplicationRow, Applications, BudgetLineRow, BudgetLines, Enterprises, Ledgers, LinesFor,
        OpenApplications, Projects,
    },
    trace::{Hold, Trace},
    values::{Fen, Reference, Treasury},
};

message! {
    /// The request.
    pub struct DecideApplication {
        1 => application: Reference,
    }
}

message! {
    /// The fact of a rejection. An approval is told by `award.proposed`.
    pub struct ApplicationRejected {
        1 => application: Reference,
        2 => refused: Refused,
        3 => trace: Trace,
    }
}

/// Refuses: `ApplicationUnknown`, `ApplicationNotOpen`, `SameActor` (the submitter does not decide),
/// `EnterpriseBarred` (a sanction is in force today), whatever the clause lacks to be decided (`MeasureUnknown`, `FactMissing`, `FactTypeWrong`, `RateMissing`, `OutOfRange`, …),
/// `BudgetLineMissing`. What the clause denies is a recorded
/// rejection, not a refusal of the command.
pub(crate) fn decide(
    state: &dyn StateRead,
    rules: &dyn Rules,
    request: &DecideApplication,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    let row = application::open(state, &request.application)?;
    if row.submitted_by.id == context.actor.id {
        return Err(Refused::of(RefusalCode::SameActor).with("actor", &context.actor.id));
    }
    sanction::free(state, &row.enterprise, &row.measure, context.today())?;
    let Assessment { trace, outcome } = assess(state, rules, &row, context);
    match outcome {
        Outcome::Undecidable(refused) => Err(refused),
        Outcome::Rejected(refused) => Ok(vec![rejection(&row, refused, trace)]),
        Outcome::Due { amount, payer, holds, exhaustion } => {
            let (reference, line) = serving_line(state, &row, &payer, context)?;
            let due = Due { amount, payer, holds, exhaustion };
            Ok(propose(state, &row, due, trace, (reference, &line), context))
        }
    }
}

/// An amount that is due, as `Outcome::Due` says it.
struct Due {
    amount: Fen,
    payer: Treasury,
    holds: Vec<Hold>,
    exhaustion: Exhaustion,
}

fn rejection(row: &ApplicationRow, refused: Refused, trace: Trace) -> Event {
    ApplicationRejected { application: row.number.clone(), refused, trace }.into()
}

fn assess(state: &dyn StateRead, rules: &dyn Rules, row: &ApplicationRow, context: &Context) -> Assessment {
    // Invariant: an application stands, so its enterprise was registered and a policy published before.
    let version = get::<Ledgers>(state, &()).map_or(0, |ledger| ledger.version);
    // Whoever goes on for the applicant is who gets it: nobody new, and nobody who is gone.
    let enterprise = get::<Enterprises>(state, &lineage::current(state, &row.enterprise))
        .unwrap_or_else(|| panic!("application {} without its enterprise", row.number));
    let project = row.project.as_ref().and_then(|code| get::<Projects>(state, code));
    let ask = Ask {
        version,
        application: row,
        enterprise: &enterprise,
        project: project.as_ref(),
        today: context.today(),
        reviewing: None,
        reviving: false,
    };
    rules.assess(state, &ask)
}

/// The line of the paying treasury that serves the measure in the fiscal year of the decision.
fn serving_line(
    state: &dyn StateRead,
    row: &ApplicationRow,
    payer: &Treasury,
    context: &Context,
) -> Result<(Reference, BudgetLineRow), Refused> {
    let year = u32::try_from(context.today().year()).unwrap_or(0);
    let found = get::<LinesFor>(state, &(payer.clone(), year, row.measure.clone()))
        .and_then(|found| get::<BudgetLines>(state, &found.line).map(|line| (found.line, line)));
    found.ok_or_else(|| {
        let refused = Refused::of(RefusalCode::BudgetLineMissing).with("treasury", payer);
        refused.with("year", year).with("measure", &row.measure)
    })
}

fn propose(
    state: &dyn StateRead,
    row: &ApplicationRow,
    due: Due,
    trace: Trace,
    (reference, line): (Reference, &BudgetLineRow),
    context: &Context,
) -> Vec<Event> {
    // Those who wait go first: a smaller award never slips past the head of the queue.
    let short = line.available() < due.amount || 0 < line.queued;
    if short && due.exhaustion == Exhaustion::Refuse {
        let refused = Refused::of(RefusalCode::BudgetShort).with("available", line.available());
        return vec![rejection(row, refused.with("line", &reference), trace)];
    }
    let award = AwardId(context.sequence);
    let governing = trace.governing;
    let postings = match short {
        true => Vec::new(),
        false => transfer(&reference, Account::Available, Account::Reserved, due.amount),
    };
    let proposed = AwardProposed {
        award,
        application: row.number.clone(),
        enterprise: lineage::current(state, &row.enterprise),
        project: row.project.clone(),
        measure: row.measure.clone(),
        line: reference.clone(),
        payer: due.payer,
        amount: due.amount,
        holds: due.holds,
        trace,
        postings,
        decided_by: context.actor.clone(),
    };
    let mut events = vec![proposed.into()];
    if short {
        let position = queue::place(state, &reference, governing, award);
        events.push(AwardQueued { award, line: reference, governing, position, amount: due.amount }.into());
    }
    events
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &ApplicationRejected) {
    evidence::release(state, &fact.application);
    remove::<OpenApplications>(state, &fact.application);
    change::<Applications>(state, &fact.application, |row| row.status = ApplicationStatus::Rejected);
}

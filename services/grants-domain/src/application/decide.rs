//! Decide an application: the clause is assessed, and an award is proposed, queued or refused with its trace.

use crate::{
    accounts::Account,
    application::{self, ApplicationStatus},
    award::{
        AwardProposed, AwardQueued, queue,
        shares::{self, Payers, Share},
    },
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
        Outcome::Due { amount, payers, holds, exhaustion } => {
            let parts = parts(state, &row, &payers, amount, context)?;
            Ok(propose(state, &row, Due { amount, parts, holds, exhaustion }, trace, context))
        }
    }
}

/// An amount that is due, as `Outcome::Due` says it.
struct Due {
    amount: Fen,
    /// Who pays what of it from which line, and the line as it stands.
    parts: Vec<(Share, BudgetLineRow)>,
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

/// The part of every treasury that pays, with its line.
fn parts(
    state: &dyn StateRead,
    row: &ApplicationRow,
    payers: &Payers,
    amount: Fen,
    context: &Context,
) -> Result<Vec<(Share, BudgetLineRow)>, Refused> {
    let each = payers.each().iter().zip(payers.divide(amount));
    let part = |((treasury, weight), amount): (&(Treasury, u32), Fen)| {
        let (line, standing) = serving_line(state, row, treasury, context)?;
        Ok((Share { treasury: treasury.clone(), line, weight: *weight, amount }, standing))
    };
    each.map(part).collect()
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
    context: &Context,
) -> Vec<Event> {
    let Due { amount, parts, holds, exhaustion } = due;
    // Those who wait go first: a smaller award never slips past the head of the queue.
    let short = parts.iter().find(|(share, line)| line.available() < share.amount || 0 < line.queued);
    if let Some((share, line)) = short.filter(|_| exhaustion == Exhaustion::Refuse) {
        let refused = Refused::of(RefusalCode::BudgetShort).with("available", line.available());
        return vec![rejection(row, refused.with("line", &share.line), trace)];
    }
    let short = short.is_some();
    let (award, governing) = (AwardId(context.sequence), trace.governing);
    let amounts = parts.iter().map(|(share, _)| (&share.line, share.amount));
    let postings = match short {
        true => Vec::new(),
        false => shares::carried(amounts, Account::Available, Account::Reserved),
    };
    let shares: Vec<Share> = parts.into_iter().map(|(share, _)| share).collect();
    let waits = |share: &Share| {
        let (line, amount) = (share.line.clone(), share.amount);
        let position = queue::place(state, &line, governing, award);
        AwardQueued { award, line, governing, position, amount }.into()
    };
    let waits: Vec<Event> = shares.iter().filter(|_| short).map(waits).collect();
    // Invariant: somebody pays.
    let Some(Share { treasury, line, .. }) = shares.first().cloned() else {
        panic!("nobody pays award {award}");
    };
    let proposed = AwardProposed {
        award,
        application: row.number.clone(),
        enterprise: lineage::current(state, &row.enterprise),
        project: row.project.clone(),
        measure: row.measure.clone(),
        line,
        payer: treasury,
        amount,
        holds,
        trace,
        postings,
        decided_by: context.actor.clone(),
        shares: if 1 < shares.len() { shares } else { Vec::new() },
    };
    std::iter::once(proposed.into()).chain(waits).collect()
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &ApplicationRejected) {
    evidence::release(state, &fact.application);
    remove::<OpenApplications>(state, &fact.application);
    change::<Applications>(state, &fact.application, |row| row.status = ApplicationStatus::Rejected);
}

//! `grants explain`: why an award is what it is, or an application was refused, step by step from the log.

use crate::{bars, cli::Common, failure::Failure, journal, look::Look, output::Said, tell};
use grants_domain::{
    application::ApplicationStatus,
    award::propose::AwardProposed,
    events::Event,
    ids::AwardId,
    refusal::Refused,
    sanction::{self, Bar},
    state::get,
    tables::{ApplicationRow, Applications, Awards},
    trace::Trace,
    values::Reference,
};
use grants_eventlog::LogReader;
use grants_files::Texts;
use grants_policy::End;
use serde_json::Value;

/// What the log says of a decision.
enum Decision {
    Award(Box<AwardProposed>),
    Rejection(Box<(Refused, Trace)>),
}

/// Performs it.
pub(crate) fn perform(common: &Common, id: &str, texts: &Texts) -> Result<Said, Failure> {
    let look = Look::open(common, texts)?;
    let unknown = || Failure::usage(texts.get("program-unknown", &[("id", id)]));
    let award = id.parse::<AwardId>().ok();
    let decision = match award {
        Some(award) => proposed(&*look.log(), award)?,
        None => {
            let number: Reference = id.parse().map_err(|_| unknown())?;
            let row = look.read(|state| get::<Applications>(state, &number))?.ok_or_else(unknown)?;
            of_application(&*look.log(), &row)?
        }
    };
    let library = look.library();
    match decision {
        Some(Decision::Award(fact)) => {
            let end = End::Due { amount: fact.amount, holds: &fact.holds };
            let said = tell::explanation(library, fact.trace.version, &fact.trace, &end, texts);
            with_bars(said, &look, fact.award, texts)
        }
        Some(Decision::Rejection(rejected)) => {
            let (refused, trace) = *rejected;
            Ok(tell::explanation(library, trace.version, &trace, &End::Refused(&refused), texts))
        }
        None => {
            let day = look.day()?;
            let barred = look.read(|state| {
                let row = get::<Applications>(state, &id.parse().ok()?)?;
                let waits = row.status == ApplicationStatus::Submitted;
                let bar = sanction::bar(state, &row.enterprise, &row.measure, day).filter(|_| waits)?;
                Some(bars::told(&bar, &row.enterprise, texts))
            })?;
            let yet = texts.get("program-undecided-yet", &[("id", id)]);
            Err(Failure::found([yet].into_iter().chain(barred).collect()))
        }
    }
}

/// What sanctions say of an award beside its decision: which one it waits for, and which were in force on the day of the
/// decision and became known later. The decision stands.
fn with_bars(said: Said, look: &Look, id: AwardId, texts: &Texts) -> Result<Said, Failure> {
    let decided_on = journal::envelope(&*look.log(), id.0)?.map(|one| one.recorded_at.civil_date());
    let today = look.day()?;
    let found = look.read(|state| {
        let row = get::<Awards>(state, &id)?;
        let known = decided_on.map(|day| sanction::in_force(state, &row.enterprise, day)).unwrap_or_default();
        let later =
            known.into_iter().filter(|bar| bar.sanction.bars(&row.measure) && id.0 < bar.sanction.sequence);
        let later: Vec<Bar> = later.collect();
        let now = bars::of_award(state, &row, today);
        Some((row.enterprise, now, later))
    })?;
    let Some((enterprise, now, later)) = found else { return Ok(said) };
    let data = later.iter().map(bars::as_data).collect();
    let said =
        said.with("barred_by", now.as_ref().map_or(Value::Null, bars::as_data)).with("known_later", data);
    let told = |bar: &Bar| bars::told(bar, &enterprise, texts);
    let later = later.iter().map(|bar| texts.get("program-known-later", &[("what", &told(bar))]));
    let now = now.iter().map(|bar| texts.get("program-held", &[("what", &told(bar))]));
    Ok(said.lines(later.chain(now)))
}

fn of_application(log: &dyn LogReader, row: &ApplicationRow) -> Result<Option<Decision>, Failure> {
    match (row.award, row.status) {
        (Some(award), _) => proposed(log, award),
        (None, ApplicationStatus::Rejected) => rejected(log, row),
        (None, _) => Ok(None),
    }
}

/// An award is named after the sequence of its event.
fn proposed(log: &dyn LogReader, award: AwardId) -> Result<Option<Decision>, Failure> {
    let found = journal::envelope(log, award.0)?;
    let fact = found.and_then(|envelope| {
        if let Event::AwardProposed(fact) = envelope.event {
            Some(Decision::Award(Box::new(fact)))
        } else {
            None
        }
    });
    Ok(fact)
}

/// The first rejection behind the submission.
fn rejected(log: &dyn LogReader, row: &ApplicationRow) -> Result<Option<Decision>, Failure> {
    let mut found = None;
    journal::follow(log, row.sequence, |envelope| {
        if let Event::ApplicationRejected(fact) = envelope.event
            && fact.application == row.number
        {
            found = Some(Decision::Rejection(Box::new((fact.refused, fact.trace))));
        }
        found.is_none()
    })?;
    Ok(found)
}

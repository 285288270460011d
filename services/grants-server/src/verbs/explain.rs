//! `grants explain`: why an award is what it is, or an application was refused, step by step from the log.

use crate::{cli::Common, failure::Failure, journal, look::Look, output::Said, tell};
use grants_domain::{
    application::ApplicationStatus,
    award::propose::AwardProposed,
    events::Event,
    ids::AwardId,
    refusal::Refused,
    state::get,
    tables::{ApplicationRow, Applications},
    trace::Trace,
    values::Reference,
};
use grants_eventlog::LogReader;
use grants_files::Texts;
use grants_policy::End;

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
            Ok(tell::explanation(library, fact.trace.version, &fact.trace, &end, texts))
        }
        Some(Decision::Rejection(rejected)) => {
            let (refused, trace) = *rejected;
            Ok(tell::explanation(library, trace.version, &trace, &End::Refused(&refused), texts))
        }
        None => Err(Failure::found(vec![texts.get("program-undecided-yet", &[("id", id)])])),
    }
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

//! Lift a sanction (解除惩戒), or take it back because it was wrongly recorded. Another person than the one who recorded it
//! does it.
//!
//! From the day after its last one everything is as it was before: what waits is decided and paid as it stands then.

use crate::{
    context::{Actor, Context, Recorded},
    enterprise,
    events::Event,
    message,
    refusal::{RefusalCode, Refused},
    sanction::{self, DecisionDocument},
    state::{StateRead, StateWrite, change},
    tables::{SanctionEnd, Sanctions},
    values::{CreditCode, Date, Text},
};

message! {
    /// The request.
    pub struct LiftSanction {
        1 => enterprise: CreditCode,
        /// Number of the document that imposed it.
        2 => document: Text<80>,
        /// The last day on which it is in force; none if it never was.
        3 => until: Option<Date>,
        /// The document that lifts it.
        4 => by: DecisionDocument,
    }
}

message! {
    /// The fact.
    pub struct SanctionLifted {
        /// The code that it is recorded of.
        1 => enterprise: CreditCode,
        2 => document: Text<80>,
        3 => until: Option<Date>,
        4 => by: DecisionDocument,
        /// Sequence of the event that had imposed it.
        5 => imposed: u64,
        6 => approved_by: Actor,
    }
}

/// Refuses: `SanctionUnknown`, `SameActor`, `OutOfRange` (a last day before the first, or not before the one that stands),
/// `DayAhead` (of the document).
pub(crate) fn decide(
    state: &dyn StateRead,
    request: &LiftSanction,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    let LiftSanction { enterprise, document, until, by } = request.clone();
    let Some((enterprise, known)) = sanction::standing(state, &enterprise, &document) else {
        let refused = Refused::of(RefusalCode::SanctionUnknown).with("enterprise", &enterprise);
        return Err(refused.with("document", &document));
    };
    if known.recorded_by.id == context.actor.id {
        return Err(Refused::of(RefusalCode::SameActor).with("actor", &context.actor.id));
    }
    let outside = |day: Date| day < known.from || known.until.is_some_and(|last| last <= day);
    if until.is_some_and(outside) {
        let refused = Refused::of(RefusalCode::OutOfRange).with("from", known.from);
        return Err(match known.until {
            Some(last) => refused.with("until", last),
            None => refused,
        });
    }
    enterprise::has_come(by.on, context.today())?;
    let (imposed, approved_by) = (known.sequence, context.actor.clone());
    Ok(vec![SanctionLifted { enterprise, document, until, by, imposed, approved_by }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &SanctionLifted, recorded: Recorded) {
    let end = SanctionEnd { sequence: recorded.sequence, until: fact.until, by: fact.by.clone() };
    change::<Sanctions>(state, &fact.enterprise, |row| {
        for one in row.sanctions.iter_mut().filter(|one| one.sequence == fact.imposed) {
            one.lifted = Some(end.clone());
        }
    });
}

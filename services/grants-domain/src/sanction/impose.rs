//! Record a sanction against an enterprise (实施惩戒): while it is in force, nothing is awarded to it and nothing paid.
//!
//! It may name a code that nobody registered: a list of the credit authority comes before the application that it bars.
//! It may be recorded late, or before its first day. What was decided stays decided.

use crate::{
    context::{Actor, Context, Recorded},
    enterprise,
    events::Event,
    message,
    refusal::{RefusalCode, Refused},
    rules::Rules,
    sanction::{self, DecisionDocument, SANCTION_MEASURES_MAX, SANCTIONS_MAX, SanctionGround, SanctionReach},
    state::{StateRead, StateWrite, get},
    tables::{Ledgers, Sanction},
    values::{CreditCode, Date, Slug},
};
use std::collections::BTreeSet;

message! {
    /// The request.
    pub struct ImposeSanction {
        1 => enterprise: CreditCode,
        2 => ground: SanctionGround,
        /// The first day.
        3 => from: Date,
        /// The last day, if the document names one.
        4 => until: Option<Date>,
        /// What it bars: these measures, or all of them if there is none here.
        #[serde(default)]
        5 => measures: Vec<Slug>,
        6 => reach: SanctionReach,
        7 => document: DecisionDocument,
    }
}

message! {
    /// The fact.
    pub struct SanctionImposed {
        1 => enterprise: CreditCode,
        2 => ground: SanctionGround,
        3 => from: Date,
        4 => until: Option<Date>,
        #[serde(default)]
        5 => measures: Vec<Slug>,
        6 => reach: SanctionReach,
        7 => document: DecisionDocument,
        8 => recorded_by: Actor,
    }
}

/// Refuses: `OutOfRange` (a last day before the first, a measure twice, more measures or more sanctions of one code than are
/// looked at), `MeasureUnknown`, `SanctionKnown` (the document stands already), `DayAhead` (of the document).
pub(crate) fn decide(
    state: &dyn StateRead,
    rules: &dyn Rules,
    request: &ImposeSanction,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    let ImposeSanction { enterprise, ground, from, until, measures, reach, document } = request.clone();
    let known = sanction::recorded(state, &enterprise).len();
    let distinct: BTreeSet<&Slug> = measures.iter().collect();
    let sound = until.is_none_or(|until| from <= until)
        && distinct.len() == measures.len()
        && measures.len() <= SANCTION_MEASURES_MAX
        && known < SANCTIONS_MAX;
    if !sound {
        let refused = Refused::of(RefusalCode::OutOfRange).with("enterprise", &enterprise).with("from", from);
        return Err(refused.with("count", measures.len()).with("known", known));
    }
    let version = get::<Ledgers>(state, &()).map_or(0, |ledger| ledger.version);
    if let Some(unknown) = measures.iter().find(|measure| rules.shape(version, measure).is_none()) {
        return Err(Refused::of(RefusalCode::MeasureUnknown).with("measure", unknown));
    }
    if let Some((code, known)) = sanction::standing(state, &enterprise, &document.number) {
        let refused = Refused::of(RefusalCode::SanctionKnown).with("enterprise", code);
        return Err(refused.with("document", known.document.number).with("from", known.from));
    }
    enterprise::has_come(document.on, context.today())?;
    let recorded_by = context.actor.clone();
    let fact = SanctionImposed { enterprise, ground, from, until, measures, reach, document, recorded_by };
    Ok(vec![fact.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &SanctionImposed, recorded: Recorded) {
    let SanctionImposed { enterprise, ground, from, until, measures, reach, document, recorded_by } =
        fact.clone();
    let sequence = recorded.sequence;
    let lifted = None;
    let one = Sanction { ground, from, until, measures, reach, document, sequence, recorded_by, lifted };
    sanction::enter(state, &enterprise, one);
}

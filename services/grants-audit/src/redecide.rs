//! Decides every command again, on the state that the log has built so far, and compares each event.

mod before; // what must hold before anything is decided
mod guard; // contradictions do not end the program

pub(crate) use before::first_due;
pub(crate) use guard::guarded;
pub use guard::keep_contradictions_quiet;

use crate::{
    code::Code,
    commands::{Told, finding},
    diff,
    report::Finding,
};
use grants_domain::{
    context::Context,
    events::Event,
    ids::LedgerId,
    ledger::{self, Executed},
    rules::Rules,
    state::{Draft, MemoryState, StateWrite},
    values::Timestamp,
};

/// The state so far, and the rules to decide by.
pub(crate) struct Court<'r> {
    ledger: LedgerId,
    state: MemoryState,
    rules: &'r mut dyn Rules,
    last: Option<Timestamp>,
}

/// What became of one command.
pub(crate) struct Verdict {
    pub(crate) findings: Vec<Finding>,
    /// The same events were decided.
    pub(crate) same: bool,
    /// The recorded events fit the state, so that later commands can be decided again.
    pub(crate) goes_on: bool,
}

impl<'r> Court<'r> {
    /// An empty state.
    pub(crate) fn new(ledger: LedgerId, rules: &'r mut dyn Rules) -> Self {
        Self { ledger, state: MemoryState::default(), rules, last: None }
    }

    /// The state after everything that was judged.
    pub(crate) fn state(&self) -> &MemoryState {
        &self.state
    }

    /// Decides one command again, and takes what the log says into the state.
    pub(crate) fn judge(&mut self, told: &Told) -> Verdict {
        let mut findings = before::check(&self.state, self.ledger, self.last, told);
        self.last = Some(told.recorded_at);
        let context = Context {
            ledger: self.ledger,
            actor: told.actor.clone(),
            recorded_at: told.recorded_at,
            sequence: told.sequence,
            command: told.id,
        };
        let executed = guard::guarded(|| ledger::execute(&self.state, self.rules, &told.asked, &context));
        let difference = match &executed {
            Ok(decided) => difference(told, &decided.events),
            Err(cause) => Some(undecidable(told, cause)),
        };
        let same = difference.is_none();
        findings.extend(difference);
        let adopted = match executed {
            Ok(Executed { rows, .. }) if same => Ok(rows),
            Ok(_) | Err(_) => self.as_recorded(told),
        };
        let goes_on = match adopted {
            Ok(rows) => {
                rows.into_iter().for_each(|(key, row)| self.state.write(key, row));
                true
            }
            Err(cause) => {
                findings.push(undecidable(told, &cause));
                false
            }
        };
        Verdict { findings, same, goes_on }
    }

    /// The rows that the recorded events make, whatever should have been decided.
    fn as_recorded(&mut self, told: &Told) -> Result<Rows, String> {
        let hash = told.asked.hash();
        let (command, sequence, recorded_at, events) =
            (told.id, told.sequence, told.recorded_at, &told.events);
        guard::guarded(|| {
            let mut draft = Draft::on(&self.state);
            let told = ledger::Told { command, hash, sequence, recorded_at, events };
            ledger::replay(&mut draft, self.rules, &told);
            draft.into_rows()
        })
    }
}

type Rows = std::collections::BTreeMap<Vec<u8>, Option<std::sync::Arc<[u8]>>>;

fn undecidable(told: &Told, cause: &str) -> Finding {
    finding(
        Code::Undecidable,
        told.sequence,
        told.asked.command().word(),
        cause.to_owned(),
        "a sound history".to_owned(),
    )
}

/// The first place where recorded and decided events differ.
fn difference(told: &Told, decided: &[Event]) -> Option<Finding> {
    let recorded = &told.events;
    let pairs = recorded.iter().zip(decided);
    let same = pairs.take_while(|(recorded, decided)| recorded == decided).count();
    let sequence = told.sequence.saturating_add(u64::try_from(same).unwrap_or(u64::MAX));
    let nothing = || "nothing".to_owned();
    match (recorded.get(same), decided.get(same)) {
        (None, None) => None,
        (None, Some(left_out)) => {
            Some(finding(Code::EventMissing, sequence, "event", nothing(), diff::named(left_out)))
        }
        (Some(surplus), None) => {
            Some(finding(Code::EventSurplus, sequence, "event", diff::named(surplus), nothing()))
        }
        (Some(one), Some(other)) => {
            let refusal = |event: &Event| matches!(event, Event::CommandRefused(_));
            let code = if refusal(one) != refusal(other) {
                Code::OutcomeDiffers
            } else if one.word() != other.word() && decided.get(same + 1).map(Event::word) == Some(one.word())
            {
                Code::EventMissing
            } else if one.word() != other.word() && recorded.get(same + 1) == Some(other) {
                Code::EventSurplus
            } else {
                Code::EventDiffers
            };
            let (at, found, meant) = diff::first(one, other)?;
            Some(finding(code, sequence, &at, found, meant))
        }
    }
}

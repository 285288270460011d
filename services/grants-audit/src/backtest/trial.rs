//! The changed ledger: the commands of the log, decided by other rules, each on what the ones before it made.

use super::{
    came::Record,
    changed::Changed,
    names::{self, Fresh},
};
use crate::{
    commands::Told,
    redecide::{first_due, guarded},
};
use grants_domain::{
    asked::Asked,
    commands::Command,
    context::{Actor, AuthMethod, Context, Role},
    events::Event,
    followup::ContinueFollowUp,
    ids::LedgerId,
    ledger::{self, Executed},
    state::{Draft, MemoryState, StateWrite, get},
    tables::{Attempts, Recoveries},
    values::{CommandId, Timestamp},
};
use grants_policy::Catalogue;
use std::{collections::BTreeMap, sync::Arc};

/// Commands that no longer fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The word of the command.
    pub verb: &'static str,
    /// The code of the refusal; none if the changed history contradicts the command altogether.
    pub reason: Option<&'static str>,
    /// How many.
    pub count: u64,
}

/// The changed ledger so far.
pub(super) struct Trial {
    ledger: LedgerId,
    state: MemoryState,
    rules: Changed,
    record: Record,
    fresh: Fresh,
    skipped: BTreeMap<(&'static str, Option<&'static str>), u64>,
    last: Option<Timestamp>,
}

/// A command as the changed ledger is given it.
struct Given<'t> {
    asked: &'t Asked,
    context: Context,
    /// What the log says came of it.
    recorded: &'t [Event],
}

impl Trial {
    /// An empty ledger.
    pub(super) fn new(ledger: LedgerId, catalogue: Arc<Catalogue>) -> Self {
        let (rules, record, fresh) = (Changed::new(catalogue), Record::default(), Fresh::new());
        let (state, skipped) = (MemoryState::default(), BTreeMap::new());
        Self { ledger, state, rules, record, fresh, skipped, last: None }
    }

    /// Decides a command of the log. `before` is the state in which the log decided it.
    pub(super) fn take(&mut self, told: &Told, before: &MemoryState) {
        if matches!(told.asked.command(), Command::ContinueFollowUp(_)) {
            // The ledger's own work: the changed ledger goes on with whatever waits in it.
            if let Some((due, _)) = first_due(&self.state) {
                self.go_on(due, told.id, told.recorded_at, &told.events);
            }
        } else {
            self.work_off();
            let carried = carried_over(told.asked.command(), before, &self.state).map(Asked::of);
            let asked = carried.as_ref().unwrap_or(&told.asked);
            let context = self.context(told.actor.clone(), told.recorded_at, told.sequence, told.id);
            self.give(&Given { asked, context, recorded: &told.events });
        }
        self.last = Some(told.recorded_at);
    }

    /// The state at the end, what every application came to, and what no longer fitted. Work that waits is worked off
    /// where the log has none left either.
    pub(super) fn end(mut self, recorded: &MemoryState) -> (MemoryState, Record, Vec<Skipped>) {
        if first_due(recorded).is_none() {
            self.work_off();
        }
        let skipped = self.skipped.into_iter();
        let skipped = skipped.map(|((verb, reason), count)| Skipped { verb, reason, count });
        (self.state, self.record, skipped.collect())
    }

    /// While work waits, a ledger continues it before any new command.
    fn work_off(&mut self) {
        while let (Some((due, _)), Some(last)) = (first_due(&self.state), self.last) {
            // Behind the last moment of all there is none: then the same one has to do.
            let time = last.add_micros(1).unwrap_or(last);
            self.last = Some(time);
            let id = CommandId(u128::from(self.fresh.place()).to_be_bytes());
            if !self.go_on(due, id, time, &[]) {
                return;
            }
        }
    }

    /// Goes on with waiting work, at a place that stands for nothing in the log. Returns whether it was done.
    fn go_on(&mut self, due: ContinueFollowUp, id: CommandId, time: Timestamp, recorded: &[Event]) -> bool {
        let itself = Actor { id: system(), role: Role::System, auth: AuthMethod::Internal };
        let context = self.context(itself, time, self.fresh.place(), id);
        let asked = Asked::of(due.into());
        self.give(&Given { asked: &asked, context, recorded })
    }

    fn context(&self, actor: Actor, recorded_at: Timestamp, sequence: u64, command: CommandId) -> Context {
        Context { ledger: self.ledger, actor, recorded_at, sequence, command }
    }

    /// Decides a command and takes what comes of it. Returns whether it fits at all.
    fn give(&mut self, given: &Given<'_>) -> bool {
        let verb = given.asked.command().word();
        let (state, rules, fresh) = (&self.state, &mut self.rules, &mut self.fresh);
        let decided = guarded(|| {
            let Executed { mut events, .. } = ledger::execute(state, rules, given.asked, &given.context);
            if fresh.place() <= given.context.sequence {
                fresh.pass(events.len());
            }
            names::keep(given.recorded, &mut events, fresh);
            let Context { command, sequence, recorded_at, .. } = given.context;
            let hash = given.asked.hash();
            let mut draft = Draft::on(state);
            let told = ledger::Told { command, hash, sequence, recorded_at, events: &events };
            ledger::replay(&mut draft, rules, &told);
            (events, draft.into_rows())
        });
        let Ok((events, rows)) = decided else {
            self.skip(verb, None);
            return false;
        };
        rows.into_iter().for_each(|(key, row)| self.state.write(key, row));
        let decides = self.record.note(given.asked.command(), &events, given.context.sequence);
        if let (Some(reason), None, false) = (refused(&events), refused(given.recorded), decides) {
            self.skip(verb, Some(reason));
        }
        true
    }

    fn skip(&mut self, verb: &'static str, reason: Option<&'static str>) {
        let count = self.skipped.entry((verb, reason)).or_default();
        *count = count.saturating_add(1);
    }
}

/// The code under which a command was refused.
fn refused(events: &[Event]) -> Option<&'static str> {
    if let Some(Event::CommandRefused(fact)) = events.first() { Some(fact.refused.code.word()) } else { None }
}

/// The account of the ledger itself.
fn system() -> grants_domain::values::Reference {
    "ledger".parse().unwrap_or_else(|fault| panic!("the ledger's account is one: {fault}"))
}

/// A command with the amount that follows from the changed decision, where the one it names followed from the recorded
/// one: the bank pays what it is told to, and whoever gave back all that was asked would have done so.
fn carried_over(command: &Command, before: &MemoryState, now: &MemoryState) -> Option<Command> {
    if let Command::SettlePayment(request) = command {
        let then = get::<Attempts>(before, &request.payment).filter(|row| row.amount == request.amount)?;
        let amount = get::<Attempts>(now, &request.payment)?.amount;
        let mut request = request.clone();
        request.amount = amount;
        return (amount != then.amount).then(|| request.into());
    }
    if let Command::ReceiveRecovery(request) = command {
        let then = get::<Recoveries>(before, &request.recovery)?.outstanding();
        let due = get::<Recoveries>(now, &request.recovery)?.outstanding();
        let mut request = request.clone();
        let given = request.amount;
        request.amount = if given == then { due } else { given.min(due) };
        return (request.amount != given).then(|| request.into());
    }
    None
}

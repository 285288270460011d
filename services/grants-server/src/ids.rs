//! Command ids that follow from what is asked: who gives the same order twice on one day gives it once, unless
//! something has changed since it was answered.

use grants_domain::{
    asked::Asked,
    commands::Command,
    context::{Actor, Context},
    ids::LedgerId,
    ledger,
    refusal::Refused,
    state::{StateRead, get},
    tables::Commands,
    values::{CommandId, Date, Timestamp},
};
use grants_policy::Library;
use sha2::{Digest, Sha256};

/// The id of the order "this verb about this thing, by this actor, on this day".
pub(crate) fn order(verb: &str, key: &str, actor: &Actor, day: Date) -> CommandId {
    id_of(&["grants/order/v1", verb, key, actor.role.word(), actor.id.as_str(), &day.to_string()])
}

/// The same after an earlier order of this kind was answered at a sequence, and the world has changed since.
fn order_after(verb: &str, key: &str, actor: &Actor, day: Date, answered: u64) -> CommandId {
    let (day, answered) = (day.to_string(), answered.to_string());
    id_of(&["grants/order-after/v1", verb, key, actor.role.word(), actor.id.as_str(), &day, &answered])
}

fn id_of(parts: &[&str]) -> CommandId {
    let mut hash = Sha256::new();
    for part in parts {
        // A length before each part, so that no two lists of parts read the same.
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut id = [0; 16];
    id.copy_from_slice(digest.split_at(16).0);
    CommandId(id)
}

/// Where and when orders are given, as far as it can be known before.
pub(crate) struct Moment {
    pub(crate) ledger: LedgerId,
    pub(crate) next_sequence: u64,
    /// Not before the last command of the log.
    pub(crate) now: Timestamp,
    /// The day that orders are about.
    pub(crate) day: Date,
}

impl Moment {
    /// The id for an order about something that waits for it.
    ///
    /// An order that was refused stays refused for as long as it would be refused for the same reason: its id stays
    /// the same, and nothing is recorded. Once the reason has changed, or what was done is to be done again (a
    /// payment that the bank rejected), the sequence of the last answer makes another id.
    pub(crate) fn id(
        &self,
        state: &dyn StateRead,
        rules: &Library,
        key: &str,
        command: &Command,
        actor: &Actor,
    ) -> CommandId {
        let verb = command.word();
        let mut id = order(verb, key, actor, self.day);
        while let Some(answered) = get::<Commands>(state, &id) {
            let refused_again = answered.refused.is_some()
                && self.refusal(state, rules, command, actor, id) == answered.refused;
            if refused_again {
                return id;
            }
            id = order_after(verb, key, actor, self.day, answered.sequence);
        }
        id
    }

    /// Why the command would be refused now; nothing is recorded.
    fn refusal(
        &self,
        state: &dyn StateRead,
        rules: &Library,
        command: &Command,
        actor: &Actor,
        id: CommandId,
    ) -> Option<Refused> {
        let context = Context {
            ledger: self.ledger,
            actor: actor.clone(),
            recorded_at: self.now,
            sequence: self.next_sequence,
            command: id,
        };
        ledger::execute(state, &mut rules.clone(), &Asked::of(command.clone()), &context).answer.refused
    }
}

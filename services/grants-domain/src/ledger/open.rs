//! Open a ledger: its first event, which says whose it is and whether it is only a simulation.

use crate::{
    context::{Context, Recorded},
    events::Event,
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, has, put},
    tables::{LedgerRow, Ledgers},
    values::Text,
};

message! {
    /// The request.
    pub struct OpenLedger {
        1 => name: Text<80>,
        /// Marked for ever: clock, ids and keys of this ledger come from a script.
        2 => simulated: bool,
    }
}

message! {
    /// The fact.
    pub struct LedgerOpened {
        1 => id: crate::ids::LedgerId,
        2 => name: Text<80>,
        3 => simulated: bool,
    }
}

/// Refuses: `LedgerAlreadyOpen`.
pub(crate) fn decide(
    state: &dyn StateRead,
    request: &OpenLedger,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    if has::<Ledgers>(state, &()) {
        return Err(Refused::of(RefusalCode::LedgerAlreadyOpen));
    }
    let OpenLedger { name, simulated } = request.clone();
    Ok(vec![LedgerOpened { id: context.ledger, name, simulated }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &LedgerOpened, recorded: Recorded) {
    let LedgerOpened { id, name, simulated } = fact.clone();
    let row = LedgerRow { id, name, simulated, opened_at: recorded.at, version: 0 };
    put::<Ledgers>(state, &(), &row);
}

//! Change the credit code of an enterprise (统一社会信用代码变更): the same enterprise goes on under the new code.
//!
//! Applications and awards under the old code go on; everything about either code counts for both.

use crate::{
    context::{Actor, Context, Recorded},
    enterprise::{
        self,
        lineage::{self, LinkKind},
    },
    events::Event,
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, get, has, put},
    tables::{EnterpriseRow, Enterprises, LineageRow, Lineages},
    values::{CreditCode, Date, Text},
};

message! {
    /// The request.
    pub struct ChangeCode {
        /// The code until now.
        1 => enterprise: CreditCode,
        /// The code from now on.
        2 => code: CreditCode,
        3 => on: Date,
        4 => document: Text<80>,
    }
}

message! {
    /// The fact.
    pub struct EnterpriseCodeChanged {
        1 => enterprise: CreditCode,
        2 => code: CreditCode,
        3 => on: Date,
        4 => document: Text<80>,
        5 => recorded_by: Actor,
    }
}

/// Refuses: `OutOfRange` (the same code, or more codes in one lineage than are looked at), `EnterpriseUnknown`,
/// `EnterpriseEnded`, `EnterpriseKnown` (the new code is registered: what was registered apart is joined by a merger),
/// `DayAhead`.
pub(crate) fn decide(
    state: &dyn StateRead,
    request: &ChangeCode,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    enterprise::bounded(state, &request.enterprise, std::slice::from_ref(&request.code))?;
    enterprise::living(state, &request.enterprise)?;
    if has::<Enterprises>(state, &request.code) {
        return Err(Refused::of(RefusalCode::EnterpriseKnown).with("enterprise", &request.code));
    }
    enterprise::has_come(request.on, context.today())?;
    let ChangeCode { enterprise, code, on, document } = request.clone();
    let recorded_by = context.actor.clone();
    Ok(vec![EnterpriseCodeChanged { enterprise, code, on, document, recorded_by }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &EnterpriseCodeChanged, recorded: Recorded) {
    let EnterpriseCodeChanged { enterprise, code, on, recorded_by, .. } = fact;
    let row = get::<Enterprises>(state.as_read(), enterprise)
        .unwrap_or_else(|| panic!("an unknown enterprise changes its code"));
    put::<Enterprises>(state, code, &EnterpriseRow { code: code.clone(), ..row });
    // Its names of before go along, so that an account under one of them still waits for the new one.
    let old = get::<Lineages>(state.as_read(), enterprise).unwrap_or(LineageRow::EMPTY);
    let names = LineageRow { from: Vec::new(), into: Vec::new(), ..old };
    put::<Lineages>(state, code, &names);
    lineage::join(state, (enterprise, code), LinkKind::CodeChange, (*on, recorded.sequence), recorded_by);
}

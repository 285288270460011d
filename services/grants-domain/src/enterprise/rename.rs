//! Rename an enterprise (名称变更): the same enterprise, and nobody new. With the account under the new name, or
//! without: then payment waits until a further event brings it.

use crate::{
    context::{Actor, Context},
    enterprise,
    events::Event,
    message,
    people::Payee,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, change, get, put},
    tables::{Enterprises, LineageRow, Lineages},
    values::{CreditCode, Date, Text},
};

message! {
    /// The request.
    pub struct RenameEnterprise {
        1 => enterprise: CreditCode,
        /// The name it has from now on; the one it has, if only the account is brought.
        2 => name: Text<100>,
        /// Its account under that name.
        3 => payee: Option<Payee>,
        4 => on: Date,
        /// 准予变更登记通知书 or another document that says so.
        5 => document: Text<80>,
    }
}

message! {
    /// The fact.
    pub struct EnterpriseRenamed {
        1 => enterprise: CreditCode,
        /// The name until then.
        2 => from: Text<100>,
        3 => name: Text<100>,
        4 => payee: Option<Payee>,
        5 => on: Date,
        6 => document: Text<80>,
        7 => recorded_by: Actor,
    }
}

/// Refuses: `EnterpriseUnknown`, `EnterpriseEnded`, `DayAhead`, `NothingChanges` (the same name, and no other account).
pub(crate) fn decide(
    state: &dyn StateRead,
    request: &RenameEnterprise,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    let row = enterprise::living(state, &request.enterprise)?;
    enterprise::has_come(request.on, context.today())?;
    let brings = request.payee.is_some() && request.payee != row.payee;
    if row.name == request.name && !brings {
        return Err(Refused::of(RefusalCode::NothingChanges).with("enterprise", &request.enterprise));
    }
    let RenameEnterprise { enterprise, name, payee, on, document } = request.clone();
    let (from, recorded_by) = (row.name, context.actor.clone());
    Ok(vec![EnterpriseRenamed { enterprise, from, name, payee, on, document, recorded_by }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &EnterpriseRenamed) {
    change::<Enterprises>(state, &fact.enterprise, |row| {
        row.name.clone_from(&fact.name);
        if fact.payee.is_some() {
            row.payee.clone_from(&fact.payee);
        }
    });
    let mut lineage = get::<Lineages>(state.as_read(), &fact.enterprise).unwrap_or(LineageRow::EMPTY);
    if fact.from != fact.name {
        lineage.former.push(fact.from.clone());
    }
    if fact.payee.is_some() {
        lineage.account_by = Some(fact.recorded_by.clone());
    }
    put::<Lineages>(state, &fact.enterprise, &lineage);
}

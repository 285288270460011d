//! Register an enterprise, once; later registrations of the same code are refused.

use crate::{
    context::Context,
    events::Event,
    message,
    people::{Payee, Sealed},
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, has, put},
    tables::{EnterpriseRow, Enterprises},
    values::{CreditCode, Slug, Text, Treasury},
};

message! {
    /// The request.
    pub struct RegisterEnterprise {
        1 => code: CreditCode,
        2 => name: Text<100>,
        /// The treasury that receives its tax: 受益财政, 9 digits.
        3 => treasury: Treasury,
        /// Industry by the catalogue's list; none if it is on no list.
        4 => industry: Option<Slug>,
        5 => legal_representative: Option<Sealed>,
        6 => contact: Option<Sealed>,
        7 => payee: Option<Payee>,
    }
}

message! {
    /// The fact.
    pub struct EnterpriseRegistered {
        1 => enterprise: EnterpriseRow,
    }
}

/// Refuses: `OutOfRange` (a sealed text too long), `EnterpriseKnown`.
pub(crate) fn decide(
    state: &dyn StateRead,
    request: &RegisterEnterprise,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    Sealed::bounded(request.legal_representative.iter().chain(&request.contact))?;
    if has::<Enterprises>(state, &request.code) {
        return Err(Refused::of(RefusalCode::EnterpriseKnown).with("enterprise", &request.code));
    }
    let RegisterEnterprise { code, name, treasury, industry, legal_representative, contact, payee } =
        request.clone();
    let registered_by = context.actor.clone();
    let enterprise =
        EnterpriseRow { code, name, treasury, industry, legal_representative, contact, payee, registered_by };
    Ok(vec![EnterpriseRegistered { enterprise }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &EnterpriseRegistered) {
    put::<Enterprises>(state, &fact.enterprise.code, &fact.enterprise);
}

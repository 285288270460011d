//! Whose account an enterprise is paid into: the one of the code under which it goes on, under the name it has now
//! (I-13, A-11).

use crate::{
    context::Actor,
    enterprise::lineage,
    people::Payee,
    refusal::{RefusalCode, Refused},
    state::{StateRead, get},
    subject,
    tables::{Enterprises, Lineages},
    values::CreditCode,
};

/// The account of an enterprise, and who recorded it if a change of name brought it.
///
/// Refuses `PayeeDiffers`: the enterprise was renamed, and the account stands under another name than it has now. It
/// is no new beneficiary; the event that brings the account of the new name releases what waits.
pub(crate) fn of(
    state: &dyn StateRead,
    code: &CreditCode,
) -> Result<Option<(Payee, Option<Actor>)>, Refused> {
    let now = lineage::current(state, code);
    let Some(enterprise) = get::<Enterprises>(state, &now) else {
        return Ok(None);
    };
    let Some(payee) = enterprise.payee else {
        return Ok(None);
    };
    let Some(lineage) = get::<Lineages>(state, &now) else {
        return Ok(Some((payee, None)));
    };
    // Of an enterprise that never changed its name the account may carry an addition, such as the kind of account.
    let renamed = !lineage.former.is_empty();
    if renamed && subject::folded(payee.name.as_str()) != subject::folded(enterprise.name.as_str()) {
        let refused = Refused::of(RefusalCode::PayeeDiffers).with("enterprise", &now);
        return Err(refused.with("name", &enterprise.name).with("account-name", &payee.name));
    }
    Ok(Some((payee, lineage.account_by)))
}

//! Enterprises: who receives. Identified by 统一社会信用代码; names of people stand sealed.
//!
//! An enterprise changes: its name, its code, what it consists of. Each change is an event with document and day, and
//! `lineage.rs` says what it carries along (I-32).

pub mod affiliate;
pub mod affiliates;
pub mod change_code;
pub mod disaffiliate;
pub mod lineage;
pub mod merge;
pub mod payee;
pub mod register;
pub mod rename;
pub mod split;
pub mod unlink;

use crate::{
    refusal::{RefusalCode, Refused},
    state::{StateRead, get},
    tables::{EnterpriseRow, Enterprises, Lineages},
    values::{CreditCode, Date},
};
use std::collections::BTreeSet;

/// Most enterprises that one event joins to another, or splits off.
pub const MERGED_MAX: usize = 16;

/// Refuses `EnterpriseUnknown`.
pub(crate) fn registered(state: &dyn StateRead, code: &CreditCode) -> Result<EnterpriseRow, Refused> {
    let unknown = || Refused::of(RefusalCode::EnterpriseUnknown).with("enterprise", code);
    get::<Enterprises>(state, code).ok_or_else(unknown)
}

/// A registered enterprise that goes on under this code. Refuses `EnterpriseUnknown`, `EnterpriseEnded`.
pub(crate) fn living(state: &dyn StateRead, code: &CreditCode) -> Result<EnterpriseRow, Refused> {
    let row = registered(state, code)?;
    if get::<Lineages>(state, code).is_some_and(|row| row.next().is_some()) {
        let refused = Refused::of(RefusalCode::EnterpriseEnded).with("enterprise", code);
        return Err(refused.with("successor", lineage::current(state, code)));
    }
    Ok(row)
}

/// Refuses `DayAhead`: a change is recorded once its day has come.
pub(crate) fn has_come(on: Date, today: Date) -> Result<(), Refused> {
    match today < on {
        true => Err(Refused::of(RefusalCode::DayAhead).with("of", "on").with("day", on).with("today", today)),
        false => Ok(()),
    }
}

/// Refuses `OutOfRange`: nobody, too many, the same one twice, the one enterprise among the others, or more codes in
/// one lineage than are ever looked at.
pub(crate) fn bounded(state: &dyn StateRead, one: &CreditCode, others: &[CreditCode]) -> Result<(), Refused> {
    let distinct: BTreeSet<&CreditCode> = others.iter().chain([one]).collect();
    let sound = !others.is_empty() && others.len() <= MERGED_MAX && distinct.len() == others.len() + 1;
    let family: BTreeSet<CreditCode> =
        distinct.iter().flat_map(|code| lineage::family(state, code)).collect();
    if !sound || lineage::LINEAGE_MAX < family.len() {
        let refused = Refused::of(RefusalCode::OutOfRange).with("count", others.len());
        return Err(refused.with("codes", family.len()));
    }
    Ok(())
}

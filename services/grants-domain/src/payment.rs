//! Payments (拨付): an award is the obligation, and each attempt to pay it is a thing of its own.
//!
//! Invariant: any 分 of an award is covered by at most one live attempt. Silence of the bank is no result.

pub mod instruct;
pub mod reject;
#[path = "payment/return.rs"]
pub mod returned;
pub mod settle;

use crate::{
    choice,
    ids::AttemptId,
    refusal::{RefusalCode, Refused},
    state::{StateRead, get},
    tables::{AttemptRow, Attempts},
    values::{Reference, fold_full_width},
};

choice! {
    /// Where an attempt stands.
    pub enum AttemptStatus {
        /// 已发出: sent, no result yet.
        Instructed = 1 => "instructed",
        /// 支付成功.
        Settled = 2 => "settled",
        /// 支付失败.
        Rejected = 3 => "rejected",
        /// 退票.
        Returned = 4 => "returned",
    }
}

/// One text for a bank reference, however it is typed: half-width, in capitals, without blanks. One line of the bank's is
/// told once.
pub(crate) fn reference(text: &str) -> String {
    fold_full_width(text).split_whitespace().collect::<String>().to_uppercase()
}

/// The budget line that an attempt pays from.
pub(crate) fn line(state: &dyn StateRead, id: AttemptId) -> Reference {
    get::<Attempts>(state, &id).unwrap_or_else(|| panic!("payment {id} was never instructed")).line
}

/// An attempt in the state that a bank result needs.
pub(crate) fn attempt(
    state: &dyn StateRead,
    id: AttemptId,
    needed: AttemptStatus,
) -> Result<AttemptRow, Refused> {
    let Some(row) = get::<Attempts>(state, &id) else {
        return Err(Refused::of(RefusalCode::PaymentUnknown).with("payment", id));
    };
    if row.status != needed {
        return Err(Refused::of(RefusalCode::PaymentNotLive).with("payment", id).with("status", row.status));
    }
    Ok(row)
}

//! Applications (申报): one enterprise asks for one measure, with facts and evidence.
//!
//! Invariant: an application is decided at most once; asking again is a new application.

pub mod decide;
pub mod submit;
pub mod withdraw;

use crate::{
    choice,
    refusal::{RefusalCode, Refused},
    state::{StateRead, get},
    tables::{ApplicationRow, Applications},
    trace::FactValue,
    values::Reference,
};

choice! {
    /// Where an application stands.
    pub enum ApplicationStatus {
        /// 已提交: waits for a decision.
        Submitted = 1 => "submitted",
        /// 已核定: an award was proposed.
        Approved = 2 => "approved",
        /// 不予核定.
        Rejected = 3 => "rejected",
        /// 已撤回.
        Withdrawn = 4 => "withdrawn",
    }
}

impl ApplicationRow {
    /// A fact that the application states.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&FactValue> {
        self.facts.iter().find(|fact| fact.name.as_str() == name).map(|fact| &fact.value)
    }
}

/// An application that waits for a decision.
pub(crate) fn open(state: &dyn StateRead, number: &Reference) -> Result<ApplicationRow, Refused> {
    let Some(row) = get::<Applications>(state, number) else {
        return Err(Refused::of(RefusalCode::ApplicationUnknown).with("application", number));
    };
    if row.status != ApplicationStatus::Submitted {
        let refused = Refused::of(RefusalCode::ApplicationNotOpen);
        return Err(refused.with("application", number).with("status", row.status));
    }
    Ok(row)
}

//! Withdraw an application before it is decided.

use crate::{
    application::{self, ApplicationStatus},
    events::Event,
    evidence, message,
    refusal::Refused,
    state::{StateRead, StateWrite, change, remove},
    tables::{Applications, OpenApplications},
    values::{Reference, Text},
};

message! {
    /// The request.
    pub struct WithdrawApplication {
        1 => application: Reference,
        2 => reason: Text<200>,
    }
}

message! {
    /// The fact.
    pub struct ApplicationWithdrawn {
        1 => application: Reference,
        2 => reason: Text<200>,
    }
}

/// Refuses: `ApplicationUnknown`, `ApplicationNotOpen`.
pub(crate) fn decide(state: &dyn StateRead, request: &WithdrawApplication) -> Result<Vec<Event>, Refused> {
    application::open(state, &request.application)?;
    let WithdrawApplication { application, reason } = request.clone();
    Ok(vec![ApplicationWithdrawn { application, reason }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &ApplicationWithdrawn) {
    evidence::release(state, &fact.application);
    remove::<OpenApplications>(state, &fact.application);
    change::<Applications>(state, &fact.application, |row| row.status = ApplicationStatus::Withdrawn);
}

//! Register an investment project of an enterprise.

use crate::{
    events::Event,
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, has, put},
    tables::{Enterprises, ProjectRow, Projects},
};

message! {
    /// The request.
    pub struct RegisterProject {
        1 => project: ProjectRow,
    }
}

message! {
    /// The fact.
    pub struct ProjectRegistered {
        1 => project: ProjectRow,
    }
}

/// Refuses: `EnterpriseUnknown`, `ProjectKnown`.
pub(crate) fn decide(state: &dyn StateRead, request: &RegisterProject) -> Result<Vec<Event>, Refused> {
    let project = request.project.clone();
    if !has::<Enterprises>(state, &project.enterprise) {
        return Err(Refused::of(RefusalCode::EnterpriseUnknown).with("enterprise", &project.enterprise));
    }
    if has::<Projects>(state, &project.code) {
        return Err(Refused::of(RefusalCode::ProjectKnown).with("project", &project.code));
    }
    Ok(vec![ProjectRegistered { project }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &ProjectRegistered) {
    put::<Projects>(state, &fact.project.code, &fact.project);
}

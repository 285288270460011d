//! Record that projects are parts of one investment (项目拆分): registered apart, built as one.
//!
//! It changes no decision by itself: a limit of linked projects counts all of them, and under a limit of one project the
//! trace tells the reviewer what the others hold.

use crate::{
    context::{Actor, Context, Recorded},
    events::Event,
    message,
    project::linked,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, has},
    tables::{ProjectLink, Projects},
    values::{ProjectCode, Text},
};

message! {
    /// The request.
    pub struct LinkProjects {
        1 => project: ProjectCode,
        2 => other: ProjectCode,
        /// What shows it: an approval, a site visit, a finding.
        3 => basis: Text<200>,
    }
}

message! {
    /// The fact.
    pub struct ProjectsLinked {
        1 => project: ProjectCode,
        2 => other: ProjectCode,
        3 => basis: Text<200>,
        4 => recorded_by: Actor,
    }
}

/// Refuses: `OutOfRange` (one project with itself, or more together than are looked at), `ProjectUnknown`, `LinkKnown`.
pub(crate) fn decide(
    state: &dyn StateRead,
    request: &LinkProjects,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    let LinkProjects { project, other, basis } = request.clone();
    linked::bounded(state, &project, &other)?;
    if let Some(code) = [&project, &other].into_iter().find(|code| !has::<Projects>(state, code)) {
        return Err(Refused::of(RefusalCode::ProjectUnknown).with("project", code));
    }
    if linked::between(state, &project, &other).is_some() {
        let refused = Refused::of(RefusalCode::LinkKnown).with("predecessor", &project);
        return Err(refused.with("successor", &other));
    }
    Ok(vec![ProjectsLinked { project, other, basis, recorded_by: context.actor.clone() }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &ProjectsLinked, recorded: Recorded) {
    for (one, other) in [(&fact.project, &fact.other), (&fact.other, &fact.project)] {
        let (sequence, recorded_by) = (recorded.sequence, fact.recorded_by.clone());
        linked::enter(state, one, ProjectLink { other: other.clone(), sequence, recorded_by });
    }
}

//! Undo a link between two projects that was wrongly recorded. Another person than the one who recorded it does it.
//!
//! What was decided while it stood stays decided; from now on each counts for itself.

use crate::{
    context::{Actor, Context},
    events::Event,
    message,
    project::linked,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite},
    values::{ProjectCode, Text},
};

message! {
    /// The request.
    pub struct UnlinkProjects {
        1 => project: ProjectCode,
        2 => other: ProjectCode,
        3 => reason: Text<200>,
    }
}

message! {
    /// The fact.
    pub struct ProjectsUnlinked {
        1 => project: ProjectCode,
        2 => other: ProjectCode,
        /// Sequence of the event that had recorded it.
        3 => linked: u64,
        4 => reason: Text<200>,
        5 => approved_by: Actor,
    }
}

/// Refuses: `LinkUnknown`, `SameActor`.
pub(crate) fn decide(
    state: &dyn StateRead,
    request: &UnlinkProjects,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    let UnlinkProjects { project, other, reason } = request.clone();
    let Some(link) = linked::between(state, &project, &other) else {
        let refused = Refused::of(RefusalCode::LinkUnknown).with("predecessor", &project);
        return Err(refused.with("successor", &other));
    };
    if link.recorded_by.id == context.actor.id {
        return Err(Refused::of(RefusalCode::SameActor).with("actor", &context.actor.id));
    }
    let approved_by = context.actor.clone();
    Ok(vec![ProjectsUnlinked { project, other, linked: link.sequence, reason, approved_by }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &ProjectsUnlinked) {
    linked::remove(state, (&fact.project, &fact.other), fact.linked);
}

//! Record a fact about a subject. The same subject, name and day may be recorded again with a new value:
//! then awards that rest on it are looked at again.

use crate::{
    context::Recorded,
    events::Event,
    message,
    refusal::Refused,
    state::{StateWrite, put},
    subject,
    tables::{FactRow, Facts},
    trace::FactValue,
    values::{Date, Slug, Text},
};

message! {
    /// The request.
    pub struct RecordFact {
        /// `enterprise:CODE`, `project:CODE` or another subject that the catalogue names.
        1 => subject: Text<80>,
        2 => name: Slug,
        3 => value: FactValue,
        4 => on: Date,
        5 => source: Text<200>,
    }
}

message! {
    /// The fact.
    pub struct FactRecorded {
        1 => subject: Text<80>,
        2 => name: Slug,
        3 => value: FactValue,
        4 => on: Date,
        5 => source: Text<200>,
    }
}

/// The fact names the subject in the one way in which awards write it, so that it reaches them.
///
/// Refuses: `EnterpriseUnknown`, `ProjectUnknown` (the subject's code is not one), `SubjectReserved`. Nothing else: a
/// fact is what its source says.
pub(crate) fn decide(request: &RecordFact) -> Result<Vec<Event>, Refused> {
    subject::sound(request.subject.as_str())?;
    let RecordFact { name, value, on, source, .. } = request.clone();
    let subject = subject::recorded(&request.subject);
    Ok(vec![FactRecorded { subject, name, value, on, source }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &FactRecorded, recorded: Recorded) {
    let FactRecorded { subject, name, value, on, source } = fact.clone();
    let row = FactRow { value, source, sequence: recorded.sequence };
    put::<Facts>(state, &(subject.to_string(), name, on), &row);
}

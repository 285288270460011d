//! Report an award of another level: applied for, granted, refused or withdrawn.
//!
//! A later report about the same award replaces the earlier one. Awards of ours about the same subject are
//! looked at again right after it (`followup.rs`), whenever it arrives.

use crate::{
    context::Recorded,
    events::Event,
    external::{AwardLevel, ExternalStatus},
    message,
    refusal::{RefusalCode, Refused},
    state::{StateRead, StateWrite, get, put},
    subject,
    tables::{ExternalAwardRow, ExternalAwards, ExternalBySubject, Mark},
    values::{Date, Fen, Reference, Slug, Text},
};

message! {
    /// The request.
    pub struct ReportAward {
        1 => award: Reference,
        /// `project:CODE`, `enterprise:CODE` or `title:NAME`.
        2 => subject: Text<80>,
        3 => level: AwardLevel,
        /// The programme, such as `special-fund`.
        4 => programme: Slug,
        5 => status: ExternalStatus,
        6 => amount: Option<Fen>,
        7 => on: Date,
        8 => source: Text<200>,
    }
}

message! {
    /// The fact.
    pub struct AwardReported {
        1 => award: Reference,
        2 => subject: Text<80>,
        3 => level: AwardLevel,
        4 => programme: Slug,
        5 => status: ExternalStatus,
        6 => amount: Option<Fen>,
        7 => on: Date,
        8 => source: Text<200>,
    }
}

/// Refuses: `EnterpriseUnknown`, `ProjectUnknown` (the subject is no code of either, and no title), `ExternalAwardDiffers` if subject, level or programme differ from an earlier report.
pub(crate) fn decide(state: &dyn StateRead, request: &ReportAward) -> Result<Vec<Event>, Refused> {
    let ReportAward { award, subject, level, programme, status, amount, on, source } = request.clone();
    if !["enterprise:", "project:", "title:"].iter().any(|prefix| subject.as_str().starts_with(prefix)) {
        return Err(Refused::of(RefusalCode::ProjectUnknown).with("project", subject));
    }
    subject::sound(subject.as_str())?;
    let subject = subject::recorded(&subject);
    if let Some(standing) = get::<ExternalAwards>(state, &award) {
        let same = standing.subject == subject && standing.level == level && standing.programme == programme;
        if !same {
            return Err(Refused::of(RefusalCode::ExternalAwardDiffers).with("award", &award));
        }
    }
    Ok(vec![AwardReported { award, subject, level, programme, status, amount, on, source }.into()])
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &AwardReported, recorded: Recorded) {
    let AwardReported { award, subject, level, programme, status, amount, on, source } = fact.clone();
    put::<ExternalBySubject>(state, &(subject.to_string(), award.clone()), &Mark {});
    let sequence = recorded.sequence;
    put::<ExternalAwards>(
        state,
        &award,
        &ExternalAwardRow { subject, level, programme, status, amount, on, source, sequence },
    );
}

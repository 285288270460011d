//! Submit an application: facts as the applicant states them, and evidence under its fingerprint.

use crate::{
    application::ApplicationStatus,
    context::{Context, Recorded},
    enterprise::lineage,
    events::Event,
    evidence::{self, fingerprint},
    message,
    people::Sealed,
    refusal::{RefusalCode, Refused},
    rules::Rules,
    state::{StateRead, StateWrite, get, has, put},
    tables::{
        ApplicationRow, Applications, Claimed, Enterprises, Evidence, Ledgers, Mark, OpenApplications,
        Projects,
    },
    trace::{Fact, FactValue},
    values::{CreditCode, Date, ProjectCode, Reference, Slug},
    wire::Message,
};
use std::collections::BTreeSet;

/// Most facts of one application.
pub const FACTS_MAX: usize = 64;
/// Most pieces of evidence of one application.
pub const EVIDENCE_MAX: usize = 256;
/// Largest canonical request: the log has it twice in one envelope, as the command and as the fact.
pub const APPLICATION_BYTES_MAX: usize = 28 * 1024;

message! {
    /// The request.
    pub struct SubmitApplication {
        1 => application: Reference,
        2 => enterprise: CreditCode,
        3 => project: Option<ProjectCode>,
        4 => measure: Slug,
        5 => applied_on: Date,
        #[serde(default)]
        6 => facts: Vec<Fact>,
        #[serde(default)]
        7 => evidence: Vec<Claimed>,
        /// A payee who is a person: name and account, sealed.
        8 => payee_person: Option<Sealed>,
    }
}

message! {
    /// The fact.
    pub struct ApplicationSubmitted {
        1 => application: Reference,
        2 => enterprise: CreditCode,
        3 => project: Option<ProjectCode>,
        4 => measure: Slug,
        5 => applied_on: Date,
        6 => facts: Vec<Fact>,
        7 => evidence: Vec<Claimed>,
        8 => payee_person: Option<Sealed>,
        9 => submitted_by: crate::context::Actor,
    }
}

/// Refuses: `OutOfRange`, `DayAhead`, `PolicyMissing`, `ApplicationKnown`, `EnterpriseUnknown`, `MeasureUnknown`,
/// `MeasureNotPayable`, `PayeeNotAllowed`, `ProjectMissing`, `ProjectUnknown`, `ProjectOfAnother`, `EvidenceUnknown` (a key that
/// is not the one text of its thing), `EvidenceDiffers`.
pub(crate) fn decide(
    state: &dyn StateRead,
    rules: &dyn Rules,
    request: &SubmitApplication,
    context: &Context,
) -> Result<Vec<Event>, Refused> {
    bounded(request)?;
    has_come(request, context.today())?;
    let version = get::<Ledgers>(state, &()).map_or(0, |ledger| ledger.version);
    if version == 0 {
        return Err(Refused::of(RefusalCode::PolicyMissing));
    }
    if has::<Applications>(state, &request.application) {
        return Err(Refused::of(RefusalCode::ApplicationKnown).with("application", &request.application));
    }
    if !has::<Enterprises>(state, &request.enterprise) {
        return Err(Refused::of(RefusalCode::EnterpriseUnknown).with("enterprise", &request.enterprise));
    }
    subject_fits(state, rules, request, version)?;
    for claimed in &request.evidence {
        if !fingerprint::is_canonical(claimed) {
            return Err(Refused::of(RefusalCode::EvidenceUnknown).with("evidence", &claimed.key));
        }
        same_evidence(state, claimed)?;
    }
    let SubmitApplication { application, enterprise, project, measure, .. } = request.clone();
    let SubmitApplication { applied_on, facts, evidence, payee_person, .. } = request.clone();
    let submitted_by = context.actor.clone();
    let fact = ApplicationSubmitted {
        application,
        enterprise,
        project,
        measure,
        applied_on,
        facts,
        evidence,
        payee_person,
        submitted_by,
    };
    Ok(vec![fact.into()])
}

/// Nothing stands twice, and nothing is too much or too long.
fn bounded(request: &SubmitApplication) -> Result<(), Refused> {
    let keys: BTreeSet<&str> = request.evidence.iter().map(|one| one.key.as_str()).collect();
    let names: BTreeSet<_> = request.facts.iter().map(|one| &one.name).collect();
    let bytes = request.encode().len();
    let sound = names.len() == request.facts.len()
        && keys.len() == request.evidence.len()
        && request.facts.len() <= FACTS_MAX
        && request.evidence.len() <= EVIDENCE_MAX
        && bytes <= APPLICATION_BYTES_MAX;
    if !sound {
        let refused = Refused::of(RefusalCode::OutOfRange).with("facts", names.len());
        return Err(refused.with("evidence", keys.len()).with("bytes", bytes));
    }
    Sealed::bounded(&request.payee_person)
}

/// An application tells what has happened: its own day, the days it states and those of its evidence have come.
fn has_come(request: &SubmitApplication, today: Date) -> Result<(), Refused> {
    let stated = request.facts.iter().filter_map(|fact| match &fact.value {
        FactValue::Date(day) => Some((*day, fact.name.to_string())),
        FactValue::Money(_)
        | FactValue::Count(_)
        | FactValue::Rate(_)
        | FactValue::Flag(_)
        | FactValue::Word(_)
        | FactValue::Exact(_) => None,
    });
    let brought = request.evidence.iter().map(|piece| (piece.date, piece.key.to_string()));
    let mut days =
        std::iter::once((request.applied_on, "applied_on".to_owned())).chain(stated).chain(brought);
    let Some((day, of)) = days.find(|(day, _)| today < *day) else {
        return Ok(());
    };
    Err(Refused::of(RefusalCode::DayAhead).with("of", of).with("day", day).with("today", today))
}

/// The measure exists, pays money, to persons only where its text names them, and the project it needs is named and belongs to the applicant.
fn subject_fits(
    state: &dyn StateRead,
    rules: &dyn Rules,
    request: &SubmitApplication,
    version: u32,
) -> Result<(), Refused> {
    let Some(shape) = rules.shape(version, &request.measure) else {
        return Err(Refused::of(RefusalCode::MeasureUnknown).with("measure", &request.measure));
    };
    if !shape.payable {
        return Err(Refused::of(RefusalCode::MeasureNotPayable).with("measure", &request.measure));
    }
    if request.payee_person.is_some() && !shape.person_payee {
        return Err(Refused::of(RefusalCode::PayeeNotAllowed).with("measure", &request.measure));
    }
    let Some(code) = &request.project else {
        let missing = Refused::of(RefusalCode::ProjectMissing).with("measure", &request.measure);
        return if shape.needs_project { Err(missing) } else { Ok(()) };
    };
    let Some(project) = get::<Projects>(state, code) else {
        return Err(Refused::of(RefusalCode::ProjectUnknown).with("project", code));
    };
    // A project goes along with its enterprise: the applicant is its owner, or came from it.
    let applicant = lineage::current(state, &request.enterprise);
    let from = lineage::carried(state, &applicant, u64::MAX);
    if project.enterprise != applicant && from.iter().all(|one| one.code != project.enterprise) {
        return Err(Refused::of(RefusalCode::ProjectOfAnother).with("project", code));
    }
    Ok(())
}

/// The same thing must not be described in two ways. An honest mistake is mended by withdrawing the application that made
/// it: once nobody rests on an entry, the next one may say otherwise.
fn same_evidence(state: &dyn StateRead, claimed: &Claimed) -> Result<(), Refused> {
    let standing = get::<Evidence>(state, &claimed.key.to_string()).filter(|row| !row.is_free());
    let Some(standing) = standing else {
        return Ok(());
    };
    if standing.kind == claimed.kind && standing.date == claimed.date && claimed.amount <= standing.net {
        return Ok(());
    }
    let refused = Refused::of(RefusalCode::EvidenceDiffers).with("evidence", &claimed.key);
    Err(refused.with("application", standing.registered_by).with("net", standing.net))
}

pub(crate) fn evolve(state: &mut dyn StateWrite, fact: &ApplicationSubmitted, recorded: Recorded) {
    for claimed in &fact.evidence {
        evidence::hold(state, &fact.application, claimed);
    }
    let ApplicationSubmitted { application, enterprise, project, measure, applied_on, .. } = fact.clone();
    let ApplicationSubmitted { facts, evidence, payee_person, submitted_by, .. } = fact.clone();
    let row = ApplicationRow {
        number: application.clone(),
        enterprise,
        project,
        measure,
        applied_on,
        facts,
        evidence,
        status: ApplicationStatus::Submitted,
        submitted_by,
        payee_person,
        sequence: recorded.sequence,
        award: None,
    };
    put::<OpenApplications>(state, &application, &Mark {});
    put::<Applications>(state, &application, &row);
}

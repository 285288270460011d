//! One measure, with the project or title that it would be about, and what an application of the day would come to.

use super::ground::Ground;
use crate::bars;
use grants_domain::{
    application::ApplicationStatus,
    context::{Actor, AuthMethod, Role},
    ids::AwardId,
    refusal::{RefusalCode, Refused},
    rules::{Ask, Assessment, Outcome},
    sanction::Bar,
    state::StateRead,
    subject,
    tables::{ApplicationRow, AwardRow, ProjectRow},
    trace::{CapStep, Fact, FactValue},
    values::{ProjectCode, Slug},
};
use grants_policy::{Catalogue, Lack, Lacking, Language, Titled, catalogue::Measure};
use std::sync::Arc;

/// Number and submitter of an application that nobody has made.
const MADE_UP: &str = "made-up";

/// What an enterprise may expect of one measure.
pub(super) struct Prospect {
    pub(super) measure: Arc<Measure>,
    /// About which project.
    pub(super) project: Option<ProjectCode>,
    /// About which title.
    pub(super) title: Option<String>,
    /// The application whose facts and evidence are taken up again.
    pub(super) from: Option<ApplicationRow>,
    pub(super) found: Found,
    /// The sanction that keeps it from being decided, whatever the clause says.
    pub(super) bar: Option<Bar>,
    /// Its caps as this application meets them.
    pub(super) room: Vec<CapStep>,
    /// What was awarded under it, for the same project or title.
    pub(super) received: Vec<(AwardId, AwardRow)>,
}

/// What would come of it.
pub(super) enum Found {
    /// It needs a project, and the enterprise has none.
    NoProject,
    /// The assessment, and what is lacking where nobody can decide.
    Assessed { assessment: Box<Assessment>, lacking: [Vec<Lack>; 2] },
}

impl Found {
    /// What is lacking, told in a language; nothing if it could be decided.
    pub(super) fn lacking(&self, language: Language) -> &[Lack] {
        match (self, language) {
            (Self::NoProject, _) => &[],
            (Self::Assessed { lacking: [zh, _], .. }, Language::Zh) => zh,
            (Self::Assessed { lacking: [_, en], .. }, Language::En) => en,
        }
    }
}

/// What a measure would be about.
struct About<'g> {
    project: Option<&'g ProjectRow>,
    title: Option<(&'g str, Slug)>,
}

/// Every prospect of a measure: one for each project it could be about, and for each title; one where it is about
/// neither, or the enterprise has none.
pub(super) fn of_measure(
    state: &dyn StateRead,
    catalogue: &Catalogue,
    measure: &Arc<Measure>,
    version: u32,
    ground: &Ground,
    projects: &[&ProjectRow],
) -> Vec<Prospect> {
    let needs_project = measure.file.measure.needs_project;
    let projects: Vec<Option<&ProjectRow>> = match needs_project {
        true => projects.iter().map(|project| Some(*project)).collect(),
        false => vec![None],
    };
    if projects.is_empty() {
        let (room, received) = (Vec::new(), received(ground, measure, &About { project: None, title: None }));
        let (measure, found) = (Arc::clone(measure), Found::NoProject);
        let bar = bars::barring(&ground.bars, &measure.file.measure.id).cloned();
        return vec![Prospect {
            measure,
            project: None,
            title: None,
            from: None,
            found,
            bar,
            room,
            received,
        }];
    }
    let titles = titles(ground, measure);
    let pairs = projects.iter().flat_map(|project| titles.iter().map(move |title| (*project, title.clone())));
    pairs
        .map(|(project, title)| one(state, catalogue, measure, version, ground, &About { project, title }))
        .collect()
}

/// The titles that a measure could be about: those whose holder it asks for in the same way.
fn titles<'g>(ground: &'g Ground, measure: &Measure) -> Vec<Option<(&'g str, Slug)>> {
    let Some(Titled { named_by, holder: Some(holder) }) = measure.titled() else {
        return vec![None];
    };
    let held = ground.titles.iter().filter(|(_, by)| by.contains(holder.as_str()));
    let held: Vec<_> = held.map(|(title, _)| Some((title.as_str(), named_by.clone()))).collect();
    if held.is_empty() { vec![None] } else { held }
}

fn one(
    state: &dyn StateRead,
    catalogue: &Catalogue,
    measure: &Arc<Measure>,
    version: u32,
    ground: &Ground,
    about: &About<'_>,
) -> Prospect {
    let from = earlier(ground, measure, about);
    let application = made_up(ground, measure, about, from);
    let ask = Ask {
        version,
        application: &application,
        enterprise: &ground.enterprise,
        project: about.project,
        today: ground.on,
        reviewing: None,
        reviving: false,
    };
    let assessment = catalogue.assess(state, &ask);
    let lacking = [Language::Zh, Language::En].map(|language| catalogue.lacking(state, &ask, language));
    let [known, _] = &lacking;
    let lacking = if is_open(&assessment.outcome, known) { lacking } else { [Vec::new(), Vec::new()] };
    Prospect {
        measure: Arc::clone(measure),
        project: about.project.map(|project| project.code.clone()),
        title: about.title.as_ref().map(|(title, _)| (*title).to_owned()),
        from: from.cloned(),
        found: Found::Assessed { assessment: Box::new(assessment), lacking },
        bar: bars::barring(&ground.bars, &measure.file.measure.id).cloned(),
        room: catalogue.room(state, &ask),
        received: received(ground, measure, about),
    }
}

/// Whether nobody can say yet. A clause says no where evidence was not brought, because a decision has to end; whoever
/// has not applied has not been refused.
pub(super) fn is_open(outcome: &Outcome, lacking: &[Lack]) -> bool {
    let evidence = |lack: &&Lack| matches!(lack.what, Lacking::Evidence(_));
    match outcome {
        Outcome::Due { .. } => false,
        Outcome::Undecidable(_) => true,
        Outcome::Rejected(refused) if refused.code == RefusalCode::NothingDue => {
            lacking.iter().any(|lack| evidence(&lack))
        }
        Outcome::Rejected(refused) => {
            lacking.iter().filter(evidence).any(|lack| lack.rule.is_some() && lack.rule == refused.rule)
        }
    }
}

/// The reason of an outcome that gives nothing.
pub(super) fn refused(outcome: &Outcome) -> Option<&Refused> {
    match outcome {
        Outcome::Due { .. } => None,
        Outcome::Rejected(refused) | Outcome::Undecidable(refused) => Some(refused),
    }
}

fn same_matter(application: &ApplicationRow, measure: &Measure, about: &About<'_>) -> bool {
    let title = about.title.as_ref().is_none_or(|(title, named_by)| {
        let named = application.fact(named_by.as_str());
        matches!(named, Some(FactValue::Word(word)) if subject::folded(word.as_str()) == *title)
    });
    application.measure == measure.file.measure.id
        && application.project.as_ref() == about.project.map(|project| &project.code)
        && title
}

/// The last application for the same matter from which no award stands: what was given once need not be given again.
fn earlier<'g>(ground: &'g Ground, measure: &Measure, about: &About<'_>) -> Option<&'g ApplicationRow> {
    let stands = |application: &&ApplicationRow| match application.status {
        ApplicationStatus::Approved => {
            let award = application.award.and_then(|id| ground.awards.get(&id));
            award.is_some_and(AwardRow::stands)
        }
        ApplicationStatus::Submitted | ApplicationStatus::Rejected | ApplicationStatus::Withdrawn => false,
    };
    let mut same = ground.applications.iter().filter(|one| same_matter(one, measure, about));
    same.rfind(|one| !stands(one))
}

fn made_up(
    ground: &Ground,
    measure: &Measure,
    about: &About<'_>,
    from: Option<&ApplicationRow>,
) -> ApplicationRow {
    let made_up = || MADE_UP.parse().unwrap_or_else(|fault| panic!("{MADE_UP}: {fault}"));
    let mut facts = from.map(|one| one.facts.clone()).unwrap_or_default();
    if let Some((title, named_by)) = &about.title {
        facts.retain(|fact| fact.name != *named_by);
        // A title that is no word cannot be named in an application either.
        let value = title.parse().map(FactValue::Word);
        facts.extend(value.map(|value| Fact { name: named_by.clone(), value }));
    }
    ApplicationRow {
        number: made_up(),
        enterprise: ground.enterprise.code.clone(),
        project: about.project.map(|project| project.code.clone()),
        measure: measure.file.measure.id.clone(),
        applied_on: ground.on,
        facts,
        evidence: from.map(|one| one.evidence.clone()).unwrap_or_default(),
        status: ApplicationStatus::Submitted,
        submitted_by: Actor { id: made_up(), role: Role::Intake, auth: AuthMethod::Internal },
        payee_person: None,
        sequence: u64::MAX,
        award: None,
    }
}

fn received(ground: &Ground, measure: &Measure, about: &About<'_>) -> Vec<(AwardId, AwardRow)> {
    let matter = |application: &&ApplicationRow| match about.project.is_none() && about.title.is_none() {
        true => application.measure == measure.file.measure.id,
        false => same_matter(application, measure, about),
    };
    let ids = ground.applications.iter().filter(matter).filter_map(|application| application.award);
    ids.filter_map(|id| Some((id, ground.awards.get(&id)?.clone()))).collect()
}

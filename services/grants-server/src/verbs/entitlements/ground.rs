//! What the ledger knows of an enterprise: its projects, the titles it holds, its applications and awards, and what was
//! recorded about all of them.

use crate::rows::{self, Recorded};
use grants_domain::{
    enterprise::lineage,
    ids::AwardId,
    sanction::{self, Bar},
    state::{StateRead, get, list},
    tables::{ApplicationRow, AwardRow, Awards, AwardsBySubject, EnterpriseRow, Enterprises, ProjectRow},
    trace::FactValue,
    values::{CreditCode, Date},
};
use grants_policy::Catalogue;
use std::collections::{BTreeMap, BTreeSet};

/// What a title's subject begins with.
const TITLE: &str = "title:";
/// Awards of one enterprise that are shown.
const AWARDS_MAX: usize = 10_000;

/// Everything about one enterprise.
pub(super) struct Ground {
    pub(super) enterprise: EnterpriseRow,
    /// Its projects, by code.
    pub(super) projects: Vec<ProjectRow>,
    /// Titles it holds, as their subjects name them: all of them, and of which recorded fact says that it holds them.
    pub(super) titles: BTreeMap<String, BTreeSet<String>>,
    /// Its applications, in the order of submission.
    pub(super) applications: Vec<ApplicationRow>,
    /// Its awards.
    pub(super) awards: BTreeMap<AwardId, AwardRow>,
    /// What was recorded about it, its projects and its titles.
    pub(super) facts: Vec<Recorded>,
    /// Sanctions that are in force for it on the day, whatever they bar.
    pub(super) bars: Vec<Bar>,
    /// The day it is looked at.
    pub(super) on: Date,
}

impl Ground {
    /// Reads it; nothing if the enterprise is not registered.
    pub(super) fn of(
        state: &dyn StateRead,
        catalogue: &Catalogue,
        code: &CreditCode,
        on: Date,
    ) -> Option<Self> {
        // Whoever goes on for it now, with what stands under any code that it had.
        let enterprise = get::<Enterprises>(state, &lineage::current(state, code))?;
        let codes = lineage::same(state, &enterprise.code);
        let mut projects = rows::projects(state);
        projects.retain(|project| codes.contains(&project.enterprise));
        let titles = titles(state, catalogue, &codes, on);
        let mut applications = rows::applications(state);
        applications.retain(|application| codes.contains(&application.enterprise));
        applications.sort_by_key(|application| application.sequence);
        let subjects = codes.iter().map(|code| format!("enterprise:{code}"));
        let subjects = subjects.chain(projects.iter().map(|project| format!("project:{}", project.code)));
        let subjects = subjects.chain(titles.keys().map(|title| format!("{TITLE}{title}")));
        // A zero byte ends a subject in a key.
        let facts = subjects.flat_map(|subject| rows::facts_about(state, &format!("{subject}\0"))).collect();
        let awards = codes.iter().flat_map(|code| awards(state, code)).collect();
        let bars = sanction::in_force(state, &enterprise.code, on);
        Some(Self { enterprise, projects, titles, applications, awards, facts, bars, on })
    }
}

/// The titles that the enterprise holds on a day: the newest record of a fact that some measure asks for the holder.
fn titles(
    state: &dyn StateRead,
    catalogue: &Catalogue,
    codes: &BTreeSet<CreditCode>,
    on: Date,
) -> BTreeMap<String, BTreeSet<String>> {
    let holders = catalogue.measures().filter_map(|measure| measure.titled()?.holder);
    let holders: BTreeSet<String> = holders.map(|name| name.to_string()).collect();
    // Records of a subject come in the order of their days: the last one that counts stays.
    let mut newest: BTreeMap<(String, String), FactValue> = BTreeMap::new();
    for fact in rows::facts_about(state, TITLE).into_iter().filter(|fact| fact.on <= on) {
        if holders.contains(&fact.name) {
            newest.insert((fact.subject, fact.name), fact.row.value);
        }
    }
    let mut titles: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for ((subject, name), value) in newest {
        let is_its = |word: &str| codes.iter().any(|code| code.as_str() == word);
        let held = matches!(&value, FactValue::Word(word) if is_its(word.as_str()));
        if let Some(title) = subject.strip_prefix(TITLE).filter(|_| held) {
            titles.entry(title.to_owned()).or_default().insert(name);
        }
    }
    titles
}

fn awards(state: &dyn StateRead, code: &CreditCode) -> BTreeMap<AwardId, AwardRow> {
    let marks = list::<AwardsBySubject>(state, &format!("enterprise:{code}"), AWARDS_MAX);
    let ids = marks.iter().filter_map(|(key, _)| Some(AwardId(u64::from_be_bytes(*key.last_chunk()?))));
    ids.filter_map(|id| Some((id, get::<Awards>(state, &id)?))).collect()
}

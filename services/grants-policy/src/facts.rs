//! Where facts come from: the application, the registered project or enterprise, and recorded facts about them.

use crate::{
    source::measure::{AsOf, FactPlace, FactSource, FactType},
    walk::{Found, Stop, Walk, stated, word},
};
use grants_domain::{
    fact,
    project::linked,
    refusal::{RefusalCode, Refused},
    state::{get, list},
    subject,
    tables::{FactRow, Facts, ProjectRow, Projects},
    trace::{FactValue, Input},
    values::{Date, Fen, Slug, Text},
};
use std::collections::BTreeSet;

/// Records of one fact about one subject that are looked at. One a day for a century is less.
const RECORDS_MAX: usize = 40_000;

/// A fact that is known, and the event that recorded it; what an application or a registration says has none.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) value: FactValue,
    pub(crate) event: Option<u64>,
}

impl Known {
    /// The fact as an input of a step, under its own name or another.
    pub(crate) fn as_input(&self, name: &Slug) -> Input {
        Input { event: self.event, ..stated(name, self.value.clone()) }
    }
}

impl Walk<'_> {
    /// A fact, if it is known.
    pub(crate) fn fact(&self, name: &Slug) -> Found<Option<Known>> {
        let declared = self.measure.file.facts.iter().find(|fact| fact.name == *name);
        let declared = declared.ok_or_else(|| self.broken(name.as_str()))?;
        for place in &declared.from {
            let Some(known) = self.look(declared, *place)? else {
                continue;
            };
            if kind_of(&known.value) != Some(declared.kind) {
                return Err(Stop::Undecidable(Refused::of(RefusalCode::FactTypeWrong).with("fact", name)));
            }
            return Ok(Some(known));
        }
        Ok(None)
    }

    /// The value of a fact that must be known.
    pub(crate) fn need(&self, name: &Slug) -> Found<FactValue> {
        self.known(name).map(|known| known.value)
    }

    /// A fact that must be known.
    pub(crate) fn known(&self, name: &Slug) -> Found<Known> {
        if let Some(known) = self.fact(name)? {
            return Ok(known);
        }
        let refused = Refused::of(RefusalCode::FactMissing).with("fact", name);
        let declared = self.measure.file.facts.iter().find(|fact| fact.name == *name);
        Err(Stop::Undecidable(match declared.map(|declared| self.called(declared)).transpose()? {
            Some(called) if called != *name => refused.with("recorded_as", called),
            Some(_) | None => refused,
        }))
    }

    /// The name under which a fact is recorded or stated.
    pub(crate) fn called(&self, declared: &FactSource) -> Found<Slug> {
        if declared.called.is_empty() {
            return Ok(declared.name.clone());
        }
        let broken = || self.broken(declared.name.as_str());
        let mut words = Vec::new();
        for word in &declared.called {
            let chosen = self.catalogue.chosen(word, self.ask.application.applied_on);
            words.push(chosen.ok_or_else(broken)?.0.as_str());
        }
        words.join("_").parse().map_err(|_| broken())
    }

    fn look(&self, declared: &FactSource, place: FactPlace) -> Found<Option<Known>> {
        let ask = self.ask;
        let name = self.called(declared)?;
        let stated = match place {
            FactPlace::Application => ask.application.fact(name.as_str()).cloned(),
            FactPlace::Project => ask.project.and_then(|project| of_project(project, name.as_str())),
            FactPlace::LinkedProjects => self.of_linked(name.as_str())?,
            FactPlace::Enterprise => match name.as_str() {
                "industry" => ask.enterprise.industry.as_ref().map(|industry| word(industry.as_str())),
                "enterprise_treasury" => Some(word(ask.enterprise.treasury.as_str())),
                _ => None,
            },
            FactPlace::ProjectRecord => {
                let subject = self.project_subject();
                return Ok(
                    subject.and_then(|subject| self.recorded(subject.to_owned(), name, declared.as_of))
                );
            }
            FactPlace::EnterpriseRecord => {
                let code = &self.ask.enterprise.code;
                let rows = fact::of_enterprise(self.state, code, &name, self.known_before(), RECORDS_MAX);
                return Ok(rows.iter().find_map(|rows| self.as_of(rows, declared.as_of)));
            }
            FactPlace::NamedRecord => {
                let about = declared.about.as_ref().ok_or_else(|| self.broken(declared.name.as_str()))?;
                return Ok(self.recorded(subject::one_way(&self.filled(about)?), name, declared.as_of));
            }
        };
        Ok(stated.map(|value| Known { value, event: None }))
    }

    /// An amount of the registered project and of those that are linked with it.
    fn of_linked(&self, name: &str) -> Found<Option<FactValue>> {
        let Some(own) = self.ask.project else { return Ok(None) };
        let others = linked::linked(self.state, &own.code, self.known_before());
        let others = others.iter().filter_map(|code| get::<Projects>(self.state, code));
        let mut sum = Fen::ZERO;
        for project in std::iter::once(own.clone()).chain(others) {
            let Some(FactValue::Money(amount)) = of_project(&project, name) else { return Ok(None) };
            let more = sum.checked_add(amount);
            sum = more.ok_or_else(|| Stop::Undecidable(Refused::of(RefusalCode::OutOfRange)))?;
        }
        Ok(Some(FactValue::Money(sum)))
    }

    /// Every subject beyond enterprise and project whose late facts can change the answer: those of named records,
    /// whether or not this walk came to read them, and titles whose other awards count.
    pub(crate) fn subjects(&self) -> Vec<Text<80>> {
        let abouts = self.measure.file.facts.iter().filter_map(|fact| fact.about.as_ref());
        let named = abouts.filter_map(|about| self.filled(about).ok()).map(|about| subject::one_way(&about));
        let titles = self.measure.file.overlaps.iter().filter(|one| one.external.is_some());
        let titles = titles.filter_map(|one| self.subject_of(&one.scope).ok().flatten());
        let all: BTreeSet<String> = named.chain(titles).collect();
        let own = |subject: &String| {
            subject == self.enterprise_subject() || Some(subject.as_str()) == self.project_subject()
        };
        // Nothing can be recorded about a subject that is longer than a command may name.
        all.iter().filter(|subject| !own(subject)).filter_map(|subject| subject.parse().ok()).collect()
    }

    fn recorded(&self, subject: String, name: Slug, as_of: AsOf) -> Option<Known> {
        let rows = list::<Facts>(self.state, &(subject, name), RECORDS_MAX);
        let dated = rows.into_iter().filter_map(|(key, row)| day_of(&key).map(|day| (day, row)));
        self.as_of(&dated.collect::<Vec<_>>(), as_of)
    }

    /// Of records in the order of their days, the one that the declaration asks for.
    fn as_of(&self, rows: &[(Date, FactRow)], as_of: AsOf) -> Option<Known> {
        let day = match as_of {
            AsOf::Governing => self.governing,
            AsOf::Decision => self.ask.application.applied_on,
            AsOf::Latest => self.ask.today,
        };
        let before = rows.iter().rev().find(|(on, _)| *on <= day);
        let later = || rows.iter().find(|(on, _)| day < *on).filter(|_| as_of == AsOf::Decision);
        let found = before.or_else(later);
        found.map(|(_, row)| Known { value: row.value.clone(), event: Some(row.sequence) })
    }
}

fn of_project(project: &ProjectRow, name: &str) -> Option<FactValue> {
    match name {
        "total_investment" => Some(FactValue::Money(project.total_investment)),
        "in_statistics" => Some(FactValue::Flag(project.in_statistics)),
        "validity_from" => Some(FactValue::Date(project.validity.from())),
        "validity_to" => Some(FactValue::Date(project.validity.to())),
        "project_treasury" => Some(word(project.treasury.as_str())),
        _ => None,
    }
}

/// The day that ends the key of a recorded fact.
pub(crate) fn day_of(key: &[u8]) -> Option<Date> {
    let bytes: [u8; 4] = key.last_chunk().copied()?;
    Date::from_days((u32::from_be_bytes(bytes) ^ 0x8000_0000).cast_signed()).ok()
}

/// The declared type of a value; an exact amount is never a fact.
pub(crate) fn kind_of(value: &FactValue) -> Option<FactType> {
    match value {
        FactValue::Money(_) => Some(FactType::Money),
        FactValue::Count(_) => Some(FactType::Count),
        FactValue::Date(_) => Some(FactType::Date),
        FactValue::Rate(_) => Some(FactType::Rate),
        FactValue::Flag(_) => Some(FactType::Flag),
        FactValue::Word(_) => Some(FactType::Word),
        FactValue::Exact(_) => None,
    }
}

/// Names of the fields of a registered project and enterprise that a measure may read, with their types.
pub(crate) fn field(place: FactPlace, name: &str) -> Option<FactType> {
    match (place, name) {
        (FactPlace::Project | FactPlace::LinkedProjects, "total_investment") => Some(FactType::Money),
        (FactPlace::Project, "in_statistics") => Some(FactType::Flag),
        (FactPlace::Project, "validity_from" | "validity_to") => Some(FactType::Date),
        (FactPlace::Project, "project_treasury") => Some(FactType::Word),
        (FactPlace::Enterprise, "industry" | "enterprise_treasury") => Some(FactType::Word),
        _ => None,
    }
}

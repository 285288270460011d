//! Where facts come from: the application, the registered project or enterprise, and recorded facts about them.

use crate::{
    source::measure::{AsOf, FactPlace, FactSource, FactType},
    walk::{Found, Stop, Walk, word},
};
use grants_domain::{
    refusal::{RefusalCode, Refused},
    state::list,
    tables::{Facts, ProjectRow},
    trace::FactValue,
    values::{Date, Slug},
};

/// Records of one fact about one subject that are looked at. One a day for a century is less.
const RECORDS_MAX: usize = 40_000;

impl Walk<'_> {
    /// A fact, if it is known.
    pub(crate) fn fact(&self, name: &Slug) -> Found<Option<FactValue>> {
        let declared = self.measure.file.facts.iter().find(|fact| fact.name == *name);
        let declared = declared.ok_or_else(|| self.broken(name.as_str()))?;
        for place in &declared.from {
            let Some(value) = self.look(declared, *place)? else {
                continue;
            };
            if kind_of(&value) != Some(declared.kind) {
                return Err(Stop::Undecidable(Refused::of(RefusalCode::FactTypeWrong).with("fact", name)));
            }
            return Ok(Some(value));
        }
        Ok(None)
    }

    /// A fact that must be known.
    pub(crate) fn need(&self, name: &Slug) -> Found<FactValue> {
        self.fact(name)?
            .ok_or_else(|| Stop::Undecidable(Refused::of(RefusalCode::FactMissing).with("fact", name)))
    }

    fn look(&self, declared: &FactSource, place: FactPlace) -> Found<Option<FactValue>> {
        let ask = self.ask;
        Ok(match place {
            FactPlace::Application => ask.application.fact(declared.name.as_str()).cloned(),
            FactPlace::Project => ask.project.and_then(|project| of_project(project, declared.name.as_str())),
            FactPlace::Enterprise => match declared.name.as_str() {
                "industry" => ask.enterprise.industry.as_ref().map(|industry| word(industry.as_str())),
                "enterprise_treasury" => Some(word(ask.enterprise.treasury.as_str())),
                _ => None,
            },
            FactPlace::ProjectRecord => {
                self.project_subject().and_then(|subject| self.recorded(subject.to_owned(), declared))
            }
            FactPlace::EnterpriseRecord => self.recorded(self.enterprise_subject().to_owned(), declared),
            FactPlace::NamedRecord => {
                let about = declared.about.as_ref().ok_or_else(|| self.broken(declared.name.as_str()))?;
                self.recorded(self.filled(about)?, declared)
            }
        })
    }

    fn recorded(&self, subject: String, declared: &FactSource) -> Option<FactValue> {
        let rows = list::<Facts>(self.state, &(subject, declared.name.clone()), RECORDS_MAX);
        let day = match declared.as_of {
            AsOf::Governing => self.governing,
            AsOf::Decision => self.ask.application.applied_on,
        };
        let earlier = |key: &[u8]| day_of(key).is_some_and(|on| on <= day);
        let before = rows.iter().rev().find(|(key, _)| earlier(key));
        let later =
            || rows.iter().find(|(key, _)| !earlier(key)).filter(|_| declared.as_of == AsOf::Decision);
        before.or_else(later).map(|(_, row)| row.value.clone())
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
        (FactPlace::Project, "total_investment") => Some(FactType::Money),
        (FactPlace::Project, "in_statistics") => Some(FactType::Flag),
        (FactPlace::Project, "validity_from" | "validity_to") => Some(FactType::Date),
        (FactPlace::Project, "project_treasury") => Some(FactType::Word),
        (FactPlace::Enterprise, "industry" | "enterprise_treasury") => Some(FactType::Word),
        _ => None,
    }
}

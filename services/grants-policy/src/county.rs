//! Parameters that a county has set for itself (K-05): they stand in place of the city's value for whoever belongs to the
//! county on the governing day, where the interpretation lets counties set any.

use crate::{
    catalogue::{Held, Measure},
    source::Counties,
    walk::{Found, Walk, as_value, input, name, word},
};
use grants_domain::{
    trace::{Input, StepKind},
    values::{Date, Slug, Treasury},
};

impl Measure {
    /// The value that the county of a treasury has set under this name for a day.
    pub(crate) fn of_county(&self, name: &Slug, treasury: &Treasury, day: Date) -> Option<&Held> {
        let counties = &self.values.get(name)?.counties;
        let stands = |(county, held): &&(Treasury, Held)| county == treasury && held.covers(day);
        counties.iter().rev().find(stands).map(|(_, held)| held)
    }
}

impl<'a> Walk<'a> {
    /// Whose parameters count: those of the project's county, or of the enterprise's where no project is named.
    fn county(&self) -> &'a Treasury {
        self.ask.project.map_or(&self.ask.enterprise.treasury, |project| &project.treasury)
    }

    /// Takes over what the county has set, and tells it, each with the county.
    pub(crate) fn take_county(&mut self) -> Found<()> {
        let measure: &'a Measure = self.measure;
        let county = self.county();
        let set = measure.values.keys();
        let set: Vec<(&Slug, &Held)> =
            set.filter_map(|name| Some((name, measure.of_county(name, county, self.governing)?))).collect();
        let Some(counties) = measure.document.county_values.as_ref().filter(|_| !set.is_empty()) else {
            return Ok(());
        };
        if *self.choose(counties)? == Counties::Ignored {
            return Ok(());
        }
        let rule = name!("county");
        for (name, held) in &set {
            let inputs = vec![
                input!("county", word(county.as_str())),
                input!("parameter", word(name.as_str())),
                Input { name: (*name).clone(), value: as_value(&held.value), evidence: None, event: None },
            ];
            self.step(&rule, StepKind::County, true, inputs, None);
        }
        self.set_by_county = set;
        Ok(())
    }
}

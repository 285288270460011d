//! Names of facts: where each is looked for, and what it is called there.

use super::{Names, options};
use crate::{
    facts::field,
    source::measure::{FactPlace, FactSource},
};
use grants_domain::values::Slug;

impl Names<'_> {
    pub(super) fn facts(&mut self) {
        for fact in &self.measure.file.facts {
            let name = fact.name.as_str();
            if fact.from.contains(&FactPlace::NamedRecord) != fact.about.is_some() {
                self.say(name, "a named record, and only that, says what it is about");
            }
            fact.about.iter().for_each(|about| self.key(name, about));
            if fact.from.is_empty() {
                self.say(name, "the fact is looked for nowhere");
            }
            fact.called.iter().for_each(|word| self.choice(name, word));
            for place in &fact.from {
                // Of several names some may be a field, and the others recorded.
                let registered =
                    matches!(place, FactPlace::Project | FactPlace::LinkedProjects | FactPlace::Enterprise);
                let fits = |name: &String| field(*place, name) == Some(fact.kind);
                if registered && !names_of(fact).iter().any(fits) {
                    self.say(name, "no registered field has this name and type");
                }
            }
            if names_of(fact).iter().any(|name| name.parse::<Slug>().is_err()) {
                self.say(name, "the words under which it is recorded make no name");
            }
        }
    }
}

/// Every name under which a fact may be recorded or stated.
fn names_of(fact: &FactSource) -> Vec<String> {
    let mut names = vec![String::new()];
    for word in &fact.called {
        let longer = |name: &String| {
            let join = |word: &String| {
                if name.is_empty() { word.clone() } else { format!("{name}_{word}") }
            };
            options(word).into_iter().map(join).collect::<Vec<_>>()
        };
        names = names.iter().flat_map(longer).collect();
    }
    if fact.called.is_empty() { vec![fact.name.to_string()] } else { names }
}

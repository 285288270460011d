//! Catalogues with other answers, in the ledger without the lint of what is published: the worked cases of one answer would
//! keep another out.

use crate::{answers, staged};
use grants_domain::{
    refusal::{RefusalCode, Refused},
    rules::{Ask, Assessment, MeasureShape, Rules},
    state::{MemoryState, StateRead},
    tables::ApplicationRow,
    values::Slug,
};
use grants_policy::{Catalogue, Library, shipped, unpack};
use std::collections::BTreeMap;
use toml::{Table, Value};

/// The files of a catalogue.
pub(crate) type Files = BTreeMap<String, String>;

/// The shipped files with other answers.
pub(crate) fn under(others: &[(&str, &str)]) -> Files {
    let files = shipped();
    let offered = answers::alternatives(&files);
    others.iter().fold(files, |files, (id, option)| {
        assert!(offered.contains(&((*id).to_owned(), (*option).to_owned())), "{id} is not answered {option}");
        answers::answered(&files, id, option)
    })
}

/// The files with one more answer, from a day on.
pub(crate) fn also(mut files: Files, id: &str, option: &str, from: &str) -> Files {
    let mut table: Table = files["interpretations.toml"].parse().unwrap();
    let asked = table["interpretation"].as_array_mut().unwrap();
    let asked = asked.iter_mut().find(|one| one["id"].as_str() == Some(id)).unwrap();
    let answer: Table =
        format!("from = {from}\nvalue = \"{option}\"\nsource = \"示例口径文件\"").parse().unwrap();
    asked["dated"].as_array_mut().unwrap().push(Value::Table(answer));
    files.insert("interpretations.toml".to_owned(), table.to_string());
    files
}

/// The rules of the ledger, which take in whatever compiles.
#[derive(Default)]
struct Unlinted(Library);

impl Rules for Unlinted {
    fn assess(&self, state: &dyn StateRead, ask: &Ask<'_>) -> Assessment {
        self.0.assess(state, ask)
    }
    fn shape(&self, version: u32, measure: &Slug) -> Option<MeasureShape> {
        self.0.shape(version, measure)
    }
    fn kept_after_fraud(&self, version: u32, application: &ApplicationRow) -> Vec<(Slug, Slug)> {
        self.0.kept_after_fraud(version, application)
    }
    fn owed_at_once(&self, version: u32, application: &ApplicationRow) -> Option<Slug> {
        self.0.owed_at_once(version, application)
    }
    fn admit(&self, bytes: &[u8]) -> Result<(), Refused> {
        let sound = unpack(bytes).is_ok_and(|files| Catalogue::compile(&files).is_ok());
        if sound { Ok(()) } else { Err(Refused::of(RefusalCode::CatalogueInvalid)) }
    }
    fn learn(&mut self, version: u32, bytes: &[u8]) {
        self.0.learn(version, bytes);
    }
}

/// Plays a story, then a second part under other files if there are any; the state at its end.
pub(crate) fn play(first: &Files, before: &str, second: Option<&Files>, after: &str) -> MemoryState {
    let second = second.map(|second| (second, after));
    let parts: Vec<(&Files, &str)> = std::iter::once((first, before)).chain(second).collect();
    staged::played(&mut Unlinted::default(), &parts)
}

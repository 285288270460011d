//! Catalogues with other answers, in the ledger without the lint of what is published: the worked cases of one answer would
//! keep another out.

use crate::{answers, staged};
use grants_domain::state::MemoryState;
use grants_policy::shipped;
use std::collections::BTreeMap;
use toml::{Table, Value};

mod rules; // the ledger's rules without the lint

use rules::Unlinted;

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

/// Plays a story, then a second part under other files if there are any; the state at its end.
pub(crate) fn play(first: &Files, before: &str, second: Option<&Files>, after: &str) -> MemoryState {
    let second = second.map(|second| (second, after));
    let parts: Vec<(&Files, &str)> = std::iter::once((first, before)).chain(second).collect();
    staged::played(&mut Unlinted::default(), &parts)
}

/// That an award of so much comes of the last command.
pub(crate) fn awarded(amount: &str) -> String {
    format!("then award.proposed amount={amount}\n")
}

//! Plays the stories of `tests/scenarios/domain` with the tiny policy.

use grants_domain::{
    scenario::{Failure, Played, Stage, parse},
    testing::TinyRules,
};
use std::{fs, path::PathBuf};

/// Limit of the cap in every story, in 元.
const CATALOGUE: &[u8] = b"1000.00";

/// Stories that begin before any policy is published.
const BEFORE_POLICY: &[&str] = &["application.submit"];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios/domain")
}

/// The names of all stories.
pub(crate) fn stories() -> Vec<String> {
    let entries = fs::read_dir(folder()).unwrap_or_else(|fault| panic!("{}: {fault}", folder().display()));
    let names = entries.map(|entry| entry.expect("a folder that can be read").file_name());
    let mut names: Vec<String> =
        names.filter_map(|name| name.to_str()?.strip_suffix(".scenario").map(str::to_owned)).collect();
    names.sort();
    assert!(!names.is_empty(), "no stories in {}", folder().display());
    names
}

/// Plays one story.
pub(crate) fn story(name: &str) -> Result<Vec<Played>, Failure> {
    let path = folder().join(format!("{name}.scenario"));
    let text = fs::read_to_string(&path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    let scenario = parse(&text)?;
    let mut rules = TinyRules::new();
    let catalogue = (!BEFORE_POLICY.contains(&name)).then_some(CATALOGUE);
    let mut stage = Stage::new(&mut rules, catalogue)?;
    stage.play(&scenario, &|_, _| Vec::new())?;
    Ok(stage.played().to_vec())
}

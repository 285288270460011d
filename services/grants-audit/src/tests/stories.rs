//! Whatever the domain's and the policies' stories make the ledger do, an audit finds nothing wrong with it.

use super::{check, english, story::Log};
use grants_domain::{rules::Rules, testing::TinyRules};
use grants_policy::{Library, pack, shipped};
use std::{fs, path::Path};

/// Stories that a real ledger cannot have lived through: only the ledger itself goes on with its work.
const NOT_LIVED: &[&str] = &["followup.continue"];
/// Stories that begin before any policy is published.
const BEFORE_POLICY: &[&str] = &["application.submit"];

/// Names and texts of the stories in a folder, without what people are told: an audit does not hear it.
pub(super) fn stories(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios").join(folder);
    let mut found: Vec<(String, String)> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "scenario"))
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let lines = text.lines().filter(|line| !line.starts_with("then  says"));
            let story = lines.collect::<Vec<_>>().join("\n");
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), story)
        })
        .filter(|(name, _)| !NOT_LIVED.contains(&name.as_str()))
        .collect();
    found.sort();
    assert!(10 < found.len(), "{}", folder.display());
    found
}

/// What an audit says of every story of a folder that is not clean.
fn unclean<R: Rules>(folder: &str, catalogue: &[u8], rules: fn() -> R) -> Vec<String> {
    let audited = stories(folder).into_iter().map(|(name, story)| {
        let catalogue = (!BEFORE_POLICY.contains(&name.as_str())).then_some(catalogue);
        let report = check(&Log::of(&story, &mut rules(), catalogue), &mut rules());
        (name, report)
    });
    let wrong = audited.filter(|(_, report)| {
        !report.findings.is_empty()
            || report.decided_again != report.commands
            || report.state_digest.is_none()
    });
    wrong.map(|(name, report)| format!("{name}: {}", report.text(&english()))).collect()
}

#[test]
fn every_story_of_the_domain_is_honest() {
    let wrong =
        unclean("domain", &grants_domain::testing::catalogue("1000.00".parse().unwrap()), TinyRules::new);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_story_of_the_policies_is_honest() {
    let wrong = unclean("policy", &pack(&shipped()), Library::new);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

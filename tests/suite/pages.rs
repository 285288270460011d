//! Pages that quote the repository quote it as it is.

use super::look::{read, root};

/// Guards: an example of a page is the file that is named above it, whole.
#[test]
fn a_quoted_scenario_is_the_file() {
    let page = read(&root().join("docs/reference/scenarios.md"));
    let quoted: Vec<(&str, &str)> = page
        .split("\n`tests/scenarios/")
        .skip(1)
        .filter_map(|part| {
            let (name, rest) = part.split_once("`:\n\n```scenario\n")?;
            Some((name, rest.split_once("\n```\n")?.0))
        })
        .collect();
    assert!(!quoted.is_empty(), "the page has no example");
    for (name, text) in quoted {
        let file = read(&root().join("tests/scenarios").join(name));
        assert_eq!(text, file.trim_end(), "{name} was changed: quote it anew");
    }
}

/// Guards: whoever looks for what holds an invariant finds it.
#[test]
fn every_guard_that_the_architecture_names_is_there() {
    let page = read(&root().join("docs/architecture.md"));
    let rows = page.lines().skip_while(|line| !line.starts_with("| Invariant |")).skip(2);
    let mut named = 0;
    for row in rows.take_while(|line| line.starts_with("| ")) {
        let guards = row.split(" | ").nth(1).unwrap_or_else(|| panic!("{row} has no guard"));
        assert!(guards.contains('`'), "{row} names no guard");
        for guard in guards.trim_end_matches(" |").split("; ") {
            let Some((names, file)) = guard.split_once(" (`") else { continue };
            let text = read(&root().join(file.trim_end_matches("`)")));
            for name in names.split(", ").map(|name| name.trim_matches('`')) {
                assert!(text.contains(&format!("fn {name}()")), "{file} has no test {name}");
                named += 1;
            }
        }
    }
    assert!(20 < named, "{named} guards are too few: the page was not understood");
}

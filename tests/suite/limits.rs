//! Every limit in the code stands on the page of limits with its value, and every value on the page is the code's.

use super::look::{read, relative, root, sources};
use std::collections::BTreeMap;

/// How the name of a limit ends. Sizes that limit nothing may stand on the page too.
const ENDINGS: [&str; 4] = ["_MAX", "_MIN", "_SHOWN", "_USUAL"];
/// The tests' own, not the ledger's.
const OTHERS: [&str; 4] = ["/tests/", "/tests.rs", "/testing", "/examples/"];

/// Crate and name.
type Name = (String, String);

/// Guards: everything has a limit with a name, and `docs/reference/limits.md` tells it.
#[test]
fn every_limit_stands_on_the_page_with_its_value() {
    let page = root().join("docs/reference/limits.md");
    let (told, constants) = (told(&read(&page)), constants());
    assert!(100 < told.len(), "{} rows are too few: the page was not understood", told.len());
    let mut wrong: Vec<String> = Vec::new();
    for ((owner, name), value) in &told {
        let found = constants.get(&(owner.clone(), name.clone()));
        if found.and_then(|expression| worth(expression)) != Some(*value) {
            wrong.push(format!("{owner}: {name} is {found:?} in the code, and {value} on the page"));
        }
    }
    let limits = constants.keys().filter(|(_, name)| ENDINGS.iter().any(|end| name.ends_with(end)));
    wrong.extend(
        limits
            .filter(|key| !told.contains_key(*key))
            .map(|(owner, name)| format!("{owner}: {name} is not on the page")),
    );
    assert!(
        wrong.is_empty(),
        "\n{} (a section names its crate in its heading)\n{}",
        relative(&page),
        wrong.join("\n")
    );
}

/// The rows of the page: `| NAME | number unit | … |` under a heading that names a crate.
fn told(page: &str) -> BTreeMap<Name, i128> {
    let mut owner = "grants-domain";
    let mut rows = BTreeMap::new();
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            let named = heading.split('`').find(|word| word.starts_with("grants-"));
            owner = named.unwrap_or("grants-domain");
        }
        let Some((name, rest)) = line.strip_prefix("| `").and_then(|row| row.split_once("` | ")) else {
            continue;
        };
        // The value of a type's own constant is told as people write it; a test of its crate holds it.
        if name.contains("::") {
            continue;
        }
        let number: String = rest.chars().take_while(|one| *one != ' ').filter(|one| *one != ',').collect();
        let value = match number.split_once('^') {
            Some((base, power)) => worth(&format!("{base}.pow({power})")),
            None => worth(&number),
        };
        let value = value.unwrap_or_else(|| panic!("{line}: a value begins with its number"));
        assert_eq!(rows.insert((owner.to_owned(), name.to_owned()), value), None, "{name} twice in {owner}");
    }
    rows
}

/// The constants of the services with what they are set to.
fn constants() -> BTreeMap<Name, String> {
    let mut found = BTreeMap::new();
    for (path, text) in sources("services") {
        if OTHERS.iter().any(|part| path.contains(part)) {
            continue;
        }
        let owner = path.split('/').nth(1).unwrap_or_default();
        for line in text.lines() {
            let Some((_, rest)) = line.trim_start().split_once("const ") else { continue };
            let Some((name, rest)) = rest.split_once(": ") else { continue };
            let Some(expression) = rest.split_once(" = ").and_then(|(_, rest)| rest.strip_suffix(';')) else {
                continue;
            };
            found.insert((owner.to_owned(), name.to_owned()), expression.to_owned());
        }
    }
    found
}

/// The value of a number, a sum, a product, a shift or a power, as limits are written.
fn worth(expression: &str) -> Option<i128> {
    if let Some((one, other)) = expression.split_once(" + ") {
        return worth(one)?.checked_add(worth(other)?);
    }
    let number = |text: &str| {
        let digits = text.trim().trim_end_matches("_i128").replace('_', "");
        digits.parse::<i128>().ok()
    };
    if let Some((base, rest)) = expression.split_once(".pow(") {
        return number(base)?.checked_pow(rest.trim_end_matches(')').parse().ok()?);
    }
    if let Some((front, by)) = expression.split_once(" << ") {
        return number(front)?.checked_shl(by.parse().ok()?);
    }
    expression.split(" * ").map(number).try_fold(1_i128, |product, factor| product.checked_mul(factor?))
}

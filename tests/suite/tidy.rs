//! The house rules that a reader would otherwise have to trust: each test names the one it guards.

pub(crate) mod look;

use look::{
    Manifest, cargo_tree, code_of, expect_none, features_of, link, read, relative, root, services, sources,
    starts_path, texts, walk, words,
};
use std::collections::{BTreeMap, BTreeSet};

/// Longer files hide more than one story.
const FILE_LINES_MAX: usize = 400;

/// Files that may be longer, each with its reason.
const LONG_FILES: &[(&str, &str)] = &[];

/// The crates from the innermost layer to the outermost: a crate may use layers before its own, never its own.
const LAYERS: &[&[&str]] = &[
    &["grants-domain", "grants-eventlog"],
    &["grants-policy", "grants-proto"],
    &["grants-ledger", "grants-projections"],
    &["grants-files"],
    &["grants-console", "grants-audit"],
    &["grants-server"],
];

/// Who may name a crate that owns disks or brokers. `deny.toml` says the same to cargo-deny.
const OWNERS: &[(&str, &[&str])] = &[
    ("rocksdb", &["grants-eventlog", "grants-ledger", "grants-projections"]),
    ("rdkafka", &["grants-eventlog", "grants-files"]),
];

/// Words that only make sense to someone who knows what a grant is.
const DOMAIN_WORDS: &[&str] = &[
    "applicant",
    "appropriation",
    "award",
    "awards",
    "budget",
    "clause",
    "disbursement",
    "enterprise",
    "enterprises",
    "fen",
    "fund",
    "grant",
    "invoice",
    "payment",
    "recipient",
    "refusal",
];

/// What a pure crate cannot say: files, wires, clocks, waiting, and an order that changes from run to run.
const IMPURE: &[&str] =
    &["std::fs", "std::net", "std::time", "std::thread", "std::process", "HashMap", "HashSet"];

/// Where a clock may be asked. The needles are put together here so that this file does not contain them.
const CLOCK_FILE: &str = "services/grants-ledger/src/clock.rs";
const CLOCK_CALLS: &[&str] = &[
    concat!("SystemTime", "::now"),
    concat!("Timestamp", "::now"),
    concat!("Zoned", "::now"),
    concat!("Utc", "::now"),
];

/// Guards: a file says in its first line what it promises.
#[test]
fn every_source_file_begins_with_its_promise() {
    let silent = sources(".").filter(|(_, text)| !text.starts_with("//! "));
    expect_none("does not begin with a `//! ` sentence", silent.map(|(path, _)| path));
}

/// Guards: files are short, and an exception that is no longer needed goes.
#[test]
fn source_files_are_short() {
    let allowed: BTreeMap<_, _> = LONG_FILES.iter().copied().collect();
    let long: BTreeSet<_> = sources(".")
        .filter(|(_, text)| FILE_LINES_MAX < text.lines().count())
        .map(|(path, _)| path)
        .collect();
    expect_none("has more than 400 lines", long.iter().filter(|path| !allowed.contains_key(path.as_str())));
    expect_none(
        "is short again: strike it from LONG_FILES",
        allowed.keys().filter(|path| !long.contains(**path)),
    );
}

/// Guards: dependencies point from the outer layers to the inner ones only.
#[test]
fn layers_point_inwards() {
    let layer_of: BTreeMap<&str, usize> =
        LAYERS.iter().enumerate().flat_map(|(n, crates)| crates.iter().map(move |name| (*name, n))).collect();
    for (name, manifest) in services() {
        let own = layer_of.get(name.as_str()).unwrap_or_else(|| panic!("{name} stands in no layer"));
        let wrong = manifest.house().filter(|other| layer_of.get(other).is_none_or(|layer| own <= layer));
        expect_none(&format!("is used by {name}, but does not lie further in"), wrong);
    }
}

/// Guards: the auditor's program shares no code with the writer it checks, not even through another crate.
#[test]
fn the_auditor_does_without_the_writer() {
    let manifests = services();
    let mut reached = BTreeSet::new();
    let mut open = vec!["grants-audit"];
    while let Some(name) = open.pop() {
        if reached.insert(name) {
            open.extend(manifests.get(name).into_iter().flat_map(Manifest::house));
        }
    }
    assert!(manifests.contains_key("grants-audit"), "grants-audit is missing");
    assert!(!reached.contains("grants-ledger"), "grants-audit reaches grants-ledger: {reached:?}");
}

/// Guards: only the crates that own disks and brokers name an engine.
#[test]
fn engines_have_owners() {
    for (engine, owners) in OWNERS {
        let named: Vec<_> =
            services().into_iter().filter(|(_, m)| m.names(engine)).map(|(name, _)| name).collect();
        let strangers = named.iter().filter(|name| !owners.contains(&name.as_str()));
        expect_none(&format!("names {engine}, but does not own it"), strangers);
    }
}

/// Guards: domain and policy build and test in seconds with no C library and no runtime.
#[test]
fn domain_and_policy_need_no_c_library() {
    let tree = cargo_tree(&["grants-domain", "grants-policy"]);
    assert!(tree.contains("grants-domain"), "cargo tree does not list the crate it was asked for");
    let heavy =
        tree.iter().filter(|name| name.ends_with("-sys") || ["tokio", "rocksdb"].contains(&name.as_str()));
    expect_none("is a dependency of grants-domain or grants-policy", heavy);
}

/// Guards: RocksDB's C++ is compiled once, whichever crates are selected: with other features of what builds its
/// bindings, it would be compiled anew.
#[test]
fn rocksdb_is_built_alike_for_every_selection() {
    let whole = features_of("librocksdb-sys", &["--workspace"]);
    assert!(3 < whole.len(), "{whole:?}");
    let names = services();
    let with: Vec<_> = names.keys().filter(|name| cargo_tree(&[name]).contains("librocksdb-sys")).collect();
    assert!(2 < with.len(), "{with:?}");
    for package in with {
        assert_eq!(features_of("librocksdb-sys", &["-p", package]), whole, "{package}");
    }
}

/// Guards: rules are pure. Their sources open no file, ask no clock, wait for nothing, keep no random order.
#[test]
fn domain_and_policy_are_pure() {
    for (path, text) in sources("services/grants-domain/src").chain(sources("services/grants-policy/src")) {
        let code = code_of(&text);
        let said = IMPURE.iter().filter(|needle| code.contains(**needle));
        expect_none(&format!("is said in {path}"), said);
        assert!(!words(&code).contains("async"), "{path}: a rule does not wait");
    }
}

/// Guards: the log does not know what a grant is.
#[test]
fn eventlog_is_blind() {
    let manifests = services();
    let log = manifests.get("grants-eventlog").expect("grants-eventlog is a crate of the house");
    expect_none("is used by grants-eventlog", log.house());
    for (path, text) in sources("services/grants-eventlog/src") {
        let said = words(&code_of(&text));
        let known = DOMAIN_WORDS.iter().filter(|word| said.contains(**word));
        expect_none(&format!("is a word of the domain, in {path}"), known);
    }
}

/// Guards: time enters through one door, so that it can be scripted and replayed.
#[test]
fn time_enters_in_one_file() {
    let elsewhere = sources(".").filter(|(path, _)| path != CLOCK_FILE);
    for (path, text) in elsewhere {
        let code = code_of(&text);
        expect_none(&format!("is called in {path}"), CLOCK_CALLS.iter().filter(|call| code.contains(**call)));
    }
}

/// Guards: decisions are numbered from 0001 without gaps, tell their context and outcome, and citations resolve.
#[test]
fn decisions_are_numbered_and_found() {
    let folder = root().join("docs/decisions");
    let files: Vec<_> = walk(&folder).into_iter().map(|path| relative(&path)).collect();
    for (index, path) in files.iter().enumerate() {
        assert!(path.starts_with(&format!("docs/decisions/{:04}-", index + 1)), "{path} is out of order");
        let text = read(&root().join(path));
        let lacking = ["# ", "## Context", "## Decision", "## Consequences"].into_iter();
        expect_none(&format!("is missing in {path}"), lacking.filter(|head| !text.contains(head)));
    }
    for (path, text) in texts() {
        let cited =
            text.split("docs/decisions/").skip(1).map(|rest| format!("docs/decisions/{}", link(rest)));
        let lost = cited.filter(|file| file.ends_with(".md") && !files.contains(file));
        expect_none(&format!("is cited in {path}, but is no file"), lost);
    }
}

/// Guards: the repository means the same on every machine. No file names the folder it lies in or someone's home.
#[test]
fn no_file_names_a_path_of_one_machine() {
    let own = root();
    let mut needles: Vec<String> = ["home", "root", "Users"].iter().map(|name| format!("/{name}/")).collect();
    // A checkout directly below `/` has a name too short to look for.
    if 3 <= own.components().count() {
        needles.push(own.display().to_string());
    }
    for (path, text) in texts() {
        let found = needles
            .iter()
            .filter(|needle| text.match_indices(needle.as_str()).any(|(at, _)| starts_path(&text, at)));
        expect_none(&format!("is a path of one machine, in {path}"), found);
    }
}

//! What the rules look at: manifests, sources and texts of the repository.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) struct Manifest(BTreeSet<String>);

impl Manifest {
    /// Dependencies that end up in the program or run while it is built; what only tests use is free.
    pub(crate) fn read(path: &Path) -> Self {
        let table: toml::Table =
            read(path).parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let names =
            ["dependencies", "build-dependencies"].iter().filter_map(|key| table.get(*key)?.as_table());
        Self(names.flat_map(|table| table.keys().cloned()).collect())
    }

    pub(crate) fn names(&self, dependency: &str) -> bool {
        self.0.contains(dependency)
    }

    pub(crate) fn house(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str).filter(|name| name.starts_with("grants-"))
    }
}

pub(crate) fn services() -> BTreeMap<String, Manifest> {
    let manifests = walk(&root().join("services")).into_iter().filter(|path| path.ends_with("Cargo.toml"));
    let found: BTreeMap<_, _> = manifests
        .map(|path| {
            let name =
                path.parent().and_then(Path::file_name).expect("a manifest lies in the folder of its crate");
            (name.to_string_lossy().into_owned(), Manifest::read(&path))
        })
        .collect();
    assert!(!found.is_empty(), "no crates found");
    found
}

/// The names of all crates in the normal dependency trees of `packages`, as this machine builds them.
pub(crate) fn cargo_tree(packages: &[&str]) -> BTreeSet<String> {
    let selection = packages.iter().flat_map(|name| ["-p", name]);
    let lines = tree(selection.chain(["-e", "normal", "--prefix", "none"]));
    lines.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// A crate and all that it is built from and with, each with its features, when these are selected.
pub(crate) fn features_of(name: &str, selection: &[&str]) -> BTreeSet<String> {
    let form = ["-e", "normal,build", "--no-dedupe", "--prefix", "depth", "-f", "{p} [{f}]"];
    let lines = tree(selection.iter().copied().chain(form));
    let leveled = lines.lines().map(|line| {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        (line[..digits].parse::<usize>().expect("a line begins with its depth"), &line[digits..])
    });
    let mut below = leveled.skip_while(|(_, text)| !text.starts_with(&format!("{name} ")));
    let (depth, itself) = below.next().unwrap_or_else(|| panic!("{selection:?} is built without {name}"));
    let inside = below.take_while(|(other, _)| depth < *other).map(|(_, text)| text.to_owned());
    inside.chain([itself.to_owned()]).collect()
}

fn tree<'a>(arguments: impl Iterator<Item = &'a str>) -> String {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root()).args(["tree", "--offline", "--locked"]).args(arguments);
    let output = command.output().expect("cargo starts");
    assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the suite lies in the workspace").to_owned()
}

/// Rust sources below `folder` with their text, by path from the workspace.
pub(crate) fn sources(folder: &str) -> impl Iterator<Item = (String, String)> {
    let files =
        walk(&root().join(folder)).into_iter().filter(|path| path.extension().is_some_and(|e| e == "rs"));
    files.map(|path| (relative(&path), read(&path)))
}

/// Every text of the repository; what is not UTF-8 is no text.
pub(crate) fn texts() -> impl Iterator<Item = (String, String)> {
    let all = walk(&root()).into_iter();
    all.filter_map(|path| Some((relative(&path), String::from_utf8(std::fs::read(&path).ok()?).ok()?)))
}

/// All files below `folder` in order of their names, without git's own and what builds and runs leave behind.
pub(crate) fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
    paths.sort();
    let left_behind = [root().join(".git"), root().join("target"), root().join("out")];
    paths.retain(|path| !left_behind.contains(path) && !path.is_symlink());
    paths.into_iter().flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

pub(crate) fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn relative(path: &Path) -> String {
    let inner = path.strip_prefix(root()).expect("a path of the workspace");
    inner.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The text without its comments, so that prose may name what code may not.
/// A `//` within a string hides the rest of its line too; the rules here can bear that.
pub(crate) fn code_of(text: &str) -> String {
    text.lines().map(|line| line.find("//").map_or(line, |at| &line[..at])).collect::<Vec<_>>().join("\n")
}

/// Words as a reader sees them, in small letters: `AwardId` and `award_id` are both `award` and `id`.
pub(crate) fn words(code: &str) -> BTreeSet<String> {
    let mut spaced = String::with_capacity(code.len());
    for letter in code.chars() {
        match letter {
            'A'..='Z' => spaced.extend([' ', letter.to_ascii_lowercase()]),
            'a'..='z' | '0'..='9' => spaced.push(letter),
            _ => spaced.push(' '),
        }
    }
    spaced.split_whitespace().map(str::to_owned).collect()
}

pub(crate) fn link(rest: &str) -> &str {
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '.').unwrap_or(rest.len());
    rest[..end].trim_end_matches('.')
}

/// A path starts here, and this is not the middle of a longer one.
pub(crate) fn starts_path(text: &str, at: usize) -> bool {
    !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || "._-~}/)".contains(c))
}

pub(crate) fn expect_none<T: std::fmt::Display>(complaint: &str, found: impl IntoIterator<Item = T>) {
    let lines: Vec<_> = found.into_iter().map(|item| format!("  {item} {complaint}")).collect();
    assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
}

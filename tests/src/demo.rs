//! The demonstration, played for a test.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::programs;

/// Plays the whole demonstration below a folder, and gives where it has written.
///
/// # Panics
/// It does not come to its end.
#[must_use]
pub fn play(folder: &Path) -> PathBuf {
    play_with(folder, &[])
}

/// The same with the log on brokers, such as `kafka://127.0.0.1:9092/demo`.
///
/// # Panics
/// It does not come to its end, which it only does with the same root.
#[must_use]
pub fn play_on(folder: &Path, log: &str) -> PathBuf {
    play_with(folder, &[("GRANTS_LOG", log)])
}

/// How many events the demonstration has, and its root, as they stand in a checkpoint.
///
/// # Panics
/// The file is missing.
#[must_use]
pub fn root() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/root");
    std::fs::read_to_string(file).expect("the file is in the repository").trim_end().to_owned()
}

fn play_with(folder: &Path, more: &[(&str, &str)]) -> PathBuf {
    let out = folder.join("out");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/run.sh");
    let mut command = Command::new(script);
    command.env("GRANTS_BIN_DIR", programs::folder()).env("GRANTS_OUT", &out).envs(more.iter().copied());
    programs::well(&mut command);
    out
}

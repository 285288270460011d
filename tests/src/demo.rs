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
    let out = folder.join("out");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/run.sh");
    let mut command = Command::new(script);
    command.env("GRANTS_BIN_DIR", programs::folder()).env("GRANTS_OUT", &out);
    programs::well(&mut command);
    out
}

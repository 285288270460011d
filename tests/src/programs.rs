//! The programs that are tested, and those that test them.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// A program of the workspace, as the build has put it two folders above a test.
///
/// # Panics
/// It was not built.
#[must_use]
pub fn built(name: &str) -> PathBuf {
    let program = folder().join(name);
    assert!(program.is_file(), "{} is missing: build the workspace first (make build)", program.display());
    program
}

/// Where the programs of the workspace are.
///
/// # Panics
/// The test does not lie where cargo puts tests.
#[must_use]
pub fn folder() -> PathBuf {
    let myself = std::env::current_exe().expect("a program knows where it lies");
    myself.parent().and_then(Path::parent).expect("cargo puts tests two folders down").to_owned()
}

/// A Python that has `cryptography`. A python3 of one's own may lack what Debian's has.
///
/// # Panics
/// There is none.
#[must_use]
pub fn python() -> &'static str {
    let has = |python: &&str| {
        let tried = Command::new(python).args(["-c", "import cryptography"]).output();
        tried.is_ok_and(|output| output.status.success())
    };
    ["python3", "/usr/bin/python3"]
        .into_iter()
        .find(has)
        .expect("no python3 has cryptography (deploy/install-build-tools.sh installs it)")
}

/// Runs a program to its end, which must be a good one. Gives what it said.
///
/// # Panics
/// It did not end well.
pub fn well(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().expect("the program starts");
    let (said, errors) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{command:?}: {status}\n{said}\n{errors}");
    said.into_owned()
}

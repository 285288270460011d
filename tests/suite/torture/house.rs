//! Folders of ledgers: made, copied, read and compared, without the program that wrote them.

use grants_domain::values::Sha256Hex;
use grants_eventlog::{EventLog, Hash, HashedBatch, LedgerId, LogReader, RocksLog};
use grants_ledger::{Ledger, OpenOptions, ReadOnly, ScriptedClock};
use grants_policy::Library;
use grants_tests::programs::built;
use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};
use tempfile::TempDir;

/// The ledger of every story.
pub(crate) const LEDGER: &str = "0d170000000000000000000000000001";
const SEED: &str = "6772616e74732064656d6f206c6564676572206f66207468652073686f770a00";
/// Who may give every command of a story.
pub(crate) const ACTORS: [&str; 6] =
    ["policy:sun", "intake:zhao", "registrar:qian", "finance:chen", "reviewer:li", "approver:wang"];
/// No command of a story is given before this day.
pub(crate) const DAY: &str = "2024-09-10T09:00:00";

/// A folder that goes when the test ends. In memory where there is such a place: that a disk keeps what was synced is
/// not the question here, and the order of calls is the same everywhere.
pub(crate) fn scratch() -> TempDir {
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    tempfile::Builder::new().prefix("grants-torture-").tempdir_in(place).unwrap()
}

/// The program that writes ledgers.
pub(crate) fn program() -> PathBuf {
    built("grants")
}

/// The program with the arguments that every run has.
pub(crate) fn arguments(data: &Path) -> Vec<String> {
    let mut words =
        vec!["--data".to_owned(), data.display().to_string(), "--lang".to_owned(), "en".to_owned()];
    for actor in ACTORS {
        words.extend(["--as".to_owned(), actor.to_owned()]);
    }
    words
}

/// Runs the program to its end, which must be a good one; what it said in JSON.
pub(crate) fn performed<W: AsRef<OsStr>>(data: &Path, words: &[W]) -> serde_json::Value {
    let output = Command::new(program()).args(arguments(data)).arg("--json").args(words).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{:?}: {errors}", words.iter().map(AsRef::as_ref).collect::<Vec<_>>());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Opens the ledger for writing, and ends: whatever is derived is made again.
pub(crate) fn opened(data: &Path) {
    let output = Command::new(program()).args(arguments(data)).arg("run").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What `grants-audit` reports of a folder in which it must find nothing wrong.
pub(crate) fn audited(folder: &Path, vkey: &Path) -> serde_json::Value {
    let mut command = Command::new(built("grants-audit"));
    let output = command.args(["--json", "verify"]).arg(folder).arg("--vkey").arg(vkey).output().unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{report} {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&report).unwrap()
}

/// A new ledger in `data`, as `grants init` makes it. It is made once, and kept in memory.
pub(crate) fn fresh(data: &Path) {
    static MADE: OnceLock<Vec<(PathBuf, Vec<u8>)>> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let folder = scratch();
        let words = ["init", "--simulated", "--ledger-id", LEDGER, "--seed", SEED, "--at", DAY];
        performed(folder.path(), &words);
        let relative = |path: &Path| path.strip_prefix(folder.path()).unwrap().to_owned();
        files(folder.path()).iter().map(|path| (relative(path), fs::read(path).unwrap())).collect()
    });
    for (path, bytes) in made {
        let target = data.join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        write_private(&target, bytes);
    }
}

/// Writes a file that only its owner may read: a key that others can read is not used.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// Copies a folder with everything in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Every file below a folder, sorted.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The ledger of every story, for the log.
pub(crate) fn ledger() -> LedgerId {
    let id: grants_domain::ids::LedgerId = LEDGER.parse().unwrap();
    LedgerId(id.0)
}

/// Every leaf of a log that nobody writes; all its batches are judged.
pub(crate) fn leaves(data: &Path) -> Result<Vec<Hash>, String> {
    let (log, _) = RocksLog::open(data, ledger()).map_err(|fault| fault.to_string())?;
    Ok(leaves_of(&*log.reader()))
}

/// Every leaf that a reader sees.
pub(crate) fn leaves_of(log: &dyn LogReader) -> Vec<Hash> {
    batches(log).iter().flat_map(|batch| HashedBatch::decode(batch).unwrap().leaves().to_vec()).collect()
}

/// Every batch that a reader sees, as stored.
pub(crate) fn batches(log: &dyn LogReader) -> Vec<Vec<u8>> {
    log.read(0, usize::MAX).unwrap()
}

/// Opens the ledger for writing in this process.
pub(crate) fn open(data: &Path, rebuild_state: bool) -> Result<Ledger, String> {
    let options = OpenOptions { rebuild_state, ..OpenOptions::default() };
    let clock = Box::new(ScriptedClock::listed(Vec::new()));
    Ledger::open(data, &options, Library::new(), clock)
        .map(|(ledger, _)| ledger)
        .map_err(|fault| fault.to_string())
}

/// Opens the ledger and closes it again: afterwards the state stands at the end of the log. Gives its digest.
pub(crate) fn settled(data: &Path, rebuild_state: bool) -> Result<Sha256Hex, String> {
    open(data, rebuild_state)?.close().map_err(|fault| fault.to_string())?;
    digest(data)
}

/// The digest of the state as it is on disk.
pub(crate) fn digest(data: &Path) -> Result<Sha256Hex, String> {
    let state = ReadOnly::open(data).map_err(|fault| fault.to_string())?;
    state.digest().map_err(|fault| fault.to_string())
}

/// The state is the one that the log gives.
pub(crate) fn assert_state_follows_from_log(data: &Path) {
    let copied = scratch();
    copy(data, copied.path());
    let stored = settled(data, false).unwrap();
    assert_eq!(stored, settled(copied.path(), true).unwrap(), "the state is not the one that the log gives");
}

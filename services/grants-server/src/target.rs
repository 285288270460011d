//! A copy of a ledger in another place: its folder, and its log in that folder or on brokers.
//!
//! A copy is read like the ledger, and nobody writes it: the file `mirror` in its folder says of what it is one. Only when
//! the ledger goes on there, the file is removed.

use crate::{cli::Brokers, failure::Failure, house, peer::TOKEN_FILE, place::LogPlace, publish, seat};
use grants_eventlog::{
    EventLog, Head, LogReader, RocksLog,
    kafka::{KafkaLog, KafkaOpenError},
    mirror::{Beginning, beginning, mirror_to},
};
use grants_ledger::{DataDir, Manifest};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Its name in the folder of a copy.
const MIRROR: &str = "mirror";

/// A copy that is being made or continued.
pub(crate) struct Target {
    pub(crate) dir: DataDir,
    pub(crate) log: Box<dyn EventLog>,
}

/// Of what a folder holds a copy; nothing if it is no copy.
pub(crate) fn copy_of(dir: &DataDir) -> Result<Option<String>, Failure> {
    match fs::read_to_string(dir.root().join(MIRROR)) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}

impl Target {
    /// Begins a copy of `log`, or goes on with one. `source` is what people call the log.
    pub(crate) fn open(
        to: &Path,
        brokers: &Brokers,
        manifest: &Manifest,
        log: &dyn LogReader,
        source: &str,
    ) -> Result<Target, Failure> {
        let dir = DataDir::at(to);
        let begun = beginning(log).map_err(Failure::fault)?;
        if dir.manifest_path().exists() {
            let found = dir.manifest()?;
            if found.ledger != manifest.ledger || copy_of(&dir)?.is_none() {
                return Err(Failure::usage_of("program-no-copy", &[("data", &to.display())]));
            }
        } else {
            if let Some(url) = &brokers.log {
                let place = brokers.place(url, &dir)?;
                place.make_topics()?;
                place.write(&dir)?;
            }
            fs::create_dir_all(dir.root())?;
            fs::write(dir.root().join(MIRROR), format!("{source}\n"))?;
            dir.write_manifest(manifest)?;
        }
        let log = match LogPlace::of(&dir)? {
            None => open_folder(&dir, &begun)?,
            Some(place) => open_brokers(&dir, &place, &begun)?,
        };
        Ok(Target { dir, log })
    }

    /// Copies what it lacks of `log` before batch `end`; how many batches that were.
    pub(crate) fn fill(&mut self, log: &dyn LogReader, end: u64) -> Result<u64, Failure> {
        mirror_to(log, &mut *self.log, end).map_err(Failure::fault)
    }

    /// Takes along what the writer of a ledger needs besides the log: vault, key, and the clock of a simulated one.
    pub(crate) fn take_belongings(&self, from: &DataDir) -> Result<(), Failure> {
        let key = publish::key_place(from)?;
        house::copy_belongings(from, &self.dir, Some(&key))?;
        let (old, new) = (house::vault_place(from)?, house::vault_place(&self.dir)?);
        if old != new && !new.exists() {
            copy_vault(&old, &new)?;
        }
        Ok(())
    }

    /// From now on it is the ledger, and no copy.
    pub(crate) fn becomes_the_ledger(self) -> Result<Head, Failure> {
        let head = self.log.head().clone();
        if LogPlace::of(&self.dir)?.is_some() && !self.dir.root().join(TOKEN_FILE).exists() {
            seat::new_token(&self.dir)?;
        }
        drop(self.log);
        fs::remove_file(self.dir.root().join(MIRROR))?;
        fs::File::open(self.dir.root())?.sync_all()?;
        Ok(head)
    }
}

fn open_folder(dir: &DataDir, begun: &Beginning) -> Result<Box<dyn EventLog>, Failure> {
    let made = dir.root().join("log").join("CURRENT").exists() && dir.root().join("head").exists();
    let log = if made {
        RocksLog::open(dir.root(), begun.ledger).map(|(log, _)| log)
    } else {
        RocksLog::create(dir.root(), begun.ledger, begun.writer, &begun.address)
    };
    Ok(Box::new(log.map_err(Failure::fault)?))
}

fn open_brokers(dir: &DataDir, place: &LogPlace, begun: &Beginning) -> Result<Box<dyn EventLog>, Failure> {
    let [log, _] = place.connect()?;
    let Beginning { ledger, writer, address } = begun;
    let opened = match KafkaLog::open_from(log.clone(), dir.root(), Head::genesis(*ledger)) {
        Err(KafkaOpenError::NoHeadFile { .. } | KafkaOpenError::NotCreated(_)) => {
            match KafkaLog::create(log.clone(), dir.root(), *ledger, *writer, address) {
                // Somebody has begun it before, perhaps this program: what lies there is compared.
                Err(KafkaOpenError::AlreadyCreated(..)) => KafkaLog::join(log, dir.root(), *ledger),
                created => created,
            }
        }
        opened => opened,
    };
    Ok(Box::new(opened.map_err(Failure::fault)?))
}

/// Copies the files of a vault that nobody has open. The old one remains: it is under the same duties as a backup.
fn copy_vault(from: &Path, to: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(to)?;
    for name in ["people", "secret"] {
        let (old, new): (PathBuf, PathBuf) = (from.join(name), to.join(name));
        fs::copy(&old, &new).map_err(|fault| Failure::fault(format!("{}: {fault}", old.display())))?;
        fs::File::open(&new)?.sync_all()?;
    }
    Ok(())
}

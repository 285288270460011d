//! A ledger to look at: beside whoever writes it, with nothing written, and everything up to its head file seen.

use crate::{actor::Actors, cli::Common, failure::Failure, house, output, place::LogPlace};
use grants_domain::{
    state::{MemoryState, StateRead, StateWrite},
    tables::TABLES,
    values::{Date, Timestamp},
};
use grants_eventlog::LogReader;
use grants_files::Texts;
use grants_ledger::{DataDir, Manifest, Onlooker};
use grants_policy::Library;
use std::{path::Path, sync::Arc};
use tempfile::TempDir;

/// Rows of a copy, which stands in memory. A trial on more is a job for a copy of the folder.
const ROWS_MAX: usize = 5_000_000;

/// A ledger that is looked at.
pub(crate) struct Look {
    pub(crate) actors: Actors,
    onlooker: Onlooker,
    library: Library,
    at: Option<Timestamp>,
    // Declared last: the databases keep their own notes in it.
    _scratch: TempDir,
}

impl Look {
    /// Looks at the ledger that the command line names.
    pub(crate) fn open(common: &Common, texts: &Texts) -> Result<Self, Failure> {
        let manifest = DataDir::at(&common.data).manifest()?;
        house::check_time(common.at, manifest.simulated)?;
        let actors = Actors::parse(&common.actors, manifest.simulated)?;
        let (onlooker, library, scratch) = look(&common.data, texts)?;
        Ok(Self { actors, onlooker, library, at: common.at, _scratch: scratch })
    }

    /// The log.
    pub(crate) fn log(&self) -> Arc<dyn LogReader> {
        self.onlooker.log()
    }

    /// Looks at the state.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&dyn StateRead) -> T) -> Result<T, Failure> {
        Ok(self.onlooker.read(look)?)
    }

    /// The catalogues of every published version, to explain with.
    pub(crate) fn library(&self) -> &Library {
        &self.library
    }

    /// The business day: of the command line in a simulated ledger, else of the machine.
    pub(crate) fn today(&self) -> Result<Date, Failure> {
        house::today(self.at, self.manifest())
    }

    /// The day to look at things that stand: the business day, or in a simulated ledger whose time nobody says that of its
    /// last command.
    pub(crate) fn day(&self) -> Result<Date, Failure> {
        let last = self.onlooker.recorded_at().filter(|_| self.at.is_none() && self.manifest().simulated);
        last.map_or_else(|| self.today(), |last| Ok(last.civil_date()))
    }

    /// What the folder says about itself.
    pub(crate) fn manifest(&self) -> &Manifest {
        self.onlooker.manifest()
    }
}

fn look(dir: &Path, texts: &Texts) -> Result<(Onlooker, Library, TempDir), Failure> {
    let scratch = tempfile::tempdir()?;
    let mut library = Library::new();
    let waiting = output::waiting(&texts.get("program-opening", &[]));
    let onlooker = open(dir, scratch.path(), &mut library);
    waiting.finish_and_clear();
    Ok((onlooker?, library, scratch))
}

/// Looks at a ledger wherever its log lies.
fn open(dir: &Path, scratch: &Path, library: &mut Library) -> Result<Onlooker, Failure> {
    match LogPlace::of(&DataDir::at(dir))? {
        Some(place) => Ok(Onlooker::open_on_brokers(place.connect_log()?, dir, scratch, library)?),
        None => Ok(Onlooker::open(dir, scratch, library)?),
    }
}

/// A copy of a state, and the catalogues in it.
pub(crate) struct Ground {
    pub(crate) state: MemoryState,
    pub(crate) library: Library,
    pub(crate) next_sequence: u64,
    /// When the last command of the ledger was recorded.
    pub(crate) recorded_at: Option<Timestamp>,
}

/// Copies the state of a ledger for trials.
pub(crate) fn copy(dir: &Path, texts: &Texts) -> Result<Ground, Failure> {
    let (onlooker, library, _scratch) = look(dir, texts)?;
    let (next_sequence, recorded_at) = (onlooker.next_sequence(), onlooker.recorded_at());
    let state = onlooker.read(|view| rows_of(view, ROWS_MAX))?;
    let max = ROWS_MAX.to_string();
    let state = state.ok_or_else(|| Failure::usage(texts.get("program-copy-too-large", &[("max", &max)])))?;
    Ok(Ground { state, library, next_sequence, recorded_at })
}

/// The rows of every table; nothing if there are more than `max`. Half a state would give wrong results.
fn rows_of(view: &dyn StateRead, max: usize) -> Option<MemoryState> {
    let mut copy = MemoryState::default();
    let mut rows = 0_usize;
    for (table, _) in TABLES {
        let mut from = vec![*table];
        while let Some((key, row)) = view.first(&[*table], &from) {
            rows = rows.saturating_add(1);
            if max < rows {
                return None;
            }
            from.clone_from(&key);
            from.push(0);
            copy.write(key, Some(row));
        }
    }
    Some(copy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn a_state_is_copied_whole_or_not_at_all() {
        let mut state = MemoryState::default();
        for key in [[1, 7], [1, 8], [26, 0]] {
            state.write(key.to_vec(), Some(Arc::from([9].as_slice())));
        }
        let copy = rows_of(&state, 3).unwrap();
        assert_eq!(copy.row(&[26, 0]).as_deref(), Some([9].as_slice()));
        assert!(rows_of(&state, 2).is_none());
    }
}

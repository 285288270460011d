//! Bytes change at rest: bits flip, ends are cut off, batches are swapped or come from another ledger. Either that is
//! found and named, or what is derived is made again and nothing has changed; never is a wrong answer given.

use crate::{
    house::{self, scratch},
    session::Session,
    story::Story,
    wal::{self, Write},
};
use grants_domain::values::Sha256Hex;
use grants_eventlog::Hash;
use grants_ledger::{FaultLatch, StateStore};
use grants_tests::{scale::rounds, seed::Seed};
use std::{
    collections::BTreeMap,
    fs,
    ops::Range,
    path::{Path, PathBuf},
    sync::Mutex,
};

/// Flipped bits of a full run.
const FLIPS: u32 = 20_000;
/// Cut ends of a full run.
const CUTS: u32 = 2_000;
/// Bits that one of the threads flips before it takes new work.
const SHARE: usize = 50;
/// Applications of the story: small, because it is copied and opened for every bit.
const APPLICATIONS: u32 = 12;

/// A ledger at rest, and what it says.
struct Rest {
    /// The files of log, head and state, which are changed.
    files: Vec<(PathBuf, Vec<u8>)>,
    /// What else the folder needs to be opened, which is not: its settings, keys and vault.
    others: Vec<(PathBuf, Vec<u8>)>,
    leaves: Vec<Hash>,
    digest: Sha256Hex,
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// It was found, and the fault says where.
    Named,
    /// It changed nothing.
    Same,
    /// The state had become older, and the log has brought it back.
    Caught,
}

impl Rest {
    fn of(story: &Story) -> Rest {
        let folder = scratch();
        house::fresh(folder.path());
        // One at a time, so that each command is a batch.
        let mut session = Session::start(folder.path());
        for line in &story.lines {
            assert!(session.give(&line.text));
            story.all_right([&session.answer().unwrap()]);
        }
        session.finish().well();
        // At rest means closed: the head file vouches for everything, and the state holds everything.
        let (taken, others) = house::files(folder.path())
            .iter()
            .map(|path| (path.strip_prefix(folder.path()).unwrap().to_owned(), fs::read(path).unwrap()))
            .partition(|(path, _)| ["log", "head", "state"].iter().any(|front| path.starts_with(front)));
        let rest = Rest { files: taken, others, leaves: story.leaves.clone(), digest: story.digest };
        for part in ["log", "state"] {
            assert_eq!(rest.judge(Path::new(part), &|_| {}), Ok(Fate::Same), "unchanged, it opens");
        }
        let whole = scratch();
        rest.lay(whole.path(), Path::new(""), &|_| {});
        assert_eq!(house::settled(whole.path(), false), Ok(rest.digest), "unchanged, the ledger opens");
        rest
    }

    /// Opens a changed copy: the part that was changed by itself, and all of it where that part opens but differs.
    fn judge(&self, changed: &Path, change: &dyn Fn(&mut Vec<u8>)) -> Result<Fate, String> {
        let folder = scratch();
        self.lay(folder.path(), changed, change);
        let same = if changed.starts_with("state") {
            self.same_state(folder.path())
        } else {
            self.same_log(folder.path())
        };
        match same {
            Err(fault) => named(&fault),
            Ok(true) => Ok(Fate::Same),
            // An older state is no wrong one, if the log brings it to the same place.
            Ok(false) if changed.starts_with("state") => match house::settled(folder.path(), false) {
                Err(fault) => named(&fault),
                Ok(digest) if digest == self.digest => self.same_log(folder.path()).map(|same| {
                    assert!(same, "the log was not touched");
                    Fate::Caught
                }),
                Ok(digest) => Err(format!("the ledger opened, and its state has the digest {digest}")),
            },
            Ok(false) => Err("the log opened with other events".to_owned()),
        }
    }

    /// Writes the folder again, with one of its files changed.
    fn lay(&self, folder: &Path, changed: &Path, change: &dyn Fn(&mut Vec<u8>)) {
        for (path, bytes) in self.files.iter().chain(&self.others) {
            let target = folder.join(path);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            let mut bytes = bytes.clone();
            if path == changed {
                change(&mut bytes);
            }
            house::write_private(&target, &bytes);
        }
    }

    fn same_state(&self, data: &Path) -> Result<bool, String> {
        let opened = StateStore::open(&data.join("state"), house::ledger(), FaultLatch::new());
        let (store, _) = opened.map_err(|fault| fault.to_string())?;
        Ok(store.digest().map_err(|fault| fault.to_string())? == self.digest)
    }

    fn same_log(&self, data: &Path) -> Result<bool, String> {
        Ok(house::leaves(data)? == self.leaves)
    }

    /// One file, as often as it weighs; diaries and lists of settings, which nobody reads back, weigh nothing.
    fn weighed(&self) -> Vec<(usize, Range<u64>)> {
        let mut end = 0;
        let heavy = self.files.iter().enumerate().filter(|(_, (path, bytes))| {
            let name = path.file_name().unwrap().to_string_lossy();
            !name.starts_with("LOG") && !name.starts_with("OPTIONS") && !bytes.is_empty()
        });
        let mut weighed = Vec::new();
        for (place, (_, bytes)) in heavy {
            // Small files are met as often as large ones.
            let weight = (bytes.len() as u64).clamp(4_096, 32_768);
            weighed.push((place, end..end + weight));
            end += weight;
        }
        weighed
    }

    fn draw(&self, weighed: &[(usize, Range<u64>)], seed: &mut Seed) -> &(PathBuf, Vec<u8>) {
        let point = seed.below(weighed.last().unwrap().1.end);
        let (place, _) = weighed.iter().find(|(_, range)| range.contains(&point)).unwrap();
        &self.files[*place]
    }
}

/// A fault must say where: a file, a batch, a sequence.
fn named(fault: &str) -> Result<Fate, String> {
    let places = ["/state", "/log", "head file", "batch", "sequence", "record"];
    if places.iter().any(|place| fault.contains(place)) {
        Ok(Fate::Named)
    } else {
        Err(format!("names no place: {fault}"))
    }
}

/// Judges changes on two threads and counts what became of each, by file.
fn judge_all(rest: &Rest, changes: Vec<(PathBuf, usize, Changed)>) {
    let fates: Mutex<BTreeMap<(String, Fate), u32>> = Mutex::default();
    let work = Mutex::new(changes);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let share: Vec<_> = {
                        let mut work = work.lock().unwrap();
                        let from = work.len().saturating_sub(SHARE);
                        work.drain(from..).collect()
                    };
                    if share.is_empty() {
                        break;
                    }
                    for (target, place, changed) in share {
                        let fate = rest.judge(&target, &|bytes| changed.apply(bytes, place)).unwrap_or_else(
                            |fault| panic!("{changed:?} at {place} of {}: {fault}", target.display()),
                        );
                        let kind =
                            target.extension().or(target.file_name()).unwrap().to_string_lossy().into_owned();
                        let folder = target.iter().next().unwrap().to_string_lossy().into_owned();
                        *fates.lock().unwrap().entry((format!("{folder}: {kind}"), fate)).or_default() += 1;
                    }
                }
            });
        }
    });
    let fates = fates.into_inner().unwrap();
    println!("{fates:#?}");
    let named: u32 = fates.iter().filter(|((_, fate), _)| *fate == Fate::Named).map(|(_, count)| count).sum();
    assert!(0 < named, "nothing was found");
}

#[derive(Clone, Copy, Debug)]
enum Changed {
    Flipped,
    Cut,
}

impl Changed {
    fn apply(self, bytes: &mut Vec<u8>, place: usize) {
        match self {
            Changed::Flipped => bytes[place / 8] ^= 1 << (place % 8),
            Changed::Cut => bytes.truncate(bytes.len() - place),
        }
    }
}

#[test]
fn a_flipped_bit_or_a_cut_end_is_found_or_changes_nothing() {
    let number = Seed::of_run(0x0b17);
    println!("GRANTS_SEED={number}");
    let mut seed = Seed::new(number);
    let rest = Rest::of(&Story::of(APPLICATIONS, number));
    let weighed = rest.weighed();
    let flips = (0..rounds(FLIPS)).map(|_| (seed.clone(), Changed::Flipped, seed.next_u64()));
    let flips: Vec<_> = flips.collect();
    let cuts: Vec<_> = (0..rounds(CUTS)).map(|_| (seed.clone(), Changed::Cut, seed.next_u64())).collect();
    let changes = flips.into_iter().chain(cuts).map(|(mut seed, changed, _)| {
        let (path, bytes) = rest.draw(&weighed, &mut seed);
        let place = match changed {
            Changed::Flipped => seed.index(bytes.len() * 8),
            // Short cuts are the likely ones.
            Changed::Cut if seed.once_in(2) => 1 + seed.index(bytes.len().min(600)),
            Changed::Cut => 1 + seed.index(bytes.len()),
        };
        (path.clone(), place, changed)
    });
    judge_all(&rest, changes.collect());
}

#[test]
fn batches_that_are_swapped_foreign_doubled_or_missing_are_named() {
    let number = Seed::of_run(0x5a7b);
    println!("GRANTS_SEED={number}");
    let story = Story::of(APPLICATIONS, number);
    let rest = Rest::of(&story);
    let stranger = Rest::of(&Story::of(APPLICATIONS, number + 1));
    let (others, writes) = rest.journal();
    let (_, strange) = stranger.journal();
    assert!(3 < writes.len(), "{} batches are in the journal", writes.len());
    assert_eq!(
        rest.with_journal(&others, &writes),
        Ok(Fate::Same),
        "laid out again, the journal is the same"
    );
    let last = writes.last().unwrap();
    for place in 1..writes.len() {
        let mut swapped = writes.clone();
        let (one, other) = (writes[place - 1].value.clone(), writes[place].value.clone());
        (swapped[place - 1].value, swapped[place].value) = (other, one);
        assert_eq!(rest.with_journal(&others, &swapped), Ok(Fate::Named), "swapped at {place}");
        let mut missing = writes.clone();
        missing.remove(place);
        missing.iter_mut().skip(place).for_each(|write| write.number -= 1);
        assert_eq!(rest.with_journal(&others, &missing), Ok(Fate::Named), "missing at {place}");
        let mut foreign = writes.clone();
        foreign[place].value = strange[place.min(strange.len() - 1)].value.clone();
        assert_eq!(rest.with_journal(&others, &foreign), Ok(Fate::Named), "foreign at {place}");
    }
    for value in [last.value.clone(), strange.last().unwrap().value.clone()] {
        let batch = u64::from_be_bytes(last.key.as_slice().try_into().unwrap());
        let more = Write { number: last.number + 1, key: (batch + 1).to_be_bytes().to_vec(), value };
        let longer: Vec<Write> = writes.iter().cloned().chain([more]).collect();
        assert_eq!(rest.with_journal(&others, &longer), Ok(Fate::Named), "appended");
    }
}

impl Rest {
    fn journal_path(&self) -> &Path {
        let mut journals = self.files.iter().filter(|(path, bytes)| {
            path.starts_with("log") && path.extension().is_some_and(|end| end == "log") && !bytes.is_empty()
        });
        let (path, _) = journals.next().unwrap();
        assert!(journals.next().is_none(), "there is one journal");
        path
    }

    fn journal(&self) -> (Vec<Vec<u8>>, Vec<Write>) {
        let path = self.journal_path();
        let (_, bytes) = self.files.iter().find(|(other, _)| other == path).unwrap();
        wal::read(bytes)
    }

    fn with_journal(&self, others: &[Vec<u8>], writes: &[Write]) -> Result<Fate, String> {
        let path = self.journal_path();
        self.judge(path, &|bytes| *bytes = wal::lay(others, writes))
    }
}

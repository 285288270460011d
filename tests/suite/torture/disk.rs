//! A disk that forgets what was not synced: the folder as a power cut after any call may have left it.
//!
//! Stricter than most file systems: the sync of a file does not bring its name to disk, only the sync of its folder
//! does. Of what was not synced any part may be there: each page of a file as it was at any time since, and names of
//! one folder in their order. As on ext4 and XFS, a file is not longer than what has come to disk of it.

use crate::{
    calls::{Call, Deed},
    house,
};
use grants_tests::seed::Seed;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// What a cache writes back at once.
const PAGE_BYTES: usize = 4_096;
/// What a disk writes at once.
const SECTOR_BYTES: usize = 512;

/// What is left of what was not synced.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Left {
    Nothing,
    Everything,
    /// A random part.
    Some(u64),
}

type Node = usize;

/// A change of a folder that may be lost.
#[derive(Clone, Debug)]
enum Naming {
    Name(PathBuf, Node),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
}

/// A change of a file that may be lost.
#[derive(Clone, Debug)]
enum Change {
    Write(usize, Vec<u8>),
    Cut(usize),
}

#[derive(Clone, Debug, Default)]
struct File {
    folder: bool,
    synced: Vec<u8>,
    now: Vec<u8>,
    /// With the time at which each had ended.
    unsynced: Vec<(usize, Change)>,
}

#[derive(Clone, Copy, Debug)]
struct Handle {
    node: Node,
    at: usize,
    append: bool,
}

/// The disk while calls come in.
#[derive(Clone, Debug)]
pub(crate) struct Disk {
    root: PathBuf,
    files: Vec<File>,
    names: BTreeMap<PathBuf, Node>,
    synced_names: BTreeMap<PathBuf, Node>,
    unsynced_names: Vec<(usize, Naming)>,
    handles: BTreeMap<i32, Handle>,
}

impl Disk {
    /// A disk on which everything below `root`, as it is now, is durable.
    pub(crate) fn of(root: &Path) -> Disk {
        let mut disk = Disk {
            root: root.to_owned(),
            files: Vec::new(),
            names: BTreeMap::new(),
            synced_names: BTreeMap::new(),
            unsynced_names: Vec::new(),
            handles: BTreeMap::new(),
        };
        disk.take_in(root);
        disk.synced_names = disk.names.clone();
        disk
    }

    fn take_in(&mut self, path: &Path) {
        let bytes = if path.is_dir() { Vec::new() } else { fs::read(path).unwrap() };
        self.names.insert(path.to_owned(), self.files.len());
        self.files.push(File {
            folder: path.is_dir(),
            synced: bytes.clone(),
            now: bytes,
            unsynced: Vec::new(),
        });
        if path.is_dir() {
            fs::read_dir(path).unwrap().for_each(|entry| self.take_in(&entry.unwrap().path()));
        }
    }

    /// One more call has ended.
    pub(crate) fn follow(&mut self, call: &Call) {
        if call.failed {
            return;
        }
        let time = call.time.end;
        match &call.deed {
            Deed::Open { fd, path, create, cut, append } => {
                self.open(time, *fd, path, [*create, *cut, *append])
            }
            Deed::Write { fd, at, bytes, .. } => {
                let handle = self.handles[fd];
                let end = self.files[handle.node].now.len();
                let place = match at {
                    Some(at) => usize::try_from(*at).unwrap(),
                    None if handle.append => end,
                    None => handle.at,
                };
                if at.is_none() {
                    self.handles.insert(*fd, Handle { at: place + bytes.len(), ..handle });
                }
                self.change(time, handle.node, Change::Write(place, bytes.clone()));
            }
            Deed::Truncate { fd, length } => self.change(time, self.handles[fd].node, Change::Cut(*length)),
            Deed::Sync { fd, path } => self.sync(call.time.start, *fd, path),
            Deed::Rename { from, to } => {
                let node = self.names.remove(from).unwrap();
                assert!(!self.files[node].folder, "the model renames files only");
                self.names.insert(to.clone(), node);
                self.unsynced_names.push((time, Naming::Rename(from.clone(), to.clone())));
            }
            Deed::Unlink(path) => {
                self.names.remove(path).unwrap();
                self.unsynced_names.push((time, Naming::Remove(path.clone())));
            }
            Deed::MakeFolder(path) => self.name(time, path, true),
            Deed::Answer(_) => {}
        }
    }

    fn open(&mut self, time: usize, fd: i32, path: &Path, [create, cut, append]: [bool; 3]) {
        if create && !self.names.contains_key(path) {
            self.name(time, path, false);
        }
        let node = self.names[path];
        self.handles.insert(fd, Handle { node, at: 0, append });
        if cut {
            self.change(time, node, Change::Cut(0));
        }
    }

    fn name(&mut self, time: usize, path: &Path, folder: bool) {
        let node = self.files.len();
        self.files.push(File { folder, ..File::default() });
        self.names.insert(path.to_owned(), node);
        self.unsynced_names.push((time, Naming::Name(path.to_owned(), node)));
    }

    fn change(&mut self, time: usize, node: Node, change: Change) {
        let file = &mut self.files[node];
        change.apply(&mut file.now);
        file.unsynced.push((time, change));
    }

    /// A sync covers what had ended before it began.
    fn sync(&mut self, began: usize, fd: i32, path: &Path) {
        let node = self.handles[&fd].node;
        if self.files[node].folder {
            let covered = |time: &usize, naming: &Naming| *time <= began && naming.stands_in(path);
            let (now, later) = std::mem::take(&mut self.unsynced_names)
                .into_iter()
                .partition(|(time, naming)| covered(time, naming));
            self.unsynced_names = later;
            Naming::apply(now, &mut self.synced_names);
            return;
        }
        let file = &mut self.files[node];
        let (now, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut file.unsynced).into_iter().partition(|(time, _)| *time <= began);
        now.iter().for_each(|(_, change)| change.apply(&mut file.synced));
        file.unsynced = later;
    }

    /// Writes what a power cut now leaves, into a new folder.
    pub(crate) fn cut_power(&self, left: Left, to: &Path) {
        let mut seed = Seed::new(match left {
            Left::Some(number) => number,
            Left::Nothing | Left::Everything => 0,
        });
        for (path, node) in self.names_left(left, &mut seed) {
            let target = to.join(path.strip_prefix(&self.root).unwrap());
            let file = &self.files[node];
            if file.folder {
                fs::create_dir_all(target).unwrap();
            } else if target.parent().unwrap().is_dir() {
                house::write_private(&target, &file.left(left, &mut seed));
            }
        }
    }

    fn names_left(&self, left: Left, seed: &mut Seed) -> BTreeMap<PathBuf, Node> {
        let mut names = self.synced_names.clone();
        let mut kept: BTreeMap<PathBuf, bool> = BTreeMap::new();
        let some = self.unsynced_names.iter().filter(|(_, naming)| match left {
            Left::Nothing => false,
            Left::Everything => true,
            // The changes of one folder are lost from some point on.
            Left::Some(_) => {
                let goes_on = kept.entry(naming.folder().to_owned()).or_insert(true);
                *goes_on = *goes_on && !seed.once_in(3);
                *goes_on
            }
        });
        Naming::apply(some.cloned().collect(), &mut names);
        names
    }
}

impl File {
    fn left(&self, left: Left, seed: &mut Seed) -> Vec<u8> {
        match left {
            Left::Nothing => self.synced.clone(),
            Left::Everything => self.now.clone(),
            Left::Some(_) if self.unsynced.is_empty() => self.synced.clone(),
            Left::Some(_) => self.some_pages(seed),
        }
    }

    /// Each page as it was after any of the changes; a file does not get longer than what is there of its end.
    fn some_pages(&self, seed: &mut Seed) -> Vec<u8> {
        let mut versions = vec![self.synced.clone()];
        for (_, change) in &self.unsynced {
            let mut next = versions[versions.len() - 1].clone();
            change.apply(&mut next);
            versions.push(next);
        }
        let length = versions[seed.index(versions.len())].len();
        let mut bytes = Vec::new();
        while bytes.len() < length {
            let page = bytes.len()..length.min(bytes.len() + PAGE_BYTES);
            let version = &versions[seed.index(versions.len())];
            bytes.extend_from_slice(&version[page.start.min(version.len())..page.end.min(version.len())]);
            if bytes.len() < page.end {
                // A disk writes sectors: what was added to the last one may be missing.
                let torn = (bytes.len() - bytes.len() % SECTOR_BYTES).max(self.synced.len());
                bytes.truncate(if seed.once_in(2) { torn } else { bytes.len() });
                break;
            }
        }
        bytes
    }
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Change::Write(at, written) => {
                let end = at + written.len();
                bytes.resize(bytes.len().max(end), 0);
                bytes[*at..end].copy_from_slice(written);
            }
            Change::Cut(length) => bytes.resize(*length, 0),
        }
    }
}

impl Naming {
    fn folder(&self) -> &Path {
        let (Naming::Name(path, _) | Naming::Rename(_, path) | Naming::Remove(path)) = self;
        path.parent().unwrap()
    }

    fn stands_in(&self, folder: &Path) -> bool {
        self.folder() == folder
    }

    fn apply(changes: Vec<(usize, Naming)>, names: &mut BTreeMap<PathBuf, Node>) {
        for (_, change) in changes {
            match change {
                Naming::Name(path, node) => drop(names.insert(path, node)),
                Naming::Rename(from, to) => {
                    if let Some(node) = names.remove(&from) {
                        names.insert(to, node);
                    }
                }
                Naming::Remove(path) => drop(names.remove(&path)),
            }
        }
    }
}

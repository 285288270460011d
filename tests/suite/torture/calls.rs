//! What a process asked of the system, read from the trace that `strace` writes.

use crate::{house, wal};
use grants_eventlog::batch::HEADER_BYTES;
use grants_tests::scale;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    ops::Range,
    path::{Path, PathBuf},
    process::Command,
};

/// Calls that change files, and those that make changes durable. Others that could do so must not occur at all.
const WATCHED: &str = "openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync,sync,syncfs,msync,\
ftruncate,truncate,fallocate,rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir,mkdir,mkdirat,copy_file_range,\
sendfile,splice";
/// Longer than any single write.
const STRING_BYTES: &str = "8000000";

/// What a call did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Open {
        fd: i32,
        path: PathBuf,
        create: bool,
        cut: bool,
        append: bool,
    },
    Write {
        fd: i32,
        path: PathBuf,
        at: Option<u64>,
        bytes: Vec<u8>,
    },
    Truncate {
        fd: i32,
        length: usize,
    },
    Sync {
        fd: i32,
        path: PathBuf,
    },
    Rename {
        from: PathBuf,
        to: PathBuf,
    },
    Unlink(PathBuf),
    MakeFolder(PathBuf),
    /// Lines on standard output.
    Answer(String),
}

/// One call that ended, below the data folder or on standard output.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// Places in the trace: when it began and when it had ended.
    pub(crate) time: Range<usize>,
    /// Seconds since the beginning of the trace, in millionths.
    pub(crate) micros: u64,
    pub(crate) deed: Deed,
    /// It failed, because the tracer made it fail.
    pub(crate) injected: bool,
    pub(crate) failed: bool,
}

/// The tracer in front of a program.
pub(crate) fn tracer(trace: &Path, inject: Option<&str>) -> Vec<String> {
    let mut words: Vec<String> =
        ["strace", "-f", "-y", "-ttt", "--signal=none", "--seccomp-bpf", "-s", STRING_BYTES]
            .map(str::to_owned)
            .to_vec();
    words.extend(["-o".to_owned(), trace.display().to_string(), "-e".to_owned(), format!("trace={WATCHED}")]);
    words.extend(inject.into_iter().flat_map(|rule| ["-e".to_owned(), format!("inject={rule}")]));
    words.push("--".to_owned());
    words
}

/// Whether processes can be traced here. Where the system forbids it, the test says so, past whatever captures the
/// output of tests, and ends; in CI that is a failure unless it was allowed.
pub(crate) fn can_trace() -> bool {
    let folder = house::scratch();
    let trace = folder.path().join("trace");
    let words = tracer(&trace, None);
    let tried = Command::new(&words[0]).args(&words[1..]).arg("true").output();
    match tried {
        Ok(output) if output.status.success() => true,
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(said.contains("not permitted"), "strace does not work: {said}");
            assert!(
                scale::may_skip_tracing(),
                "this system forbids tracing, and GRANTS_UNTRACED=1 does not allow to go without: {said}"
            );
            let name = std::thread::current().name().unwrap_or_default().to_owned();
            let told = format!("SKIPPED {name}: this system forbids tracing: {said}\n");
            std::io::stderr().write_all(told.as_bytes()).unwrap();
            false
        }
        Err(fault) => panic!("strace is missing (deploy/install-build-tools.sh installs it): {fault}"),
    }
}

/// Reads a trace, and keeps what concerns `data` and standard output, in the order in which calls ended.
pub(crate) fn read(trace: &Path, data: &Path) -> Vec<Call> {
    let text = String::from_utf8(fs::read(trace).unwrap()).unwrap();
    let mut open: Vec<(String, usize, String)> = Vec::new();
    let mut calls: Vec<Call> = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let (process, rest) = line.split_once(' ').unwrap();
        let (time, rest) = rest.trim_start().split_once(' ').unwrap();
        if let Some(front) = rest.strip_suffix(" <unfinished ...>") {
            open.push((process.to_owned(), place, front.to_owned()));
            continue;
        }
        let (began, whole) = match rest.strip_prefix("<... ") {
            None => (place, rest.to_owned()),
            Some(resumed) => {
                let found = open.iter().position(|(other, _, _)| other == process).unwrap();
                let (_, began, front) = open.remove(found);
                (began, front + resumed.split_once(" resumed>").unwrap().1)
            }
        };
        if let Some((deed, ending)) = parse(&whole, data) {
            let micros = time.replace('.', "").parse().unwrap();
            let (injected, failed) = (ending.contains("(INJECTED)"), ending.starts_with('-'));
            calls.push(Call { time: began..place, micros, deed, injected, failed });
        }
    }
    calls
}

/// `name(arguments) = ending`
fn parse(whole: &str, data: &Path) -> Option<(Deed, String)> {
    let (name, rest) = whole.split_once('(')?;
    let (words, ending) = arguments(rest)?;
    let below = |path: &Path| path.starts_with(data);
    let named = |word: &str| PathBuf::from(String::from_utf8(unquoted(word)).unwrap());
    let handle = |word: &str| -> Option<(i32, PathBuf)> {
        let (fd, path) = word.split_once('<')?;
        Some((fd.parse().ok()?, PathBuf::from(path.strip_suffix('>')?)))
    };
    let deed = match name {
        "openat" => {
            let path = named(&words[1]);
            let (fd, _) = handle(ending.split(' ').next()?).unwrap_or((-1, PathBuf::new()));
            let has = |flag: &str| words[2].split('|').any(|other| other == flag);
            let (create, cut, append) = (has("O_CREAT"), has("O_TRUNC"), has("O_APPEND"));
            below(&path).then_some(Deed::Open { fd, path, create, cut, append })
        }
        "write" | "pwrite64" => {
            let (fd, path) = handle(&words[0])?;
            let at = (name == "pwrite64").then(|| words[3].parse().unwrap());
            match fd {
                1 => Some(Deed::Answer(String::from_utf8(unquoted(&words[1])).unwrap())),
                _ => below(&path).then(|| Deed::Write { fd, path, at, bytes: unquoted(&words[1]) }),
            }
        }
        "fsync" | "fdatasync" => {
            let (fd, path) = handle(&words[0])?;
            below(&path).then_some(Deed::Sync { fd, path })
        }
        "ftruncate" => {
            let (fd, path) = handle(&words[0])?;
            below(&path).then(|| Deed::Truncate { fd, length: words[1].parse().unwrap() })
        }
        // Room beyond the end: nothing that a reader sees.
        "fallocate" if words[1] == "FALLOC_FL_KEEP_SIZE" => None,
        "rename" => {
            let (from, to) = (named(&words[0]), named(&words[1]));
            below(&to).then_some(Deed::Rename { from, to })
        }
        "unlink" => Some(named(&words[0])).filter(|path| below(path)).map(Deed::Unlink),
        "mkdir" => Some(named(&words[0])).filter(|path| below(path)).map(Deed::MakeFolder),
        other => {
            assert!(!whole.contains(&data.display().to_string()), "the model does not know {other}: {whole}");
            None
        }
    };
    Some((deed?, ending))
}

/// The words between the brackets of a call, and what stands behind ` = `.
fn arguments(rest: &str) -> Option<(Vec<String>, String)> {
    let (mut words, mut word) = (Vec::new(), String::new());
    let (mut quoted, mut escaped, mut depth) = (false, false, 0_u32);
    for (place, letter) in rest.char_indices() {
        match letter {
            '"' if !escaped => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' if !quoted && depth == 0 => {
                words.push(word);
                let (_, ending) = rest[place..].split_once("= ")?;
                return Some((words, ending.to_owned()));
            }
            ')' | ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                words.push(std::mem::take(&mut word));
                continue;
            }
            _ => {}
        }
        escaped = quoted && letter == '\\' && !escaped;
        if !word.is_empty() || letter != ' ' {
            word.push(letter);
        }
    }
    None
}

/// The bytes of a string as C writes it.
fn unquoted(word: &str) -> Vec<u8> {
    let inner = word.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let mut rest = inner.unwrap_or_else(|| panic!("{word} is cut off or no string")).bytes().peekable();
    let mut bytes = Vec::new();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next().unwrap() {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'v' => 11,
            b'f' => 12,
            digit @ b'0'..=b'7' => {
                let mut value = u32::from(digit - b'0');
                for _ in 0..2 {
                    if let Some(next) = rest.next_if(|next| (b'0'..=b'7').contains(next)) {
                        value = value * 8 + u32::from(next - b'0');
                    }
                }
                u8::try_from(value).unwrap()
            }
            other => other,
        });
    }
    bytes
}

/// A batch in a journal.
struct Batch<'c> {
    /// Its events.
    events: Range<u64>,
    journal: &'c Path,
    /// The call that wrote its last byte: a batch may lie in several blocks of the journal, and come in several calls.
    written: &'c Call,
}

/// What was written to a journal, and how far it reached behind each call.
#[derive(Default)]
struct Journal<'c> {
    bytes: Vec<u8>,
    ends: Vec<(usize, &'c Call)>,
}

/// Every batch that came into a journal whole.
fn batches(calls: &[Call]) -> Vec<Batch<'_>> {
    let mut journals: BTreeMap<&Path, Journal<'_>> = BTreeMap::new();
    for call in calls.iter().filter(|call| !call.failed) {
        if let Deed::Write { path, bytes, .. } = &call.deed
            && is_journal(path)
        {
            let journal = journals.entry(path).or_default();
            journal.bytes.extend_from_slice(bytes);
            journal.ends.push((journal.bytes.len(), call));
        }
    }
    let mut batches = Vec::new();
    for (path, journal) in &journals {
        for (record, end) in wal::records(&journal.bytes).0 {
            let (_, written) = journal.ends.iter().find(|(reached, _)| end <= *reached).unwrap();
            batches.extend(events_of(&record).map(|events| Batch { events, journal: path, written }));
        }
    }
    batches
}

/// The first call that, with everything before it, made the event `sequence` durable; `None` if none did.
fn synced<'c>(calls: &'c [Call], batches: &[Batch<'_>], sequence: u64) -> Option<&'c Call> {
    let batch = batches.iter().find(|batch| batch.events.contains(&sequence))?;
    calls.iter().find(|call| {
        let synced = matches!(&call.deed, Deed::Sync { path, .. } if path == batch.journal);
        synced && !call.failed && batch.written.time.end <= call.time.start
    })
}

/// The database's journal, in which batches are made durable.
pub(crate) fn is_journal(path: &Path) -> bool {
    path.parent().is_some_and(|folder| folder.ends_with("log"))
        && path.extension().is_some_and(|end| end == "log")
}

/// The events of the batch that a record of the journal holds, if it holds one.
fn events_of(record: &[u8]) -> Option<Range<u64>> {
    let front = record.windows(HEADER_BYTES).find(|front| front.starts_with(b"GRLB"))?;
    let first = u64::from_be_bytes(front[56..64].try_into().unwrap());
    let count = u64::from(u32::from_be_bytes(front[64..68].try_into().unwrap()));
    Some(first..first + count)
}

/// No answer began to leave before the sync that covers its batch had ended. Gives how many were looked at.
pub(crate) fn assert_answers_wait(calls: &[Call], written_before: u64) -> usize {
    let (mut answers, batches) = (0, batches(calls));
    for call in calls {
        let Deed::Answer(text) = &call.deed else { continue };
        // A group of answers may be cut into several writes; each is judged by the lines that end in it.
        for answer in text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
            let Some(sequence) = answer["sequence"].as_u64().filter(|sequence| written_before <= *sequence)
            else {
                continue;
            };
            let sync = synced(calls, &batches, sequence)
                .unwrap_or_else(|| panic!("answered, never synced: {answer}"));
            assert!(sync.time.end < call.time.start, "answered before its batch was durable: {answer}");
            answers += 1;
        }
    }
    answers
}

/// The largest number of calls of one name that a single thread made.
pub(crate) fn most_of_one_thread(trace: &Path, name: &str) -> usize {
    let text = fs::read_to_string(trace).unwrap();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace();
        if let (Some(thread), Some(call)) = (words.next(), words.nth(1))
            && call.split('(').next() == Some(name)
        {
            *counts.entry(thread).or_default() += 1;
        }
    }
    counts.into_values().max().unwrap_or(0)
}

/// How long the traced process went on after a time, in microseconds.
pub(crate) fn lasted(trace: &Path, after: u64) -> u64 {
    let text = fs::read_to_string(trace).unwrap();
    let times = text
        .lines()
        .filter_map(|line| line.split_ascii_whitespace().nth(1)?.replace('.', "").parse::<u64>().ok());
    times.max().unwrap_or(0).saturating_sub(after)
}

/// The front of a batch may lie on both sides of the end of a block, where the journal has a front of its own.
#[test]
fn a_batch_is_seen_wherever_it_lies_in_the_journal() {
    let mut batch = vec![0; HEADER_BYTES];
    batch[..4].copy_from_slice(b"GRLB");
    batch[56..64].copy_from_slice(&76_u64.to_be_bytes());
    batch[64..68].copy_from_slice(&2_u32.to_be_bytes());
    let path = PathBuf::from("/ledger/log/000004.log");
    let call = |place: usize, deed| Call {
        time: place * 2..place * 2 + 1,
        micros: 0,
        deed,
        injected: false,
        failed: false,
    };
    for before in [32_600, 32_700, 32_768] {
        let writes = [vec![7; before], batch.clone()];
        let write =
            |(number, value): (u64, &Vec<u8>)| wal::Write { number, key: vec![0; 8], value: value.clone() };
        let bytes = wal::lay(&[], &(0..).zip(&writes).map(write).collect::<Vec<_>>());
        // The last byte comes alone, behind a sync that does not cover it.
        let (front, last) = bytes.split_at(bytes.len() - 1);
        let written = |part: &[u8]| Deed::Write { fd: 9, path: path.clone(), at: None, bytes: part.to_vec() };
        let sync = || Deed::Sync { fd: 9, path: path.clone() };
        let answer = || Deed::Answer("{\"sequence\":77}\n".to_owned());
        let deeds = [written(front), sync(), written(last), sync(), answer()];
        let calls: Vec<Call> = (0..).zip(deeds).map(|(place, deed)| call(place, deed)).collect();
        assert_eq!(assert_answers_wait(&calls, 0), 1, "{before}");
        let early: Vec<Call> = [0, 1, 2, 4].into_iter().map(|place: usize| calls[place].clone()).collect();
        let judged = std::panic::catch_unwind(|| assert_answers_wait(&early, 0));
        assert!(judged.is_err(), "{before}: the last byte was never synced");
    }
}

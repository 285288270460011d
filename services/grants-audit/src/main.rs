//! `grants-audit`: verify, replay and explain a ledger, with nobody's word but the log's and a key that was handed over.
//!
//! Exit codes: 0 nothing is wrong; 1 something is; 2 it could not be checked at all.

mod page; // the books as text

use clap::{Parser, Subcommand};
use grants_audit::{
    backtest::backtest,
    catalogue,
    explain::{Subject, as_json, explain},
    note::Key,
    replay::{Until, fold},
    report::Finding,
    source::Source,
    verify::{Against, keep_contradictions_quiet, verify},
};
use grants_files::{Lang, Texts, export::xlsx};
use grants_policy::Library;
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Rows and traces are many small pieces that live briefly, on which the system's allocator spends a fifth of a decision.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Larger files are no key and no checkpoint.
const SMALL_FILE_BYTES_MAX: u64 = 64 * 1_024;

/// 审计程序 — checks a ledger offline: bytes, signatures, growth, books, and every decision again.
#[derive(Debug, Parser)]
#[command(name = "grants-audit", version)]
struct Cli {
    /// Answer in JSON.
    #[arg(long, global = true)]
    json: bool,
    /// Language of sentences: zh or en. Without it the locale decides; Chinese first.
    #[arg(long, global = true)]
    lang: Option<String>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Check a bundle, or the data directory of a ledger that may be running.
    Verify {
        /// The folder.
        folder: PathBuf,
        /// The verifier key that the operator handed over, in a file. Without it: integrity only.
        #[arg(long, value_name = "FILE")]
        vkey: Option<PathBuf>,
        /// A checkpoint kept from an earlier audit, in a file: the log must have grown from it.
        #[arg(long, value_name = "CHECKPOINT")]
        since: Option<PathBuf>,
    },
    /// Show the books as they stood: awards, budget lines, caps.
    Replay {
        /// The folder.
        folder: PathBuf,
        /// A day such as 2025-06-30, or a sequence. The end of the log without it.
        #[arg(long, value_name = "DATE|SEQ")]
        as_of: Option<String>,
    },
    /// Tell why an award is what it is, or an application was refused.
    Explain {
        /// The folder.
        folder: PathBuf,
        /// AW-… or the number of an application.
        subject: String,
    },
    /// Decide history again under a changed catalogue, in memory: who would differ, by how much, and why.
    Backtest(Trial),
}

#[derive(Debug, clap::Args)]
struct Trial {
    /// The catalogue: a folder of TOML files, or one packed file.
    catalogue: PathBuf,
    /// The data directory of a ledger, or a bundle.
    #[arg(long, value_name = "DIR|BUNDLE")]
    data: PathBuf,
    /// Take the newest answer to every interpretation (口径) for applications of every day.
    #[arg(long)]
    newest_answers: bool,
    /// Write the report as a workbook.
    #[arg(long, value_name = "FILE")]
    xlsx: Option<PathBuf>,
    /// Write the report as JSON.
    #[arg(long, value_name = "FILE")]
    json_out: Option<PathBuf>,
}

/// It could not be checked at all.
struct Unchecked(String);

/// Exit code of what could not be checked.
const UNCHECKED: u8 = 2;
/// A bar that shows every event would be slower than the work.
const SHOWN_EVENTS: u64 = 1_000;

impl<E: std::error::Error> From<E> for Unchecked {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

impl Unchecked {
    /// Says it on standard error; as JSON on standard output.
    fn tell(&self, json: bool) -> ExitCode {
        if json {
            println!("{}", json!({ "failed": [self.0], "exit": UNCHECKED }));
        }
        eprintln!("{}", self.0);
        ExitCode::from(UNCHECKED)
    }
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(wrong) if wrong.use_stderr() && std::env::args_os().any(|word| word == "--json") => {
            return Unchecked(wrong.to_string().trim_end().to_owned()).tell(true);
        }
        Err(asked_or_wrong) => asked_or_wrong.exit(),
    };
    match perform(&cli) {
        Ok(code) => ExitCode::from(code),
        Err(unchecked) => unchecked.tell(cli.json),
    }
}

fn perform(cli: &Cli) -> Result<u8, Unchecked> {
    let texts = Texts::new(lang(cli.lang.as_deref())?);
    keep_contradictions_quiet();
    match &cli.verb {
        Verb::Verify { folder, vkey, since } => {
            check(folder, vkey.as_deref(), since.as_deref(), &texts, cli.json)
        }
        Verb::Replay { folder, as_of } => replay(folder, as_of.as_deref(), &texts, cli.json),
        Verb::Explain { folder, subject } => tell(folder, subject, &texts, cli.json),
        Verb::Backtest(trial) => try_out(trial, &texts, cli.json),
    }
}

fn check(
    folder: &Path,
    vkey: Option<&Path>,
    since: Option<&Path>,
    texts: &Texts,
    json: bool,
) -> Result<u8, Unchecked> {
    let key = vkey.map(|path| Ok::<Key, Unchecked>(small(path, texts)?.trim().parse()?)).transpose()?;
    let since = since.map(|path| small(path, texts)).transpose()?;
    let source = Source::open(folder)?;
    let bar = indicatif::ProgressBar::new_spinner();
    let mut progress = |now: grants_audit::verify::Progress| {
        bar.set_position(now.events);
        let (events, findings) = (now.events.to_string(), now.findings.to_string());
        bar.set_message(texts.get("audit-verifying", &[("events", &events), ("findings", &findings)]));
    };
    let report = verify(&source, &mut Library::new(), &Against { key, since }, &mut progress)?;
    bar.finish_and_clear();
    if json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print!("{}", report.text(texts));
    }
    Ok(report.exit_code())
}

fn replay(folder: &Path, as_of: Option<&str>, texts: &Texts, json: bool) -> Result<u8, Unchecked> {
    let until = match as_of {
        None => Until::End,
        Some(text) => match (text.parse(), text.parse()) {
            (Ok(day), _) => Until::Day(day),
            (Err(_), Ok(sequence)) => Until::Sequence(sequence),
            (Err(_), Err(_)) => {
                return Err(Unchecked(texts.get("audit-as-of-form", &[("text", text)])));
            }
        },
    };
    let source = Source::open(folder)?;
    let bar = indicatif::ProgressBar::new_spinner();
    let mut each = |sequence: u64, _: &grants_domain::events::Event| {
        let events = sequence.saturating_add(1);
        if events.is_multiple_of(SHOWN_EVENTS) {
            bar.set_position(events);
            bar.set_message(texts.get("audit-replaying", &[("events", &events.to_string())]));
        }
    };
    let folded = fold(&source, &mut Library::new(), until, &mut each);
    bar.finish_and_clear();
    let folded = match folded {
        Ok(folded) => folded,
        Err(finding) => return found(&finding, texts, json),
    };
    if json {
        println!("{}", page::json(&folded));
    } else {
        print!("{}", page::text(&folded, texts));
    }
    Ok(0)
}

fn tell(folder: &Path, subject: &str, texts: &Texts, json: bool) -> Result<u8, Unchecked> {
    let unknown = || Unchecked(texts.get("audit-no-decision", &[("subject", subject)]));
    let parsed = Subject::parse(subject).ok_or_else(unknown)?;
    let source = Source::open(folder)?;
    let told = match explain(&source, &parsed, texts.lang()) {
        Ok(told) => told.ok_or_else(unknown)?,
        Err(finding) => return found(&finding, texts, json),
    };
    if json {
        println!("{}", as_json(&told));
        return Ok(0);
    }
    println!("{}", told.title);
    for (sentence, number) in told.sentences.iter().zip(1_u32..) {
        let clause = sentence.clause.as_ref().map(|clause| format!("  〔{clause}〕")).unwrap_or_default();
        println!("{number:>3}. {}{clause}", sentence.text);
    }
    if !told.interpretations.is_empty() {
        println!("{}", texts.get("program-interpretations", &[]));
    }
    for one in &told.interpretations {
        println!("     {} {} → {}（{}）", one.id, one.question, one.answer, one.source);
    }
    Ok(0)
}

fn try_out(trial: &Trial, texts: &Texts, json: bool) -> Result<u8, Unchecked> {
    let changed = catalogue::to_try(&trial.catalogue, trial.newest_answers, texts);
    let changed = changed.map_err(|findings| Unchecked(findings.join("\n")))?;
    let source = Source::open(&trial.data)?;
    let bar = indicatif::ProgressBar::new_spinner();
    let mut progress = |events: u64| {
        if events.is_multiple_of(SHOWN_EVENTS) {
            bar.set_message(texts.get("audit-replaying", &[("events", &events.to_string())]));
        }
    };
    let tested = backtest(&source, changed, &mut progress);
    bar.finish_and_clear();
    let tested = match tested {
        Ok(tested) => tested,
        Err(finding) => return found(&finding, texts, json),
    };
    if let Some(path) = &trial.xlsx {
        write(path, &xlsx(&tested.tables(texts))?)?;
    }
    if let Some(path) = &trial.json_out {
        write(path, format!("{}\n", tested.json(texts)).as_bytes())?;
    }
    if json {
        println!("{}", tested.json(texts));
    } else {
        tested.lines(texts).iter().for_each(|line| println!("{line}"));
    }
    Ok(0)
}

/// Writes a file; an error names it.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Unchecked> {
    std::fs::write(path, bytes).map_err(|fault| Unchecked(format!("{}: {fault}", path.display())))
}

fn found(finding: &Finding, texts: &Texts, json: bool) -> Result<u8, Unchecked> {
    if json {
        println!("{}", json!({ "findings": [finding] }));
    } else {
        println!("{}", finding.sentence(texts));
    }
    Ok(1)
}

/// A small text file.
fn small(path: &Path, texts: &Texts) -> Result<String, Unchecked> {
    let wrong = |why: &dyn std::fmt::Display| Unchecked(format!("{}: {why}", path.display()));
    let size = std::fs::metadata(path).map_err(|fault| wrong(&fault))?.len();
    if SMALL_FILE_BYTES_MAX < size {
        let (file, max) = (path.display().to_string(), SMALL_FILE_BYTES_MAX.to_string());
        return Err(Unchecked(texts.get("audit-file-too-long", &[("file", &file), ("max", &max)])));
    }
    std::fs::read_to_string(path).map_err(|fault| wrong(&fault))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the auditor's program has no other configuration than its locale"
)]
fn lang(word: Option<&str>) -> Result<Lang, Unchecked> {
    match word {
        Some(word) => Ok(word.parse()?),
        None => Ok(Lang::of_locales(["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).ok()))),
    }
}

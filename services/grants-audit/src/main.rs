//! `grants-audit`: verify, replay and explain a ledger, with nobody's word but the log's and a key that was handed over.
//!
//! Exit codes: 0 nothing is wrong; 1 something is; 2 it could not be checked at all.

mod page; // the books as text

use clap::{Parser, Subcommand};
use grants_audit::{
    explain::{Subject, explain},
    note::Key,
    replay::{Until, fold},
    report::{Finding, Language},
    source::Source,
    verify::{Against, keep_contradictions_quiet, verify},
};
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
}

/// It could not be checked at all.
struct Unchecked(String);

impl<E: std::error::Error> From<E> for Unchecked {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match perform(&cli) {
        Ok(code) => ExitCode::from(code),
        Err(Unchecked(why)) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}

fn perform(cli: &Cli) -> Result<u8, Unchecked> {
    let language = language(cli.lang.as_deref())?;
    keep_contradictions_quiet();
    match &cli.verb {
        Verb::Verify { folder, vkey, since } => {
            check(folder, vkey.as_deref(), since.as_deref(), language, cli.json)
        }
        Verb::Replay { folder, as_of } => replay(folder, as_of.as_deref(), language, cli.json),
        Verb::Explain { folder, subject } => tell(folder, subject, language, cli.json),
    }
}

fn check(
    folder: &Path,
    vkey: Option<&Path>,
    since: Option<&Path>,
    language: Language,
    json: bool,
) -> Result<u8, Unchecked> {
    let key = vkey.map(|path| Ok::<Key, Unchecked>(small(path)?.trim().parse()?)).transpose()?;
    let since = since.map(small).transpose()?;
    let source = Source::open(folder)?;
    let bar = indicatif::ProgressBar::new_spinner();
    let mut progress = |now: grants_audit::verify::Progress| {
        bar.set_position(now.events);
        bar.set_message(format!("{} events, {} findings", now.events, now.findings));
    };
    let report = verify(&source, &mut Library::new(), &Against { key, since }, &mut progress)?;
    bar.finish_and_clear();
    if json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        print!("{}", report.text(language));
    }
    Ok(report.exit_code())
}

fn replay(folder: &Path, as_of: Option<&str>, language: Language, json: bool) -> Result<u8, Unchecked> {
    let until = match as_of {
        None => Until::End,
        Some(text) => match (text.parse(), text.parse()) {
            (Ok(day), _) => Until::Day(day),
            (Err(_), Ok(sequence)) => Until::Sequence(sequence),
            (Err(_), Err(_)) => {
                return Err(Unchecked(format!("--as-of {text}: a day or a sequence is expected")));
            }
        },
    };
    let source = Source::open(folder)?;
    let folded = match fold(&source, &mut Library::new(), until, &mut |_, _| ()) {
        Ok(folded) => folded,
        Err(finding) => return found(&finding, language, json),
    };
    if json {
        println!("{}", page::json(&folded));
    } else {
        print!("{}", page::text(&folded, language));
    }
    Ok(0)
}

fn tell(folder: &Path, subject: &str, language: Language, json: bool) -> Result<u8, Unchecked> {
    let unknown = || Unchecked(format!("{subject}: the log has no decision about it"));
    let parsed = Subject::parse(subject).ok_or_else(unknown)?;
    let source = Source::open(folder)?;
    let told = match explain(&source, &parsed, language) {
        Ok(told) => told.ok_or_else(unknown)?,
        Err(finding) => return found(&finding, language, json),
    };
    if json {
        let sentences: Vec<_> = told
            .sentences
            .iter()
            .map(|one| json!({ "rule": one.rule, "text": one.text, "clause": one.clause.as_ref().map(ToString::to_string), "met": one.met }))
            .collect();
        println!("{}", json!({ "title": told.title, "sentences": sentences }));
        return Ok(0);
    }
    println!("{}", told.title);
    for (sentence, number) in told.sentences.iter().zip(1_u32..) {
        let clause = sentence.clause.as_ref().map(|clause| format!("  〔{clause}〕")).unwrap_or_default();
        println!("{number:>3}. {}{clause}", sentence.text);
    }
    for one in &told.interpretations {
        println!("     口径 {} {} → {}（{}）", one.id, one.question, one.answer, one.source);
    }
    Ok(0)
}

fn found(finding: &Finding, language: Language, json: bool) -> Result<u8, Unchecked> {
    if json {
        println!("{}", json!({ "findings": [finding] }));
    } else {
        println!("{}", finding.sentence(language));
    }
    Ok(1)
}

/// A small text file.
fn small(path: &Path) -> Result<String, Unchecked> {
    let wrong = |why: &dyn std::fmt::Display| Unchecked(format!("{}: {why}", path.display()));
    let size = std::fs::metadata(path).map_err(|fault| wrong(&fault))?.len();
    if SMALL_FILE_BYTES_MAX < size {
        return Err(wrong(&format!("longer than {SMALL_FILE_BYTES_MAX} bytes")));
    }
    std::fs::read_to_string(path).map_err(|fault| wrong(&fault))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the auditor's program has no other configuration than its locale"
)]
fn language(word: Option<&str>) -> Result<Language, Unchecked> {
    match word {
        Some("zh" | "zh-CN") => Ok(Language::Chinese),
        Some("en") => Ok(Language::English),
        Some(other) => Err(Unchecked(format!("--lang {other}: a language is zh or en"))),
        None => {
            let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok());
            let english = locale.is_some_and(|locale| locale.to_ascii_lowercase().starts_with("en"));
            Ok(if english { Language::English } else { Language::Chinese })
        }
    }
}

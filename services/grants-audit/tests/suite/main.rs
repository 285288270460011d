//! Tests of the program `grants-audit` as an audit office meets it: the built program, on bundles in folders.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests: what is missing fails the test"
)]

#[allow(dead_code, reason = "the story is shared with tests that tell lies about it")]
#[path = "../../src/tests/story.rs"]
mod story;

use grants_domain::events::Event;
use grants_eventlog::{LedgerId, write_bundle};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use story::Log;
use tempfile::TempDir;

/// What a run of the program came to.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|fault| panic!("{fault}: {}{}", self.out, self.err))
    }
}

fn audit(words: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grants-audit"));
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "en_GB.UTF-8").args(words);
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// The story as a bundle with its key in a file, and its checkpoint.
struct Office {
    folder: TempDir,
    log: Log,
}

impl Office {
    fn new() -> Self {
        let office = Self { folder: tempfile::tempdir().unwrap(), log: Log::honest() };
        office.bundle("bundle", &office.log);
        office
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn bundle(&self, name: &str, log: &Log) {
        let (reader, note, key) = log.sealed();
        let ledger = LedgerId(log.told[0].context.ledger.0);
        write_bundle(&*reader, ledger, &self.path(name), None, |_, _| Ok(note)).unwrap();
        fs::write(self.path("vkey"), format!("{key}\n")).unwrap();
    }

    fn run(&self, verb: &str, bundle: &str, more: &[&str]) -> Ran {
        let folder = self.path(bundle);
        audit(&[&[verb, text(&folder)], more].concat())
    }

    /// The first event of this word: the log's place behind its command, its day, and what it says.
    fn first(&self, word: &str) -> (u64, String, Event) {
        let told = &self.log.told[self.log.place(word, 0)];
        let event = told.events.iter().find(|event| event.word() == word).unwrap().clone();
        (told.context.sequence, told.context.today().to_string(), event)
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_bundle_is_verified_against_an_earlier_checkpoint() {
    let office = Office::new();
    let mut shorter = office.log.clone();
    shorter.told.truncate(shorter.told.len() - 4);
    office.bundle("earlier", &shorter);
    let (vkey, since) = (office.path("vkey"), office.path("earlier/checkpoint"));
    let against = ["--vkey", text(&vkey), "--since", text(&since)];
    let ran = office.run("verify", "bundle", &against);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(
        ran.out.contains("compared with the earlier checkpoint") && ran.out.ends_with("OK\n"),
        "{}",
        ran.out
    );
    let mut rewritten = office.log.clone();
    rewritten.told.remove(rewritten.told.len() - 6);
    office.bundle("rewritten", &rewritten);
    let ran = office.run("verify", "rewritten", &[&against[..], &["--json"]].concat());
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.out.contains("growth-broken"), "{}", ran.out);
    let ran = office.run("verify", "rewritten", &[&against[..], &["--lang", "zh"]].concat());
    assert!(ran.out.contains("日志不是由先前检查点延续而来") && ran.out.ends_with("未通过\n"), "{}", ran.out);
}

#[test]
fn the_books_of_a_day_and_of_a_sequence_are_shown() {
    let office = Office::new();
    let (sequence, day, event) = office.first("award.proposed");
    let Event::AwardProposed(fact) = event else { panic!("not a proposal") };
    let before = office.run("replay", "bundle", &["--as-of", &(sequence - 1).to_string(), "--json"]);
    assert_eq!(before.code, 0, "{}", before.err);
    assert_eq!(before.json()["awards"].as_array().unwrap().len(), 0, "{}", before.out);
    assert_eq!(before.json()["events"], sequence);
    let behind = office.run("replay", "bundle", &["--as-of", &day, "--json"]);
    let awards = behind.json()["awards"].clone();
    assert_eq!(awards[0]["award"], fact.award.to_string());
    let all = office.run("replay", "bundle", &["--json"]);
    assert!(behind.json()["events"].as_u64() <= all.json()["events"].as_u64());
    assert!(all.json()["root"].is_string() && all.json()["state"].is_string(), "{}", all.out);
    let told = office.run("replay", "bundle", &["--lang", "zh"]);
    assert!(told.out.contains("奖补\t申请") && told.out.contains("\n根 "), "{}", told.out);
    let told = office.run("replay", "bundle", &[]);
    assert!(told.out.contains("award\tapplication\tmeasure\tstatus"), "{}", told.out);
}

#[test]
fn a_decision_is_explained_with_its_interpretations() {
    let office = Office::new();
    let (_, _, event) = office.first("award.proposed");
    let Event::AwardProposed(fact) = event else { panic!("not a proposal") };
    let award = fact.award.to_string();
    let told = office.run("explain", "bundle", &[&award, "--json"]);
    assert_eq!(told.code, 0, "{}", told.err);
    let json = told.json();
    assert!(!json["sentences"].as_array().unwrap().is_empty(), "{json}");
    let ids: Vec<String> = fact.trace.interpretations.iter().map(ToString::to_string).collect();
    let shown = json["interpretations"].as_array().unwrap();
    assert!(
        !ids.is_empty() && shown.iter().all(|one| ids.iter().any(|id| one["id"] == id.as_str())),
        "{json}"
    );
    assert!(
        !shown.is_empty() && shown[0]["question"].is_string() && shown[0]["source"].is_string(),
        "{json}"
    );
    let by_number = office.run("explain", "bundle", &[fact.application.as_str(), "--json"]);
    assert_eq!(by_number.json(), json);
    let text = office.run("explain", "bundle", &[&award, "--lang", "zh"]);
    assert!(text.out.contains("口径（不是文件原文）"), "{}", text.out);
}

/// Another answer to K-37 than the story's: whom the money does not reach is refused and does not wait.
#[test]
fn history_is_decided_again_under_another_catalogue() {
    let office = Office::new();
    let catalogue = |name: &str, answer: &str| {
        for (path, text) in grants_policy::shipped() {
            let to = office.path(name).join(path);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::write(to, text.replace("value = \"queue\"", answer)).unwrap();
        }
        office.path(name)
    };
    let (data, book, page) = (office.path("bundle"), office.path("book.xlsx"), office.path("page.json"));
    let refusing = catalogue("refusing", "value = \"refuse\"");
    let words = ["backtest", text(&refusing), "--data", text(&data)];
    let ran = audit(&[&words[..], &["--json", "--json-out", text(&page), "--xlsx", text(&book)]].concat());
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let told = ran.json();
    assert_eq!(told["kinds"], serde_json::json!({ "now-refused": 1 }), "{told}");
    assert_eq!(told["decisions"][0]["application"], "A-5");
    let skipped: u64 =
        told["skipped"].as_array().unwrap().iter().map(|one| one["count"].as_u64().unwrap()).sum();
    assert_eq!(skipped, 5, "{told}");
    assert_eq!(serde_json::from_slice::<Value>(&fs::read(&page).unwrap()).unwrap(), told);
    assert!(fs::read(&book).unwrap().starts_with(b"PK"));
    let ran = audit(&[&words[..], &["--lang", "zh"]].concat());
    assert!(ran.out.contains("改为不予核定: 1") && ran.out.contains("确认核定：1 个"), "{}", ran.out);

    let unknown = catalogue("unknown", "value = \"perhaps\"");
    let ran = audit(&["backtest", text(&unknown), "--data", text(&data)]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(ran.err.contains("interpretations.toml"), "{}", ran.err);
}

#[test]
fn what_cannot_be_checked_is_said_in_json_too() {
    let office = Office::new();
    let nothing = office.path("nothing");
    let runs = [
        audit(&["--json", "verify", text(&nothing)]),
        audit(&["--json", "verfy", text(&nothing)]),
        audit(&["--json", "verify"]),
        office.run("replay", "bundle", &["--as-of", "yesterday", "--json"]),
        office.run("explain", "bundle", &["AW-999999", "--json"]),
        office.run("verify", "bundle", &["--vkey", text(&nothing), "--json"]),
        office.run("verify", "bundle", &["--lang", "fr", "--json"]),
        office.run("backtest", "nothing", &["--data", text(&office.path("bundle")), "--json"]),
    ];
    for (place, ran) in runs.iter().enumerate() {
        assert_eq!(ran.code, 2, "{place}: {}{}", ran.out, ran.err);
        assert_eq!(ran.json()["exit"], 2, "{place}");
        assert!(!ran.err.is_empty(), "{place}");
    }
    let ran = office.run("explain", "bundle", &["AW-999999", "--lang", "zh"]);
    assert!(ran.err.contains("没有关于它的决定"), "{}", ran.err);
}

#[test]
fn an_empty_locale_hides_no_other() {
    let office = Office::new();
    let said = |of: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_grants-audit"));
        command.env_remove("LC_MESSAGES").envs(of.iter().copied()).arg("verify").arg(office.path("bundle"));
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(said(&[("LC_ALL", ""), ("LANG", "en_GB.UTF-8")]).ends_with("OK\n"));
    assert!(said(&[("LC_ALL", "zh_CN.UTF-8"), ("LANG", "en_GB.UTF-8")]).ends_with("通过\n"));
}

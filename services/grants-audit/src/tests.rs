//! Honest logs pass; a lying writer, whose tree and signature are flawless, is named with place and rule.

mod backtest; // history under another catalogue
mod liar; // one lie each
mod page; // the page for audit offices
mod stories; // every story that the domain and the policies tell is honest
mod story; // an honest log to lie about

use crate::{
    note::Key,
    report::Report,
    source::Source,
    verify::{Against, verify},
};
use grants_domain::{events::Event, rules::Rules};
use grants_files::{Lang, Texts};
use grants_policy::{Library, pack, shipped};
use story::Log;

fn english() -> Texts {
    Texts::new(Lang::En)
}

/// Checks a log whose checkpoint is signed by the key of the story.
fn audit(log: &Log) -> Report {
    check(log, &mut Library::new())
}

/// The same, decided again by these rules.
fn check(log: &Log, rules: &mut dyn Rules) -> Report {
    let (reader, checkpoint, key) = log.sealed();
    let key: Key = key.parse().unwrap();
    let against = Against { key: Some(key), since: None };
    verify(&Source::of(reader, Some(checkpoint)), rules, &against, &mut |_| ()).unwrap()
}

#[test]
fn an_honest_log_passes() {
    let log = Log::honest();
    let report = audit(&log);
    assert!(report.findings.is_empty(), "{}", report.text(&english()));
    assert_eq!(report.decided_again, report.commands);
    assert!(report.signed.is_some_and(|signed| signed.trusted && signed.size == report.events));
    assert!(report.state_digest.is_some());
}

#[test]
fn whoever_joins_a_queue_before_others_is_no_finding() {
    let log = Log::of(include_str!("tests/queue.scenario"), &mut Library::new(), Some(&pack(&shipped())));
    let positions: Vec<u64> = log
        .told
        .iter()
        .flat_map(|told| &told.events)
        .filter_map(|event| if let Event::AwardQueued(fact) = event { Some(fact.position) } else { None })
        .collect();
    assert_eq!(positions, [1, 1, 2]);
    let report = audit(&log);
    assert!(report.findings.is_empty(), "{}", report.text(&english()));
}

#[test]
fn without_a_key_nobody_is_trusted() {
    let (reader, checkpoint, _) = Log::honest().sealed();
    let source = Source::of(reader, Some(checkpoint));
    let report = verify(&source, &mut Library::new(), &Against::default(), &mut |_| ()).unwrap();
    let text = report.text(&english());
    assert!(report.findings.is_empty() && text.contains("integrity only, signer not trusted"), "{text}");
}

/// A key says that somebody signs: then what is not signed is not vouched for.
#[test]
fn a_key_without_a_checkpoint_is_a_finding() {
    let (reader, _, key) = Log::honest().sealed();
    let against = Against { key: Some(key.parse().unwrap()), since: None };
    let report = verify(&Source::of(reader, None), &mut Library::new(), &against, &mut |_| ()).unwrap();
    assert_eq!(report.findings[0].code.word(), "checkpoint-missing");
    assert_eq!((report.findings.len(), report.exit_code()), (1, 1));
}

#[test]
fn a_log_that_grew_is_told_from_one_that_was_rewritten() {
    let log = Log::honest();
    let mut shorter = log.clone();
    shorter.told.truncate(shorter.told.len() - 4);
    let (_, earlier, key) = shorter.sealed();
    let check = |log: &Log| {
        let (reader, checkpoint, _) = log.sealed();
        let against = Against { key: Some(key.parse().unwrap()), since: Some(earlier.clone()) };
        verify(&Source::of(reader, Some(checkpoint)), &mut Library::new(), &against, &mut |_| ()).unwrap()
    };
    assert!(check(&log).findings.is_empty());
    let mut rewritten = log.clone();
    rewritten.told.remove(rewritten.told.len() - 6);
    let report = check(&rewritten);
    let codes: Vec<&str> = report.findings.iter().map(|one| one.code.word()).collect();
    assert!(codes.contains(&"growth-broken"), "{codes:?}");
}

//! Csv and files of commands.

use super::{Scratch, StrictSealer, wrong};
use crate::{ImportError, Lang, Texts, import};
use proptest::prelude::*;

const RATES: &str = "利率名称,公布日期,利率,来源\n";

#[test]
fn a_csv_is_one_sheet_named_like_the_file() {
    let scratch = Scratch::new();
    for name in ["利率.csv", "rates.csv", "利率-2026-01.csv", "rates_jan.CSV"] {
        let path = scratch.write(name, format!("{RATES}LPR-1Y,2026-01-20,3.10%,公告\n"));
        let found = import(&path, &mut StrictSealer::default()).unwrap();
        assert_eq!(found.commands[0].1.word(), "rate.publish", "{name}");
        assert_eq!(found.commands[0].2.to_string(), format!("{name} 2:2"));
    }
    let path = scratch.write("甲.csv", format!("{RATES}LPR-1Y,2026-01-20,3.10%,公告\n"));
    assert_eq!(wrong(&path), [("甲.csv".to_owned(), "csv-kind-unknown")]);
}

#[test]
fn bytes_that_are_not_utf8_are_named_by_line() {
    let scratch = Scratch::new();
    let mut bytes = RATES.as_bytes().to_vec();
    bytes.extend(b"LPR-1Y,2026-01-20,3.10%,\xb9\xab\xb8\xe6\n");
    assert_eq!(wrong(&scratch.write("利率.csv", bytes)), [("利率.csv:2".to_owned(), "not-utf8")]);
}

#[test]
fn lines_are_as_wide_as_the_headings() {
    let scratch = Scratch::new();
    let path = scratch.write("利率.csv", format!("{RATES}LPR-1Y,2026-01-20,3.10%,公告,多\n"));
    assert_eq!(wrong(&path), [("利率.csv 2:2".to_owned(), "csv-width")]);
}

#[test]
fn fields_with_line_breaks_and_formulas_are_refused() {
    let scratch = Scratch::new();
    let path = scratch.write(
        "利率.csv",
        format!("{RATES}LPR-1Y,2026-01-20,3.10,\"公\n告\"\nLPR-5Y,2026/1/20,３.5%,=1+1\n"),
    );
    assert_eq!(
        wrong(&path),
        [
            ("利率.csv C2".to_owned(), "rate-implausible"),
            ("利率.csv D2".to_owned(), "value-control-character"),
            ("利率.csv B4".to_owned(), "cell-not-date"),
            ("利率.csv C4".to_owned(), "value-full-width"),
            ("利率.csv D4".to_owned(), "cell-formula-like"),
        ]
    );
}

#[test]
fn unknown_endings_and_missing_files_are_told() {
    let scratch = Scratch::new();
    assert_eq!(wrong(&scratch.write("a.xls", "x")), [("a.xls".to_owned(), "file-kind-unknown")]);
    assert_eq!(wrong(&scratch.dir.path().join("b.csv")), [("b.csv".to_owned(), "file-unreadable")]);
    std::fs::create_dir(scratch.dir.path().join("c.csv")).unwrap();
    assert_eq!(wrong(&scratch.dir.path().join("c.csv")), [("c.csv".to_owned(), "file-unreadable")]);
    assert_eq!(wrong(&scratch.write("利率.csv", RATES)), [("利率.csv".to_owned(), "nothing-to-import")]);
}

const ENTERPRISE: &str = r#"{"enterprise.register":{"code":"91411700MA40ABCD1G","name":"甲","treasury":"411702000","legal_representative":"张三"}}"#;

#[test]
fn command_lines_are_sealed_and_keep_their_order() {
    let scratch = Scratch::new();
    let decide = r#"{"application.decide":{"application":"A-1"}}"#;
    let path = scratch.write("a.jsonl", format!("{decide}\n\n{ENTERPRISE}\n"));
    let mut sealer = StrictSealer::default();
    let found = import(&path, &mut sealer).unwrap();
    let verbs: Vec<&str> = found.commands.iter().map(|(_, command, _)| command.word()).collect();
    assert_eq!(verbs, ["application.decide", "enterprise.register"]);
    assert_eq!(sealer.asked, 1);
    assert!(!format!("{:?}", found.commands).contains("张三"));
    assert_eq!(found.commands[1].2.to_string(), "a.jsonl:3");
}

#[test]
fn the_same_enterprise_has_the_same_id_from_a_csv_and_from_a_line() {
    let scratch = Scratch::new();
    let csv = "统一社会信用代码,企业名称,受益财政区划,法定代表人\n91411700MA40ABCD1G,甲,411702000,张三\n";
    let id = |path: &std::path::Path| import(path, &mut StrictSealer::default()).unwrap().commands[0].0;
    assert_eq!(id(&scratch.write("企业.csv", csv)), id(&scratch.write("a.jsonl", ENTERPRISE)));
}

#[test]
fn wrong_lines_are_named() {
    let scratch = Scratch::new();
    let lines = [
        "{",
        r#"{"award.explode":{}}"#,
        r#"{"application.decide":{"application":"A-1","extra":1}}"#,
        r#"{"application.decide":{"application":"A-1"}}"#,
        r#"{"application.decide":{"application":"A-1"}}"#,
        r#"{"application.decide":{"application":"A-1","application":"A-2"}}"#,
    ];
    let path = scratch.write("a.jsonl", lines.join("\n"));
    let found = wrong(&path);
    let expected = [
        (1, "json-invalid"),
        (2, "command-invalid"),
        (3, "command-invalid"),
        (6, "json-invalid"),
        (5, "key-duplicate"),
    ];
    assert_eq!(found, expected.map(|(line, code)| (format!("a.jsonl:{line}"), code)));
}

#[test]
fn many_errors_are_told_up_to_the_limit_and_counted() {
    let scratch = Scratch::new();
    let rows: String = (0..300).map(|day| format!("LPR-{day},2026-02-30,3.10%,公告\n")).collect();
    let path = scratch.write("利率.csv", format!("{RATES}{rows}"));
    let Err(ImportError::Rejected(errors)) = import(&path, &mut StrictSealer::default()) else { panic!() };
    assert_eq!((errors.errors.len(), errors.more, errors.count()), (200, 100, 300));
    let lines = errors.lines(&Texts::new(Lang::Zh));
    assert_eq!(lines[0], "利率.csv B2 [value-no-such-date] 没有这一天。");
    assert_eq!(lines[200], "另有 100 处问题未列出。");
}

proptest! {
    #[test]
    fn any_csv_is_answered(body in "(利率名称|公布日期|利率|来源|LPR|2026-01-20|3.1%|[,\"\n\r='\u{0}-\u{ff}１中]){0,60}") {
        let scratch = Scratch::new();
        let path = scratch.write("利率.csv", &body);
        if let Ok(found) = import(&path, &mut StrictSealer::default()) {
            prop_assert!(!found.commands.is_empty());
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..300), ending in "(csv|jsonl|xlsx)") {
        let scratch = Scratch::new();
        let path = scratch.write(&format!("企业.{ending}"), &bytes);
        prop_assert!(import(&path, &mut StrictSealer::default()).is_err());
    }

    #[test]
    fn damaged_lines_are_answered(at in 0_usize..130, with in any::<u8>()) {
        let scratch = Scratch::new();
        let mut bytes = ENTERPRISE.as_bytes().to_vec();
        let place = at % bytes.len();
        bytes[place] = with;
        if let Ok(found) = import(&scratch.write("a.jsonl", &bytes), &mut StrictSealer::default()) {
            prop_assert!(found.commands.len() <= 2);
        }
    }
}

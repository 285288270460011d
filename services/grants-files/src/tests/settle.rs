//! A bank's file against the payments that the ledger knows.

use super::Scratch;
use crate::settle::{KnownPayment, settle};
use grants_domain::{commands::Command, ids::AttemptId};
use std::collections::BTreeMap;

fn known(payments: &[(u64, &str, bool)]) -> BTreeMap<AttemptId, KnownPayment> {
    let one = |(id, amount, awaited): &(u64, &str, bool)| {
        let amount = amount.parse().unwrap();
        (AttemptId(*id), KnownPayment { amount, awaited: *awaited })
    };
    payments.iter().map(one).collect()
}

const HEADINGS: &[&str] = &["支付申请号", "结果", "金额（元）", "银行流水号", "日期", "原因"];

#[test]
fn lines_are_matched_and_silence_says_nothing() {
    let scratch = Scratch::new();
    let path = scratch.book(&[(
        "回单",
        &[
            HEADINGS,
            &["PY-1", "成功", "100.00", "B1", "2026-04-01", ""],
            &["PY-2", "失败", "0.00", "", "2026-04-01", "账号错误"],
            &["PY-3", "成功", "99.99", "B3", "2026-04-01", ""],
            &["PY-9", "成功", "1.00", "B9", "2026-04-01", ""],
            &["PY-5", "退票", "500.00", "", "2026-04-02", "账户已销户"],
        ],
    )]);
    let known = known(&[
        (1, "100.00", true),
        (2, "200.00", true),
        (3, "100.00", true),
        (4, "400.00", true),
        (5, "500.00", false),
    ]);
    let found = settle(&path, &known).unwrap();
    let verbs: Vec<&str> = found.commands.iter().map(|(_, command, _)| command.word()).collect();
    assert_eq!(verbs, ["payment.settle", "payment.reject", "payment.return"]);
    assert_eq!(found.foreign.len(), 1);
    assert_eq!(found.foreign[0].1, AttemptId(9));
    assert_eq!(found.foreign[0].0.to_string(), "book.xlsx 回单!5:5");
    assert_eq!(found.differing.len(), 1);
    assert_eq!(found.differing[0].reported.to_string(), "99.99");
    assert_eq!(found.silent, [AttemptId(4)]);
}

#[test]
fn the_same_line_in_a_later_csv_is_the_same_command() {
    let scratch = Scratch::new();
    let line = "支付申请号,结果,金额（元）,银行流水号,日期,原因\nPY-1,成功,100.00,B1,2026-04-01,\n";
    let known = known(&[(1, "100.00", true)]);
    let one = settle(&scratch.write("回单.csv", line), &known).unwrap();
    let two = settle(&scratch.write("回单2.csv", format!("\u{FEFF}{line}")), &known).unwrap();
    assert_eq!(one.commands[0].0, two.commands[0].0);
    let Command::SettlePayment(settled) = &one.commands[0].1 else { panic!() };
    assert_eq!(settled.bank_reference.as_str(), "B1");
}

#[test]
fn contradictions_and_gaps_are_errors_with_a_cell() {
    let scratch = Scratch::new();
    let path = scratch.book(&[(
        "银行结果",
        &[
            HEADINGS,
            &["PY-1", "成功", "", "B1", "2026-04-01", ""],
            &["PY-2", "失败", "5.00", "", "2026-04-01", "错"],
            &["PY-3", "退票", "", "", "2026-04-01", ""],
            &["py4", "成功", "1.00", "B", "2026-04-01", ""],
            &["PY-5", "成功", "1.00", "B", "2026-04-01", ""],
            &["PY-5", "成功", "2.00", "B", "2026-04-01", ""],
            &["PY-6", "处理中", "", "", "2026-04-01", ""],
        ],
    )]);
    let errors = settle(&path, &known(&[])).unwrap_err();
    let found: Vec<(String, &str)> =
        errors.errors.iter().map(|one| (one.place.to_string(), one.code())).collect();
    let expected = [
        ("C2", "group-incomplete"),
        ("C3", "result-amount"),
        ("F4", "group-incomplete"),
        ("A5", "value-form"),
        ("B8", "word-unknown"),
        ("7:7", "key-duplicate"),
    ];
    let expected = expected.map(|(cell, code)| (format!("book.xlsx 银行结果!{cell}"), code));
    assert_eq!(found, expected);
}

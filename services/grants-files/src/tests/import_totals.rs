//! Totals that somebody added up by other means, and amounts of one file that contradict each other.

use super::{Scratch, StrictSealer, examples, filled, wrong};
use crate::{
    ImportError, Lang, Texts, import,
    settle::{KnownPayment, settle},
    workbook::fill,
};
use grants_domain::{
    ids::AttemptId,
    values::{Fen, in_capitals},
};
use rust_xlsxwriter::Formula;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Two budget lines of these amounts, and below them rows of their first and their last cell.
fn budget(scratch: &Scratch, amounts: [&str; 2], totals: &[(&str, &str)]) -> PathBuf {
    let headings = ["指标编号", "付款财政区划", "预算年度", "指标文号", "适用条款", "金额（元）"];
    let line = |number, amount| [number, "411702000", "2026", "驻财预〔2026〕1号", "E4.1", amount];
    let mut rows = vec![headings, line("B-1", amounts[0]), line("B-2", amounts[1])];
    rows.extend(totals.iter().map(|(label, amount)| [*label, "", "", "", "", *amount]));
    let rows: Vec<&[&str]> = rows.iter().map(|row| &row[..]).collect();
    scratch.book(&[("指标", &rows)])
}

fn at(cell: &str) -> String {
    format!("book.xlsx 指标!{cell}")
}

/// How many commands a file becomes.
fn taken(path: &Path) -> usize {
    import(path, &mut StrictSealer::default()).unwrap().commands.len()
}

/// The sentences about a file of which nothing is taken.
fn told(path: &Path, lang: Lang) -> Vec<String> {
    let Err(ImportError::Rejected(errors)) = import(path, &mut StrictSealer::default()) else {
        panic!("{} was imported", path.display());
    };
    errors.lines(&Texts::new(lang))
}

const AMOUNTS: [&str; 2] = ["30000000.00", "20000001.50"];

#[test]
fn totals_that_agree_change_nothing() {
    let scratch = Scratch::new();
    let ids = |path: &Path| {
        let found = import(path, &mut StrictSealer::default()).unwrap();
        found.commands.into_iter().map(|(id, ..)| id).collect::<Vec<_>>()
    };
    let expected = ids(&budget(&scratch, AMOUNTS, &[]));
    for totals in [
        &[("合计", "50000001.50")][..],
        &[("合计（大写）", "人民币伍仟万零壹元伍角")],
        &[("合 计", "50000001.5"), ("合计(大写)", "人民币伍仟万零壹元伍角整")],
        &[("合计大写", "人民币伍仟萬零壹圓伍角"), ("合计", "50000001.50")],
    ] {
        assert_eq!(ids(&budget(&scratch, AMOUNTS, totals)), expected, "{totals:?}");
    }
}

/// a column of 万元 under a heading of 元 agrees with its own figures; the capitals know better.
#[test]
fn capitals_find_a_column_whose_unit_is_wrong_throughout() {
    let scratch = Scratch::new();
    let path = budget(
        &scratch,
        ["3000", "2000.15"],
        &[("合计", "5000.15"), ("合计（大写）", "人民币伍仟万零壹仟伍佰元整")],
    );
    let found = told(&path, Lang::Zh);
    let expected = format!(
        "{} [total-unit] 合计相差一万倍：各行相加为 5,000.15 元，合计行为 50,001,500.00 元，请核对表头的单位是元还是万元。",
        at("F5")
    );
    assert_eq!(found, [expected]);
    // And the other way: 元 under a heading of 万元.
    let mut book = examples();
    book.retain(|(name, _)| *name == "项目");
    assert!(book[0].1[0][4].ends_with("（万元）"));
    book[0].1[1][4] = "5000000".to_owned();
    let mut total = vec![String::new(); 8];
    (total[0], total[4]) = ("合计（大写）".to_owned(), "人民币伍佰万元整".to_owned());
    book[0].1.push(total);
    assert_eq!(wrong(&scratch.write("a.xlsx", filled(&book))), [("a.xlsx 项目!E3".to_owned(), "total-unit")]);
    // Under the right heading the same rows are taken: the figures in its unit, the capitals in 元.
    for (heading, figures) in [("总投资（元）", "5000000"), ("总投资（万元）", "500")] {
        book[0].1[0][4] = heading.to_owned();
        book[0].1[1][4] = figures.to_owned();
        let mut with_figures = book[0].1[2].clone();
        (with_figures[0], with_figures[4]) = ("合计".to_owned(), figures.to_owned());
        let mut both = vec![(book[0].0, book[0].1.clone())];
        both[0].1.push(with_figures);
        assert_eq!(taken(&scratch.write("a.xlsx", filled(&both))), 1, "{heading}");
    }
}

#[test]
fn a_total_that_differs_is_named_with_both_amounts_and_stops_all() {
    let scratch = Scratch::new();
    let path = budget(&scratch, AMOUNTS, &[("合计", "50000001.49")]);
    let expected = format!(
        "{} [total-differs] The totals differ: the rows come to 50,000,001.50 元, the row of totals states 50,000,001.49 元.",
        at("F4")
    );
    assert_eq!(told(&path, Lang::En), [expected]);
    for amount in ["人民币伍仟万零壹元肆角玖分", "人民币叁仟万元整", "人民币零元整"]
    {
        let path = budget(&scratch, AMOUNTS, &[("合计（大写）", amount)]);
        assert_eq!(wrong(&path), [(at("F4"), "total-differs")], "{amount}");
    }
    // Both are held against the lines, not against each other.
    let path = budget(&scratch, AMOUNTS, &[("合计", "1.00"), ("合计（大写）", "人民币壹元整")]);
    assert_eq!(wrong(&path), [(at("F4"), "total-differs"), (at("F5"), "total-differs")]);
}

#[test]
fn totals_that_cannot_be_read_are_refused() {
    let scratch = Scratch::new();
    for (label, amount, code) in [
        ("合计（大写）", "伍仟万零壹元伍角", "value-reading"),
        ("合计（大写）", "人民币伍仟万零壹元五角", "value-reading"),
        ("合计（大写）", "人民币伍仟万壹元伍角", "value-reading"),
        ("合计（大写）", "50000001.50", "value-reading"),
        ("合计", "人民币伍仟万零壹元伍角", "value-character"),
        ("合计", "50,000,001.50", "value-character"),
        ("合计", "50000001.500", "value-decimals"),
    ] {
        let path = budget(&scratch, AMOUNTS, &[(label, amount)]);
        assert_eq!(wrong(&path), [(at("F4"), code)], "{label} {amount}");
    }
    // A sum that the spreadsheet forms is right about whatever the rows say.
    let rows: &[&[&str]] = &[
        &["核定编号", "核减后金额（元）", "原因"],
        &["AW-1", "5000.00", "企业来函"],
        &["合计"],
        &["合计（大写）"],
    ];
    let path = scratch.book_with(&[("核减", rows)], |sheet| {
        sheet.write_formula(2, 1, Formula::new("=SUM(B2:B2)").set_result("5000")).unwrap();
        sheet.write_number(3, 1, 5000.0).unwrap();
    });
    let at = |cell: &str| format!("book.xlsx 核减!{cell}");
    assert_eq!(wrong(&path), [(at("B3"), "cell-formula"), (at("B4"), "cell-not-text")]);
}

#[test]
fn a_row_of_totals_stands_last_and_holds_nothing_else() {
    let scratch = Scratch::new();
    let line = ["AW-2", "1.00", "企业来函"];
    let book = |rows: &[[&str; 3]]| {
        let mut all = vec![["核定编号", "核减后金额（元）", "原因"], ["AW-1", "5000.00", "企业来函"]];
        all.extend(rows);
        let all: Vec<&[&str]> = all.iter().map(|row| &row[..]).collect();
        wrong(&scratch.book(&[("核减", &all)]))
    };
    let at = |place: &str| format!("book.xlsx 核减!{place}");
    assert_eq!(book(&[["合计", "5000.00", ""], line]), [(at("3:3"), "total-row")]);
    assert_eq!(book(&[line, ["合计", "", ""]]), [(at("4:4"), "total-row")]);
    assert_eq!(book(&[line, ["合计", "5001.00", "共两笔"]]), [(at("C4"), "total-row")]);
    // A total of lines that cannot be read says nothing more than their cells.
    assert_eq!(book(&[["AW-3", "1,00", "企业来函"], ["合计", "9.00", ""]]), [(at("B3"), "value-character")]);
    // 合计 elsewhere in a row makes no total of it.
    assert_eq!(book(&[["小计", "5001.00", "合计"]]), [(at("A3"), "value-form")]);
}

#[test]
fn what_applicants_state_has_a_total_too() {
    let scratch = Scratch::new();
    let mut book = examples();
    book.retain(|(name, _)| matches!(*name, "申报" | "申报事实"));
    let facts = &mut book.iter_mut().find(|(name, _)| *name == "申报事实").unwrap().1;
    // Only amounts are added up: a count in the same column is none.
    facts.push(["A-2026-0001", "staff", "数量", "120"].map(str::to_owned).to_vec());
    facts.push(["A-2026-0001", "loan", "money", "800000.00"].map(str::to_owned).to_vec());
    let lines = facts.len();
    let mut with = |capitals: &str| {
        let facts = &mut book.iter_mut().find(|(name, _)| *name == "申报事实").unwrap().1;
        facts.truncate(lines);
        facts.push(["合计（大写）", "", "", capitals].map(str::to_owned).to_vec());
        scratch.write("a.xlsx", filled(&book))
    };
    assert_eq!(taken(&with("人民币肆佰万元整")), 1);
    assert_eq!(wrong(&with("人民币肆佰元整")), [("a.xlsx 申报事实!D5".to_owned(), "total-unit")]);
}

#[test]
fn a_csv_its_workbook_and_an_answer_of_the_bank_have_totals_alike() {
    let scratch = Scratch::new();
    let csv = |capitals: &str| {
        let text = format!(
            "支付申请号,结果,金额（元）,银行流水号,日期\nPY-12,成功,5000.00,R1,2026-04-01\n合计（大写）,,{capitals},,\n"
        );
        scratch.write("银行结果.csv", text)
    };
    let payment: AttemptId = "PY-12".parse().unwrap();
    let known =
        BTreeMap::from([(payment, KnownPayment { amount: "5000.00".parse().unwrap(), awaited: true })]);
    let right = csv("人民币伍仟元整");
    assert_eq!(taken(&right), 1);
    assert_eq!(settle(&right, &known).unwrap().commands.len(), 1);
    assert_eq!(taken(&scratch.write("全.xlsx", fill(scratch.dir.path()).unwrap())), 1);
    let wrong_total = csv("人民币伍仟万元整");
    let place = ("银行结果.csv C3".to_owned(), "total-unit");
    assert_eq!(wrong(&wrong_total), std::slice::from_ref(&place));
    let errors = settle(&wrong_total, &known).unwrap_err().errors;
    assert_eq!((errors[0].place.to_string(), errors[0].code()), place);
    let path = scratch.write("全.xlsx", fill(scratch.dir.path()).unwrap());
    assert_eq!(wrong(&path), [("全.xlsx 银行结果!C3".to_owned(), "total-unit")]);
}

/// What is written in capitals is the sum to the 分, up to the largest amount and no further.
#[test]
fn a_total_is_exact_to_the_fen() {
    let scratch = Scratch::new();
    let rows = |last: &str| {
        let headings = ["支付申请号", "结果", "金额（元）", "银行流水号", "日期"].join(",");
        let mut text = format!("{headings}\n");
        for number in 0..1_001 {
            let amount = if number < 1_000 { "9999999999.99" } else { last };
            text.push_str(&format!("PY-{number},成功,{amount},R{number},2026-04-01\n"));
        }
        text
    };
    // A thousand times 9,999,999,999.99 and 9.99 is the largest amount that the ledger counts.
    let full = in_capitals(Fen::MAX);
    let path = scratch.write("银行结果.csv", format!("{}合计（大写）,,{full},,\n", rows("9.99")));
    assert_eq!(taken(&path), 1_001);
    let less = in_capitals(Fen::new(Fen::MAX.get() - 1).unwrap());
    let path = scratch.write("银行结果.csv", format!("{}合计（大写）,,{less},,\n", rows("9.99")));
    assert_eq!(wrong(&path), [("银行结果.csv C1003".to_owned(), "total-differs")]);
    let path = scratch.write("银行结果.csv", format!("{}合计（大写）,,{full},,\n", rows("10.00")));
    assert_eq!(wrong(&path), [("银行结果.csv C1003".to_owned(), "value-out-of-range")]);
}

/// The limit of an application's invoices is what its project costs, as the same file tells.
#[test]
fn invoices_are_held_against_the_total_investment_of_their_project() {
    let scratch = Scratch::new();
    let warnings = |amount: &str, investment: &str, kind: &str| {
        let mut book = examples();
        book.retain(|(name, _)| matches!(*name, "项目" | "申报" | "佐证"));
        for (name, rows) in &mut book {
            match *name {
                "项目" => rows[1][4] = investment.to_owned(),
                "佐证" => {
                    (rows[1][1], rows[1][6]) = (kind.to_owned(), amount.to_owned());
                    if kind != "发票" {
                        rows[1][3] = "DK-1".to_owned();
                    }
                }
                _ => {}
            }
        }
        let found = import(&scratch.write("a.xlsx", filled(&book)), &mut StrictSealer::default()).unwrap();
        assert_eq!(found.commands.len(), 2);
        found.warnings.lines(&Texts::new(Lang::Zh))
    };
    for (amount, investment) in [("60000000.00", "30000"), ("300000000.00", "30000"), ("30000.01", "30000")] {
        assert!(warnings(amount, investment, "发票").is_empty(), "{amount}");
    }
    let told = warnings("300000000.01", "30000", "发票");
    assert_eq!(
        told,
        [
            "a.xlsx 申报!2:2 [invoices-implausible] 发票合计 300,000,000.01 元超过项目总投资 300,000,000.00 元，\
          或不足其万分之一，请核对单位是元还是万元。"
        ]
    );
    // 6000 万元 typed as 6000 under 元.
    assert_eq!(warnings("6000", "30000", "发票").len(), 1);
    assert_eq!(warnings("30000.00", "30000", "发票").len(), 1);
    // A loan is no price, and may be larger than the project.
    assert!(warnings("300000000.01", "30000", "贷款合同").is_empty());
}

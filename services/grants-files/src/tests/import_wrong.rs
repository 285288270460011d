//! What people do to workbooks: every fault is told with its cell, and nothing is taken.

use super::{Filled, Scratch, StrictSealer, examples, filled, wrong};
use crate::{
    import,
    workbook::{fill, sheets},
};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula};

/// The example of one sheet with one cell changed, and the name of that cell.
fn with_cell(sheet: &str, key: &str, text: &str) -> (Vec<Filled>, String) {
    let column = sheets::by_name(sheet).unwrap().columns.iter().position(|column| column.key == key).unwrap();
    let mut found = examples();
    found.retain(|(name, _)| *name == sheet);
    found[0].1[1][column] = text.to_owned();
    let letters = crate::problem::column_letters(u32::try_from(column).unwrap() + 1);
    (found, format!("a.xlsx {sheet}!{letters}2"))
}

/// Asserts what is told of a workbook with this text in this cell.
#[track_caller]
fn text_is(sheet: &str, key: &str, text: &str, code: &'static str) {
    let (book, cell) = with_cell(sheet, key, text);
    let scratch = Scratch::new();
    assert_eq!(wrong(&scratch.write("a.xlsx", filled(&book))), [(cell, code)], "{text}");
}

const HEADINGS: &[&str] = &["利率名称", "公布日期", "利率", "来源"];
const RIGHT: &[&str] = &["LPR-1Y", "2026-01-20", "3.10%", "公告"];

fn at(cell: &str) -> String {
    format!("book.xlsx 利率!{cell}")
}

#[test]
fn a_sheet_that_others_need_is_missed() {
    let scratch = Scratch::new();
    let mut book = examples();
    book.retain(|(name, _)| matches!(*name, "佐证" | "申报事实"));
    assert_eq!(wrong(&scratch.write("a.xlsx", filled(&book))), [("a.xlsx".to_owned(), "sheet-missing")]);
    let mut book = examples();
    book.retain(|(name, _)| matches!(*name, "申报" | "佐证"));
    book.iter_mut().find(|(name, _)| *name == "佐证").unwrap().1[1][0] = "A-404".to_owned();
    assert_eq!(
        wrong(&scratch.write("a.xlsx", filled(&book))),
        [("a.xlsx 佐证!2:2".to_owned(), "line-orphan")]
    );
}

#[test]
fn a_sheet_of_another_name_is_not_passed_over() {
    let scratch = Scratch::new();
    let path = scratch.book(&[("利率", &[HEADINGS, RIGHT]), ("汇总", &[&["合计"]]), ("空", &[])]);
    assert_eq!(wrong(&path), [("book.xlsx 汇总".to_owned(), "sheet-unknown")]);
}

#[test]
fn merged_cells_are_named_by_their_first() {
    let scratch = Scratch::new();
    let rows: &[&[&str]] = &[HEADINGS, RIGHT, &["", "2026-02-20", "3.10%", "公告"]];
    let text = Format::new().set_num_format("@");
    let path = scratch.book_with(&[("利率", rows)], |sheet| {
        sheet.merge_range(1, 0, 2, 0, "LPR-1Y", &text).unwrap();
    });
    assert_eq!(wrong(&path), [(at("A2"), "cell-merged"), (at("A3"), "value-missing")]);
    let path = scratch.book_with(&[("利率", &[HEADINGS, RIGHT])], |sheet| {
        sheet.merge_range(5, 1, 6, 2, "", &text).unwrap();
    });
    assert_eq!(wrong(&path), [(at("B6"), "cell-merged")]);
}

#[test]
fn dates_as_text_are_taken_in_one_spelling_only() {
    for text in ["2026/1/20", "2026年1月20日", "20260120", "2026-1-20", "20-01-2026", "2026-01-20 00:00:00"]
    {
        text_is("利率", "published_on", text, "cell-not-date");
    }
    text_is("利率", "published_on", "2026-02-30", "value-no-such-date");
    text_is("利率", "published_on", "２０２６-01-20", "value-full-width");
}

#[test]
fn dates_as_numbers_need_a_date_format_and_a_whole_day() {
    let scratch = Scratch::new();
    let path = scratch.book_with(&[("利率", &[HEADINGS, RIGHT, RIGHT, RIGHT, RIGHT])], |sheet| {
        let format = Format::new().set_num_format("yyyy-mm-dd hh:mm");
        let noon = ExcelDateTime::from_ymd(2026, 1, 20).unwrap().and_hms(12, 0, 0).unwrap();
        sheet.write_number(1, 1, 20_260_120).unwrap();
        sheet.write_datetime_with_format(2, 1, &noon, &format).unwrap();
        sheet.write_number_with_format(3, 1, 59, &format).unwrap();
        sheet.write_boolean(4, 1, true).unwrap();
    });
    let cells = ["B2", "B3", "B4", "B5"];
    assert_eq!(wrong(&path), cells.map(|cell| (at(cell), "cell-not-date")));
}

#[test]
fn amounts_as_text_are_read_to_the_letter() {
    for (text, code) in [
        ("1234567890123456", "value-digits"),
        ("1234567890123.456", "value-digits"),
        ("50000000.001", "value-decimals"),
        ("５0000000.00", "value-full-width"),
        ("50000000．00", "value-full-width"),
        ("50,000,000.00", "value-character"),
        ("5e7", "value-character"),
        ("5000万", "value-character"),
        ("=5000*10000", "value-character"),
    ] {
        text_is("指标", "amount", text, code);
    }
    // 万元 has six decimals, 元 two: both are whole 分.
    text_is("项目", "total_investment", "4999.9999999", "value-decimals");
    text_is("企业", "code", "91411700MA40ABCD1H", "value-check-failed");
    text_is("企业", "code", "９1411700MA40ABCD1G", "value-full-width");
    text_is("企业", "code", "91411700ma40abcd1g", "value-not-normalised");
}

#[test]
fn amounts_as_numbers_have_what_a_spreadsheet_keeps() {
    for (number, code) in [
        (1_234_567_890_123_456.0, "value-digits"),
        (12_345_678_901_234_567.0, "value-digits"),
        (0.1 + 0.2, "value-digits"),
        (100.125, "value-decimals"),
        (-1.0, "value-out-of-range"),
        (1e300, "value-too-long"),
    ] {
        let (book, cell) = with_cell("指标", "amount", "");
        let rows: Vec<Vec<&str>> =
            book[0].1.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let column = rows[1].iter().position(|text| text.is_empty()).unwrap();
        let scratch = Scratch::new();
        let path = scratch.book_with(&[("指标", &rows)], |sheet| {
            sheet.write_number(1, u16::try_from(column).unwrap(), number).unwrap();
        });
        assert_eq!(wrong(&path), [(cell.replace("a.xlsx", "book.xlsx"), code)], "{number}");
    }
}

#[test]
fn codes_that_were_stored_as_numbers_are_refused() {
    let scratch = Scratch::new();
    let path = scratch.book_with(&[("利率", &[HEADINGS, RIGHT, RIGHT])], |sheet| {
        sheet.write_number(1, 0, 411_702_000).unwrap();
        sheet.write_boolean(2, 0, true).unwrap();
        sheet.write_boolean(2, 2, true).unwrap();
    });
    assert_eq!(
        wrong(&path),
        [(at("A2"), "cell-not-text"), (at("A3"), "cell-not-text"), (at("C3"), "cell-not-number")]
    );
}

/// 万元 under a heading of 元, and the other way round, is refused at its cell and not guessed.
#[test]
fn units_are_declared_and_plausible() {
    let scratch = Scratch::new();
    let book = |sheet: &'static str, heading: &str, key: &str, text: &str| {
        let (mut book, _) = with_cell(sheet, key, text);
        let columns = sheets::by_name(sheet).unwrap().columns;
        let column = columns.iter().position(|column| column.key == key).unwrap();
        book[0].1[0][column] = heading.to_owned();
        wrong(&scratch.write("a.xlsx", filled(&book)))
    };
    for heading in ["总投资", "总投资（亿元）", "总投资（万）", "总投资（元"] {
        let found = book("项目", heading, "total_investment", "5000");
        assert_eq!(found[0], ("a.xlsx 项目!E1".to_owned(), "heading-unit-wrong"), "{heading}");
    }
    let amount =
        sheets::by_name("指标").unwrap().columns.iter().find(|column| column.key == "amount").unwrap();
    let found = book("指标", &format!("{}（万元）", amount.heading), "amount", "5000");
    assert_eq!(found[0].1, "heading-unit-wrong");
    // 元 typed under 万元 is ten thousand times too much.
    text_is("项目", "total_investment", "300000000", "amount-implausible");
}

#[test]
fn headings_stand_once_and_are_all_known() {
    let scratch = Scratch::new();
    let path = scratch.book(&[(
        "利率",
        &[
            &["利率名称", "利率名称", "公布日期", "利率", "备注"],
            &["LPR-1Y", "LPR-5Y", "2026-01-20", "3.10%", "x"],
        ],
    )]);
    assert_eq!(
        wrong(&path),
        [(at("B1"), "heading-duplicate"), (at("E1"), "heading-unknown"), (at("1:1"), "heading-missing"),]
    );
    let path = scratch.book_with(&[("利率", &[HEADINGS, RIGHT])], |sheet| {
        sheet.write_number(0, 1, 2026).unwrap();
        sheet.write_string(1, 7, "x").unwrap();
    });
    assert_eq!(
        wrong(&path),
        [(at("B1"), "cell-not-text"), (at("1:1"), "heading-missing"), (at("H2"), "cell-stray")]
    );
}

#[test]
fn formulas_are_refused_whatever_they_show() {
    let scratch = Scratch::new();
    let path = scratch.book_with(&[("利率", &[HEADINGS, RIGHT, RIGHT])], |sheet| {
        sheet.write_formula(1, 1, Formula::new("=DATE(2026,1,20)").set_result("46042")).unwrap();
        sheet.write_array_formula(1, 2, 1, 2, "{=SUM(0.031)}").unwrap();
        sheet.write_string(2, 0, "@SUM(A1)").unwrap();
        sheet.write_formula(2, 3, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    });
    assert_eq!(
        wrong(&path),
        [
            (at("B2"), "cell-formula"),
            (at("C2"), "cell-formula"),
            (at("A3"), "cell-formula-like"),
            (at("D3"), "cell-formula"),
        ]
    );
    let path = scratch.book_with(&[("利率", &[HEADINGS, RIGHT])], |sheet| {
        sheet.write_formula(0, 3, "=\"来源\"").unwrap();
    });
    assert_eq!(wrong(&path), [(at("D1"), "cell-formula"), (at("1:1"), "heading-missing")]);
}

#[test]
fn one_bad_row_among_many_is_the_only_one_named_and_stops_all() {
    let scratch = Scratch::new();
    let days: Vec<String> = (1..=28).map(|day| format!("2026-02-{day:02}")).collect();
    let mut rows: Vec<[&str; 4]> = days.iter().map(|day| ["LPR-1Y", day, "3.10%", "公告"]).collect();
    rows[20][2] = "3.10％";
    let rows: Vec<&[&str]> = std::iter::once(HEADINGS).chain(rows.iter().map(|row| &row[..])).collect();
    assert_eq!(wrong(&scratch.book(&[("利率", &rows)])), [(at("C22"), "value-full-width")]);
}

#[test]
fn csv_files_fill_the_workbook_that_is_imported_alike() {
    let scratch = Scratch::new();
    let csv = |sheet: &str, headings: &str, row: &str| {
        scratch.write(&format!("{sheet}.csv"), format!("{headings}\n{row}\n"));
    };
    csv("利率", "来源,利率名称,公布日期,利率", "公告,LPR-1Y,2026-01-20,3.10%");
    csv("企业", "统一社会信用代码,企业名称,受益财政区划", "91411700MA40ABCD1G,示例甲,411702000");
    let path = scratch.write("全.xlsx", fill(scratch.dir.path()).unwrap());
    let ids = |path: &std::path::Path| {
        let found = import(path, &mut StrictSealer::default()).unwrap();
        found.commands.into_iter().map(|(id, ..)| id).collect::<Vec<_>>()
    };
    let mut apart = ids(&scratch.dir.path().join("利率.csv"));
    apart.extend(ids(&scratch.dir.path().join("企业.csv")));
    assert_eq!(ids(&path), apart);
    // What the workbook has no column for is named and not left out.
    csv("利率", "来源,利率名称,公布日期,利率,备注", "公告,LPR-1Y,2026-01-20,3.10%,x");
    let errors = fill(scratch.dir.path()).unwrap_err();
    assert_eq!(
        (errors.errors[0].code(), errors.errors[0].place.to_string().as_str()),
        ("heading-unknown", "利率.csv E1")
    );
    std::fs::rename(scratch.dir.path().join("利率.csv"), scratch.dir.path().join("杂.csv")).unwrap();
    assert_eq!(fill(scratch.dir.path()).unwrap_err().errors[0].code(), "csv-kind-unknown");
}

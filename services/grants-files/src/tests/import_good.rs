//! What is right goes through: template, fill in, import; the same again gives the same ids.

use super::{Scratch, StrictSealer, examples, filled};
use crate::{
    Place, import,
    workbook::{SheetKind, sheets, template},
};
use calamine::{Reader, open_workbook_from_rs};
use grants_domain::{commands::Command, values::Fen};
use rust_xlsxwriter::{ExcelDateTime, Format};
use std::collections::BTreeSet;

#[test]
fn the_example_of_every_sheet_becomes_its_command() {
    let scratch = Scratch::new();
    let path = scratch.write("例.xlsx", filled(&examples()));
    let mut sealer = StrictSealer::default();
    let found = import(&path, &mut sealer).unwrap();
    let verbs: Vec<&str> = found.commands.iter().map(|(_, command, _)| command.word()).collect();
    let expected: Vec<&str> = sheets::ALL.iter().filter_map(|sheet| sheet.verbs.first().copied()).collect();
    assert_eq!(verbs, expected);
    assert!(found.warnings.is_empty(), "{:?}", found.warnings);
    // The representative and the contact were sealed; nothing of them is in the command.
    assert_eq!(sealer.asked, 2);
    let text = format!("{:?}", found.commands);
    assert!(!text.contains("张三") && !text.contains("李四") && !text.contains("411702199001010016"));
    let mut submitted = found.commands.iter();
    let (_, command, place) =
        submitted.find(|(_, command, _)| command.word() == "application.submit").unwrap();
    let Command::SubmitApplication(application) = command else { panic!("{command:?}") };
    assert_eq!((application.facts.len(), application.evidence.len()), (1, 1));
    assert_eq!(application.evidence[0].key.as_str(), "digital:24412000000012345678");
    assert_eq!(place.to_string(), "例.xlsx 申报!2:2");
}

/// The workbook and the door that takes keys know one text for one thing.
#[test]
fn a_train_and_a_loan_get_the_fingerprint_that_the_ledger_asks_for() {
    let scratch = Scratch::new();
    let lines = [
        ("车票", "g1001", "2025-04-05", "train:G1001:2025-04-05"),
        ("车票", "G1001/2025-04-05", "2025-04-05", "train:G1001:2025-04-05"),
        ("贷款合同", "dk-2025/1", "2025-01-01", "loan:DK20251"),
        ("贷款余额", "dk-2025/1", "2025-01-01", "balance:DK-2025/1"),
    ];
    for (kind, number, date, key) in lines {
        let mut book = examples();
        book.retain(|(name, _)| matches!(*name, "申报" | "佐证"));
        let evidence = &mut book.iter_mut().find(|(name, _)| *name == "佐证").unwrap().1[1];
        (evidence[1], evidence[3], evidence[4]) = (kind.to_owned(), number.to_owned(), date.to_owned());
        let found = import(&scratch.write("a.xlsx", filled(&book)), &mut StrictSealer::default()).unwrap();
        let Command::SubmitApplication(application) = &found.commands[0].1 else { panic!("{found:?}") };
        assert_eq!(application.evidence[0].key.as_str(), key);
        assert!(grants_domain::evidence::fingerprint::is_canonical(&application.evidence[0]));
    }
    let mut book = examples();
    book.retain(|(name, _)| *name == "票据红冲");
    let void = &mut book[0].1[1];
    (void[0], void[2]) = ("车票".to_owned(), "G1001/2025-04-05".to_owned());
    let found = import(&scratch.write("b.xlsx", filled(&book)), &mut StrictSealer::default()).unwrap();
    let Command::VoidEvidence(request) = &found.commands[0].1 else { panic!("{found:?}") };
    assert_eq!(request.key.as_str(), "train:G1001:2025-04-05");
}

#[test]
fn a_second_import_asks_for_the_very_same_commands() {
    let scratch = Scratch::new();
    let path = scratch.write("a.xlsx", filled(&examples()));
    let again = scratch.write("b.xlsx", filled(&examples()));
    let ids = |path| {
        let found = import(path, &mut StrictSealer::default()).unwrap();
        found.commands.into_iter().map(|(id, command, _)| (id, command)).collect::<Vec<_>>()
    };
    assert_eq!(ids(&path), ids(&again));
    let unique: BTreeSet<_> = ids(&path).into_iter().map(|(id, _)| id).collect();
    assert_eq!(unique.len(), ids(&path).len());
    // Another amount is another command.
    let mut other = examples();
    let budget = other.iter_mut().find(|(name, _)| *name == "指标").unwrap();
    budget.1[1][5] = "50000000.01".to_owned();
    let other = scratch.write("c.xlsx", filled(&other));
    let differing: Vec<_> = ids(&path).into_iter().zip(ids(&other)).filter(|(one, two)| one != two).collect();
    assert_eq!(differing.len(), 1);
    assert_ne!(differing[0].0.0, differing[0].1.0);
}

#[test]
fn the_empty_workbook_has_every_sheet_and_the_same_bytes_each_time() {
    let bytes = template().unwrap();
    assert_eq!(bytes, template().unwrap());
    let mut book: calamine::Xlsx<_> = open_workbook_from_rs(std::io::Cursor::new(bytes.clone())).unwrap();
    for sheet in sheets::ALL {
        let range = book.worksheet_range(sheet.name).unwrap();
        let headings: Vec<String> = range.rows().next().unwrap().iter().map(ToString::to_string).collect();
        let expected: Vec<String> = sheet.columns.iter().map(sheets::Column::full_heading).collect();
        assert_eq!(headings, expected);
        assert_eq!(range.height(), 1, "{} has rows", sheet.name);
    }
    let scratch = Scratch::new();
    let path = scratch.write("空表.xlsx", bytes);
    let Err(crate::ImportError::Rejected(errors)) = import(&path, &mut StrictSealer::default()) else {
        panic!("an empty workbook was imported");
    };
    assert_eq!(errors.errors[0].code(), "nothing-to-import");
}

#[test]
fn numbers_dates_and_headings_are_taken_as_people_write_them() {
    let scratch = Scratch::new();
    let rows: &[&[&str]] = &[
        &[
            "总投资(元)*",
            "项目代码",
            "统一社会信用代码",
            " 项目名称 ",
            "受益财政区划",
            "建设有效期起",
            "建设有效期止",
            "已纳入投资统计",
        ],
        &["", "2406-411702-04-01-123456", "91411700MA40ABCD1G", "甲", "411702000", "", "2026-06-10", ""],
        &[
            "300000000.01",
            "2406-411702-04-01-123457",
            "91411700MA40ABCD1G",
            "乙",
            "411702000",
            "2024-06-11",
            "2026-06-10",
            "no",
        ],
    ];
    let path = scratch.book_with(&[("项目", rows)], |sheet| {
        sheet.write_number(1, 0, 199_999_999.99).unwrap();
        let day = ExcelDateTime::from_ymd(2024, 6, 11).unwrap();
        let format = Format::new().set_num_format("yyyy/m/d");
        sheet.write_datetime_with_format(1, 5, &day, &format).unwrap();
        sheet.write_boolean(1, 7, true).unwrap();
    });
    let found = import(&path, &mut StrictSealer::default()).unwrap();
    let projects: Vec<_> = found
        .commands
        .iter()
        .map(|(_, command, _)| {
            let Command::RegisterProject(one) = command else { panic!("{command:?}") };
            one.project.clone()
        })
        .collect();
    assert_eq!(projects[0].total_investment, "199999999.99".parse::<Fen>().unwrap());
    assert_eq!(projects[0].validity.to_string(), "2024-06-11/2026-06-10");
    assert!(projects[0].in_statistics && !projects[1].in_statistics);
    assert_eq!(projects[1].total_investment, "300000000.01".parse::<Fen>().unwrap());
}

#[test]
fn ten_thousands_are_converted_exactly() {
    let scratch = Scratch::new();
    let mut sheets = examples();
    sheets.retain(|(name, _)| *name == "项目");
    sheets[0].1[1][4] = "4999.999999".to_owned();
    let path = scratch.write("a.xlsx", filled(&sheets));
    let found = import(&path, &mut StrictSealer::default()).unwrap();
    let Command::RegisterProject(one) = &found.commands[0].1 else { panic!() };
    assert_eq!(one.project.total_investment, "49999999.99".parse::<Fen>().unwrap());
}

#[test]
fn calendar_rows_are_gathered_by_year() {
    let scratch = Scratch::new();
    let rows: &[&[&str]] = &[
        &["年度", "类型", "开始日期", "结束日期", "来源"],
        &["2027", "放假", "2026-12-31", "2027-01-02", "乙"],
        &["2026", "放假", "2026-01-01", "2026-01-03", "甲"],
        &["2026", "上班", "2026-01-04", "", "甲"],
    ];
    let found = import(&scratch.book(&[("工作日历", rows)]), &mut StrictSealer::default()).unwrap();
    let years: Vec<_> = found
        .commands
        .iter()
        .map(|(_, command, place)| {
            let Command::PublishCalendar(one) = command else { panic!("{command:?}") };
            (one.year, one.off.len(), one.working.len(), place.to_string())
        })
        .collect();
    assert_eq!(
        years,
        [
            (2026, 1, 1, "book.xlsx 工作日历!3:3".to_owned()),
            (2027, 1, 0, "book.xlsx 工作日历!2:2".to_owned())
        ]
    );
}

#[test]
fn commands_come_in_the_order_of_the_sheets_whatever_the_order_in_the_file() {
    let scratch = Scratch::new();
    let mut backwards = examples();
    backwards.reverse();
    let found = import(&scratch.write("a.xlsx", filled(&backwards)), &mut StrictSealer::default()).unwrap();
    let forwards =
        import(&scratch.write("b.xlsx", filled(&examples())), &mut StrictSealer::default()).unwrap();
    let commands =
        |import: crate::Import| import.commands.into_iter().map(|(id, _, _)| id).collect::<Vec<_>>();
    assert_eq!(commands(found), commands(forwards));
}

#[test]
fn a_bad_check_digit_of_a_bank_is_a_warning() {
    let scratch = Scratch::new();
    let mut sheets = examples();
    sheets.retain(|(name, _)| *name == "企业");
    sheets[0].1[1][10] = "102521000336".to_owned();
    let found = import(&scratch.write("a.xlsx", filled(&sheets)), &mut StrictSealer::default()).unwrap();
    assert_eq!(found.commands.len(), 1);
    let warning = &found.warnings.errors[0];
    assert_eq!((warning.code(), warning.place.to_string().as_str()), ("bank-check-digit", "a.xlsx 企业!K2"));
}

#[test]
fn a_personal_payee_is_sealed_whole() {
    let scratch = Scratch::new();
    let mut sheets = examples();
    sheets.retain(|(name, _)| *name == "申报");
    let person = ["王五", "41170219900101001x", "6217000010001234567", "105100000017"];
    sheets[0].1[1].truncate(5);
    sheets[0].1[1].extend(person.map(str::to_owned));
    // The number's last letter is put in its normal spelling, because the number itself is never recorded.
    sheets[0].1[1][6] = "11010519491231002x".to_owned();
    let mut sealer = StrictSealer::default();
    let found = import(&scratch.write("a.xlsx", filled(&sheets)), &mut sealer).unwrap();
    let Command::SubmitApplication(one) = &found.commands[0].1 else { panic!() };
    assert!(one.payee_person.is_some());
    let text = format!("{:?}", found.commands);
    assert!(!text.contains("王五") && !text.contains("6217000010001234567"));
}

#[test]
fn places_name_the_file_without_its_folders() {
    let found = Place::file("a.xlsx").sheet(sheets::of(SheetKind::Enterprise).name);
    assert_eq!(found.cell(2, 27).to_string(), "a.xlsx 企业!AA2");
}

//! The page `docs/reference/files.md` is written from the tables of sheets and problems, and held to them.

use crate::{
    import::TOTALS_NOTE,
    limits,
    problem::Problem,
    texts::{Lang, Texts},
    workbook::sheets::{ALL, Sheet},
};
use std::{fmt::Write, path::PathBuf};

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/files.md")
}

fn sheet(out: &mut String, sheet: &Sheet) {
    let verbs = match sheet.verbs {
        [] => "lines of an application".to_owned(),
        verbs => verbs.iter().map(|verb| format!("`{verb}`")).collect::<Vec<_>>().join(", "),
    };
    writeln!(out, "### {} (`{}`)\n\n{}\n", sheet.name, sheet.word, sheet.note).unwrap();
    let key = sheet.natural_key.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    writeln!(out, "Becomes: {verbs}. One thing is one: {key}.\n").unwrap();
    writeln!(out, "| heading | key | required | example | note |\n|---|---|---|---|---|").unwrap();
    for column in sheet.columns {
        let required = if column.required { "yes" } else { "" };
        let heading = column.full_heading();
        writeln!(out, "| {heading} | `{}` | {required} | {} | {} |", column.key, column.example, column.note)
            .unwrap();
    }
    out.push('\n');
}

/// What the page says of control totals.
const TOTALS: &str = "\n## Totals\n\n\
    Below its lines a sheet of a workbook, or a csv, may have a row that begins with 合计 and one that begins with \
    合计（大写）. Each states what the lines of an amount column come to, and is held against them before anything \
    is imported. Figures are in the unit of their heading. Capitals (人民币大写, see identifiers.md) are always in 元: \
    a column in which 万元 was typed under a heading of 元, from top to bottom, agrees with a total in figures that was \
    made the same way, and differs from the capitals by ten thousand. A formula is no total. \
    A total that differs is refused at its cell with both amounts (`total-differs`, `total-unit`), and nothing of the \
    file is taken. A `.jsonl` has no totals.\n\n\
    Beside them each amount has the largest plausible value of its column (`amount-implausible`), and where an \
    application and its project stand in one file, invoices above the project's total investment, or not more \
    than a ten-thousandth of it, are a warning (`invoices-implausible`).\n\n";

/// The whole page.
fn page() -> String {
    let mut out = "# Files that come in\n\n\
        A workbook (`.xlsx`) has any of the sheets below; a `.csv` is one sheet, named by the file; a `.jsonl` has one \
        command in each line. A file is taken whole or not at all. Every complaint names file, sheet and cell.\n\n\
        This page is written from the program's own tables by `cargo test -p grants-files -- --ignored write_the_page`.\n\n\
        ## Limits\n\n"
        .to_owned();
    for (what, limit) in [
        ("bytes of a file", limits::FILE_BYTES_MAX),
        ("rows of a file", u64::try_from(limits::ROWS_MAX).unwrap()),
        ("bytes of a line of commands", u64::try_from(limits::LINE_BYTES_MAX).unwrap()),
    ] {
        writeln!(out, "- {what}: {limit}").unwrap();
    }
    out.push_str(TOTALS);
    writeln!(out, "{TOTALS_NOTE}\n\n## Sheets\n").unwrap();
    ALL.iter().for_each(|one| sheet(&mut out, one));
    out.push_str("## Problems\n\n| code | 中文 | English |\n|---|---|---|\n");
    let texts = Lang::ALL.iter().map(|lang| Texts::new(*lang)).collect::<Vec<_>>();
    for problem in Problem::ALL {
        let id = format!("problem-{}", problem.code());
        let told = |texts: &Texts| {
            let names = texts.placeholders(&id);
            let shown: Vec<(&str, String)> = names.iter().map(|name| (*name, format!("‹{name}›"))).collect();
            let args: Vec<(&str, &str)> = shown.iter().map(|(name, value)| (*name, value.as_str())).collect();
            texts.get(&id, &args).replace('|', "\\|")
        };
        let [zh, en] = [told(&texts[0]), told(&texts[1])];
        writeln!(out, "| `{}` | {zh} | {en} |", problem.code()).unwrap();
    }
    out
}

#[test]
fn the_page_of_files_is_what_the_tables_say() {
    let found = std::fs::read_to_string(path()).unwrap();
    assert_eq!(found, page(), "write it anew: cargo test -p grants-files -- --ignored write_the_page");
}

#[test]
#[ignore = "writes docs/reference/files.md"]
fn write_the_page() {
    std::fs::write(path(), page()).unwrap();
}

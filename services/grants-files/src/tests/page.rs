//! The page `docs/reference/files.md` is written from the tables of sheets and problems, and held to them.

use crate::{
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
    out.push_str("\n## Sheets\n\n");
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

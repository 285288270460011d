//! What is done to a workbook's bytes, by accident or on purpose: refused, in bounded memory, never read as
//! something else.

use super::{Scratch, StrictSealer, book_bytes, examples, filled, wrong};
use crate::{Import, import, limits};
use proptest::prelude::*;
use std::{
    fmt::Write as _,
    io::{Cursor, Read, Write as _},
    path::{Path, PathBuf},
    process::Command,
};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

const SHEET: &str = "xl/worksheets/sheet1.xml";
const RATES: &[&[&str]] =
    &[&["利率名称", "公布日期", "利率", "来源"], &["LPR-1Y", "2026-01-20", "3.10%", "公告"]];

/// A workbook of one sheet in which some parts are other bytes; `None` takes a part out.
fn repacked(parts: &[(&str, Option<&[u8]>)]) -> Vec<u8> {
    let mut old = ZipArchive::new(Cursor::new(book_bytes(&[("利率", RATES)], |_| {}))).unwrap();
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    for index in 0..old.len() {
        let mut part = old.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        if parts.iter().all(|(other, _)| **other != *name) {
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            new.start_file(name, options).unwrap();
            new.write_all(&bytes).unwrap();
        }
    }
    for (name, bytes) in parts.iter().filter_map(|(name, bytes)| Some((name, (*bytes)?))) {
        new.start_file(*name, options).unwrap();
        new.write_all(bytes).unwrap();
    }
    new.finish().unwrap().into_inner()
}

/// The sheet's part with this instead of its rows.
fn with_rows(rows: &str) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    repacked(&[(SHEET, Some(sheet.as_bytes()))])
}

#[track_caller]
fn is(bytes: &[u8], place: &str, code: &'static str) {
    let scratch = Scratch::new();
    assert_eq!(wrong(&scratch.write("a.xlsx", bytes)), [(place.to_owned(), code)]);
}

#[test]
fn what_is_no_workbook_is_called_so() {
    let old_xls = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1].repeat(64);
    is(&old_xls, "a.xlsx", "not-a-workbook");
    is(b"", "a.xlsx", "not-a-workbook");
    is(&repacked(&[("xl/workbook.xml", None)]), "a.xlsx", "not-a-workbook");
    is(&repacked(&[("xl/_rels/workbook.xml.rels", None)]), "a.xlsx", "not-a-workbook");
    is(&repacked(&[(SHEET, None)]), "a.xlsx 利率", "file-damaged");
    is(&repacked(&[("xl/sharedStrings.xml", None)]), "a.xlsx 利率!A1", "file-damaged");
}

#[test]
fn an_encrypted_part_is_not_asked_for_its_password() {
    let mut bytes = repacked(&[]);
    let at = directory_entry(&bytes, SHEET);
    bytes[at + 8] |= 1;
    is(&bytes, "a.xlsx", "not-a-workbook");
}

#[test]
fn rows_and_cells_stand_in_order_and_once() {
    for rows in [
        r#"<row r="2"/><row r="1"/>"#,
        r#"<row r="1"/><row r="1"/>"#,
        r#"<row r="0"/>"#,
        r#"<row r="1048577"/>"#,
        r#"<row r="x"/>"#,
        r#"<row r="1"><c r="B1"/><c r="A1"/></row>"#,
        r#"<row r="1"><c r="A1"/><c r="A1"/></row>"#,
        r#"<row r="1"><c r="A2"/></row>"#,
        r#"<row r="1"><c r="1A"/></row>"#,
        r#"<row r="1"><c r="A1"><v>1</v></row>"#,
        "<row",
    ] {
        is(&with_rows(rows), "a.xlsx 利率", "file-damaged");
    }
    for cell in [r#"t="s"><v>999</v>"#, r#"t="s"><v>x</v>"#, r#"t="q"><v>1</v>"#] {
        is(
            &with_rows(&format!(r#"<row r="1"><c r="A1" {cell}</c></row>"#)),
            "a.xlsx 利率!A1",
            "file-damaged",
        );
    }
}

#[test]
fn entities_and_document_types_are_not_followed() {
    let bomb = br#"<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>"#;
    is(&repacked(&[(SHEET, Some(bomb))]), "a.xlsx 利率", "file-damaged");
    is(&with_rows("&outside;"), "a.xlsx 利率", "file-damaged");
}

#[test]
fn an_archive_says_how_large_it_unfolds_and_is_held_to_it() {
    let zeros = vec![b' '; usize::try_from(limits::UNPACKED_BYTES_MAX).unwrap()];
    let bomb = repacked(&[("xl/media/a", Some(&zeros))]);
    assert!(bomb.len() < 1024 * 1024);
    is(&bomb, "a.xlsx", "archive-too-large");
    // A directory that promises less than there is.
    let mut bytes = with_rows(&r#"<row><c t="str"><v>x</v></c></row>"#.repeat(1_000));
    let at = directory_entry(&bytes, SHEET);
    bytes[at + 24..at + 28].copy_from_slice(&500_u32.to_le_bytes());
    is(&bytes, "a.xlsx 利率", "file-damaged");
}

/// Where the directory's entry of a part begins.
fn directory_entry(bytes: &[u8], name: &str) -> usize {
    let entry =
        |at: &usize| bytes[*at..].starts_with(b"PK\x01\x02") && bytes[at + 46..].starts_with(name.as_bytes());
    (0..bytes.len()).find(entry).unwrap()
}

const LITTLE: &str = "GRANTS_FILES_LITTLE_MEMORY";

/// Runs [`within_little_memory`] on the files in a process that may take 512 MiB of addresses.
#[test]
fn whatever_is_too_much_is_refused_within_512_mib() {
    let scratch = Scratch::new();
    let row = |cells: &str| format!("<row>{}</row>", r#"<c t="str"><v>文</v></c>"#.repeat(cells.len()));
    let long = |bytes: usize| "x".repeat(bytes);
    let mut merged = String::from("<worksheet><mergeCells>");
    for _ in 0..2_000_000 {
        merged.push_str(r#"<mergeCell ref="A1:A2"/>"#);
    }
    let mut styles = String::from("<styleSheet>");
    for index in 0..2_000_000 {
        write!(styles, r#"<numFmt numFmtId="{index}" formatCode="0"/>"#).unwrap();
    }
    let mut relations = String::from("<Relationships>");
    for index in 0..2_000_000 {
        write!(relations, r#"<Relationship Id="{index}" Target="a"/>"#).unwrap();
    }
    let text = format!(r#"<row><c t="str"><v>{}</v></c></row>"#, long(120_000_000));
    let name = format!(r#"<row r="{}"/>"#, long(120_000_000));
    let pieces = format!(r#"<row><c t="str"><v>{}</v></c></row>"#, "x<!---->".repeat(15_000_000));
    let files: &[(&str, Vec<u8>, &str)] = &[
        ("rows", with_rows(&row("1").repeat(1_048_576)), "利率!120001:120001 rows-too-many"),
        ("cells", with_rows(&row(&long(13)).repeat(119_999)), "利率!115385:115385 cells-too-many"),
        ("columns", with_rows(&row(&long(4_000_000))), "利率!1:1 columns-too-many"),
        ("text", with_rows(&text), "利率 file-damaged"),
        ("attribute", with_rows(&name), "利率 file-damaged"),
        ("pieces", with_rows(&pieces), "利率 file-damaged"),
        ("styles", repacked(&[("xl/styles.xml", Some(styles.as_bytes()))]), "file-damaged"),
        (
            "relations",
            repacked(&[("xl/_rels/workbook.xml.rels", Some(relations.as_bytes()))]),
            "file-damaged",
        ),
        (
            "merged",
            repacked(&[(SHEET, Some(format!("{merged}</mergeCells></worksheet>").as_bytes()))]),
            "nothing-to-import",
        ),
    ];
    for (name, bytes, expected) in files {
        let path = scratch.write(&format!("{name}.xlsx"), bytes);
        let told = in_little_memory(&path);
        assert_eq!(told, format!("{name}.xlsx {expected}"));
    }
}

/// The first complaint about a file, told by a process with little memory.
fn in_little_memory(path: &Path) -> String {
    let out = path.with_extension("told");
    let mut child = Command::new("prlimit");
    child.arg("--as=536870912").arg(std::env::current_exe().unwrap());
    child.args(["--exact", "tests::package_wrong::within_little_memory", "--ignored", "--test-threads=1"]);
    child.env(LITTLE, path).env("MALLOC_ARENA_MAX", "1");
    let ended = child.output().unwrap();
    let log = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{}: {log}{}", path.display(), String::from_utf8_lossy(&ended.stderr));
    std::fs::read_to_string(out).unwrap()
}

#[test]
#[ignore = "a part of another test, which gives it a file and little memory"]
fn within_little_memory() {
    let Some(path) = std::env::var_os(LITTLE).map(PathBuf::from) else {
        return;
    };
    let told = wrong(&path);
    let (place, code) = &told[0];
    std::fs::write(path.with_extension("told"), format!("{place} {code}")).unwrap();
}

fn same(one: &Import, other: &Import) -> bool {
    let ids = |of: &Import| of.commands.iter().map(|(id, ..)| *id).collect::<Vec<_>>();
    ids(one) == ids(other)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_changed_byte_is_refused_or_changes_nothing(at in any::<prop::sample::Index>(), bits in 1_u8..) {
        let scratch = Scratch::new();
        let good = GOOD.with(Clone::clone);
        let before = import(&scratch.write("a.xlsx", &good), &mut StrictSealer::default()).unwrap();
        let mut bytes = good;
        let at = at.index(bytes.len());
        bytes[at] ^= bits;
        if let Ok(found) = import(&scratch.write("a.xlsx", &bytes), &mut StrictSealer::default()) {
            prop_assert!(same(&before, &found), "byte {at} xor {bits}");
        }
    }

    #[test]
    fn a_cut_workbook_is_refused(at in any::<prop::sample::Index>()) {
        let scratch = Scratch::new();
        let good = GOOD.with(Clone::clone);
        let cut = &good[..at.index(good.len())];
        prop_assert!(import(&scratch.write("a.xlsx", cut), &mut StrictSealer::default()).is_err());
    }
}

thread_local! {
    static GOOD: Vec<u8> = filled(&examples());
}

//! Personal texts stand in clear nowhere, and an erased person's key stands nowhere; the log is the same all the while.

use crate::house::{self, scratch};
use grants_domain::{
    ids::PersonId,
    state::{StateRead, list},
    tables::Enterprises,
};
use grants_eventlog::{BundleReader, LogReader, RocksReader};
use grants_ledger::ReadOnly;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Columns of the demo's sheet of enterprises that are about people.
const PERSONAL: [&str; 3] = ["legal_representative", "contact", "contact_phone"];
/// Bytes of a key in the vault's file, see `docs/reference/vault-format.md`.
const KEY_BYTES: usize = 64;

#[test]
fn no_personal_text_is_stored_and_an_erased_key_is_gone() {
    let folder = scratch();
    let data = folder.path().join("data");
    house::fresh(&data);
    let books = books();
    let secrets = personal(&books);
    assert!(10 < secrets.len(), "{} personal texts", secrets.len());
    import(&data, &books, folder.path());
    let said = house::performed(&data, &["bundle", &folder.path().join("bundle").display().to_string()]);
    assert!(said["events"].as_u64() > Some(10), "{said}");

    let stored = everything(&data, &folder.path().join("bundle"));
    let stands = |text: &str| {
        stored.iter().find(|(_, bytes)| contains(bytes, text.as_bytes())).map(|(place, _)| place)
    };
    // What is no secret stands there, in the log, in the state and in the bundle: the search is not blind.
    let public = column(&books, "enterprises.csv", &["name"]);
    for place in ["batch", "row", "bundled"] {
        let seen = stored.iter().filter(|(other, _)| other.starts_with(place));
        assert!(
            seen.clone().any(|(_, bytes)| public.iter().any(|name| contains(bytes, name.as_bytes()))),
            "{place}"
        );
    }
    for secret in &secrets {
        assert_eq!(stands(secret), None, "{secret} stands in clear");
    }
    erase(&data);
}

/// One person's key goes, all others stay.
fn erase(data: &Path) {
    let people = people(data);
    let keys = keys(data);
    assert!(1 < keys.len(), "{} keys", keys.len());
    let erased = people.iter().find(|person| keys.iter().any(|(id, _)| id == &person.0)).unwrap();
    let before = house::leaves(data).unwrap();
    let digest = house::digest(data).unwrap();
    assert_eq!(house::performed(data, &["erase", &erased.to_string()])["erased_now"], true);
    assert_eq!(house::performed(data, &["erase", &erased.to_string()])["erased_now"], false);
    let vault: Vec<(PathBuf, Vec<u8>)> = house::files(&data.join("vault"))
        .into_iter()
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    for (id, key) in &keys {
        // A part of a key is as good as half the key.
        let parts =
            key.chunks(16).filter(|part| vault.iter().any(|(_, bytes)| contains(bytes, part))).count();
        let wanted = if id == &erased.0 { 0 } else { KEY_BYTES / 16 };
        assert_eq!(parts, wanted, "parts of the key of {} in the vault", PersonId(*id));
    }
    assert_eq!(house::leaves(data).unwrap(), before, "the log is provable as before");
    assert_eq!(house::digest(data).unwrap(), digest);
    house::assert_state_follows_from_log(data);
}

/// The people whom the state names.
fn people(data: &Path) -> BTreeSet<PersonId> {
    let state = ReadOnly::open(data).unwrap();
    let rows = state.read(|state| list::<Enterprises>(state, &(), usize::MAX)).unwrap();
    let named = |(_, row): &(Vec<u8>, grants_domain::tables::EnterpriseRow)| {
        [row.legal_representative.clone(), row.contact.clone()]
            .into_iter()
            .flatten()
            .map(|sealed| sealed.person)
            .collect::<Vec<_>>()
    };
    rows.iter().flat_map(named).collect()
}

/// Ids and keys of the vault, as its format lays them out.
fn keys(data: &Path) -> Vec<([u8; 16], Vec<u8>)> {
    let bytes = fs::read(data.join("vault").join("people")).unwrap();
    let mut rest = &bytes[44..];
    let mut keys = Vec::new();
    while !rest.is_empty() {
        let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        let body = &rest[8..8 + length];
        if body[0] == 1 {
            keys.push((body[1..17].try_into().unwrap(), body[17..17 + KEY_BYTES].to_vec()));
        }
        rest = &rest[8 + length + 4..];
    }
    keys
}

/// Every byte that is stored: files as they are, and batches and rows as they are before they are compressed.
fn everything(data: &Path, bundle: &Path) -> Vec<(String, Vec<u8>)> {
    let files = [data, bundle].into_iter().flat_map(house::files);
    let mut all: Vec<(String, Vec<u8>)> =
        files.map(|path| (path.display().to_string(), fs::read(&path).unwrap())).collect();
    let notes = scratch();
    let log = RocksReader::open_secondary(data, notes.path()).unwrap();
    all.extend(house::batches(&log).into_iter().map(|bytes| ("batch".to_owned(), bytes)));
    let reader = BundleReader::open(bundle).unwrap();
    assert_eq!(reader.end().unwrap(), log.end().unwrap(), "the bundle holds the whole log");
    all.extend(house::batches(&reader).into_iter().map(|bytes| ("bundled".to_owned(), bytes)));
    let state = ReadOnly::open(data).unwrap();
    let rows = state
        .read(|state| {
            let (mut rows, mut from) = (Vec::new(), vec![1_u8]);
            while let Some((key, row)) = state.first(&[], &from) {
                from.clone_from(&key);
                from.push(0);
                rows.push(("row".to_owned(), [&key[..], &row[..]].concat()));
            }
            rows
        })
        .unwrap();
    all.extend(rows);
    all
}

/// The folders of the demo, in the order of their seasons.
fn books() -> Vec<PathBuf> {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/books");
    let mut books: Vec<PathBuf> = fs::read_dir(demo).unwrap().map(|entry| entry.unwrap().path()).collect();
    books.sort();
    books
}

/// Makes the workbook of each season that registers enterprises, and imports it.
fn import(data: &Path, books: &[PathBuf], place: &Path) {
    for book in books.iter().filter(|book| book.join("enterprises.csv").exists()) {
        let workbook = place.join(format!("{}.xlsx", book.file_name().unwrap().display()));
        let (from, to) = (book.display().to_string(), workbook.display().to_string());
        house::performed(data, &["template", &to, "--from", &from]);
        let said = house::performed(data, &["import", &to, "--at", "2024-09-10T10:00:00"]);
        assert!(0 < said["recorded"].as_u64().unwrap(), "{said}");
    }
}

/// The personal texts of the demo.
fn personal(books: &[PathBuf]) -> BTreeSet<String> {
    column(books, "enterprises.csv", &PERSONAL)
}

/// What stands in some columns of one sheet.
fn column(books: &[PathBuf], sheet: &str, columns: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in books.iter().map(|book| book.join(sheet)).filter(|path| path.exists()) {
        let mut reader = csv::Reader::from_path(path).unwrap();
        let head = reader.headers().unwrap().clone();
        for row in reader.records() {
            let row = row.unwrap();
            let cells =
                head.iter().zip(&row).filter(|(name, cell)| columns.contains(name) && !cell.is_empty());
            found.extend(cells.map(|(_, cell)| cell.to_owned()));
        }
    }
    found
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    // The first byte is looked for first, because most bytes are no beginning.
    bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == part[0])
        .any(|(place, _)| bytes[place..].starts_with(part))
}

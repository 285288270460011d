//! Personal texts stand in clear nowhere, and an erased person's key stands nowhere; the log is the same all the while.

use crate::house::{self, scratch};
use grants_domain::{
    ids::PersonId,
    people::Sealed,
    state::{StateRead, list},
    tables::{Applications, Enterprises},
};
use grants_eventlog::{BundleReader, LogReader, RocksReader};
use grants_files::workbook::sheets;
use grants_ledger::ReadOnly;
use grants_tests::demo;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Bytes of a key in the vault's file, see `docs/reference/vault-format.md`.
const KEY_BYTES: usize = 64;

#[test]
fn no_personal_text_of_the_demonstration_is_stored_and_an_erased_key_is_gone() {
    let folder = scratch();
    let out = demo::play(folder.path());
    let (data, bundle) = (out.join("demo-data"), out.join("bundle"));
    let cells = cells(&books());
    let of_people = |of_people: bool| -> BTreeSet<&str> {
        cells.iter().filter(|cell| cell.of_a_person == of_people).map(|cell| cell.text.as_str()).collect()
    };
    let public = of_people(false);
    // A bank's number is written for people and for enterprises.
    let secrets: BTreeSet<&str> = of_people(true).difference(&public).copied().collect();
    assert!(60 < secrets.len(), "{} personal texts", secrets.len());

    let stored = everything(&data, &bundle);
    // What is no secret stands there, in the log, in the state and in the bundle: the search is not blind.
    for place in ["batch", "row", "bundled"] {
        let seen = stored.iter().filter(|(other, _)| other == place);
        let names = public.iter().filter(|text| text.ends_with("公司"));
        let found = names.filter(|name| seen.clone().any(|(_, bytes)| contains(bytes, name.as_bytes())));
        assert!(20 < found.count(), "{place}");
    }
    for secret in &secrets {
        let stands = stored.iter().find(|(_, bytes)| contains(bytes, secret.as_bytes()));
        assert_eq!(stands.map(|(place, _)| place), None, "{secret} stands in clear");
    }
    erase(&data);
    let after = folder.path().join("bundle-after");
    house::performed(&data, &["bundle", &after.display().to_string()]);
    let vkey = data.join("vkey");
    let roots = [&bundle, &data, &after].map(|place| house::audited(place, &vkey)["root"].clone());
    assert!(roots.iter().all(|root| *root == roots[0]), "{roots:?}");
}

/// The key of a person who was paid goes, all others stay.
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

/// The people whom the state names; those first who were paid.
fn people(data: &Path) -> Vec<PersonId> {
    let state = ReadOnly::open(data).unwrap();
    let sealed: Vec<Sealed> = state
        .read(|state| {
            let paid = list::<Applications>(state, &(), usize::MAX).into_iter();
            let paid = paid.filter_map(|(_, row)| row.payee_person);
            let named = list::<Enterprises>(state, &(), usize::MAX).into_iter();
            paid.chain(
                named.flat_map(|(_, row)| [row.legal_representative, row.contact].into_iter().flatten()),
            )
            .collect()
        })
        .unwrap();
    sealed.into_iter().map(|sealed| sealed.person).collect()
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

/// What stands in a book.
struct Cell {
    text: String,
    of_a_person: bool,
}

/// Every cell of the books that is not empty.
fn cells(books: &[PathBuf]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for path in books.iter().flat_map(|book| house::files(book)) {
        let sheet = sheets::by_name(path.file_stem().unwrap().to_str().unwrap()).unwrap();
        let mut reader = csv::Reader::from_path(&path).unwrap();
        let heads = reader.headers().unwrap().clone();
        for row in reader.records() {
            let row = row.unwrap();
            let filled = heads.iter().zip(&row).filter(|(_, cell)| !cell.is_empty());
            cells.extend(filled.map(|(head, cell)| {
                let column = sheet.columns.iter().find(|column| column.key == head);
                // The workbook promises it to whoever fills in the column.
                let promised = |note: &str| note.contains("加密保存") || note.contains("不保存");
                let of_a_person = column.is_some_and(|column| promised(column.note));
                Cell { text: cell.to_owned(), of_a_person }
            }));
        }
    }
    cells
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    // The first byte is looked for first, because most bytes are no beginning.
    bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == part[0])
        .any(|(place, _)| bytes[place..].starts_with(part))
}

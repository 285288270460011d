//! `grants backtest`: who would differ under a changed catalogue, with nothing written.

use crate::house::{House, run};
use grants_policy::{pack, shipped};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::PathBuf};

const DAY: &str = "2025-03-10T09:00:00";

/// A ledger in which the second award waits, because the line has only 4,000,000 yuan.
fn story() -> House {
    let house = House::furnished();
    let lower = json!({ "budget.adjust": { "line": "L-1", "direction": "decrease", "amount": "26000000.00",
        "document": "示例财预〔2025〕2号" } });
    house.give("2025-03-04T09:00:00", "lower", &[lower]);
    house.apply(DAY, "A-1", "24410000000000000001", "60000000.00");
    house.apply(DAY, "A-2", "24410000000000000002", "40000000.00");
    house.json_at(DAY, &["decide"]);
    house
}

/// The shipped catalogue with another answer to K-37: whom the money does not reach is refused and does not wait.
fn refusing() -> BTreeMap<String, String> {
    let mut files = shipped();
    let text = files.get_mut("interpretations.toml").unwrap();
    let (from, to) = ("value = \"queue\"", "value = \"refuse\"");
    assert_eq!(text.matches(from).count(), 1);
    *text = text.replace(from, to);
    files
}

/// The files as a folder beside the ledger.
fn folder(house: &House, name: &str, files: &BTreeMap<String, String>) -> PathBuf {
    let folder = house.beside(name);
    for (path, text) in files {
        let to = folder.join(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, text).unwrap();
    }
    folder
}

#[test]
fn a_changed_interpretation_lists_who_would_differ_and_stores_nothing() {
    let house = story();
    let events = house.events();
    let catalogue = folder(&house, "refusing", &refusing());
    let (book, data) = (house.beside("backtest.xlsx"), house.beside("backtest.json"));
    let words = ["backtest", catalogue.to_str().unwrap(), "--xlsx", book.to_str().unwrap()];
    let told = house.json(&[&words[..], &["--json-out", data.to_str().unwrap()]].concat());
    let [change] = told["decisions"].as_array().unwrap().as_slice() else { panic!("{told}") };
    assert_eq!(
        [&change["application"], &change["kind"], &change["difference"], &change["difference_fen"]],
        [&json!("A-2"), &json!("now-refused"), &json!("-2000000.00"), &json!(-200_000_000)]
    );
    assert_eq!(change["now"]["refused"]["code"], "budget-short", "{change}");
    for side in ["then", "now"] {
        assert!(!change[side]["told"]["sentences"].as_array().unwrap().is_empty(), "{change}");
    }
    let line = &told["budget"][0];
    assert_eq!([&line["waiting_then"], &line["waiting_now"]], [&json!("2000000.00"), &json!("0.00")]);
    let written: Value = serde_json::from_slice(&fs::read(&data).unwrap()).unwrap();
    assert_eq!(written, told);
    let first = fs::read(&book).unwrap();
    house.run(&words).good();
    assert_eq!(fs::read(&book).unwrap(), first, "the same history and catalogue give the same bytes");
    assert_eq!(house.events(), events);
    assert_eq!(house.json(&["show", "application", "A-2"])["application"]["status"], "approved");
}

#[test]
fn a_bundle_and_a_packed_catalogue_give_the_same_answer() {
    let house = story();
    let folder = folder(&house, "refusing", &refusing());
    let packed = house.beside("refusing.pack");
    fs::write(&packed, pack(&refusing())).unwrap();
    let bundle = house.beside("bundle");
    house.json(&["bundle", bundle.to_str().unwrap()]);
    let of_ledger = house.json(&["backtest", folder.to_str().unwrap()]);
    let words = ["--json", "--lang", "en", "--data", bundle.to_str().unwrap(), "backtest"];
    let of_bundle = run(&[&words[..], &[packed.to_str().unwrap()]].concat());
    assert_eq!(of_bundle.json(), of_ledger);
    let text = house.run(&["--lang", "zh", "backtest", packed.to_str().unwrap()]).good();
    assert!(text.contains("其中 1 件结论不同") && text.contains("改为不予核定: 1"), "{text}");
}

#[test]
fn the_catalogue_in_force_changes_nothing() {
    let house = story();
    let same = folder(&house, "same", &shipped());
    let told = house.json(&["backtest", same.to_str().unwrap()]);
    assert_eq!([&told["changes"], &told["skipped"], &told["budget"]], [&json!(0), &json!([]), &json!([])]);
    let text = house.run(&["backtest", same.to_str().unwrap()]).good();
    assert!(text.contains("No application would have come to anything else"), "{text}");
}

#[test]
fn a_catalogue_that_is_not_sound_is_refused_with_its_places() {
    let house = House::new();
    let mut broken = shipped();
    let text = broken.get_mut("measures/e6.toml").unwrap();
    *text = text.replacen("rule = \"E6.above-scale\"", "rule = \"E6.above-skale\"", 1);
    let broken = folder(&house, "broken", &broken);
    let ran = house.run(&["backtest", broken.to_str().unwrap()]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(ran.err.contains("measures/e6.toml"), "{}", ran.err);
    let nothing = house.beside("nothing");
    let ran = house.run(&["backtest", nothing.to_str().unwrap()]);
    assert!(ran.code == 2 && ran.err.contains("nothing"), "{}", ran.err);
    let empty = house.beside("empty");
    fs::create_dir(&empty).unwrap();
    let ran = house.run(&["backtest", empty.to_str().unwrap()]);
    assert!(ran.code == 2 && ran.err.contains("there is no catalogue file"), "{}", ran.err);
}

//! days are those of China (+08:00), whatever time zone the machine is set to.

use crate::{
    house::{ENTERPRISE, House, ground},
    look::files,
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

/// By name, and spelt out, for a machine that has no table of names. The last two are so far apart that at any moment one
/// of them has another day than China.
const ZONES: [&str; 5] =
    ["Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati", "<-12>12", "<+14>-14"];

const DAY: &str = "2025-03-10T09:00:00";
/// The last instant of a sanction in China. It is the afternoon of its last day in Europe, and the day after in Kiritimati.
const LAST: &str = "2025-06-30T23:59:59.999999+08:00";
/// A microsecond later: the first day without it in China only.
const FIRST: &str = "2025-07-01T00:00:00.000000+08:00";

fn sanction() -> Value {
    json!({ "sanction.impose": { "enterprise": ENTERPRISE, "ground": "fraud", "from": "2025-03-10",
        "until": "2025-06-30", "measures": [], "reach": "enterprise",
        "document": { "number": "示例罚决〔2025〕1号", "issuer": "示例市财政局", "on": "2025-03-07", "file": null } } })
}

/// One story around midnight in China on a machine of this zone: the ledger, everything that was said, and every file that
/// left it.
fn story(zone: &'static str) -> (House, Vec<String>, BTreeMap<PathBuf, Vec<u8>>) {
    let house = House::furnished_in(Some(zone));
    house.apply(DAY, "A-1", "24410000000000000001", "60000000.00");
    let mut said = vec![house.at(DAY, &["--json", "decide"]).good()];
    house.give(DAY, "sanction", &[sanction()]);
    let out = house.beside("out");
    fs::create_dir(&out).unwrap();
    let path = |name: &str| out.join(name).to_str().unwrap().to_owned();
    let preview = ["--json", "export", "payments", "--preview", "--out", "-"];
    for (time, payable) in [(LAST, 0), (FIRST, 1)] {
        let told = house.at(time, &preview).good();
        let listed: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(listed["payable"].as_array().map(Vec::len), Some(payable), "{zone} {time}: {told}");
        said.push(told);
    }
    said.push(house.at(FIRST, &["export", "payments", "--out", &path("list.xlsx")]).good());
    house.at(FIRST, &["bundle", &path("bundle")]).good();
    for words in [
        &["summary"][..],
        &["show", "enterprise", ENTERPRISE],
        &["explain", "A-1"],
        &["entitlements", ENTERPRISE],
    ] {
        said.push(house.at(FIRST, words).good());
    }
    let name = house.beside("").to_str().unwrap().to_owned();
    let said = said.iter().map(|text| text.replace(&name, "")).collect();
    let named = |(path, bytes): (PathBuf, Vec<u8>)| (path.strip_prefix(&out).unwrap().to_owned(), bytes);
    let mut left: BTreeMap<_, _> = files(&out).into_iter().map(named).collect();
    // How many commands went into one batch is a matter of the moment; what they became is under the root.
    left.retain(|path, _| !path.starts_with("bundle/batches") && !path.ends_with("manifest"));
    // A key signs that is new in every ledger; what it signs is compared.
    let signed = left.get_mut(Path::new("bundle/checkpoint")).unwrap();
    *signed = signed.split_inclusive(|byte| *byte == b'\n').take(3).flatten().copied().collect();
    (house, said, left)
}

#[test]
fn the_same_story_has_the_same_days_and_bytes_in_every_time_zone() {
    let (house, said, left) = story(ZONES[0]);
    let names: Vec<&PathBuf> = left.keys().collect();
    assert!(left.contains_key(Path::new("list.xlsx")) && 3 < names.len(), "{names:?}");
    for zone in &ZONES[1..] {
        let (_, told, written) = story(zone);
        assert_eq!(told, said, "{zone}");
        assert_eq!(written.keys().collect::<Vec<_>>(), names, "{zone}");
        for (path, bytes) in &written {
            assert!(left[path] == *bytes, "{zone}: {} has other bytes", path.display());
        }
        // One ledger that is opened on another machine.
        let words = ["--at", LAST, "show", "enterprise", ENTERPRISE];
        let here = house.run(&words).good();
        assert_eq!(house.elsewhere(zone, &words).good(), here, "{zone}");
    }
    // And its state folded anew there, from the log alone.
    let words = ["--at", FIRST, "--json", "summary"];
    let before = house.run(&words).good();
    fs::remove_dir_all(house.data().join("state")).unwrap();
    assert_eq!(house.elsewhere("<-12>12", &words).good(), before);
}

/// The day in China of a moment that the machine wrote down.
fn day_in_china(moment: SystemTime) -> String {
    let seconds = moment.duration_since(UNIX_EPOCH).unwrap().as_secs();
    let days = i32::try_from((seconds + 8 * 3_600) / 86_400).unwrap();
    grants_domain::values::Date::from_days(days).unwrap().to_string()
}

/// With the machine's own clock, at whatever hour this runs.
#[test]
fn today_is_a_day_in_china_by_the_clock_of_any_machine() {
    for zone in ZONES {
        let house = House::bare(Some(zone));
        house.run(&["init"]).good();
        let commands: String = ground().iter().map(|command| format!("{command}\n")).collect();
        let path = house.write("ground.jsonl", &commands);
        house.run(&["import", path.to_str().unwrap()]).good();
        // Midnight may pass between the two: then either day is right.
        let before = day_in_china(fs::metadata(&path).unwrap().modified().unwrap());
        let page = house.json(&["entitlements", ENTERPRISE]);
        let after = house.write("after", "");
        let after = day_in_china(fs::metadata(after).unwrap().modified().unwrap());
        let on = page["on"].as_str().unwrap_or_else(|| panic!("{page}"));
        assert!([before.as_str(), after.as_str()].contains(&on), "{zone}: {on}, not {before}");
    }
}

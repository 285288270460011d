//! `grants entitlements`: what an enterprise could receive, as an application of the day would be decided.

use crate::house::{ENTERPRISE, House, PROJECT, repository};
use grants_policy::shipped;
use serde_json::{Value, json};
use std::fs;

const DAY: &str = "2025-03-10T09:00:00";

/// The one entry of a measure.
fn of<'v>(page: &'v Value, measure: &str) -> &'v Value {
    let all = page["measures"].as_array().unwrap();
    let found: Vec<&Value> = all.iter().filter(|one| one["measure"] == measure).collect();
    assert_eq!(found.len(), 1, "{measure}: {page}");
    found[0]
}

fn lacking(entry: &Value, what: &str) -> Vec<String> {
    let all = entry["lacking"].as_array().unwrap().iter();
    all.filter_map(|one| one[what].as_str()).map(str::to_owned).collect()
}

#[test]
fn what_is_missing_is_listed_whole_and_by_its_name() {
    let house = House::furnished();
    let page = house.json_at(DAY, &["entitlements", ENTERPRISE]);
    let equipment = of(&page, "E4.1");
    assert_eq!([&equipment["result"], &equipment["project"]], [&json!("undecidable"), &json!(PROJECT)]);
    assert_eq!(lacking(equipment, "evidence"), ["invoice"]);
    let room = &equipment["caps"][0];
    assert_eq!([&room["used_fen"], &room["headroom"]], [&json!(0), &json!("10000000.00")]);
    let fair = of(&page, "E6");
    assert_eq!(fair["result"], "undecidable", "{fair}");
    let facts = lacking(fair, "fact");
    for fact in ["fair_first_day", "organiser_level", "fair_place", "above_scale"] {
        assert!(facts.contains(&fact.to_owned()), "{fact}: {facts:?}");
    }
    assert!(!facts.contains(&"industry".to_owned()), "the registered industry fits: {facts:?}");
    let text = house.at(DAY, &["--lang", "zh", "entitlements", ENTERPRISE]).good();
    for said in [
        "E4.1 设备投资补贴（项目 2403-411702-04-01-700001）",
        "缺少凭证：发票",
        "缺少：展会首日（fair_first_day，取自申报表）",
    ] {
        assert!(text.contains(said), "{said}:\n{text}");
    }
}

#[test]
fn an_application_of_today_uses_what_was_brought_before() {
    let house = House::furnished();
    house.apply(DAY, "A-1", "24410000000000000001", "60000000.00");
    let events = house.events();
    let entry = of(&house.json_at(DAY, &["entitlements", ENTERPRISE]), "E4.1").clone();
    assert_eq!(
        [&entry["result"], &entry["amount"], &entry["amount_fen"], &entry["from_application"]],
        [&json!("due"), &json!("3000000.00"), &json!(300_000_000), &json!("A-1")]
    );
    assert!(!entry["told"]["interpretations"].as_array().unwrap().is_empty(), "{entry}");
    assert!(entry["told"]["sentences"].as_array().unwrap().iter().all(|one| one["text"].is_string()));
    assert_eq!(house.events(), events, "nothing is stored");

    // What is awarded is received, takes room, and is not due again.
    house.json_at(DAY, &["decide"]);
    let page = house.json_at("2025-03-11T09:00:00", &["entitlements", ENTERPRISE]);
    let entry = of(&page, "E4.1");
    assert_eq!([&entry["result"], &entry["from_application"]], [&json!("undecidable"), &Value::Null]);
    assert_eq!(entry["received"][0]["amount"], "3000000.00", "{entry}");
    assert_eq!(entry["caps"][0]["headroom"], "7000000.00", "{entry}");
}

#[test]
fn a_refusal_says_why_and_another_day_another_answer() {
    let house = House::furnished();
    house.apply(DAY, "A-1", "24410000000000000001", "60000000.00");
    let granted = crate::house::provincial("HN-2", "granted", "2025-03-01");
    house.give(DAY, "granted", &[granted]);
    let entry = of(&house.json_at(DAY, &["entitlements", ENTERPRISE]), "E4.1").clone();
    assert_eq!(
        [&entry["result"], &entry["refused"]["code"]],
        [&json!("refused"), &json!("excluded-by-overlap")]
    );
    assert!(!entry["why"].as_str().unwrap().is_empty(), "{entry}");

    let fair = |page: Value| of(&page, "E6").clone();
    let later = fair(house.json_at(DAY, &["entitlements", ENTERPRISE, "--on", "2025-12-31"]));
    assert_eq!(later["caps"][0]["window"], "2025", "{later}");
    let next = fair(house.json_at(DAY, &["entitlements", ENTERPRISE, "--on", "2026-01-01"]));
    assert_eq!(next["caps"][0]["window"], "2026", "{next}");
}

/// A catalogue with measures about a title, and one that is recorded only.
#[test]
fn titles_held_and_support_in_kind_stand_on_the_page() {
    let house = House::furnished();
    let mut files = shipped();
    if !files.contains_key("measures/e3-3.toml") {
        let rows = repository("services/grants-policy/tests/rows");
        for entry in fs::read_dir(rows.join("measures")).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("measures/{}", path.file_name().unwrap().to_str().unwrap());
            files.insert(name, fs::read_to_string(path).unwrap());
        }
        let more = fs::read_to_string(rows.join("interpretations.toml")).unwrap();
        files.get_mut("interpretations.toml").unwrap().push_str(&more);
    }
    let folder = house.beside("rows");
    for (path, text) in &files {
        let to = folder.join(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, text).unwrap();
    }
    house.at("2025-03-04T09:00:00", &["policy", "publish", folder.to_str().unwrap()]).good();
    let fact = |subject: &str, name: &str, value: &str| json!({ "fact.record": { "subject": subject, "name": name, "value": value, "on": "2025-03-01", "source": "示例公告" } });
    let enterprise = format!("enterprise:{ENTERPRISE}");
    let facts = [
        fact("title:chip a", "title_kind", "word:champion-product"),
        fact("title:chip a", "title_holder", &format!("word:{ENTERPRISE}")),
        fact("title:chip a", "recognised_on", "date:2025-03-01"),
        fact("title:chip b", "title_kind", "word:champion-product"),
        fact("title:chip b", "title_holder", "word:91411702MA40ABCD1D"),
        fact(&enterprise, "E8", "word:用电保障"),
    ];
    house.give("2025-03-05T09:00:00", "titles", &facts);
    let page = house.json_at(DAY, &["entitlements", ENTERPRISE]);
    assert_eq!(page["titles"], json!(["CHIPA"]), "{page}");
    let champion = of(&page, "E3.3");
    assert_eq!(
        [&champion["result"], &champion["amount"], &champion["about_title"]],
        [&json!("due"), &json!("2000000.00"), &json!("CHIPA")]
    );
    assert_eq!(page["in_kind"][0]["name"], "E8", "{page}");
    let measures = page["measures"].as_array().unwrap();
    assert!(measures.iter().all(|one| one["measure"] != "E8"), "what pays nothing is no prospect");
}

#[test]
fn nobody_is_taken_for_somebody_else() {
    let house = House::furnished();
    let ran = house.at(DAY, &["entitlements", "91411702MA40ABCD1D"]);
    assert!(ran.code == 2 && ran.err.contains("91411702MA40ABCD1D"), "{}", ran.err);
    let other = "2404-411702-04-01-700002";
    let ran = house.at(DAY, &["entitlements", ENTERPRISE, "--project", other]);
    assert!(ran.code == 2 && ran.err.contains(other), "{}", ran.err);
    let ran = house.at(DAY, &["entitlements", "9141170"]);
    assert!(ran.code == 2 && ran.err.contains("9141170"), "{}", ran.err);
    let out = house.beside("page.json");
    let page = house.json_at(DAY, &["entitlements", ENTERPRISE, "--json-out", out.to_str().unwrap()]);
    let written: Value = serde_json::from_slice(&fs::read(&out).unwrap()).unwrap();
    assert_eq!(written, page);
}

/// After a change of code the new code has what stood under the old one, and whoever asks for the old one is shown the
/// new.
#[test]
fn a_changed_code_keeps_its_projects_applications_and_awards() {
    let house = House::furnished();
    house.apply(DAY, "A-1", "24410000000000000001", "60000000.00");
    house.json_at(DAY, &["decide"]);
    house.apply(DAY, "A-2", "24410000000000000002", "20000000.00");
    let change = json!({ "enterprise.change_code": { "enterprise": ENTERPRISE, "code": "91411702MA000100X4",
        "on": "2025-03-10", "document": "示例准变〔2025〕1号" } });
    house.give(DAY, "changed", &[change]);
    for code in ["91411702MA000100X4", ENTERPRISE] {
        let page = house.json_at("2025-03-11T09:00:00", &["entitlements", code]);
        let entry = of(&page, "E4.1");
        assert_eq!([&entry["result"], &entry["from_application"]], [&json!("due"), &json!("A-2")], "{page}");
        assert_eq!(entry["received"][0]["amount"], "3000000.00", "{entry}");
        assert_eq!(entry["caps"][0]["used_fen"], 300_000_000, "{entry}");
    }
}

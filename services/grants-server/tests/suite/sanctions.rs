//! A sanction is shown wherever an officer looks: what waits, what is missing, and until when.

use crate::house::{ENTERPRISE, House, run};
use serde_json::{Value, json};

const DAY: &str = "2025-03-10T09:00:00";
const LAST: &str = "2025-06-30T23:00:00";
const AFTER: &str = "2025-07-01T00:00:10";

fn sanction(measures: &[&str]) -> Value {
    json!({ "sanction.impose": { "enterprise": ENTERPRISE, "ground": "fraud", "from": "2025-03-10",
        "until": "2025-06-30", "measures": measures, "reach": "enterprise",
        "document": { "number": "示例罚决〔2025〕1号", "issuer": "示例市财政局", "on": "2025-03-07", "file": null } } })
}

/// An enterprise with one confirmed award, one application that waits, and then the sanction.
fn barred() -> House {
    let house = House::furnished();
    house.apply(DAY, "A-1", "24410000000000000001", "60000000.00");
    house.json_at(DAY, &["decide"]);
    house.apply(DAY, "A-2", "24410000000000000002", "20000000.00");
    house.give(DAY, "sanction", &[sanction(&[])]);
    house
}

fn names_it(text: &str) {
    for part in ["示例罚决〔2025〕1号", "示例市财政局", "2025-03-07", "2025-03-10", "2025-06-30"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn what_is_barred_is_held_with_its_reason_and_paid_the_day_after() {
    let house = barred();
    let events = house.events();
    let preview = house.json_at(LAST, &["export", "payments", "--preview", "--out", "-"]);
    assert_eq!(preview["payable"], json!([]), "{preview}");
    names_it(preview["held"][0][1].as_str().unwrap());
    let summary = house.json_at(LAST, &["summary"]);
    names_it(&summary["held"][0]["why"].to_string());
    for lang in ["zh", "en"] {
        let text = house.at(LAST, &["--lang", lang, "show", "enterprise", ENTERPRISE]).good();
        names_it(&text);
    }
    let shown = house.json_at(LAST, &["show", "enterprise", ENTERPRISE]);
    assert_eq!([&shown["barred_by"][0]["until"], &shown["sanctions"][0]["ground"]], ["2025-06-30", "fraud"]);
    assert_eq!(house.events(), events, "nobody but the officers decides that it is in force");
    let preview = house.json_at(AFTER, &["export", "payments", "--preview", "--out", "-"]);
    assert_eq!(preview["payable"].as_array().map(Vec::len), Some(1), "{preview}");
    let shown = house.json_at(AFTER, &["show", "enterprise", ENTERPRISE]);
    assert_eq!(shown["barred_by"], json!([]));
    assert_eq!(shown["sanctions"].as_array().map(Vec::len), Some(1), "what was recorded is shown for ever");
}

#[test]
fn what_is_missing_is_that_the_sanction_ends() {
    let house = barred();
    let page = house.json_at(DAY, &["entitlements", ENTERPRISE]);
    let of = |page: &Value, measure: &str| {
        let all = page["measures"].as_array().unwrap().iter();
        all.clone().find(|one| one["measure"] == measure).unwrap()["barred_by"]["until"].clone()
    };
    assert_eq!([of(&page, "E4.1"), of(&page, "E6")], ["2025-06-30", "2025-06-30"]);
    let text = house.at(DAY, &["--lang", "zh", "entitlements", ENTERPRISE]).good();
    assert!(text.contains("尚缺：惩戒《示例罚决〔2025〕1号》期满（2025-06-30）"), "{text}");
    let later = house.json_at(DAY, &["entitlements", ENTERPRISE, "--on", "2025-07-01"]);
    assert_eq!([of(&later, "E4.1"), of(&later, "E6")], [Value::Null, Value::Null]);

    let assessed = house.at(DAY, &["--json", "policy", "assess", "A-2"]);
    assert_eq!((assessed.code, &assessed.json()["barred"]["until"]), (1, &json!("2025-06-30")));
    names_it(&house.at(DAY, &["--lang", "en", "policy", "assess", "A-2"]).out);
    assert_eq!(house.at(AFTER, &["--json", "policy", "assess", "A-2"]).json()["barred"], Value::Null);
    let decided = house.json_at(DAY, &["decide"]);
    names_it(decided[0]["reason"].as_str().unwrap());
    let decided = house.json_at(AFTER, &["decide"]);
    assert_eq!(decided[0]["reason"], "1,000,000.00", "{decided}");
}

#[test]
fn one_that_names_a_measure_leaves_the_others_alone() {
    let house = House::furnished();
    house.give(DAY, "sanction", &[sanction(&["E6"])]);
    let page = house.json_at(DAY, &["entitlements", ENTERPRISE]);
    let all = page["measures"].as_array().unwrap().iter();
    let barred: Vec<&Value> =
        all.filter(|one| !one["barred_by"].is_null()).map(|one| &one["measure"]).collect();
    assert_eq!(barred, ["E6"]);
}

#[test]
fn an_explanation_says_what_holds_and_what_was_not_known() {
    let house = barred();
    let award = house.json_at(LAST, &["export", "payments", "--preview", "--out", "-"])["held"][0][0].clone();
    let award = award.as_str().unwrap();
    for lang in ["zh", "en"] {
        let text = house.at(LAST, &["--lang", lang, "explain", award]).good();
        assert_eq!(text.matches("示例罚决〔2025〕1号").count(), 2, "{text}");
        names_it(&text);
    }
    let told = house.json_at(LAST, &["explain", "A-1"]);
    assert_eq!([&told["barred_by"]["until"], &told["known_later"][0]["until"]], ["2025-06-30", "2025-06-30"]);
    let after = house.json_at(AFTER, &["explain", "A-1"]);
    assert_eq!((&after["barred_by"], after["known_later"].as_array().unwrap().len()), (&Value::Null, 1));
    let undecided = house.at(LAST, &["explain", "A-2"]);
    assert_eq!(undecided.code, 1);
    names_it(&format!("{}{}", undecided.out, undecided.err));
}

#[test]
fn a_story_tells_it_in_both_languages() {
    let story = format!(
        "scenario: barred\n\non 2025-03-10T09:00:00\n\
         given enterprise.register code={ENTERPRISE} name=示例智能传感有限公司 treasury=411702000\n\
         given sanction.impose enterprise={ENTERPRISE} ground=misuse from=2025-03-10 until=2025-06-30 reach=enterprise \
         document=[number=示例罚决〔2025〕1号 issuer=示例市财政局 on=2025-03-07]\n\
         given application.submit application=A-1 enterprise={ENTERPRISE} measure=E6 applied_on=2025-03-10\n\
         when application.decide application=A-1\n\
         then refused enterprise-barred\n"
    );
    let house = House::new();
    let path = house.write("barred.scenario", &story);
    for (lang, ground) in [("zh", "挤占挪用资金"), ("en", "funds misused")] {
        let text = run(&["--lang", lang, "simulate", path.to_str().unwrap()]).good();
        names_it(&text);
        assert!(text.contains(ground), "{text}");
    }
}

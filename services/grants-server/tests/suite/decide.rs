//! `grants decide`: what can be decided is, once; and again when something has changed.

use crate::house::{ENTERPRISE, House};
use serde_json::{Value, json};

const DAY: &str = "2025-06-02T09:00:00";

fn fair(number: &str) -> Value {
    json!({ "application.submit": {
        "application": number, "enterprise": ENTERPRISE, "project": null, "measure": "E6",
        "applied_on": "2025-06-02", "payee_person": null,
        "facts": [{ "name": "fair", "value": "word:示例展会" },
            { "name": "fair_first_day", "value": "date:2025-04-09" },
            { "name": "organiser_level", "value": "word:city" },
            { "name": "fair_place", "value": "word:outside-city" }],
        "evidence": [{ "kind": "invoice", "key": "digital:24410000000000000009", "date": "2025-04-09",
            "until": null, "amount": "130000.00" }],
    } })
}

#[test]
fn an_application_is_decided_anew_once_its_missing_fact_is_there() {
    let house = House::furnished();
    house.give(DAY, "fair", &[fair("A-1")]);
    let first = house.json_at(DAY, &["decide"]);
    assert_eq!(first[0]["about"], "A-1");
    assert!(first[0]["reason"].as_str().unwrap().contains("above_scale"), "{first}");
    let events = house.events();
    // Nothing has changed: the same answer, and no new event.
    assert_eq!(house.json_at(DAY, &["decide"]), first);
    assert_eq!(house.events(), events);
    let fact = json!({ "fact.record": { "subject": format!("enterprise:{ENTERPRISE}"), "name": "above_scale",
        "value": "flag:yes", "on": "2024-01-01", "source": "示例规上企业名录" } });
    house.give(DAY, "fact", &[fact]);
    let second = house.json_at(DAY, &["decide"]);
    assert_eq!(second[0]["reason"], "65,000.00", "{second}");
    // The award was decided and confirmed in one run, by two people.
    assert_eq!(second[1]["verb"], "award.confirm", "{second}");
    let events = house.events();
    assert!(house.at(DAY, &["decide"]).good().contains("nothing to decide"));
    assert_eq!(house.events(), events);
}

#[test]
fn a_refusal_is_told_with_the_sentence_of_its_rule() {
    let house = House::furnished();
    house.give(DAY, "late", &[crate::house::provincial("HN-2", "granted", "2025-05-30")]);
    house.apply(DAY, "A-1", "24410000000000000001", "60000000.00");
    let told = house.json_at(DAY, &["decide"]);
    assert_eq!(told[0]["result"], "rejected", "{told}");
    assert!(told[0]["reason"].as_str().unwrap().contains("provincial"), "{told}");
}

//! `grants simulate`: every vector of the policies is told with its result.

use crate::house::{ENTERPRISE, House, repository, run};
use serde_json::Value;
use std::path::PathBuf;

/// What a vector comes to: each event with its amount, in order, or the code of a refusal.
const VECTORS: &[(&str, &[(&str, &str)])] = &[
    ("v01", &[("award.proposed", "3000000.00")]),
    ("v02", &[("award.proposed", "9999999.99")]),
    ("v03", &[("award.proposed", "10000000.00")]),
    ("v04", &[("award.proposed", "8200000.00"), ("award.proposed", "1800000.00")]),
    (
        "v05",
        &[
            ("award.proposed", "8200000.00"),
            ("award.proposed", "1800000.00"),
            ("award.reduced", "500000.00"),
            ("award.proposed", "500000.00"),
        ],
    ),
    ("v06", &[("application.rejected", "condition-not-met")]),
    ("v07", &[("application.rejected", "excluded-by-overlap")]),
    (
        "v08",
        &[
            ("award.proposed", "3000000.00"),
            ("award.confirmed", "3000000.00"),
            ("payment.instructed", "3000000.00"),
            ("payment.settled", "3000000.00"),
            ("award.proposed", "2000000.00"),
            ("recovery.proposed", "3000000.00"),
            ("recovery.approved", "3000000.00"),
            ("recovery.received", "3000000.00"),
        ],
    ),
    ("v09", &[("award.proposed", "1100069.44")]),
    ("v10", &[("award.proposed", "3000000.00")]),
    ("v10b", &[("award.proposed", "2685375.00")]),
    (
        "v14",
        &[
            ("award.proposed", "65000.00"),
            ("award.proposed", "35000.00"),
            ("application.rejected", "cap-exhausted"),
            ("award.proposed", "10000.00"),
        ],
    ),
    (
        "v15",
        &[
            ("award.proposed", "30000.00"),
            ("award.proposed", "30000.00"),
            ("award.proposed", "50000.00"),
            ("award.proposed", "30000.00"),
            ("award.proposed", "40000.00"),
        ],
    ),
    (
        "v16",
        &[
            ("award.proposed", "30000.00"),
            ("award.proposed", "30000.00"),
            ("award.proposed", "50000.00"),
            ("award.proposed", "30000.00"),
            ("award.proposed", "40000.00"),
            ("award.proposed", "40000.00"),
            ("award.proposed", "30000.00"),
            ("application.rejected", "cap-exhausted"),
            ("award.proposed", "30000.00"),
        ],
    ),
    (
        "v17",
        &[
            ("application.rejected", "condition-not-met"),
            ("award.proposed", "30000.00"),
            ("award.proposed", "30000.00"),
            ("award.proposed", "50000.00"),
        ],
    ),
];

fn story(name: &str) -> PathBuf {
    repository(&format!("tests/scenarios/policy/{name}.scenario"))
}

/// An amount as people write it: `3000000.00` is `3,000,000.00`.
fn grouped(amount: &str) -> String {
    let (yuan, fen) = amount.split_once('.').unwrap();
    let mut text = String::new();
    for (place, digit) in yuan.chars().enumerate() {
        if 0 < place && (yuan.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{text}.{fen}")
}

#[test]
fn every_vector_is_told_with_its_result() {
    for (name, expected) in VECTORS {
        let path = story(name);
        let path = path.to_str().unwrap();
        let ran = run(&["--json", "simulate", path]);
        assert_eq!(ran.code, 0, "{name}: {}{}", ran.out, ran.err);
        let told = &ran.json()[0];
        let results: Vec<(&str, &str)> = told["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                let amount = one["amount"].as_str();
                let code = one["refused"]["code"].as_str();
                (one["event"].as_str().unwrap(), amount.or(code).unwrap_or_default())
            })
            .collect();
        assert_eq!(&results, expected, "{name}");
        for one in told["results"].as_array().unwrap() {
            is_whole(name, one);
        }
        for (lang, unit) in [("zh", "元"), ("en", "yuan")] {
            let text = run(&["--lang", lang, "simulate", path]).good();
            for (_, amount) in expected.iter().filter(|(_, what)| what.contains('.')) {
                let said = format!("{} {unit}", grouped(amount));
                assert!(text.contains(&said), "{name}: nobody says {said}:\n{text}");
            }
        }
    }
}

/// A result carries its amount in 元 and 分, what it is about, and a sentence in both languages.
fn is_whole(name: &str, one: &Value) {
    if let Some(amount) = one["amount"].as_str() {
        let fen: i64 = amount.replace('.', "").parse().unwrap();
        assert_eq!(one["amount_fen"], fen, "{name}: {one}");
    }
    assert!(!one["ids"].as_object().unwrap().is_empty(), "{name}: {one}");
    for lang in ["zh", "en"] {
        assert!(!one["sentences"][lang].as_array().unwrap().is_empty(), "{name}: {one}");
    }
}

#[test]
fn what_stops_money_is_told_too() {
    let told = |name: &str| run(&["--lang", "zh", "simulate", story(name).to_str().unwrap()]).good();
    assert!(told("v05").contains("核减 500,000.00 元，余 7,700,000.00 元：更正"));
    assert!(told("v08").contains("拟追回 3,000,000.00 元"));
    let held = told("provincial-money-before-payment");
    assert!(held.contains("核定撤销"), "{held}");
    let queued = told("budget-one-fen-short");
    assert!(queued.contains("排队等待指标"), "{queued}");
}

/// Outcomes that are told beside the explanation of an award, with the stories that end in them.
const TOLD: &[(&str, &str)] =
    &[("01-queued-until-money-arrives", "budget-one-fen-short"), ("02-reduced-later", "invoice-voided")];

/// Whole, in both languages, as they were read and found good; like `tests/texts`, and renewed in the same way.
#[test]
fn what_happens_to_an_award_later_is_told_as_it_was_read() {
    let folder = repository("tests/told");
    for (name, of) in TOLD {
        let path = story(of);
        let told = ["zh", "en"].map(|lang| run(&["--lang", lang, "simulate", path.to_str().unwrap()]).good());
        let (told, file) = (told.join("\n"), folder.join(format!("{name}.txt")));
        if std::env::var_os("GRANTS_WRITE").is_some() {
            std::fs::write(&file, &told).unwrap();
        }
        let read = std::fs::read_to_string(&file).unwrap();
        assert_eq!(told, read, "{name}: read what changed, and renew with GRANTS_WRITE=1");
    }
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut files: Vec<String> = files.map(|name| name.to_string_lossy().into_owned()).collect();
    files.sort();
    assert_eq!(files, TOLD.iter().map(|(name, _)| format!("{name}.txt")).collect::<Vec<_>>());
}

#[test]
fn a_story_that_does_not_hold_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wrong.scenario");
    let text = std::fs::read_to_string(story("v01")).unwrap();
    std::fs::write(&path, text.replace("amount=3000000.00 payer", "amount=3000000.01 payer")).unwrap();
    let ran = run(&["--lang", "en", "simulate", path.to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.contains("wrong.scenario:12: "), "{}", ran.out);
}

#[test]
fn a_trial_on_a_ledger_goes_on_after_its_last_command() {
    let house = House::furnished();
    house.apply("2025-03-10T09:00:00", "A-1", "24410000000000000001", "60000000.00");
    let story = format!(
        "scenario: on top\n\n\
         when application.decide application=A-1\n\
         then award.proposed amount=3000000.00\n\
         let AW = award.proposed.award\n\
         given award.confirm award=$AW\n\
         when payment.instruct award=$AW\n\
         then payment.instructed on=2025-03-10 amount=3000000.00\n\
         when enterprise.register code={ENTERPRISE} name=x treasury=411702000\n\
         then refused enterprise-known\n"
    );
    let path = house.write("on.scenario", &story);
    let events = house.events();
    let told = house.json(&["simulate", path.to_str().unwrap(), "--on", house.data().to_str().unwrap()]);
    assert_eq!(told[0]["failed"], Value::Null, "{told}");
    let last = told[0]["results"].as_array().unwrap().last().unwrap();
    assert_eq!(last["refused"]["code"], "enterprise-known", "{told}");
    assert_eq!(house.events(), events, "nothing is stored");
}

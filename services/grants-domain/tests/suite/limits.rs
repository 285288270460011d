//! Nothing that the door lets in outgrows the log: the largest commands of each kind, and one step beyond.

use crate::{
    histories::ENTERPRISES,
    world::{World, command},
};
use grants_domain::{
    application::submit::{APPLICATION_BYTES_MAX, EVIDENCE_MAX, FACTS_MAX},
    artifact::record_chunk::CHUNK_BYTES_MAX,
    budget::allocate::LINE_MEASURES_MAX,
    calendar::publish::{CALENDAR_PERIODS_MAX, CALENDAR_WORKING_MAX},
    commands::COMMAND_BYTES_MAX,
    enterprise::{MERGED_MAX, lineage::LINEAGE_MAX},
    people::SEALED_BYTES_MAX,
    record::ENVELOPE_BYTES_MAX,
    sanction::{SANCTION_MEASURES_MAX, SANCTIONS_MAX},
    values::CreditCode,
    wire::Message,
};
use serde_json::{Value, json};

const CODE: &str = ENTERPRISES[1].0;

/// `World::give` holds every envelope to its limit; here they come as large as they can.
fn takes(world: &mut World, verb: &str, fields: &Value) {
    world.ok(verb, &fields.to_string());
}

fn refuses(world: &mut World, verb: &str, fields: &Value) {
    assert_eq!(world.no(verb, &fields.to_string()), "out-of-range", "{verb}");
}

/// Characters of four bytes, which is the most that a character has.
fn long(characters: usize) -> String {
    "𠀀".repeat(characters)
}

#[test]
fn the_largest_chunk_fits() {
    let mut world = World::new("1000.00");
    let chunk = |bytes: usize| json!({ "artifact": "00".repeat(32), "index": 0, "count": 1, "bytes": "ab".repeat(bytes) });
    refuses(&mut world, "artifact.record_chunk", &chunk(CHUNK_BYTES_MAX + 1));
    refuses(&mut world, "artifact.record_chunk", &chunk(0));
    takes(&mut world, "artifact.record_chunk", &chunk(CHUNK_BYTES_MAX));
}

#[test]
fn the_largest_calendar_fits() {
    let mut world = World::new("1000.00");
    let calendar = |off: usize, working: usize| {
        let off = vec!["2026-10-01/2026-10-07"; off];
        json!({ "year": 2026, "off": off, "working": vec!["2026-10-10"; working], "source": long(200) })
    };
    refuses(&mut world, "calendar.publish", &calendar(CALENDAR_PERIODS_MAX + 1, 0));
    refuses(&mut world, "calendar.publish", &calendar(0, CALENDAR_WORKING_MAX + 1));
    takes(&mut world, "calendar.publish", &calendar(CALENDAR_PERIODS_MAX, CALENDAR_WORKING_MAX));
}

#[test]
fn the_largest_line_fits_and_money_keeps_its_range() {
    let mut world = World::new("1000.00");
    let line = |measures: usize| {
        let measures: Vec<String> = (0..measures).map(|number| format!("{number:a>40}")).collect();
        json!({ "line": "L-1", "treasury": "411702000", "year": 2025, "document": long(80),
            "measures": measures, "amount": "9999999999999.99" })
    };
    refuses(&mut world, "budget.allocate", &line(LINE_MEASURES_MAX + 1));
    refuses(&mut world, "budget.allocate", &line(0));
    takes(&mut world, "budget.allocate", &line(LINE_MEASURES_MAX));
    let more = |amount: &str| json!({ "line": "L-1", "direction": "increase", "amount": amount, "document": "追加" });
    refuses(&mut world, "budget.adjust", &more("0.01"));
    refuses(&mut world, "budget.adjust", &more("9999999999999.99"));
    takes(&mut world, "budget.adjust", &more("0.00"));
}

fn enterprise(sealed: usize) -> Value {
    let sealed = json!({ "person": "0".repeat(32), "bytes": "ab".repeat(sealed) });
    let payee = json!({ "name": long(100), "account": "622200000000007001", "bank": "102521000335" });
    json!({ "code": CODE, "name": long(100), "treasury": "411702000", "industry": "a".repeat(40),
        "legal_representative": sealed, "contact": sealed, "payee": payee })
}

#[test]
fn the_largest_enterprise_fits() {
    let mut world = World::new("1000.00");
    refuses(&mut world, "enterprise.register", &enterprise(SEALED_BYTES_MAX + 1));
    takes(&mut world, "enterprise.register", &enterprise(SEALED_BYTES_MAX));
    assert_eq!(world.no("enterprise.register", &enterprise(1).to_string()), "enterprise-known");
}

/// A valid credit code for each number.
pub(crate) fn code(number: usize) -> String {
    let letters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let of = |inner: char, outer: char| format!("91411702MA{number:06}{inner}{outer}");
    let all = letters.chars().flat_map(|inner| letters.chars().map(move |outer| of(inner, outer)));
    all.into_iter().find(|code| code.parse::<CreditCode>().is_ok()).unwrap()
}

#[test]
fn the_largest_lineage_fits() {
    let mut world = World::new("1000.00");
    let codes: Vec<String> = (0..=LINEAGE_MAX).map(code).collect();
    for code in &codes {
        let fields = json!({ "code": code, "name": "示例有限公司", "treasury": "411702000" });
        takes(&mut world, "enterprise.register", &fields);
    }
    let merger = |from: &[String]| json!({ "successor": codes[0], "predecessors": from, "on": "2025-01-01", "document": long(80) });
    refuses(&mut world, "enterprise.merge", &merger(&codes[1..MERGED_MAX + 2]));
    refuses(&mut world, "enterprise.merge", &merger(&[]));
    for some in codes[1..LINEAGE_MAX].chunks(MERGED_MAX) {
        takes(&mut world, "enterprise.merge", &merger(some));
    }
    refuses(&mut world, "enterprise.merge", &merger(&codes[LINEAGE_MAX..]));
    let split = json!({ "enterprise": codes[0], "into": [codes[LINEAGE_MAX]], "on": "2025-01-01", "document": "分立" });
    refuses(&mut world, "enterprise.split", &split);
    let change = json!({ "enterprise": codes[0], "code": code(LINEAGE_MAX + 1), "on": "2025-01-01", "document": "变更" });
    refuses(&mut world, "enterprise.change_code", &change);
}

fn application(facts: usize, characters: usize, evidence: usize, key: usize) -> Value {
    let facts: Vec<Value> = (0..facts)
        .map(|number| json!({ "name": format!("{number:a>40}"), "value": format!("word:{}", long(characters)) }))
        .collect();
    let evidence: Vec<Value> = (0..evidence)
        .map(|number| {
            let key = format!("document:{number:03}{}", long(key));
            json!({ "kind": "document", "key": key, "date": "2025-01-01", "until": "2026-01-01", "amount": "9999999999999.99" })
        })
        .collect();
    json!({ "application": "A".repeat(40), "enterprise": CODE, "measure": "plain", "applied_on": "2025-01-01",
        "facts": facts, "evidence": evidence })
}

/// The log has an application twice in one envelope, so its limit lies far below the door's.
#[test]
fn the_largest_application_fits() {
    let mut world = World::new("1000.00");
    world.ok("enterprise.register", &enterprise(1).to_string());
    refuses(&mut world, "application.submit", &application(FACTS_MAX + 1, 1, 0, 0));
    refuses(&mut world, "application.submit", &application(0, 1, EVIDENCE_MAX + 1, 0));

    let weight = |value: &Value| command("application.submit", &value.to_string()).encode().len();
    let (mut largest, mut beyond) = (Value::Null, Value::Null);
    for key in 0..48 {
        let next = application(FACTS_MAX, 20, EVIDENCE_MAX, key);
        match weight(&next) <= APPLICATION_BYTES_MAX {
            true => largest = next,
            false => {
                beyond = next;
                break;
            }
        }
    }
    assert!(APPLICATION_BYTES_MAX < weight(&largest) + 2_000 && weight(&beyond) <= COMMAND_BYTES_MAX);
    refuses(&mut world, "application.submit", &beyond);
    takes(&mut world, "application.submit", &largest);
}

/// A command as large as the door lets in is refused, and its refusal with the command still fits.
#[test]
fn the_largest_refused_command_fits() {
    let mut world = World::new("1000.00");
    let mut value = Value::Null;
    for characters in 1..200 {
        let next = application(FACTS_MAX, characters, 0, 0);
        if COMMAND_BYTES_MAX < command("application.submit", &next.to_string()).encode().len() {
            break;
        }
        value = next;
    }
    let command = command("application.submit", &value.to_string());
    assert!(COMMAND_BYTES_MAX - 1_000 < command.encode().len());
    const { assert!(COMMAND_BYTES_MAX < ENVELOPE_BYTES_MAX) };
    let executed = world.give(&command, None);
    assert_eq!(executed.answer.refused.unwrap().code.word(), "out-of-range");
}

/// One row has all sanctions of a code; it and the events stay far below their limits, and there the door closes.
#[test]
fn the_largest_sanction_fits_and_a_code_has_only_so_many() {
    let mut world = World::new("1000.00");
    let sanction = |number: usize, measures: usize| {
        let measures: Vec<String> = (0..measures).map(|number| format!("cap{number:a>37}")).collect();
        let document = json!({ "number": format!("{number:02}{}", long(78)), "issuer": long(80), "on": "2025-01-01",
            "file": "ab".repeat(32) });
        json!({ "enterprise": CODE, "ground": "fraud", "from": "2025-01-01", "until": "2025-12-31",
            "measures": measures, "reach": "group", "document": document })
    };
    refuses(&mut world, "sanction.impose", &sanction(0, SANCTION_MEASURES_MAX + 1));
    for number in 0..SANCTIONS_MAX {
        takes(&mut world, "sanction.impose", &sanction(number, SANCTION_MEASURES_MAX));
    }
    refuses(&mut world, "sanction.impose", &sanction(SANCTIONS_MAX, 1));
}

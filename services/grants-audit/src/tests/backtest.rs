//! History under another catalogue: the same catalogue changes nothing, another one exactly what it says.

use super::{
    check, english,
    stories::stories,
    story::{Log, Told},
};
use crate::{
    backtest::{Backtest, Came, Change, Kind, backtest},
    source::Source,
};
use grants_domain::{
    events::Event,
    scenario::{Stage, parse},
    values::Timestamp,
};
use grants_files::{Lang, Texts, export::xlsx};
use grants_policy::{Catalogue, Library, pack, shipped};
use std::{collections::BTreeMap, sync::Arc};

/// The shipped files with some words changed. Their worked cases need not hold: they are not published here.
fn files(changes: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut files = shipped();
    for (from, to) in changes {
        let mut found = 0;
        for text in files.values_mut().filter(|text| text.contains(from)) {
            *text = text.replacen(from, to, 1);
            found += 1;
        }
        assert_eq!(found, 1, "{from} stands in {found} files");
    }
    files
}

fn compiled(changes: &[(&str, &str)]) -> Arc<Catalogue> {
    Arc::new(Catalogue::compile(&files(changes)).unwrap())
}

fn honest(story: &str) -> Log {
    Log::of(story, &mut Library::new(), Some(&pack(&shipped())))
}

fn tested(log: &Log, catalogue: Arc<Catalogue>) -> Backtest {
    let (reader, _, _) = log.sealed();
    backtest(&Source::of(reader, None), catalogue, &mut |_| ()).unwrap()
}

/// Application, kind, and the difference of what stands.
fn told(tested: &Backtest) -> Vec<(String, Kind, String)> {
    let one =
        |change: &Change| (change.then.number.to_string(), change.kind, change.difference().to_string());
    tested.changes.iter().map(one).collect()
}

/// The answer to K-01 in the shipped catalogue: down to 分 at the end.
const ROUNDING: &str = r#"dated = [{ from = 2024-06-11, value = "down-once", source"#;
/// The rate of E4.1.
const RATE: &str = "[[values.equipment-rate.dated]]\nfrom = 2024-06-11\nvalue = \"5%\"";

#[test]
fn under_its_own_catalogue_no_story_differs() {
    for (name, story) in stories("policy") {
        let tested = tested(&honest(&story), compiled(&[]));
        assert_eq!(told(&tested), [], "{name}");
        assert_eq!(tested.skipped, [], "{name}");
        assert!(tested.budget.is_empty() && tested.stands[0] == tested.stands[1], "{name}");
    }
}

/// Answers about what follows a decision, as they stand in the catalogue and as they could, with the story of each.
const FOLLOWED: [(&str, &str, &str); 3] = [
    (
        "cut-part-revives",
        r#"{ from = 2024-06-11, value = "lost""#,
        r#"{ from = 2024-06-11, value = "revives""#,
    ),
    (
        "recovered-at-once",
        r#"{ from = 2024-06-11, value = "proposed-by-rule""#,
        r#"{ from = 2024-06-11, value = "automatic""#,
    ),
    (
        "fraud-keeps-the-room",
        r#"{ from = 2024-06-11, value = "returned""#,
        r#"{ from = 2024-06-11, value = "kept""#,
    ),
];

#[test]
fn a_story_of_another_answer_is_honest_and_differs_from_nothing_under_it() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios/policy/under");
    for (name, from, to) in FOLLOWED {
        let text = std::fs::read_to_string(folder.join(format!("{name}.scenario"))).unwrap();
        let story: Vec<&str> = text.lines().filter(|line| !line.starts_with("then  says")).collect();
        let log = Log::of(&story.join("\n"), &mut Library::new(), Some(&pack(&files(&[(from, to)]))));
        let report = check(&log, &mut Library::new());
        assert!(report.findings.is_empty(), "{name}: {}", report.text(&english()));
        let tested = tested(&log, compiled(&[(from, to)]));
        assert_eq!((told(&tested), tested.skipped), (vec![], vec![]), "{name}");
    }
}

/// The changed ledger asks the changed rules what follows a decision, too.
#[test]
fn what_follows_a_decision_is_tested_with_it() {
    let differs = |name: &str, place: usize| {
        let (_, from, to) = FOLLOWED[place];
        let story = stories("policy").into_iter().find(|(one, _)| one == name).unwrap().1;
        let tested = tested(&honest(&story), compiled(&[(from, to)]));
        let told: Vec<(String, String)> = told(&tested).into_iter().map(|(who, _, by)| (who, by)).collect();
        let skipped: Vec<_> = tested.skipped.iter().map(|one| (one.verb, one.reason)).collect();
        (told, skipped)
    };
    let one = |who: &str, by: &str| (who.to_owned(), by.to_owned());
    assert_eq!(differs("v05", 0), (vec![one("A-2", "500000.00"), one("A-3", "-500000.00")], vec![]));
    // It was owed before anybody could decide on it; what came back is the same.
    assert_eq!(differs("v08", 1), (vec![], vec![("recovery.approve", Some("recovery-not-open"))]));
    assert_eq!(differs("fraud-gives-the-room-back", 2), (vec![one("A-2", "-700000.00")], vec![]));
}

/// Enterprise, line and a project for each invoice; applications `A-{from}` on behalf of these amounts.
fn applications(from: usize, day: &str, amounts: &[&str]) -> String {
    let one = |(place, amount): (usize, &&str)| {
        let number = from + place;
        let project = format!("24{number:02}-411702-04-01-70000{number}");
        format!(
            "given project.register project=[code={project} enterprise=91411702MA70000188 name=示例项目 treasury=411702000 total_investment=60000000.00 validity=2024-01-01/2026-12-31 in_statistics=yes]\n\
             given external.report_award award=HN-{number} subject=project:{project} level=province programme=special-fund status=refused on=2025-01-10 source=示例公示\n\
             given application.submit application=A-{number} enterprise=91411702MA70000188 project={project} measure=E4.1 applied_on={day} evidence+=[kind=invoice key=digital:2441000000000000000{number} date=2024-09-01 amount={amount}]\n\
             given application.decide application=A-{number}\n"
        )
    };
    amounts.iter().enumerate().map(one).collect()
}

const GROUND: &str = "given budget.allocate line=L-1 treasury=411702000 year=#2025 document=示例财预〔2025〕1号 measures+=E4.1 amount=30000000.00\n\
    given enterprise.register code=91411702MA70000188 name=示例智能传感有限公司 treasury=411702000 industry=sensors payee=[name=示例智能传感有限公司 account=622200000000007001 bank=102521000335]\n";

/// One history: the first half under the shipped answers, then another catalogue is published, and the second half.
fn halves(first: &str, second: &str, published: &BTreeMap<String, String>) -> Log {
    let mut rules = Library::new();
    let mut stage = Stage::new(&mut rules, Some(&pack(&shipped()))).unwrap();
    stage.play(&parse(first).unwrap(), &|_, _| Vec::new()).unwrap();
    let (state, mut played) = (stage.state().clone(), stage.played().to_vec());
    let next = played.iter().map(|one| u64::try_from(one.events.len()).unwrap()).sum();
    let mut stage = Stage::on(state, next, &mut rules, Some(&pack(published))).unwrap();
    stage.play(&parse(second).unwrap(), &|_, _| Vec::new()).unwrap();
    let last = played.last().unwrap().context.recorded_at.micros();
    let later = stage.played().iter().zip(1_i64..).map(|(one, place)| {
        let mut one = one.clone();
        // The stage sets its clock back to publish; nothing of a publication depends on it.
        if one.context.recorded_at.micros() <= last {
            one.context.recorded_at = Timestamp::from_micros(last + place).unwrap();
        }
        one
    });
    played.extend(later);
    let mut version = 0;
    let one = |one: grants_domain::scenario::Played| {
        let told = Told { context: one.context, version, command: one.command, events: one.events };
        if let Some(Event::VersionPublished(fact)) = told.events.first() {
            version = fact.version;
        }
        told
    };
    Log { told: played.into_iter().map(one).collect() }
}

/// A-45: an interpretation is issued after half the awards. Nothing is decided anew; the back-test lists who would
/// differ, and nobody else.
#[test]
fn an_interpretation_after_half_the_awards_lists_exactly_those_that_differ() {
    let half_up = r#"dated = [{ from = 2024-06-11, value = "half-up", source"#;
    let changed = [(ROUNDING, half_up)];
    // Twice two amounts of which 5% is whole in 分, and two where half a 分 or more is cut off.
    let amounts = ["60000.00", "199999.99", "80000.00", "100000.11"];
    let first = format!(
        "scenario: first half\n\non 2025-03-03T09:00:00\n{GROUND}{}",
        applications(1, "2025-03-03", &amounts)
    );
    let space = "# …\n".repeat(40);
    let second = format!(
        "scenario: second half\n{space}\non 2025-06-03T09:00:00\n{}",
        applications(5, "2025-06-03", &amounts)
    );
    let mut published = files(&changed);
    // The worked cases go on to say what they said, under the answer that they were written for.
    for text in published.values_mut() {
        *text = text.replacen("[case-base]\n", "[case-base]\nunder = { \"K-01\" = \"down-once\" }\n", 1);
    }
    let findings: Vec<String> =
        grants_policy::admission(&published).iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{findings:#?}");
    let log = halves(&first, &second, &published);
    let tested = tested(&log, compiled(&changed));
    let expected = ["A-2", "A-4"].map(|number| (number.to_owned(), Kind::AmountUp, "0.01".to_owned()));
    assert_eq!(told(&tested), expected);
    let awarded = log.told.iter().flat_map(|told| &told.events);
    let awarded = awarded.filter(|event| matches!(event, Event::AwardProposed(_))).count();
    assert_eq!((awarded, tested.applications, tested.skipped.len()), (8, 8, 0));
    assert_eq!(tested.stands[1] - tested.stands[0], 2);
    // Both sides are told, each with the answer that it followed.
    let json = tested.json(&Texts::new(Lang::En));
    let answer = |side: &str| {
        let all = json["decisions"][0][side]["told"]["interpretations"].as_array().unwrap();
        all.iter().find(|one| one["id"] == "K-01").unwrap()["answer"].as_str().unwrap().to_owned()
    };
    assert_eq!(answer("then"), "down to 分, once, at the end");
    assert_eq!(answer("now"), "half up to 分, once, at the end");
}

/// An answer counts from its day on, for applications from that day on; what it would have done before is asked for.
#[test]
fn a_newer_answer_reaches_back_only_if_it_is_told_to() {
    let changed = [(
        r#"value = "down-once", source = "目录默认值，待市财政局确认 (default of the catalogue, to be confirmed by the bureau)" }]"#,
        r#"value = "down-once", source = "示例" }, { from = 2026-01-01, value = "half-up", source = "示例函" }]"#,
    )];
    let story = format!(
        "scenario: before the answer\n\non 2025-03-03T09:00:00\n{GROUND}{}",
        applications(1, "2025-03-03", &["199999.99", "60000.00"])
    );
    let log = honest(&story);
    assert_eq!(told(&tested(&log, compiled(&changed))), []);
    let newest = Arc::unwrap_or_clone(compiled(&changed)).with_newest_answers();
    let found = told(&tested(&log, Arc::new(newest)));
    assert_eq!(found, [("A-1".to_owned(), Kind::AmountUp, "0.01".to_owned())]);
}

/// The story of the liar under 4%: what the first award leaves of the cap goes to the second, the third finds money at
/// once, payments carry their new amounts, and the recovery takes back what was paid.
#[test]
fn room_money_and_payments_are_carried_forward() {
    let tested = tested(
        &Log::honest(),
        compiled(&[(RATE, "[[values.equipment-rate.dated]]\nfrom = 2024-06-11\nvalue = \"4%\"")]),
    );
    let amounts: Vec<_> = tested
        .changes
        .iter()
        .map(|one| {
            let [then, now] = [&one.then, &one.now].map(|side| side.came.amount().to_string());
            (one.then.number.to_string(), one.kind, then, now, one.difference().to_string())
        })
        .collect();
    let expect = |number: &str, kind, [then, now, difference]: [&str; 3]| {
        (number.to_owned(), kind, then.to_owned(), now.to_owned(), difference.to_owned())
    };
    assert_eq!(
        amounts,
        [
            expect("A-1", Kind::AmountDown, ["3000000.00", "2400000.00", "0.00"]),
            expect("A-2", Kind::AmountUp, ["7000000.00", "7600000.00", "0.00"]),
            expect("A-5", Kind::AmountDown, ["4000000.00", "3200000.00", "-800000.00"]),
        ]
    );
    assert_eq!(tested.skipped, []);
    let [line] = tested.budget.as_slice() else { panic!("{:?}", tested.budget) };
    // 6,500,000 stand reserved and 4,000,000 or 3,200,000 are paid; what was recovered has come back.
    assert_eq!((line.used, line.waiting, line.year), ([1_050_000_000, 970_000_000], [0, 0], 2025));
}

#[test]
fn what_no_longer_fits_is_skipped_and_counted() {
    let refuse = [(r#"{ from = 2024-06-11, value = "queue","#, r#"{ from = 2024-06-11, value = "refuse","#)];
    let tested = tested(&Log::honest(), compiled(&refuse));
    let found = told(&tested);
    assert_eq!(found, [("A-5".to_owned(), Kind::NowRefused, "-4000000.00".to_owned())]);
    let change = &tested.changes[0];
    assert!(matches!(&change.now.came, Came::Rejected(fact) if fact.refused.code.word() == "budget-short"));
    let skipped: Vec<_> = tested.skipped.iter().map(|one| (one.verb, one.reason, one.count)).collect();
    assert_eq!(
        skipped,
        [
            ("award.confirm", Some("award-unknown"), 1),
            ("payment.instruct", Some("award-unknown"), 2),
            ("payment.reject", Some("payment-unknown"), 1),
            ("payment.settle", Some("payment-unknown"), 1),
        ]
    );
}

/// A line of a catalogue that no longer names E4.1 in a list of measures.
fn without(line: &str) -> String {
    if !line.starts_with("measures = ") && !line.starts_with("clauses = ") {
        return line.to_owned();
    }
    line.replace("\"E4.1\", ", "").replace(", \"E4.1\"", "").replace("[\"E4.1\"]", "[\"E4.2\"]")
}

#[test]
fn a_measure_that_is_gone_takes_its_applications_along() {
    let mut left = shipped();
    left.retain(|path, _| !path.ends_with("e4-1.toml"));
    left.values_mut().for_each(|text| *text = text.lines().map(without).collect::<Vec<_>>().join("\n"));
    let compiled = Arc::new(Catalogue::compile(&left).unwrap());
    let tested = tested(&Log::honest(), compiled);
    let found: Vec<_> = tested.changes.iter().map(|one| (one.then.number.to_string(), one.kind)).collect();
    let expect = |number: &str, kind| (number.to_owned(), kind);
    assert_eq!(
        found,
        [
            expect("A-1", Kind::NowRefused),
            expect("A-2", Kind::NowRefused),
            expect("A-3", Kind::OtherReason),
            expect("A-4", Kind::OtherReason),
            expect("A-5", Kind::NowRefused),
        ]
    );
    assert!(tested.changes.iter().all(|one| matches!(one.now.came, Came::NotTaken(_))));
}

#[test]
fn text_data_and_workbook_tell_the_same() {
    let tested = tested(
        &Log::honest(),
        compiled(&[(RATE, "[[values.equipment-rate.dated]]\nfrom = 2024-06-11\nvalue = \"4%\"")]),
    );
    let (zh, en) = (Texts::new(Lang::Zh), Texts::new(Lang::En));
    let text = tested.lines(&zh).join("\n");
    for said in ["3 件结论不同", "金额减少: 2", "-800,000.00", "原：核定 3,000,000.00 元，期末现存 0.00 元"]
    {
        assert!(text.contains(said), "{said}:\n{text}");
    }
    // Only the sentences that differ stand in the text; the data has all of them.
    assert!(text.contains("      − ") && text.contains("      + "), "{text}");
    let json = tested.json(&en);
    let first = &json["decisions"][0];
    assert_eq!((&first["kind"], &first["then"]["amount_fen"]), (&"amount-down".into(), &300_000_000.into()));
    assert!(!first["now"]["told"]["sentences"].as_array().unwrap().is_empty(), "{first}");
    assert_eq!(json["total"]["stands_difference"], "-800000.00");
    assert_eq!(json["budget"][0]["used_difference_fen"], -80_000_000);
    let tables = tested.tables(&zh);
    let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["概要", "企业", "政策事项", "预算", "结论不同的申报"]);
    assert!(tables.iter().all(|table| table.rows.iter().all(|row| row.len() == table.head.len())));
    assert_eq!(xlsx(&tables).unwrap(), xlsx(&tested.tables(&zh)).unwrap());
}

/// What a refused application did not use up, a later one used. Under the other catalogue it is the other way round.
#[test]
fn evidence_that_is_used_early_is_gone_for_a_later_application() {
    let (_, story) = stories("policy").into_iter().find(|(name, _)| name == "fair-inside-city").unwrap();
    let counties = [("value = [\"city\", \"province\"", "value = [\"county\", \"city\", \"province\"")];
    let tested = tested(&honest(&story), compiled(&counties));
    assert_eq!(
        told(&tested),
        [
            ("A-2".to_owned(), Kind::NowDue, "65000.00".to_owned()),
            ("A-3".to_owned(), Kind::NowRefused, "-65000.00".to_owned()),
        ]
    );
    let Came::Rejected(fact) = &tested.changes[1].now.came else { panic!("{:?}", tested.changes[1].now) };
    assert_eq!(fact.refused.code.word(), "evidence-consumed");
    assert_eq!(tested.stands[0], tested.stands[1]);
}

#[test]
fn another_cap_hold_or_payer_is_a_change_of_its_own() {
    let log = Log::honest();
    let mut files = shipped();
    let equipment = files.get_mut("measures/e4-1.toml").unwrap();
    *equipment = equipment.replace("\"E4.1.enterprise\"", "\"E4.1.other\"");
    let renamed = tested(&log, Arc::new(Catalogue::compile(&files).unwrap()));
    assert_eq!(told(&renamed), [("A-2".to_owned(), Kind::OtherCap, "0.00".to_owned())]);

    // A payment that does not wait goes out before the person lowers the award, and then it cannot be lowered.
    let paid = [("{ from = 2024-06-11, value = \"hold\"", "{ from = 2024-06-11, value = \"pay\"")];
    let paid = tested(&log, compiled(&paid));
    assert_eq!(told(&paid), [("A-2".to_owned(), Kind::OtherHold, "500000.00".to_owned())]);
    let skipped: Vec<_> = paid.skipped.iter().map(|one| (one.verb, one.reason)).collect();
    assert_eq!(skipped, [("award.reduce", Some("amount-already-paid"))]);

    // Nobody has money of the city's own for this measure, so nobody can decide.
    let payer = "split:benefiting_shares or project";
    let mut files = shipped();
    let equipment = files.get_mut("measures/e4-1.toml").unwrap();
    assert!(equipment.contains(payer));
    *equipment = equipment.replace(payer, "411700000");
    let poor = tested(&log, Arc::new(Catalogue::compile(&files).unwrap()));
    let waits: Vec<_> = poor.changes.iter().filter(|one| one.kind == Kind::NowWaits).collect();
    assert_eq!(waits.len(), 4, "{:?}", told(&poor));
    let why = waits[0].now.came.refused().unwrap();
    assert_eq!((why.code.word(), why.detail("treasury")), ("budget-line-missing", Some("411700000")));
    let json = poor.json(&Texts::new(Lang::En));
    assert!(json["decisions"][0]["now"]["result"].as_str().unwrap().starts_with("cannot be decided: "));
}

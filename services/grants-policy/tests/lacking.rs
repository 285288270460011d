//! What an application still lacks is listed whole, and the room under its caps is told beside it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop where it is")]

use grants_domain::{
    application::ApplicationStatus,
    context::{Actor, AuthMethod, Role},
    rules::{Ask, Outcome},
    state::{MemoryState, put},
    tables::{
        ApplicationRow, CapRow, Caps, Claimed, EnterpriseRow, EvidenceKind, FactRow, Facts, ProjectRow,
    },
    trace::{Fact, FactValue},
    values::Fen,
};
use grants_policy::{Catalogue, Lack, Lacking, Language, shipped};
use std::fs;

const CODE: &str = "91411702MA000100X4";

fn actor() -> Actor {
    Actor { id: "li".parse().unwrap(), role: Role::Intake, auth: AuthMethod::Simulated }
}

fn enterprise(industry: Option<&str>) -> EnterpriseRow {
    EnterpriseRow {
        code: CODE.parse().unwrap(),
        name: "示例电子有限公司".parse().unwrap(),
        treasury: "411702000".parse().unwrap(),
        industry: industry.map(|industry| industry.parse().unwrap()),
        legal_representative: None,
        contact: None,
        payee: None,
        registered_by: actor(),
    }
}

fn project() -> ProjectRow {
    ProjectRow {
        code: "2403-411702-04-01-100000".parse().unwrap(),
        enterprise: CODE.parse().unwrap(),
        name: "示例项目".parse().unwrap(),
        treasury: "411702000".parse().unwrap(),
        total_investment: "60000000.00".parse().unwrap(),
        validity: "2024-01-01/2026-12-31".parse().unwrap(),
        in_statistics: true,
    }
}

fn application(measure: &str, facts: &[(&str, FactValue)]) -> ApplicationRow {
    let fact = |(name, value): &(&str, FactValue)| Fact { name: name.parse().unwrap(), value: value.clone() };
    ApplicationRow {
        number: "A-1".parse().unwrap(),
        enterprise: CODE.parse().unwrap(),
        project: None,
        measure: measure.parse().unwrap(),
        applied_on: "2025-06-02".parse().unwrap(),
        facts: facts.iter().map(fact).collect(),
        evidence: Vec::new(),
        status: ApplicationStatus::Submitted,
        submitted_by: actor(),
        payee_person: None,
        sequence: 1,
        award: None,
    }
}

fn ask<'a>(
    application: &'a ApplicationRow,
    enterprise: &'a EnterpriseRow,
    project: Option<&'a ProjectRow>,
) -> Ask<'a> {
    let today = application.applied_on;
    Ask { version: 1, application, enterprise, project, today, reviewing: None, reviving: false }
}

fn words(lacks: &[Lack]) -> Vec<String> {
    let one = |lack: &Lack| {
        let what = match &lack.what {
            Lacking::Fact { name, title, .. } => format!("{name}: {title}"),
            Lacking::Evidence(kind) => kind.word().to_owned(),
        };
        format!("{what}{}", if lack.or_another { " or another" } else { "" })
    };
    lacks.iter().map(one).collect()
}

fn catalogue() -> Catalogue {
    Catalogue::compile(&shipped()).unwrap()
}

#[test]
fn everything_that_a_fair_needs_is_listed_at_once() {
    let (catalogue, state, nobody) = (catalogue(), MemoryState::default(), enterprise(None));
    let empty = application("E6", &[]);
    let found = catalogue.lacking(&state, &ask(&empty, &nobody, None), Language::En);
    assert_eq!(
        words(&found),
        [
            "fair_first_day: First day of the fair",
            "industry: Industry or another",
            "field_recognised: Field recognised by decision or another",
            "above_scale: Above scale",
            "organiser_level: Level of the organiser",
            "fair_place: Place of the fair",
            "fair: Name of the fair",
            "invoice",
        ]
    );
    // The decision itself stops at the first.
    let Outcome::Undecidable(refused) = catalogue.assess(&state, &ask(&empty, &nobody, None)).outcome else {
        panic!("an empty application is decided");
    };
    assert_eq!(refused.detail("fact"), Some("fair_first_day"));
}

#[test]
fn what_is_known_is_not_asked_for() {
    let (catalogue, mut state, software) =
        (catalogue(), MemoryState::default(), enterprise(Some("software")));
    let source = || "示例".parse().unwrap();
    let row = FactRow { value: FactValue::Flag(true), source: source(), sequence: 1 };
    let key = (format!("enterprise:{CODE}"), "above_scale".parse().unwrap(), "2024-01-01".parse().unwrap());
    put::<Facts>(&mut state, &key, &row);
    let word = |text: &str| FactValue::Word(text.parse().unwrap());
    let facts = [
        ("fair_first_day", FactValue::Date("2025-04-09".parse().unwrap())),
        ("fair", word("示例展会")),
        ("organiser_level", word("city")),
        ("fair_place", word("outside-city")),
    ];
    let mut full = application("E6", &facts);
    let lacking =
        |full: &ApplicationRow| words(&catalogue.lacking(&state, &ask(full, &software, None), Language::Zh));
    assert_eq!(lacking(&full), ["invoice"]);
    full.evidence.push(Claimed {
        kind: EvidenceKind::Invoice,
        key: "digital:24410000000000000001".parse().unwrap(),
        date: "2025-04-09".parse().unwrap(),
        until: None,
        amount: "130000.00".parse().unwrap(),
        seller: None,
    });
    assert_eq!(lacking(&full), <[String; 0]>::default());
    assert!(matches!(catalogue.assess(&state, &ask(&full, &software, None)).outcome, Outcome::Due { .. }));
}

#[test]
fn a_loan_needs_its_contract_and_its_balances() {
    let (catalogue, state) = (catalogue(), MemoryState::default());
    let (owner, project, empty) = (enterprise(Some("software")), project(), application("E4.2", &[]));
    let found = words(&catalogue.lacking(&state, &ask(&empty, &owner, Some(&project)), Language::En));
    for needed in ["loan", "balance"] {
        assert!(found.contains(&needed.to_owned()), "{needed}: {found:?}");
    }
}

#[test]
fn the_room_is_told_whether_or_not_the_rest_is_known() {
    let (catalogue, mut state, owner) = (catalogue(), MemoryState::default(), enterprise(Some("software")));
    let used: Fen = "65000.00".parse().unwrap();
    let key = ("E6.year".parse().unwrap(), format!("enterprise:{CODE}"), "2025".to_owned());
    put::<Caps>(&mut state, &key, &CapRow { used, awards: 1 });
    let room = catalogue.room(&state, &ask(&application("E6", &[]), &owner, None));
    let [step] = room.as_slice() else { panic!("{room:?}") };
    assert_eq!((step.used, step.limit.to_string(), step.cut), (used, "100000.00".to_owned(), false));
}

#[test]
fn a_measure_says_by_which_facts_it_is_about_a_title() {
    let catalogue = catalogue();
    let plain = catalogue.measure(&"E6".parse().unwrap()).unwrap();
    assert_eq!(plain.titled(), None);
    let mut files = shipped();
    if !files.contains_key("measures/e3-3.toml") {
        let folder = format!("{}/tests/rows", env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(format!("{folder}/measures/e3-3.toml")).unwrap();
        files.insert("measures/e3-3.toml".to_owned(), text);
        let more = fs::read_to_string(format!("{folder}/interpretations.toml")).unwrap();
        files.get_mut("interpretations.toml").unwrap().push_str(&more);
    }
    let with_titles = Catalogue::compile(&files).unwrap();
    let titled = with_titles.measure(&"E3.3".parse().unwrap()).unwrap().titled().unwrap();
    assert_eq!(titled.named_by.as_str(), "title");
    assert_eq!(titled.holder.unwrap().as_str(), "title_holder");
}

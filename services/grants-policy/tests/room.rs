//! Room of caps that stays taken after fraud (K-36) or is given to those who were cut (K-15), with the other answers that
//! a cap rests on: another window, another counter, a scale beside it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop where it is"
)]

use grants_domain::{
    refusal::{RefusalCode, Refused},
    rules::{Ask, Assessment, MeasureShape, Rules},
    state::{MemoryState, StateRead, list},
    tables::{ApplicationRow, Awards, Caps},
    values::Slug,
};
use grants_policy::{Catalogue, Library, shipped, unpack};
use std::collections::BTreeMap;
use toml::{Table, Value};

mod answers; // catalogues with another answer
mod staged; // catalogues one after the other

/// The shipped files with other answers.
fn under(others: &[(&str, &str)]) -> BTreeMap<String, String> {
    let files = shipped();
    let offered = answers::alternatives(&files);
    others.iter().fold(files, |files, (id, option)| {
        assert!(offered.contains(&((*id).to_owned(), (*option).to_owned())), "{id} is not answered {option}");
        answers::answered(&files, id, option)
    })
}

/// The files with one more answer, from a day on.
fn also(mut files: BTreeMap<String, String>, id: &str, option: &str, from: &str) -> BTreeMap<String, String> {
    let mut table: Table = files["interpretations.toml"].parse().unwrap();
    let asked = table["interpretation"].as_array_mut().unwrap();
    let asked = asked.iter_mut().find(|one| one["id"].as_str() == Some(id)).unwrap();
    let answer: Table =
        format!("from = {from}\nvalue = \"{option}\"\nsource = \"示例口径文件\"").parse().unwrap();
    asked["dated"].as_array_mut().unwrap().push(Value::Table(answer));
    files.insert("interpretations.toml".to_owned(), table.to_string());
    files
}

type Files = BTreeMap<String, String>;

/// The rules of the ledger without the lint of what is published: the worked cases of one answer would keep another out.
#[derive(Default)]
struct Unlinted(Library);

impl Rules for Unlinted {
    fn assess(&self, state: &dyn StateRead, ask: &Ask<'_>) -> Assessment {
        self.0.assess(state, ask)
    }
    fn shape(&self, version: u32, measure: &Slug) -> Option<MeasureShape> {
        self.0.shape(version, measure)
    }
    fn kept_after_fraud(&self, version: u32, application: &ApplicationRow) -> Vec<(Slug, Slug)> {
        self.0.kept_after_fraud(version, application)
    }
    fn owed_at_once(&self, version: u32, application: &ApplicationRow) -> Option<Slug> {
        self.0.owed_at_once(version, application)
    }
    fn admit(&self, bytes: &[u8]) -> Result<(), Refused> {
        let sound = unpack(bytes).is_ok_and(|files| Catalogue::compile(&files).is_ok());
        if sound { Ok(()) } else { Err(Refused::of(RefusalCode::CatalogueInvalid)) }
    }
    fn learn(&mut self, version: u32, bytes: &[u8]) {
        self.0.learn(version, bytes);
    }
}

/// Plays a story, then a second part under other files if there are any; the state at its end.
fn play(first: &Files, before: &str, second: Option<&Files>, after: &str) -> MemoryState {
    let second = second.map(|second| (second, after));
    let parts: Vec<(&Files, &str)> = std::iter::once((first, before)).chain(second).collect();
    staged::played(&mut Unlinted::default(), &parts)
}

const FAIRS: &str = "
on 2025-06-02T09:00:00
given budget.allocate line=L-1 treasury=411728000 year=#2025 document=示例财预〔2025〕1号 measures+=E6 amount=1000000.00
given enterprise.register code=91411728MA7000034K name=示例软件有限公司 treasury=411728000 industry=software
given fact.record subject=enterprise:91411728MA7000034K name=above_scale value=flag:yes on=2024-01-01 source=示例规上企业名录
";

fn fair(number: u32, day: &str, fee: &str) -> String {
    let fields =
        "facts+=[name=organiser_level value=word:city] facts+=[name=fair_place value=word:outside-city]";
    format!(
        "given application.submit application=A-{number} enterprise=91411728MA7000034K measure=E6 applied_on=2025-06-02 \
         facts+=[name=fair value=word:示例展会{number}] facts+=[name=fair_first_day value=date:{day}] {fields} \
         evidence+=[kind=invoice key=digital:2441000000000000000{number} date={day} amount={fee}]\n\
         when application.decide application=A-{number}\n"
    )
}

/// Twelve months are added up from the awards themselves: one of which nothing stands keeps its room in them.
#[test]
fn twelve_months_count_the_room_that_fraud_keeps() {
    let story = |left: &str| {
        format!(
            "{FAIRS}{}let ONE = award.proposed.award\nwhen award.revoke award=$ONE reason=虚开 ground=fraud\n{}\
             then award.proposed amount={left}\n",
            fair(1, "2024-07-10", "130000.00"),
            fair(2, "2025-05-01", "130000.00"),
        )
    };
    play(&under(&[("K-23", "twelve-months"), ("K-36", "kept")]), &story("35000.00"), None, "");
    play(&under(&[("K-23", "twelve-months")]), &story("65000.00"), None, "");
}

/// The window of a cap is answered otherwise: what fraud keeps counts under the new counter as well.
#[test]
fn another_window_counts_the_room_that_fraud_keeps() {
    let before = format!(
        "{FAIRS}{}let ONE = award.proposed.award\nwhen award.reduce award=$ONE to=5000.00 reason=虚开 ground=fraud\n\
         when award.revoke award=$ONE reason=更正\n",
        fair(1, "2025-04-09", "130000.00"),
    );
    let after = |left: &str| {
        format!(
            "on 2025-06-03T09:00:00\n{}then award.proposed amount={left}\n",
            fair(2, "2025-05-01", "190000.00")
        )
    };
    // 60,000.00 were got by fraud and stay taken; the rest came back.
    let year = under(&[("K-36", "kept")]);
    play(&year, &before, Some(&under(&[("K-23", "twelve-months")])), &after("40000.00"));
    let months = under(&[("K-23", "twelve-months"), ("K-36", "kept")]);
    let since = also(months.clone(), "K-23", "calendar-year", "2025-06-01");
    play(&months, &before, Some(&since), &after("40000.00"));
}

/// Any twelve months: room that returns in them is given to the award that they cut.
#[test]
fn room_of_twelve_months_revives() {
    let story = format!(
        "{FAIRS}{}let ONE = award.proposed.award\n{}then award.proposed amount=35000.00 trace.caps[0].revives=K-15\n\
         let TWO = award.proposed.award\nwhen award.reduce award=$ONE to=50000.00 reason=更正\n\
         then award.raised award=$TWO by=15000.00 to=50000.00\nwhen award.revoke award=$ONE reason=更正\n\
         then award.raised award=$TWO by=15000.00 to=65000.00 trace.caps[0].cut=no\n",
        fair(1, "2024-07-10", "130000.00"),
        fair(2, "2025-05-01", "130000.00"),
    );
    play(&under(&[("K-23", "twelve-months"), ("K-15", "revives")]), &story, None, "");
}

/// The answer of the day of application, under the version that decided: what was lost then stays lost.
#[test]
fn an_award_follows_the_answer_that_it_was_decided_under() {
    let before = format!(
        "{FAIRS}{}let ONE = award.proposed.award\n{}then award.proposed amount=35000.00\nlet TWO = award.proposed.award\n",
        fair(1, "2025-04-09", "130000.00"),
        fair(2, "2025-05-01", "130000.00"),
    );
    let lowered = "on 2025-06-03T09:00:00\nwhen award.reduce award=AW-14 to=50000.00 reason=更正\nthen award.reduced by=15000.00\nthen no award.raised\n";
    let state = play(&under(&[]), &before, None, "");
    let first = list::<Awards>(&state, &(), 1).pop().unwrap().0;
    let first = u64::from_be_bytes(first.try_into().unwrap());
    let lowered = lowered.replace("AW-14", &format!("AW-{first}"));
    play(&under(&[]), &before, Some(&under(&[("K-15", "revives")])), &lowered);
}

/// What the cap of T12.4 cut of a train comes back, though its bonus is a part of a scale; the scale itself gives nothing.
#[test]
fn what_the_cap_of_article_12_cut_comes_back() {
    let mut story = "
on 2025-06-02T09:00:00
given budget.allocate line=L-1 treasury=411700000 year=#2025 document=示例财预〔2025〕1号 measures+=T12.1 measures+=T12.2 amount=2000000.00
given enterprise.register code=91410100MA7000042G name=示例外地组团旅行社 treasury=411700000
given fact.record subject=enterprise:91410100MA7000042G name=agency_place value=word:outside-city on=2024-01-01 source=示例名录
"
    .to_owned();
    for number in 1..=7 {
        let day = format!("2025-04-{:02}", number + 10);
        let counts = "facts+=[name=passengers value=count:300] facts+=[name=paid_sights value=count:2] \
                      facts+=[name=days value=count:2] facts+=[name=nights value=count:1] facts+=[name=origin value=word:outside-city]";
        story += &format!(
            "given application.submit application=A-{number} enterprise=91410100MA7000042G measure=T12.1 applied_on=2025-06-02 \
             facts+=[name=arrival value=date:{day}] {counts} \
             evidence+=[kind=tickets key=train:G100{number}:{day} date={day} amount=0.00]\n\
             given application.decide application=A-{number}\nlet T{number} = award.proposed.award\n"
        );
    }
    story += "then award.proposed amount=30000.00 trace.caps[0].cut=yes\n\
        when award.reduce award=$T1 to=26000.00 reason=更正\nthen award.raised award=$T7 by=4000.00 to=34000.00\n\
        when evidence.void key=train:G1003:2025-04-13 net=0.00 on=2025-06-02 source=示例铁路\n\
        then award.revoked award=$T3 amount=50000.00\nthen award.raised award=$T7\n";
    let state = play(&under(&[("K-15", "revives")]), &story, None, "");
    let used: i64 = list::<Caps>(&state, &(), 10).iter().map(|(_, row)| row.used.get()).sum();
    let stands: i64 = list::<Awards>(&state, &(), 10).iter().map(|(_, row)| row.amount.get()).sum();
    assert_eq!(used, stands);
    assert!(used <= 25_000_000, "{used} 分 stand above the cap");
}

const INTERMEDIARY: &str = "91411728MA7000034K";
/// 示例张三, as a story seals the name.
const PERSON: &str = "person:6232d8b1036772f819f2fdea08420c2c";

const BROKERS: &str = "
on 2025-06-02T09:00:00
given budget.allocate line=L-1 treasury=411702000 year=#2025 document=示例财预〔2025〕1号 measures+=E2 amount=30000000.00
given enterprise.register code=91411728MA7000034K name=示例引资服务有限公司 treasury=411702000
";

/// A project that an intermediary brought, worth 900,000.00 under E2, and the decision of the application for it.
fn brought(number: u32, recipient: &str, more: &str) -> String {
    let project = format!("2403-411702-04-01-70000{number}");
    let records = [
        ("recognised_recipient", format!("word:{recipient}")),
        ("investor", "word:foreign".to_owned()),
        ("produced_in_contract_period", "flag:yes".to_owned()),
        ("project_fixed_assets", "money:450000000.00".to_owned()),
        ("brought_from_outside", "flag:yes".to_owned()),
        ("fits_plan", "flag:yes".to_owned()),
        ("served_throughout", "flag:yes".to_owned()),
        ("project_field", "word:semiconductors".to_owned()),
        ("benefiting_treasury", "word:411702000".to_owned()),
    ];
    let records = records.map(|(name, value)| {
        format!("given fact.record subject=project:{project} name={name} value={value} on=2025-03-01 source=示例认定\n")
    });
    records.concat() + &asked(number, &project, more)
}

fn asked(number: u32, project: &str, more: &str) -> String {
    let who = if more.contains("enterprise=") { "" } else { "enterprise=91411728MA7000034K " };
    format!(
        "given application.submit application=B-{number} {who}measure=E2 applied_on=2025-06-02 {more} \
         facts+=[name=project_code value=word:{project}]\nwhen application.decide application=B-{number}\n"
    )
}

fn awarded(amount: &str) -> String {
    format!("then award.proposed amount={amount}\n")
}

/// The cap of an intermediary counts what was awarded while it was per project; a person's is not the enterprise's that
/// applies, and each is found through whichever enterprise applies.
#[test]
fn what_was_counted_per_project_counts_for_its_recipient() {
    let other =
        "given enterprise.register code=91411702MA40ABCD1D name=示例另一家有限公司 treasury=411702000\n";
    let person = "payee_person=示例张三";
    let before = [
        BROKERS,
        other,
        &brought(1, INTERMEDIARY, ""),
        &awarded("900000.00"),
        &brought(2, PERSON, person),
        &awarded("900000.00"),
    ];
    let elsewhere = format!("{person} enterprise=91411702MA40ABCD1D");
    let after = [
        "on 2025-06-03T09:00:00\n",
        &brought(3, INTERMEDIARY, ""),
        &awarded("100000.00"),
        &brought(4, PERSON, &elsewhere),
        &awarded("100000.00"),
        &brought(5, INTERMEDIARY, ""),
        "then application.rejected refused.code=cap-exhausted refused.rule=E2.limit\n",
    ];
    let since = also(under(&[]), "K-07", "per-intermediary", "2025-06-01");
    play(&under(&[]), &before.concat(), Some(&since), &after.concat());
    // Without the answer every project has a cap of its own.
    let apart = after.concat().replace("100000.00", "900000.00");
    let (apart, _) = apart.split_once(&brought(5, INTERMEDIARY, "")).unwrap();
    play(&under(&[]), &before.concat(), Some(&under(&[])), apart);
}

/// And the other way round: a project of which fraud keeps the room has none for its next award.
#[test]
fn what_was_counted_per_recipient_counts_for_its_project() {
    let before = [
        BROKERS,
        &brought(1, INTERMEDIARY, ""),
        &awarded("900000.00"),
        "let ONE = award.proposed.award\nwhen award.reduce award=$ONE to=100000.00 reason=虚报 ground=fraud\n\
         when award.revoke award=$ONE reason=更正\n",
    ];
    let project = "2403-411702-04-01-700001";
    let after = ["on 2025-06-03T09:00:00\n", &asked(2, project, ""), &awarded("200000.00")];
    let first = under(&[("K-07", "per-intermediary"), ("K-36", "kept")]);
    let since = also(first.clone(), "K-07", "per-project", "2025-06-01");
    play(&first, &before.concat(), Some(&since), &after.concat());
    // Another project has its own room.
    let other = ["on 2025-06-03T09:00:00\n", &brought(3, INTERMEDIARY, ""), &awarded("900000.00")];
    play(&first, &before.concat(), Some(&since), &other.concat());
}

/// An intermediary under a new code is the same one.
#[test]
fn the_cap_of_a_recipient_goes_along_with_a_new_code() {
    let story = [
        BROKERS,
        &brought(1, INTERMEDIARY, ""),
        &awarded("900000.00"),
        "given enterprise.change_code enterprise=91411728MA7000034K code=91411702MA000100X4 on=2025-06-02 document=示例准变〔2025〕1号\n",
        &brought(2, "91411702MA000100X4", "enterprise=91411702MA000100X4"),
        &awarded("100000.00"),
    ];
    play(&under(&[("K-07", "per-intermediary")]), &story.concat(), None, "");
}

/// Nobody else than those who apply for the same share a counter that a fact names, over twelve months too.
#[test]
fn twelve_months_are_added_up_for_what_a_fact_names() {
    let story = |left: &str| {
        format!(
            "{FAIRS}{}{}then award.proposed amount={left}\n",
            fair(1, "2024-07-10", "130000.00"),
            fair(2, "2025-05-01", "130000.00"),
        )
    };
    let mut files = under(&[("K-23", "twelve-months")]);
    for (scope, left) in [("fact:fair_place", "35000.00"), ("fact:fair", "65000.00")] {
        let text = &shipped()["measures/e6.toml"];
        let (head, cap) = text.split_once("[[cap]]").unwrap();
        let cap = cap.replacen("scope = \"enterprise\"", &format!("scope = \"{scope}\""), 1);
        files.insert("measures/e6.toml".to_owned(), format!("{head}[[cap]]{cap}"));
        play(&files, &story(left), None, "");
    }
}

const EQUIPMENT: &str = "
on 2026-03-02T09:00:00
given budget.allocate line=L-1 treasury=411702000 year=#2026 document=示例财预〔2026〕1号 measures+=E4.1 amount=600000000.00
given enterprise.register code=91411702MA70000188 name=示例智能传感有限公司 treasury=411702000 industry=sensors
";

/// A project of the one enterprise, its equipment, and the decision.
fn equipment(number: u32, amount: &str) -> String {
    let project = format!("2403-411702-04-01-70000{number}");
    format!(
        "given project.register project=[code={project} enterprise=91411702MA70000188 name=示例生产线{number} treasury=411702000 total_investment=300000000.00 validity=2024-01-01/2026-12-31 in_statistics=yes]\n\
         given application.submit application=C-{number} enterprise=91411702MA70000188 project={project} measure=E4.1 applied_on=2026-03-02 evidence+=[kind=invoice key=digital:2441000000000000000{number} date=2025-09-01 amount={amount}]\n\
         given application.decide application=C-{number}\nlet C{number} = award.proposed.award\n"
    )
}

/// What another body gives is taken off the part that was given, also where the part that was cut can come back.
#[test]
fn what_others_give_is_taken_off_behind_a_cap_that_revives() {
    let story = [
        EQUIPMENT,
        &equipment(1, "164000000.00"),
        &equipment(2, "50000000.00"),
        &awarded("1800000.00"),
        "when external.report_award award=XX-1 subject=project:2403-411702-04-01-700002 level=county programme=equipment status=granted amount=300000.00 on=2026-02-20 source=示例公示\n\
         then award.reduced award=$C2 to=1500000.00\n",
    ];
    play(&under(&[("K-15", "revives")]), &story.concat(), None, "");
}

/// Of two caps that cut an award, only one gives its part back: what the other took stays lost, however often room returns.
#[test]
fn a_part_that_one_cap_took_for_good_does_not_come_back_with_another() {
    let story = [
        EQUIPMENT,
        &equipment(1, "164000000.00"),
        &equipment(2, "50000000.00"),
        &awarded("1800000.00"),
        "when award.reduce award=$C1 to=8100000.00 reason=更正\nthen award.raised award=$C2 to=1900000.00\n\
         when award.reduce award=$C1 to=7200000.00 reason=更正\nthen award.raised award=$C2 to=2300000.00\n\
         when award.revoke award=$C1 reason=撤销\nthen no award.raised\n",
    ];
    play(&with_a_lasting_cap(), &story.concat(), None, "");
}

/// Equipment under a first cap of 10,500,000.00, whose cut part is lost.
fn with_a_lasting_cap() -> Files {
    let mut files = under(&[("K-15", "revives")]);
    let text = files.get_mut("measures/e4-1.toml").unwrap();
    let (begin, end) = (text.find("[[cap]]").unwrap(), text.find("[case-base]").unwrap());
    let lasting: Vec<&str> = text[begin..end].lines().filter(|line| !line.starts_with("cut-part")).collect();
    let lasting = lasting.join("\n").replace("E4.1.enterprise", "E4.1.lasting");
    let lasting = lasting.replace("enterprise-limit", "lasting-limit") + "\n";
    text.insert_str(begin, &lasting);
    *text = text.replace("caps = [\"E4.1.enterprise\"]", "caps = [\"E4.1.lasting\", \"E4.1.enterprise\"]");
    text.push_str(
        "\n[values.lasting-limit]\nunit = \"money\"\n[[values.lasting-limit.dated]]\nfrom = 2024-06-11\n\
         value = \"10500000.00\"\nsource = \"示例文件\"\n",
    );
    files
}

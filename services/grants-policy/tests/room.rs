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

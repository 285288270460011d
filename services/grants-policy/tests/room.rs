//! Room of caps that stays taken after fraud (K-36) or is given to those who were cut (K-15), with the other answers that
//! a cap rests on: another window, another counter, a scale beside it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop where it is"
)]

use grants_domain::{
    state::list,
    tables::{Awards, Caps},
};
use grants_policy::shipped;

mod answers; // catalogues with another answer
mod staged; // catalogues one after the other
mod unlinted; // whatever compiles is published

use unlinted::{Files, also, awarded, play, under};

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

/// Of the twelve months that a day lies in, the busiest count, wherever they end; of those that are alike, the first.
#[test]
fn the_busiest_twelve_months_leave_the_least() {
    for (earlier, later, left, window) in [
        ("120000.00", "60000.00", "40000.00", "2023-12-02/2024-12-01"),
        ("60000.00", "120000.00", "40000.00", "2024-08-02/2025-08-01"),
        ("120000.00", "120000.00", "40000.00", "2024-08-02/2025-08-01"),
    ] {
        let story = format!(
            "{FAIRS}{}{}{}then award.proposed amount={left} trace.caps[0].window={window}\n",
            fair(1, "2024-06-20", earlier),
            fair(2, "2025-08-01", later),
            fair(3, "2024-12-01", "130000.00"),
        );
        play(&under(&[("K-23", "twelve-months")]), &story.replace("2025-06-02", "2025-09-02"), None, "");
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

/// The room that comes back is that of the cap as it was when the award was decided: a voided invoice brings an earlier
/// governing day, and its higher limit raises nothing above the one that the award was counted under.
#[test]
fn a_higher_limit_of_an_earlier_day_raises_nothing_above_the_own_limit() {
    let mut files = under(&[("K-15", "revives")]);
    files.get_mut("measures/e4-1.toml").unwrap().push_str(
        "\n[[values.enterprise-limit.dated]]\nfrom = 2025-02-01\nvalue = \"6000000.00\"\nsource = \"示例文件\"\n",
    );
    let head = "
on 2025-06-02T09:00:00
given budget.allocate line=L-1 treasury=411702000 year=#2025 document=示例财预〔2025〕1号 measures+=E4.1 amount=30000000.00
given enterprise.register code=91411702MA70000188 name=示例智能传感有限公司 treasury=411702000 industry=sensors
";
    let project = |number: u32, invoices: &str| {
        let project = format!("2403-411702-04-01-70000{number}");
        format!(
            "given project.register project=[code={project} enterprise=91411702MA70000188 name=示例产线 treasury=411702000 \
             total_investment=300000000.00 validity=2024-01-01/2026-12-31 in_statistics=yes]\n\
             given external.report_award award=HN-{number} subject=project:{project} level=province programme=special-fund \
             status=refused on=2025-01-10 source=示例公示\n\
             given application.submit application=A-{number} enterprise=91411702MA70000188 project={project} measure=E4.1 \
             applied_on=2025-06-02 {invoices}\nwhen application.decide application=A-{number}\n"
        )
    };
    let invoice = |number: u32, date: &str, amount: &str| {
        format!(
            "evidence+=[kind=invoice key=digital:2441000000000000000{number} date={date} amount={amount}] "
        )
    };
    let story = [
        head,
        &project(1, &invoice(1, "2025-03-01", "110000000.00")),
        "then award.proposed amount=5500000.00\nlet ONE = award.proposed.award\n",
        &project(2, &(invoice(2, "2025-01-05", "90000000.00") + &invoice(3, "2025-03-01", "1000000.00"))),
        "then award.proposed amount=500000.00\nlet TWO = award.proposed.award\n\
         given evidence.void key=digital:24410000000000000003 net=0.00 on=2025-06-02 source=示例税务\n\
         when award.reduce award=$ONE to=5400000.00 reason=更正\n\
         then award.raised award=$TWO by=100000.00 to=600000.00\n",
    ];
    play(&files, &story.concat(), None, "");
}

/// What fraud keeps of the award itself is not taken from its rise once more, over whichever time the cap runs.
#[test]
fn what_fraud_keeps_of_an_award_is_counted_once() {
    for (window, day) in [("twelve-months", "2024-07-10"), ("calendar-year", "2025-04-09")] {
        let story = format!(
            "{FAIRS}{}let ONE = award.proposed.award\n{}then award.proposed amount=35000.00\nlet TWO = award.proposed.award\n\
             when award.reduce award=$TWO to=25000.00 reason=虚报 ground=fraud\n\
             when award.reduce award=$ONE to=50000.00 reason=更正\n\
             then award.raised award=$TWO by=15000.00 to=40000.00\n\
             when award.reduce award=$ONE to=40000.00 reason=更正\n\
             then award.raised award=$TWO by=10000.00 to=50000.00\n",
            fair(1, day, "130000.00"),
            fair(2, "2025-05-01", "130000.00"),
        );
        let mut others = vec![("K-15", "revives"), ("K-36", "kept")];
        others.extend(Some(("K-23", window)).filter(|_| window == "twelve-months"));
        play(&under(&others), &story, None, "");
    }
}

//! a cap is cut while applications are under way. A later version of the catalogue adds a dated value; what was
//! approved stands, nothing is left above the new limit, and the governing date of each application says which limit it
//! meets. That is the transitional rule: a clause that wants another says so with the day of its value.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop where it is"
)]

use grants_policy::{Catalogue, Library, shipped};
use std::collections::BTreeMap;

mod staged; // two catalogues, one after the other

/// The shipped files with eight million instead of ten for one enterprise, for invoices from 2025-10-01 on.
fn lowered() -> BTreeMap<String, String> {
    let mut files = shipped();
    let text = files.get_mut("measures/e4-1.toml").unwrap();
    let old = "value = \"10000000.00\"\nsource = \"驻政办〔2024〕15号 第四条 第1句\"\n";
    assert_eq!(text.matches(old).count(), 1);
    let new = format!(
        "{old}[[values.enterprise-limit.dated]]\nfrom = 2025-10-01\nvalue = \"8000000.00\"\nsource = \"示例调整文件\"\n"
    );
    *text = text.replace(old, &new);
    Catalogue::compile(&files).unwrap_or_else(|findings| panic!("{findings:?}"));
    files
}

/// Plays a story under the shipped catalogue, and goes on with another under the lowered one.
fn plays(before: &str, after: &str) {
    staged::played(&mut Library::new(), &[(&shipped(), before), (&lowered(), after)]);
}

const PROJECTS: [&str; 2] = ["2403-411702-04-01-700001", "2403-411702-04-01-700002"];

/// Two enterprises: one was approved nine million, the other three.
fn ground() -> String {
    let [first, second] = PROJECTS;
    format!(
        "
on 2025-09-20T09:00:00
given budget.allocate line=L-1 treasury=411702000 year=#2025 document=示例财预〔2025〕1号 measures+=E4.1 amount=60000000.00
given enterprise.register code=91411702MA70000188 name=示例智能传感有限公司 treasury=411702000 industry=sensors
given enterprise.register code=91411721MA40ABCD1X name=示例传感器件有限公司 treasury=411702000 industry=sensors
given project.register project=[code={first} enterprise=91411702MA70000188 name=示例生产线 treasury=411702000 total_investment=300000000.00 validity=2024-01-01/2026-12-31 in_statistics=yes]
given project.register project=[code={second} enterprise=91411721MA40ABCD1X name=示例生产线二 treasury=411702000 total_investment=300000000.00 validity=2024-01-01/2026-12-31 in_statistics=yes]
{}then  award.proposed amount=9000000.00
{}then  award.proposed amount=3000000.00
",
        asks(1, 0, "2025-09-01", "180000000.00", "2025-09-20"),
        asks(2, 1, "2025-09-01", "60000000.00", "2025-09-20"),
    )
}

/// An application of one of the two with one invoice, and its decision.
fn asks(number: u32, who: usize, invoice: &str, amount: &str, applied: &str) -> String {
    let enterprise = ["91411702MA70000188", "91411721MA40ABCD1X"][who];
    let project = PROJECTS[who];
    format!(
        "given application.submit application=A-{number} enterprise={enterprise} project={project} measure=E4.1 applied_on={applied} evidence+=[kind=invoice key=digital:2441000000000000000{number} date={invoice} amount={amount}]\nwhen  application.decide application=A-{number}\n"
    )
}

#[test]
fn what_was_approved_stands_and_nothing_is_left() {
    let day = "2025-11-03";
    let after: [&str; 11] = [
        "on 2025-11-03T09:00:00\n",
        // A late fact about the enterprise makes the ledger look again: the nine million were due when they were decided.
        "when  fact.record subject=enterprise:91411702MA70000188 name=field_recognised value=flag:yes on=2025-11-01 source=示例认定\n",
        "then  no award.reduced\nthen  no award.revoked\nthen  no recovery.proposed\n",
        &asks(3, 0, "2025-10-01", "1000.00", day),
        "then  application.rejected refused.code=cap-exhausted refused.rule=E4.1.enterprise\n",
        // The other has three of eight: five are left, and not one 分 more.
        &asks(4, 1, "2025-10-01", "99999999.80", day),
        "then  award.proposed amount=4999999.99 trace.caps[0].limit=8000000.00 trace.caps[0].cut=no\n",
        &asks(5, 1, "2025-10-02", "1000.00", day),
        "then  award.proposed amount=0.01 trace.caps[0].cut=yes\n",
        &asks(6, 1, "2025-10-03", "1000.00", day),
        "then  application.rejected refused.code=cap-exhausted\n",
    ];
    plays(&ground(), &after.concat());
}

/// An application that was under way: the day of its invoice, and not of its decision, says which limit it meets.
#[test]
fn who_waited_meets_the_limit_of_the_governing_day() {
    for (invoice, limit, outcome) in [
        ("2025-09-30", "10000000.00", "award.proposed amount=1000000.00"),
        ("2025-10-01", "8000000.00", "application.rejected refused.code=cap-exhausted"),
        ("2025-10-02", "8000000.00", "application.rejected refused.code=cap-exhausted"),
    ] {
        let ask = asks(7, 0, invoice, "60000000.00", "2025-11-03");
        let seen = if outcome.starts_with("award") {
            format!(
                "then  {outcome} trace.caps[0].limit={limit} trace.caps[0].used=9000000.00 trace.caps[0].cut=yes\n"
            )
        } else {
            format!("then  {outcome}\n")
        };
        plays(&ground(), &format!("on 2025-11-03T09:00:00\n{ask}{seen}"));
    }
}

//! K-27: a year that was counted by the calendar and is counted over twelve months by a later version. Trains that were
//! decided under the old answer count all the same: what stands counts, whatever was thought when it was approved.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop where it is")]

use grants_policy::{Catalogue, Library, shipped};
use std::collections::BTreeMap;

mod staged; // two catalogues, one after the other

/// The shipped files with the rolling year for what is applied for from 2027-01-15 on.
fn rolling() -> BTreeMap<String, String> {
    let mut files = shipped();
    let text = files.get_mut("interpretations.toml").unwrap();
    let (before, behind) = text.split_once("id = \"K-27a\"").unwrap();
    let later = ", { from = 2027-01-15, value = \"twelve-months\", source = \"示例口径文件\" }]";
    *text = format!("{before}id = \"K-27a\"{}", behind.replacen("}]", &format!("}}{later}"), 1));
    Catalogue::compile(&files).unwrap_or_else(|findings| panic!("{findings:?}"));
    files
}

/// A high-speed train of 300 from outside the city, and its decision.
fn train(number: u32, arrival: &str) -> String {
    let facts = format!(
        "facts+=[name=arrival value=date:{arrival}] facts+=[name=passengers value=count:300] facts+=[name=paid_sights value=count:2] facts+=[name=days value=count:2] facts+=[name=nights value=count:1] facts+=[name=origin value=word:outside-city]"
    );
    format!(
        "given application.submit application=A-{number} enterprise=91411702MA70000188 measure=T12.1 applied_on={arrival} {facts} evidence+=[kind=tickets key=train:G100{number}:{arrival} date={arrival} amount=0.00]\nwhen  application.decide application=A-{number}\n"
    )
}

#[test]
fn trains_counted_by_the_calendar_count_in_the_rolling_year() {
    let line = |year: u32| {
        format!(
            "given budget.allocate line=L-{year} treasury=411700000 year=#{year} document=示例财预1号 measures+=T12.1 amount=60000000.00\n"
        )
    };
    let before = [
        "on 2026-12-31T09:00:00\n",
        &line(2026),
        &line(2027),
        "given enterprise.register code=91411702MA70000188 name=示例旅行社有限公司 treasury=411702000\n",
        &train(1, "2026-01-20"),
        "then  award.proposed amount=30000.00\n",
        &train(2, "2026-11-10"),
        "then  award.proposed amount=30000.00\n",
    ]
    .concat();
    let after = [
        "on 2027-02-20T09:00:00\n",
        // The second in the twelve months: the train of January 2026 is too long ago.
        &train(3, "2027-02-10"),
        "then  award.proposed amount=30000.00\n",
        // The third.
        &train(4, "2027-02-11"),
        "then  award.proposed amount=50000.00\n",
    ]
    .concat();
    staged::played(&mut Library::new(), &[(&shipped(), &before), (&rolling(), &after)]);
}

//! What an interpretation that is answered otherwise does to awards that stand: they count as before, whatever counter
//! they were counted under, and what is only noted is not asked for.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop where it is")]

use grants_policy::{Library, shipped};
use std::collections::BTreeMap;

mod staged; // two catalogues, one after the other

/// The shipped files with another answer of an interpretation from a day on.
fn answered(id: &str, option: &str, from: &str) -> BTreeMap<String, String> {
    let mut files = shipped();
    let text = files.get_mut("interpretations.toml").unwrap();
    let begin = text.find(&format!("id = \"{id}\"")).unwrap();
    let dated = begin + text.get(begin..).unwrap().find("dated = [").unwrap();
    let end = dated + text.get(dated..).unwrap().find("}]").unwrap() + 1;
    text.insert_str(end, &format!(", {{ from = {from}, value = \"{option}\", source = \"示例口径文件\" }}"));
    files
}

/// Plays a story under the shipped catalogue, and goes on with another under one that answers otherwise.
fn plays(before: &str, id: &str, option: &str, from: &str, after: &str) {
    staged::played(&mut Library::new(), &[(&shipped(), before), (&answered(id, option, from), after)]);
}

/// An enterprise that has all that it may get, from an invoice of 2025.
const CAP_REACHED: &str = "
on 2026-03-02T09:00:00
given budget.allocate line=L-1 treasury=411702000 year=#2026 document=示例财预〔2026〕1号 measures+=E4.1 amount=60000000.00
given enterprise.register code=91411702MA70000188 name=示例智能传感有限公司 treasury=411702000 industry=sensors
given project.register project=[code=2403-411702-04-01-700001 enterprise=91411702MA70000188 name=示例生产线 treasury=411702000 total_investment=300000000.00 validity=2024-01-01/2026-12-31 in_statistics=yes]
given application.submit application=A-1 enterprise=91411702MA70000188 project=2403-411702-04-01-700001 measure=E4.1 applied_on=2026-03-02 evidence+=[kind=invoice key=digital:24410000000000000001 date=2025-09-01 amount=200000000.00]
given application.decide application=A-1
then  award.proposed amount=10000000.00
";

#[test]
fn a_cap_over_another_time_counts_what_stood_before() {
    let after = "
on 2026-06-01T09:00:00
given application.submit application=A-2 enterprise=91411702MA70000188 project=2403-411702-04-01-700001 measure=E4.1 applied_on=2026-06-01 evidence+=[kind=invoice key=digital:24410000000000000002 date=2025-10-01 amount=20000000.00]
when  application.decide application=A-2
then  application.rejected refused.code=cap-exhausted
given application.submit application=A-3 enterprise=91411702MA70000188 project=2403-411702-04-01-700001 measure=E4.1 applied_on=2026-06-01 evidence+=[kind=invoice key=digital:24410000000000000003 date=2026-02-01 amount=20000000.00]
when  application.decide application=A-3
then  award.proposed amount=1000000.00
";
    plays(CAP_REACHED, "K-14", "calendar-year", "2026-05-01", after);
}

/// The same under a new code: what the old code has used goes along, under whichever answer it was used.
#[test]
fn a_new_code_brings_along_what_was_counted_otherwise() {
    let after = "
on 2026-06-01T09:00:00
given enterprise.change_code enterprise=91411702MA70000188 code=91411702MA000100X4 on=2026-06-01 document=示例准变〔2026〕1号
given project.register project=[code=2403-411702-04-01-700002 enterprise=91411702MA000100X4 name=示例生产线 treasury=411702000 total_investment=300000000.00 validity=2024-01-01/2026-12-31 in_statistics=yes]
given application.submit application=A-2 enterprise=91411702MA000100X4 project=2403-411702-04-01-700002 measure=E4.1 applied_on=2026-06-01 evidence+=[kind=invoice key=digital:24410000000000000002 date=2025-10-01 amount=20000000.00]
when  application.decide application=A-2
then  application.rejected refused.code=cap-exhausted
";
    plays(CAP_REACHED, "K-14", "calendar-year", "2026-05-01", after);
}

/// The same of whoever was split off: what was used until then goes along, and what the old one gets later does not.
#[test]
fn who_was_split_off_brings_along_what_was_counted_otherwise_before() {
    let split = "given enterprise.register code=91411729MA40ABCD1H name=示例分出有限公司 treasury=411702000 industry=sensors
given enterprise.split enterprise=91411702MA70000188 into+=91411729MA40ABCD1H on=2026-03-02 document=示例分立公告
";
    let asks = |then: &str| {
        format!(
            "
on 2026-06-01T09:00:00
given project.register project=[code=2403-411702-04-01-700002 enterprise=91411729MA40ABCD1H name=示例生产线 treasury=411702000 total_investment=300000000.00 validity=2024-01-01/2026-12-31 in_statistics=yes]
given application.submit application=A-2 enterprise=91411729MA40ABCD1H project=2403-411702-04-01-700002 measure=E4.1 applied_on=2026-06-01 evidence+=[kind=invoice key=digital:24410000000000000002 date=2025-10-01 amount=20000000.00]
when  application.decide application=A-2
then  {then}
"
        )
    };
    let before = format!("{CAP_REACHED}{split}");
    let after = asks("application.rejected refused.code=cap-exhausted");
    plays(&before, "K-14", "calendar-year", "2026-05-01", &after);
    let place = CAP_REACHED.find("given application.submit").unwrap();
    let (ground, award) = CAP_REACHED.split_at(place);
    let before = format!("{ground}{split}{award}");
    plays(&before, "K-14", "calendar-year", "2026-05-01", &asks("award.proposed amount=1000000.00"));
}

/// An application for a train of 200.
fn train(number: u32, day: &str) -> String {
    let facts = [
        format!("arrival value=date:{day}"),
        "passengers value=count:200".to_owned(),
        "paid_sights value=count:2".to_owned(),
        "days value=count:2".to_owned(),
        "nights value=count:1".to_owned(),
        "origin value=word:outside-city".to_owned(),
    ];
    let facts: String = facts.iter().map(|fact| format!(" facts+=[name={fact}]")).collect();
    format!(
        "given application.submit application=A-{number} enterprise=91410100MA7000042G measure=T12.1 applied_on={day}{facts} evidence+=[kind=tickets key=train:G100{number}:{day} date={day} amount=0.00]\nwhen  application.decide application=A-{number}\n"
    )
}

#[test]
fn trains_that_were_counted_together_still_count_each_among_its_kind() {
    let before = format!(
        "
on 2026-04-20T09:00:00
given budget.allocate line=L-1 treasury=411700000 year=#2026 document=示例财预〔2026〕1号 measures+=T12.1 measures+=T12.2 amount=2000000.00
given enterprise.register code=91410100MA7000042G name=示例外地组团旅行社 treasury=411700000
{}then  award.proposed amount=20000.00
{}then  award.proposed amount=20000.00
",
        train(1, "2026-04-04"),
        train(2, "2026-04-11")
    );
    let third = train(3, "2026-06-06");
    let after = format!("on 2026-06-08T09:00:00\n{third}then  award.proposed amount=40000.00\n");
    plays(&before, "K-27b", "separate", "2026-05-01", &after);
}

#[test]
fn without_the_ceiling_nobody_is_asked_for_the_interest_that_was_paid() {
    let before = "
on 2028-03-02T09:00:00
given budget.allocate line=L-1 treasury=411721000 year=#2028 document=示例财预〔2028〕1号 measures+=E4.2 amount=30000000.00
given rate.publish name=lpr-1y published_on=2024-10-21 rate=3.10% source=示例公布
given enterprise.register code=91411721MA7000026K name=示例半导体有限公司 treasury=411721000 industry=semiconductors
given project.register project=[code=2403-411721-04-01-700011 enterprise=91411721MA7000026K name=示例封装生产线 treasury=411721000 total_investment=300000000.00 validity=2024-01-01/2026-12-31 in_statistics=yes]
given application.submit application=A-1 enterprise=91411721MA7000026K project=2403-411721-04-01-700011 measure=E4.2 applied_on=2028-03-02 evidence+=[kind=loan key=loan:DK1 date=2025-01-01 until=2029-01-01 amount=36000000.00] evidence+=[kind=balance key=balance:DK-1/1 date=2025-02-01 until=2025-02-02 amount=36000000.00]
when  application.decide application=A-1
then  refused fact-missing fact=interest_paid
";
    let after = "
on 2028-06-01T09:00:00
given application.submit application=A-2 enterprise=91411721MA7000026K project=2403-411721-04-01-700011 measure=E4.2 applied_on=2028-06-01 evidence+=[kind=loan key=loan:DK1 date=2025-01-01 until=2029-01-01 amount=36000000.00] evidence+=[kind=balance key=balance:DK-1/2 date=2025-02-01 until=2025-02-02 amount=36000000.00]
when  application.decide application=A-2
then  award.proposed amount=1085.00
";
    plays(before, "K-18b", "none", "2028-05-01", after);
}

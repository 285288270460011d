//! A clause that counts the group, the linked projects, or only what was bought of others: the shipped E4.1 and T1 with
//! one word changed (A-01, A-03, I-04). Under the shipped words the same stories are in `tests/scenarios/policy`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop where it is"
)]

use grants_domain::trace::StepKind;
use grants_policy::shipped;

mod proposed; // the awards of a story

/// Plays a story under the shipped catalogue with some words replaced; every finding that a decision told.
fn plays(changes: &[(&str, &str, &str)], story: &str) -> Vec<String> {
    let mut files = shipped();
    for (file, old, new) in changes {
        let text = files.get_mut(*file).unwrap();
        assert_eq!(text.matches(old).count(), 1, "{old} in {file}");
        *text = text.replace(old, new);
    }
    let mut told = Vec::new();
    for award in proposed::under(&files, story) {
        let findings = award.trace.steps.iter().filter(|step| step.kind == StepKind::Finding);
        told.extend(findings.map(|step| format!("{} {}", award.application, step.rule)));
    }
    told
}

const GROUP: (&str, &str, &str) = (
    "measures/e4-1.toml",
    "limit = \"enterprise-limit\"\nscope = \"enterprise\"",
    "limit = \"enterprise-limit\"\nscope = \"group\"",
);
const LINKED: (&str, &str, &str) = (
    "measures/t1.toml",
    "limit = \"project-limit\"\nscope = \"project\"",
    "limit = \"project-limit\"\nscope = \"linked-projects\"",
);
const TOTAL: (&str, &str, &str) = (
    "measures/e4-1.toml",
    "unit = \"元\"\nfrom = [\"project\"]\ntitle = { zh = \"项目总投资\"",
    "unit = \"元\"\nfrom = [\"linked-projects\"]\ntitle = { zh = \"项目总投资\"",
);
const SELLERS: (&str, &str, &str) = (
    "measures/e4-1.toml",
    "within = [\"term\", \"validity\"]",
    "within = [\"term\", \"validity\"]\nsellers = \"not-affiliates\"",
);

/// Two enterprises in two counties with a project each, a firm that sells, and money.
const GROUND: &str = "
on 2026-03-02T09:00:00
given budget.allocate line=L-1 treasury=411702000 year=#2026 document=示例财预〔2026〕1号 measures+=E4.1 measures+=T1 amount=60000000.00
given budget.allocate line=L-2 treasury=411721000 year=#2026 document=示例财预〔2026〕2号 measures+=E4.1 amount=60000000.00
given enterprise.register code=91411702MA70000188 name=示例智能传感有限公司 treasury=411702000 industry=sensors
given enterprise.register code=91411721MA40ABCD1X name=示例传感器件有限公司 treasury=411721000 industry=sensors
given enterprise.register code=91411729MA40ABCD1H name=示例设备销售有限公司 treasury=411702000
given project.register project=[code=2403-411702-04-01-700001 enterprise=91411702MA70000188 name=示例生产线 treasury=411702000 total_investment=300000000.00 validity=2024-01-01/2026-12-31 in_statistics=yes]
given project.register project=[code=2403-411721-04-01-700002 enterprise=91411721MA40ABCD1X name=示例生产线二 treasury=411721000 total_investment=300000000.00 validity=2024-01-01/2026-12-31 in_statistics=yes]
";

fn related(from: &str) -> String {
    format!(
        "given enterprise.affiliate enterprise=91411702MA70000188 other=91411721MA40ABCD1X kind=control from={from} basis=示例年报 as registrar:wang\n"
    )
}

/// An application of the first or the second enterprise with one invoice, and its decision.
fn asks(number: u32, first: bool, amount: &str, more: &str) -> String {
    let (enterprise, project) = match first {
        true => ("91411702MA70000188", "2403-411702-04-01-700001"),
        false => ("91411721MA40ABCD1X", "2403-411721-04-01-700002"),
    };
    format!(
        "given application.submit application=A-{number} enterprise={enterprise} project={project} measure=E4.1 applied_on=2026-03-02 evidence+=[kind=invoice key=digital:2441000000000000000{number} date=2025-09-01 amount={amount}{more}]\nwhen  application.decide application=A-{number}\n"
    )
}

#[test]
fn a_cap_of_the_group_counts_its_affiliates_to_the_last_fen() {
    // What is left is one 分 more than asked, the same, and one 分 less.
    for (asked, due, cut) in [
        ("39999999.80", "1999999.99", "no"),
        ("40000000.00", "2000000.00", "no"),
        ("40000000.20", "2000000.00", "yes"),
    ] {
        let story = [
            GROUND,
            &related("2023-01-01"),
            &asks(1, true, "160000000.00", ""),
            "then  award.proposed amount=8000000.00 trace.caps[0].used=0.00\n",
            &asks(2, false, asked, ""),
            &format!(
                "then  award.proposed amount={due} trace.caps[0].used=8000000.00 trace.caps[0].carried=8000000.00 trace.caps[0].cut={cut}\n"
            ),
        ];
        assert_eq!(plays(&[GROUP], &story.concat()), Vec::<String>::new(), "{asked}");
    }
}

#[test]
fn who_has_used_the_room_of_the_group_leaves_nothing() {
    let story = [
        GROUND,
        &related("2023-01-01"),
        &asks(1, true, "200000000.00", ""),
        "then  award.proposed amount=10000000.00\n",
        &asks(2, false, "1000.00", ""),
        "then  application.rejected refused.code=cap-exhausted refused.rule=E4.1.enterprise\n",
    ];
    plays(&[GROUP], &story.concat());
}

/// The group is that of the governing day, and of what was known at the decision.
#[test]
fn the_days_of_a_relation_decide_and_what_came_later_takes_nothing_back() {
    // The governing day of E4.1 is that of the invoice, 2025-09-01.
    for (from, used) in [("2025-09-01", "8000000.00"), ("2025-09-02", "0.00")] {
        let story = [
            GROUND,
            &related(from),
            &asks(1, true, "160000000.00", ""),
            &asks(2, false, "1000000.00", ""),
            &format!("then  award.proposed amount=50000.00 trace.caps[0].used={used}\n"),
        ];
        plays(&[GROUP], &story.concat());
    }
    let story = [
        GROUND,
        &asks(1, true, "160000000.00", ""),
        &asks(2, false, "160000000.00", ""),
        "then  award.proposed amount=8000000.00\n",
        &related("2023-01-01"),
        "then  no award.reduced\nthen  no award.revoked\n",
        &asks(3, true, "1000.00", ""),
        "then  application.rejected refused.code=cap-exhausted\n",
        "when  enterprise.disaffiliate enterprise=91411721MA40ABCD1X other=91411702MA70000188 kind=control reason=登记错误 as approver:li\n",
        "then  enterprise.disaffiliated\n",
        &asks(4, true, "1000.00", ""),
        "then  award.proposed amount=50.00 trace.caps[0].used=8000000.00\n",
    ];
    plays(&[GROUP], &story.concat());
}

/// Whoever comes out of a member by a new code or a merger is in the group, and counts once.
#[test]
fn a_group_follows_its_members_through_their_changes() {
    let story = [
        GROUND,
        &related("2023-01-01"),
        &asks(2, false, "60000000.00", ""),
        "then  award.proposed amount=3000000.00\n",
        "given enterprise.change_code enterprise=91411721MA40ABCD1X code=91411702MA000100X4 on=2026-03-01 document=示例准变〔2026〕1号\n",
        &asks(1, true, "200000000.00", ""),
        "then  award.proposed amount=7000000.00 trace.caps[0].used=3000000.00 trace.caps[0].carried=3000000.00\n",
    ];
    plays(&[GROUP], &story.concat());
}

#[test]
fn under_the_shipped_cap_of_one_enterprise_it_is_told_and_not_counted() {
    let story = [
        GROUND,
        &related("2023-01-01"),
        &asks(1, true, "160000000.00", ""),
        &asks(2, false, "160000000.00", ""),
        "then  award.proposed amount=8000000.00 trace.caps[0].used=0.00\n",
    ];
    assert_eq!(plays(&[], &story.concat()), ["A-2 E4.1.enterprise"]);
}

const PARTS: [&str; 3] = ["2403-411702-04-01-700001", "2403-411702-04-01-700004", "2403-411702-04-01-700005"];

fn parts(total: &str) -> String {
    let more = PARTS[1..].iter().map(|code| {
        format!("given project.register project=[code={code} enterprise=91411702MA70000188 name=示例部分 treasury=411702000 total_investment={total} validity=2024-01-01/2026-12-31 in_statistics=yes]\n")
    });
    let linked = PARTS.windows(2).map(|pair| {
        format!("given project.link project={} other={} basis=示例核查 as registrar:wang\n", pair[0], pair[1])
    });
    more.chain(linked).collect()
}

#[test]
fn a_cap_of_linked_projects_counts_all_of_them() {
    let facts: String = PARTS
        .iter()
        .flat_map(|code| {
            [("format", "word:night-tour"), ("built", "flag:yes"), ("operating", "flag:yes")].map(|(name, value)| {
                format!("given fact.record subject=project:{code} name={name} value={value} on=2025-12-31 source=示例认定\n")
            })
        })
        .collect();
    let ask = |number: u32, project: &str| {
        format!(
            "given application.submit application=A-{number} enterprise=91411702MA70000188 project={project} measure=T1 applied_on=2026-03-02\nwhen  application.decide application=A-{number}\n"
        )
    };
    let story = [
        GROUND,
        &parts("20000000.00"),
        &facts,
        &ask(1, PARTS[1]),
        "then  award.proposed amount=1000000.00 trace.caps[0].used=0.00\n",
        &ask(2, PARTS[2]),
        "then  award.proposed amount=500000.00 trace.caps[0].used=1000000.00 trace.caps[0].cut=yes\n",
        &ask(3, PARTS[0]),
        "then  application.rejected refused.code=cap-exhausted\n",
        "when  project.unlink project=2403-411702-04-01-700004 other=2403-411702-04-01-700001 reason=登记错误 as approver:li\n",
        "then  project.unlinked\n",
    ];
    assert_eq!(plays(&[LINKED], &story.concat()), Vec::<String>::new());
}

/// Three parts, each below the threshold of fifty million, and the last 分 of their sum.
#[test]
fn a_threshold_of_linked_projects_is_met_together() {
    for (total, outcome) in [
        ("24999999.99", "application.rejected refused.code=condition-not-met refused.rule=E4.1.total"),
        ("25000000.00", "award.proposed amount=50.00"),
        ("25000000.01", "award.proposed amount=50.00"),
    ] {
        let ground = GROUND.replacen("total_investment=300000000.00", "total_investment=0.01", 1);
        let ground = ground.replacen("total_investment=0.01", "total_investment=0.00", 1);
        let story =
            [ground.as_str(), &parts(total), &asks(1, true, "1000.00", ""), &format!("then  {outcome}\n")];
        plays(&[TOTAL], &story.concat());
    }
}

#[test]
fn what_was_bought_of_an_affiliate_does_not_count_where_the_clause_says_so() {
    let of_seller = " seller=91411729MA40ABCD1H";
    let story = [
        GROUND,
        &asks(1, true, "1000000.00", of_seller),
        "then  award.proposed amount=50000.00\n",
        // A relation that comes to light later takes away what rested on it.
        "when  enterprise.affiliate enterprise=91411729MA40ABCD1H other=91411702MA70000188 kind=kin from=2025-01-01 until=2025-09-01 basis=示例核查 as registrar:wang\n",
        "then  award.revoked\n",
        &asks(2, true, "1000000.00", of_seller),
        "then  application.rejected\n",
        // Once it is said to have ended before, it counts again.
        "when  enterprise.disaffiliate enterprise=91411702MA70000188 other=91411729MA40ABCD1H kind=kin until=2025-08-31 reason=示例核查 as approver:li\n",
        &asks(3, true, "1000000.00", of_seller),
        "then  award.proposed amount=50000.00\n",
    ];
    assert_eq!(plays(&[SELLERS], &story.concat()), Vec::<String>::new());
}

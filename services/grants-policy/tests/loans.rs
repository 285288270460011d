//! Loans and their balances where they turn: days that touch, how many balances one application names, and a balance of
//! nothing.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop where it is")]

use grants_domain::{
    award::AwardProposed,
    trace::{Step, StepKind},
    values::Date,
};
use grants_policy::shipped;

mod proposed; // the awards of a story

fn plays(story: &str) -> Vec<AwardProposed> {
    proposed::under(&shipped(), story)
}

/// A loan of 36,000,000.00 with these balances, each from a day, before another, and of an amount; and the decision.
fn loan(balances: &[(Date, Date, &str)]) -> String {
    let pieces = balances.iter().zip(1..).map(|((from, until, amount), number)| {
        format!(
            " evidence+=[kind=balance key=balance:DK-1/{number} date={from} until={until} amount={amount}]"
        )
    });
    format!(
        "
on 2026-03-02T09:00:00
given budget.allocate line=L-1 treasury=411702000 year=#2026 document=示例财预〔2026〕1号 measures+=E4.2 amount=30000000.00
given rate.publish name=lpr-1y published_on=2024-10-21 rate=3.10% source=示例公布
given enterprise.register code=91411702MA70000188 name=示例智能传感有限公司 treasury=411702000 industry=sensors
given project.register project=[code=2403-411702-04-01-700001 enterprise=91411702MA70000188 name=示例生产线 treasury=411702000 total_investment=300000000.00 validity=2024-01-01/2026-12-31 in_statistics=yes]
given application.submit application=A-1 enterprise=91411702MA70000188 project=2403-411702-04-01-700001 measure=E4.2 applied_on=2026-03-02 facts+=[name=interest_paid value=money:20000000.00] evidence+=[kind=loan key=loan:DK1 date=2025-01-01 until=2029-01-01 amount=36000000.00]{}
when  application.decide application=A-1
",
        pieces.collect::<String>()
    )
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn interest(award: &AwardProposed) -> &Step {
    award.trace.steps.iter().find(|step| step.kind == StepKind::Interest).unwrap()
}

const ALL: &str = "36000000.00";

#[test]
fn balances_may_touch_and_not_overlap() {
    let two = |second: &str| {
        loan(&[(day("2025-01-01"), day("2025-02-01"), ALL), (day(second), day("2025-03-01"), ALL)])
    };
    // 59 days of 1,085.00.
    let awards = plays(&format!("{}then  award.proposed amount=64015.00\n", two("2025-02-01")));
    let balances = interest(&awards[0]).inputs.iter().filter(|input| input.name.as_str() == "balance");
    let keys: Vec<_> = balances.map(|input| input.evidence.as_ref().unwrap().to_string()).collect();
    assert_eq!(keys, ["balance:DK-1/1", "balance:DK-1/2"]);
    // Days that follow each other are one span: one of the project, and one of the loan.
    let spans: Vec<_> = awards[0].trace.tallies.iter().map(|one| (one.count, one.first, one.last)).collect();
    assert_eq!(spans, [(59, Some(day("2025-01-01")), Some(day("2025-02-28"))); 2]);
    let apart = plays(&format!("{}then  award.proposed amount=62930.00\n", two("2025-02-02")));
    assert_eq!(apart[0].trace.tallies.len(), 3);
    plays(&format!("{}then  application.rejected refused.code=condition-not-met\n", two("2025-01-31")));
}

#[test]
fn an_application_names_two_hundred_balances() {
    let daily = |days: i32| {
        let first = day("2025-01-01");
        let of = |number| (first.add_days(number).unwrap(), first.add_days(number + 1).unwrap(), ALL);
        loan(&(0..days).map(of).collect::<Vec<_>>())
    };
    // 200 days of 1,085.00.
    plays(&format!("{}then  award.proposed amount=217000.00\n", daily(200)));
    plays(&format!("{}then  refused out-of-range limit=200\n", daily(201)));
}

/// The first day on which something was owed governs.
#[test]
fn a_balance_of_nothing_does_not_govern() {
    let story = |first: &str| {
        loan(&[(day("2025-01-01"), day("2025-02-01"), first), (day("2025-02-01"), day("2025-03-01"), ALL)])
    };
    for (first, governing) in [("0.00", "2025-02-01"), ("0.01", "2025-01-01")] {
        let awards = plays(&story(first));
        assert_eq!(awards[0].trace.governing, day(governing), "{first}");
    }
}

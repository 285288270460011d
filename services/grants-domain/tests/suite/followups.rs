//! A fact that reaches more awards than one command may look at: the rest waits, unpayable, and is worked off.

use crate::{
    books,
    histories::ENTERPRISES,
    limits::code,
    world::{World, command},
};
use grants_domain::{
    events::Event,
    followup::CONSEQUENCES_MAX,
    ids::AwardId,
    state::{get, list},
    tables::{Awards, Due},
};

const CODE: &str = ENTERPRISES[1].0;

/// An enterprise with confirmed awards of 10.00 each.
fn with_awards(count: usize) -> (World, Vec<AwardId>) {
    let mut world = World::new("1000.00");
    let payee = r#"{"name":"示例有限公司","account":"622200000000007001","bank":"102521000335"}"#;
    world.ok(
        "enterprise.register",
        &format!(r#"{{"code":"{CODE}","name":"示例有限公司","treasury":"411702000","payee":{payee}}}"#),
    );
    world.ok(
        "budget.allocate",
        r#"{"line":"L-1","treasury":"411702000","year":2025,"document":"示例财预1号","measures":["plain"],"amount":"5000.00"}"#,
    );
    let awards = (0..count).map(|number| confirmed(&mut world, number)).collect();
    (world, awards)
}

fn confirmed(world: &mut World, number: usize) -> AwardId {
    let facts = r#"[{"name":"amount","value":"money:10.00"}]"#;
    world.ok(
        "application.submit",
        &format!(
            r#"{{"application":"A-{number}","enterprise":"{CODE}","measure":"plain","applied_on":"2025-01-01","facts":{facts}}}"#
        ),
    );
    let events = world.ok("application.decide", &format!(r#"{{"application":"A-{number}"}}"#));
    let Some(Event::AwardProposed(fact)) = events.first() else { panic!("{events:?}") };
    world.ok("award.confirm", &format!(r#"{{"award":"{}"}}"#, fact.award));
    fact.award
}

fn ceiling(world: &mut World, amount: &str) -> Vec<Event> {
    let fields = format!(
        r#"{{"subject":"enterprise:{CODE}","name":"ceiling","value":"money:{amount}","on":"2025-01-01","source":"审计决定"}}"#
    );
    world.ok("fact.record", &fields)
}

#[test]
fn i_14_an_award_that_a_fact_has_not_reached_yet_is_not_paid() {
    let (mut world, awards) = with_awards(CONSEQUENCES_MAX + 3);
    let events = ceiling(&mut world, "6.00");
    let reduced = events.iter().filter(|event| event.word() == "award.reduced").count();
    assert_eq!(reduced, CONSEQUENCES_MAX);
    let deferred: Vec<_> = events.iter().filter(|event| event.word() == "followup.deferred").collect();
    let [Event::FollowUpDeferred(deferred)] = deferred[..] else { panic!("{deferred:?}") };
    assert_eq!(deferred.next, awards[CONSEQUENCES_MAX]);

    let instruct = |award: AwardId| format!(r#"{{"award":"{award}"}}"#);
    world.ok("payment.instruct", &instruct(awards[CONSEQUENCES_MAX - 1]));
    for waiting in &awards[CONSEQUENCES_MAX..] {
        assert_eq!(world.no("payment.instruct", &instruct(*waiting)), "award-under-review");
    }

    assert_eq!(world.drain(), 1);
    for award in &awards {
        assert_eq!(get::<Awards>(&world.state, award).unwrap().amount.to_string(), "6.00");
    }
    let events = world.ok("payment.instruct", &instruct(awards[CONSEQUENCES_MAX]));
    assert_eq!(events[0].word(), "payment.instructed");
    books::balance(&world.state);
}

#[test]
fn work_left_over_by_two_facts_is_done_for_both() {
    let (mut world, awards) = with_awards(2 * CONSEQUENCES_MAX + 1);
    ceiling(&mut world, "6.00");
    ceiling(&mut world, "4.00");
    assert_eq!(list::<Due>(&world.state, &(), 10).len(), 2);
    assert_eq!(world.drain(), 4);
    for award in &awards {
        assert_eq!(get::<Awards>(&world.state, award).unwrap().amount.to_string(), "4.00");
    }
    assert!(list::<Due>(&world.state, &(), 1).is_empty());
    assert!(world.state == world.folded);
}

#[test]
fn a_queue_longer_than_one_command_is_served_to_its_end() {
    let (mut world, _) = with_awards(0);
    world
        .ok("budget.adjust", r#"{"line":"L-1","direction":"decrease","amount":"5000.00","document":"调减"}"#);
    let count = CONSEQUENCES_MAX + 10;
    for number in 0..count {
        let facts = r#"[{"name":"amount","value":"money:10.00"}]"#;
        world.ok(
            "application.submit",
            &format!(
                r#"{{"application":"A-{number}","enterprise":"{CODE}","measure":"plain","applied_on":"2025-01-01","facts":{facts}}}"#
            ),
        );
        let events = world.ok("application.decide", &format!(r#"{{"application":"A-{number}"}}"#));
        let Some(Event::AwardQueued(fact)) = events.last() else { panic!("{events:?}") };
        assert_eq!(fact.position, u64::try_from(number).unwrap() + 1);
    }
    let raise = r#"{"line":"L-1","direction":"increase","amount":"5000.00","document":"追加"}"#;
    let events = world.ok("budget.adjust", raise);
    assert_eq!(events.iter().filter(|event| event.word() == "award.dequeued").count(), CONSEQUENCES_MAX);
    assert_eq!(world.drain(), 1);
    books::balance(&world.state);
    assert_eq!(world.no("followup.continue", r#"{"subject":"L-1","cause":1}"#), "nothing-due-to-continue");
}

/// The system alone goes on with work: whoever else asks is refused, and the work stays.
#[test]
fn nobody_but_the_ledger_goes_on_with_its_work() {
    let (mut world, _) = with_awards(CONSEQUENCES_MAX + 1);
    let events = ceiling(&mut world, "6.00");
    let Some(Event::FollowUpDeferred(fact)) = events.iter().find(|event| event.word() == "followup.deferred")
    else {
        panic!("nothing was deferred")
    };
    let ask =
        command("followup.continue", &format!(r#"{{"subject":"{}","cause":{}}}"#, fact.subject, fact.cause));
    let clerk = grants_domain::testing::actor(grants_domain::context::Role::Finance, "finance-1");
    let executed = world.give(&ask, Some(clerk));
    assert_eq!(executed.answer.refused.unwrap().code.word(), "role-not-allowed");
    assert_eq!(world.drain(), 1);
}

/// Rises that wait for a budget line are served in their order when its money comes, however many they are (K-15, I-25).
#[test]
fn rises_that_wait_for_more_than_one_command_are_all_served_in_order() {
    let (mut world, _) = with_awards(0);
    let count = CONSEQUENCES_MAX + 5;
    let line = |name: &str, year: u32, amount: usize| {
        format!(
            r#"{{"line":"{name}","treasury":"411702000","year":{year},"document":"示例财预2号","measures":["caprevives"],"amount":"{amount}.00"}}"#
        )
    };
    world.ok("budget.allocate", &line("L-2", 2025, 900 * count));
    world.ok("budget.allocate", &line("L-3", 2026, 100 * count));
    let decided = |world: &mut World, name: String, code: &str, amount: &str| {
        let facts = format!(r#"[{{"name":"amount","value":"money:{amount}"}}]"#);
        let fields = format!(
            r#"{{"application":"{name}","enterprise":"{code}","measure":"caprevives","applied_on":"2025-01-01","facts":{facts}}}"#
        );
        world.ok("application.submit", &fields);
        let events = world.ok("application.decide", &format!(r#"{{"application":"{name}"}}"#));
        let Some(Event::AwardProposed(fact)) = events.first() else { panic!("{events:?}") };
        fact.award
    };
    let codes: Vec<String> = (0..count).map(code).collect();
    let mut first = Vec::new();
    for (number, code) in codes.iter().enumerate() {
        let fields = format!(r#"{{"code":"{code}","name":"示例有限公司","treasury":"411702000"}}"#);
        world.ok("enterprise.register", &fields);
        first.push(decided(&mut world, format!("A-{number}"), code, "900.00"));
    }
    world.clock = "2026-01-05T09:00:00.000000+08:00".parse().unwrap();
    let cut: Vec<AwardId> = (0..count)
        .map(|number| decided(&mut world, format!("B-{number}"), &codes[number], "500.00"))
        .collect();
    // Room returns to the last first: the order is that of the awards all the same.
    for award in first.iter().rev() {
        let fields = format!(r#"{{"award":"{award}","to":"800.00","reason":"更正"}}"#);
        let events = world.ok("award.reduce", &fields);
        assert_eq!(events.last().unwrap().word(), "award.raise_delayed");
    }
    let more =
        format!(r#"{{"line":"L-3","direction":"increase","amount":"{}.00","document":"追加"}}"#, 100 * count);
    let mut events = world.ok("budget.adjust", &more);
    assert_eq!(list::<Due>(&world.state, &(), 10).len(), 1);
    while let Some((key, _)) = list::<Due>(&world.state, &(), 1).pop() {
        let subject = std::str::from_utf8(&key[..key.len() - 9]).unwrap();
        let cause = u64::from_be_bytes(key[key.len() - 8..].try_into().unwrap());
        let fields = format!(r#"{{"subject":"{subject}","cause":{cause}}}"#);
        events.extend(world.ok("followup.continue", &fields));
    }
    let raised = events.iter().filter_map(|event| match event {
        Event::AwardRaised(fact) => Some(fact.award),
        _ => None,
    });
    assert_eq!(raised.collect::<Vec<_>>(), cut);
    books::balance(&world.state);
    assert!(world.state == world.folded);
}

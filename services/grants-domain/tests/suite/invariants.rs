//! The invariants of the house by number, each with the stories that would break if it did. Those that only random
//! histories can hold are in `histories.rs`, `followups.rs`, `roles.rs` and `wire.rs`, under the same numbers.

use crate::{
    books, play,
    world::{World, command},
};
use grants_domain::{
    asked::command_hash,
    events::Event,
    ledger::{self, Earlier},
    scenario::Played,
    testing,
    values::{Exact, Fen},
};

fn hold(stories: &[&str]) -> Vec<Played> {
    let played =
        stories.iter().map(|name| play::story(name).unwrap_or_else(|fault| panic!("{name}: {fault}")));
    played.flatten().collect()
}

fn events(played: &[Played]) -> impl Iterator<Item = &Event> {
    played.iter().flat_map(|one| &one.events)
}

#[test]
fn i_01_money_is_counted_in_whole_fen() {
    for text in ["0.1e1", "1.005", "-1.00", "NaN", "1,000.00", "１.00", "10000000000000.00"] {
        assert!(text.parse::<Fen>().is_err(), "{text}");
    }
    assert_eq!(Fen::MAX.checked_add(Fen::new(1).unwrap()), None);
    assert_eq!(Fen::ZERO.checked_sub(Fen::new(1).unwrap()), None);
    // A-33: what is not a whole number of 分 stays exact until the clause rounds it.
    let exact = Exact::from("199999999.99".parse::<Fen>().unwrap());
    assert_eq!(exact.floor().unwrap().to_string(), "199999999.99");
}

#[test]
fn i_04_i_05_decisions_over_one_cap_are_taken_in_turn() {
    hold(&["cap-in-turn", "cap-lowered"]);
}

#[test]
fn i_05_i_25_a_queue_is_served_in_its_order() {
    hold(&["queue", "reduced-in-the-queue", "queue-refused"]);
}

#[test]
fn i_06_an_invoice_is_used_up_once() {
    hold(&["invoice-once", "application.submit"]);
}

#[test]
fn i_07_another_level_is_looked_up_and_never_asked_of_the_applicant() {
    hold(&["province-first", "province-after-payment"]);
}

#[test]
fn i_08_a_decision_pins_version_and_trace() {
    for event in events(&hold(&["cap-lowered", "life", "queue"])) {
        if let Event::AwardProposed(fact) = event {
            assert_eq!(fact.trace.version, 1, "decided before the second version");
            assert_eq!(fact.trace.measure, fact.measure);
        }
    }
}

#[test]
fn i_11_four_eyes_and_more() {
    hold(&["application.decide", "award.confirm", "award.reduce", "award.revoke", "payment.instruct"]);
    hold(&["enterprise.unlink"]);
}

#[test]
fn i_12_same_id_same_content_same_answer() {
    hold(&["same-command-twice"]);
    let mut world = World::new("1000.00");
    let ask = command(
        "rate.publish",
        r#"{"name":"LPR-1Y","published_on":"2024-05-20","rate":"0.0345","source":"公告"}"#,
    );
    let sequence = world.sequence;
    world.give(&ask, None);
    let other = command(
        "rate.publish",
        r#"{"name":"LPR-1Y","published_on":"2024-05-20","rate":"0.0355","source":"公告"}"#,
    );
    let id = testing::id("told-4");
    let Earlier::Same(answer) = ledger::earlier(&world.state, id, command_hash(&ask)) else {
        panic!("the command is forgotten")
    };
    assert_eq!((answer.sequence, answer.events), (sequence, 1));
    assert_eq!(ledger::earlier(&world.state, id, command_hash(&other)), Earlier::Conflict);
    assert_eq!(ledger::earlier(&world.state, testing::id("new"), command_hash(&ask)), Earlier::New);
}

#[test]
fn i_13_i_14_who_is_held_or_has_no_account_is_not_paid() {
    hold(&["payment.instruct", "nobody-can-tell", "province-first", "a-11-renamed-before-payment"]);
}

#[test]
fn i_14_i_33_whoever_is_sanctioned_gets_nothing_from_the_first_day_to_the_last() {
    hold(&["sanction-by-its-days", "sanction-goes-along", "sanction-of-a-group", "sanction-recorded-late"]);
    hold(&["sanction.impose", "sanction.lift", "sanction-and-the-queue"]);
}

#[test]
fn i_15_one_live_attempt_covers_an_award() {
    hold(&["three-attempts", "payment.reject"]);
}

#[test]
fn i_16_only_the_bank_settles() {
    hold(&["payment.settle"]);
}

#[test]
fn i_17_every_returned_fen_has_a_place() {
    hold(&["payment.return", "returned-money-pays-what-is-owed", "returned-money-was-owed-whole", "life"]);
}

#[test]
fn i_18_a_return_in_a_later_year_stays_in_its_year() {
    hold(&["next-year"]);
}

#[test]
fn i_19_a_late_fact_proposes_a_recovery_once_and_a_person_decides() {
    hold(&["recovery-once", "province-after-payment", "late-fact-while-on-its-way", "recovery.approve"]);
}

#[test]
fn i_20_what_is_demanded_is_received_or_outstanding() {
    hold(&["recovery.receive", "returned-money-pays-what-is-owed"]);
}

#[test]
fn i_32_what_was_used_goes_along_and_never_begins_anew() {
    hold(&["a-09-merger", "a-10-split", "a-11-renamed-before-payment"]);
    hold(&["enterprise.rename", "enterprise.change_code", "enterprise.merge", "enterprise.split"]);
}

/// The same commands an hour, a day and a year later give the same events but for the days in them.
#[test]
fn i_26_the_only_clock_is_the_one_in_the_command() {
    let day = |clock: &str| {
        let mut world = World::new("1000.00");
        world.clock = clock.parse().unwrap();
        let ask = command(
            "enterprise.register",
            r#"{"code":"91411702MA40ABCD1D","name":"示例有限公司","treasury":"411702000"}"#,
        );
        world.give(&ask, None).events
    };
    assert_eq!(day("2025-03-01T09:00:00.000000+08:00"), day("2024-12-31T23:59:59.000000+08:00"));
}

#[test]
fn i_29_a_person_stands_sealed_in_every_event() {
    let played = hold(&["person-as-payee", "enterprise.register"]);
    for event in events(&played) {
        let json = serde_json::to_string(event).unwrap();
        assert!(!json.contains("张三") && !json.contains("李四"), "{json}");
    }
    let paid = events(&played).any(|event| {
        matches!(event, Event::PaymentInstructed(fact) if fact.payee.is_none() && fact.payee_person.is_some())
    });
    assert!(paid, "nobody was paid under a seal");
}

#[test]
fn i_30_a_fact_counts_from_its_day() {
    hold(&["known-when"]);
}

/// Every event that moves money says so in legs that balance, and no other event has legs.
#[test]
fn i_03_every_story_balances() {
    for name in play::stories() {
        for event in events(&hold(&[&name])) {
            let json = serde_json::to_value(event).unwrap();
            let postings = json[event.word()]["postings"].clone();
            let postings: Vec<grants_domain::accounts::Posting> =
                if postings.is_null() { Vec::new() } else { serde_json::from_value(postings).unwrap() };
            assert!(grants_domain::accounts::balanced(&postings), "{name}: {json}");
        }
    }
    let mut unbalanced = grants_domain::accounts::transfer(
        &"L-1".parse().unwrap(),
        grants_domain::accounts::Account::Available,
        grants_domain::accounts::Account::Reserved,
        Fen::new(1).unwrap(),
    );
    unbalanced.pop();
    assert!(!grants_domain::accounts::balanced(&unbalanced));
    books::balance(&World::new("1000.00").state);
}

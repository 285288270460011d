//! K-27: a year that was counted by the calendar and is counted over twelve months by a later version. Trains that were
//! decided under the old answer count all the same: what stands counts, whatever was thought when it was approved.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop where it is"
)]

mod answers; // catalogues with another answer
mod staged; // two catalogues, one after the other
mod unlinted; // whatever compiles is published

use unlinted::{Files, also, awarded, play, under};

/// A train from outside the city, of 300 by high-speed rail (T12.1) or 600 by a train of its own (T12.2), and its decision.
fn train(number: u32, measure: &str, arrival: &str) -> String {
    let passengers = if measure == "T12.1" { 300 } else { 600 };
    let facts = format!(
        "facts+=[name=arrival value=date:{arrival}] facts+=[name=passengers value=count:{passengers}] facts+=[name=paid_sights value=count:2] facts+=[name=days value=count:2] facts+=[name=nights value=count:1] facts+=[name=origin value=word:outside-city]"
    );
    format!(
        "given application.submit application=A-{number} enterprise=91411702MA70000188 measure={measure} applied_on={arrival} {facts} evidence+=[kind=tickets key=train:G100{number}:{arrival} date={arrival} amount=0.00]\nwhen  application.decide application=A-{number}\n"
    )
}

fn ground() -> String {
    let line = |year: u32| {
        format!(
            "given budget.allocate line=L-{year} treasury=411700000 year=#{year} document=示例财预1号 measures+=T12.1 measures+=T12.2 amount=60000000.00\n"
        )
    };
    let agency =
        "given enterprise.register code=91411702MA70000188 name=示例旅行社有限公司 treasury=411702000\n";
    ["on 2026-12-31T09:00:00\n", &line(2026), &line(2027), agency].concat()
}

fn plays(first: &Files, before: &[&str], second: &Files, after: &[&str]) {
    let before = ground() + &before.concat();
    let after = format!("on 2027-02-20T09:00:00\n{}", after.concat());
    play(first, &before, Some(second), &after);
}

#[test]
fn trains_counted_by_the_calendar_count_in_the_rolling_year() {
    let before = [
        &train(1, "T12.1", "2026-01-20"),
        &awarded("30000.00"),
        &train(2, "T12.1", "2026-11-10"),
        &awarded("30000.00"),
    ];
    let after = [
        // The second in the twelve months: the train of January 2026 is too long ago.
        &train(3, "T12.1", "2027-02-10"),
        &awarded("30000.00"),
        // The third.
        &train(4, "T12.1", "2027-02-11"),
        &awarded("50000.00"),
    ];
    let rolling = also(under(&[]), "K-27a", "twelve-months", "2027-01-15");
    plays(&under(&[]), &before.map(String::as_str), &rolling, &after.map(String::as_str));
}

#[test]
fn trains_of_the_rolling_year_count_in_their_own_calendar_year_alone() {
    let rolling = also(under(&[]), "K-27a", "twelve-months", "2026-10-01");
    let calendar = also(rolling.clone(), "K-27a", "calendar-year", "2027-01-15");
    let before = [
        &train(1, "T12.1", "2026-11-10"),
        &awarded("30000.00"),
        &train(2, "T12.1", "2026-11-11"),
        &awarded("30000.00"),
    ];
    let after = [&train(3, "T12.1", "2027-02-10"), &awarded("30000.00")];
    plays(&rolling, &before.map(String::as_str), &calendar, &after.map(String::as_str));
}

/// K-27b: trains of the other kind count once both are counted together, each of them once.
#[test]
fn trains_counted_by_their_kind_count_together_later() {
    let separate = also(under(&[]), "K-27b", "separate", "2026-10-01");
    let joined = also(separate.clone(), "K-27b", "joined", "2026-11-01");
    let before = [&train(1, "T12.1", "2026-10-10"), &awarded("30000.00"), &train(2, "T12.2", "2026-10-11")];
    let after = [
        &train(3, "T12.1", "2026-11-10"),
        &awarded("50000.00"),
        &train(4, "T12.1", "2027-02-10"),
        &awarded("30000.00"),
        &train(5, "T12.1", "2027-02-11"),
        &awarded("30000.00"),
    ];
    plays(&separate, &before.map(String::as_str), &joined, &after.map(String::as_str));
}

/// And those that were counted together count for their own kind alone when the kinds are counted apart.
#[test]
fn trains_counted_together_count_for_their_kind_later() {
    let separate = also(under(&[]), "K-27b", "separate", "2026-11-01");
    let before = [&train(1, "T12.1", "2026-10-10"), &awarded("30000.00"), &train(2, "T12.2", "2026-10-11")];
    let after = [
        &train(3, "T12.1", "2026-11-10"),
        &awarded("30000.00"),
        &train(4, "T12.1", "2026-11-11"),
        &awarded("50000.00"),
    ];
    plays(&under(&[]), &before.map(String::as_str), &separate, &after.map(String::as_str));
}

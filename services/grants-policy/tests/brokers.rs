//! K-07: whether the cap of E2 is per project or per intermediary, and what becomes of it when the answer changes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop where it is"
)]

mod answers; // catalogues with another answer
mod staged; // catalogues one after the other
mod unlinted; // whatever compiles is published

use unlinted::{also, awarded, play, under};

const INTERMEDIARY: &str = "91411728MA7000034K";
/// 示例张三, as a story seals the name.
const PERSON: &str = "person:6232d8b1036772f819f2fdea08420c2c";

const BROKERS: &str = "
on 2025-06-02T09:00:00
given budget.allocate line=L-1 treasury=411702000 year=#2025 document=示例财预〔2025〕1号 measures+=E2 amount=30000000.00
given enterprise.register code=91411728MA7000034K name=示例引资服务有限公司 treasury=411702000
";

/// A project that an intermediary brought, worth 900,000.00 under E2, and the decision of the application for it.
fn brought(number: u32, recipient: &str, more: &str) -> String {
    let project = format!("2403-411702-04-01-70000{number}");
    let records = [
        ("recognised_recipient", format!("word:{recipient}")),
        ("investor", "word:foreign".to_owned()),
        ("produced_in_contract_period", "flag:yes".to_owned()),
        ("project_fixed_assets", "money:450000000.00".to_owned()),
        ("brought_from_outside", "flag:yes".to_owned()),
        ("fits_plan", "flag:yes".to_owned()),
        ("served_throughout", "flag:yes".to_owned()),
        ("project_field", "word:semiconductors".to_owned()),
        ("benefiting_treasury", "word:411702000".to_owned()),
    ];
    let records = records.map(|(name, value)| {
        format!("given fact.record subject=project:{project} name={name} value={value} on=2025-03-01 source=示例认定\n")
    });
    records.concat() + &asked(number, &project, more)
}

fn asked(number: u32, project: &str, more: &str) -> String {
    let who = if more.contains("enterprise=") { "" } else { "enterprise=91411728MA7000034K " };
    format!(
        "given application.submit application=B-{number} {who}measure=E2 applied_on=2025-06-02 {more} \
         facts+=[name=project_code value=word:{project}]\nwhen application.decide application=B-{number}\n"
    )
}

/// The cap of an intermediary counts what was awarded while it was per project; a person's is not the enterprise's that
/// applies, and each is found through whichever enterprise applies.
#[test]
fn what_was_counted_per_project_counts_for_its_recipient() {
    let other =
        "given enterprise.register code=91411702MA40ABCD1D name=示例另一家有限公司 treasury=411702000\n";
    let person = "payee_person=示例张三";
    let before = [
        BROKERS,
        other,
        &brought(1, INTERMEDIARY, ""),
        &awarded("900000.00"),
        &brought(2, PERSON, person),
        &awarded("900000.00"),
    ];
    let elsewhere = format!("{person} enterprise=91411702MA40ABCD1D");
    let after = [
        "on 2025-06-03T09:00:00\n",
        &brought(3, INTERMEDIARY, ""),
        &awarded("100000.00"),
        &brought(4, PERSON, &elsewhere),
        &awarded("100000.00"),
        &brought(5, INTERMEDIARY, ""),
        "then application.rejected refused.code=cap-exhausted refused.rule=E2.limit\n",
    ];
    let since = also(under(&[]), "K-07", "per-intermediary", "2025-06-01");
    play(&under(&[]), &before.concat(), Some(&since), &after.concat());
    // Without the answer every project has a cap of its own.
    let apart = after.concat().replace("100000.00", "900000.00");
    let (apart, _) = apart.split_once(&brought(5, INTERMEDIARY, "")).unwrap();
    play(&under(&[]), &before.concat(), Some(&under(&[])), apart);
}

/// And the other way round: a project of which fraud keeps the room has none for its next award.
#[test]
fn what_was_counted_per_recipient_counts_for_its_project() {
    let before = [
        BROKERS,
        &brought(1, INTERMEDIARY, ""),
        &awarded("900000.00"),
        "let ONE = award.proposed.award\nwhen award.reduce award=$ONE to=100000.00 reason=虚报 ground=fraud\n\
         when award.revoke award=$ONE reason=更正\n",
    ];
    let project = "2403-411702-04-01-700001";
    let after = ["on 2025-06-03T09:00:00\n", &asked(2, project, ""), &awarded("200000.00")];
    let first = under(&[("K-07", "per-intermediary"), ("K-36", "kept")]);
    let since = also(first.clone(), "K-07", "per-project", "2025-06-01");
    play(&first, &before.concat(), Some(&since), &after.concat());
    // Another project has its own room.
    let other = ["on 2025-06-03T09:00:00\n", &brought(3, INTERMEDIARY, ""), &awarded("900000.00")];
    play(&first, &before.concat(), Some(&since), &other.concat());
}

/// An intermediary under a new code is the same one.
#[test]
fn the_cap_of_a_recipient_goes_along_with_a_new_code() {
    let story = [
        BROKERS,
        &brought(1, INTERMEDIARY, ""),
        &awarded("900000.00"),
        "given enterprise.change_code enterprise=91411728MA7000034K code=91411702MA000100X4 on=2025-06-02 document=示例准变〔2025〕1号\n",
        &brought(2, "91411702MA000100X4", "enterprise=91411702MA000100X4"),
        &awarded("100000.00"),
    ];
    play(&under(&[("K-07", "per-intermediary")]), &story.concat(), None, "");
}

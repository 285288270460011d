//! Who may do what, and nothing before the ledger is open: for every verb there is.

use crate::{verbs, wire::sample_commands, world::World};
use grants_domain::{commands::Command, context::Role, testing};

#[test]
fn i_11_only_a_verbs_roles_have_it() {
    let mut world = World::new("1000.00");
    for command in sample_commands() {
        assert!(!command.roles().is_empty(), "nobody has {}", command.word());
        for role in Role::ALL.iter().filter(|role| !command.roles().contains(role)) {
            let executed = world.give(&command, Some(testing::actor(*role, "somebody")));
            let refused = executed.answer.refused.unwrap_or_else(|| panic!("{role} has {}", command.word()));
            assert_eq!(refused.code.word(), "role-not-allowed", "{role} {}", command.word());
        }
    }
}

/// One verb is not refused, and its refusal for the wrong role still comes first.
#[test]
fn nothing_is_recorded_before_the_ledger_is_open() {
    let mut world = World::closed();
    for command in sample_commands().into_iter().filter(|command| command.word() != "ledger.open") {
        let wrong = Role::ALL.iter().find(|role| !command.roles().contains(role)).unwrap();
        let refused = world.give(&command, Some(testing::actor(*wrong, "somebody"))).answer.refused.unwrap();
        assert_eq!(refused.code.word(), "role-not-allowed");
        let refused = world.give(&command, None).answer.refused.unwrap();
        assert_eq!(refused.code.word(), "ledger-not-open", "{}", command.word());
    }
    world.ok("ledger.open", r#"{"name":"示例市","simulated":true}"#);
}

/// The table of refusals has a line for each verb, in the order of the verbs.
#[test]
fn the_table_of_refusals_is_complete() {
    let table: Vec<&str> = verbs::REFUSALS.iter().map(|(verb, _)| *verb).collect();
    let words: Vec<&str> = Command::WORDS.iter().map(|(_, word)| *word).collect();
    assert_eq!(table, words);
}

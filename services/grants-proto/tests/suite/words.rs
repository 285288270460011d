//! Names and numbers agree: every word of a command or an event, and every value of every closed list.

use crate::{compare, golden::pool};
use grants_domain::{
    accounts::{Account, Side},
    award::kept::Ground,
    budget::adjust::Direction,
    commands::Command,
    context::{AuthMethod, Role},
    enterprise::lineage::LinkKind,
    events::Event,
    external::{AwardLevel, ExternalStatus},
    followup::FollowUpKind,
    refusal::RefusalCode,
    sanction::{SanctionGround, SanctionReach},
    tables::{AffiliationKind, EvidenceKind},
    trace::StepKind,
};
use prost_reflect::Kind;
use std::collections::BTreeMap;

/// Each closed list of the code with its words and numbers.
fn lists() -> BTreeMap<&'static str, Vec<(u64, &'static str)>> {
    macro_rules! lists {
        ($($name:ident),* $(,)?) => {
            BTreeMap::from([ $( (stringify!($name), $name::ALL.iter().map(|one| (one.number(), one.word())).collect()) ),* ])
        };
    }
    lists![
        Account,
        AffiliationKind,
        AuthMethod,
        AwardLevel,
        Direction,
        EvidenceKind,
        ExternalStatus,
        FollowUpKind,
        Ground,
        LinkKind,
        RefusalCode,
        Role,
        SanctionGround,
        SanctionReach,
        Side,
        StepKind,
    ]
}

#[test]
fn every_closed_list_has_the_same_words_and_numbers() {
    let mut lists = lists();
    for list in pool().all_enums() {
        let told =
            lists.remove(list.name()).unwrap_or_else(|| panic!("{} is compared with nothing", list.name()));
        let mut values = list.values();
        let zero = values.next().unwrap();
        assert_eq!(
            (zero.number(), compare::word_of(list.name(), zero.name())),
            (0, "unspecified".to_owned())
        );
        let found: Vec<(u64, String)> = values
            .map(|one| (u64::try_from(one.number()).unwrap(), compare::word_of(list.name(), one.name())))
            .collect();
        let told: Vec<(u64, String)> =
            told.into_iter().map(|(number, word)| (number, word.to_owned())).collect();
        assert_eq!(found, told, "{}", list.name());
    }
    assert!(lists.is_empty(), "the schema lacks {:?}", lists.keys());
}

#[test]
fn every_word_has_the_same_number_and_message() {
    let pool = pool();
    let tables = [("grants.command.v1.Command", Command::WORDS), ("grants.event.v1.Event", Event::WORDS)];
    for (name, words) in tables {
        let table = pool.get_message_by_name(name).unwrap();
        let found: Vec<(u32, String)> =
            table.fields().map(|field| (field.number(), compare::json_name(&field))).collect();
        let told: Vec<(u32, String)> =
            words.iter().map(|(number, word)| (*number, (*word).to_owned())).collect();
        assert_eq!(found, told, "{name}");
        for field in table.fields() {
            assert!(
                matches!(field.kind(), Kind::Message(inner) if inner.package_name() == table.package_name())
            );
        }
    }
}

/// The domain's decoder insists on exactly these shapes, so the schema must not say others.
#[test]
fn only_shapes_that_the_encoding_has_are_used() {
    for message in pool().all_messages() {
        for field in message.fields() {
            let known = matches!(
                field.kind(),
                Kind::Message(_)
                    | Kind::Enum(_)
                    | Kind::String
                    | Kind::Bytes
                    | Kind::Bool
                    | Kind::Int64
                    | Kind::Uint64
                    | Kind::Uint32
            );
            assert!(known && !field.is_map() && !field.is_packed(), "{}", field.full_name());
        }
    }
}

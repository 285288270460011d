//! After every event of every story, what was told of an award is what the ledger's own rows say.

use grants_domain::{
    events::Event,
    ids::AwardId,
    recovery::RecoveryStatus,
    state::{MemoryState, StateRead, get, list},
    tables::{AwardRow, Awards as Rows, Recoveries, RecoveryRow},
    values::Fen,
};
use std::collections::{BTreeMap, BTreeSet};

use super::{entries, evolve, stories, story, word};
use crate::feed::{
    Awards,
    entry::{Change, Part, Standing},
};

/// What a row says, told as the feed tells it.
fn standing(state: &dyn StateRead, row: &AwardRow) -> Standing {
    let recoveries = list::<Recoveries>(state, &(), usize::MAX).into_iter().map(|(_, recovery)| recovery);
    let owed: Vec<RecoveryRow> =
        recoveries.filter(|recovery| recovery.status == RecoveryStatus::Approved).collect();
    let part = |share: grants_domain::award::shares::ShareRow| {
        let of_line = owed.iter().filter(|one| {
            one.line == share.line
                && row.recoveries.iter().any(|id| get::<Recoveries>(state, id).as_ref() == Some(one))
        });
        let owed_back = Fen::from_i128(Fen::sum(of_line.map(RecoveryRow::outstanding))).unwrap();
        let line = get::<grants_domain::tables::BudgetLines>(state, &share.line).unwrap();
        Part { treasury: line.treasury, amount: share.amount, paid: share.settled, owed_back }
    };
    let parts: Vec<Part> = row.parts().into_iter().map(part).collect();
    Standing {
        status: row.status.word().parse().unwrap(),
        held: !row.holds.is_empty(),
        amount: row.amount,
        paid: row.settled,
        owed_back: Fen::from_i128(Fen::sum(parts.iter().map(|part| part.owed_back))).unwrap(),
        parts,
    }
}

#[test]
fn what_is_told_stands_in_the_ledger_after_every_event() {
    let (mut compared, mut events) = (0, BTreeSet::new());
    for name in stories() {
        let (mut state, mut awards) = (MemoryState::default(), Awards::default());
        for envelope in story(&name) {
            evolve(&mut state, &envelope);
            events.insert(word(&envelope.event));
            let told = awards.tell(&envelope).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
            for (key, row) in list::<Rows>(&state, &(), usize::MAX) {
                let id = AwardId(u64::from_be_bytes(key.try_into().unwrap()));
                let (stands, ours) = (standing(&state, &row), awards.standing(id));
                assert_eq!(ours, Some(stands), "{name}: {id} after {}", envelope.sequence);
                compared += 1;
            }
            let Some(entry) = told else { continue };
            let id: AwardId = entry.award.award.as_str().parse().unwrap();
            assert_eq!(Some(entry.standing), awards.standing(id), "{name}: {}", envelope.sequence);
        }
    }
    assert!(1_000 < compared, "{compared}");
    let all: BTreeSet<&str> = Event::WORDS.iter().map(|(_, word)| *word).collect();
    // These follow more awards of one subject than a story has; nothing is told of them.
    let unseen: Vec<&str> = all.difference(&events).copied().collect();
    assert_eq!(unseen, ["followup.completed", "followup.deferred"], "no story has these");
}

/// What a consumer adds up is what stands: each change says by how much, and in which direction follows from its word.
#[test]
fn what_changed_adds_up_to_what_stands() {
    let mut words = BTreeSet::new();
    for name in stories() {
        let mut sums: BTreeMap<String, [i64; 3]> = BTreeMap::new();
        for entry in entries(&name) {
            words.insert(entry.change.word());
            let [amount, paid, owed] = sums.entry(entry.award.award.to_string()).or_default();
            match &entry.change {
                Change::AwardProposed(one) => *amount += one.amount.get(),
                Change::AwardRaised(one) => *amount += one.amount.get(),
                Change::AwardReduced(one) => *amount -= one.amount.get(),
                Change::AwardRevoked(one) => *amount -= one.amount.get(),
                Change::PaymentSettled(one) => *paid += one.amount.get(),
                Change::PaymentReturned(one) => *paid -= one.amount.get(),
                Change::RecoveryApproved(one) => *owed += one.amount.get(),
                Change::RecoveryOwed(one) => *owed += one.amount.get(),
                Change::RecoveryReversed(one) => *owed -= one.amount.get(),
                Change::RecoveryReceived(one) => {
                    [&mut *amount, &mut *paid, &mut *owed]
                        .into_iter()
                        .for_each(|sum| *sum -= one.amount.get());
                }
                Change::AwardQueued(_)
                | Change::AwardDequeued(_)
                | Change::AwardConfirmed(_)
                | Change::AwardUnconfirmed(_)
                | Change::AwardSuspended(_)
                | Change::AwardResumed(_) => {}
            }
            let Standing { amount: stands, paid: settled, owed_back, parts, .. } = &entry.standing;
            assert_eq!(
                [*amount, *paid, *owed],
                [stands, settled, owed_back].map(|fen| fen.get()),
                "{name}: {entry:?}"
            );
            let sum = |of: fn(&Part) -> Fen| Fen::sum(parts.iter().map(of));
            let parts = [sum(|part| part.amount), sum(|part| part.paid), sum(|part| part.owed_back)];
            assert_eq!(parts, [*amount, *paid, *owed].map(i128::from), "{name}: {entry:?}");
        }
    }
    let all: BTreeSet<&str> = Change::WORDS.iter().map(|(_, word)| *word).collect();
    assert_eq!(words, all, "no story tells the rest");
}

/// A correction names an entry of the same award that was told before and that told what no longer holds.
#[test]
fn a_correction_names_what_it_corrects() {
    let mut corrections = BTreeMap::new();
    for name in stories() {
        let told = entries(&name);
        for entry in &told {
            let word = entry.change.word();
            let Some(corrects) = entry.corrects else {
                assert!(
                    !matches!(word, "award.reduced" | "award.raised" | "award.revoked" | "payment.returned"),
                    "{name}"
                );
                continue;
            };
            let other = told.iter().find(|other| other.sequence == corrects).unwrap();
            assert!(corrects < entry.sequence && other.award == entry.award, "{name}: {entry:?}");
            corrections.entry(word).or_insert_with(BTreeSet::new).insert(other.change.word());
        }
    }
    let amounts = ["award.proposed", "award.raised", "award.reduced", "recovery.received"];
    for (word, others) in &corrections {
        let may: &[&str] = match *word {
            "payment.returned" => &["payment.settled"],
            "recovery.reversed" => &["recovery.approved", "recovery.owed"],
            "award.unconfirmed" => &["award.confirmed"],
            _ => &amounts,
        };
        assert!(others.iter().all(|other| may.contains(other)), "{word} corrects {others:?}");
    }
    assert_eq!(corrections.len(), 7, "{corrections:?}");
}

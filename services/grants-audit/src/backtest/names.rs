//! Names in the changed ledger. Awards and payments are called after the place of their command in the log, so they
//! keep their names by themselves. A recovery is called after the place of its event, which moves when a command has
//! more or fewer consequences: here it gets the name that it has in the log, or one that the log has nowhere.

use grants_domain::{
    events::Event,
    ids::{AwardId, RecoveryId},
};
use std::collections::{BTreeMap, VecDeque};

/// Names and places that no log reaches begin here.
const NEW_FROM: u64 = 1 << 62;

/// Gives names and places that stand for nothing in the log.
pub(super) struct Fresh {
    next: u64,
}

impl Fresh {
    /// The first one.
    pub(super) fn new() -> Self {
        Self { next: NEW_FROM }
    }

    /// The next place.
    pub(super) fn place(&self) -> u64 {
        self.next
    }

    /// Leaves so many places behind.
    pub(super) fn pass(&mut self, events: usize) {
        self.next = self.next.saturating_add(u64::try_from(events).unwrap_or(u64::MAX));
    }
}

/// Calls each recovery that a command proposes as the log calls the one that it proposed of the same award.
pub(super) fn keep(recorded: &[Event], decided: &mut [Event], fresh: &mut Fresh) {
    let mut known: BTreeMap<AwardId, VecDeque<RecoveryId>> = BTreeMap::new();
    for event in recorded {
        if let Event::RecoveryProposed(fact) = event {
            known.entry(fact.award).or_default().push_back(fact.recovery);
        }
    }
    let mut called: BTreeMap<RecoveryId, RecoveryId> = BTreeMap::new();
    for event in decided {
        if let Event::RecoveryProposed(fact) = event {
            let own = fact.recovery;
            let name = known.get_mut(&fact.award).and_then(VecDeque::pop_front);
            fact.recovery = name.unwrap_or_else(|| {
                let name = RecoveryId(fresh.place());
                fresh.pass(1);
                name
            });
            called.insert(own, fact.recovery);
        } else if let Some(name) = named(event).and_then(|name| Some((*called.get(name)?, name))) {
            *name.1 = name.0;
        }
    }
}

/// The recovery that a later event of the same command is about.
fn named(event: &mut Event) -> Option<&mut RecoveryId> {
    if let Event::RecoveryWithdrawn(fact) = event {
        return Some(&mut fact.recovery);
    }
    if let Event::RecoveryOwed(fact) = event {
        return Some(&mut fact.recovery);
    }
    if let Event::RecoveryReversed(fact) = event {
        return Some(&mut fact.recovery);
    }
    if let Event::RecoveryReceived(fact) = event { Some(&mut fact.recovery) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use grants_domain::recovery::propose::{RecoveryProposed, RecoveryWithdrawn};
    use grants_domain::values::Fen;

    fn proposed(award: u64, recovery: u64) -> Event {
        RecoveryProposed {
            recovery: RecoveryId(recovery),
            award: AwardId(award),
            line: "L-1".parse().unwrap(),
            amount: Fen::new(100).unwrap(),
            rule: "E4.1.province".parse().unwrap(),
            cause: 20,
        }
        .into()
    }

    fn withdrawn(recovery: u64) -> Event {
        RecoveryWithdrawn {
            recovery: RecoveryId(recovery),
            award: AwardId(7),
            amount: Fen::new(100).unwrap(),
            cause: 20,
        }
        .into()
    }

    /// Without new names the second proposal would take the name that the next command of the log gives.
    #[test]
    fn a_recovery_has_the_name_of_the_log_or_a_new_one() {
        let recorded = [proposed(7, 21)];
        let mut decided = [proposed(8, 21), proposed(7, 22), withdrawn(22), withdrawn(3)];
        keep(&recorded, &mut decided, &mut Fresh::new());
        assert_eq!(decided, [proposed(8, NEW_FROM), proposed(7, 21), withdrawn(21), withdrawn(3)]);
    }
}

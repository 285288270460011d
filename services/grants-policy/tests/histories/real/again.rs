//! The log once more: replayed in groups of any size it gives the very same state, and each command that is decided anew
//! on a replayed prefix gives the very same events (I-08, I-26, I-27).

use super::{Entry, World};
use crate::chance::Chance;
use grants_domain::{
    ledger::{self, Told},
    state::{Draft, MemoryState, StateWrite},
};
use sha2::{Digest, Sha256};

/// Most commands of one group.
const GROUP: usize = 24;

fn told(entry: &Entry) -> Told<'_> {
    Told {
        command: entry.context.command,
        hash: entry.asked.hash(),
        sequence: entry.context.sequence,
        recorded_at: entry.context.recorded_at,
        events: &entry.events,
    }
}

fn digest(state: &MemoryState) -> String {
    let mut hash = Sha256::new();
    for (key, row) in state.rows() {
        hash.update(key.len().to_be_bytes());
        hash.update(key);
        hash.update(row.len().to_be_bytes());
        hash.update(row);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Replays the log in groups, deciding each command again, and once in one piece.
pub(crate) fn replay(world: &World, chance: &mut Chance) -> Result<(), String> {
    let (mut state, mut rules) = World::beginning();
    let mut rest = world.log.as_slice();
    while !rest.is_empty() {
        let (group, behind) = rest.split_at((1 + chance.below(GROUP)).min(rest.len()));
        let mut draft = Draft::on(&state);
        for entry in group {
            let again = ledger::execute(&draft, &mut rules.clone(), &entry.asked, &entry.context);
            if again.events != entry.events {
                let verb = entry.asked.command().word();
                return Err(format!("{verb} decided again: {:?}, not {:?}", again.events, entry.events));
            }
            ledger::replay(&mut draft, &mut rules, &told(entry));
        }
        let rows = draft.into_rows();
        rows.into_iter().for_each(|(key, row)| state.write(key, row));
        rest = behind;
    }
    let (mut at_once, mut rules) = World::beginning();
    let mut draft = Draft::on(&at_once);
    world.log.iter().for_each(|entry| ledger::replay(&mut draft, &mut rules, &told(entry)));
    let rows = draft.into_rows();
    rows.into_iter().for_each(|(key, row)| at_once.write(key, row));
    let digests = [digest(&world.state), digest(&state), digest(&at_once)];
    match digests.iter().all(|one| *one == digests[0]) {
        true => Ok(()),
        false => Err(format!("live, in groups and in one piece the state has the digests {digests:?}")),
    }
}

//! Work that commands left behind, which comes before any new command.
//!
//! Everything about a follow-up, its id included, comes from the state: whoever replays or decides again finds
//! the same commands in the same order, however the batches were cut.

use std::{collections::BTreeMap, sync::Arc};

use grants_domain::{
    followup::ContinueFollowUp,
    ids::LedgerId,
    state::{StateRead, first, has, key_of},
    tables::{Commands, Due, DueRow},
    values::CommandId,
};
use sha2::{Digest, Sha256};

/// The next piece of waiting work, as a command.
pub(super) struct FollowUp {
    pub(super) id: CommandId,
    pub(super) request: ContinueFollowUp,
}

/// Remembers whether the due list is empty, so that not every command has to look.
#[derive(Default)]
pub(super) struct DueList {
    /// Invariant: `true` only if no row of the due list stands. At first nobody has looked.
    known_empty: bool,
}

impl DueList {
    /// Sees what a command has changed.
    pub(super) fn heed(&mut self, rows: &BTreeMap<Vec<u8>, Option<Arc<[u8]>>>) {
        let table = key_of::<Due>(&());
        let touched = rows.range(table.clone()..).next().is_some_and(|(key, _)| key.starts_with(&table));
        self.known_empty &= !touched;
    }

    /// The first piece of work in the order of the list.
    pub(super) fn first(&mut self, state: &dyn StateRead, ledger: LedgerId) -> Option<FollowUp> {
        if self.known_empty {
            return None;
        }
        let Some((key, row)) = first::<Due>(state, &(), &()) else {
            self.known_empty = true;
            return None;
        };
        let request = parse(&key);
        Some(FollowUp { id: free_id(state, ledger, &request, &row), request })
    }
}

/// Reads subject and cause from the key of a due row: a text, a zero byte, eight bytes.
fn parse(key: &[u8]) -> ContinueFollowUp {
    let parts = key.split_last_chunk::<8>().and_then(|(subject, cause)| {
        let subject = std::str::from_utf8(subject.strip_suffix(&[0])?).ok()?;
        Some(ContinueFollowUp { subject: subject.parse().ok()?, cause: u64::from_be_bytes(*cause) })
    });
    parts.expect("a row of the due list has a key of subject and cause")
}

/// An id that nobody has used. Ids are public, so somebody may have taken the first on purpose.
fn free_id(state: &dyn StateRead, ledger: LedgerId, request: &ContinueFollowUp, row: &DueRow) -> CommandId {
    let id = |turn: u32| {
        let parts: [&[u8]; 6] = [
            &ledger.0,
            &request.cause.to_be_bytes(),
            &row.kind.number().to_be_bytes(),
            &row.next.0.to_be_bytes(),
            &turn.to_be_bytes(),
            request.subject.as_ref().as_bytes(),
        ];
        derived_id("grants/follow-up/v1", &parts)
    };
    (0..).map(id).find(|id| !has::<Commands>(state, id)).expect("some id is free")
}

/// A command id made from what the ledger knows: the first half of a SHA-256, marked as a UUID of version 8.
/// Every part but the last has a fixed length, so that no two lists of parts are the same bytes.
pub(crate) fn derived_id(purpose: &str, parts: &[&[u8]]) -> CommandId {
    let mut sha = Sha256::new();
    sha.update(purpose.as_bytes());
    parts.iter().for_each(|part| sha.update(part));
    let hash: [u8; 32] = sha.finalize().into();
    let (half, _) = hash.split_first_chunk::<16>().expect("32 bytes hold 16");
    let mut id = u128::from_be_bytes(*half);
    // RFC 9562 §5.8: version 8 in the four bits from 48 on, variant 10 in the two from 64 on.
    id = id & !(0xf << 76) | 0x8 << 76;
    id = id & !(0x3 << 62) | 0x2 << 62;
    CommandId(id.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_are_uuids_of_version_8_and_differ() {
        let one = derived_id("a", &[&[1]]);
        let other = derived_id("a", &[&[2]]);
        assert_ne!(one, other);
        for id in [one, other] {
            let text = id.to_string();
            assert_eq!(text.as_bytes()[14], b'8', "{text}");
            assert!(matches!(text.as_bytes()[19], b'8' | b'9' | b'a' | b'b'), "{text}");
        }
    }
}

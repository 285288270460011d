//! Command ids that follow from what is asked: who gives the same order twice on one day gives it once.

use grants_domain::{
    context::Actor,
    values::{CommandId, Date},
};
use sha2::{Digest, Sha256};

/// The id of the order "this verb about this thing, by this actor, on this day".
pub(crate) fn order(verb: &str, key: &str, actor: &Actor, day: Date) -> CommandId {
    let mut hash = Sha256::new();
    for part in ["grants/order/v1", verb, key, actor.role.word(), actor.id.as_str(), &day.to_string()] {
        // A length before each part, so that no two lists of parts read the same.
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut id = [0; 16];
    id.copy_from_slice(digest.split_at(16).0);
    CommandId(id)
}

//! Small logs that several tests begin with.

use crate::batch::{BatchBuilder, SealedBatch};
use crate::head::Head;
use crate::ids::{LedgerId, WriterId};
use crate::tree::{Edge, Hash, leaf_hash};

pub(crate) const LEDGER: LedgerId = LedgerId([0x11; 16]);
pub(crate) const WRITER: WriterId = WriterId([0x22; 16]);
pub(crate) const OTHER_WRITER: WriterId = WriterId([0x33; 16]);

/// A batch of these events behind `head`.
pub(crate) fn batch_of(head: &Head, events: &[&[u8]]) -> SealedBatch {
    let mut builder = BatchBuilder::new(head);
    for event in events {
        builder.push(event).unwrap();
    }
    builder.seal()
}

/// `EpochOpened` and then one batch per list of events.
pub(crate) fn batches(contents: &[&[&[u8]]]) -> Vec<SealedBatch> {
    let mut batches = vec![SealedBatch::epoch_opened(&Head::genesis(LEDGER), WRITER, "host:1").unwrap()];
    for events in contents {
        let next = batch_of(batches.last().unwrap().head_after(), events);
        batches.push(next);
    }
    batches
}

/// The leaves of `event-0`, `event-1`, …
pub(crate) fn numbered_leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|number| leaf_hash(format!("event-{number}").as_bytes())).collect()
}

/// The edge of the tree over these leaves.
pub(crate) fn edge_of(leaves: &[Hash]) -> Edge {
    let mut edge = Edge::new();
    for leaf in leaves {
        edge.push(*leaf);
    }
    edge
}

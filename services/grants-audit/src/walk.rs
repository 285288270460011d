//! Reads a log batch by batch, and holds each against the validity rule and against a Merkle tree of our own.

use crate::{
    code::Code,
    report::Finding,
    tree::{self, Hash, Tree},
};
use grants_eventlog::{Head, Judge, LedgerId, LogReader, ReadError, batch::Batch, judge::HashedBatch};
use std::collections::{BTreeMap, VecDeque};

/// How much is read at once, in bytes.
const READ_BYTES: usize = 8 * 1_024 * 1_024;

/// The events of one batch.
pub(crate) struct Events {
    /// Sequence of the first.
    pub(crate) first: u64,
    /// Their bytes, in order.
    pub(crate) envelopes: Vec<Vec<u8>>,
}

/// A walk over a log from its first batch to its end.
pub(crate) struct Walk<'a> {
    reader: &'a dyn LogReader,
    end: u64,
    ahead: VecDeque<Vec<u8>>,
    judge: Option<Judge>,
    tree: Tree,
    /// Sizes at which somebody wants to know the root, and the roots found so far.
    roots: BTreeMap<u64, Option<Hash>>,
}

impl<'a> Walk<'a> {
    /// Starts before the first batch. The log is read as far as it reaches now.
    pub(crate) fn new(
        reader: &'a dyn LogReader,
        sizes: impl IntoIterator<Item = u64>,
    ) -> Result<Self, ReadError> {
        let end = reader.end()?.next_batch;
        let mut roots: BTreeMap<u64, Option<Hash>> = sizes.into_iter().map(|size| (size, None)).collect();
        let tree = Tree::default();
        roots.entry(0).insert_entry(Some(tree.root()));
        Ok(Self { reader, end, ahead: VecDeque::new(), judge: None, tree, roots })
    }

    /// The tree over everything read so far.
    pub(crate) fn tree(&self) -> &Tree {
        &self.tree
    }

    /// How many batches the log has, as far as it is read.
    pub(crate) fn batches(&self) -> u64 {
        self.judge.as_ref().map_or(0, |judge| judge.head().next_batch())
    }

    /// Which ledger the log is of, once a batch was read.
    pub(crate) fn ledger(&self) -> Option<LedgerId> {
        self.judge.as_ref().map(|judge| judge.head().ledger())
    }

    /// The root at a size that was asked for, if the log has reached it.
    pub(crate) fn root_at(&self, size: u64) -> Option<Hash> {
        self.roots.get(&size).copied().flatten()
    }

    /// The next batch that has events; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Events>, Finding> {
        loop {
            let Some(bytes) = self.next_bytes()? else {
                return Ok(None);
            };
            let events = self.take(&bytes)?;
            if !events.envelopes.is_empty() {
                return Ok(Some(events));
            }
        }
    }

    fn next_bytes(&mut self) -> Result<Option<Vec<u8>>, Finding> {
        let next = self.batches();
        if self.end <= next {
            return Ok(None);
        }
        if self.ahead.is_empty() {
            let read = self.reader.read(next, READ_BYTES);
            self.ahead = read.map_err(|fault| self.halted(&fault.to_string()))?.into();
        }
        self.ahead.pop_front().map(Some).ok_or_else(|| self.halted(&format!("batch {next} is missing")))
    }

    fn take(&mut self, bytes: &[u8]) -> Result<Events, Finding> {
        let hashed = HashedBatch::decode(bytes).map_err(|fault| self.halted(&fault.to_string()))?;
        let header = *hashed.batch().header();
        let judge = self.judge.get_or_insert_with(|| Judge::new(Head::genesis(header.ledger)));
        // The judge speaks first, because it names what is wrong; the root is ours.
        let verdict = judge.accept_hashed(&hashed);
        verdict.map_err(|halt| self.halted(&format!("batch {}: {}", halt.batch, halt.reason)))?;
        let own = self.tree.root();
        if header.previous_root.0 != own {
            return Err(Finding {
                code: Code::RootDiffers,
                sequence: Some(self.tree.size()),
                at: format!("batch {} previous root", header.batch),
                recorded: header.previous_root.to_string(),
                expected: hex(&own),
            });
        }
        let events = events_of(hashed.batch());
        for envelope in &events.envelopes {
            self.tree.push(tree::leaf(envelope));
            if let Some(wanted) = self.roots.get_mut(&self.tree.size()) {
                *wanted = Some(self.tree.root());
            }
        }
        Ok(events)
    }

    fn halted(&self, cause: &str) -> Finding {
        Finding {
            code: Code::LogHalted,
            sequence: Some(self.tree.size()),
            at: format!("batch {}", self.batches()),
            recorded: cause.to_owned(),
            expected: "a valid batch".to_owned(),
        }
    }
}

fn events_of(batch: &Batch<'_>) -> Events {
    Events { first: batch.header().first_sequence, envelopes: batch.events().map(<[u8]>::to_vec).collect() }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

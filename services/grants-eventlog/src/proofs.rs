//! Proves that an event is in a tree and that one tree grew out of another, and checks such proofs (RFC 6962 §2.1).

use crate::ids::Root;
use crate::tree::{Hash, empty_root, leaf_hash, node_hash};

/// A proof never has more hashes than a tree of 2^64 leaves has levels, twice.
pub const PROOF_HASHES_MAX: usize = 128;

/// Where the roots of perfect subtrees come from: tiles on disk, or leaves in memory.
pub trait Nodes {
    /// The root of the perfect subtree over leaves `index << level .. (index + 1) << level`.
    ///
    /// # Errors
    /// The tree does not reach that far, or cannot be read.
    fn node(&self, level: u8, index: u64) -> Result<Hash, ProofError>;
}

/// Why there is no proof, or why it proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The index or the older size is not below the size.
    #[error("{asked} does not lie in a tree of {size} leaves")]
    OutOfRange {
        /// What was asked about.
        asked: u64,
        /// The size of the tree.
        size: u64,
    },
    /// The proof has too few or too many hashes.
    #[error("the proof has {0} hashes, which does not fit the sizes")]
    Length(usize),
    /// The hashes lead to another root.
    #[error("the proof leads to another root")]
    Root,
    /// A node that the proof needs cannot be read.
    #[error("node {index} of level {level} cannot be read: {cause}")]
    Unreadable {
        /// The level, 0 for leaves.
        level: u8,
        /// The place in the level.
        index: u64,
        /// Why.
        cause: String,
    },
}

impl Nodes for [Hash] {
    /// Leaf hashes in memory; each call hashes the whole subtree, so this is for small trees.
    fn node(&self, level: u8, index: u64) -> Result<Hash, ProofError> {
        if level == 0 {
            let leaf = usize::try_from(index).ok().and_then(|place| self.get(place));
            return leaf.copied().ok_or_else(|| unreadable(level, index, "there is no such leaf"));
        }
        let left = index.checked_mul(2).ok_or_else(|| unreadable(level, index, "there is no such node"))?;
        Ok(node_hash(&self.node(level - 1, left)?, &self.node(level - 1, left + 1)?))
    }
}

/// The inclusion proof of leaf `index` in the tree of `size` leaves: its sibling first.
///
/// # Errors
/// The leaf is not in the tree, or a node cannot be read.
pub fn prove_inclusion(
    index: u64,
    size: u64,
    nodes: &(impl Nodes + ?Sized),
) -> Result<Vec<Hash>, ProofError> {
    if size <= index {
        return Err(ProofError::OutOfRange { asked: index, size });
    }
    let mut proof = Vec::new();
    let (mut start, mut width) = (0, size);
    while 1 < width {
        let left = split(width);
        if index < start + left {
            proof.push(range_root(start + left, width - left, nodes)?);
            width = left;
        } else {
            proof.push(range_root(start, left, nodes)?);
            start += left;
            width -= left;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The proof that the tree of `size` leaves begins with the tree of `old` leaves; empty when `old` is 0 or `size`.
///
/// # Errors
/// The older tree is larger, or a node cannot be read.
pub fn prove_consistency(
    old: u64,
    size: u64,
    nodes: &(impl Nodes + ?Sized),
) -> Result<Vec<Hash>, ProofError> {
    if size < old {
        return Err(ProofError::OutOfRange { asked: old, size });
    }
    let mut proof = Vec::new();
    if old == 0 || old == size {
        return Ok(proof);
    }
    let (mut start, mut width) = (0, size);
    while start + width != old {
        let left = split(width);
        if old <= start + left {
            proof.push(range_root(start + left, width - left, nodes)?);
            width = left;
        } else {
            proof.push(range_root(start, left, nodes)?);
            start += left;
            width -= left;
        }
    }
    // When the older tree is one perfect subtree of the newer one, the verifier has its root already.
    if start != 0 {
        proof.push(range_root(start, width, nodes)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Checks that `entry` is leaf `index` of the tree with `size` leaves and this root (RFC 9162 §2.1.3.2).
///
/// # Errors
/// It is not, or the proof does not show it.
pub fn verify_inclusion(
    entry: &[u8],
    index: u64,
    size: u64,
    proof: &[Hash],
    root: Root,
) -> Result<(), ProofError> {
    if size <= index {
        return Err(ProofError::OutOfRange { asked: index, size });
    }
    let wrong_length = ProofError::Length(proof.len());
    let (mut place, mut last) = (index, size - 1);
    let mut hash = leaf_hash(entry);
    for sibling in proof {
        if last == 0 {
            return Err(wrong_length);
        }
        if place & 1 == 1 || place == last {
            hash = node_hash(sibling, &hash);
            let levels = if place & 1 == 1 { 0 } else { place.trailing_zeros() };
            (place, last) = (shift(place, levels), shift(last, levels));
        } else {
            hash = node_hash(&hash, sibling);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    if last != 0 {
        return Err(wrong_length);
    }
    if Root(hash) != root {
        return Err(ProofError::Root);
    }
    Ok(())
}

/// Checks that the tree of `size` leaves begins with the tree of `old` leaves (RFC 9162 §2.1.4.2).
///
/// # Errors
/// It does not, or the proof does not show it.
pub fn verify_consistency(
    (old, old_root): (u64, Root),
    (size, root): (u64, Root),
    proof: &[Hash],
) -> Result<(), ProofError> {
    if size < old {
        return Err(ProofError::OutOfRange { asked: old, size });
    }
    if old == 0 || old == size {
        let expected = if old == 0 { empty_root() } else { root };
        let same = expected == old_root;
        if !proof.is_empty() {
            return Err(ProofError::Length(proof.len()));
        }
        return same.then_some(()).ok_or(ProofError::Root);
    }
    let wrong_length = ProofError::Length(proof.len());
    // A perfect older tree is its own first hash, and is left out of the proof.
    let whole = [old_root.0];
    let implied: &[Hash] = if old.is_power_of_two() { &whole } else { &[] };
    let mut hashes = implied.iter().chain(proof);
    let levels = (old - 1).trailing_ones();
    let (mut place, mut last) = (shift(old - 1, levels), shift(size - 1, levels));
    let first = *hashes.next().ok_or_else(|| wrong_length.clone())?;
    let (mut old_hash, mut new_hash) = (first, first);
    for hash in hashes {
        if last == 0 {
            return Err(wrong_length);
        }
        if place & 1 == 1 || place == last {
            old_hash = node_hash(hash, &old_hash);
            new_hash = node_hash(hash, &new_hash);
            let levels = if place & 1 == 1 { 0 } else { place.trailing_zeros() };
            (place, last) = (shift(place, levels), shift(last, levels));
        } else {
            new_hash = node_hash(&new_hash, hash);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    if last != 0 {
        return Err(wrong_length);
    }
    if (Root(old_hash), Root(new_hash)) != (old_root, root) {
        return Err(ProofError::Root);
    }
    Ok(())
}

pub(crate) fn unreadable(level: u8, index: u64, cause: &str) -> ProofError {
    ProofError::Unreadable { level, index, cause: cause.to_owned() }
}

/// The root of the tree over `width` leaves from `start` on.
fn range_root(start: u64, width: u64, nodes: &(impl Nodes + ?Sized)) -> Result<Hash, ProofError> {
    if width.is_power_of_two() {
        let level = width.trailing_zeros();
        let index = shift(start, level);
        let level = u8::try_from(level).expect("a 64-bit number has 64 bits");
        return nodes.node(level, index);
    }
    let left = split(width);
    Ok(node_hash(&range_root(start, left, nodes)?, &range_root(start + left, width - left, nodes)?))
}

/// The largest power of two below `width`, which is at least 2.
fn split(width: u64) -> u64 {
    1 << (width - 1).ilog2()
}

/// A right shift that gives 0 where all bits are shifted out.
fn shift(number: u64, levels: u32) -> u64 {
    number.checked_shr(levels).unwrap_or(0)
}

//! Computes the Merkle tree of RFC 6962 §2.1 while it grows, keeping only its right edge.

use sha2::{Digest, Sha256};

use crate::ids::Root;
use crate::wire::Cursor;

/// A SHA-256 value: a leaf, a node or a root.
pub type Hash = [u8; 32];

/// The leaf of one event: SHA-256(0x00 ‖ entry).
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut sha = Sha256::new();
    sha.update([0]);
    sha.update(entry);
    sha.finalize().into()
}

/// An inner node: SHA-256(0x01 ‖ left ‖ right).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    // One contiguous input of 65 bytes is cheaper than three updates, and this runs once per event.
    let mut input = [1; 65];
    let (front, back) = input.split_at_mut(33);
    front.split_at_mut(1).1.copy_from_slice(left);
    back.copy_from_slice(right);
    Sha256::digest(input).into()
}

/// The root of the tree without leaves: SHA-256 of nothing.
pub fn empty_root() -> Root {
    Root(Sha256::digest([]).into())
}

/// The right edge: the roots of the perfect subtrees that a tree of `size` leaves consists of.
///
/// ```text
///   size 6 = 0b110        [ . . . . ] [ . . ]
///                            node 0    node 1      largest first
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    // Invariant: one node per set bit of `size`, largest subtree first. (Edge::push, Edge::from_bytes)
    nodes: Vec<Hash>,
}

/// Why bytes are not an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored edge of the tree has the wrong length for its size")]
pub struct EdgeError;

impl Edge {
    /// The edge of the tree without leaves.
    pub fn new() -> Edge {
        Edge::default()
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds one leaf at the right.
    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        for _ in 0..self.size.trailing_ones() {
            let left = self.nodes.pop().expect("a set bit of the size has a node");
            node = node_hash(&left, &node);
        }
        self.nodes.push(node);
        self.size += 1;
    }

    /// The root of the tree.
    pub fn root(&self) -> Root {
        self.nodes
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node_hash(&left, &right))
            .map_or_else(empty_root, Root)
    }

    /// The stored form: size as u64, then the nodes, largest subtree first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + self.nodes.len() * 32);
        bytes.extend_from_slice(&self.size.to_be_bytes());
        bytes.extend_from_slice(self.nodes.as_flattened());
        bytes
    }

    /// Reads the stored form back.
    ///
    /// # Errors
    /// The number of nodes does not fit the size.
    pub fn from_bytes(bytes: &[u8]) -> Result<Edge, EdgeError> {
        let mut cursor = Cursor::new(bytes);
        let size = cursor.u64().ok_or(EdgeError)?;
        let (nodes, odd) = cursor.rest().as_chunks::<32>();
        if !odd.is_empty() || usize::try_from(size.count_ones()) != Ok(nodes.len()) {
            return Err(EdgeError);
        }
        Ok(Edge { size, nodes: nodes.to_vec() })
    }
}

//! The Merkle tree of RFC 9162 §2.1, written a second time: the writer's own tree is what is being checked.

use sha2::{Digest, Sha256};

/// A SHA-256 value.
pub type Hash = [u8; 32];

/// SHA-256(0x00 ‖ entry).
#[must_use]
pub fn leaf(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// A tree that grows at its right and keeps one subtree for each power of two in its size.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    size: u64,
    /// Slot `k` holds the root of a perfect subtree of 2^k leaves, while bit `k` of the size is set.
    slots: Vec<Option<Hash>>,
}

impl Tree {
    /// How many leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf: like adding one to a binary number, with a hash for each carry.
    pub fn push(&mut self, leaf: Hash) {
        let mut carry = leaf;
        for slot in &mut self.slots {
            match slot.take() {
                Some(left) => carry = node(&left, &carry),
                None => {
                    *slot = Some(carry);
                    self.size += 1;
                    return;
                }
            }
        }
        self.slots.push(Some(carry));
        self.size += 1;
    }

    /// The root; SHA-256 of nothing for a tree without leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        let subtrees = self.slots.iter().flatten().copied();
        subtrees.reduce(|right, left| node(&left, &right)).unwrap_or_else(|| Sha256::digest([]).into())
    }
}

/// The root over leaves, straight from the recursive definition; for checking [`Tree`] and for small trees.
#[must_use]
pub fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [one] => *one,
        more => {
            let (left, right) = more.split_at(split(more.len()));
            node(&root_of(left), &root_of(right))
        }
    }
}

/// The path from a leaf to the root: sibling first. `None` if there is no such leaf.
#[must_use]
pub fn path_of(index: usize, leaves: &[Hash]) -> Option<Vec<Hash>> {
    if leaves.len() <= index {
        return None;
    }
    if leaves.len() == 1 {
        return Some(Vec::new());
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut path, sibling) = match index.checked_sub(left.len()) {
        None => (path_of(index, left)?, root_of(right)),
        Some(index) => (path_of(index, right)?, root_of(left)),
    };
    path.push(sibling);
    Some(path)
}

/// The largest power of two below `length`, which is at least 2.
fn split(length: usize) -> usize {
    1 << (length - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, prelude::BASE64_STANDARD};

    fn entries(count: u32) -> Vec<Hash> {
        (0..count).map(|number| leaf(format!("event-{number}").as_bytes())).collect()
    }

    /// Roots that other implementations of RFC 6962 give for the same entries.
    #[test]
    fn roots_agree_with_other_implementations() {
        let known = [
            (5, "C3TUMA55gFbNSHKLT7AenxWtPgp5UPvFiXT/Z1MnHSQ="),
            (256, "Y8VrZGVg3gZKiDIXIpNoRVIPLIZj49wB5id/5ggxFnk="),
            (300, "xjG65k7alGDy52MOsmQmoQ8rG/qzfMK2yiLe0qj8tO8="),
        ];
        for (count, root) in known {
            assert_eq!(BASE64_STANDARD.encode(root_of(&entries(count))), root, "{count}");
        }
    }

    #[test]
    fn a_growing_tree_has_the_root_of_the_definition_at_every_size() {
        let leaves = entries(130);
        let mut tree = Tree::default();
        assert_eq!(tree.root(), root_of(&[]));
        for (place, leaf) in leaves.iter().enumerate() {
            tree.push(*leaf);
            assert_eq!(tree.root(), root_of(&leaves[..=place]), "{place}");
        }
    }

    #[test]
    fn a_path_leads_from_the_leaf_to_the_root() {
        for count in [1, 2, 3, 7, 8, 13] {
            let leaves = entries(count);
            for index in 0..leaves.len() {
                let path = path_of(index, &leaves).unwrap();
                let sizes = (0..)
                    .zip(&path)
                    .fold((leaves[index], index, leaves.len() - 1), |(hash, at, last), (_, one)| {
                        climb(hash, at, last, one)
                    });
                assert_eq!(sizes.0, root_of(&leaves), "{index} of {count}");
            }
            assert_eq!(path_of(leaves.len(), &leaves), None);
        }
    }

    /// One step of RFC 9162 §2.1.3.2, which skips the levels where the leaf has no sibling.
    fn climb(hash: Hash, mut at: usize, mut last: usize, sibling: &Hash) -> (Hash, usize, usize) {
        let up = if at % 2 == 1 || at == last {
            while at.is_multiple_of(2) && at != 0 {
                (at, last) = (at / 2, last / 2);
            }
            node(sibling, &hash)
        } else {
            node(&hash, sibling)
        };
        (up, at / 2, last / 2)
    }
}

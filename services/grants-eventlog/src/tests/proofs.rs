//! The tree and its proofs agree with an independent implementation, and no wrong proof is believed.

use base64::{Engine, prelude::BASE64_STANDARD};
use proptest::prelude::*;
use tlog_tiles::tlog;

use super::sample::{edge_of, numbered_leaves};
use crate::ids::Root;
use crate::proofs::{ProofError, prove_consistency, prove_inclusion, verify_consistency, verify_inclusion};
use crate::tree::{Edge, Hash, leaf_hash};

/// The hashes that the other implementation keeps for a tree.
struct Oracle(Vec<tlog::Hash>);

impl tlog::HashReader for Oracle {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog::Error> {
        Ok(indexes.iter().map(|index| self.0[*index as usize]).collect())
    }
}

impl Oracle {
    fn of(leaves: &[Hash]) -> Oracle {
        let mut oracle = Oracle(Vec::new());
        for (number, leaf) in leaves.iter().enumerate() {
            let hashes =
                tlog::stored_hashes_for_record_hash(number as u64, tlog::Hash(*leaf), &oracle).unwrap();
            oracle.0.extend(hashes);
        }
        oracle
    }

    fn root(&self, size: usize) -> Root {
        Root(tlog::tree_hash(size as u64, self).unwrap().0)
    }
}

fn bytes(hashes: &[tlog::Hash]) -> Vec<Hash> {
    hashes.iter().map(|hash| hash.0).collect()
}

#[test]
fn the_published_vector_is_met() {
    let leaves = numbered_leaves(300);
    assert_eq!(
        Root(leaves[0]).to_string(),
        "6734db3b19b64dc83703f9a1f4aee7697dfb292fb4e0827cc63f8a351b1b3609"
    );
    for (size, root) in [
        (0, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
        (5, "C3TUMA55gFbNSHKLT7AenxWtPgp5UPvFiXT/Z1MnHSQ="),
        (256, "Y8VrZGVg3gZKiDIXIpNoRVIPLIZj49wB5id/5ggxFnk="),
        (300, "xjG65k7alGDy52MOsmQmoQ8rG/qzfMK2yiLe0qj8tO8="),
    ] {
        assert_eq!(BASE64_STANDARD.encode(edge_of(&leaves[..size]).root().0), root, "size {size}");
    }
    let nodes = leaves.as_slice();
    assert_eq!(prove_inclusion(7, 300, nodes).unwrap().len(), 9);
    assert_eq!(prove_consistency(5, 300, nodes).unwrap().len(), 10);
    assert_eq!(prove_consistency(256, 300, nodes).unwrap().len(), 1);
}

#[test]
fn every_tree_up_to_seventy_leaves_agrees_with_the_oracle() {
    let leaves = numbered_leaves(70);
    let oracle = Oracle::of(&leaves);
    let roots: Vec<Root> = (0..=70).map(|size| edge_of(&leaves[..size]).root()).collect();
    for size in 1..=70_u64 {
        let root = roots[size as usize];
        assert_eq!(root, oracle.root(size as usize));
        for index in 0..size {
            let proof = prove_inclusion(index, size, leaves.as_slice()).unwrap();
            assert_eq!(proof, bytes(&tlog::prove_record(size, index, &oracle).unwrap()));
            let entry = format!("event-{index}");
            assert_eq!(verify_inclusion(entry.as_bytes(), index, size, &proof, root), Ok(()));
        }
        for old in 0..=size {
            let proof = prove_consistency(old, size, leaves.as_slice()).unwrap();
            if 0 < old && old < size {
                assert_eq!(proof, bytes(&tlog::prove_tree(size, old, &oracle).unwrap()), "{old} of {size}");
            }
            assert_eq!(
                verify_consistency((old, roots[old as usize]), (size, root), &proof),
                Ok(()),
                "{old} of {size}"
            );
        }
    }
}

#[test]
fn what_lies_outside_the_tree_has_no_proof() {
    let leaves = numbered_leaves(3);
    let outside = ProofError::OutOfRange { asked: 3, size: 3 };
    assert_eq!(prove_inclusion(3, 3, leaves.as_slice()), Err(outside.clone()));
    assert_eq!(verify_inclusion(b"event-3", 3, 3, &[], edge_of(&leaves).root()), Err(outside));
    assert_eq!(prove_consistency(4, 3, leaves.as_slice()), Err(ProofError::OutOfRange { asked: 4, size: 3 }));
    assert!(matches!(prove_inclusion(0, 9, leaves.as_slice()), Err(ProofError::Unreadable { .. })));
}

proptest! {
    #[test]
    fn larger_trees_agree_with_the_oracle(size in 1_usize..2_000, pick in any::<prop::sample::Index>()) {
        let leaves = numbered_leaves(size);
        let oracle = Oracle::of(&leaves);
        let index = pick.index(size) as u64;
        let root = edge_of(&leaves).root();
        prop_assert_eq!(root, oracle.root(size));
        let inclusion = prove_inclusion(index, size as u64, leaves.as_slice()).unwrap();
        prop_assert_eq!(&inclusion, &bytes(&tlog::prove_record(size as u64, index, &oracle).unwrap()));
        let old = index + 1;
        let consistency = prove_consistency(old, size as u64, leaves.as_slice()).unwrap();
        let old_root = edge_of(&leaves[..old as usize]).root();
        prop_assert_eq!(verify_consistency((old, old_root), (size as u64, root), &consistency), Ok(()));
    }

    #[test]
    fn a_wrong_inclusion_proof_is_not_believed(
        size in 1_usize..200, pick in any::<prop::sample::Index>(), bit in 0_usize..256, place in any::<prop::sample::Index>(),
    ) {
        let leaves = numbered_leaves(size);
        let (index, root) = (pick.index(size) as u64, edge_of(&leaves).root());
        let entry = format!("event-{index}");
        let proof = prove_inclusion(index, size as u64, leaves.as_slice()).unwrap();
        prop_assert!(verify_inclusion(b"another", index, size as u64, &proof, root).is_err());
        prop_assert!(verify_inclusion(entry.as_bytes(), index, size as u64, &[proof.clone(), vec![[0; 32]]].concat(), root).is_err());
        if !proof.is_empty() {
            let mut bent = proof.clone();
            bent[place.index(proof.len())][bit / 8] ^= 1 << (bit % 8);
            prop_assert!(verify_inclusion(entry.as_bytes(), index, size as u64, &bent, root).is_err());
            prop_assert!(verify_inclusion(entry.as_bytes(), index, size as u64, &proof[1..], root).is_err());
            prop_assert!(verify_inclusion(entry.as_bytes(), index, size as u64, &proof[..proof.len() - 1], root).is_err());
        }
    }

    #[test]
    fn a_rewritten_past_has_no_consistency_proof(
        size in 2_usize..200, pick in any::<prop::sample::Index>(), changed in any::<prop::sample::Index>(),
    ) {
        let leaves = numbered_leaves(size);
        let old = 1 + pick.index(size - 1);
        let mut other = leaves.clone();
        other[changed.index(old)] = leaf_hash(b"rewritten");
        let proof = prove_consistency(old as u64, size as u64, other.as_slice()).unwrap();
        let honest = (old as u64, edge_of(&leaves[..old]).root());
        let rewritten = (size as u64, edge_of(&other).root());
        prop_assert!(verify_consistency(honest, rewritten, &proof).is_err());
    }

    #[test]
    fn an_edge_reads_back_and_grows_on(size in 0_usize..600, more in 0_usize..40) {
        let leaves = numbered_leaves(size + more);
        let mut edge = Edge::from_bytes(&edge_of(&leaves[..size]).to_bytes()).unwrap();
        for leaf in &leaves[size..] {
            edge.push(*leaf);
        }
        prop_assert_eq!(&edge, &edge_of(&leaves));
        let stored = edge.to_bytes();
        prop_assert!(Edge::from_bytes(&stored[..stored.len() - 1]).is_err());
        prop_assert!(Edge::from_bytes(&[stored, vec![0; 32]].concat()).is_err());
    }
}

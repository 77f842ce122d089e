//! Checking proofs with nothing but a root: RFC 9162 §2.1.3.2 and §2.1.4.2, word for word.

use super::node_hash;
use crate::digest::{Digest32, Suite};

/// The proof does not show what it claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProof {
    /// The leaf index lies outside the tree, or the sizes are in the wrong order.
    #[error("the proof speaks of a leaf or size that the tree cannot have")]
    OutOfRange,
    /// The old tree is empty: consistency with it says nothing, so it is refused.
    #[error("nothing is proved by an empty tree")]
    EmptyTree,
    /// Too many or too few hashes.
    #[error("the proof has the wrong number of hashes")]
    WrongLength,
    /// The hashes lead to another root.
    #[error("the proof leads to another root")]
    WrongRoot,
}

/// Checks that `leaf` is at `index` in the tree of `size` leaves with this `root`.
///
/// # Errors
/// The proof does not show it.
pub fn verify_inclusion(
    suite: Suite,
    index: u64,
    size: u64,
    leaf: &Digest32,
    proof: &[Digest32],
    root: &Digest32,
) -> Result<(), InvalidProof> {
    if size <= index {
        return Err(InvalidProof::OutOfRange);
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(InvalidProof::WrongLength);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(suite, sibling, &hash);
            (node, last) = climb_to_right_child(node, last);
        } else {
            hash = node_hash(suite, &hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(InvalidProof::WrongLength);
    }
    if hash == *root {
        Ok(())
    } else {
        Err(InvalidProof::WrongRoot)
    }
}

/// Checks that the tree of `old` leaves is the beginning of the tree of `new` leaves.
///
/// # Errors
/// The proof does not show it; an empty old tree is always refused, as transparency-dev does.
pub fn verify_consistency(
    suite: Suite,
    old: u64,
    new: u64,
    old_root: &Digest32,
    new_root: &Digest32,
    proof: &[Digest32],
) -> Result<(), InvalidProof> {
    if new < old {
        return Err(InvalidProof::OutOfRange);
    }
    if old == 0 {
        return Err(InvalidProof::EmptyTree);
    }
    if old == new {
        return match (proof.is_empty(), old_root == new_root) {
            (false, _) => Err(InvalidProof::WrongLength),
            (true, false) => Err(InvalidProof::WrongRoot),
            (true, true) => Ok(()),
        };
    }
    let (first, rest) = if old.is_power_of_two() {
        (old_root, proof)
    } else {
        proof.split_first().ok_or(InvalidProof::WrongLength)?
    };
    if rest.is_empty() {
        return Err(InvalidProof::WrongLength);
    }
    let shift = (old - 1).trailing_ones();
    let (mut node, mut last) = ((old - 1) >> shift, (new - 1) >> shift);
    let (mut old_hash, mut new_hash) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return Err(InvalidProof::WrongLength);
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(suite, sibling, &old_hash);
            new_hash = node_hash(suite, sibling, &new_hash);
            (node, last) = climb_to_right_child(node, last);
        } else {
            new_hash = node_hash(suite, &new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(InvalidProof::WrongLength);
    }
    if old_hash == *old_root && new_hash == *new_root {
        Ok(())
    } else {
        Err(InvalidProof::WrongRoot)
    }
}

/// Skips the levels at which the last node of the tree has no sibling.
const fn climb_to_right_child(mut node: u64, mut last: u64) -> (u64, u64) {
    while node & 1 == 0 && node != 0 {
        node >>= 1;
        last >>= 1;
    }
    (node, last)
}

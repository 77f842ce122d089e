//! The tree against the definition of RFC 6962, against ct-merkle, and against tampering.

use std::{collections::BTreeMap, convert::Infallible, time::Instant};

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sm3::Sm3;

use crate::{
    Digest32, Suite, hash,
    merkle::{
        Appender, InvalidProof, Prover, TILE_BYTES, Tiles, TreeError, empty_root, leaf_hash,
        node_hash, verify_consistency, verify_inclusion,
    },
};

/// A tree whose tiles are kept in a map.
pub(super) struct Shelf {
    pub(super) appender: Appender,
    tiles: BTreeMap<(u8, u64), Vec<u8>>,
}

impl Tiles for Shelf {
    type Error = Infallible;

    fn read(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.tiles.get(&(level, index)).cloned())
    }
}

impl Shelf {
    pub(super) fn new(suite: Suite) -> Self {
        Self {
            appender: Appender::new(suite),
            tiles: BTreeMap::new(),
        }
    }

    pub(super) fn push(&mut self, leaves: &[Digest32]) {
        for tile in self.appender.append(leaves.iter().copied()) {
            assert!(!tile.hashes.is_empty() && tile.hashes.len() <= TILE_BYTES);
            self.tiles.insert((tile.level, tile.index), tile.hashes);
        }
    }

    pub(super) fn prover(&self) -> Prover<'_, Self> {
        Prover::new(self.appender.suite(), self.appender.size(), self)
    }
}

fn leaves(suite: Suite, count: usize) -> Vec<Digest32> {
    (0..count)
        .map(|at| leaf_hash(suite, &at.to_be_bytes()))
        .collect()
}

fn grown(suite: Suite, count: usize) -> Shelf {
    let mut shelf = Shelf::new(suite);
    shelf.push(&leaves(suite, count));
    shelf
}

/// MTH of RFC 6962 §2.1, read off the page.
fn mth(suite: Suite, leaves: &[Digest32]) -> Digest32 {
    match leaves {
        [] => hash(suite, b""),
        [leaf] => *leaf,
        _ => {
            let k = largest_power_below(leaves.len());
            node_hash(suite, &mth(suite, &leaves[..k]), &mth(suite, &leaves[k..]))
        }
    }
}

/// PATH of RFC 6962 §2.1.1.
fn path(suite: Suite, m: usize, leaves: &[Digest32]) -> Vec<Digest32> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = largest_power_below(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut below, beside) = if m < k {
        (path(suite, m, left), right)
    } else {
        (path(suite, m - k, right), left)
    };
    below.push(mth(suite, beside));
    below
}

/// SUBPROOF of RFC 6962 §2.1.2.
fn subproof(suite: Suite, m: usize, leaves: &[Digest32], whole: bool) -> Vec<Digest32> {
    if m == leaves.len() {
        return if whole {
            Vec::new()
        } else {
            vec![mth(suite, leaves)]
        };
    }
    let k = largest_power_below(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut below, beside) = if m <= k {
        (subproof(suite, m, left, whole), right)
    } else {
        (subproof(suite, m - k, right, false), left)
    };
    below.push(mth(suite, beside));
    below
}

fn largest_power_below(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn proofs_from_tiles_are_those_of_the_definition(
        size in 1_usize..3000, old in any::<prop::sample::Index>(),
        index in any::<prop::sample::Index>(), batch in 1_usize..700,
    ) {
        let suite = Suite::International;
        let all = leaves(suite, size);
        let mut shelf = Shelf::new(suite);
        for part in all.chunks(batch) {
            shelf.push(part);
        }
        let prover = shelf.prover();
        let (old, index) = (1 + old.index(size), index.index(size));
        prop_assert_eq!(shelf.appender.root(), mth(suite, &all));
        let old_root = prover.root(old as u64).unwrap();
        prop_assert_eq!(old_root, mth(suite, &all[..old]));
        let proof = prover.consistency(old as u64, size as u64).unwrap();
        prop_assert_eq!(&proof, &subproof(suite, old, &all, true));
        let root = shelf.appender.root();
        verify_consistency(suite, old as u64, size as u64, &old_root, &root, &proof).unwrap();
        let proof = prover.inclusion(index as u64, size as u64).unwrap();
        prop_assert_eq!(&proof, &path(suite, index, &all));
        let leaf = prover.leaf(index as u64).unwrap();
        verify_inclusion(suite, index as u64, size as u64, &leaf, &proof, &root).unwrap();
    }

    #[test]
    fn a_tree_resumed_from_its_tiles_goes_on_as_if_never_stopped(
        first in 0_usize..70_000, second in 0_usize..600,
    ) {
        let suite = Suite::International;
        let all = leaves(suite, first + second);
        let mut shelf = grown(suite, first);
        shelf.appender = Appender::resume(suite, first as u64, &shelf).unwrap();
        shelf.push(&all[first..]);
        let whole = grown(suite, first + second);
        prop_assert_eq!(shelf.appender.root(), whole.appender.root());
        prop_assert_eq!(&shelf.tiles, &whole.tiles);
    }

    #[test]
    fn one_flipped_bit_anywhere_in_a_proof_is_found(
        size in 2_u64..600, index in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(), bit in 0_usize..256,
    ) {
        let suite = Suite::International;
        let shelf = grown(suite, size as usize);
        let prover = shelf.prover();
        let root = shelf.appender.root();
        let index = index.index(size as usize) as u64;
        let leaf = prover.leaf(index).unwrap();
        let good = prover.inclusion(index, size).unwrap();
        let mut bad = good.clone();
        let at = at.index(bad.len());
        bad[at].0[bit / 8] ^= 1 << (bit % 8);
        let verify = |index, size, leaf: &Digest32, proof: &[Digest32]| {
            verify_inclusion(suite, index, size, leaf, proof, &root)
        };
        prop_assert_eq!(verify(index, size, &leaf, &good), Ok(()));
        prop_assert_eq!(verify(index, size, &leaf, &bad), Err(InvalidProof::WrongRoot));
        prop_assert!(verify(index, size, &leaf, &good[1..]).is_err());
        prop_assert!(verify(index ^ 1, size, &leaf, &good).is_err());
        let mut long = good.clone();
        long.push(root);
        prop_assert_eq!(verify(index, size, &leaf, &long), Err(InvalidProof::WrongLength));
        let mut other = leaf;
        other.0[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(verify(index, size, &other, &good), Err(InvalidProof::WrongRoot));
    }

    #[test]
    fn a_rewritten_past_is_not_consistent(old in 1_u64..300, more in 0_u64..300, at in 0_u64..300) {
        let suite = Suite::International;
        let new = old + more;
        let honest = grown(suite, new as usize);
        let mut forged_leaves = leaves(suite, new as usize);
        forged_leaves[(at % old) as usize] = leaf_hash(suite, b"forged");
        let mut forged = Shelf::new(suite);
        forged.push(&forged_leaves);
        let old_root = honest.prover().root(old).unwrap();
        let proof = forged.prover().consistency(old, new).unwrap();
        let new_root = forged.appender.root();
        let verdict = verify_consistency(suite, old, new, &old_root, &new_root, &proof);
        prop_assert_eq!(verdict, Err(InvalidProof::WrongRoot));
    }
}

#[test]
fn ct_merkle_finds_the_same_roots_and_proofs_over_sm3() {
    let suite = Suite::ShangMi;
    let mut oracle = MemoryBackedTree::<Sm3, Vec<u8>>::new();
    let mut shelf = Shelf::new(suite);
    for size in 1_usize..=520 {
        oracle.push(size.to_be_bytes().to_vec());
        shelf.push(&[leaf_hash(suite, &size.to_be_bytes())]);
        assert_eq!(
            shelf.appender.root().0,
            <[u8; 32]>::from(*oracle.root().as_bytes())
        );
        if size % 37 != 0 {
            continue;
        }
        let prover = shelf.prover();
        for index in [0, size / 3, size - 1] {
            let proof = prover.inclusion(index as u64, size as u64).unwrap();
            assert_eq!(joined(&proof), oracle.prove_inclusion(index).as_bytes());
        }
        for old in [1, size / 2, size - 1] {
            let proof = prover.consistency(old as u64, size as u64).unwrap();
            assert_eq!(
                joined(&proof),
                oracle.prove_consistency(size - old).as_bytes()
            );
        }
    }
}

fn joined(proof: &[Digest32]) -> Vec<u8> {
    proof.iter().flat_map(|hash| hash.0).collect()
}

#[test]
fn the_edges_of_tiles_are_where_they_should_be() {
    let suite = Suite::International;
    for size in [
        1_usize, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 65_793,
    ] {
        let shelf = grown(suite, size);
        let all = leaves(suite, size);
        assert_eq!(shelf.appender.root(), mth(suite, &all), "{size}");
        assert_eq!(
            shelf.prover().root(size as u64).unwrap(),
            mth(suite, &all),
            "{size}"
        );
        let resumed = Appender::resume(suite, size as u64, &shelf).unwrap();
        assert_eq!(resumed.root(), shelf.appender.root());
    }
}

#[test]
fn the_empty_tree_has_the_root_of_nothing_and_no_leaves() {
    let shelf = Shelf::new(Suite::ShangMi);
    assert_eq!(shelf.prover().root(0).unwrap(), empty_root(Suite::ShangMi));
    assert_eq!(shelf.appender.root(), empty_root(Suite::ShangMi));
    assert!(matches!(
        shelf.prover().leaf(0),
        Err(TreeError::OutOfRange { .. })
    ));
    assert!(matches!(
        shelf.prover().inclusion(0, 0),
        Err(TreeError::OutOfRange { .. })
    ));
    assert_eq!(
        Appender::resume(Suite::ShangMi, 0, &shelf).unwrap().root(),
        shelf.appender.root()
    );
}

#[test]
fn what_the_tree_never_had_is_refused() {
    let shelf = grown(Suite::International, 10);
    let prover = shelf.prover();
    assert!(matches!(
        prover.root(11),
        Err(TreeError::OutOfRange {
            asked: 11,
            size: 10
        })
    ));
    assert!(matches!(
        prover.inclusion(5, 5),
        Err(TreeError::OutOfRange { .. })
    ));
    assert!(matches!(
        prover.inclusion(u64::MAX, 10),
        Err(TreeError::OutOfRange { .. })
    ));
    assert!(matches!(
        prover.consistency(6, 5),
        Err(TreeError::OutOfRange { .. })
    ));
    assert!(matches!(
        prover.consistency(5, u64::MAX),
        Err(TreeError::OutOfRange { .. })
    ));
}

#[test]
fn a_lost_or_shortened_tile_is_named() {
    let suite = Suite::International;
    let mut shelf = grown(suite, 600);
    shelf.tiles.get_mut(&(0, 2)).unwrap().truncate(32 * 80);
    let short = Appender::resume(suite, 600, &shelf);
    assert!(matches!(
        short,
        Err(TreeError::Missing { level: 0, index: 2 })
    ));
    shelf.tiles.remove(&(0, 1));
    let lost = shelf.prover().inclusion(300, 512);
    assert!(matches!(
        lost,
        Err(TreeError::Missing { level: 0, index: 1 })
    ));
}

#[test]
fn a_proof_in_a_large_tree_reads_few_tiles() {
    struct Counting<'s>(&'s Shelf, std::cell::Cell<u32>);
    impl Tiles for Counting<'_> {
        type Error = Infallible;
        fn read(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Infallible> {
            self.1.set(self.1.get() + 1);
            self.0.read(level, index)
        }
    }
    let size = 70_001;
    let shelf = grown(Suite::International, size);
    for index in [0, 12_345, 69_999, 70_000] {
        let counting = Counting(&shelf, std::cell::Cell::new(0));
        let prover = Prover::new(Suite::International, size as u64, &counting);
        prover.inclusion(index, size as u64).unwrap();
        assert!(
            counting.1.get() <= 6,
            "{index} read {} tiles",
            counting.1.get()
        );
    }
}

#[test]
fn appending_costs_little_more_than_the_hashes_it_cannot_avoid() {
    let suite = Suite::ShangMi;
    let all = leaves(suite, 1 << 16);
    let timed = |work: &dyn Fn() -> Digest32| {
        let start = Instant::now();
        std::hint::black_box(work());
        start.elapsed()
    };
    let chain = || {
        all.iter()
            .fold(all[0], |root, leaf| node_hash(suite, &root, leaf))
    };
    let tree = || {
        let mut appender = Appender::new(suite);
        appender.append(all.iter().copied());
        appender.root()
    };
    // By turns and the best of each, so that a busy machine slows both sides alike.
    let rounds: Vec<_> = (0..7).map(|_| (timed(&chain), timed(&tree))).collect();
    let bare = rounds.iter().map(|round| round.0).min().unwrap();
    let appending = rounds.iter().map(|round| round.1).min().unwrap();
    // A tree of n leaves has n - 1 nodes to hash. Measured over 2^20 leaves: 0.9 times the chain.
    assert!(
        appending < bare * 2,
        "{appending:?} against {bare:?} of bare hashing"
    );
}

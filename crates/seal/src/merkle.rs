//! The Merkle tree 默克尔树 of RFC 6962 over either suite: hashes, appending, proofs, verifiers.
//!
//! The tree is kept as *tiles*, so that it resumes from a database without being read again: the
//! tile (level, index) holds up to 256 consecutive hashes, 32 bytes each, of the complete subtrees
//! of 256^level leaves that start at leaf `index · 256^(level+1)`. Only the last tile of a level is
//! ever partial; it is rewritten as it grows and a full one never changes, so a tile serves every
//! older size too. 300 million leaves need four levels.
//!
//! Deliberately absent: the leaves themselves, where tiles are stored, and transactions.

mod append;
mod prove;
mod verify;

pub use append::{Appender, Tile};
pub use prove::Prover;
pub use verify::{InvalidProof, verify_consistency, verify_inclusion};

use crate::digest::{Digest32, Suite, hash_parts};

/// Hashes in a full tile.
pub const TILE_WIDTH: usize = 256;
/// Bytes in a full tile.
pub const TILE_BYTES: usize = TILE_WIDTH * DIGEST_BYTES;
const TILE_HEIGHT: u32 = 8;
const DIGEST_BYTES: usize = 32;

/// Where the tiles are kept: a table, a folder, a map.
pub trait Tiles {
    /// What can go wrong when a tile is read.
    type Error: std::error::Error + 'static;

    /// The bytes of a tile as last written, or nothing when it never was.
    ///
    /// # Errors
    /// Whatever the store says.
    fn read(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Self::Error>;
}

/// Why the tree could not be read or asked.
#[derive(Debug, thiserror::Error)]
pub enum TreeError<E: std::error::Error + 'static> {
    /// The store failed.
    #[error("the tiles could not be read")]
    Store(#[source] E),
    /// A tile is absent or shorter than the size of the tree demands: the tree has been damaged.
    #[error("tile {index} of level {level} is missing or too short")]
    Missing {
        /// Level of the tile.
        level: u8,
        /// Index of the tile in its level.
        index: u64,
    },
    /// A leaf or a size beyond the tree was asked for.
    #[error("leaf or size {asked} lies outside a tree of {size}")]
    OutOfRange {
        /// What was asked for.
        asked: u64,
        /// The size of the tree.
        size: u64,
    },
}

/// The hash of a leaf: `H(0x00 ‖ data)`.
#[must_use]
pub fn leaf_hash(suite: Suite, data: &[u8]) -> Digest32 {
    hash_parts(suite, &[&[0x00], data])
}

/// The hash of an inner node: `H(0x01 ‖ left ‖ right)`.
#[must_use]
pub fn node_hash(suite: Suite, left: &Digest32, right: &Digest32) -> Digest32 {
    let mut bytes = [0x01_u8; 1 + 2 * DIGEST_BYTES];
    bytes[1..=DIGEST_BYTES].copy_from_slice(&left.0);
    bytes[1 + DIGEST_BYTES..].copy_from_slice(&right.0);
    hash_parts(suite, &[&bytes])
}

/// The root of the empty tree: the hash of nothing.
#[must_use]
pub fn empty_root(suite: Suite) -> Digest32 {
    hash_parts(suite, &[])
}

/// The root of a complete subtree over a power of two of hashes, given as their bytes.
fn fold(suite: Suite, hashes: &[u8]) -> Digest32 {
    let mut row: Vec<Digest32> = hashes.chunks_exact(DIGEST_BYTES).map(digest_of).collect();
    while 1 < row.len() {
        let half = row.len() / 2;
        for at in 0..half {
            row[at] = node_hash(suite, &row[2 * at], &row[2 * at + 1]);
        }
        row.truncate(half);
    }
    row.first().copied().unwrap_or_else(|| empty_root(suite))
}

fn digest_of(bytes: &[u8]) -> Digest32 {
    let mut digest = [0_u8; DIGEST_BYTES];
    digest.copy_from_slice(bytes);
    Digest32(digest)
}

/// The largest power of two below `size`, which must be at least two: where RFC 6962 splits.
const fn split(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}

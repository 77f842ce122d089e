//! Growing a tree: takes leaf hashes, says which tiles to write, keeps only the right edge.

use super::{DIGEST_BYTES, TILE_BYTES, TILE_WIDTH, Tiles, TreeError, fold, node_hash};
use crate::digest::{Digest32, Suite};

/// A tile to be written: insert it, or replace the shorter one of the same place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// 0 holds leaf hashes, 1 the roots of 256 leaves each, and so on.
    pub level: u8,
    /// Place in the level.
    pub index: u64,
    /// Up to 256 hashes, 32 bytes each.
    pub hashes: Vec<u8>,
}

/// The right edge of a tree: what is needed to append to it and to know its root.
///
/// Cloning is cheap enough (at most 8 KiB a level) to try a batch and drop it with its transaction.
#[derive(Debug, Clone)]
pub struct Appender {
    suite: Suite,
    size: u64,
    edge: Vec<Edge>,
}

/// The last, partial tile of a level; never full.
#[derive(Debug, Clone, Default)]
struct Edge {
    index: u64,
    hashes: Vec<u8>,
    changed: bool,
}

impl Appender {
    /// The edge of an empty tree.
    #[must_use]
    pub const fn new(suite: Suite) -> Self {
        Self {
            suite,
            size: 0,
            edge: Vec::new(),
        }
    }

    /// Picks up a tree of `size` leaves from its stored tiles, one read a level.
    ///
    /// # Errors
    /// The store fails, or a tile on the edge is missing.
    pub fn resume<T: Tiles>(
        suite: Suite,
        size: u64,
        tiles: &T,
    ) -> Result<Self, TreeError<T::Error>> {
        let mut edge = Vec::new();
        let mut count = size;
        for level in 0_u8.. {
            if count == 0 {
                break;
            }
            let index = count / TILE_WIDTH as u64;
            let held = (count % TILE_WIDTH as u64) as usize * DIGEST_BYTES;
            let mut hashes = Vec::new();
            if held != 0 {
                hashes = tiles
                    .read(level, index)
                    .map_err(TreeError::Store)?
                    .unwrap_or_default();
                if hashes.len() < held {
                    return Err(TreeError::Missing { level, index });
                }
                hashes.truncate(held);
            }
            edge.push(Edge {
                index,
                hashes,
                changed: false,
            });
            count = index;
        }
        Ok(Self { suite, size, edge })
    }

    /// The suite of the tree.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        self.suite
    }

    /// How many leaves the tree has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends leaf hashes in order and returns the tiles that changed, full ones first.
    ///
    /// One partial tile a level is rewritten per call, so append in batches.
    pub fn append(&mut self, leaves: impl IntoIterator<Item = Digest32>) -> Vec<Tile> {
        let mut tiles = Vec::new();
        for leaf in leaves {
            self.push(leaf, &mut tiles);
        }
        for (level, edge) in (0_u8..).zip(&mut self.edge) {
            if std::mem::take(&mut edge.changed) && !edge.hashes.is_empty() {
                tiles.push(Tile {
                    level,
                    index: edge.index,
                    hashes: edge.hashes.clone(),
                });
            }
        }
        tiles
    }

    fn push(&mut self, leaf: Digest32, full: &mut Vec<Tile>) {
        self.size += 1;
        let mut hash = leaf;
        for level in 0_u8.. {
            let at = usize::from(level);
            if self.edge.len() == at {
                self.edge.push(Edge::default());
            }
            let edge = &mut self.edge[at];
            edge.hashes.extend_from_slice(&hash.0);
            edge.changed = true;
            if edge.hashes.len() < TILE_BYTES {
                return;
            }
            hash = fold(self.suite, &edge.hashes);
            let hashes = std::mem::replace(&mut edge.hashes, Vec::with_capacity(TILE_BYTES));
            full.push(Tile {
                level,
                index: edge.index,
                hashes,
            });
            edge.index += 1;
            edge.changed = false;
        }
    }

    /// The root of the tree as it stands.
    #[must_use]
    pub fn root(&self) -> Digest32 {
        // The complete subtrees from right to left, smallest first, joined as RFC 6962 splits.
        let mut root: Option<Digest32> = None;
        for edge in &self.edge {
            let mut rest = edge.hashes.as_slice();
            let mut width = DIGEST_BYTES;
            while !rest.is_empty() {
                if rest.len() & width != 0 {
                    let (left, complete) = rest.split_at(rest.len() - width);
                    let complete = fold(self.suite, complete);
                    root = Some(match root {
                        Some(right) => node_hash(self.suite, &complete, &right),
                        None => complete,
                    });
                    rest = left;
                }
                width *= 2;
            }
        }
        root.unwrap_or_else(|| super::empty_root(self.suite))
    }
}

//! Asking a stored tree: the root at any size it ever had, inclusion and consistency proofs.
//!
//! Every answer reads at most two tiles a level and folds what lies inside them.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use super::{
    DIGEST_BYTES, TILE_HEIGHT, TILE_WIDTH, Tiles, TreeError, empty_root, fold, node_hash, split,
};
use crate::digest::{Digest32, Suite};

/// Tiles by level and index.
type TilesRead = BTreeMap<(u8, u64), Rc<[u8]>>;

/// Answers for the tree of `size` leaves kept in `tiles`, and for every size before.
///
/// Tiles are kept in memory for as long as the prover lives: make one per question or per page.
pub struct Prover<'t, T: Tiles> {
    suite: Suite,
    size: u64,
    tiles: &'t T,
    read: RefCell<TilesRead>,
}

impl<'t, T: Tiles> Prover<'t, T> {
    /// Looks at the tree of `size` leaves.
    pub const fn new(suite: Suite, size: u64, tiles: &'t T) -> Self {
        Self {
            suite,
            size,
            tiles,
            read: RefCell::new(BTreeMap::new()),
        }
    }

    /// The root when the tree had `size` leaves.
    ///
    /// # Errors
    /// `size` lies beyond the tree, the store fails, or a tile is missing.
    pub fn root(&self, size: u64) -> Result<Digest32, TreeError<T::Error>> {
        self.within(size, self.size)?;
        self.range(0, size)
    }

    /// The hash of the leaf at `index`.
    ///
    /// # Errors
    /// `index` lies beyond the tree, the store fails, or a tile is missing.
    pub fn leaf(&self, index: u64) -> Result<Digest32, TreeError<T::Error>> {
        self.within(index.saturating_add(1), self.size)?;
        self.complete(0, index)
    }

    /// The proof that the leaf at `index` is in the tree of `size` leaves (RFC 6962 §2.1.1).
    ///
    /// # Errors
    /// `index` or `size` lies beyond the tree, the store fails, or a tile is missing.
    pub fn inclusion(&self, index: u64, size: u64) -> Result<Vec<Digest32>, TreeError<T::Error>> {
        self.within(size, self.size)?;
        self.within(index.saturating_add(1), size)?;
        let mut path = Vec::new();
        let (mut start, mut count) = (0, size);
        while 1 < count {
            let left = split(count);
            if index < start + left {
                path.push(self.range(start + left, start + count)?);
                count = left;
            } else {
                path.push(self.range(start, start + left)?);
                start += left;
                count -= left;
            }
        }
        path.reverse();
        Ok(path)
    }

    /// The proof that the tree of `old` leaves is the beginning of the tree of `new` leaves
    /// (RFC 6962 §2.1.2). It is empty when the two are equal or the old tree is empty.
    ///
    /// # Errors
    /// `old` lies beyond `new` or `new` beyond the tree, the store fails, or a tile is missing.
    pub fn consistency(&self, old: u64, new: u64) -> Result<Vec<Digest32>, TreeError<T::Error>> {
        self.within(new, self.size)?;
        self.within(old, new)?;
        if old == 0 || old == new {
            return Ok(Vec::new());
        }
        let mut path = Vec::new();
        let (mut start, mut count) = (0, new);
        let mut known = true; // the verifier has the root of the subtree that ends at `old`
        while start + count != old {
            let left = split(count);
            if old <= start + left {
                path.push(self.range(start + left, start + count)?);
                count = left;
            } else {
                path.push(self.range(start, start + left)?);
                start += left;
                count -= left;
                known = false;
            }
        }
        if !known {
            path.push(self.range(start, old)?);
        }
        path.reverse();
        Ok(path)
    }

    const fn within(&self, asked: u64, size: u64) -> Result<(), TreeError<T::Error>> {
        if asked <= size {
            Ok(())
        } else {
            Err(TreeError::OutOfRange { asked, size })
        }
    }

    /// The root over the leaves `start..end`, a range that RFC 6962 splitting can produce.
    fn range(&self, start: u64, end: u64) -> Result<Digest32, TreeError<T::Error>> {
        let count = end - start;
        if count == 0 {
            return Ok(empty_root(self.suite));
        }
        if count.is_power_of_two() {
            return self.complete(count.trailing_zeros(), start / count);
        }
        let middle = start + split(count);
        let left = self.range(start, middle)?;
        let right = self.range(middle, end)?;
        Ok(node_hash(self.suite, &left, &right))
    }

    /// The root of the complete subtree of 2^height leaves at `index`, from the one tile it is in.
    fn complete(&self, height: u32, index: u64) -> Result<Digest32, TreeError<T::Error>> {
        let level = (height / TILE_HEIGHT) as u8;
        let width = 1_u64 << (height % TILE_HEIGHT);
        let first = index * width;
        let tile = first / TILE_WIDTH as u64;
        let from = (first % TILE_WIDTH as u64) as usize * DIGEST_BYTES;
        let hashes = self.tile(level, tile)?;
        let to = from + width as usize * DIGEST_BYTES;
        let within = hashes
            .get(from..to)
            .ok_or(TreeError::Missing { level, index: tile })?;
        Ok(fold(self.suite, within))
    }

    fn tile(&self, level: u8, index: u64) -> Result<Rc<[u8]>, TreeError<T::Error>> {
        if let Some(hashes) = self.read.borrow().get(&(level, index)) {
            return Ok(Rc::clone(hashes));
        }
        let hashes = self.tiles.read(level, index).map_err(TreeError::Store)?;
        let hashes: Rc<[u8]> = hashes.ok_or(TreeError::Missing { level, index })?.into();
        self.read
            .borrow_mut()
            .insert((level, index), Rc::clone(&hashes));
        Ok(hashes)
    }
}

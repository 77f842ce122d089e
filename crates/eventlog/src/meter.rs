//! What stands between the bytes and the parser: counts lines, and ends a piece that is too long
//! before it fills the memory.

use std::io::{self, BufRead, Read};

use crate::read::Limits;

/// A reader that hands out so many bytes a piece, and so many in all.
pub(crate) struct Meter<R> {
    inner: R,
    piece_left: u64,
    all_left: u64,
    piece_max: u64,
    all_max: u64,
    lines: u64,
}

impl<R> Meter<R> {
    pub(crate) fn new(inner: R, limits: &Limits) -> Self {
        Self {
            inner,
            piece_left: limits.piece_bytes_max,
            all_left: limits.bytes_max,
            piece_max: limits.piece_bytes_max,
            all_max: limits.bytes_max,
            lines: 0,
        }
    }

    /// A new element, text or comment begins.
    pub(crate) fn next_piece(&mut self) {
        self.piece_left = self.piece_max;
    }

    /// The line that was reached, counted from one.
    pub(crate) fn line(&self) -> u64 {
        self.lines + 1
    }

    /// Which limit ended the reading, if one did.
    pub(crate) fn exceeded(&self) -> Option<(&'static str, u64)> {
        if self.all_left == 0 {
            Some(("bytes", self.all_max))
        } else if self.piece_left == 0 {
            Some(("bytes in one piece", self.piece_max))
        } else {
            None
        }
    }
}

impl<R: BufRead> BufRead for Meter<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let left = self.piece_left.min(self.all_left);
        let bytes = self.inner.fill_buf()?;
        if left == 0 && !bytes.is_empty() {
            return Err(io::Error::other("more bytes than are allowed"));
        }
        let shown = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        Ok(&bytes[..shown])
    }

    fn consume(&mut self, amount: usize) {
        // What is being consumed is still in the buffer, so this reads nothing new.
        if let Ok(bytes) = self.inner.fill_buf() {
            let lines = bytes
                .iter()
                .take(amount)
                .filter(|byte| **byte == b'\n')
                .count();
            self.lines += lines as u64;
        }
        self.inner.consume(amount);
        self.piece_left = self.piece_left.saturating_sub(amount as u64);
        self.all_left = self.all_left.saturating_sub(amount as u64);
    }
}

impl<R: BufRead> Read for Meter<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let bytes = self.fill_buf()?;
        let amount = bytes.len().min(target.len());
        target[..amount].copy_from_slice(&bytes[..amount]);
        self.consume(amount);
        Ok(amount)
    }
}

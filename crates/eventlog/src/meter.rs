//! What stands between the bytes and the parser: counts lines, and ends a piece that is too long
//! before it fills the memory.

use std::io::{self, BufRead, Read};

use crate::read::Limits;

const BUFFER_BYTES: usize = 128 << 10;

/// A reader that hands out so many bytes a piece, and so many in all.
pub(crate) struct Meter<R> {
    inner: R,
    buffer: Vec<u8>,
    /// What was consumed of the buffer, and how much of it is filled.
    at: usize,
    filled: usize,
    /// Lines before the buffer; those in it are counted when they are gone, or asked for.
    lines: u64,
    piece_left: u64,
    all_left: u64,
    piece_max: u64,
    all_max: u64,
}

impl<R> Meter<R> {
    pub(crate) fn new(inner: R, limits: &Limits) -> Self {
        Self {
            inner,
            buffer: vec![0; BUFFER_BYTES],
            at: 0,
            filled: 0,
            lines: 0,
            piece_left: limits.piece_bytes_max,
            all_left: limits.bytes_max,
            piece_max: limits.piece_bytes_max,
            all_max: limits.bytes_max,
        }
    }

    /// A new element, text or comment begins.
    pub(crate) fn next_piece(&mut self) {
        self.piece_left = self.piece_max;
    }

    /// The line that was reached, counted from one.
    pub(crate) fn line(&self) -> u64 {
        self.lines + ends(&self.buffer[..self.at]) + 1
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

/// How many lines end in these bytes.
fn ends(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

impl<R: Read> BufRead for Meter<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.filled {
            self.lines += ends(&self.buffer[..self.filled]);
            (self.at, self.filled) = (0, 0);
            self.filled = loop {
                match self.inner.read(&mut self.buffer) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    read => break read?,
                }
            };
        }
        let left = self.piece_left.min(self.all_left);
        let bytes = &self.buffer[self.at..self.filled];
        if left == 0 && !bytes.is_empty() {
            return Err(io::Error::other("more bytes than are allowed"));
        }
        let shown = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        Ok(&bytes[..shown])
    }

    fn consume(&mut self, amount: usize) {
        self.at = self.filled.min(self.at + amount);
        self.piece_left = self.piece_left.saturating_sub(amount as u64);
        self.all_left = self.all_left.saturating_sub(amount as u64);
    }
}

impl<R: Read> Read for Meter<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let bytes = self.fill_buf()?;
        let amount = bytes.len().min(target.len());
        target[..amount].copy_from_slice(&bytes[..amount]);
        self.consume(amount);
        Ok(amount)
    }
}

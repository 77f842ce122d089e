//! Unpacks gzip on a thread of its own, so that unpacking and reading go side by side.

use std::io::{self, BufReader, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use flate2::bufread::MultiGzDecoder;

const PIECE_BYTES: usize = 256 << 10;
/// How many unpacked pieces may wait to be read: what bounds the memory.
const PIECES_MAX: usize = 4;

/// Unpacks the input and hands what comes out to `take`.
pub(crate) fn unpacked<R: Read + Send, T>(
    input: BufReader<R>,
    take: impl FnOnce(&mut dyn Read) -> T,
) -> T {
    let (sender, receiver) = sync_channel(PIECES_MAX);
    thread::scope(|scope| {
        scope.spawn(move || unpack(MultiGzDecoder::new(input), &sender));
        let mut pieces = Pieces {
            receiver,
            piece: Vec::new(),
            at: 0,
        };
        let taken = take(&mut pieces);
        // Whoever unpacks for nobody stops: the other end is gone.
        drop(pieces);
        taken
    })
}

/// Sends piece after piece, then the error that ended them, if one did.
fn unpack(mut input: impl Read, sender: &SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut piece = Vec::with_capacity(PIECE_BYTES);
        let read = (&mut input)
            .take(PIECE_BYTES as u64)
            .read_to_end(&mut piece);
        let ended = piece.is_empty();
        if !ended && sender.send(Ok(piece)).is_err() {
            return;
        }
        match read {
            Err(error) => {
                // Nobody left to tell is nobody to tell.
                let _ = sender.send(Err(error));
                return;
            }
            Ok(_) if ended => return,
            Ok(_) => {}
        }
    }
}

/// What was unpacked, as a reader.
struct Pieces {
    receiver: Receiver<io::Result<Vec<u8>>>,
    piece: Vec<u8>,
    at: usize,
}

impl Read for Pieces {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() {
            match self.receiver.recv() {
                Ok(piece) => (self.piece, self.at) = (piece?, 0),
                // The other end has sent everything.
                Err(_) => return Ok(0),
            }
        }
        let left = &self.piece[self.at..];
        let amount = left.len().min(target.len());
        target[..amount].copy_from_slice(&left[..amount]);
        self.at += amount;
        Ok(amount)
    }
}

//! Texts kept once: an event names its activity by a number.

use std::collections::HashMap;
use std::num::NonZeroU32;

/// A text of the log, kept once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Word(NonZeroU32);

impl Word {
    pub(crate) fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// All texts of a log. Asked for by text while reading and by number ever after; a hash table,
/// because nothing depends on its order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    texts: Vec<Box<str>>,
    known: HashMap<Box<str>, Word>,
    bytes: u64,
}

impl Words {
    /// The number of a text, a new one when it was never seen; none past four thousand million.
    pub(crate) fn word(&mut self, text: &str) -> Option<Word> {
        if let Some(word) = self.known.get(text) {
            return Some(*word);
        }
        let number = u32::try_from(self.texts.len() + 1).ok()?;
        let word = Word(NonZeroU32::new(number)?);
        self.bytes += text.len() as u64;
        self.texts.push(text.into());
        self.known.insert(text.into(), word);
        Some(word)
    }

    /// The number of a text that was seen.
    pub(crate) fn find(&self, text: &str) -> Option<Word> {
        self.known.get(text).copied()
    }

    pub(crate) fn text(&self, word: Word) -> &str {
        &self.texts[word.index()]
    }

    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    /// How many bytes all texts have.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }
}

//! Where a case stands in its process: the smallest text that says it, e.g. `4,7,9j2`.
//!
//! An entry is a node and, after a letter, a set of bits in hexadecimal: `j` for a join, the
//! branches that have arrived; `t` for an activity, the boundary events that have fired without
//! ending it. Letters after the number leave room for instances of a task. Deliberately absent:
//! data, people, dates.

use std::fmt;
use std::str::FromStr;

use crate::model::{Kind, NodeId, Process};

/// A token at rest: what a task row of a case keeps to say which task it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub(crate) u16);

impl Token {
    /// The token that rests on this node.
    pub fn on(node: NodeId) -> Self {
        Self(node.0)
    }

    /// The node it rests on.
    pub fn node(self) -> NodeId {
        NodeId(self.0)
    }

    /// The number, as kept in a column.
    pub fn number(self) -> u16 {
        self.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Entry {
    pub node: NodeId,
    /// What `bits` counts: arrivals at a join, or fired boundary events.
    pub join: bool,
    pub bits: u64,
}

/// Where all tokens of one case are. Sorted, so that equal places are equal texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Marking {
    pub(crate) entries: Vec<Entry>,
}

/// Why a text is no marking of a process.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MarkingFault {
    /// Not written as a marking is.
    #[error("not a marking: {0:?}")]
    Unreadable(String),
    /// The process has no such node, or no token can rest there.
    #[error("no token can rest on node {0}")]
    NoSuchPlace(u16),
}

impl Marking {
    /// Whether nothing is left to do: the process is over.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The tokens that wait for somebody or something, in order.
    pub fn tokens(&self) -> impl Iterator<Item = Token> + '_ {
        self.entries
            .iter()
            .filter(|entry| !entry.join)
            .map(|entry| Token(entry.node.0))
    }

    /// Whether a token waits on this node.
    pub fn holds(&self, node: NodeId) -> bool {
        self.find(node).is_ok()
    }

    /// Every node that is marked, joins included; for drawing.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.entries.iter().map(|entry| entry.node)
    }

    /// Whether each entry is a place of this process: asked before a marking is trusted.
    pub fn check(&self, process: &Process) -> Result<(), MarkingFault> {
        for entry in &self.entries {
            let fits = process.node(entry.node).is_some_and(|node| {
                let limit = if entry.join {
                    node.incoming.len()
                } else {
                    node.boundary.len()
                };
                let right_kind = match node.kind {
                    Kind::Parallel => entry.join && entry.bits != 0,
                    _ => !entry.join && node.kind.waits(),
                };
                right_kind && (limit >= 64 || entry.bits >> limit == 0)
            });
            if !fits {
                return Err(MarkingFault::NoSuchPlace(entry.node.0));
            }
        }
        Ok(())
    }

    pub(crate) fn find(&self, node: NodeId) -> Result<usize, usize> {
        self.entries.binary_search_by_key(&node, |entry| entry.node)
    }
}

impl fmt::Display for Marking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, entry) in self.entries.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            write!(f, "{}", entry.node.0)?;
            if entry.bits != 0 {
                write!(f, "{}{:x}", if entry.join { 'j' } else { 't' }, entry.bits)?;
            }
        }
        Ok(())
    }
}

impl FromStr for Marking {
    type Err = MarkingFault;

    fn from_str(text: &str) -> Result<Self, MarkingFault> {
        let unreadable = || MarkingFault::Unreadable(text.chars().take(80).collect());
        let mut entries: Vec<Entry> = Vec::with_capacity(4);
        for part in text.split(',').filter(|_| !text.is_empty()) {
            let (number, join, bits) = match part.split_once(['j', 't']) {
                Some((number, bits)) => {
                    let bits = hexadecimal(bits).ok_or_else(unreadable)?;
                    (
                        number,
                        part.as_bytes().get(number.len()) == Some(&b'j'),
                        bits,
                    )
                }
                None => (part, false, 0),
            };
            let node = NodeId(decimal(number).ok_or_else(unreadable)?);
            if entries.last().is_some_and(|last| last.node >= node) {
                return Err(unreadable());
            }
            entries.push(Entry { node, join, bits });
        }
        Ok(Self { entries })
    }
}

/// One way to write a number: no sign, no leading zero.
fn decimal(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || (text.len() > 1 && text.starts_with('0')) {
        return None;
    }
    text.parse().ok()
}

fn hexadecimal(text: &str) -> Option<u64> {
    let plain = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !plain || text.starts_with('0') {
        return None;
    }
    u64::from_str_radix(text, 16).ok()
}

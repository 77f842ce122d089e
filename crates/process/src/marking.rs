//! Where a case stands in its process: the smallest text that says it, e.g. `4,7,9j2`.
//!
//! An entry is a node, after dots the number of each repeated activity around it (`12.3`), and
//! after letters what is to be remembered there: `j` branches that have arrived at a join, `t`
//! boundary events that have fired without ending the activity (both bits in hexadecimal), `m` a
//! repeated activity with how many there are, have begun and are done (`7m5.2.1`). Three kinds of
//! entry hold no token: `s` how often a timer has fired or that it will not again, `d` done and
//! can be undone, `r` how often a limited way back was taken. Deliberately absent: data, people,
//! dates.

use std::fmt::{self, Write};
use std::str::FromStr;

use crate::kind::Kind;
use crate::model::{NodeId, Process};

/// Repeated activities inside repeated activities: more is drawn by nobody.
pub(crate) const DEPTH_MAX: u8 = 3;

/// Which of several: the numbers, from 1, of the repeated activities around a node.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Path([u16; DEPTH_MAX as usize]);

impl Path {
    /// The first numbers only.
    pub(crate) fn cut(mut self, depth: u8) -> Self {
        self.0
            .iter_mut()
            .skip(usize::from(depth))
            .for_each(|at| *at = 0);
        self
    }

    /// One number more.
    pub(crate) fn with(mut self, depth: u8, number: u16) -> Self {
        if let Some(at) = self.0.get_mut(usize::from(depth)) {
            *at = number;
        }
        self
    }

    fn numbers(&self) -> impl Iterator<Item = u16> + '_ {
        self.0.iter().copied().take_while(|number| *number > 0)
    }
}

/// A token at rest, or an event that waits: what a task row of a case keeps to say which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token {
    node: u16,
    path: Path,
}

impl Token {
    /// The token that rests on this node, where nothing around it is repeated.
    pub fn on(node: NodeId) -> Self {
        Self {
            node: node.0,
            path: Path::default(),
        }
    }

    pub(crate) fn of(node: NodeId, path: Path) -> Self {
        Self { node: node.0, path }
    }

    /// The node it rests on.
    pub fn node(self) -> NodeId {
        NodeId(self.node)
    }

    /// The number of the node, as kept in a column.
    pub fn number(self) -> u16 {
        self.node
    }

    /// Which of the repeated activities around it, the outermost first; from 1.
    pub fn instance(&self) -> impl Iterator<Item = u16> + '_ {
        self.path.numbers()
    }

    pub(crate) fn path(self) -> Path {
        self.path
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.node)?;
        self.path
            .numbers()
            .try_for_each(|number| write!(f, ".{number}"))
    }
}

impl FromStr for Token {
    type Err = MarkingFault;

    fn from_str(text: &str) -> Result<Self, MarkingFault> {
        let unreadable = || MarkingFault::Unreadable(text.chars().take(80).collect());
        let mut parts = text.split('.');
        let node = parts.next().and_then(decimal).ok_or_else(unreadable)?;
        let mut path = Path::default();
        for (depth, part) in (0u8..).zip(parts) {
            let number = decimal(part).filter(|number| *number > 0 && depth < DEPTH_MAX);
            path = path.with(depth, number.ok_or_else(unreadable)?);
        }
        Ok(Self { node, path })
    }
}

/// What is remembered at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum State {
    /// A token; which boundary events have fired.
    Rest(u64),
    /// Which branches have arrived.
    Join(u64),
    /// A repeated activity; which boundary events have fired.
    Body {
        total: u16,
        begun: u16,
        done: u16,
        fired: u64,
    },
    /// How often a timer has fired; the most means never again.
    Spent(u16),
    /// Done, can be undone, in this order.
    Done(u16),
    /// How often a limited way back was taken.
    Returned(u16),
}

impl State {
    fn rank(self) -> u8 {
        match self {
            Self::Rest(_) | Self::Join(_) | Self::Body { .. } => 0,
            Self::Spent(_) => 1,
            Self::Done(_) => 2,
            Self::Returned(_) => 3,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Entry {
    pub node: NodeId,
    pub path: Path,
    pub state: State,
}

impl Entry {
    /// The order of entries; no two are at one place.
    pub(crate) fn key(&self) -> (NodeId, Path, u8) {
        (self.node, self.path, self.state.rank())
    }

    /// Whether it holds a token.
    pub(crate) fn lives(&self) -> bool {
        self.state.rank() == 0
    }

    /// Whether somebody or something is waited for here.
    pub(crate) fn waits(&self) -> bool {
        matches!(self.state, State::Rest(_) | State::Body { .. })
    }

    pub(crate) fn fired(&self) -> u64 {
        match self.state {
            State::Rest(fired) | State::Body { fired, .. } => fired,
            _ => 0,
        }
    }

    pub(crate) fn token(&self) -> Token {
        Token::of(self.node, self.path)
    }
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
        let waiting = self.entries.iter().filter(|entry| entry.waits());
        waiting.map(Entry::token)
    }

    /// Whether a token waits on this node, in any of its instances.
    pub fn holds(&self, node: NodeId) -> bool {
        let from = self.entries.partition_point(|entry| entry.node < node);
        let here = self.entries[from..].iter();
        here.take_while(|entry| entry.node == node)
            .any(Entry::lives)
    }

    /// Whether this very token waits.
    pub fn holds_token(&self, token: Token) -> bool {
        let key = (token.node(), token.path, 0);
        self.entries.binary_search_by_key(&key, Entry::key).is_ok()
    }

    /// Every node that is marked, joins included; for drawing.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + '_ {
        let living = self.entries.iter().filter(|entry| entry.lives());
        living.map(|entry| entry.node)
    }

    /// Whether each entry is a place of this process: asked before a marking is trusted.
    pub fn check(&self, process: &Process) -> Result<(), MarkingFault> {
        for entry in &self.entries {
            if !fits(entry, process) {
                return Err(MarkingFault::NoSuchPlace(entry.node.0));
            }
        }
        Ok(())
    }
}

fn fits(entry: &Entry, process: &Process) -> bool {
    let Some(node) = process.node(entry.node) else {
        return false;
    };
    let length = u8::try_from(entry.path.numbers().count()).unwrap_or(u8::MAX);
    let within = |bits: u64, limit: usize| limit >= 64 || bits >> limit == 0;
    match entry.state {
        State::Join(bits) => {
            let joins = matches!(node.kind, Kind::Parallel | Kind::Inclusive);
            joins && bits != 0 && length == node.depth && within(bits, node.incoming.len())
        }
        State::Rest(fired) => {
            let throws = node.undoes_others();
            let rests = !matches!(node.kind, Kind::Foreign(_)) && (node.kind.waits() || throws);
            rests && length == node.inner_depth() && within(fired, node.boundary.len())
        }
        State::Body {
            begun, done, fired, ..
        } => {
            let whole = done <= begun && begun > 0;
            whole
                && node.repeat.is_some()
                && length == node.depth
                && within(fired, node.boundary.len())
        }
        State::Spent(times) => {
            let event = matches!(node.kind, Kind::StartOn { .. } | Kind::Boundary { .. });
            event && times > 0 && length == node.depth
        }
        State::Done(_) => node.handler.is_some() && length == node.depth,
        State::Returned(times) => times > 0 && length == node.depth,
    }
}

impl crate::model::Node {
    /// Whether it throws compensation: a token rests there until all is undone.
    pub(crate) fn undoes_others(&self) -> bool {
        matches!(
            self.kind.thrown(),
            Some(crate::kind::Thrown::Compensation(_))
        )
    }
}

impl fmt::Display for Marking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, entry) in self.entries.iter().enumerate() {
            if index > 0 {
                f.write_char(',')?;
            }
            write!(f, "{}", entry.token())?;
            match entry.state {
                State::Rest(0) => {}
                State::Rest(fired) => write!(f, "t{fired:x}")?,
                State::Join(bits) => write!(f, "j{bits:x}")?,
                State::Body {
                    total,
                    begun,
                    done,
                    fired,
                } => {
                    write!(f, "m{total}.{begun}.{done}")?;
                    if fired != 0 {
                        write!(f, "t{fired:x}")?;
                    }
                }
                State::Spent(times) => write!(f, "s{times}")?,
                State::Done(order) => write!(f, "d{order}")?,
                State::Returned(times) => write!(f, "r{times}")?,
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
            let entry = entry(part).ok_or_else(unreadable)?;
            if entries.last().is_some_and(|last| last.key() >= entry.key()) {
                return Err(unreadable());
            }
            entries.push(entry);
        }
        Ok(Self { entries })
    }
}

fn entry(part: &str) -> Option<Entry> {
    let place = part.find(|letter: char| letter.is_ascii_lowercase());
    let (place, rest) = part.split_at(place.unwrap_or(part.len()));
    let token: Token = place.parse().ok()?;
    let mut letters = rest.chars();
    let letter = letters.next();
    let rest = letters.as_str();
    let state = match letter {
        None => State::Rest(0),
        Some('t') => State::Rest(hexadecimal(rest)?),
        Some('j') => State::Join(hexadecimal(rest)?),
        Some('m') => body(rest)?,
        Some('s') => State::Spent(decimal(rest)?),
        Some('d') => State::Done(decimal(rest)?),
        Some('r') => State::Returned(decimal(rest)?),
        Some(_) => return None,
    };
    Some(Entry {
        node: token.node(),
        path: token.path,
        state,
    })
}

fn body(text: &str) -> Option<State> {
    let (numbers, fired) = match text.split_once('t') {
        Some((numbers, fired)) => (numbers, hexadecimal(fired)?),
        None => (text, 0),
    };
    let mut numbers = numbers.split('.').map(decimal);
    let (total, begun, done) = (numbers.next()??, numbers.next()??, numbers.next()??);
    numbers.next().is_none().then_some(State::Body {
        total,
        begun,
        done,
        fired,
    })
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

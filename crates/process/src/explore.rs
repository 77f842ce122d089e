//! Searches every marking that a reduced net can reach, breadth first, up to a limit.
//!
//! Ways that nobody waits on are walked at once, as the machine does, so that a trace found here
//! can be repeated step by step there. Deliberately absent: wording (see `soundness`).

mod gather;
mod verdict;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use self::gather::reach;
use crate::net::{Net, Role, Vertex, Word};

/// More markings than any process drawn for people has after reduction.
pub(crate) const MARKINGS_MAX: usize = 300_000;
/// An inclusive split with more ways than this, after reduction, has too many combinations.
const SPREAD_MAX: usize = 10;
/// Choices in parallel branches multiply; more than this at once is drawn by nobody.
const MOVES_MAX: usize = 100_000;

/// What can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flaw {
    /// Tokens remain and nothing can move.
    Deadlock,
    /// The end cannot be reached any more, though something always moves.
    NoWayOut,
    /// A second token comes where one is.
    SecondToken,
    /// An end is reached while other work is open.
    EarlyEnd,
}

#[derive(Debug, Clone)]
pub(crate) struct Broken {
    pub flaw: Flaw,
    /// The vertex where it shows.
    pub vertex: usize,
    pub trace: Vec<Word>,
}

#[derive(Debug, Default)]
pub(crate) struct Explored {
    pub markings: usize,
    pub complete: bool,
    pub broken: Vec<Broken>,
    pub alive: BTreeSet<Word>,
    /// A way from the beginning to the end.
    pub finish: Vec<Word>,
}

/// A place: an arc, an active host, or a boundary event that may still fire.
type Place = u32;

struct Search<'a> {
    net: &'a Net,
    known: HashMap<Box<[Place]>, u32>,
    /// Where each marking came from, and what was passed on the way.
    parents: Vec<(u32, Vec<Word>)>,
    edges: Vec<(u32, u32)>,
    queue: Vec<Box<[Place]>>,
    stuck: Vec<u32>,
    used: Vec<bool>,
    /// For each inclusive join, which of its ways in a token at each vertex can come by.
    reach: BTreeMap<usize, Vec<u64>>,
    /// Whether it is enough to move one token at a time: without inclusive joins, boundary
    /// events that do not interrupt and terminate ends no move takes another away, so the order
    /// of moves in parallel branches does not matter (stubborn sets of free-choice nets).
    one_at_a_time: bool,
    found: Explored,
}

/// Searches a reduced net. `most` bounds the markings looked at.
pub(crate) fn explore(net: &Net, most: usize) -> Explored {
    let mut search = Search {
        net,
        reach: reach(net),
        one_at_a_time: net.is_free(),
        known: HashMap::new(),
        parents: Vec::new(),
        edges: Vec::new(),
        queue: Vec::new(),
        stuck: Vec::new(),
        used: vec![false; net.arcs.len()],
        found: Explored {
            complete: true,
            ..Explored::default()
        },
    };
    search.run(most);
    search.conclude()
}

/// A marking under way, and what was passed to get there.
#[derive(Clone)]
struct Draft {
    places: Vec<Place>,
    words: Vec<Word>,
}

impl Search<'_> {
    fn run(&mut self, most: usize) {
        let first = Draft {
            places: vec![place(self.net.source)],
            words: Vec::new(),
        };
        self.settle(first, u32::MAX);
        let mut next = 0;
        while next < self.queue.len() {
            if self.queue.len() > most {
                self.found.complete = false;
                return;
            }
            let places = self.queue[next].clone();
            self.expand(&places, index(next));
            next += 1;
        }
    }

    /// Walks what nobody waits on, then keeps the markings at rest.
    fn settle(&mut self, draft: Draft, parent: u32) {
        let mut open = vec![draft];
        let mut moves = 0usize;
        while let Some(draft) = open.pop() {
            moves += 1;
            if moves > MOVES_MAX {
                self.found.complete = false;
                return;
            }
            match self.silent(&draft.places) {
                Some(at) => self.fire(at, None, draft, parent, &mut open),
                None => self.keep(draft, parent),
            }
        }
    }

    /// A vertex that fires by itself: every token before it is on an arc where nobody waits.
    /// Inclusive joins come last, for they look at where all others are.
    fn silent(&self, places: &[Place]) -> Option<(usize, usize)> {
        let gathered = || {
            let joins = self.reach.iter();
            joins.filter_map(|(join, reach)| Some((*join, self.gathers(*join, reach, places)?)))
        };
        let moves = places.iter().find_map(|marked| {
            let arc = self
                .net
                .arcs
                .get(*marked as usize)
                .filter(|arc| !arc.waits)?;
            let target = &self.net.vertices[arc.to];
            if target.role == Role::Gather && target.ins.len() > 1 {
                return None;
            }
            if target.role != Role::Fork {
                return Some((arc.to, *marked as usize));
            }
            let ready = |way: &usize| !self.net.arcs[*way].waits && holds(places, place(*way));
            target
                .ins
                .iter()
                .all(ready)
                .then_some((arc.to, *marked as usize))
        });
        moves.or_else(|| gathered().next())
    }

    fn keep(&mut self, draft: Draft, parent: u32) {
        let next = index(self.parents.len());
        let key: Box<[Place]> = draft.places.into();
        let at = *self.known.entry(key.clone()).or_insert(next);
        if at == next {
            self.parents.push((parent, draft.words));
            self.queue.push(key);
        }
        if parent != u32::MAX {
            self.edges.push((parent, at));
        }
    }

    fn expand(&mut self, places: &[Place], here: u32) {
        if places.is_empty() {
            return;
        }
        let mut moved = false;
        let arcs = self.net.arcs.len();
        for marked in places.iter().map(|place| *place as usize) {
            let draft = Draft {
                places: places.to_vec(),
                words: Vec::new(),
            };
            if marked >= arcs {
                moved |= self.expand_host(marked - arcs, draft, here);
                continue;
            }
            let to = self.net.arcs[marked].to;
            let target = &self.net.vertices[to];
            let known = self.queue.len();
            let ready = match target.role {
                Role::Gather if target.ins.len() > 1 => false,
                // Once for the join, at its first way in.
                Role::Fork => {
                    target.ins.first() == Some(&marked)
                        && target.ins.iter().all(|way| holds(places, place(*way)))
                }
                _ => true,
            };
            if ready {
                moved = true;
                self.proceed((to, marked), None, draft, here);
                // One move that leads to somewhere new is enough: the others stay possible.
                if self.one_at_a_time && self.queue.len() > known {
                    return;
                }
            }
        }
        if !moved {
            self.stuck.push(here);
        }
    }

    fn proceed(&mut self, at: (usize, usize), exit: Option<usize>, draft: Draft, here: u32) {
        let mut open = Vec::new();
        self.fire(at, exit, draft, here, &mut open);
        for draft in open {
            self.settle(draft, here);
        }
    }

    /// An active host leaves by any way out; an armed boundary event starts its side road once.
    fn expand_host(&mut self, number: usize, mut draft: Draft, here: u32) -> bool {
        let count = self.net.vertices.len();
        if number < count {
            for exit in &self.net.vertices[number].outs {
                self.proceed((number, usize::MAX), Some(*exit), draft.clone(), here);
            }
            return true;
        }
        let arc = number - count;
        let Ok(at) = draft.places.binary_search(&self.armed(arc)) else {
            return false;
        };
        draft.places.remove(at);
        if self.produce(&mut draft, arc, here) {
            self.settle(draft, here);
        }
        true
    }

    fn active(&self, vertex: usize) -> Place {
        place(self.net.arcs.len() + vertex)
    }

    fn armed(&self, arc: usize) -> Place {
        place(self.net.arcs.len() + self.net.vertices.len() + arc)
    }

    /// Fires a vertex for the token on `marked`; each result goes to `open`.
    fn fire(
        &mut self,
        (vertex, marked): (usize, usize),
        exit: Option<usize>,
        mut draft: Draft,
        parent: u32,
        open: &mut Vec<Draft>,
    ) {
        let target = &self.net.vertices[vertex];
        if let Some(exit) = exit {
            if self.leave_host(&mut draft, vertex, exit, parent) {
                open.push(draft);
            }
            return;
        }
        let consumed: Vec<usize> = match target.role {
            Role::Fork => target.ins.clone(),
            Role::Gather => {
                let full = |way: &usize| holds(&draft.places, place(*way));
                target.ins.iter().copied().filter(full).collect()
            }
            _ => vec![marked],
        };
        for way in &consumed {
            self.take(&mut draft, place(*way));
            draft.words.extend(self.net.arcs[*way].on_the_way());
            self.used[*way] = true;
        }
        self.found.alive.extend(target.word);
        draft.words.extend(target.word);
        match target.role {
            Role::Choice | Role::Work => {
                for exit in &target.outs {
                    let mut draft = draft.clone();
                    if self.produce(&mut draft, *exit, parent) {
                        open.push(draft);
                    }
                }
            }
            Role::Spread => self.spread(target, &draft, parent, open),
            Role::Fork | Role::Gather => {
                if target
                    .outs
                    .iter()
                    .all(|exit| self.produce(&mut draft, *exit, parent))
                {
                    open.push(draft);
                }
            }
            Role::Host => {
                if self.enter_host(&mut draft, vertex, parent) {
                    open.push(draft);
                }
            }
            Role::Terminate => {
                draft.places.clear();
                open.push(draft);
            }
            Role::End => {
                if !target.side && draft.places.iter().any(|place| !self.is_beside(*place)) {
                    self.report(Flaw::EarlyEnd, vertex, &draft, parent);
                    return;
                }
                open.push(draft);
            }
        }
    }

    /// Some of the ways out, in every combination.
    fn spread(&mut self, split: &Vertex, draft: &Draft, parent: u32, open: &mut Vec<Draft>) {
        if split.outs.len() > SPREAD_MAX {
            self.found.complete = false;
            return;
        }
        for chosen in 1u32..1 << split.outs.len() {
            let mut draft = draft.clone();
            let ways = (0..).zip(&split.outs);
            let mut ways = ways.filter(|(bit, _)| chosen >> bit & 1 == 1);
            if ways.all(|(_, way)| self.produce(&mut draft, *way, parent)) {
                open.push(draft);
            }
        }
    }

    /// A host becomes active, and its boundary events are armed.
    fn enter_host(&mut self, draft: &mut Draft, vertex: usize, parent: u32) -> bool {
        let target = &self.net.vertices[vertex];
        if holds(&draft.places, self.active(vertex)) {
            if !target.side {
                self.report(Flaw::SecondToken, vertex, draft, parent);
            }
            return target.side;
        }
        insert(&mut draft.places, self.active(vertex));
        for arc in &target.sides {
            insert(&mut draft.places, self.armed(*arc));
        }
        true
    }

    fn leave_host(&mut self, draft: &mut Draft, vertex: usize, exit: usize, parent: u32) -> bool {
        self.take(draft, self.active(vertex));
        for arc in &self.net.vertices[vertex].sides {
            self.take(draft, self.armed(*arc));
        }
        self.produce(draft, exit, parent)
    }

    fn is_beside(&self, place: Place) -> bool {
        match self.net.arcs.get(place as usize) {
            Some(arc) => arc.side,
            None => {
                let number = place as usize - self.net.arcs.len();
                self.net
                    .vertices
                    .get(number)
                    .is_none_or(|vertex| vertex.side)
            }
        }
    }

    fn take(&self, draft: &mut Draft, place: Place) {
        if let Ok(at) = draft.places.binary_search(&place) {
            draft.places.remove(at);
        }
    }

    /// Puts a token on an arc; false when one is there already and that is a flaw.
    fn produce(&mut self, draft: &mut Draft, arc: usize, parent: u32) -> bool {
        if holds(&draft.places, place(arc)) {
            if self.net.arcs[arc].side {
                return true;
            }
            draft.words.extend(self.net.arcs[arc].chosen());
            self.report(Flaw::SecondToken, self.net.arcs[arc].to, draft, parent);
            return false;
        }
        insert(&mut draft.places, place(arc));
        draft.words.extend(self.net.arcs[arc].chosen());
        true
    }

    /// Keeps the first, and so the shortest, example of each flaw at each vertex.
    fn report(&mut self, flaw: Flaw, vertex: usize, draft: &Draft, parent: u32) {
        let known = |broken: &Broken| broken.flaw == flaw && broken.vertex == vertex;
        if self.found.broken.len() < 20 && !self.found.broken.iter().any(known) {
            let mut trace = self.trace(parent);
            trace.extend(&draft.words);
            self.found.broken.push(Broken {
                flaw,
                vertex,
                trace,
            });
        }
    }

    fn trace(&self, mut at: u32) -> Vec<Word> {
        let mut parts = Vec::new();
        while let Some((parent, words)) = self.parents.get(at as usize) {
            parts.push(words);
            at = *parent;
        }
        parts.into_iter().rev().flatten().copied().collect()
    }
}

fn holds(places: &[Place], place: Place) -> bool {
    places.binary_search(&place).is_ok()
}

fn insert(places: &mut Vec<Place>, place: Place) {
    if let Err(at) = places.binary_search(&place) {
        places.insert(at, place);
    }
}

fn place(number: usize) -> Place {
    Place::try_from(number).unwrap_or(Place::MAX)
}

fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

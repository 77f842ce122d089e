//! Cuts what reduction leaves into regions with one way in and one way out, and proves each by
//! itself: parallel regions then add up instead of multiplying.
//!
//! Two arcs bound a region when every undirected ring through one passes the other (cycle
//! equivalence; Johnson, Pearson and Pingali 1994). The classes are found by labels that are
//! sums of random numbers with a fixed seed; each region is then checked exactly, so an unlucky
//! number can only cost time. A sound region becomes one arc. Deliberately absent: wording.

use std::collections::{BTreeMap, BTreeSet};

use crate::explore::{Broken, Explored, MARKINGS_MAX, explore};
use crate::net::{Arc, Net, Role, Vertex, Word};

/// Fewer arcs than this are searched as they are.
const SMALL: usize = 40;
const REGION_MARKINGS_MAX: usize = 20_000;
const PASSES_MAX: usize = 64;

/// Shrinks a net, proves its regions, and searches what is left.
pub(crate) fn prove(net: &mut Net) -> Explored {
    net.reduce();
    let mut lost: Vec<Broken> = Vec::new();
    let mut markings = 0;
    for _ in 0..PASSES_MAX {
        if net.arcs.iter().filter(|arc| !arc.gone).count() <= SMALL {
            break;
        }
        let (collapsed, looked) = pass(net, &mut lost);
        markings += looked;
        if !collapsed {
            break;
        }
        net.reduce();
    }
    net.part_gathers();
    let mut explored = explore(net, MARKINGS_MAX);
    if !explored.complete && explored.broken.is_empty() && !net.terminates {
        explored.broken = lost;
    }
    explored.markings += markings;
    explored
}

struct Region {
    entry: usize,
    exit: usize,
    inside: BTreeSet<usize>,
}

fn pass(net: &mut Net, lost: &mut Vec<Broken>) -> (bool, usize) {
    let mut regions: Vec<Region> = classes(net)
        .iter()
        .flat_map(|class| class.windows(2).map(|pair| (pair[0], pair[1])))
        .filter_map(|(entry, exit)| region(net, entry, exit))
        .collect();
    regions.sort_by_key(|region| (region.inside.len(), region.entry));
    let mut touched: BTreeSet<usize> = BTreeSet::new();
    let (mut collapsed, mut markings) = (false, 0);
    lost.clear();
    for region in &regions {
        let ends = [net.arcs[region.entry].from, net.arcs[region.exit].to];
        if region
            .inside
            .iter()
            .chain(&ends)
            .any(|at| touched.contains(at))
        {
            continue;
        }
        let (alone, back) = net.alone(region);
        let explored = explore(&alone, REGION_MARKINGS_MAX);
        markings += explored.markings;
        touched.extend(&region.inside);
        if explored.complete && explored.broken.is_empty() {
            net.collapse(region, explored);
            touched.extend(ends);
            collapsed = true;
        } else {
            let before = net.way_to(region.entry);
            lost.extend(explored.broken.into_iter().map(|broken| Broken {
                vertex: back.get(broken.vertex).copied().unwrap_or(broken.vertex),
                trace: before.iter().copied().chain(broken.trace).collect(),
                ..broken
            }));
        }
    }
    (collapsed, markings)
}

/// What lies between two arcs, if nothing else leads in or out.
fn region(net: &Net, entry: usize, exit: usize) -> Option<Region> {
    let mut inside = BTreeSet::new();
    let mut open = vec![net.arcs[entry].to];
    while let Some(at) = open.pop() {
        if !inside.insert(at) {
            continue;
        }
        let vertex = &net.vertices[at];
        let whole = vertex.sides.is_empty() && !matches!(vertex.role, Role::End | Role::Terminate);
        if !whole || inside.len() > 4096 {
            return None;
        }
        let on = vertex.outs.iter().filter(|arc| **arc != exit);
        open.extend(on.map(|arc| net.arcs[*arc].to));
    }
    let closed = |at: &usize| {
        let mut ins = net.vertices[*at].ins.iter();
        ins.all(|arc| *arc == entry || (*arc != exit && inside.contains(&net.arcs[*arc].from)))
    };
    let leaves = inside.contains(&net.arcs[exit].from);
    (leaves && inside.len() > 1 && inside.iter().all(closed)).then_some(Region {
        entry,
        exit,
        inside,
    })
}

/// Arcs that bound regions together, each class in the order of the way.
fn classes(net: &Net) -> Vec<Vec<usize>> {
    let count = net.vertices.len();
    let sink = count;
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut near: Vec<Vec<usize>> = vec![Vec::new(); count + 1];
    for arc in &net.arcs {
        ends.push((arc.from, arc.to));
    }
    let mut live: Vec<usize> = (0..net.arcs.len())
        .filter(|arc| !net.arcs[*arc].gone)
        .collect();
    for (at, vertex) in net.vertices.iter().enumerate() {
        if !vertex.gone && matches!(vertex.role, Role::End | Role::Terminate) {
            live.push(ends.len());
            ends.push((at, sink));
        }
    }
    let origin = net.arcs[net.source].from;
    live.push(ends.len());
    ends.push((sink, origin));
    for arc in live {
        near[ends[arc].0].push(arc);
        near[ends[arc].1].push(arc);
    }
    let (labels, order) = labels(&near, &ends, origin);
    let mut classes: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for arc in order.into_iter().filter(|arc| *arc < net.arcs.len()) {
        classes.entry(labels[arc]).or_default().push(arc);
    }
    let several = classes.into_values().filter(|class| class.len() > 1);
    several.collect()
}

/// A label for each arc, equal for arcs that lie on the same rings, and a forward order.
fn labels(near: &[Vec<usize>], ends: &[(usize, usize)], origin: usize) -> (Vec<u64>, Vec<usize>) {
    let mut labels = vec![0u64; ends.len()];
    let mut sums = vec![0u64; near.len()];
    let mut parent: Vec<Option<usize>> = vec![None; near.len()];
    let mut seen = vec![false; near.len()];
    let mut used = vec![false; ends.len()];
    let (mut order, mut seed) = (Vec::new(), 0x5eed_u64);
    let mut path = vec![(origin, 0usize)];
    let mut visited = vec![origin];
    seen[origin] = true;
    while let Some((at, next)) = path.last_mut() {
        let here = *at;
        let Some(&arc) = near[here].get(*next) else {
            path.pop();
            continue;
        };
        *next += 1;
        if std::mem::replace(&mut used[arc], true) {
            continue;
        }
        let (from, to) = ends[arc];
        let there = if from == here { to } else { from };
        if std::mem::replace(&mut seen[there], true) {
            labels[arc] = random(&mut seed);
            sums[from] ^= labels[arc];
            sums[to] ^= labels[arc];
        } else {
            parent[there] = Some(arc);
            visited.push(there);
            path.push((there, 0));
        }
    }
    for at in visited.iter().rev() {
        if let Some(arc) = parent[*at] {
            labels[arc] = sums[*at];
            let up = if ends[arc].0 == *at {
                ends[arc].1
            } else {
                ends[arc].0
            };
            sums[up] ^= sums[*at];
        }
    }
    forward(near, ends, origin, &mut order);
    (labels, order)
}

/// Arcs in the reverse of the order in which a walk along their direction leaves them.
fn forward(near: &[Vec<usize>], ends: &[(usize, usize)], origin: usize, order: &mut Vec<usize>) {
    let mut seen = vec![false; near.len()];
    let mut path = vec![(origin, 0usize)];
    seen[origin] = true;
    while let Some((at, next)) = path.last_mut() {
        let here = *at;
        let Some(&arc) = near[here].get(*next) else {
            let outs = near[here].iter().filter(|arc| ends[**arc].0 == here);
            order.extend(outs);
            path.pop();
            continue;
        };
        *next += 1;
        let (from, to) = ends[arc];
        if from == here && !std::mem::replace(&mut seen[to], true) {
            path.push((to, 0));
        }
    }
    order.reverse();
}

/// The same numbers every time (splitmix64).
fn random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *seed;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl Net {
    /// Whether every choice is free of what happens elsewhere.
    pub(crate) fn is_free(&self) -> bool {
        let mut living = self.vertices.iter().filter(|vertex| !vertex.gone);
        !self.terminates
            && living.all(|vertex| match vertex.role {
                Role::Gather => vertex.ins.len() < 2,
                Role::Host => vertex.sides.is_empty(),
                _ => true,
            })
    }

    /// A region as a net, and which vertex is which.
    fn alone(&self, region: &Region) -> (Self, Vec<usize>) {
        let mut back: Vec<usize> = region.inside.iter().copied().collect();
        let number: BTreeMap<usize, usize> =
            back.iter().enumerate().map(|(n, v)| (*v, n)).collect();
        let blank = |role: Role| Vertex {
            role,
            word: None,
            waits: false,
            side: false,
            ins: Vec::new(),
            outs: Vec::new(),
            sides: Vec::new(),
            gone: false,
        };
        let mut vertices: Vec<Vertex> = Vec::new();
        for at in &back {
            let vertex = &self.vertices[*at];
            vertices.push(Vertex {
                word: vertex.word,
                waits: vertex.waits,
                side: vertex.side,
                ..blank(vertex.role)
            });
        }
        let (origin, end) = (vertices.len(), vertices.len() + 1);
        vertices.push(blank(Role::Choice));
        vertices.push(blank(Role::End));
        back.push(self.arcs[region.entry].from);
        back.push(self.arcs[region.exit].to);
        let mut net = Self {
            vertices,
            arcs: Vec::new(),
            source: 0,
            terminates: false,
        };
        net.link(Arc::between(origin, number[&self.arcs[region.entry].to]));
        for at in &region.inside {
            for out in &self.vertices[*at].outs {
                let arc = &self.arcs[*out];
                let from = number[&arc.from];
                let arc = if *out == region.exit {
                    Arc::between(from, end)
                } else {
                    let to = number[&arc.to];
                    Arc {
                        from,
                        to,
                        ..arc.clone()
                    }
                };
                net.link(arc);
            }
        }
        net.part_gathers();
        back.resize(net.vertices.len(), self.arcs[region.exit].to);
        (net, back)
    }

    fn link(&mut self, arc: Arc) {
        let number = self.arcs.len();
        self.vertices[arc.from].outs.push(number);
        self.vertices[arc.to].ins.push(number);
        self.arcs.push(arc);
    }

    /// A sound region is one arc: some way through it, and everything alive in it.
    fn collapse(&mut self, region: &Region, explored: Explored) {
        let exit = self.arcs[region.exit].clone();
        let inner = region.inside.iter().flat_map(|at| &self.vertices[*at].outs);
        let inner: Vec<usize> = inner.copied().collect();
        let waits = inner.iter().any(|arc| self.arcs[*arc].waits);
        for arc in inner {
            self.arcs[arc].gone = true;
        }
        for at in &region.inside {
            let vertex = &mut self.vertices[*at];
            vertex.gone = true;
            vertex.ins.clear();
            vertex.outs.clear();
        }
        let entry = &mut self.arcs[region.entry];
        entry.words.extend(explored.finish);
        entry.words.extend(exit.words);
        entry.also.extend(explored.alive);
        entry.also.extend(exit.also);
        entry.waits |= waits || exit.waits;
        entry.side &= exit.side;
        entry.to = exit.to;
        for way in &mut self.vertices[exit.to].ins {
            if *way == region.exit {
                *way = region.entry;
            }
        }
    }

    /// The words on a shortest way to an arc.
    fn way_to(&self, goal: usize) -> Vec<Word> {
        let mut from: BTreeMap<usize, usize> = BTreeMap::from([(self.source, self.source)]);
        let mut open = std::collections::VecDeque::from([self.source]);
        while let Some(arc) = open.pop_front() {
            if arc == goal {
                break;
            }
            for next in &self.vertices[self.arcs[arc].to].outs {
                if !from.contains_key(next) {
                    from.insert(*next, arc);
                    open.push_back(*next);
                }
            }
        }
        let (mut way, mut at) = (Vec::new(), goal);
        while let Some(before) = from.get(&at).copied() {
            way.push(at);
            if before == at {
                break;
            }
            at = before;
        }
        let spell = |arc: &usize| {
            let arc = &self.arcs[*arc];
            let vertex = self.vertices[arc.from].word;
            vertex
                .into_iter()
                .chain(arc.words.iter().copied())
                .collect::<Vec<_>>()
        };
        way.iter().rev().flat_map(spell).collect()
    }

    /// Nobody works on the ways into an inclusive join: who has come there has come.
    fn part_gathers(&mut self) {
        let joins = (0..self.vertices.len()).filter(|at| {
            let vertex = &self.vertices[*at];
            vertex.role == Role::Gather && !vertex.gone && vertex.ins.len() > 1
        });
        for join in joins.collect::<Vec<_>>() {
            for way in self.vertices[join].ins.clone() {
                if !self.arcs[way].waits {
                    continue;
                }
                let side = self.arcs[way].side;
                let arrived = self.vertices.len();
                let word = None;
                let (waits, gone) = (false, false);
                let (outs, sides) = (Vec::new(), Vec::new());
                self.vertices.push(Vertex {
                    role: Role::Work,
                    word,
                    waits,
                    side,
                    ins: vec![way],
                    outs,
                    sides,
                    gone,
                });
                self.arcs[way].to = arrived;
                let last = self.arcs.len();
                self.vertices[arrived].outs.push(last);
                self.arcs.push(Arc {
                    side,
                    ..Arc::between(arrived, join)
                });
                for into in &mut self.vertices[join].ins {
                    if *into == way {
                        *into = last;
                    }
                }
            }
        }
    }
}

impl Arc {
    fn between(from: usize, to: usize) -> Self {
        Self {
            from,
            to,
            ..Self::default()
        }
    }
}

//! Shrinks a net by rules that keep soundness.
//!
//! An activity without boundary events is only a label on an arc, so a structured process shrinks
//! to one arc and needs no search at all. The rules are the known ones of workflow graphs:
//! sequence, parallel block, choice block, inclusive block, loop, neighbouring gateways of one
//! kind. What is left is cut into regions (see `region`) and searched (see `explore`).

use std::collections::BTreeMap;

use crate::net::{Arc, Net, Role};

impl Net {
    /// Applies the rules until none fits.
    pub(crate) fn reduce(&mut self) {
        let mut open: Vec<usize> = (0..self.vertices.len()).rev().collect();
        while let Some(vertex) = open.pop() {
            if self.vertices[vertex].gone {
                continue;
            }
            let near = self.around(vertex);
            let changed = self.settle_host(vertex)
                || self.merge(vertex)
                || self.drop_loops(vertex)
                || self.drop_ring(vertex)
                || self.fold(vertex)
                || self.fuse(vertex);
            if changed {
                open.push(vertex);
                open.extend(near);
            }
        }
    }

    fn around(&self, vertex: usize) -> Vec<usize> {
        let here = &self.vertices[vertex];
        let before = here.ins.iter().map(|arc| self.arcs[*arc].from);
        before
            .chain(here.outs.iter().map(|arc| self.arcs[*arc].to))
            .collect()
    }

    /// A boundary event that interrupts is one more way out of its host. One that only starts a
    /// sound side road may be left out; a host without such events is an arc with a choice after.
    fn settle_host(&mut self, vertex: usize) -> bool {
        if self.vertices[vertex].role != Role::Host {
            return false;
        }
        let sides = std::mem::take(&mut self.vertices[vertex].sides);
        let (ending, others): (Vec<usize>, Vec<usize>) = sides.into_iter().partition(|arc| {
            let target = &self.vertices[self.arcs[*arc].to];
            target.role == Role::End && target.side
        });
        self.vertices[vertex].sides = others;
        let mut also = Vec::new();
        for arc in ending {
            let end = self.arcs[arc].to;
            also.extend(self.vertices[end].word);
            also.append(&mut self.arcs[arc].words);
            also.append(&mut self.arcs[arc].also);
            self.arcs[arc].gone = true;
            self.vertices[end].ins.retain(|other| *other != arc);
        }
        let (&[entry], true) = (
            self.vertices[vertex].ins.as_slice(),
            self.vertices[vertex].sides.is_empty(),
        ) else {
            if let Some(&first) = self.vertices[vertex].ins.first() {
                self.arcs[first].also.append(&mut also);
            }
            return false;
        };
        let word = self.vertices[vertex].word.take();
        self.vertices[vertex].role = Role::Choice;
        let arc = &mut self.arcs[entry];
        arc.waits = true;
        arc.words.extend(word);
        arc.also.append(&mut also);
        true
    }

    /// Two ways from one choice to the same place are one; two branches of one block are one.
    fn merge(&mut self, vertex: usize) -> bool {
        let role = self.role(vertex);
        if !matches!(role, Role::Choice | Role::Fork | Role::Spread) {
            return false;
        }
        let mut first: BTreeMap<usize, usize> = BTreeMap::new();
        let mut changed = false;
        for arc in self.vertices[vertex].outs.clone() {
            let to = self.arcs[arc].to;
            let fits = match (role, self.role(to)) {
                (Role::Fork, Role::Fork | Role::Gather) | (Role::Spread, Role::Gather) => true,
                (Role::Fork | Role::Spread, _) | (_, Role::Fork) => false,
                _ => true,
            };
            if to == vertex || !fits {
                continue;
            }
            match first.get(&to) {
                None => {
                    first.insert(to, arc);
                }
                Some(&kept) => {
                    self.absorb(kept, arc, role == Role::Fork);
                    changed = true;
                }
            }
        }
        changed
    }

    fn absorb(&mut self, kept: usize, lost: usize, both: bool) {
        let Arc {
            from,
            to,
            mut words,
            mut also,
            waits,
            ..
        } = self.arcs[lost].clone();
        self.arcs[lost].gone = true;
        self.vertices[from].outs.retain(|arc| *arc != lost);
        self.vertices[to].ins.retain(|arc| *arc != lost);
        let arc = &mut self.arcs[kept];
        arc.waits |= waits;
        arc.also.append(&mut also);
        if both {
            arc.words.append(&mut words)
        } else {
            arc.also.append(&mut words)
        }
    }

    /// 退回: a way back to the head of the loop that the choice itself closes.
    fn drop_loops(&mut self, vertex: usize) -> bool {
        let here = &self.vertices[vertex];
        let (Role::Choice, &[entry]) = (here.role, here.ins.as_slice()) else {
            return false;
        };
        let head = self.arcs[entry].from;
        let before = &self.vertices[head];
        if head == vertex || before.role != Role::Choice || before.outs.len() != 1 {
            return false;
        }
        if self.terminates {
            return false;
        }
        let back = here
            .outs
            .iter()
            .copied()
            .find(|arc| self.arcs[*arc].to == head);
        let Some(back) = back.filter(|_| here.outs.len() > 1 && before.ins.len() > 1) else {
            return false;
        };
        self.absorb_loop(entry, back);
        true
    }

    fn absorb_loop(&mut self, body: usize, back: usize) {
        let Arc {
            from,
            to,
            mut words,
            mut also,
            ..
        } = self.arcs[back].clone();
        self.arcs[back].gone = true;
        self.vertices[from].outs.retain(|arc| *arc != back);
        self.vertices[to].ins.retain(|arc| *arc != back);
        self.arcs[body].also.append(&mut words);
        self.arcs[body].also.append(&mut also);
    }

    /// A vertex with one way in and one way out is a word on the way.
    fn fold(&mut self, vertex: usize) -> bool {
        let here = &self.vertices[vertex];
        if !matches!(
            here.role,
            Role::Choice | Role::Fork | Role::Work | Role::Gather | Role::Spread
        ) {
            return false;
        }
        let (&[before], &[after]) = (here.ins.as_slice(), here.outs.as_slice()) else {
            return false;
        };
        if before == after {
            return false;
        }
        let (word, waits) = (here.word, here.waits);
        let Arc {
            to,
            mut words,
            mut also,
            waits: after_waits,
            side,
            ..
        } = self.arcs[after].clone();
        self.arcs[after].gone = true;
        self.vertices[vertex].gone = true;
        let arc = &mut self.arcs[before];
        arc.words.extend(word);
        arc.words.append(&mut words);
        arc.also.append(&mut also);
        arc.waits |= waits || after_waits;
        arc.side &= side;
        arc.to = to;
        for way in &mut self.vertices[to].ins {
            if *way == after {
                *way = before;
            }
        }
        true
    }

    /// A choice that leads straight back to itself, with another way out.
    fn drop_ring(&mut self, vertex: usize) -> bool {
        let here = &self.vertices[vertex];
        if here.role != Role::Choice || self.terminates {
            return false;
        }
        let ring = here
            .outs
            .iter()
            .copied()
            .find(|arc| self.arcs[*arc].to == vertex);
        let other = here
            .outs
            .iter()
            .copied()
            .find(|arc| self.arcs[*arc].to != vertex);
        let (Some(ring), Some(other)) = (ring, other) else {
            return false;
        };
        self.absorb_loop(other, ring);
        true
    }

    /// Two gateways of one kind with nothing between them are one.
    fn fuse(&mut self, vertex: usize) -> bool {
        let here = &self.vertices[vertex];
        if !matches!(here.role, Role::Choice | Role::Fork) {
            return false;
        }
        if let &[before] = here.ins.as_slice() {
            let arc = &self.arcs[before];
            let upper = &self.vertices[arc.from];
            let fits = upper.role == here.role && arc.from != vertex && !arc.waits;
            if fits && (here.role == Role::Fork || here.outs.len() > 1) && before != self.source {
                return self.lift_outs(vertex, before);
            }
        }
        if let &[after] = here.outs.as_slice() {
            let arc = &self.arcs[after];
            let lower = &self.vertices[arc.to];
            let fits = lower.role == here.role && arc.to != vertex && !arc.waits;
            if fits && here.ins.len() > 1 && here.role == Role::Choice {
                return self.sink_ins(vertex, after);
            }
        }
        false
    }

    /// The ways out of a vertex become ways out of the one before it.
    fn lift_outs(&mut self, vertex: usize, before: usize) -> bool {
        let upper = self.arcs[before].from;
        if self.arcs[before]
            .words
            .iter()
            .chain(&self.vertices[vertex].word)
            .next()
            .is_some()
            && self.vertices[vertex].role == Role::Fork
        {
            return false;
        }
        let outs = std::mem::take(&mut self.vertices[vertex].outs);
        let Arc {
            words, also, side, ..
        } = self.arcs[before].clone();
        let word = self.vertices[vertex].word;
        for (index, out) in outs.iter().enumerate() {
            let arc = &mut self.arcs[*out];
            arc.from = upper;
            let mut all = words.clone();
            all.extend(word);
            all.append(&mut arc.words);
            arc.words = all;
            arc.side |= side;
            if index == 0 {
                arc.also.extend(&also);
            }
        }
        self.vertices[vertex].gone = true;
        self.vertices[vertex].ins.clear();
        self.arcs[before].gone = true;
        self.vertices[upper].outs.retain(|arc| *arc != before);
        self.vertices[upper].outs.extend(outs);
        true
    }

    /// The ways into a vertex become ways into the one after it.
    fn sink_ins(&mut self, vertex: usize, after: usize) -> bool {
        let lower = self.arcs[after].to;
        let ins = std::mem::take(&mut self.vertices[vertex].ins);
        let Arc {
            words, also, side, ..
        } = self.arcs[after].clone();
        let word = self.vertices[vertex].word;
        for way in &ins {
            let arc = &mut self.arcs[*way];
            arc.to = lower;
            arc.words.extend(word);
            arc.words.extend(&words);
            arc.also.extend(&also);
            arc.side |= side;
        }
        self.vertices[vertex].gone = true;
        self.vertices[vertex].outs.clear();
        self.arcs[after].gone = true;
        self.vertices[lower].ins.retain(|arc| *arc != after);
        self.vertices[lower].ins.extend(ins);
        true
    }
}

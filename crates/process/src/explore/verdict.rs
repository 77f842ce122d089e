//! What a finished search says: ways that get stuck, ways without an end, what was alive.

use super::{Draft, Explored, Flaw, Search, index};

impl Search<'_> {
    pub(super) fn conclude(mut self) -> Explored {
        self.found.markings = self.queue.len();
        for (arc, _) in self
            .net
            .arcs
            .iter()
            .zip(&self.used)
            .filter(|(_, used)| **used)
        {
            self.found.alive.extend(arc.words.iter().chain(&arc.also));
        }
        if let Some(end) = self.known.get(&[][..]) {
            self.found.finish = self.trace(*end);
        }
        self.report_stuck();
        if self.found.complete && self.found.broken.is_empty() {
            self.report_no_way_out();
        }
        self.found
    }

    fn report_stuck(&mut self) {
        for at in self.stuck.clone() {
            let places = self.queue[at as usize].clone();
            let arcs = places
                .iter()
                .filter_map(|place| self.net.arcs.get(*place as usize));
            let Some(vertex) = arcs.clone().map(|arc| arc.to).next() else {
                continue;
            };
            let words = arcs
                .flat_map(|arc| arc.on_the_way().iter().copied())
                .collect();
            let draft = Draft {
                places: Vec::new(),
                words,
            };
            self.report(Flaw::Deadlock, vertex, &draft, at);
        }
    }

    fn report_no_way_out(&mut self) {
        let mut before: Vec<Vec<u32>> = vec![Vec::new(); self.queue.len()];
        for (from, to) in &self.edges {
            before[*to as usize].push(*from);
        }
        let mut reaches = vec![false; self.queue.len()];
        let mut open: Vec<u32> = self.known.get(&[][..]).copied().into_iter().collect();
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut reaches[at as usize], true) {
                open.extend(&before[at as usize]);
            }
        }
        let Some(lost) = reaches.iter().position(|reaches| !reaches) else {
            return;
        };
        let marked = self.queue[lost].first().map_or(0, |place| *place as usize);
        let vertex = self.net.arcs.get(marked).map_or(0, |arc| arc.to);
        let arcs = self.queue[lost]
            .iter()
            .filter_map(|place| self.net.arcs.get(*place as usize));
        let words = arcs
            .flat_map(|arc| arc.on_the_way().iter().copied())
            .collect();
        let draft = Draft {
            places: Vec::new(),
            words,
        };
        self.report(Flaw::NoWayOut, vertex, &draft, index(lost));
    }
}

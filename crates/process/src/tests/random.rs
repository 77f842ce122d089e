//! Random drawings against the reference: structured ones are sound and run alike; damaged ones
//! get the same verdict, and every counterexample can be walked to the place that it names.

use crate::{
    Data, Definitions, Effect, Input, PlainOnly, Process, Step, StepRefusal, Token, soundness,
};
use proptest::prelude::*;
use proptest::test_runner::TestRng;

use super::reference::{Drawing, Part};

/// A structured piece of a process.
#[derive(Debug, Clone)]
enum Block {
    Task,
    /// A task that a timer may take away, and what happens then.
    Timed(Box<Block>),
    Row(Vec<Block>),
    Choice(Vec<Block>),
    Both(Vec<Block>),
    /// Some of them, at least one.
    Some(Vec<Block>),
    /// Sent back and done again.
    Again(Box<Block>),
}

/// Blocks with inclusive gateways among them.
fn block_with_some() -> impl Strategy<Value = Block> {
    let several = |inner: BoxedStrategy<Block>| prop::collection::vec(inner, 2..4);
    Just(Block::Task).prop_recursive(3, 10, 3, move |inner| {
        let several = several(inner.clone().boxed());
        prop_oneof![
            several.clone().prop_map(Block::Some),
            several.clone().prop_map(Block::Some),
            several.clone().prop_map(Block::Row),
            several.clone().prop_map(Block::Choice),
            several.prop_map(Block::Both),
            inner.prop_map(|block| Block::Again(Box::new(block))),
        ]
    })
}

fn block() -> impl Strategy<Value = Block> {
    Just(Block::Task).prop_recursive(3, 14, 3, |inner| {
        let several = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            inner
                .clone()
                .prop_map(|block| Block::Timed(Box::new(block))),
            several.clone().prop_map(Block::Row),
            several.clone().prop_map(Block::Choice),
            several.prop_map(Block::Both),
            inner.prop_map(|block| Block::Again(Box::new(block))),
        ]
    })
}

/// Draws a block; answers the node that leads in and the node that leads out.
fn draw(block: &Block, drawing: &mut Drawing) -> (usize, usize) {
    match block {
        Block::Task => {
            let task = drawing.add(Part::Task);
            (task, task)
        }
        Block::Timed(late) => {
            let task = drawing.add(Part::Task);
            let timer = drawing.add(Part::Timer(task));
            let (first, last) = draw(late, drawing);
            let after = drawing.add(Part::Xor);
            drawing
                .flows
                .extend([(timer, first), (task, after), (last, after)]);
            (task, after)
        }
        Block::Row(blocks) => {
            let ends: Vec<_> = blocks.iter().map(|block| draw(block, drawing)).collect();
            drawing
                .flows
                .extend(ends.windows(2).map(|pair| (pair[0].1, pair[1].0)));
            (ends[0].0, ends[ends.len() - 1].1)
        }
        Block::Choice(blocks) | Block::Both(blocks) | Block::Some(blocks) => {
            let part = match block {
                Block::Choice(_) => Part::Xor,
                Block::Both(_) => Part::And,
                _ => Part::Or,
            };
            let (split, join) = (drawing.add(part), drawing.add(part));
            for block in blocks {
                let (first, last) = draw(block, drawing);
                drawing.flows.extend([(split, first), (last, join)]);
            }
            (split, join)
        }
        Block::Again(block) => {
            let (head, tail) = (drawing.add(Part::Xor), drawing.add(Part::Xor));
            let (first, last) = draw(block, drawing);
            drawing
                .flows
                .extend([(head, first), (last, tail), (tail, head)]);
            (head, tail)
        }
    }
}

fn whole(block: &Block) -> Drawing {
    let mut drawing = Drawing::default();
    let start = drawing.add(Part::Start);
    let (first, last) = draw(block, &mut drawing);
    let end = drawing.add(Part::End);
    drawing.flows.extend([(start, first), (last, end)]);
    drawing
}

/// One slip of the hand: another gateway, a flow to another place, a flow more or less.
fn damage(drawing: &mut Drawing, kind: u8, first: usize, second: usize) {
    let (nodes, flows) = (drawing.parts.len(), drawing.flows.len());
    let target = 1 + second % (nodes - 1);
    let target = if matches!(drawing.parts[target], Part::Timer(_)) {
        nodes - 1
    } else {
        target
    };
    match kind % 4 {
        0 => {
            let gateways = |part: &Part| matches!(part, Part::Xor | Part::And | Part::Or);
            let found: Vec<usize> = (0..nodes)
                .filter(|node| gateways(&drawing.parts[*node]))
                .collect();
            if let Some(node) = found.get(first % found.len().max(1)) {
                let flipped = match drawing.parts[*node] {
                    Part::Or if second.is_multiple_of(2) => Part::And,
                    Part::Xor => Part::And,
                    _ => Part::Xor,
                };
                drawing.parts[*node] = flipped;
            }
        }
        1 => drawing.flows[first % flows].1 = target,
        2 => {
            let source = first % (nodes - 1);
            drawing.flows.push((source, target));
        }
        _ => {
            drawing.flows.remove(first % flows);
        }
    }
}

fn parsed(drawing: &Drawing) -> Definitions {
    crate::parse(drawing.file().as_bytes()).unwrap()
}

fn random_below(rng: &mut TestRng, limit: usize) -> usize {
    rng.next_u32() as usize % limit
}

/// Random ways out for every choice, as data for the machine and as a table for the reference.
fn choices(drawing: &Drawing, rng: &mut TestRng) -> (Data, Vec<usize>) {
    let mut data = Data::new();
    let mut table = vec![0; drawing.parts.len()];
    for (node, way) in table.iter_mut().enumerate() {
        let outs = drawing.outs(node);
        if !outs.is_empty() {
            *way = outs[random_below(rng, outs.len())];
            data.insert(format!("choose_n{node}"), format!("f{way}").into());
        }
    }
    (data, table)
}

fn open(process: &Process, step: &Step) -> Vec<usize> {
    let number = |token: Token| process.node(token.node()).unwrap().id[1..].parse().unwrap();
    let mut open: Vec<usize> = step.marking.tokens().map(number).collect();
    open.sort_unstable();
    open
}

/// Walks a sound drawing to its end in both interpreters and compares after each step.
fn walk_both(drawing: &Drawing, rng: &mut TestRng) {
    let definitions = parsed(drawing);
    let process = definitions.main().unwrap();
    let (data, table) = choices(drawing, rng);
    let mut step = crate::start(process, None, &data, &PlainOnly).unwrap();
    let mut tokens = drawing.settle(drawing.first(), &|node| table[node]);
    for _ in 0..60 {
        assert_eq!(
            open(process, &step),
            drawing.open_tasks(&tokens),
            "{drawing:?}"
        );
        assert_eq!(step.marking.is_empty(), tokens.is_empty());
        let tasks = drawing.open_tasks(&tokens);
        if tasks.is_empty() {
            return;
        }
        let task = tasks[random_below(rng, tasks.len())];
        let timer = (0..drawing.parts.len()).find(|n| drawing.parts[*n] == Part::Timer(task));
        let leaves = timer.filter(|_| random_below(rng, 2) == 0).unwrap_or(task);
        let (data, table) = choices(drawing, rng);
        let node = process.find(&format!("n{leaves}")).unwrap();
        let input = if leaves == task {
            Input::Complete {
                token: Token::on(node),
                outcome: None,
            }
        } else {
            Input::TimerFired {
                token: Token::on(node),
            }
        };
        step = crate::step(process, &step.marking, input, &data, &PlainOnly).unwrap();
        tokens = drawing.settle(drawing.leave(&tokens, leaves), &|node| table[node]);
    }
}

/// Data answer a gateway once per step; a trace that asks one gateway for two ways within a step
/// is right about the drawing, but no data lead there.
fn is_walkable(process: &Process, trace: &[String]) -> bool {
    let mut chosen = std::collections::BTreeMap::new();
    trace.iter().all(|word| {
        if let Some(node) = process.find(word) {
            if process.node(node).unwrap().kind.waits() {
                chosen.clear();
            }
            return true;
        }
        let flow = process
            .flows()
            .iter()
            .find(|flow| *flow.id == **word)
            .unwrap();
        *chosen.entry(flow.source).or_insert(word) == word
    })
}

/// Follows a counterexample through the real machine. At each choice it takes the flow that the
/// trace names next; a waiting element is completed when the trace comes to it.
/// Answers where it came to, and whether an end was reached while other work was open.
fn replay(process: &Process, trace: &[String]) -> Result<(Step, bool), StepRefusal> {
    let choose = |from: usize| {
        let mut data = Data::new();
        for flow in process.flows() {
            let source = &process.node(flow.source).unwrap().id;
            data.insert(format!("choose_{source}"), flow.id.to_string().into());
        }
        for word in trace[from..].iter().rev() {
            let flow = process.flows().iter().find(|flow| *flow.id == **word);
            if let Some(flow) = flow {
                let source = &process.node(flow.source).unwrap().id;
                data.insert(format!("choose_{source}"), word.as_str().into());
            }
        }
        data
    };
    let early = |step: &Step| {
        step.effects
            .iter()
            .any(|effect| matches!(effect, Effect::Ended { last: false, .. }))
    };
    let mut step = crate::start(process, None, &choose(0), &PlainOnly)?;
    let mut ended_early = early(&step);
    for (at, word) in trace.iter().enumerate() {
        let Some(node) = process.find(word) else {
            continue;
        };
        let found = process.node(node).unwrap();
        let taken_by_timer = trace[at + 1..].iter().find_map(|later| {
            let later = process.find(later)?;
            (later == node || found.boundary.contains(&later)).then_some(later != node)
        });
        let input = match found.kind {
            crate::Kind::User if taken_by_timer != Some(true) => Input::Complete {
                token: Token::on(node),
                outcome: None,
            },
            crate::Kind::Boundary { .. } => Input::TimerFired {
                token: Token::on(node),
            },
            _ => continue,
        };
        step = crate::step(process, &step.marking, input, &choose(at), &PlainOnly)?;
        ended_early |= early(&step);
    }
    Ok((step, ended_early))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn structured_processes_are_sound_without_a_search(block in block()) {
        let drawing = whole(&block);
        let definitions = parsed(&drawing);
        let verdict = soundness(definitions.main().unwrap());
        prop_assert_eq!(verdict.sound, Some(true), "{:?}", verdict.findings);
        prop_assert!(verdict.markings <= 2, "{} markings", verdict.markings);
    }

    #[test]
    fn inclusive_blocks_are_sound_without_a_search(block in block_with_some()) {
        let definitions = parsed(&whole(&block));
        let verdict = soundness(definitions.main().unwrap());
        prop_assert_eq!(verdict.sound, Some(true), "{:?}", verdict.findings);
        prop_assert!(verdict.markings <= 2, "{} markings", verdict.markings);
    }

    #[test]
    fn damaged_inclusive_processes_get_the_verdict_of_the_definition(
        block in block_with_some(),
        slips in prop::collection::vec((0..2u8, 0..1000usize, 0..1000usize), 1..3),
    ) {
        let mut drawing = whole(&block);
        for (kind, first, second) in slips {
            damage(&mut drawing, kind, first, second);
        }
        let definitions = parsed(&drawing);
        let verdict = soundness(definitions.main().unwrap());
        if verdict.findings.iter().any(|finding| finding.code == "circle") {
            return Ok(());
        }
        if let Some(expected) = drawing.is_sound() {
            prop_assert_eq!(
                verdict.sound, Some(expected), "{:?} {:?}", drawing, verdict.findings
            );
        }
    }

    #[test]
    fn the_machine_and_the_reference_agree_after_every_step(
        block in block(),
        rng in any::<u64>(),
    ) {
        let drawing = whole(&block);
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&rng.to_le_bytes());
        let mut rng = TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &seed);
        walk_both(&drawing, &mut rng);
    }

    #[test]
    fn damaged_processes_get_the_verdict_of_the_definition(
        block in block(),
        slips in prop::collection::vec((any::<u8>(), 0..1000usize, 0..1000usize), 1..3),
    ) {
        let mut drawing = whole(&block);
        for (kind, first, second) in slips {
            damage(&mut drawing, kind, first, second);
        }
        let definitions = parsed(&drawing);
        let process = definitions.main().unwrap();
        let verdict = soundness(process);
        if verdict.findings.iter().any(|finding| finding.code == "circle") {
            return Ok(());
        }
        if let Some(expected) = drawing.is_sound() {
            prop_assert_eq!(
                verdict.sound, Some(expected), "{:?} {:?}", drawing, verdict.findings
            );
        }
        let leads_on = |node: &crate::Node| {
            node.kind != crate::Kind::Exclusive || !node.outgoing.is_empty()
        };
        if !process.nodes().iter().all(leads_on) {
            return Ok(());
        }
        for finding in &verdict.findings {
            prop_assert!(!finding.element.is_empty(), "{:?} {:?}", drawing, finding);
            if !is_walkable(process, &finding.trace) {
                continue;
            }
            let result = replay(process, &finding.trace);
            // The machine moves all tokens before it answers: the step that ends early may also
            // start something twice, and is refused for that.
            if finding.code == "early_end" && matches!(result, Err(StepRefusal::SecondToken(_))) {
                continue;
            }
            match finding.code {
                "deadlock" => {
                    let (step, _) = result.map_err(|fault| {
                        TestCaseError::fail(format!("{fault} {drawing:?} {finding:?}"))
                    })?;
                    prop_assert!(!step.marking.is_empty());
                    prop_assert_eq!(open(process, &step), Vec::<usize>::new());
                }
                "second_token" => {
                    // Two tokens that come to an end event show as an early end.
                    let refused = matches!(
                        result,
                        Err(StepRefusal::SecondToken(_)) | Ok((_, true))
                    );
                    prop_assert!(refused, "{:?} {:?} {:?}", result, drawing, finding);
                }
                "early_end" | "no_way_out" => {
                    let (step, early) = result.map_err(|fault| {
                        TestCaseError::fail(format!("{fault} {drawing:?} {finding:?}"))
                    })?;
                    prop_assert!(!step.marking.is_empty() || early, "{:?} {:?}", drawing, finding);
                    prop_assert_eq!(early, finding.code == "early_end");
                }
                _ => {}
            }
        }
    }
}

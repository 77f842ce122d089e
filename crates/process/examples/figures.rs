//! Figures of the pure engine: steps a second, check time against size, cases simulated a second.
//!
//! `cargo run --release -p process --example figures`

use std::fmt::Write;
use std::time::Instant;

use process::{
    Data, Input, PlainOnly, Profile, Token, check, parse, procedures, simulate, start, step,
};

/// A sound piece that no rule of reduction folds: splits and joins that overlap.
const TANGLE: [(&str, &str); 10] = [
    ("f", "u"),
    ("f", "v"),
    ("u", "g"),
    ("g", "w"),
    ("g", "x"),
    ("v", "h"),
    ("x", "h"),
    ("h", "y"),
    ("w", "j"),
    ("y", "j"),
];

/// Blocks of branches side by side, or rows of tasks, of about so many elements.
fn sized(elements: usize, branches: usize, tangled: bool) -> String {
    let mut text = String::from(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">
        <process id="p" isExecutable="true"><startEvent id="s"/><endEvent id="e"/>"#,
    );
    let (mut before, mut block, mut made) = ("s".to_owned(), 0usize, 2);
    let flow = |text: &mut String, from: &str, to: &str| {
        let _ = write!(
            text,
            r#"<sequenceFlow id="{from}_{to}" sourceRef="{from}" targetRef="{to}"/>"#
        );
    };
    while made < elements {
        let (open, join) = (format!("f{block}"), format!("j{block}"));
        for gate in [&open, &join] {
            let _ = write!(text, r#"<parallelGateway id="{gate}"/>"#);
        }
        flow(&mut text, &before, &open);
        for branch in 0..branches {
            let mut last = open.clone();
            for task in 0..10 {
                let id = format!("t{block}x{branch}x{task}");
                let _ = write!(text, r#"<userTask id="{id}"/>"#);
                flow(&mut text, &last, &id);
                last = id;
            }
            if tangled {
                let id = |name: &str| format!("k{block}x{branch}{name}");
                for name in ["f", "g", "h", "j"] {
                    let _ = write!(text, r#"<parallelGateway id="{}"/>"#, id(name));
                }
                for name in ["u", "v", "w", "x", "y"] {
                    let _ = write!(text, r#"<userTask id="{}"/>"#, id(name));
                }
                for (from, to) in TANGLE {
                    flow(&mut text, &id(from), &id(to));
                }
                flow(&mut text, &last, &id("f"));
                last = id("j");
            }
            flow(&mut text, &last, &join);
        }
        made += 2 + branches * if tangled { 19 } else { 10 };
        before = join;
        block += 1;
    }
    flow(&mut text, &before, "e");
    text + "</process></definitions>"
}

fn steps() {
    let Ok(definitions) = parse(procedures::SEVEN_OP.xml.as_bytes()) else {
        return;
    };
    let Some(process) = definitions.main() else {
        return;
    };
    let data = Data::new();
    let way = [
        ("receive", None),
        ("legal", None),
        ("site", None),
        ("department", None),
        ("decide", Some("granted")),
    ];
    let tokens: Vec<_> = way
        .iter()
        .filter_map(|(id, outcome)| Some((Token::on(process.find(id)?), *outcome)))
        .collect();
    let (begun, mut count) = (Instant::now(), 0u32);
    for _ in 0..100_000 {
        let Ok(mut at) = start(process, None, &data, &PlainOnly) else {
            return;
        };
        count += 1;
        for (token, outcome) in &tokens {
            let (token, outcome) = (*token, *outcome);
            let input = Input::Complete { token, outcome };
            let Ok(next) = step(process, &at.marking, input, &data, &PlainOnly) else {
                return;
            };
            at = next;
            count += 1;
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "steps: {:.0}/s, {:.3} us each",
        f64::from(count) / seconds,
        seconds * 1e6 / f64::from(count)
    );
}

fn main() {
    steps();
    for (elements, branches, tangled) in [
        (100, 3, false),
        (1_000, 3, false),
        (1_000, 30, false),
        (10_000, 30, false),
        (1_000, 3, true),
        (1_000, 30, true),
        (10_000, 30, true),
    ] {
        let text = sized(elements, branches, tangled);
        let begun = Instant::now();
        let Ok(definitions) = parse(text.as_bytes()) else {
            return;
        };
        let read = begun.elapsed();
        let begun = Instant::now();
        let report = check(&definitions, &PlainOnly);
        println!(
            "check {elements} elements, {branches} branches, tangled {tangled}: read {read:?}, \
             check {:?}, sound \
             {:?}, {} markings",
            begun.elapsed(),
            report.sound,
            report.markings
        );
    }
    for example in procedures::examples() {
        let Ok(definitions) = parse(example.xml.as_bytes()) else {
            return;
        };
        let Some(process) = definitions.main() else {
            return;
        };
        let begun = Instant::now();
        let found = simulate(process, &Profile::default(), 10_000, 1);
        println!(
            "simulate {} 10,000 cases: {:?}, {:.1} days expected",
            example.name,
            begun.elapsed(),
            found.expected_days
        );
    }
}

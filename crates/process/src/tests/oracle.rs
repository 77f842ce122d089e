//! The proof against two oracles: pm4py's recorded verdicts on drawings with seeded defects, and
//! the definition itself, searched naively.
//!
//! The key was made by `tools/soundness_oracle.py`; neither it nor pm4py is needed here.

use std::collections::BTreeMap;

use crate::soundness;

use super::reference::{Drawing, Part};

const KEY: &str = include_str!("../../tests/data/soundness_verdicts.tsv");

fn drawing(parts: &str, flows: &str) -> Drawing {
    let parts = parts.chars().enumerate().map(|(at, letter)| match letter {
        'S' => Part::Start,
        'T' => Part::Task,
        'X' => Part::Xor,
        'A' => Part::And,
        'B' => Part::Timer(at - 1),
        _ => Part::End,
    });
    let flows = flows.split(',').map(|flow| {
        let (from, to) = flow.split_once('-').unwrap();
        (from.parse().unwrap(), to.parse().unwrap())
    });
    Drawing {
        parts: parts.collect(),
        flows: flows.collect(),
    }
}

#[test]
fn verdicts_equal_those_of_pm4py_and_of_the_definition_and_every_seeded_defect_is_found() {
    let mut compared = 0;
    let mut defects: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for line in KEY.lines().filter(|line| !line.starts_with('#')) {
        let [defect, verdict, parts, flows] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let drawing = drawing(parts, flows);
        let definitions = crate::parse(drawing.file().as_bytes()).unwrap();
        let ours = soundness(definitions.main().unwrap());
        // Gateways in a ring without a task are refused before any proof, sound or not.
        if ours.findings.iter().any(|finding| finding.code == "circle") {
            assert_eq!(ours.sound, Some(false));
            continue;
        }
        assert_eq!(
            ours.sound,
            Some(verdict == "sound"),
            "{line}\n{:?}",
            ours.findings
        );
        if let Some(naive) = drawing.is_sound() {
            assert_eq!(ours.sound, Some(naive), "{line}");
        }
        if ours.sound == Some(false) {
            assert!(!ours.findings[0].element.is_empty(), "{line}");
        }
        let (found, all) = defects.entry(defect).or_default();
        *found += u32::from(ours.sound == Some(false));
        *all += 1;
        compared += 1;
    }
    assert!(compared >= 1000, "{compared}");
    for must in ["deadlock", "unsynchronised", "dead step", "livelock"] {
        let (found, all) = defects[must];
        assert!(found == all && all >= 30, "{must}: {found} of {all}");
    }
    assert_eq!(defects["none"].0, 0, "no false alarm");
}

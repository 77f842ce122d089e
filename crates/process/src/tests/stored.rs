//! Markings as halls have stored them since the first release: read and moved on for ever.
//!
//! Each line was written by the machine of the first release and must never be edited: cases in
//! the field stand at such places.

use crate::{Data, Input, Marking, PlainOnly, Token, parse, procedures};

/// Procedure, marking before, what happens (`done ID OUTCOME`, `timer ID`), marking after.
const STORED: &str = include_str!("../../tests/data/stored_markings.tsv");

#[test]
fn stored_markings_of_the_first_release_are_read_and_move_on_as_they_did() {
    let mut seen = 0;
    for line in STORED.lines().filter(|line| !line.starts_with('#')) {
        let [name, before, what, after] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let definitions = parse(procedures::find(name).unwrap().xml.as_bytes()).unwrap();
        let process = definitions.main().unwrap();
        let marking: Marking = before.parse().unwrap();
        assert_eq!(marking.to_string(), before);
        let words: Vec<&str> = what.split(' ').collect();
        let token = Token::on(process.find(words[1]).unwrap());
        let outcome = words.get(2).copied();
        let service = process.effect(token.node()).is_some();
        let input = match words[0] {
            "timer" => Input::TimerFired { token },
            _ if service => Input::ServiceDone { token, outcome },
            _ => Input::Complete { token, outcome },
        };
        let step = crate::step(process, &marking, input, &Data::new(), &PlainOnly).unwrap();
        // Procedures have since learned to count how often a case is sent back (`r`).
        let now = step.marking.to_string();
        let now: Vec<&str> = now
            .split(',')
            .filter(|entry| !entry.contains('r'))
            .collect();
        assert_eq!(now.join(","), after, "{line}");
        seen += 1;
    }
    assert_eq!(seen, 21);
}

//! Cases moved into another version: nothing is lost, and whoever is moved can still finish.

use std::collections::HashSet;

use proptest::prelude::*;

use crate::migrate::next;
use crate::{Mapping, Marking, Process, check, migrate, parse, places, procedures, remaining};

fn shipped(text: &str) -> Process {
    let definitions = parse(text.as_bytes()).unwrap();
    definitions.main().unwrap().clone()
}

fn standard() -> &'static str {
    procedures::STANDARD.xml
}

/// 标准程序 with legal review between the review and the decision.
fn with_legal_review() -> String {
    let task = r#"<bpmn:userTask id="legal" name="法制审核" qc:post="legal_reviewer"
        qc:duty="legal" qc:limitDays="3"/>
        <bpmn:sequenceFlow id="legal_to_decide" sourceRef="legal" targetRef="decide"/>"#;
    standard()
        .replacen("<bpmn:serviceTask", &format!("{task}<bpmn:serviceTask"), 1)
        .replace(
            "id=\"review_to_decide\" sourceRef=\"review\" targetRef=\"decide\"",
            "id=\"review_to_decide\" sourceRef=\"review\" targetRef=\"legal\"",
        )
        .replace("<bpmn:incoming>review_to_decide</bpmn:incoming>", "")
}

fn at(process: &Process, ids: &[&str]) -> Marking {
    let mut numbers: Vec<u16> = ids
        .iter()
        .map(|id| process.find(id).unwrap().number())
        .collect();
    numbers.sort_unstable();
    let words: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    words.join(",").parse().unwrap()
}

#[test]
fn a_case_goes_on_at_the_same_task_and_is_told_what_it_passed_over() {
    let (old, new) = (shipped(standard()), shipped(&with_legal_review()));
    let all = places(&new);
    let none = Mapping::new();
    let moved = migrate(&old, &new, &all, &at(&old, &["review"]), &none).unwrap();
    assert_eq!(moved.marking, at(&new, &["review"]));
    assert_eq!(moved.passed_over, []);
    for behind in ["decide", "deliver"] {
        let moved = migrate(&old, &new, &all, &at(&old, &[behind]), &none).unwrap();
        assert_eq!(moved.passed_over, [new.find("legal").unwrap()]);
    }
    let days = (
        remaining(&old, &at(&old, &["review"])),
        remaining(&new, &at(&new, &["review"])),
    );
    assert_eq!(days, (15, 18));
}

#[test]
fn a_task_that_vanishes_is_named_and_goes_where_the_mover_says() {
    let (old, new) = (shipped(&with_legal_review()), shipped(standard()));
    let all = places(&new);
    let here = at(&old, &["legal"]);
    let lost = migrate(&old, &new, &all, &here, &Mapping::new()).unwrap_err();
    assert_eq!((lost[0].code, &*lost[0].element), ("token_lost", "legal"));
    let mapping = |to: &str| Mapping::from([("legal".to_owned(), to.to_owned())]);
    let moved = migrate(&old, &new, &all, &here, &mapping("decide")).unwrap();
    assert_eq!(moved.marking, at(&new, &["decide"]));
    let gateway = migrate(&old, &new, &all, &here, &mapping("made")).unwrap_err();
    assert_eq!(gateway[0].code, "kind_differs");
    let nowhere = migrate(&old, &new, &all, &here, &mapping("nowhere")).unwrap_err();
    assert_eq!(nowhere[0].code, "mapping_unknown");
}

#[test]
fn a_new_parallel_branch_is_not_silently_left_out() {
    let old = shipped(procedures::JOINT_OPINION.xml);
    let opinions: Vec<&str> = old
        .nodes()
        .iter()
        .filter(|node| node.task.limit_days == Some(5) && node.kind == crate::Kind::User)
        .map(|node| &*node.id)
        .collect();
    // The three opinions at once are a place of the version; two of them alone are none.
    let all = places(&old);
    let none = Mapping::new();
    let together: Vec<&str> = opinions.iter().copied().take(3).collect();
    let moved = migrate(&old, &old, &all, &at(&old, &together), &none);
    assert!(moved.is_ok(), "{together:?} {moved:?}");
    let alone = migrate(&old, &old, &all, &at(&old, &together[..2]), &none).unwrap_err();
    assert_eq!(alone[0].code, "never_there");
}

#[test]
fn two_tokens_never_meet_on_one_task() {
    let old = shipped(procedures::JOINT_OPINION.xml);
    let new = shipped(standard());
    let mapping: Mapping = old
        .nodes()
        .iter()
        .filter(|node| node.kind == crate::Kind::User)
        .map(|node| (node.id.to_string(), "review".to_owned()))
        .collect();
    let all = places(&new);
    let together: Vec<Marking> = reached(&old)
        .into_iter()
        .filter(|m| m.tokens().count() > 1)
        .collect();
    for marking in together {
        let refused = migrate(&old, &new, &all, &marking, &mapping);
        assert!(refused.is_err(), "{marking}");
    }
}

/// Every place of a process, exactly.
fn reached(process: &Process) -> Vec<Marking> {
    let first = crate::start(process, None, &crate::Data::new(), &crate::PlainOnly).unwrap();
    let (mut seen, mut open) = (HashSet::new(), vec![first.marking]);
    while let Some(marking) = open.pop() {
        if seen.len() < 3_000 && seen.insert(marking.clone()) {
            open.extend(next(process, &marking));
        }
    }
    let mut all: Vec<Marking> = seen.into_iter().collect();
    all.sort();
    all
}

/// Whether from here the end can be reached, by the machine.
fn finishes(process: &Process, marking: &Marking) -> bool {
    let (mut seen, mut open) = (HashSet::new(), vec![marking.clone()]);
    while let Some(marking) = open.pop() {
        if marking.is_empty() {
            return true;
        }
        if seen.len() < 20_000 && seen.insert(marking.clone()) {
            open.extend(next(process, &marking));
        }
    }
    false
}

fn versions() -> Vec<Process> {
    let shortened = standard().replace("qc:returnsMax=\"3\"", "qc:returnsMax=\"1\"");
    let mut all: Vec<Process> = procedures::all()
        .iter()
        .map(|one| shipped(one.xml))
        .collect();
    all.push(shipped(&with_legal_review()));
    all.push(shipped(&shortened));
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever is moved wherever, by whatever mapping: what the mover lets through stands at a
    /// place of the new version, holds as many tokens as before, and can be finished from there,
    /// also after any one step.
    #[test]
    fn whoever_is_moved_can_always_still_finish(
        from in 0usize..7, to in 0usize..7, place in any::<prop::sample::Index>(),
        pairs in prop::collection::vec(any::<[prop::sample::Index; 2]>(), 0..6),
    ) {
        let all = versions();
        let (old, new) = (&all[from], &all[to]);
        let here = reached(old);
        let marking = &here[place.index(here.len())];
        let mapping: Mapping = pairs
            .iter()
            .map(|[a, b]| {
                let (old, new) = (old.nodes(), new.nodes());
                (old[a.index(old.len())].id.to_string(), new[b.index(new.len())].id.to_string())
            })
            .collect();
        if let Ok(moved) = migrate(old, new, &places(new), marking, &mapping) {
            prop_assert!(moved.marking.check(new).is_ok());
            prop_assert_eq!(moved.marking.tokens().count(), marking.tokens().count());
            prop_assert!(finishes(new, &moved.marking), "{} stuck at {}", new.id(), moved.marking);
            for after in next(new, &moved.marking) {
                prop_assert!(finishes(new, &after), "{} stuck at {after}", new.id());
            }
        }
    }
}

#[test]
fn the_versions_of_these_tests_are_sound() {
    for text in [standard().to_owned(), with_legal_review()] {
        let definitions = parse(text.as_bytes()).unwrap();
        let report = check(&definitions, &crate::PlainOnly);
        assert_eq!(report.sound, Some(true), "{:?}", report.findings);
    }
}

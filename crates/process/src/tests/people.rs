//! Nobody has two of accept, review, decide and deliver: by post, deputy or delegation.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Assignment, parse, procedures, separated};

fn set(people: &[&str]) -> BTreeSet<String> {
    people.iter().map(|person| (*person).to_owned()).collect()
}

fn staffed() -> Assignment {
    let posts = [
        ("intake_clerk", &["Zhang"][..]),
        ("reviewer", &["Wang", "Zhao"]),
        ("decider", &["Liu"]),
        ("exit_clerk", &["Chen"]),
    ];
    Assignment {
        posts: posts
            .map(|(post, people)| (post.to_owned(), set(people)))
            .into(),
        accepting: Some("intake_clerk".to_owned()),
        ..Assignment::default()
    }
}

fn found(assignment: &Assignment) -> Vec<(&'static str, String)> {
    let definitions = parse(procedures::STANDARD.xml.as_bytes()).unwrap();
    let findings = separated(definitions.main().unwrap(), assignment);
    findings
        .into_iter()
        .map(|finding| (finding.code, finding.en))
        .collect()
}

#[test]
fn four_posts_with_different_people_are_separate() {
    assert_eq!(found(&staffed()), []);
}

#[test]
fn one_person_with_two_posts_is_named_with_both() {
    let mut assignment = staffed();
    assignment
        .posts
        .insert("decider".to_owned(), set(&["Liu", "Zhao"]));
    let [(code, said)] = &found(&assignment)[..] else {
        panic!("{:?}", found(&assignment));
    };
    assert_eq!(*code, "one_person");
    assert!(
        said.contains("Zhao") && said.contains("post reviewer"),
        "{said}"
    );
}

#[test]
fn a_deputy_of_a_deputy_counts() {
    let mut assignment = staffed();
    assignment.deputies = BTreeMap::from([
        ("Liu".to_owned(), set(&["Sun"])),
        ("Sun".to_owned(), set(&["Chen"])),
    ]);
    let found = found(&assignment);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.contains("deputy of Sun"), "{found:?}");
}

#[test]
fn a_delegation_counts_and_so_does_who_accepted() {
    let mut assignment = staffed();
    assignment.delegations = BTreeMap::from([("reviewer".to_owned(), set(&["Zhang"]))]);
    let found = found(&assignment);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.contains("delegation of reviewer"), "{found:?}");
}

#[test]
fn a_post_without_people_and_duties_for_too_few_are_named() {
    let mut assignment = staffed();
    assignment.posts.insert("exit_clerk".to_owned(), set(&[]));
    let codes: Vec<&str> = found(&assignment).iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, ["nobody", "too_few_people"]);
}

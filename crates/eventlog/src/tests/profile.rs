//! Four cases on one Monday and the next, their figures counted by hand.

use crate::{Log, LoggedEvent, Profile, profile};

/// Accepted, reviewed from ten past to forty past, decided ten minutes later; the third is not.
fn four_cases() -> Profile {
    let mut log = Log::new();
    let event = |log: &mut Log, activity: &str, at: &str, who: Option<&str>, phase| {
        let at = format!("2026-11-{at}:00Z").parse().unwrap();
        let (resource, transition) = (who, phase);
        assert!(log.event(&LoggedEvent {
            activity,
            at,
            resource,
            transition
        }));
    };
    for (name, day) in [
        ("1", "23T08"),
        ("2", "23T09"),
        ("3", "23T11"),
        ("4", "30T08"),
    ] {
        log.begin_case(Some(name));
        event(&mut log, "accept", &format!("{day}:00"), Some("a"), None);
        event(
            &mut log,
            "review",
            &format!("{day}:10"),
            Some("b"),
            Some("start"),
        );
        event(
            &mut log,
            "review",
            &format!("{day}:20"),
            Some("b"),
            Some("suspend"),
        );
        event(
            &mut log,
            "review",
            &format!("{day}:40"),
            Some(name),
            Some("COMPLETE"),
        );
        if name != "3" {
            event(
                &mut log,
                "decide",
                &format!("{day}:50"),
                None,
                Some("complete"),
            );
        }
    }
    profile(&log)
}

#[test]
fn a_profile_says_how_often_cases_come() {
    let profile = four_cases();
    assert_eq!(
        (profile.cases, profile.arrivals_by_weekday),
        (4, [4, 0, 0, 0, 0, 0, 0])
    );
    assert_eq!(
        (profile.arrivals_by_hour[8], profile.arrivals_by_hour[11]),
        (2, 1)
    );
    let between = profile.between_arrivals.unwrap();
    // One hour, two hours, and seven days less three hours.
    assert_eq!(
        (between.n, between.at(0.0), between.at(0.5)),
        (3, 3600.0, 7200.0)
    );
    assert_eq!(between.at(1.0), (7.0 * 24.0 - 3.0) * 3600.0);
    assert_eq!(between.at(7.0), between.at(1.0));
    assert_eq!(crate::profile(&Log::new()).between_arrivals, None);
}

#[test]
fn a_profile_says_how_long_steps_take_and_what_comes_next() {
    let profile = four_cases();
    let [accept, decide, review] = &profile.activities[..] else {
        panic!("three activities: {:?}", profile.activities);
    };
    assert_eq!((accept.count, &accept.duration), (4, &None));
    assert_eq!(accept.next.0, [("review".to_owned(), 4)]);
    let took = review.duration.as_ref().unwrap();
    assert_eq!(
        (review.timed, took.mean_seconds, review.resources),
        (4, 1800.0, 4)
    );
    assert_eq!((review.ends, review.next.get("decide")), (1, Some(3)));
    let waited = decide.duration.as_ref().unwrap();
    assert_eq!(
        (decide.timed, decide.count, waited.mean_seconds),
        (0, 3, 600.0)
    );
    assert_eq!((decide.ends, decide.resources), (3, 0));
}

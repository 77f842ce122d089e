//! What is shipped is right, and what is wrong with a theme is named at its place.

use std::collections::BTreeMap;

use catalogue::check::{Severity, check as check_item};
use catalogue::model::ItemContent;

use crate::shipped;
use crate::theme::{Finding, Theme, check, check_scheme};

/// Everything a hall knows: the catalogue's own items and ours.
pub(super) fn known() -> BTreeMap<String, ItemContent> {
    let all = catalogue::shipped::items().unwrap();
    let all = all.into_iter().chain(shipped::items().unwrap());
    all.map(|content| (content.codes.key().unwrap_or_default().to_owned(), content))
        .collect()
}

fn findings(theme: &Theme) -> Vec<&'static str> {
    let known = known();
    let found = check(theme, &|code| known.get(code));
    found.into_iter().map(|one| one.code).collect()
}

fn theme(id: &str) -> Theme {
    shipped::theme(id).unwrap().clone()
}

#[test]
fn every_shipped_item_is_free_of_errors() {
    for content in shipped::items().unwrap() {
        let errors: Vec<_> = check_item(&content)
            .into_iter()
            .filter(|finding| finding.severity == Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", content.name.zh);
        assert!(content.takes_applications(), "{}", content.name.zh);
    }
}

#[test]
fn every_shipped_theme_and_scheme_is_free_of_findings() {
    let known = known();
    for theme in shipped::themes().unwrap() {
        let found = check(theme, &|code| known.get(code));
        assert_eq!(found, Vec::<Finding>::new(), "{}", theme.id);
    }
    for scheme in shipped::schemes().unwrap() {
        let found = check_scheme(scheme, shipped::themes().unwrap());
        assert_eq!(found, Vec::<Finding>::new(), "{}", scheme.id);
    }
}

#[test]
fn both_schemes_and_every_kind_of_bundle_ship() {
    let stages: Vec<usize> = shipped::schemes()
        .unwrap()
        .iter()
        .map(|one| one.stages.len())
        .collect();
    assert_eq!(stages, [5, 4]);
    let start = theme("start_company");
    assert_eq!(start.items.len(), 6);
    let newborn = theme("newborn");
    assert_eq!(
        newborn.items.iter().filter(|item| item.follow_up).count(),
        2
    );
    assert!(theme("restaurant").combined.is_some());
}

#[test]
fn a_stage_that_waits_for_itself_is_named() {
    let mut stage = theme("five_1");
    stage.after = vec![stage.id.clone()];
    assert_eq!(findings(&stage), ["theme.waits_for_itself"]);
    let scheme = shipped::scheme("five_stages").unwrap();
    let found = check_scheme(scheme, &[stage]);
    assert!(
        found.iter().any(|one| one.code == "scheme.waits_for_later"),
        "{found:?}"
    );
    assert!(
        found.iter().any(|one| one.code == "scheme.stage_unknown"),
        "{found:?}"
    );
}

#[test]
fn items_that_wait_for_each_other_in_a_circle_are_named() {
    let mut stage = theme("five_2");
    stage.items[0].after = vec!["land_permit".to_owned()];
    assert_eq!(findings(&stage), ["theme.circle"]);
    stage.items[0].after = vec!["site_opinion".to_owned()];
    assert_eq!(findings(&stage), ["theme.circle"]);
}

#[test]
fn unknown_items_scenarios_and_predecessors_are_named() {
    let mut stage = theme("five_4");
    stage.items[0].code = "511A0000000000".to_owned();
    stage.items[3].scenario = Some("castle".to_owned());
    stage.items[1].after = vec!["moon".to_owned()];
    let found = findings(&stage);
    assert_eq!(
        found,
        [
            "theme.item_unknown",
            "theme.after_unknown",
            "theme.scenario_unknown"
        ]
    );
}

#[test]
fn an_empty_theme_and_an_empty_list_are_named() {
    let mut stage = theme("five_5");
    stage.items.clear();
    stage.check.as_mut().unwrap().list.clear();
    assert_eq!(findings(&stage), ["theme.empty", "theme.check_empty"]);
}

#[test]
fn a_limit_shorter_than_its_items_need_is_named() {
    let mut stage = theme("five_3");
    // Design and permit, one after the other, take thirteen days.
    stage.limit_days = 12;
    assert_eq!(findings(&stage), ["theme.limit_too_short"]);
    stage.limit_days = 13;
    assert_eq!(findings(&stage), Vec::<&str>::new());
}

#[test]
fn what_is_mandatory_does_not_wait_for_what_may_never_be_chosen() {
    let mut stage = theme("five_4");
    stage.items[3].after.push("lightning".to_owned());
    assert_eq!(findings(&stage), ["theme.waits_for_optional"]);
}

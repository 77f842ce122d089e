//! Every way through the questions ends in a scenario, and all views read the same list.

use super::item;
use crate::model::Next;
use crate::model::kind::Necessity;
use crate::scenario::{Picks, Reached, ScenarioFault, paths, reach, requirements};
use crate::shipped;

fn picks(pairs: &[(&str, &str)]) -> Picks {
    pairs
        .iter()
        .map(|(question, option)| ((*question).into(), (*option).into()))
        .collect()
}

#[test]
fn every_path_ends_in_a_scenario_and_the_four_views_are_the_same_list() {
    for item in shipped::items().expect("shipped items") {
        for (picks, scenario) in paths(&item).expect("a sound tree") {
            let Ok(Reached::Scenario(found)) = reach(&item, &picks) else {
                panic!("{}: {picks:?} ends nowhere", item.name.zh);
            };
            assert_eq!(found.scenario.id, scenario.id);
            let list = &found.materials;
            let guide: Vec<&str> = list.lines().iter().map(|l| &*l.material.id).collect();
            let form: Vec<&str> = list
                .upload_slots()
                .iter()
                .map(|slot| slot.material)
                .collect();
            let clerk: Vec<&str> = list.check_list().iter().map(|(id, _)| *id).collect();
            let notice: Vec<&str> = list.missing(&[]).iter().map(|l| &*l.material.id).collect();
            assert!(!guide.is_empty());
            assert_eq!(guide, form);
            assert_eq!(guide, clerk);
            let asked = |line: &&crate::scenario::MaterialLine<'_>| {
                line.requirement.necessity != Necessity::Optional
            };
            let must: Vec<&str> = list
                .lines()
                .iter()
                .filter(asked)
                .map(|l| &*l.material.id)
                .collect();
            assert_eq!(must, notice);
        }
    }
}

#[test]
fn questions_are_asked_one_after_the_other() {
    let food = item("food_business_licence");
    let Ok(Reached::Ask(first)) = reach(&food, &Picks::new()) else {
        panic!("no question")
    };
    assert_eq!(first.id, "business");
    let so_far = picks(&[("business", "catering")]);
    let Ok(Reached::Ask(second)) = reach(&food, &so_far) else {
        panic!("no question")
    };
    assert_eq!(second.id, "delivery");
    let all = picks(&[("business", "catering"), ("delivery", "yes")]);
    let Ok(Reached::Scenario(found)) = reach(&food, &all) else {
        panic!("no scenario")
    };
    assert_eq!(found.scenario.id, "central_kitchen");
    assert!(found.materials.allows("distribution_vehicle"));
    assert!(!found.materials.allows("canteen_certificate"));
}

#[test]
fn an_answer_that_is_no_option_is_told_and_not_guessed() {
    let food = item("food_business_licence");
    let fault = reach(&food, &picks(&[("business", "circus")]));
    let question = "business".to_owned();
    let option = "circus".to_owned();
    assert_eq!(fault, Err(ScenarioFault::NoSuchOption { question, option }));
}

#[test]
fn a_circle_of_questions_is_found_instead_of_walked() {
    let mut food = item("food_business_licence");
    food.questions[1].options[0].then = Next::Question("business".to_owned());
    assert!(matches!(paths(&food), Err(ScenarioFault::Circle { .. })));
    let round = picks(&[("business", "catering"), ("delivery", "no")]);
    assert!(matches!(
        reach(&food, &round),
        Err(ScenarioFault::Circle { .. })
    ));
}

#[test]
fn a_missing_material_is_tolerable_only_where_the_list_says_so() {
    let food = item("food_business_licence");
    let found = requirements(&food, "catering").expect("a scenario");
    let all: Vec<&str> = found
        .materials
        .lines()
        .iter()
        .map(|l| &*l.material.id)
        .collect();
    let without = |gone: &str| {
        all.iter()
            .copied()
            .filter(|id| *id != gone)
            .collect::<Vec<_>>()
    };
    assert!(found.materials.tolerable_without(&all));
    assert!(
        found
            .materials
            .tolerable_without(&without("health_certificates"))
    );
    assert!(!found.materials.tolerable_without(&without("layout")));
    let missing = found.materials.missing(&without("layout"));
    assert_eq!(missing.len(), 1);
}

#[test]
fn a_scenario_has_its_own_limit_and_fees_where_it_says_so() {
    let road = item("road_occupation");
    let occupy = requirements(&road, "occupy").expect("a scenario");
    let dig = requirements(&road, "dig").expect("a scenario");
    assert_ne!(occupy.promised, dig.promised);
    assert_eq!(occupy.fees.len(), 1);
    assert_eq!(
        requirements(&road, "dig_and_occupy")
            .expect("a scenario")
            .fees
            .len(),
        2
    );
    let asks = |found: &crate::scenario::Requirements<'_>, name: &str| {
        found.fields.iter().any(|field| field.name == name)
    };
    assert!(asks(&dig, "dug_area") && !asks(&occupy, "dug_area"));
}

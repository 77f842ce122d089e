//! 只减不增: what is more, what is not, and what a named law changes.

use super::item;
use crate::change::{Measure, added, compare};
use crate::model::kind::Necessity;
use crate::model::{ItemContent, LegalBasis, Promise, TimeLimit};

fn after(change: impl FnOnce(&mut ItemContent)) -> Vec<Measure> {
    let old = item("outdoor_advertising");
    let mut new = old.clone();
    change(&mut new);
    added(&old, &new).iter().map(|one| one.measure).collect()
}

#[test]
fn the_same_again_is_not_more() {
    assert!(after(|_| {}).is_empty());
}

#[test]
fn one_more_step_material_day_or_visit_is_more() {
    let step = after(|c| {
        let handling = c.handling.as_mut().expect("steps");
        let again = handling.steps[0].clone();
        handling.steps.push(again);
    });
    assert_eq!(step, [Measure::Steps]);
    let material = after(|c| {
        let mut again = c.scenarios[0].materials[0].clone();
        again.material = "electric".to_owned();
        c.scenarios[0].materials.push(again);
    });
    assert_eq!(material, [Measure::Materials]);
    let day = after(|c| c.promised = Some(Promise::Within(TimeLimit::workdays(9))));
    assert_eq!(day, [Measure::Days]);
    assert_eq!(after(|c| c.promised = None), [Measure::Days]);
    let visit = after(|c| c.service.as_mut().expect("service").hall_visits += 1);
    assert_eq!(visit, [Measure::Visits]);
}

#[test]
fn fewer_materials_in_one_scenario_do_not_pay_for_more_in_another() {
    let traded = after(|c| {
        c.scenarios[1].materials.truncate(2);
        let mut again = c.scenarios[0].materials[0].clone();
        again.material = "electric".to_owned();
        c.scenarios[0].materials.push(again);
    });
    assert_eq!(traded, [Measure::Materials]);
}

#[test]
fn renamed_scenarios_hide_nothing() {
    let renamed = after(|c| {
        for scenario in &mut c.scenarios {
            scenario.id.push_str("_new");
        }
        let mut again = c.scenarios[1].materials[0].clone();
        again.material = "more".to_owned();
        c.scenarios[1].materials.push(again);
    });
    assert_eq!(renamed, [Measure::Materials]);
}

#[test]
fn less_of_anything_is_welcome_and_what_may_stay_away_does_not_count() {
    let less = after(|c| {
        c.promised = Some(Promise::Instant);
        c.scenarios[0].materials.pop();
        let handling = c.handling.as_mut().expect("steps");
        handling.steps.pop();
    });
    assert!(less.is_empty());
    let optional = after(|c| {
        let mut again = c.scenarios[0].materials[0].clone();
        again.necessity = Necessity::Optional;
        c.scenarios[0].materials.push(again);
    });
    assert!(optional.is_empty());
}

#[test]
fn more_is_lawful_where_the_version_names_the_law() {
    let old = item("outdoor_advertising");
    let mut new = old.clone();
    new.service.as_mut().expect("service").hall_visits += 1;
    new.increase_basis = Some(LegalBasis {
        law: "城市市容和环境卫生管理条例".to_owned(),
        number: None,
        version_date: None,
        article: "第十一条".to_owned(),
        quote: None,
    });
    assert!(added(&old, &new).is_empty());
    // The comparison itself stays in sight.
    assert!(compare(&old, &new).iter().any(|one| one.more));
}

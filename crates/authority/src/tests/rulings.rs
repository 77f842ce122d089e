//! Which line applies, who may decide, and which tables are refused.

use catalogue::ItemId;
use catalogue::model::kind::ItemType;
use kernel::TypedId;
use kernel::uuid::Uuid;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::decide::Refusal;
use crate::model::{AuthorityGrant, Bounds, Grade, Scope, TableText};
use crate::rule::{Standing, Subject, check, hundredths, in_units, rule};

fn item(number: u128) -> ItemId {
    ItemId::from_uuid(Uuid::from_u128(number))
}

fn line(scope: Scope, grade: Grade) -> AuthorityGrant {
    AuthorityGrant {
        scope,
        amount: None,
        grade,
        committee: false,
        legal: false,
        counsel: false,
        ground: "局分级授权办法".to_owned(),
    }
}

fn up_to(above: Option<i64>, up_to: Option<i64>, grade: Grade) -> AuthorityGrant {
    let field = "area".to_owned();
    AuthorityGrant {
        amount: Some(Bounds {
            field,
            above,
            up_to,
        }),
        ..line(Scope::Item(item(1)), grade)
    }
}

fn table(rows: Vec<AuthorityGrant>) -> TableText {
    TableText {
        ground: "办法".to_owned(),
        rows,
    }
}

fn by_area() -> TableText {
    table(vec![
        up_to(None, Some(5_000), Grade::Handler),
        up_to(Some(5_000), Some(50_000), Grade::SectionHead),
        AuthorityGrant {
            committee: true,
            legal: true,
            ..up_to(Some(50_000), None, Grade::DeputyDirector)
        },
    ])
}

fn answers(area: &Value) -> Map<String, Value> {
    let answers = json!({ "area": area });
    answers.as_object().cloned().unwrap_or_default()
}

fn subject(answers: &Map<String, Value>, listed: bool) -> Subject<'_> {
    Subject {
        item: item(1),
        item_type: ItemType::Licence,
        answers,
        listed,
        major: false,
    }
}

const fn stands(post: Grade) -> Standing {
    Standing { post, chief: false }
}

#[test]
fn an_amount_at_the_bound_is_within_and_one_hundredth_more_is_not() {
    let table = by_area();
    let at = answers(&json!(50));
    let over = answers(&json!("50.01"));
    assert!(rule(Some(&table), subject(&at, false)).permits(stands(Grade::Handler)));
    let ruling = rule(Some(&table), subject(&over, false));
    assert!(!ruling.permits(stands(Grade::Handler)));
    assert!(ruling.permits(stands(Grade::SectionHead)));
    assert_eq!((ruling.row, ruling.amount), (Some(1), Some(5_001)));
}

#[test]
fn a_third_decimal_does_not_get_under_a_bound() {
    assert_eq!(hundredths(&json!("50.001")), Some(5_001));
    assert_eq!(hundredths(&json!(50.5)), Some(5_050));
    assert_eq!(hundredths(&json!("1,200")), Some(120_000));
    for no_amount in [
        json!("-3"),
        json!("1e9"),
        json!("many"),
        json!(null),
        json!([1]),
    ] {
        assert_eq!(hundredths(&no_amount), None, "{no_amount}");
    }
}

#[test]
fn without_an_amount_the_strictest_line_applies_and_says_so() {
    let table = by_area();
    let ruling = rule(Some(&table), subject(&Map::new(), false));
    assert!(ruling.unstated && ruling.committee && ruling.legal);
    assert_eq!(ruling.needs, Some(Grade::DeputyDirector));
    assert_eq!(ruling.row, Some(2));
}

#[test]
fn a_line_for_the_item_goes_before_its_type_and_that_before_all() {
    let mut rows = vec![
        line(Scope::All, Grade::Director),
        line(Scope::Type(ItemType::Licence), Grade::SectionHead),
    ];
    let none = Map::new();
    let by_type = rule(Some(&table(rows.clone())), subject(&none, false));
    assert_eq!(by_type.needs, Some(Grade::SectionHead));
    rows.push(line(Scope::Item(item(1)), Grade::Handler));
    let by_item = rule(Some(&table(rows.clone())), subject(&none, false));
    assert_eq!(by_item.needs, Some(Grade::Handler));
    let other = Subject {
        item: item(2),
        item_type: ItemType::Award,
        ..subject(&none, false)
    };
    assert_eq!(rule(Some(&table(rows)), other).needs, Some(Grade::Director));
}

#[test]
fn a_major_matter_is_reviewed_whatever_the_table_says() {
    let none = Map::new();
    let marked = Subject {
        major: true,
        ..subject(&none, false)
    };
    let unmarked = table(vec![line(Scope::Item(item(1)), Grade::Handler)]);
    for table in [None, Some(&unmarked)] {
        let ruling = rule(table, marked);
        assert!(ruling.legal && ruling.major);
        assert!(!rule(table, subject(&none, false)).legal);
    }
    let needs = rule(Some(&unmarked), marked).needs;
    assert_eq!(needs, Some(Grade::Handler), "the grade is the table's");
}

#[test]
fn without_a_line_every_decision_post_decides() {
    let none = Map::new();
    let rows = vec![line(Scope::Item(item(9)), Grade::Director)];
    for table in [None, Some(&table(rows))] {
        let ruling = rule(table, subject(&none, false));
        assert_eq!((ruling.needs, ruling.row), (None, None));
        assert!(ruling.permits(stands(Grade::Handler)));
    }
}

#[test]
fn what_is_on_a_chief_officers_list_is_signed_by_them_or_above() {
    let none = Map::new();
    let ruling = rule(None, subject(&none, true));
    assert!(ruling.listed);
    assert!(!ruling.permits(stands(Grade::SectionHead)));
    let chief = Standing {
        post: Grade::Handler,
        chief: true,
    };
    assert!(ruling.permits(chief));
    assert!(ruling.permits(stands(Grade::DeputyDirector)));
    // A line that asks for more than a chief officer stays as it is.
    let rows = vec![line(Scope::All, Grade::Director)];
    let ruling = rule(Some(&table(rows)), subject(&none, true));
    assert!(!ruling.permits(chief) && !ruling.listed);
}

#[test]
fn a_table_with_a_gap_an_overlap_or_two_measures_is_refused() {
    assert_eq!(check(&by_area()), Ok(()));
    assert_eq!(check(&table(Vec::new())), Err(Refusal::NoLines));
    let gap = table(vec![
        up_to(None, Some(5_000), Grade::Handler),
        up_to(Some(6_000), None, Grade::SectionHead),
    ]);
    let amount = "60".to_owned();
    assert_eq!(check(&gap), Err(Refusal::AmountsOpen { line: 2, amount }));
    let open = table(vec![up_to(None, Some(5_000), Grade::Handler)]);
    let amount = "50.01".to_owned();
    assert_eq!(check(&open), Err(Refusal::AmountsOpen { line: 1, amount }));
    let overlap = table(vec![
        up_to(None, Some(5_000), Grade::Handler),
        up_to(Some(4_000), None, Grade::SectionHead),
    ]);
    let said = Refusal::LinesOverlap { line: 2, other: 1 };
    assert_eq!(check(&overlap), Err(said.clone()));
    let twice = table(vec![
        line(Scope::All, Grade::Handler),
        line(Scope::All, Grade::Director),
    ]);
    assert_eq!(check(&twice), Err(said));
    let mut two = by_area();
    if let Some(bounds) = &mut two.rows[1].amount {
        bounds.field = "height".to_owned();
    }
    let said = Refusal::TwoFields { line: 2, other: 1 };
    assert_eq!(check(&two), Err(said));
}

proptest! {
    /// In a table that was let pass, exactly one line applies to every amount; and a higher grade
    /// never may less than a lower one.
    #[test]
    fn every_amount_has_one_line_and_grades_only_gain(
        mut ends in prop::collection::btree_set(1_i64..1_000_000, 0..6),
        amount in 0_i64..1_100_000,
    ) {
        let mut rows = Vec::new();
        let mut above = None;
        let mut grades = Grade::ALL.iter().cycle();
        while let Some(end) = ends.pop_first() {
            rows.push(up_to(above, Some(end), *grades.next().unwrap()));
            above = Some(end);
        }
        rows.push(up_to(above, None, Grade::Director));
        let table = table(rows);
        prop_assert_eq!(check(&table), Ok(()));
        let holds = |line: &&AuthorityGrant| line.amount.as_ref().unwrap().holds(amount);
        prop_assert_eq!(table.rows.iter().filter(holds).count(), 1);
        let said = answers(&json!(in_units(amount)));
        let ruling = rule(Some(&table), subject(&said, false));
        prop_assert_eq!(ruling.amount, Some(amount));
        prop_assert!(!ruling.unstated);
        let may: Vec<bool> = Grade::ALL.iter().map(|one| ruling.permits(stands(*one))).collect();
        prop_assert!(may.is_sorted());
        prop_assert!(ruling.permits(stands(Grade::Director)));
    }
}

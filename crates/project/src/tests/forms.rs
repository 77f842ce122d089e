//! One form for all: nothing is asked twice, nothing is dropped.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use catalogue::model::{AnswerIs, Prefill};
use catalogue::model::{Condition, FormField, ItemContent, Material, MaterialReq, Text};
use catalogue::scenario::requirements;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::themes::known;
use crate::one_form::{OneForm, Taking, assemble};
use crate::shipped;
use crate::theme::Theme;

fn gathered<'c>(
    theme: &'static Theme,
    known: &'c BTreeMap<String, ItemContent>,
) -> Vec<Taking<'c>> {
    let all = theme.items.iter().map(|item| {
        let content = &known[&item.code];
        let first = content.scenarios[0].id.as_str();
        let named = item.scenario.as_deref();
        let named = named.map(|id| content.scenario(id).unwrap().id.as_str());
        Taking {
            key: &item.key,
            content,
            scenario: named.unwrap_or(first),
        }
    });
    all.collect()
}

/// The promise of the one form, for any form: each field and material of each item is asked for
/// exactly once, and each comes back to the item that needs it.
pub(super) fn holds(form: &OneForm, taking: &[Taking<'_>]) {
    let mut fields: BTreeSet<(usize, String)> = BTreeSet::new();
    for one in &form.fields {
        for source in &one.sources {
            assert!(
                fields.insert((source.item, source.name.clone())),
                "{source:?} twice"
            );
        }
    }
    let mut materials: BTreeSet<(usize, String)> = BTreeSet::new();
    for one in &form.materials {
        for source in &one.sources {
            assert!(
                materials.insert((source.item, source.name.clone())),
                "{source:?} twice"
            );
        }
    }
    let mut wanted_fields = BTreeSet::new();
    let mut wanted_materials = BTreeSet::new();
    for (item, one) in taking.iter().enumerate() {
        let asked = requirements(one.content, one.scenario).unwrap();
        wanted_fields.extend(asked.fields.iter().map(|field| (item, field.name.clone())));
        let lines = asked.materials.lines().iter();
        wanted_materials.extend(lines.map(|line| (item, line.material.id.clone())));
        // What another item issues is not asked for.
        let handed = form.handed.iter().filter(|one| one.to == item);
        for one in handed {
            assert!(wanted_materials.remove(&(item, one.material.clone())));
        }
    }
    assert_eq!(fields, wanted_fields);
    assert_eq!(materials, wanted_materials);
    let names: BTreeSet<&str> = form.fields.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names.len(), form.fields.len(), "two fields of one name");
    // A condition looks at a field that stands before it.
    let mut before = BTreeSet::new();
    for field in &form.content.fields {
        if let Some(answer) = field
            .visible_if
            .as_ref()
            .and_then(|when| when.answer.as_ref())
        {
            assert!(before.contains(&answer.field), "{} looks ahead", field.name);
        }
        before.insert(field.name.clone());
    }
}

#[test]
fn six_forms_of_a_new_company_become_one() {
    let known = known();
    let theme = shipped::theme("start_company").unwrap();
    let taking = gathered(theme, &known);
    let form = assemble(theme, &taking).unwrap();
    holds(&form, &taking);
    let asked = |name: &str| form.fields.iter().filter(|one| one.name == name).count();
    assert_eq!(asked("proposed_name"), 1);
    assert_eq!(asked("phone"), 1);
    assert_eq!(asked("truth_declared"), 1);
    assert_eq!((form.fields_before, form.fields.len()), (38, 17));
    let identity = form
        .materials
        .iter()
        .find(|one| one.id == "legal_identity")
        .unwrap();
    assert_eq!(identity.sources.len(), 5);
}

#[test]
fn every_shipped_theme_asks_once_and_forgets_nothing() {
    let known = known();
    for theme in shipped::themes().unwrap() {
        let taking = gathered(theme, &known);
        let form = assemble(theme, &taking).unwrap();
        holds(&form, &taking);
        assert!(form.fields.len() <= form.fields_before, "{}", theme.id);
    }
}

#[test]
fn fields_of_one_name_and_different_meaning_stay_two() {
    let mut contents = [content(&[(1, 0)], &[]), content(&[(1, 1)], &[])];
    contents[1].fields[0].label = Text::zh("另一回事");
    let taking = takings(&contents);
    let form = assemble(plain(), &taking).unwrap();
    holds(&form, &taking);
    let names: Vec<&str> = form.fields.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["field_1", "field_1_2"]);
    let answers = json!({"field_1": "甲", "field_1_2": "乙"});
    let share = form
        .share::<()>(&taking, 1, answers.as_object().unwrap(), &[])
        .unwrap();
    assert_eq!(Value::Object(share.answers), json!({"field_1": "乙"}));
}

#[test]
fn what_a_theme_declares_to_be_the_same_is_asked_once() {
    let mut contents = [content(&[(1, 0)], &[(1, 0)]), content(&[(2, 0)], &[(2, 0)])];
    contents[1].fields[0].label = Text::zh("经营地址");
    contents[1].materials[0].name = Text::zh("房产证");
    let mut theme = plain().clone();
    theme.same_fields = vec![vec!["a.field_1".to_owned(), "b.field_2".to_owned()]];
    theme.same_materials = vec![vec!["a.paper_1".to_owned(), "b.paper_2".to_owned()]];
    let taking = takings(&contents);
    let form = assemble(&theme, &taking).unwrap();
    holds(&form, &taking);
    assert_eq!((form.fields.len(), form.materials.len()), (1, 1));
    let share = form
        .share(&taking, 1, &Map::new(), &[("paper_1".to_owned(), 7)])
        .unwrap();
    assert_eq!(share.documents, [("paper_2".to_owned(), 7)]);
}

#[test]
fn a_field_that_only_one_item_hides_is_shown_for_the_other() {
    let mut contents = [content(&[(1, 0), (2, 0)], &[]), content(&[(2, 0)], &[])];
    contents[0].fields[1].visible_if = Some(Condition {
        scenarios: Vec::new(),
        answer: Some(AnswerIs {
            field: "field_1".to_owned(),
            one_of: vec![json!("是")],
        }),
    });
    let taking = takings(&contents);
    let form = assemble(plain(), &taking).unwrap();
    holds(&form, &taking);
    let shared = form.content.field("field_2").unwrap();
    assert_eq!(shared.visible_if, None);
    let answers = json!({"field_1": "否", "field_2": "有"});
    let of = |item| {
        form.share::<()>(&taking, item, answers.as_object().unwrap(), &[])
            .unwrap()
    };
    // The item that hides it does not get it; the other one does.
    assert_eq!(of(0).answers.get("field_2"), None);
    assert_eq!(of(1).answers.get("field_2"), Some(&json!("有")));
}

pub(super) fn plain() -> &'static Theme {
    shipped::theme("utilities").unwrap()
}

const KEYS: [&str; 4] = ["a", "b", "c", "d"];

fn takings(contents: &[ItemContent]) -> Vec<Taking<'_>> {
    let numbered = contents.iter().zip(KEYS);
    numbered
        .map(|(content, key)| Taking {
            key,
            content,
            scenario: "only",
        })
        .collect()
}

/// An item to take codes, body and the shape of a material from.
fn model() -> &'static ItemContent {
    static MODEL: OnceLock<ItemContent> = OnceLock::new();
    MODEL.get_or_init(|| shipped::items().unwrap().remove(0))
}

/// An item of chance: fields by name and kind, materials by name and kind.
pub(super) fn content(fields: &[(u8, u8)], materials: &[(u8, u8)]) -> ItemContent {
    let model = model();
    let mut made = ItemContent::listed(
        model.codes.clone(),
        Text::zh("事项"),
        model.item_type,
        model.body.clone(),
    );
    let mut seen = BTreeSet::new();
    let own = fields.iter().filter(|(name, _)| seen.insert(*name));
    made.fields = own
        .map(|(name, kind)| FormField {
            name: format!("field_{name}"),
            label: Text::zh(format!("字段{name}")),
            help: None,
            group: None,
            schema: match kind % 3 {
                0 => json!({"type": "string", "maxLength": 20}),
                1 => json!({"type": "string", "maxLength": 20 + kind}),
                _ => json!({"type": "integer", "maximum": 9}),
            },
            options: Vec::new(),
            required: kind % 2 == 0,
            visible_if: None,
            widget: None,
            prefill: Some(Prefill::PersonPhone).filter(|_| kind % 5 == 4),
            date_rule: None,
            not_before: None,
        })
        .collect();
    let model = &model.materials[0];
    let mut seen = BTreeSet::new();
    let own = materials.iter().filter(|(name, _)| seen.insert(*name));
    made.materials = own
        .map(|(name, kind)| Material {
            id: format!("paper_{name}"),
            name: Text::zh(format!("材料{}", (name + kind) % 5)),
            file_kinds: match kind % 3 {
                0 => vec![catalogue::model::FileKind::Pdf],
                1 => vec![catalogue::model::FileKind::Png],
                _ => Vec::new(),
            },
            ..model.clone()
        })
        .collect();
    let needed = made.materials.iter().map(|material| MaterialReq {
        material: material.id.clone(),
        necessity: catalogue::model::kind::Necessity::Required,
        note: None,
    });
    made.scenarios = vec![catalogue::model::Scenario {
        id: "only".to_owned(),
        name: Text::zh("一般"),
        materials: needed.collect(),
        promised: None,
        statutory: None,
    }];
    made
}

fn pairs() -> impl Strategy<Value = Vec<(u8, u8)>> {
    proptest::collection::vec((0u8..6, 0u8..10), 0..7)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_is_asked_twice_and_nothing_is_dropped(
        items in proptest::collection::vec((pairs(), pairs()), 1..5)
    ) {
        let contents: Vec<ItemContent> =
            items.iter().map(|(fields, papers)| content(fields, papers)).collect();
        let taking = takings(&contents);
        let form = assemble(plain(), &taking).unwrap();
        holds(&form, &taking);
        // Two fields of the one form never mean the same unless one item asks for both.
        let mut elements: BTreeMap<(String, String, String), usize> = BTreeMap::new();
        for (one, field) in form.fields.iter().zip(&form.content.fields) {
            let source = &one.sources[0];
            let label = field.label.zh.clone();
            let key = match field.prefill {
                Some(meaning) => {
                    let kind = field.schema["type"].to_string();
                    (format!("{meaning:?}"), kind, String::new())
                }
                None => (source.name.clone(), field.schema.to_string(), label),
            };
            *elements.entry(key).or_default() += 1;
        }
        for (key, count) in elements {
            let most = taking.iter().map(|one| {
                let alike = one.content.fields.iter().filter(|field| match field.prefill {
                    Some(meaning) => {
                        let kind = field.schema["type"].to_string();
                        key.0 == format!("{meaning:?}") && key.1 == kind
                    }
                    None => {
                        let schema = field.schema.to_string();
                        key.0 == field.name && key.1 == schema
                    }
                });
                alike.count()
            });
            prop_assert!(count <= most.max().unwrap_or(0), "{key:?} {count} times");
        }
        // Every answer and every paper comes back to each item that asked for it.
        let answers: Map<String, Value> =
            form.fields.iter().map(|one| (one.name.clone(), json!(one.name))).collect();
        let papers: Vec<(String, String)> =
            form.materials.iter().map(|one| (one.id.clone(), one.id.clone())).collect();
        for (item, one) in taking.iter().enumerate() {
            let share = form.share(&taking, item, &answers, &papers).unwrap();
            prop_assert_eq!(share.answers.len(), one.content.fields.len());
            prop_assert_eq!(share.documents.len(), one.content.materials.len());
        }
    }
}

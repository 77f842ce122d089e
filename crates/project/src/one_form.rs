//! One form and one set of materials for all items of a theme 一张表单、一套材料: merged by data
//! element and by the identity of the material, asked once, and split again for each item.
//!
//! Pure. A data element is what the hall knows by its meaning (`prefill`), or a field of the same
//! name, rule and label, or what the theme declares to be the same. What another item of the bundle
//! issues is not asked for at all (`handed`). Nothing is asked twice and nothing is dropped; tests
//! try that with forms made by chance. Deliberately absent: checking answers, which each item's own
//! form does once they are split.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::form::applies;
use catalogue::model::kind::Necessity;
use catalogue::model::{Condition, FormField, ItemContent, Material, MaterialReq, Scenario};
use catalogue::scenario::{Picks, Requirements, paths, requirements};
use kernel::Fault;
use serde_json::{Map, Value};

use crate::handed::{HandedOn, handed_on};
use crate::theme::Theme;

/// The one scenario of a form put together.
pub const SCENARIO: &str = "together";

/// An item that takes part: its key in the theme, its content, its scenario.
#[derive(Debug, Clone, Copy)]
pub struct Taking<'c> {
    /// Its key in the theme.
    pub key: &'c str,
    /// Its published content.
    pub content: &'c ItemContent,
    /// Its scenario.
    pub scenario: &'c str,
}

/// Where something of the one form comes from: the item by its place among those taking part, and
/// the name it has there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Which item.
    pub item: usize,
    /// The field's name or the material's identifier there.
    pub name: String,
}

/// A field that is asked once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneField {
    /// Its name in the one form.
    pub name: String,
    /// Whose it is.
    pub sources: Vec<Source>,
}

/// A material that is handed in once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneMaterial {
    /// Its identifier in the one set.
    pub id: String,
    /// Whose it is.
    pub sources: Vec<Source>,
}

/// The one form 一张表单 and the one set of materials 一套材料.
#[derive(Debug, Clone)]
pub struct OneForm {
    /// The form as content that pages and checkers read: one scenario, no questions.
    pub content: ItemContent,
    /// Its fields, in order.
    pub fields: Vec<OneField>,
    /// Its materials, in order.
    pub materials: Vec<OneMaterial>,
    /// What nobody is asked for, because another item of the bundle issues it 结果共享.
    pub handed: Vec<HandedOn>,
    /// How many fields the items would ask for one by one.
    pub fields_before: usize,
    /// How many materials the items would ask for one by one.
    pub materials_before: usize,
}

/// What one item gets of the one form.
#[derive(Debug, Clone, PartialEq)]
pub struct Share<D> {
    /// Answers to its own questions that lead to its scenario.
    pub picks: Picks,
    /// Answers to its own form.
    pub answers: Map<String, Value>,
    /// Its own materials, each with what was handed in for it.
    pub documents: Vec<(String, D)>,
}

/// Puts the one form together.
///
/// # Errors
/// [`Fault::Broken`] when an item has no such scenario.
pub fn assemble(theme: &Theme, taking: &[Taking<'_>]) -> Result<OneForm, Fault> {
    let mut asked = Vec::new();
    for one in taking {
        asked.push(requirements(one.content, one.scenario).map_err(Fault::broken)?);
    }
    let fields = merge_fields(theme, taking, &asked);
    let handed = handed_on(theme, taking)?;
    let materials = merge_materials(theme, taking, &asked, &handed);
    let first = taking
        .first()
        .ok_or_else(|| Fault::broken("a form of nothing"))?;
    let mut content = ItemContent::listed(
        first.content.codes.clone(),
        theme.title.clone(),
        first.content.item_type,
        first.content.body.clone(),
    );
    content.fields = fields.iter().map(|(_, field)| field.clone()).collect();
    content.materials = materials.iter().map(|(_, made, _)| made.clone()).collect();
    let needed = materials.iter().map(|(_, made, necessity)| MaterialReq {
        material: made.id.clone(),
        necessity: *necessity,
        note: None,
    });
    content.scenarios = vec![Scenario {
        id: SCENARIO.to_owned(),
        name: theme.title.clone(),
        materials: needed.collect(),
        statutory: None,
        promised: None,
    }];
    Ok(OneForm {
        fields: fields.into_iter().map(|(one, _)| one).collect(),
        materials: materials.into_iter().map(|(one, ..)| one).collect(),
        fields_before: asked.iter().map(|one| one.fields.len()).sum(),
        materials_before: asked.iter().map(|one| one.materials.lines().len()).sum(),
        handed,
        content,
    })
}

/// What makes two fields one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Element {
    /// The theme says so.
    Declared(usize),
    /// The same meaning, of the same shape.
    Meaning(String, String),
    /// The same name, rule and label.
    Alike(String, String, String),
}

fn declared(lists: &[Vec<String>], key: &str, name: &str) -> Option<usize> {
    let wanted = format!("{key}.{name}");
    lists.iter().position(|same| same.contains(&wanted))
}

fn element(theme: &Theme, key: &str, field: &FormField) -> Element {
    if let Some(place) = declared(&theme.same_fields, key, &field.name) {
        return Element::Declared(place);
    }
    let part = |name: &str| field.schema.get(name).map(ToString::to_string);
    let shape = format!("{:?}{:?}", part("type"), part("format"));
    match field.prefill {
        Some(meaning) => Element::Meaning(format!("{meaning:?}"), shape),
        None => {
            let (name, label) = (field.name.clone(), field.label.zh.trim().to_owned());
            Element::Alike(name, field.schema.to_string(), label)
        }
    }
}

fn merge_fields(
    theme: &Theme,
    taking: &[Taking<'_>],
    asked: &[Requirements<'_>],
) -> Vec<(OneField, FormField)> {
    let mut groups: Vec<(Element, Vec<(Source, &FormField)>)> = Vec::new();
    for (item, (one, asked)) in taking.iter().zip(asked).enumerate() {
        for field in &asked.fields {
            let element = element(theme, one.key, field);
            let name = field.name.clone();
            let source = (Source { item, name }, *field);
            // One item never loses a field to another field of its own.
            let group = groups.iter_mut().find(|(known, sources)| {
                *known == element && sources.iter().all(|(source, _)| source.item != item)
            });
            match group {
                Some((_, sources)) => sources.push(source),
                None => groups.push((element, vec![source])),
            }
        }
    }
    let mut taken = BTreeSet::new();
    let mut names: BTreeMap<Source, String> = BTreeMap::new();
    for (_, sources) in &groups {
        let name = free_name(&sources[0].0.name, &mut taken);
        names.extend(
            sources
                .iter()
                .map(|(source, _)| (source.clone(), name.clone())),
        );
    }
    // What was declared comes last, and what a condition looks at comes before it.
    groups.sort_by_key(|(_, sources)| u8::from(sources[0].1.name == "truth_declared"));
    let made = groups.iter().map(|(_, sources)| one_field(sources, &names));
    made.collect()
}

fn free_name(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{wanted}_{number}");
        number += 1;
    }
    name
}

/// The field that stands for its sources. It is shown whenever one of them would be: where their
/// conditions differ it is always shown, and each item's own form says who needs it.
fn one_field(
    sources: &[(Source, &FormField)],
    names: &BTreeMap<Source, String>,
) -> (OneField, FormField) {
    let name_of = |item: usize, name: &str| {
        let source = Source {
            item,
            name: name.to_owned(),
        };
        names.get(&source).cloned()
    };
    let condition = |(source, field): &(Source, &FormField)| -> Option<Condition> {
        let mut answer = field.visible_if.as_ref()?.answer.clone()?;
        answer.field = name_of(source.item, &answer.field)?;
        Some(Condition {
            scenarios: Vec::new(),
            answer: Some(answer),
        })
    };
    let conditions: Vec<Option<Condition>> = sources.iter().map(condition).collect();
    let (first, model) = &sources[0];
    let one = conditions.iter().all(|other| *other == conditions[0]);
    let needs = |((_, field), shown): (&(Source, &FormField), &Option<Condition>)| {
        field.required && (one || shown.is_none())
    };
    let required = sources.iter().zip(&conditions).any(needs);
    let mut field = (*model).clone();
    field.name = names.get(first).cloned().unwrap_or_default();
    field.required = required;
    field.visible_if = if one { conditions[0].clone() } else { None };
    let earlier = field.not_before.as_deref();
    field.not_before = earlier.and_then(|name| name_of(first.item, name));
    let one = OneField {
        name: field.name.clone(),
        sources: sources.iter().map(|(source, _)| source.clone()).collect(),
    };
    (one, field)
}

/// What makes two materials one: what the theme declares, the kind of certificate, or the name.
fn identity(theme: &Theme, key: &str, material: &Material) -> String {
    match declared(&theme.same_materials, key, &material.id) {
        Some(place) => format!("declared {place}"),
        None => match &material.certificate_kind {
            Some(kind) => format!("certificate {kind}"),
            None => format!("name {}", material.name.zh.trim()),
        },
    }
}

fn kinds_meet(one: &Material, other: &Material) -> bool {
    let free = one.file_kinds.is_empty() || other.file_kinds.is_empty();
    free || one
        .file_kinds
        .iter()
        .any(|kind| other.file_kinds.contains(kind))
}

fn merge_materials(
    theme: &Theme,
    taking: &[Taking<'_>],
    asked: &[Requirements<'_>],
    handed: &[HandedOn],
) -> Vec<(OneMaterial, Material, Necessity)> {
    let mut made: Vec<(String, OneMaterial, Material, Necessity)> = Vec::new();
    let mut taken = BTreeSet::new();
    for (item, (one, asked)) in taking.iter().zip(asked).enumerate() {
        for line in asked.materials.lines() {
            let (material, necessity) = (line.material, line.requirement.necessity);
            let mut others = handed.iter();
            if others.any(|one| one.to == item && one.material == material.id) {
                continue;
            }
            let identity = identity(theme, one.key, material);
            let source = Source {
                item,
                name: material.id.clone(),
            };
            // A file that one item may not take is no shared file.
            let known = made.iter_mut().find(|(known, one, first, _)| {
                *known == identity
                    && kinds_meet(first, material)
                    && one.sources.iter().all(|source| source.item != item)
            });
            match known {
                Some((_, one, first, needed)) => {
                    one.sources.push(source);
                    narrow(first, material);
                    *needed = stricter(*needed, necessity);
                }
                None => {
                    let mut material = material.clone();
                    material.id = free_name(&material.id, &mut taken);
                    let one = OneMaterial {
                        id: material.id.clone(),
                        sources: vec![source],
                    };
                    made.push((identity, one, material, necessity));
                }
            }
        }
    }
    made.into_iter()
        .map(|(_, one, material, needed)| (one, material, needed))
        .collect()
}

/// The shared material takes what all of them take.
fn narrow(shared: &mut Material, other: &Material) {
    if shared.file_kinds.is_empty() {
        shared.file_kinds.clone_from(&other.file_kinds);
    } else if !other.file_kinds.is_empty() {
        shared
            .file_kinds
            .retain(|kind| other.file_kinds.contains(kind));
    }
    shared.files_max = Some(shared.files_max().min(other.files_max()));
    shared.from_form &= other.from_form;
    shared.original_count = shared.original_count.max(other.original_count);
    shared.copy_count = shared.copy_count.max(other.copy_count);
}

fn stricter(one: Necessity, other: Necessity) -> Necessity {
    match (one, other) {
        (Necessity::Required, _) | (_, Necessity::Required) => Necessity::Required,
        (Necessity::Tolerable, _) | (_, Necessity::Tolerable) => Necessity::Tolerable,
        (Necessity::Optional, Necessity::Optional) => Necessity::Optional,
    }
}

impl OneForm {
    /// What one item gets of the answers and of what was handed in, under its own names. An answer
    /// to a field that its form does not show is left away, as the item itself would have it.
    ///
    /// # Errors
    /// [`Fault::Broken`] when the item's scenario cannot be reached by its questions.
    pub fn share<D: Clone>(
        &self,
        taking: &[Taking<'_>],
        item: usize,
        answers: &Map<String, Value>,
        documents: &[(String, D)],
    ) -> Result<Share<D>, Fault> {
        let one = &taking[item];
        let mut own = Map::new();
        // In the order of the item's form: what a condition looks at stands before it.
        for field in &one.content.fields {
            let from = self
                .fields
                .iter()
                .find(|known| known.is_of(item, &field.name));
            let answer = from.and_then(|known| answers.get(&known.name));
            if let Some(answer) = answer
                && applies(field.visible_if.as_ref(), one.scenario, &own)
            {
                own.insert(field.name.clone(), answer.clone());
            }
        }
        let mut papers = Vec::new();
        for (id, paper) in documents {
            let material = self.materials.iter().find(|known| known.id == *id);
            let sources = material.iter().flat_map(|known| &known.sources);
            for source in sources.filter(|source| source.item == item) {
                papers.push((source.name.clone(), paper.clone()));
            }
        }
        Ok(Share {
            picks: picks(one)?,
            answers: own,
            documents: papers,
        })
    }

    /// The name in the one form of an item's own field.
    #[must_use]
    pub fn name_of(&self, item: usize, field: &str) -> Option<&str> {
        let found = self.fields.iter().find(|known| known.is_of(item, field));
        found.map(|known| known.name.as_str())
    }
}

impl OneField {
    fn is_of(&self, item: usize, name: &str) -> bool {
        let mut sources = self.sources.iter();
        sources.any(|source| source.item == item && source.name == name)
    }
}

/// Answers to an item's questions that lead to its scenario.
fn picks(one: &Taking<'_>) -> Result<Picks, Fault> {
    let all = paths(one.content).map_err(Fault::broken)?;
    let found = all
        .into_iter()
        .find(|(_, scenario)| scenario.id == one.scenario);
    let found = found.ok_or_else(|| Fault::broken("no question leads to the scenario"))?;
    Ok(found.0)
}

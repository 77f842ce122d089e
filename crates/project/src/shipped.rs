//! What the product carries: themes, schemes, and the items that they need beside those of the
//! catalogue. Origin and licence stand in `data/README.md`.
//!
//! Deliberately absent: a desk to edit themes; an office changes the file and raises the version.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use catalogue::model::{CONTENT_SCHEMA, ItemContent};
use db::Tx;
use kernel::Fault;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::theme::{Scheme, Theme};

const THEMES: &str = include_str!("../data/themes.toml");
const ITEMS: &str = include_str!("../data/items.toml");

/// Themes and schemes as they are shipped.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shelf {
    theme: Vec<Theme>,
    scheme: Vec<Scheme>,
}

fn shelf() -> Result<&'static Shelf, Fault> {
    static READ: OnceLock<Result<Shelf, String>> = OnceLock::new();
    let read = READ.get_or_init(|| toml::from_str(THEMES).map_err(|error| error.to_string()));
    read.as_ref().map_err(Fault::broken)
}

/// All themes, in the order of display.
///
/// # Errors
/// [`Fault::Broken`] when the shipped file cannot be read.
pub fn themes() -> Result<&'static [Theme], Fault> {
    Ok(&shelf()?.theme)
}

/// All schemes.
///
/// # Errors
/// As [`themes`].
pub fn schemes() -> Result<&'static [Scheme], Fault> {
    Ok(&shelf()?.scheme)
}

/// The theme of this word.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn theme(id: &str) -> Result<&'static Theme, Fault> {
    let found = themes()?.iter().find(|theme| theme.id == id);
    found.ok_or(Fault::NotFound { what: "theme" })
}

/// The scheme of this word.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn scheme(id: &str) -> Result<&'static Scheme, Fault> {
    let found = schemes()?.iter().find(|scheme| scheme.id == id);
    found.ok_or(Fault::NotFound { what: "scheme" })
}

/// A text in both languages.
#[derive(Debug, Clone, Deserialize)]
struct Both {
    zh: String,
    en: String,
}

impl Both {
    fn json(&self) -> Value {
        json!({ "zh": self.zh, "en": self.en })
    }
}

#[derive(Debug, Deserialize)]
struct Body {
    zh: String,
    en: String,
    short: String,
    uscc: String,
}

#[derive(Debug, Deserialize)]
struct Field {
    zh: String,
    en: String,
    #[serde(default)]
    prefill: Option<String>,
    schema: Value,
}

#[derive(Debug, Deserialize)]
struct Item {
    key: String,
    code: String,
    catalog: String,
    #[serde(default)]
    real: bool,
    name: Both,
    body: String,
    #[serde(rename = "type")]
    item_type: String,
    days: u32,
    law: [String; 2],
    result: Both,
    topic: String,
    #[serde(default)]
    firm: bool,
    #[serde(default)]
    person: bool,
    materials: Vec<String>,
    fields: Vec<String>,
    /// The question that leads to its scenarios; without one there is one scenario.
    #[serde(default)]
    question: Option<String>,
    /// What an answer adds to the materials.
    #[serde(default)]
    adds: BTreeMap<String, Vec<String>>,
}

/// A question whose answers are the scenarios of an item.
#[derive(Debug, Deserialize)]
struct Asked {
    zh: String,
    en: String,
    options: Vec<Answer>,
}

#[derive(Debug, Deserialize)]
struct Answer {
    id: String,
    zh: String,
    en: String,
}

#[derive(Debug, Deserialize)]
struct ItemTable {
    bodies: BTreeMap<String, Body>,
    materials: BTreeMap<String, Both>,
    fields: BTreeMap<String, Field>,
    questions: BTreeMap<String, Asked>,
    item: Vec<Item>,
}

/// The items that themes need beside those of the catalogue.
///
/// # Errors
/// [`Fault::Broken`] when the shipped file cannot be read.
pub fn items() -> Result<Vec<ItemContent>, Fault> {
    let table: ItemTable = toml::from_str(ITEMS).map_err(Fault::broken)?;
    table.item.iter().map(|item| table.content(item)).collect()
}

/// The promise that every form ends with (行政许可法 31).
fn truth() -> Value {
    json!({
        "name": "truth_declared",
        "label": {
            "zh": "本人承诺所填内容和所交材料真实、合法、有效",
            "en": "I declare that all statements and papers are true, lawful and valid",
        },
        "group": { "zh": "声明", "en": "Declaration" },
        "schema": { "type": "boolean", "const": true },
        "required": true,
        "widget": "tick",
    })
}

fn step(name: [&str; 2], post: [&str; 2], limit: &str, standard: &str, result: &str) -> Value {
    json!({
        "name": { "zh": name[0], "en": name[1] },
        "post": { "zh": post[0], "en": post[1] },
        "limit": limit, "standard": standard, "result": result,
    })
}

fn steps() -> Value {
    let clerk = ["综合窗口受理岗", "General counter"];
    json!([
        step(
            ["受理", "Acceptance"],
            clerk,
            "当场",
            "材料齐全、符合法定形式",
            "受理通知书"
        ),
        step(
            ["审查", "Review"],
            ["审查岗", "Reviewer"],
            "承诺时限内",
            "逐项审查",
            "审查意见"
        ),
        step(
            ["决定", "Decision"],
            ["决定岗", "Decider"],
            "承诺时限内",
            "程序合法",
            "决定"
        ),
        step(
            ["送达", "Delivery"],
            ["统一出件窗口", "Exit desk"],
            "10日内",
            "核对身份",
            "送达回证"
        ),
    ])
}

/// What all these items share: channels, place, telephones, rights.
fn common(content: &mut Value) {
    content["service"] = json!({
        "channels": ["counter", "web", "mobile"],
        "online_depth": [
            "consultation", "intake", "pre_review", "acceptance", "handling", "result_notice",
        ],
        "hall_visits": 0, "express": true, "e_payment": false, "appointment": true,
    });
    content["contact"] = json!({
        "place": {
            "zh": "广安区政务服务中心综合窗口",
            "en": "General counter, Guang'an District service hall",
        },
        "hours": {
            "zh": "周一至周五 9:00—12:00、13:30—17:00（法定节假日除外）",
            "en": "Monday to Friday 9:00–12:00 and 13:30–17:00, except public holidays",
        },
        "consult_phone": "0826-5550110",
        "complaint_phone": "12345",
    });
    content["remedies"] = json!({
        "rights": {
            "zh": "申请人依法享有知情权、陈述权、申辩权；不服的，可以申请行政复议或者提起行政诉讼。",
            "en": "You may be informed and heard; you may ask for reconsideration or go to court.",
        },
        "duties": { "zh": "如实提交材料、反映真实情况。", "en": "Hand in true papers, state the facts." },
        "review_organ": {
            "zh": "广安市广安区人民政府",
            "en": "People's Government of Guang'an District",
        },
        "court": { "zh": "广安市广安区人民法院", "en": "People's Court of Guang'an District" },
    });
    content["handling"] = json!({ "procedure": "standard", "steps": steps() });
}

impl ItemTable {
    fn content(&self, item: &Item) -> Result<ItemContent, Fault> {
        let missing = |what: &str| Fault::broken(format!("{}: no {what}", item.key));
        let body = self.bodies.get(&item.body).ok_or_else(|| missing("body"))?;
        let mut materials = Vec::new();
        for id in item.materials.iter().chain(item.adds.values().flatten()) {
            let name = self.materials.get(id).ok_or_else(|| missing(id))?;
            materials.push(material(id, name));
        }
        let mut fields = Vec::new();
        for name in &item.fields {
            let field = self.fields.get(name).ok_or_else(|| missing(name))?;
            fields.push(form_field(name, field));
        }
        fields.push(truth());
        let (questions, scenarios) = self.ways(item).ok_or_else(|| missing("question"))?;
        let targets = match (item.firm, item.person) {
            (true, _) => json!(["enterprise", "institution", "other_body"]),
            (false, true) => json!(["person"]),
            (false, false) => json!(["person", "enterprise"]),
        };
        let mut content = json!({
            "schema": CONTENT_SCHEMA,
            "coverage": "full",
            "codes": { "local_catalog_code": item.catalog, "local_task_code": item.code },
            "name": item.name.json(),
            "summary": summary(item, body),
            "item_type": item.item_type,
            "level": "county",
            "region": "511602000000",
            "department": body.short,
            "body": { "name": { "zh": body.zh, "en": body.en }, "uscc": body.uscc },
            "body_nature": "statutory",
            "power_source": "own_level",
            "targets": targets,
            "topics": [item.topic],
            "case_kind": "promised",
            "statutory": { "limit": { "amount": 20, "unit": "workday" } },
            "promised": { "within": { "amount": item.days, "unit": "workday" } },
            "legal_basis": [{ "law": item.law[0], "article": item.law[1] }],
            "conditions": [{ "zh": "符合法律法规规定的条件", "en": "The conditions of the law hold" }],
            "outcome": {
                "kind": "approval", "name": item.result.json(), "template": item.key,
                "sample": format!("{}（样本）", item.result.zh),
            },
            "faq": [{
                "question": { "zh": "可以和别的事项一起办吗？", "en": "Together with other items?" },
                "answer": {
                    "zh": "可以，见“一件事”和工程审批阶段，一张表、一套材料。",
                    "en": "Yes: see bundles and stages, one form and one set of papers.",
                },
            }],
            "retention_years": 30,
            "materials": materials,
            "questions": questions,
            "scenarios": scenarios,
            "fields": fields,
        });
        common(&mut content);
        let bytes = serde_json::to_vec(&content).map_err(Fault::broken)?;
        ItemContent::read(&bytes).map_err(|error| Fault::broken(format!("{}: {error}", item.key)))
    }
}

impl ItemTable {
    /// The questions of an item and the scenarios that they lead to.
    fn ways(&self, item: &Item) -> Option<(Value, Value)> {
        let needs = |more: &[String]| -> Vec<Value> {
            let all = item.materials.iter().chain(more);
            all.map(|id| json!({ "material": id, "necessity": "required" }))
                .collect()
        };
        let Some(id) = &item.question else {
            let usual = json!([{
                "id": "usual", "name": { "zh": "一般情形", "en": "Usual" }, "materials": needs(&[]),
            }]);
            return Some((json!([]), usual));
        };
        let asked = self.questions.get(id)?;
        let options = asked.options.iter().map(|one| {
            let label = json!({ "zh": one.zh, "en": one.en });
            json!({ "id": one.id, "label": label, "then": { "scenario": one.id } })
        });
        let options: Vec<Value> = options.collect();
        let scenarios = asked.options.iter().map(|one| {
            let more = item.adds.get(&one.id).map_or(&[][..], Vec::as_slice);
            let name = json!({ "zh": one.zh, "en": one.en });
            json!({ "id": one.id, "name": name, "materials": needs(more) })
        });
        let scenarios: Vec<Value> = scenarios.collect();
        let text = json!({ "zh": asked.zh, "en": asked.en });
        let question = json!([{ "id": id, "text": text, "options": options }]);
        Some((question, json!(scenarios)))
    }
}

fn summary(item: &Item, body: &Body) -> Value {
    // Codes that are not in the district's list are named as ours.
    let (zh, en) = match item.real {
        true => ("", ""),
        false => ("（示范事项）", " (demonstration item)"),
    };
    json!({
        "zh": format!("由{}办理，{}个工作日内办结{zh}。", body.short, item.days),
        "en": format!("Handled by the {} within {} working days{en}.", body.en, item.days),
    })
}

fn material(id: &str, name: &Both) -> Value {
    json!({
        "id": id, "name": name.json(), "material_type": "copy", "form": "either",
        "copy_count": 1, "paper_size": "A4", "source": "applicant",
        "acceptance_standard": "内容完整、清晰可辨，与申请表所填一致",
        "file_kinds": ["pdf", "jpg", "png"], "files_max": 3,
    })
}

fn form_field(name: &str, field: &Field) -> Value {
    let mut made = json!({
        "name": name, "label": { "zh": field.zh, "en": field.en },
        "schema": field.schema, "required": true,
    });
    if let Some(prefill) = &field.prefill {
        made["prefill"] = json!(prefill);
    }
    made
}

/// Publishes the items that themes need and that the catalogue does not hold yet; answers how many
/// were new. Afterwards, outside the transaction, call [`catalogue::reindex`].
///
/// # Errors
/// As [`catalogue::new_item`]; [`Fault::Broken`] when a shipped item has errors.
pub fn seed_items(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let mut new = 0;
    let today = tx.today();
    for content in items()? {
        let code = content.codes.key().unwrap_or_default();
        if catalogue::newest_by_code(tx, code)?.is_some() {
            continue;
        }
        let item = catalogue::new_item(tx, &content)?;
        catalogue::check_version(tx, item, 1)?;
        catalogue::publish(tx, item, 1, today)?;
        new += 1;
    }
    Ok(new)
}

//! The form of an item as a page shows it: one view for each field, with what was typed.

use catalogue::model::{AnswerIs, FormField, ItemContent, Widget};
use catalogue::scenario::Requirements;
use serde_json::{Map, Value};
use web::parts::{Choice, Fact};
use web::{Problems, Shell};

use crate::draft::material_field;

/// A drop-down list where radio buttons would be too many.
const RADIOS_MAX: usize = 6;

/// One field of a form, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldView {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What helps to fill it in, or empty.
    pub hint: String,
    /// The heading that begins with it, or empty.
    pub group: String,
    /// Which control shows it.
    pub kind: &'static str,
    /// What was typed.
    pub value: String,
    /// What can be chosen.
    pub choices: Vec<Choice>,
    /// What is wrong with it, or empty.
    pub error: String,
    /// Whether it must be answered.
    pub required: bool,
    /// The most characters, or empty.
    pub maxlength: String,
    /// The condition `name=value|value` under which the field counts, or empty.
    pub when: String,
}

/// Problems with the label of their question or material, and the page on which it stands: the
/// form and the files of a draft, or this page where `base` is empty.
#[must_use]
pub fn placed(shell: &Shell, content: &ItemContent, base: &str, problems: Problems) -> Problems {
    let page = |step: &str| match base.is_empty() {
        true => String::new(),
        false => format!("{base}/{step}"),
    };
    problems.placed(|control| {
        if let Some(field) = content.field(control) {
            return Some((field.label.get(shell.lang).to_owned(), page("form")));
        }
        let mut all = content.materials.iter();
        let material = all.find(|one| material_field(&one.id) == control)?;
        Some((material.name.get(shell.lang).to_owned(), page("files")))
    })
}

/// The fields of a scenario with their answers.
#[must_use]
pub fn views(
    shell: &Shell,
    content: &ItemContent,
    asked: &Requirements<'_>,
    answers: &Map<String, Value>,
    problems: &Problems,
) -> Vec<FieldView> {
    let mut last = String::new();
    let view = |field: &&FormField| {
        let mut view = view(shell, content, field, answers, problems);
        if view.group == last {
            view.group.clear();
        } else if !view.group.is_empty() {
            last.clone_from(&view.group);
        }
        view
    };
    asked.fields.iter().map(view).collect()
}

/// The help of a field, and when it is asked at all.
fn hint(
    shell: &Shell,
    content: &ItemContent,
    field: &FormField,
    condition: Option<&AnswerIs>,
) -> String {
    let lang = shell.lang;
    let help = field.help.as_ref().map_or("", |help| help.get(lang));
    let Some((answer, other)) =
        condition.and_then(|answer| Some((answer, content.field(&answer.field)?)))
    else {
        return help.to_owned();
    };
    let label = |value: &Value| {
        let word = value.as_str().unwrap_or_default();
        other.option_label(word, lang).to_owned()
    };
    let wanted: Vec<String> = answer.one_of.iter().map(label).collect();
    let joint = if lang.starts_with("en") { ", " } else { "、" };
    let params = [
        ("field", other.label.get(lang).to_owned()),
        ("value", wanted.join(joint)),
    ];
    let only_if = shell.say("intake.only_if", &params);
    format!("{only_if} {help}").trim().to_owned()
}

fn view(
    shell: &Shell,
    content: &ItemContent,
    field: &FormField,
    answers: &Map<String, Value>,
    problems: &Problems,
) -> FieldView {
    let lang = shell.lang;
    let given = texts(answers.get(&field.name));
    let condition = field
        .visible_if
        .as_ref()
        .and_then(|when| when.answer.as_ref());
    let hint = hint(shell, content, field, condition);
    let when = condition.map(|answer| {
        let wanted: Vec<String> = answer
            .one_of
            .iter()
            .flat_map(|one| texts(Some(one)))
            .collect();
        format!("{}={}", answer.field, wanted.join("|"))
    });
    let choice = |option: &catalogue::model::FieldOption| Choice {
        value: option.value.clone(),
        label: option.label.get(lang).to_owned(),
        hint: String::new(),
        chosen: given.contains(&option.value),
    };
    FieldView {
        name: field.name.clone(),
        when: when.unwrap_or_default(),
        label: field.label.get(lang).to_owned(),
        hint,
        group: field
            .group
            .as_ref()
            .map_or("", |group| group.get(lang))
            .to_owned(),
        kind: kind(field),
        value: given.join("\n"),
        choices: field.options.iter().map(choice).collect(),
        error: problems.of(&field.name).to_owned(),
        required: field.required && condition.is_none(),
        maxlength: field
            .schema
            .get("maxLength")
            .and_then(Value::as_u64)
            .map_or_else(String::new, |max| max.to_string()),
    }
}

/// Which control shows a field.
fn kind(field: &FormField) -> &'static str {
    let shape = field.schema.get("type").and_then(Value::as_str);
    match (field.widget, shape) {
        (Some(Widget::Area), _) => "area",
        (Some(Widget::Radio), _) => "radio",
        (Some(Widget::Select), _) => "select",
        (Some(Widget::Tick), _) | (None, Some("boolean")) => "tick",
        (Some(Widget::Ticks), _) | (None, Some("array")) => "ticks",
        (Some(Widget::Date), _) => "date",
        (Some(Widget::Number), _) | (None, Some("integer")) => "number",
        (Some(Widget::Line), _) => "line",
        (None, _) if field.format() == Some("date") => "date",
        (None, _) if field.options.is_empty() => "line",
        (None, _) if field.options.len() <= RADIOS_MAX => "radio",
        (None, _) => "select",
    }
}

fn texts(answer: Option<&Value>) -> Vec<String> {
    match answer {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(several)) => several.iter().flat_map(|one| texts(Some(one))).collect(),
        Some(Value::Bool(true)) => vec!["on".to_owned()],
        Some(Value::Number(number)) => vec![number.to_string()],
        Some(Value::Bool(false) | Value::Null | Value::Object(_)) | None => Vec::new(),
    }
}

/// The answers as people read them, in the order of the form.
#[must_use]
pub fn facts(
    shell: &Shell,
    content: &ItemContent,
    answers: &Map<String, Value>,
    change: &str,
) -> Vec<Fact> {
    let said = |field: &FormField| {
        let answer = answers.get(&field.name)?;
        let words = match answer {
            Value::Bool(yes) => {
                vec![
                    shell
                        .t(if *yes { "intake.yes" } else { "intake.no" })
                        .to_owned(),
                ]
            }
            other => texts(Some(other))
                .iter()
                .map(|text| field.option_label(text, shell.lang).to_owned())
                .collect(),
        };
        let joint = if shell.lang.starts_with("en") {
            ", "
        } else {
            "、"
        };
        Some(Fact {
            label: field.label.get(shell.lang).to_owned(),
            text: words.join(joint),
            href: match change.is_empty() {
                true => String::new(),
                false => format!("{change}#{}", field.name),
            },
            action: shell.t("intake.change").to_owned(),
        })
    };
    content.fields.iter().filter_map(said).collect()
}

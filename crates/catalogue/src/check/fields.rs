//! The form: schemas that can be explained, bounded texts, conditions that can be met.

use super::{Report, Severity, is_identifier, repeated};
use crate::form::{FormChecker, FormFault};
use crate::model::{FormField, ItemContent, Prefill};
use serde_json::Value;

pub(super) fn check(content: &ItemContent, report: &mut Report) {
    report.error_if(content.fields.is_empty(), "item.form_missing", "fields");
    for name in repeated(content.fields.iter().map(|field| field.name.as_str())) {
        report.error("item.identifier_repeated", format!("fields/{name}"));
    }
    if let Err(fault) = FormChecker::new(content) {
        schema_fault(&fault, report);
    }
    for (number, field) in content.fields.iter().enumerate() {
        one(field, report);
        condition(content, &content.fields[..number], field, report);
    }
    let identity = |field: &FormField| field.prefill == Some(Prefill::PersonIdentityNumber);
    let blind = content.age_min.is_some() && !content.fields.iter().any(identity);
    report.error_if(blind, "item.age_without_identity", "age_min");
}

fn one(field: &FormField, report: &mut Report) {
    let place = format!("fields/{}", field.name);
    report.error_if(!is_identifier(&field.name), "item.identifier_wrong", &place);
    report.error_if(field.label.is_blank(), "item.field_without_label", &place);
    let rule = &field.schema;
    let kind = rule.get("type").and_then(Value::as_str);
    report.error_if(kind.is_none(), "item.field_without_type", &place);
    let has = |keyword: &str| rule.get(keyword).is_some();
    let endless = kind == Some("string")
        && !["maxLength", "enum", "const", "format"]
            .into_iter()
            .any(has);
    report.error_if(endless, "item.field_unbounded", &place);
    let values = rule
        .get("enum")
        .or_else(|| rule.get("items").and_then(|items| items.get("enum")));
    let mut offered: Vec<&str> = field.options.iter().map(|option| &*option.value).collect();
    let mut allowed: Vec<&str> = values
        .and_then(Value::as_array)
        .map(|values| values.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    offered.sort_unstable();
    allowed.sort_unstable();
    report.error_if(offered != allowed, "item.field_options_differ", &place);
    let dates = field.date_rule.is_some() || field.not_before.is_some();
    report.error_if(
        dates && field.format() != Some("date"),
        "item.field_not_a_date",
        &place,
    );
}

fn condition(content: &ItemContent, earlier: &[FormField], field: &FormField, report: &mut Report) {
    let place = format!("fields/{}", field.name);
    let known = |name: &str| earlier.iter().find(|other| other.name == name);
    if let Some(other) = field
        .not_before
        .as_deref()
        .filter(|name| known(name).is_none())
    {
        let params = [("field", other.to_owned())];
        report.add(
            Severity::Error,
            "item.field_refers_forward",
            &*place,
            params,
        );
    }
    let Some(when) = &field.visible_if else {
        return;
    };
    for scenario in when
        .scenarios
        .iter()
        .filter(|id| content.scenario(id).is_none())
    {
        let params = [("scenario", scenario.clone())];
        report.add(Severity::Error, "item.scenario_unknown", &*place, params);
    }
    if let Some(answer) = &when.answer
        && known(&answer.field).is_none()
    {
        let params = [("field", answer.field.clone())];
        report.add(
            Severity::Error,
            "item.field_refers_forward",
            &*place,
            params,
        );
    }
}

fn schema_fault(fault: &FormFault, report: &mut Report) {
    let (field, params) = match fault {
        FormFault::Schema { field, reason } => (field, [("reason", reason.clone())]),
        FormFault::Keyword { field, keyword } => (field, [("reason", keyword.clone())]),
        FormFault::Format { field, format } => (field, [("reason", format.clone())]),
    };
    report.add(
        Severity::Error,
        "item.field_schema_wrong",
        format!("fields/{field}"),
        params,
    );
}

//! Answers to any form of the catalogue, such as a person would give, from the form alone.

use std::collections::BTreeMap;

use catalogue::form::{FormChecker, applies};
use catalogue::model::{DateRule, FormField, ItemContent, Prefill};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::dice::Dice;
use super::people;

const TRIES: u32 = 12;
const PLACES: &[&str] = &[
    "浓洄街道金安大道一段",
    "北辰街道思源大道",
    "万盛街道建安中路",
    "中桥街道平安大道",
];

/// Who the answers speak of.
pub struct Speaker<'a> {
    /// Name of the person or firm.
    pub name: &'a str,
    /// Identity number or credit code.
    pub number: &'a str,
    /// Telephone.
    pub phone: &'a str,
    /// Whether it is a firm.
    pub is_firm: bool,
}

/// Answers that the form takes; none when none were found, which a test forbids.
pub fn answers(
    content: &ItemContent,
    scenario: &str,
    speaker: &Speaker<'_>,
    today: Date,
    dice: &Dice,
) -> Option<Map<String, Value>> {
    let checker = FormChecker::new(content).ok()?;
    for _ in 0..TRIES {
        let mut given = Map::new();
        for field in &content.fields {
            if applies(field.visible_if.as_ref(), scenario, &given)
                && (field.required || dice.percent(60))
            {
                given.insert(
                    field.name.clone(),
                    answer(field, &given, speaker, today, dice),
                );
            }
        }
        if checker
            .check(scenario, &Value::Object(given.clone()), today)
            .is_ok()
        {
            return Some(given);
        }
    }
    None
}

fn answer(
    field: &FormField,
    given: &Map<String, Value>,
    speaker: &Speaker<'_>,
    today: Date,
    dice: &Dice,
) -> Value {
    if let Some(known) = prefilled(field, speaker) {
        return json!(known);
    }
    let schema = &field.schema;
    if let Some(constant) = schema.get("const") {
        return constant.clone();
    }
    if let Some(all) = schema.get("enum").and_then(Value::as_array) {
        return dice.pick(all).cloned().unwrap_or_default();
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("boolean") => json!(dice.percent(50)),
        Some("integer") => whole_number(schema, dice),
        Some("array") => {
            let all = schema.pointer("/items/enum").and_then(Value::as_array);
            let one = all.and_then(|all| dice.pick(all)).cloned();
            json!(one.into_iter().collect::<Vec<_>>())
        }
        _ => json!(text(field, given, today, dice)),
    }
}

fn prefilled(field: &FormField, speaker: &Speaker<'_>) -> Option<String> {
    let known = match field.prefill? {
        Prefill::PersonName if !speaker.is_firm => speaker.name,
        Prefill::PersonIdentityNumber if !speaker.is_firm => speaker.number,
        Prefill::OrganisationName if speaker.is_firm => speaker.name,
        Prefill::OrganisationUscc if speaker.is_firm => speaker.number,
        Prefill::PersonPhone => speaker.phone,
        _ => return None,
    };
    Some(known.to_owned())
}

fn whole_number(schema: &Value, dice: &Dice) -> Value {
    let bound = |key: &str| schema.get(key).and_then(Value::as_i64);
    let low = bound("minimum").unwrap_or(1);
    let high = bound("maximum")
        .unwrap_or(low + 100)
        .min(low.saturating_add(200));
    json!(dice.between(low, high))
}

fn text(field: &FormField, given: &Map<String, Value>, today: Date, dice: &Dice) -> String {
    match field.format() {
        Some("date") => return date(field, given, today, dice).to_string(),
        Some("uscc") => return people::credit_code(dice),
        Some("citizen-id") => return people::identity_number(dice),
        Some("phone") => return people::phone(dice),
        Some("postcode") => return "638000".to_owned(),
        Some("email") => return "office@example.com".to_owned(),
        _ => {}
    }
    let patterns: BTreeMap<&str, &str> = BTreeMap::from([
        (r"^\d{12,21}$", "6217000010001234567"),
        (
            r"^\d{4}-\d{6}-\d{2}-\d{2}-\d{6}$",
            "2026-511602-47-03-000001",
        ),
    ]);
    if let Some(pattern) = field.schema.get("pattern").and_then(Value::as_str) {
        return patterns
            .get(pattern)
            .copied()
            .unwrap_or_default()
            .to_owned();
    }
    phrase(field, dice)
}

/// A sentence that fits the label: an address, a name, or plain words.
fn phrase(field: &FormField, dice: &Dice) -> String {
    let label = field.label.get("zh");
    let place = dice.pick(PLACES).copied().unwrap_or_default();
    let address = format!("广安市广安区{place}{}号", dice.between(1, 300));
    let mut text = if ["地址", "地点", "场所", "位置", "住所"]
        .iter()
        .any(|word| label.contains(word))
    {
        address
    } else if ["姓名", "负责人", "代表人", "联系人"]
        .iter()
        .any(|word| label.contains(word))
    {
        people::name(dice)
    } else if label.contains("名称") {
        people::firm_name(dice)
    } else {
        format!("{label}如申请材料所载")
    };
    let bound = |key: &str| field.schema.get(key).and_then(Value::as_u64);
    let low = usize::try_from(bound("minLength").unwrap_or(0)).unwrap_or(0);
    let high = usize::try_from(bound("maxLength").unwrap_or(100)).unwrap_or(100);
    while text.chars().count() < low {
        text.push_str("，情况属实");
    }
    text.chars().take(high).collect()
}

fn date(field: &FormField, given: &Map<String, Value>, today: Date, dice: &Dice) -> Date {
    let earlier = field
        .not_before
        .as_ref()
        .and_then(|name| given.get(name))
        .and_then(Value::as_str);
    let days = i32::try_from(dice.between(1, 40)).unwrap_or(1);
    let from = earlier
        .and_then(|text| text.parse::<Date>().ok())
        .unwrap_or(today);
    let shifted = match (field.date_rule, earlier) {
        (Some(DateRule::NotFuture), None) => from.checked_sub((days * 30).days()),
        (Some(DateRule::NotFuture), Some(_)) => Ok(today),
        _ => from.checked_add(days.days()),
    };
    shifted.unwrap_or(today)
}

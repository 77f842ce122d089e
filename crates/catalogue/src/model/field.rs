//! Fields of an application form 申请表单. The rule of a field is JSON Schema; what a page needs
//! to show it stands beside. Checking answers is done in `crate::form`.

use super::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One field of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// Name in the answers, lower case ASCII with underscores.
    pub name: String,
    /// Label beside the field.
    pub label: Text,
    /// Help below the label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Text>,
    /// Heading under which the field stands; the first field of a group names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Text>,
    /// Rule of the value: JSON Schema 2020-12, the keywords named in `crate::form`.
    pub schema: Value,
    /// Labels of enumerated values, in the order shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<FieldOption>,
    /// Whether an answer must be given when the field is shown.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// When the field is shown; always, where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visible_if: Option<Condition>,
    /// How the page shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub widget: Option<Widget>,
    /// What the hall knows already and fills in; it also says what the field means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefill: Option<Prefill>,
    /// For dates: on which side of today they must lie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_rule: Option<DateRule>,
    /// For dates: the field that must not lie after this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<String>,
}

impl FormField {
    /// The format the schema names, such as `date` or `uscc`.
    pub fn format(&self) -> Option<&str> {
        self.schema.get("format").and_then(Value::as_str)
    }

    /// The label of an enumerated value; the value itself where none is given.
    pub fn option_label<'a>(&'a self, value: &'a str, language: &str) -> &'a str {
        self.options
            .iter()
            .find(|option| option.value == value)
            .map_or(value, |option| option.label.get(language))
    }
}

/// An enumerated value and its label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldOption {
    /// The value kept.
    pub value: String,
    /// The label shown.
    pub label: Text,
}

/// When something applies: every part given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// One of these scenarios was chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<String>,
    /// Another field has one of these values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<AnswerIs>,
}

/// Another field has one of some values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerIs {
    /// Name of the other field, which must stand earlier in the form.
    pub field: String,
    /// The values.
    pub one_of: Vec<Value>,
}

/// How a page shows a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Widget {
    /// One line.
    Line,
    /// Several lines.
    Area,
    /// Radio buttons.
    Radio,
    /// Drop-down list.
    Select,
    /// A single tick box.
    Tick,
    /// Several tick boxes.
    Ticks,
    /// A date.
    Date,
    /// A whole number.
    Number,
}

/// What a field means when the hall may know it from the account of the applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prefill {
    /// Name of the person who applies.
    PersonName,
    /// Citizen identification number 公民身份号码 of that person.
    PersonIdentityNumber,
    /// Telephone of that person.
    PersonPhone,
    /// Address of that person.
    PersonAddress,
    /// Name of the organisation.
    OrganisationName,
    /// Credit code of the organisation.
    OrganisationUscc,
    /// Name of the legal representative 法定代表人.
    LegalRepresentative,
    /// Address of the organisation.
    OrganisationAddress,
}

/// On which side of today a date must lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateRule {
    /// Today or earlier, such as a birthday.
    NotFuture,
    /// Today or later, such as a planned start.
    NotPast,
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

//! Templates 文书模板: the ones that ship, and those that an office writes.

use serde_json::Value;

/// What the standard templates share: letterhead, fonts, seal, tables, remedies.
const STANDARD_PARTS: &str = include_str!("../templates/parts.typ");

/// Typst source text of a document, and the parts that it imports as `/parts.typ`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    name: String,
    source: String,
    parts: String,
}

impl Template {
    /// An office's own text, with the standard parts at hand.
    pub fn new(name: impl Into<String>, source: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            source: source.into(),
            parts: STANDARD_PARTS.to_owned(),
        }
    }

    /// Replaces the parts, for an office with its own letterhead.
    pub fn with_parts(mut self, parts: impl Into<String>) -> Self {
        self.parts = parts.into();
        self
    }

    /// The template that ships under this name; see [`STANDARD`].
    pub fn standard(name: &str) -> Option<Self> {
        Standard::find(name).map(Standard::template)
    }

    /// Its name, also the title of a document that sets none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The parts it imports.
    pub fn parts(&self) -> &str {
        &self.parts
    }
}

/// A template that ships with the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standard {
    /// Its name in code and in files.
    pub name: &'static str,
    /// The document's Chinese title.
    pub title: &'static str,
    /// Its typst text.
    pub source: &'static str,
    /// Sample data, as JSON text: also the list of fields that the template reads.
    pub sample: &'static str,
}

impl Standard {
    /// The one of this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        STANDARD.iter().find(|standard| standard.name == name)
    }

    /// As a template to render, or for an office to begin with.
    pub fn template(&self) -> Template {
        Template::new(self.name, self.source)
    }

    /// The sample data; `Null` cannot occur, a test reads them all.
    pub fn sample_data(&self) -> Value {
        serde_json::from_str(self.sample).unwrap_or_default()
    }
}

macro_rules! standard {
    ($($name:literal $title:literal,)*) => {
        [$(Standard {
            name: $name,
            title: $title,
            source: include_str!(concat!("../templates/", $name, ".typ")),
            sample: include_str!(concat!("../templates/", $name, ".json")),
        },)*]
    };
}

/// Every template that ships.
pub const STANDARD: [Standard; 27] = standard! {
    "receipt" "收件回执",
    "one_time_notice" "一次性告知书",
    "acceptance" "受理通知书",
    "deemed_accepted" "视为受理通知书",
    "not_accepted" "不予受理决定书",
    "not_required" "不需要取得行政许可告知书",
    "pause_notice" "特别程序告知书",
    "extension_notice" "延期决定告知书",
    "grant_decision" "准予行政许可决定书",
    "refusal_decision" "不予行政许可决定书",
    "withdrawal" "撤回申请告知书",
    "certificate" "许可证",
    "delivery_receipt" "送达回证",
    "exit_notice" "行政许可退出告知书",
    "exit_decision" "行政许可退出决定书",
    "exit_dropped" "行政许可退出程序终止告知书",
    "hearing_offer" "听证告知书",
    "hearing_notice" "听证通知书",
    "hearing_minutes" "听证笔录",
    "renewal_decision" "准予延续行政许可决定书",
    "renewal_refusal" "不予延续行政许可决定书",
    "silent_renewal" "无感延续告知书",
    "chief_appointment" "首席审批服务官任命书",
    "committee_minutes" "审批委员会会议纪要",
    "power_letter" "赋权委托书",
    "handover_list" "移交清单",
    "application_form" "申请表",
};

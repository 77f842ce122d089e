//! Who handles an item, where and when: bodies 实施主体, contact, rights and remedies.

use super::Text;
use super::kind::{CrossMode, CrossRange};
use serde::{Deserialize, Serialize};

/// An organ or organisation: implementing body 实施主体, entrusting or consulted department.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Full name.
    pub name: Text,
    /// Unified social credit code 统一社会信用代码 (GB 32100), if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uscc: Option<String>,
}

/// Where, when and whom to ask.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Place of handling 办理地点.
    pub place: Text,
    /// Hours 办理时间.
    pub hours: Text,
    /// Telephone for questions 咨询电话.
    pub consult_phone: String,
    /// Telephone for complaints 监督投诉电话.
    pub complaint_phone: String,
}

/// Rights of the applicant and where to turn when refused (行政许可法 7, 38).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remedies {
    /// Rights 申请人权利.
    pub rights: Text,
    /// Duties 申请人义务.
    pub duties: Text,
    /// Organ of administrative reconsideration 行政复议机关.
    pub review_organ: Text,
    /// Court of first instance 行政诉讼管辖法院.
    pub court: Text,
}

/// Cross-region handling 通办.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrossRegion {
    /// Range 通办范围.
    pub range: CrossRange,
    /// Form 通办形式.
    pub mode: CrossMode,
    /// Regions covered (GB/T 2260 codes); empty means the whole range.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
}

/// A frequent question 常见问题.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Faq {
    /// The question.
    pub question: Text,
    /// The answer.
    pub answer: Text,
}

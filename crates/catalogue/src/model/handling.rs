//! How an item is handled: process, steps, special procedures, fees, outcome, service modes.

use super::kind::{Channel, OnlineDepth, OutcomeKind, SpecialKind};
use super::{Body, LegalBasis, Text};
use serde::{Deserialize, Serialize};

/// The process a case follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handling {
    /// The name of the procedure, shipped or drawn by an office: cases begin by the version of it
    /// in force on their day.
    pub procedure: procedure::ProcedureName,
    /// Departments asked for an opinion 联办机构, for the joint procedure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consulted: Vec<Body>,
    /// Steps as the guide tells them 办理流程: 受理、审查、决定、制证、送达.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// Procedures that may stop the clock 特别程序.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub special_procedures: Vec<SpecialProcedure>,
    /// Services a third party renders before the decision 中介服务.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub intermediary_services: Vec<IntermediaryService>,
}

impl Handling {
    /// 联合征求意见: several departments at once, by the shipped procedure.
    #[must_use]
    pub fn is_joint(&self) -> bool {
        self.procedure.as_str() == process_names::JOINT
    }

    /// 即办: decided on the spot, by the shipped procedure.
    #[must_use]
    pub fn is_instant(&self) -> bool {
        self.procedure.as_str() == process_names::INSTANT
    }

    /// Whether the procedure is one that the product ships; of another, only its file says whom
    /// it asks.
    #[must_use]
    pub fn is_shipped(&self) -> bool {
        procedure::is_shipped(self.procedure.as_str())
    }
}

/// The shipped procedures that rules of items speak of.
mod process_names {
    pub(super) const JOINT: &str = "joint_opinion";
    pub(super) const INSTANT: &str = "instant";
}

/// A step 办理环节.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Name.
    pub name: Text,
    /// Post that does it 办理人员.
    pub post: Text,
    /// Time the step may take, in words.
    pub limit: Text,
    /// What is looked at 审查标准.
    pub standard: Text,
    /// What comes out 办理结果.
    pub result: Text,
}

/// A procedure whose time does not count (行政许可法 45).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecialProcedure {
    /// Kind.
    pub kind: SpecialKind,
    /// When it takes place.
    pub when: Text,
    /// Longest time it may take, in working days.
    pub workdays_max: u32,
    /// Article that allows it.
    pub basis: LegalBasis,
}

/// A service by an intermediary 中介服务 that the result of which the organ asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntermediaryService {
    /// Name.
    pub name: Text,
    /// Who pays for it.
    pub paid_by: Text,
    /// Article that asks for it.
    pub basis: LegalBasis,
}

/// Quantity limit 数量限制 (行政许可法 57: decided in order of acceptance).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuantityLimit {
    /// How many there may be at a time.
    pub count: u32,
    /// How the number comes about and is published.
    pub note: Text,
    /// Article that allows to limit it.
    pub basis: LegalBasis,
}

/// A fee 收费项目 (行政许可法 58–59: none unless a law says so).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// Name 收费项目名称.
    pub name: Text,
    /// Standard 收费标准 in words.
    pub standard: Text,
    /// Amount in fen, where it is fixed; none when it depends on a measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_fen: Option<u64>,
    /// Article or rule that sets it.
    pub basis: Option<LegalBasis>,
    /// Who need not pay, and by what rule 减免.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reduction: Option<Reduction>,
    /// Scenarios in which it is due; empty means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<String>,
}

/// Reduction of a fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reduction {
    /// Who pays less or nothing.
    pub who: Text,
    /// Article or rule.
    pub basis: LegalBasis,
}

/// What the applicant gets 办理结果.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Kind.
    pub kind: OutcomeKind,
    /// Name of the certificate or document.
    pub name: Text,
    /// Name of the template it is printed from.
    pub template: String,
    /// Name of the sample shown in the guide 结果样本.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Text>,
    /// How long it is valid, in months; none means without an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity_months: Option<u32>,
    /// Note on validity and renewal 有效期说明.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity_note: Option<Text>,
    /// What of the application it states 载明事项, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<Stated>,
}

/// An answer of the application form that a certificate states 载明事项.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stated {
    /// Name of the form field.
    pub field: String,
    /// Whether a stranger who verifies the certificate reads it too, such as the address of a
    /// shop; never what concerns a person's private life (个人信息保护法 6).
    #[serde(default, skip_serializing_if = "is_false")]
    pub public: bool,
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

/// How the hall can be reached for this item.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Channels 办理形式.
    pub channels: Vec<Channel>,
    /// Depth of online handling 网上办理深度.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub online_depth: Vec<OnlineDepth>,
    /// How often the applicant must come 到办事现场次数.
    pub hall_visits: u32,
    /// Why, when that is not nought 必须现场办理原因.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit_reason: Option<Text>,
    /// Whether the result can be sent 是否支持物流快递.
    #[serde(default)]
    pub express: bool,
    /// Whether fees can be paid online 是否支持网上支付.
    #[serde(default)]
    pub e_payment: bool,
    /// Whether a time can be booked 是否支持预约办理.
    #[serde(default)]
    pub appointment: bool,
}

impl Service {
    /// Whether some channel needs no visit.
    pub fn remote(&self) -> bool {
        self.express
            || self
                .channels
                .iter()
                .any(|channel| matches!(channel, Channel::Web | Channel::Mobile | Channel::Express))
    }
}

//! Modes 办理模式: the other lawful ways through an item that a version publishes, each with its
//! ground and its terms. A mode that is not on this list may not be used; the rules that guard
//! each one stand in the rooms that carry it out, and are deliberately absent here.

use super::kind::ModeKind;
use super::{ItemContent, LegalBasis, Text};
use serde::{Deserialize, Serialize};

/// One mode as a version of an item publishes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mode {
    /// Which.
    pub kind: ModeKind,
    /// The law, or the published list, that allows it for this item.
    pub basis: LegalBasis,
    /// What the applicant is told before choosing it 告知内容: terms and consequences.
    pub terms: Text,
    /// Scenarios in which it is open; empty means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<String>,
    /// Materials that may follow later (容缺受理), or for which the promise stands (告知承诺).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<String>,
    /// Fields whose truth is promised (告知承诺).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// Working days to hand in what is owed 补交期限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub make_up_workdays: Option<u32>,
    /// Working days after the decision within which the hall looks again 事后核查期限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_workdays: Option<u32>,
    /// The decision table that grants (秒批, 无感审批); it never refuses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<ModeTable>,
    /// Of a hundred grants by the table so many are checked, drawn by lot 事后抽查比例.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample_percent: Option<u32>,
    /// Working days in which the party may say no before it is granted (无感审批).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objection_workdays: Option<u32>,
}

/// A decision table 决策表 as data: a DMN file with one decision, which is one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModeTable {
    /// Under which name decisions cite it.
    pub id: String,
    /// The file.
    pub dmn: String,
}

/// The answer of a table that grants.
pub const GRANT: &str = "grant";
/// The answer of a table that leaves it to people.
pub const HUMAN: &str = "human";
/// What a table may ask beside the fields of the form.
pub const SCENARIO: &str = "scenario";
/// What the hall knows of a party without asking: what a table of 无感审批, and the rules of
/// 免申即享, may ask. Ages are whole years and months on the day; the lists hold codes of items.
pub const PARTY_FACTS: [&str; 6] = [
    "kind",
    "age",
    "age_months",
    "sex",
    "certificates",
    "granted",
];

impl ItemContent {
    /// The mode that this version publishes for a scenario, if it does.
    #[must_use]
    pub fn mode(&self, kind: ModeKind, scenario: &str) -> Option<&Mode> {
        let open = |mode: &&Mode| {
            mode.scenarios.is_empty() || mode.scenarios.iter().any(|one| one == scenario)
        };
        self.modes
            .iter()
            .filter(|mode| mode.kind == kind)
            .find(open)
    }
}

//! The standard procedures that the house ships, each a `.bpmn` file that common modelers open.
//!
//! An office copies one and changes it; these stay as they are.

/// One shipped procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Procedure {
    /// The name that items refer to.
    pub name: &'static str,
    /// The file.
    pub xml: &'static str,
}

/// 标准程序: review, decide, issue, deliver; with refusal and sending back.
pub const STANDARD: Procedure = Procedure {
    name: "standard",
    xml: include_str!("../procedures/standard.bpmn"),
};
/// 即办: decided at once by the back office.
pub const INSTANT: Procedure = Procedure {
    name: "instant",
    xml: include_str!("../procedures/instant.bpmn"),
};
/// 双人审查加法制审核: two reviewers one after the other, then legal review.
pub const LEGAL_REVIEW: Procedure = Procedure {
    name: "legal_review",
    xml: include_str!("../procedures/legal_review.bpmn"),
};
/// 联合征求意见: several departments at once.
pub const JOINT_OPINION: Procedure = Procedure {
    name: "joint_opinion",
    xml: include_str!("../procedures/joint_opinion.bpmn"),
};
/// The case of seven durable operations that benches measure.
pub const SEVEN_OP: Procedure = Procedure {
    name: "seven_op",
    xml: include_str!("../procedures/seven_op.bpmn"),
};

/// 改革前: the 42 steps in series of a building project, 281 working days.
pub const CONSTRUCTION_42: Procedure = Procedure {
    name: "construction_42",
    xml: include_str!("../procedures/construction_42.bpmn"),
};
/// 改革后: its five modules of 38 steps, side by side in each, 28 working days.
pub const CONSTRUCTION_38: Procedure = Procedure {
    name: "construction_38",
    xml: include_str!("../procedures/construction_38.bpmn"),
};

/// Processes to look at and to simulate, run by no item: the two ways of a building project.
pub fn examples() -> &'static [Procedure] {
    &[CONSTRUCTION_42, CONSTRUCTION_38]
}

/// Every shipped procedure.
pub fn all() -> &'static [Procedure] {
    &[STANDARD, INSTANT, LEGAL_REVIEW, JOINT_OPINION, SEVEN_OP]
}

/// The procedure of this name.
pub fn find(name: &str) -> Option<&'static Procedure> {
    all().iter().find(|procedure| procedure.name == name)
}

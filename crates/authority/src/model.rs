//! The nouns of the room: who may decide what, and what has to come before a decision. Texts that
//! people typed are commitments; what a record holds beside them are ids, days and numbers.
//!
//! Deliberately absent: rules (`decide`, `rule`), columns (`store`), names of people.

mod chief;
mod handover;
mod opinion;
mod power;
mod sitting;
mod table;

use std::collections::BTreeSet;

use crate::Role;
use kernel::{OfficerId, OrganId};

pub use chief::{ChiefApprovalOfficer, ChiefId, ListVersion};
pub use handover::{Handover, HandoverId, HandoverState, Line, LineState, Side};
pub use opinion::{Conclusion, LegalOpinion, OpinionId, OpinionKind};
pub use power::{PowerDelegation, PowerForm, PowerId};
pub use sitting::{AgendaItem, CommitteeSitting, Outcome, SittingId, SittingState, Vote, VoteCast};
pub(crate) use sitting::{first, is_first};
pub use table::{AuthorityGrant, AuthorityTable, Bounds, Scope, TableId, TableState, TableText};

kernel::vocabulary! {
    /// How high somebody decides 审批层级, the lowest first. It belongs to a post; chief approval
    /// officers are named one by one.
    pub enum Grade {
        /// 经办人: every post of the decision desk that nothing else is said of.
        Handler = "handler",
        /// 科室负责人.
        SectionHead = "section_head",
        /// 首席审批服务官, for the items of the list.
        ChiefOfficer = "chief_officer",
        /// 分管负责人.
        DeputyDirector = "deputy_director",
        /// 主要负责人.
        Director = "director",
    }
}

impl Grade {
    /// In Chinese.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Handler => "经办人",
            Self::SectionHead => "科室负责人",
            Self::ChiefOfficer => "首席审批服务官",
            Self::DeputyDirector => "分管负责人",
            Self::Director => "主要负责人",
        }
    }

    /// In English.
    #[must_use]
    pub fn en(self) -> &'static str {
        match self {
            Self::Handler => "handler",
            Self::SectionHead => "head of section",
            Self::ChiefOfficer => "chief approval officer",
            Self::DeputyDirector => "deputy director",
            Self::Director => "director",
        }
    }
}

kernel::id!(
    /// The grade of a post.
    PostGradeId,
    "post_grade"
);

/// An officer at a seat, as the rules of this room see one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    /// Who.
    pub officer: OfficerId,
    /// In whose stead (AB 角).
    pub standing_in: Option<OfficerId>,
    /// For which organ.
    pub organ: OrganId,
    /// What their post may do.
    pub roles: BTreeSet<Role>,
}

impl Acting {
    /// Whether this officer acts, or is acted for.
    #[must_use]
    pub fn is(&self, officer: OfficerId) -> bool {
        self.officer == officer || self.standing_in == Some(officer)
    }

    /// Whether the seat has this role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

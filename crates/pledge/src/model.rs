//! The nouns of the room: a pledge 承诺书 that an applicant signs, and how it stands. No text that
//! people typed: what was promised, and what a check found, are commitments.

use catalogue::ItemId;
use codes::CaseNumber;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{OfficerId, OrganId, PersonId};
use ledger::Commitment;

kernel::id!(
    /// A pledge 承诺书.
    PledgeId,
    "pledge"
);

kernel::vocabulary! {
    /// What is pledged.
    pub enum PledgeKind {
        /// 容缺受理: to hand secondary materials in later.
        Tolerant = "tolerant",
        /// 告知承诺: that the conditions are met; the pledge stands for the proofs.
        Promise = "promise",
    }
}

kernel::vocabulary! {
    /// How a pledge stands.
    pub enum PledgeStatus {
        /// 已签署: the application is not accepted yet.
        Signed = "signed",
        /// 生效: accepted; papers are owed, or the promise stands until the decision.
        Running = "running",
        /// 待补交: the promise was taken back after acceptance, its papers are owed.
        Owing = "owing",
        /// 已补齐.
        MadeUp = "made_up",
        /// 逾期未补, which counts as withdrawing the application.
        Lapsed = "lapsed",
        /// 已撤回承诺 before acceptance.
        Retracted = "retracted",
        /// 待核查: granted on the promise.
        Checking = "checking",
        /// 限期整改.
        Rectifying = "rectifying",
        /// 核查属实.
        Kept = "kept",
        /// 承诺不实: the route is lost.
        Broken = "broken",
        /// 信用已修复: the route is open again.
        Mended = "mended",
        /// 终止: the application ended without a grant.
        Void = "void",
    }
}

impl PledgeStatus {
    /// Whether papers are owed now.
    #[must_use]
    pub fn is_owing(self, kind: PledgeKind) -> bool {
        self == Self::Owing || (self == Self::Running && kind == PledgeKind::Tolerant)
    }

    /// Whether the promise itself stands: in place of proofs, before the decision.
    #[must_use]
    pub fn stands(self) -> bool {
        matches!(self, Self::Signed | Self::Running)
    }

    /// Whether an after-check is due.
    #[must_use]
    pub fn waits_for_check(self) -> bool {
        matches!(self, Self::Checking | Self::Rectifying)
    }
}

/// A pledge.
#[derive(Debug, Clone, PartialEq)]
pub struct Pledge {
    /// Its id.
    pub id: PledgeId,
    /// What is pledged.
    pub kind: PledgeKind,
    /// How it stands.
    pub status: PledgeStatus,
    /// The application; its raw id, which the draft had already.
    pub application: Uuid,
    /// The case number, once the application is accepted.
    pub number: Option<CaseNumber>,
    /// The item.
    pub item: ItemId,
    /// Its version, whose list allows the pledge.
    pub version: u32,
    /// Who is bound.
    pub applicant: PersonId,
    /// Who signed online: the applicant or their agent.
    pub signer: Option<PersonId>,
    /// The clerk who took the signature at the counter.
    pub witness: Option<OfficerId>,
    /// The department that decides and checks.
    pub organ: OrganId,
    /// Materials by position in the item version.
    pub materials: Vec<u16>,
    /// Fields whose truth is promised, by position in the item version.
    pub fields: Vec<u16>,
    /// Materials that are still owed.
    pub owed: Vec<u16>,
    /// What was told and promised, as JSON.
    pub words: Commitment,
    /// When.
    pub signed_on: Date,
    /// Working days to hand in what is owed.
    pub make_up_days: Option<u32>,
    /// Working days to check after the decision.
    pub check_days: Option<u32>,
    /// The last day of whatever is owed or to be checked now.
    pub due: Option<Date>,
    /// Since when the check is late.
    pub overdue_since: Option<Date>,
    /// Who decided on the promise.
    pub decider: Option<OfficerId>,
    /// Who checked last.
    pub checker: Option<OfficerId>,
    /// What the check found.
    pub finding: Option<Commitment>,
    /// When it was over.
    pub closed_on: Option<Date>,
}

impl Pledge {
    /// Whether papers are owed now.
    #[must_use]
    pub fn is_owing(&self) -> bool {
        self.status.is_owing(self.kind)
    }

    /// Whether it stands in place of its materials.
    #[must_use]
    pub fn covers(&self) -> bool {
        self.status.stands()
    }
}

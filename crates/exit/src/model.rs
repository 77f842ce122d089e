//! The nouns of the room: a licence on its way out 行政许可退出, who set it going and how it stands.
//! No text that people typed: findings, statements, opinions and reasons are commitments.

use certificate::{CertificateId, ExitGround, ExitKind, RevocationGround};
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{Money, OfficerId, OrganId, PersonId};
use ledger::Commitment;

kernel::id!(
    /// A licence on its way out 行政许可退出.
    ExitId,
    "exit"
);

kernel::vocabulary! {
    /// What set it going.
    pub enum ExitSource {
        /// 依职权: an officer of the organ.
        Officer = "officer",
        /// 依申请: the holder asks to be struck off.
        HolderRequest = "holder_request",
        /// 根据利害关系人的请求或者举报.
        Report = "report",
        /// 事中事后核查: the check of a promise, of silence or of a table found that it does not stand.
        Check = "check",
    }
}

kernel::vocabulary! {
    /// How it stands.
    pub enum ExitStatus {
        /// 已告知: the holder may state and defend.
        Told = "told",
        /// 听证中: a hearing was asked for and has not ended.
        Hearing = "hearing",
        /// 待法制审核.
        Reviewing = "reviewing",
        /// 待决定.
        Deciding = "deciding",
        /// 已退出: decided, and the certificate with it.
        Done = "done",
        /// 已终止: the licence stays.
        Dropped = "dropped",
    }
}

impl ExitStatus {
    /// Whether it is still under way.
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Done | Self::Dropped)
    }
}

kernel::vocabulary! {
    /// Why a licence stays after all.
    pub enum DropGround {
        /// 法定情形不成立.
        NotEstablished = "not_established",
        /// 可能对公共利益造成重大损害 (行政许可法 69(3)).
        GravePublicHarm = "grave_public_harm",
        /// 可以撤销而裁量不予撤销 (行政许可法 69(1): “可以”).
        Discretion = "discretion",
    }
}

/// A licence on its way out.
#[derive(Debug, Clone, PartialEq)]
pub struct LicenceExit {
    /// Its id.
    pub id: ExitId,
    /// The certificate.
    pub certificate: CertificateId,
    /// Who holds it.
    pub holder: PersonId,
    /// Whose decision it was, and is.
    pub organ: OrganId,
    /// The item; its raw id.
    pub item: Uuid,
    /// Its version.
    pub item_version: u32,
    /// Which way out, on what ground.
    pub ground: ExitGround,
    /// What set it going.
    pub source: ExitSource,
    /// How it stands.
    pub status: ExitStatus,
    /// When it began.
    pub opened_on: Date,
    /// Who opened it; nobody where the holder asked.
    pub opened_by: Option<OfficerId>,
    /// In whose stead.
    pub opened_for: Option<OfficerId>,
    /// Facts and reasons as they were told.
    pub findings: Commitment,
    /// The penalty decision of another organ: who, number, as JSON.
    pub penalty: Option<Commitment>,
    /// Its date.
    pub penalty_on: Option<Date>,
    /// The last day to state, to defend and to ask for a hearing.
    pub state_by: Option<Date>,
    /// What the holder stated last.
    pub statement: Option<Commitment>,
    /// When.
    pub stated_on: Option<Date>,
    /// Since when statements are over.
    pub statements_closed_on: Option<Date>,
    /// When a hearing was asked for.
    pub hearing_asked_on: Option<Date>,
    /// The hearing; its raw id.
    pub hearing: Option<Uuid>,
    /// When it ended.
    pub hearing_closed_on: Option<Date>,
    /// Whether it was held, with minutes.
    pub hearing_held: bool,
    /// Who presided.
    pub presider: Option<OfficerId>,
    /// How loss and compensation were assessed.
    pub assessment: Option<Commitment>,
    /// The loss.
    pub loss: Option<Money>,
    /// What is paid for it.
    pub compensation: Option<Money>,
    /// When it was paid.
    pub paid_on: Option<Date>,
    /// Who reviewed the law of it.
    pub reviewed_by: Option<OfficerId>,
    /// In whose stead.
    pub reviewed_for: Option<OfficerId>,
    /// When.
    pub reviewed_on: Option<Date>,
    /// Whether the review agreed.
    pub agreed: Option<bool>,
    /// Whether the review found that it would gravely harm the public.
    pub barred: bool,
    /// The words of the review.
    pub opinion: Option<Commitment>,
    /// Who decided.
    pub decided_by: Option<OfficerId>,
    /// When it was over.
    pub decided_on: Option<Date>,
    /// Why the licence stays.
    pub dropped_for: Option<DropGround>,
    /// The words of the decision.
    pub reason: Option<Commitment>,
}

impl LicenceExit {
    /// Which way out.
    #[must_use]
    pub fn kind(&self) -> ExitKind {
        self.ground.kind()
    }

    /// Whether loss and compensation must be assessed before the decision.
    #[must_use]
    pub fn is_compensated(&self) -> bool {
        is_compensated(self.ground)
    }

    /// Whether the holder may ask for a hearing.
    #[must_use]
    pub fn has_hearing_right(&self) -> bool {
        self.source != ExitSource::HolderRequest && has_hearing_right(self.ground)
    }

    /// Whether a hearing was asked for and has not ended.
    #[must_use]
    pub fn awaits_hearing(&self) -> bool {
        self.hearing_asked_on.is_some() && self.hearing_closed_on.is_none()
    }
}

/// Withdrawal compensates the loss (行政许可法 8(2)), revocation for the organ's own fault too
/// (69(4)); what was obtained by fraud, cancellation and penalty do not.
#[must_use]
pub fn is_compensated(ground: ExitGround) -> bool {
    match ground {
        ExitGround::Withdrawal(_) => true,
        ExitGround::Revocation(ground) => ground != RevocationGround::ObtainedByFraud,
        ExitGround::Cancellation(_) | ExitGround::Penalty(_) => false,
    }
}

/// What takes a living licence from its holder touches a grave interest (行政许可法 46, 47). A
/// penalty had its own hearing (行政处罚法 63); what the register strikes off is gone already.
#[must_use]
pub fn has_hearing_right(ground: ExitGround) -> bool {
    match ground {
        ExitGround::Withdrawal(_) | ExitGround::Revocation(_) => true,
        ExitGround::Cancellation(ground) => matches!(
            ground,
            certificate::CancellationGround::ForceMajeure
                | certificate::CancellationGround::OtherByLaw
        ),
        ExitGround::Penalty(_) => false,
    }
}

//! The nouns of the room: a licence near its end, and how it runs on 延续. No text that people typed:
//! statements, opinions, reasons and findings are commitments.

use certificate::CertificateId;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{OfficerId, OrganId, PersonId};
use ledger::Commitment;

kernel::id!(
    /// A licence near its end, and how it runs on 延续.
    RenewalId,
    "renewal"
);

kernel::vocabulary! {
    /// How the renewal of a licence stands.
    pub enum RenewalStatus {
        /// 即将到期: the holder was told.
        Near = "near",
        /// 已申请延续.
        Asked = "asked",
        /// 已审查.
        Reviewed = "reviewed",
        /// 准予延续.
        Granted = "granted",
        /// 不予延续.
        Refused = "refused",
        /// 视为准予延续: no decision fell before the end (行政许可法 50).
        Deemed = "deemed",
        /// 拟无感延续: the holder may say no.
        Proposed = "proposed",
        /// 持证人不同意无感延续.
        Declined = "declined",
        /// 已无感延续, to be checked.
        Checking = "checking",
        /// 核查符合.
        Upheld = "upheld",
        /// 核查不符: an exit follows.
        Doubted = "doubted",
        /// 未延续, or the certificate ended in another way.
        Over = "over",
    }
}

impl RenewalStatus {
    /// Whether the certificate has not run on yet and may still.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::Near
                | Self::Asked
                | Self::Reviewed
                | Self::Proposed
                | Self::Declined
                | Self::Refused
        )
    }
}

kernel::vocabulary! {
    /// What the hall looks at in its own data before it renews in silence 无感延续.
    pub enum RenewalCheck {
        /// 证照有效，没有被暂扣.
        Standing = "standing",
        /// 有效期内没有被暂扣过.
        NeverSuspended = "never_suspended",
        /// 持证人登记信息与证照一致.
        NameUnchanged = "name_unchanged",
        /// 没有不实承诺记录.
        PromisesKept = "promises_kept",
        /// 没有正在进行的退出程序.
        NoExit = "no_exit",
    }
}

/// A licence near its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Renewal {
    /// Its id.
    pub id: RenewalId,
    /// The certificate that ends.
    pub certificate: CertificateId,
    /// Who holds it.
    pub holder: PersonId,
    /// Who issued it, and decides.
    pub organ: OrganId,
    /// The item; its raw id.
    pub item: Uuid,
    /// How it stands.
    pub status: RenewalStatus,
    /// The last day of the certificate.
    pub expires_on: Date,
    /// Until when it would run on.
    pub until: Date,
    /// Since when it is watched.
    pub begun_on: Date,
    /// When the holder asked.
    pub asked_on: Option<Date>,
    /// What they stated.
    pub statement: Option<Commitment>,
    /// Who reviewed it.
    pub reviewed_by: Option<OfficerId>,
    /// In whose stead.
    pub reviewed_for: Option<OfficerId>,
    /// Whether the review agreed.
    pub agreed: Option<bool>,
    /// In words.
    pub opinion: Option<Commitment>,
    /// Who decided; nobody where silence or the law did.
    pub decided_by: Option<OfficerId>,
    /// When it was decided.
    pub decided_on: Option<Date>,
    /// The words of a refusal.
    pub reason: Option<Commitment>,
    /// The last day to say no to a silent renewal.
    pub say_no_by: Option<Date>,
    /// Working days to check a silent renewal afterwards.
    pub check_days: Option<u32>,
    /// The last day to check it.
    pub check_due: Option<Date>,
    /// Since when the check is late.
    pub overdue_since: Option<Date>,
    /// Who checked.
    pub checker: Option<OfficerId>,
    /// What the check found.
    pub finding: Option<Commitment>,
}

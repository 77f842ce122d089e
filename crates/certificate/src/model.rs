//! The nouns: notices 文书, certificates 证照, their numbers, states and grounds.
//!
//! Deliberately absent: texts typed by people. What a document says lies beside the ledger; here
//! stand ids, codes, dates and commitments.

use codes::EcertId;
use jiff::civil::Date;
use kernel::{OrganId, PersonId};
use ledger::{Commitment, FileCommitment};
use seal::Digest32;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

mod ground;

pub use ground::{
    CancellationGround, ExitGround, ExitKind, PenaltyGround, RevocationGround, SuspensionGround,
    WithdrawalGround,
};

kernel::id!(
    /// A numbered notice 文书.
    NoticeId,
    "notice"
);
kernel::id!(
    /// A certificate 证照.
    CertificateId,
    "cert"
);
kernel::id!(
    /// An office's own template 文书模板.
    TemplateId,
    "template"
);

kernel::vocabulary! {
    /// What a notice says; the words are the names of the templates.
    pub enum NoticeKind {
        /// 收件回执.
        Receipt = "receipt",
        /// 受理通知书 (行政许可法 32).
        Acceptance = "acceptance",
        /// 一次性告知书 (行政许可法 32(4)).
        OneTimeNotice = "one_time_notice",
        /// 不予受理决定书 (行政许可法 32(2)).
        NotAccepted = "not_accepted",
        /// 不需要取得行政许可告知书 (行政许可法 32(1)).
        NotRequired = "not_required",
        /// 视为受理通知书 (行政许可法 32(4)).
        DeemedAccepted = "deemed_accepted",
        /// 特别程序告知书 (行政许可法 45).
        PauseNotice = "pause_notice",
        /// 延期决定告知书 (行政许可法 42).
        ExtensionNotice = "extension_notice",
        /// 准予行政许可决定书 (行政许可法 38).
        GrantDecision = "grant_decision",
        /// 不予行政许可决定书 (行政许可法 38).
        RefusalDecision = "refusal_decision",
        /// 撤回申请告知书.
        Withdrawal = "withdrawal",
        /// 送达回证.
        DeliveryReceipt = "delivery_receipt",
        /// 行政许可退出告知书: what is intended, and the right to be heard.
        ExitNotice = "exit_notice",
        /// 撤回、撤销、注销、吊销登记决定书 (行政许可法 8, 69, 70, 80).
        ExitDecision = "exit_decision",
        /// 行政许可退出程序终止告知书.
        ExitDropped = "exit_dropped",
        /// 听证告知书 (行政许可法 46, 47).
        HearingOffer = "hearing_offer",
        /// 听证通知书 (行政许可法 48(1)).
        HearingNotice = "hearing_notice",
        /// 听证笔录 (行政许可法 48(5)).
        HearingMinutes = "hearing_minutes",
        /// 准予延续决定书、视为准予延续通知书 (行政许可法 50).
        RenewalDecision = "renewal_decision",
        /// 不予延续决定书 (行政许可法 38, 50).
        RenewalRefusal = "renewal_refusal",
        /// 无感延续告知书.
        SilentRenewal = "silent_renewal",
        /// 首席审批服务官任命书, with the list.
        ChiefAppointment = "chief_appointment",
        /// 审批委员会会议纪要.
        CommitteeMinutes = "committee_minutes",
        /// 赋权、委托书 (行政许可法 23, 24).
        PowerLetter = "power_letter",
        /// 移交清单.
        HandoverList = "handover_list",
    }
}

impl NoticeKind {
    /// The character that stands for the kind in a document number 文号.
    #[must_use]
    pub fn mark(self) -> &'static str {
        match self {
            Self::Receipt => "收",
            Self::Acceptance => "受",
            Self::OneTimeNotice => "补",
            Self::NotAccepted => "不受",
            Self::NotRequired => "免",
            Self::DeemedAccepted => "视受",
            Self::PauseNotice => "特",
            Self::ExtensionNotice => "延",
            Self::GrantDecision => "准",
            Self::RefusalDecision => "不准",
            Self::Withdrawal => "撤",
            Self::DeliveryReceipt => "送",
            Self::ExitNotice => "退告",
            Self::ExitDecision => "退决",
            Self::ExitDropped => "退终",
            Self::HearingOffer => "听告",
            Self::HearingNotice => "听通",
            Self::HearingMinutes => "听笔",
            Self::RenewalDecision => "续",
            Self::RenewalRefusal => "不续",
            Self::SilentRenewal => "续告",
            Self::ChiefAppointment => "任",
            Self::CommitteeMinutes => "纪",
            Self::PowerLetter => "权",
            Self::HandoverList => "移",
        }
    }
}

kernel::vocabulary! {
    /// How far the file of a document is.
    pub enum FileState {
        /// Waits to be made.
        Pending = "pending",
        /// Made, sealed and kept.
        Ready = "ready",
        /// Could not be made; staff must mend the template or the data.
        Failed = "failed",
    }
}

kernel::vocabulary! {
    /// Why a file could not be made.
    pub enum FailureCode {
        /// The template says something that cannot be done, or misses a field.
        Template = "template",
        /// No font has a character 缺字.
        MissingGlyph = "missing_glyph",
        /// Template, data, files or pages are too large.
        TooLarge = "too_large",
        /// The text of the code 二维码 is too long.
        Qr = "qr",
        /// The rendering did not end in time.
        TooSlow = "too_slow",
        /// The seal image cannot be drawn.
        Seal = "seal",
        /// The text was erased, so there is nothing to print.
        Erased = "erased",
        /// The file could not be signed.
        Signature = "signature",
        /// The typesetter failed again and again.
        Engine = "engine",
    }
}

kernel::vocabulary! {
    /// Where a certificate stands 证照状态.
    pub enum CertificateState {
        /// 有效.
        Valid = "valid",
        /// 变更: another certificate stands in its place.
        Changed = "changed",
        /// 撤销 (行政许可法 69).
        Revoked = "revoked",
        /// 注销 (行政许可法 70).
        Cancelled = "cancelled",
        /// 过期.
        Expired = "expired",
        /// 撤回 (行政许可法 8).
        Withdrawn = "withdrawn",
        /// 吊销 (行政许可法 80, 行政处罚法 9): by a penalty of another organ.
        PenaltyRevoked = "penalty_revoked",
        /// 暂扣 (行政处罚法 9): for a time, after which it stands again.
        Suspended = "suspended",
    }
}

/// The number that a document bears 文号、证号: given by the hall, public, never a person's words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentNumber(String);

/// A text that cannot be a document number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongNumber;

impl std::fmt::Display for WrongNumber {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a document number has 1 to 60 letters, digits, spaces and brackets")
    }
}

/// Longest document number, in characters.
const NUMBER_CHARS_MAX: usize = 60;

impl DocumentNumber {
    /// Reads a number.
    ///
    /// # Errors
    /// [`WrongNumber`] when it is empty, too long or holds other characters.
    pub fn new(text: &str) -> Result<Self, WrongNumber> {
        let text = text.trim();
        let fits = |c: char| c.is_alphanumeric() || " -_/.()（）〔〕[]【】".contains(c);
        let count = text.chars().count();
        if count == 0 || NUMBER_CHARS_MAX < count || !text.chars().all(fits) {
            return Err(WrongNumber);
        }
        Ok(Self(text.to_owned()))
    }

    /// The number as printed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for DocumentNumber {
    type Error = WrongNumber;
    fn try_from(text: String) -> Result<Self, WrongNumber> {
        Self::new(&text)
    }
}

impl From<DocumentNumber> for String {
    fn from(number: DocumentNumber) -> Self {
        number.0
    }
}

impl std::fmt::Display for DocumentNumber {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

/// How far the file of a document is, and which file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Print {
    /// How far it is.
    pub state: FileState,
    /// The file, once it is made.
    pub file: Option<FileCommitment>,
    /// A keyed digest of the file's bytes, by which an uploaded file is found again.
    pub mark: Option<Digest32>,
    /// Why there is none.
    pub failure: Option<FailureCode>,
    /// What exactly went wrong, for staff.
    pub failure_detail: Option<Commitment>,
}

impl Print {
    /// Nothing made yet.
    pub(crate) const WAITING: Self = Self {
        state: FileState::Pending,
        file: None,
        mark: None,
        failure: None,
        failure_detail: None,
    };
}

/// A notice 文书: a numbered statement of an organ to a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// What it says.
    pub kind: NoticeKind,
    /// Its number 文号.
    pub number: DocumentNumber,
    /// The application or case it belongs to.
    pub about: Uuid,
    /// Who says it.
    pub organ: OrganId,
    /// Whom it is for; nobody, for a paper of the organ's own.
    pub person: Option<PersonId>,
    /// The item whose matter it is, raw; none when it belongs to no single one.
    pub item: Option<Uuid>,
    /// Its date.
    pub on: Date,
    /// What it says, as JSON for the template.
    pub data: Commitment,
    /// How far its file is.
    pub print: Print,
}

/// A certificate 证照: what a person may do, and until when.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// Its id.
    pub id: CertificateId,
    /// Its e-certificate identifier 电子证照标识 (GB/T 36904).
    pub ecert_id: EcertId,
    /// Its number 证号.
    pub number: DocumentNumber,
    /// Who holds it.
    pub holder: PersonId,
    /// The case that granted it.
    pub about: Uuid,
    /// The item that it comes from.
    pub item: Uuid,
    /// The version of the item.
    pub item_version: u32,
    /// Who issued it.
    pub organ: OrganId,
    /// When it was issued.
    pub issued_on: Date,
    /// Its first day.
    pub valid_from: Date,
    /// Its last day; none for long-term 长期.
    pub valid_until: Option<Date>,
    /// Name, holder and content, as JSON (see [`crate::CertificateText`]).
    pub text: Commitment,
    /// Where it stands.
    pub state: CertificateState,
    /// Since when it stands there.
    pub state_since: Date,
    /// The certificate in its place, when it was changed.
    pub successor: Option<CertificateId>,
    /// Why it was revoked.
    pub revoked_for: Option<RevocationGround>,
    /// Why it was cancelled.
    pub cancelled_for: Option<CancellationGround>,
    /// Why it was withdrawn.
    pub withdrawn_for: Option<WithdrawalGround>,
    /// For which offence a penalty took it away.
    pub penalty_for: Option<PenaltyGround>,
    /// The words of the decision that ended or suspended it.
    pub reason: Option<Commitment>,
    /// Why it is suspended.
    pub suspended_for: Option<SuspensionGround>,
    /// The last day of the suspension.
    pub suspended_until: Option<Date>,
    /// How far its file is.
    pub print: Print,
}

/// One line of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateField {
    /// What it is, e.g. 经营场所.
    pub label: String,
    /// What it says.
    pub value: String,
    /// Whether a stranger who verifies the certificate reads it too.
    #[serde(default, skip_serializing_if = "is_false")]
    pub public: bool,
}

impl CertificateField {
    /// A line that only the certificate itself shows.
    #[must_use]
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
            public: false,
        }
    }
}

fn is_false(flag: &bool) -> bool {
    !*flag
}

/// What a certificate says: kept beside the ledger, erasable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateText {
    /// Its name 证照名称.
    pub name: String,
    /// Original or duplicate 正本、副本.
    pub copy_kind: String,
    /// Who holds it.
    pub holder_name: String,
    /// Whether the holder is a human being, whose name strangers see masked.
    pub holder_is_natural: bool,
    /// What it permits 许可范围.
    pub scope: String,
    /// Its lines.
    pub fields: Vec<CertificateField>,
}

/// A notice to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct NewNotice {
    /// What it says.
    pub kind: NoticeKind,
    /// The application or case it belongs to.
    pub about: Uuid,
    /// The number of the case 办件编号, as printed.
    pub case_number: String,
    /// The item whose matter it is, raw; none when it belongs to no single one.
    pub item: Option<Uuid>,
    /// Who says it.
    pub organ: OrganId,
    /// Whom it is for.
    pub person: PersonId,
    /// Fields of the template (`crates/document/templates/KIND.json`). Organ, date, number, case
    /// number and code are put in when they are missing.
    pub data: serde_json::Value,
}

/// A paper of an organ's own to be drawn 机关文书: an appointment, minutes, a list.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPaper {
    /// What it says.
    pub kind: NoticeKind,
    /// The record it belongs to.
    pub about: Uuid,
    /// Who says it.
    pub organ: OrganId,
    /// Fields of the template; organ, date and number are put in.
    pub data: serde_json::Value,
}

/// A certificate to be issued.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCertificate {
    /// The type code 证照类型代码 (21 characters); the organ's own type 001 when there is none.
    pub type_code: Option<String>,
    /// Its number 证号; the next of the organ when there is none.
    pub number: Option<String>,
    /// Its name 证照名称.
    pub name: String,
    /// Original or duplicate 正本、副本.
    pub copy_kind: String,
    /// The case that granted it.
    pub about: Uuid,
    /// The item that it comes from.
    pub item: Uuid,
    /// The version of the item.
    pub item_version: u32,
    /// Who issues it.
    pub organ: OrganId,
    /// Who holds it.
    pub holder: PersonId,
    /// Its first day.
    pub valid_from: Date,
    /// Its last day; none for long-term 长期.
    pub valid_until: Option<Date>,
    /// What it permits 许可范围.
    pub scope: String,
    /// Its lines; holder and scope stand before them when they are not among them.
    pub fields: Vec<CertificateField>,
    /// The certificate that it takes the place of 变更、延续.
    pub replaces: Option<CertificateId>,
}

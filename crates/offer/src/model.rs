//! The nouns of the room: a scheme 主动服务方案 by which the hall goes to people, an offer 告知 to one
//! party, and a list of payments. No text that people typed: those are commitments.

use case::Code;
use catalogue::ItemId;
use catalogue::model::{LegalBasis, ModeTable, Text};
use jiff::civil::Date;
use kernel::{Money, OfficerId, OrganId, PersonId};
use ledger::Commitment;
use seal::Digest32;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// A scheme 主动服务方案.
    SchemeId,
    "scheme"
);
kernel::id!(
    /// An offer to one party.
    OfferId,
    "offer"
);
kernel::id!(
    /// A list of payments 支付清单.
    ListId,
    "paymentlist"
);

kernel::vocabulary! {
    /// What a scheme brings.
    pub enum SchemeKind {
        /// 免申即享: money without an application.
        Benefit = "benefit",
        /// 无感审批: an item granted without an application.
        Silent = "silent",
    }
}

kernel::vocabulary! {
    /// How often a party gets a benefit.
    pub enum Period {
        /// 一次性.
        Once = "once",
        /// 按年.
        Year = "year",
        /// 按月.
        Month = "month",
    }
}

impl Period {
    /// The period of a day: nobody gets the same twice in one.
    #[must_use]
    pub fn of(self, day: Date) -> String {
        match self {
            Self::Once => "once".to_owned(),
            Self::Year => format!("{:04}", day.year()),
            Self::Month => format!("{:04}-{:02}", day.year(), day.month()),
        }
    }
}

kernel::vocabulary! {
    /// How an offer stands.
    pub enum OfferStatus {
        /// 已告知: the party may answer.
        Offered = "offered",
        /// 已确认: by the party, or by the list of the scheme 免确认清单.
        Confirmed = "confirmed",
        /// 不需要: the party said no.
        Declined = "declined",
        /// 逾期未确认.
        Expired = "expired",
        /// 无异议: nobody said no in time; the item is granted (无感审批).
        Unopposed = "unopposed",
        /// 已办结 (无感审批).
        Fulfilled = "fulfilled",
        /// 已批准.
        Granted = "granted",
        /// 不予发放.
        Refused = "refused",
        /// 已列入支付清单.
        Listed = "listed",
        /// 已支付.
        Paid = "paid",
        /// 支付失败.
        Failed = "failed",
        /// 追回: the check found it wrong.
        Reclaimed = "reclaimed",
    }
}

/// A scheme as data 政策: what it brings, to whom by which rule, on which ground, out of which
/// budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemeContent {
    /// Its code.
    pub code: String,
    /// What it brings.
    pub kind: SchemeKind,
    /// Its name.
    pub name: Text,
    /// The law or the policy it rests on.
    pub basis: LegalBasis,
    /// What people are told.
    pub terms: Text,
    /// The organ that decides, by its credit code.
    pub body: String,
    /// The item that is granted (无感审批), by its code; its version carries the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The rule over party data (免申即享).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<ModeTable>,
    /// How much, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// How often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// How much there is in all, in fen 预算.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Money>,
    /// Whether the list of the scheme stands for the party's own word 免确认.
    #[serde(default)]
    pub listed: bool,
    /// Working days to answer.
    pub answer_workdays: u32,
    /// Of a hundred payments so many are checked, drawn by lot.
    pub sample_percent: u32,
}

/// A scheme.
#[derive(Debug, Clone, PartialEq)]
pub struct Scheme {
    /// Its id.
    pub id: SchemeId,
    /// What it brings.
    pub kind: SchemeKind,
    /// Its code.
    pub code: Code,
    /// The organ that decides.
    pub organ: OrganId,
    /// The item that is granted.
    pub item: Option<ItemId>,
    /// The content, as JSON.
    pub content: Commitment,
    /// How much.
    pub amount: Option<Money>,
    /// How much in all.
    pub budget: Option<Money>,
    /// When it was published.
    pub published_on: Date,
    /// When parties were last matched.
    pub run_on: Option<Date>,
    /// When it was closed.
    pub closed_on: Option<Date>,
}

/// What the rule of a scheme answered for a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    /// The table.
    pub table: Code,
    /// The digest of its file.
    pub digest: Digest32,
    /// The rules that matched.
    pub rules: Vec<u16>,
    /// What it was asked with, as JSON.
    pub inputs: Commitment,
}

/// An offer.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Its id.
    pub id: OfferId,
    /// What it brings.
    pub kind: SchemeKind,
    /// The scheme.
    pub scheme: SchemeId,
    /// The organ that decides.
    pub organ: OrganId,
    /// To whom.
    pub party: PersonId,
    /// For which period.
    pub period: Code,
    /// How it stands.
    pub status: OfferStatus,
    /// How much.
    pub amount: Option<Money>,
    /// What the rule answered.
    pub ruling: Match,
    /// Who ran the match; none for the clock.
    pub matched_by: Option<OfficerId>,
    /// When it was made.
    pub offered_on: Date,
    /// The last day of whatever is awaited: an answer, or a check.
    pub due: Option<Date>,
    /// Who decided.
    pub decided_by: Option<OfficerId>,
    /// When.
    pub decided_on: Option<Date>,
    /// Why it was refused, or why the payment failed.
    pub reason: Option<Commitment>,
    /// The list of payments it is on.
    pub list: Option<ListId>,
    /// When it was paid.
    pub paid_on: Option<Date>,
    /// The case number (无感审批).
    pub number: Option<Code>,
    /// Whether the lot for the check fell on it.
    pub drawn: bool,
    /// What the check found.
    pub finding: Option<Commitment>,
}

/// A list of payments.
#[derive(Debug, Clone, PartialEq)]
pub struct PaymentList {
    /// Its id.
    pub id: ListId,
    /// The scheme.
    pub scheme: SchemeId,
    /// The organ.
    pub organ: OrganId,
    /// Who drew it up.
    pub drawn_by: OfficerId,
    /// When.
    pub drawn_on: Date,
    /// How many payments.
    pub count: u32,
    /// How much in all.
    pub total: Money,
}

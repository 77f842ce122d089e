//! The nouns of erasure 个人信息删除: a request, what stands in its way, what was erased.

use jiff::civil::Date;
use kernel::PersonId;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// A request for erasure 个人信息删除请求.
    ErasureId,
    "erasure"
);

kernel::vocabulary! {
    /// How a request for erasure stands.
    pub enum ErasureStatus {
        /// 已申请: it waits for the security administrator.
        Asked = "asked",
        /// 不能删除: something stood in the way when it was asked.
        Refused = "refused",
        /// 已撤回.
        Withdrawn = "withdrawn",
        /// 已删除.
        CarriedOut = "carried_out",
    }
}

kernel::vocabulary! {
    /// Why a matter stands in the way of an erasure.
    pub enum Bar {
        /// 尚未办结: what it is kept for is not done (个人信息保护法 47(1)(1)).
        Open = "open",
        /// 保管期限未满 (个人信息保护法 47(2), 档案法 21).
        Retained = "retained",
        /// 永久保管 (档案法 21).
        Permanent = "permanent",
        /// 证照仍有效: the public may look it up (行政许可法 40).
        InForce = "in_force",
    }
}

impl Bar {
    /// The law that says so.
    #[must_use]
    pub fn statute(self) -> &'static str {
        match self {
            Self::Open => "个人信息保护法 47",
            Self::Retained => "个人信息保护法 47, 档案法 21",
            Self::Permanent => "档案法 21",
            Self::InForce => "行政许可法 40",
        }
    }
}

/// A matter that stands in the way of an erasure 不能删除的事项.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Obstacle {
    /// Why.
    pub bar: Bar,
    /// The number of the case, application or certificate, as printed.
    pub number: String,
    /// What it is about.
    pub item: String,
    /// The last day on which it stands in the way; none when no day is known.
    pub until: Option<Date>,
}

/// How much was erased 删除数量.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erased {
    /// Matters whose texts and files are gone.
    pub matters: u64,
    /// Texts, with their salts.
    pub texts: u64,
    /// Files.
    pub files: u64,
    /// Applications that were being written.
    pub drafts: u64,
    /// Letters.
    pub letters: u64,
}

/// A request for erasure 个人信息删除请求.
#[derive(Debug, Clone, PartialEq)]
pub struct Erasure {
    /// Its id.
    pub id: ErasureId,
    /// Whose data.
    pub person: PersonId,
    /// How it stands.
    pub status: ErasureStatus,
    /// When it was asked.
    pub asked_on: Date,
    /// When it came to its end.
    pub ended_on: Option<Date>,
    /// How many matters stood in the way, when it was refused.
    pub in_the_way: u64,
    /// The first day on which nothing of that would, if one can be told.
    pub free_on: Option<Date>,
    /// How much was erased.
    pub erased: Erased,
}

//! The nouns of the room: grades, what a rating may be about, who was served, what was said.
//!
//! Deliberately absent: whole numbers for grades. GB/T 39046 counts 1 as the best, deployed
//! systems count 5 as the best; a number without its scale is a trap, so numbers exist only at
//! the edge ([`Grade::stars`], [`Grade::gb_39046`]).

use jiff::civil::Date;
use kernel::{OfficerId, OrganId, PersonId};
use ledger::Commitment;
use seal::Digest32;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

kernel::id!(
    /// A rating 好差评, from its invitation on.
    RatingId,
    "rating"
);

kernel::vocabulary! {
    /// The five grades 评价等级 (国办发〔2019〕51号), the best first.
    pub enum Grade {
        /// 非常满意.
        VerySatisfied = "very_satisfied",
        /// 满意.
        Satisfied = "satisfied",
        /// 基本满意.
        BasicallySatisfied = "basically_satisfied",
        /// 不满意.
        Dissatisfied = "dissatisfied",
        /// 非常不满意.
        VeryDissatisfied = "very_dissatisfied",
    }
}

impl Grade {
    /// Whether it is a bad rating 差评: the last two grades.
    #[must_use]
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Dissatisfied | Self::VeryDissatisfied)
    }

    /// On the scale of deployed systems: 5 is the best.
    #[must_use]
    pub fn stars(self) -> u8 {
        6 - self.gb_39046()
    }

    /// On the scale of GB/T 39046 A.8: 1 is the best.
    #[must_use]
    pub fn gb_39046(self) -> u8 {
        match self {
            Self::VerySatisfied => 1,
            Self::Satisfied => 2,
            Self::BasicallySatisfied => 3,
            Self::Dissatisfied => 4,
            Self::VeryDissatisfied => 5,
        }
    }

    /// Reads the scale of deployed systems, 5 the best.
    #[must_use]
    pub fn from_stars(stars: u8) -> Option<Self> {
        let of = |grade: &&Self| grade.stars() == stars;
        Self::ALL.iter().find(of).copied()
    }

    /// Reads the scale of GB/T 39046 A.8, 1 the best.
    #[must_use]
    pub fn from_gb_39046(code: u8) -> Option<Self> {
        let of = |grade: &&Self| grade.gb_39046() == code;
        Self::ALL.iter().find(of).copied()
    }
}

kernel::vocabulary! {
    /// What a rating is about in particular 评价内容.
    pub enum Aspect {
        /// 办事效率, online.
        Efficiency = "efficiency",
        /// 指南精确度, online.
        GuideAccuracy = "guide_accuracy",
        /// 便捷度, online.
        Convenience = "convenience",
        /// 平台操作性, online.
        Operability = "operability",
        /// 服务效率, in the hall.
        ServiceEfficiency = "service_efficiency",
        /// 服务水平, in the hall.
        ServiceLevel = "service_level",
        /// 服务态度, in the hall.
        ServiceAttitude = "service_attitude",
    }
}

kernel::vocabulary! {
    /// A version of the aspects that may be named. An invitation keeps its set for life.
    pub enum TagSet {
        /// What is asked after an online service 线上, first version.
        Online1 = "online.1",
        /// What is asked after a service in the hall 现场, first version.
        Hall1 = "hall.1",
    }
}

impl TagSet {
    /// The aspects of the set, in the order in which they are asked.
    #[must_use]
    pub fn aspects(self) -> &'static [Aspect] {
        use Aspect::{
            Convenience, Efficiency, GuideAccuracy, Operability, ServiceAttitude,
            ServiceEfficiency, ServiceLevel,
        };
        match self {
            Self::Online1 => &[Efficiency, GuideAccuracy, Convenience, Operability],
            Self::Hall1 => &[ServiceEfficiency, ServiceLevel, ServiceAttitude],
        }
    }
}

kernel::vocabulary! {
    /// The way a rating came in 评价渠道, with the codes 1–7 of deployed systems in this order.
    pub enum RatingChannel {
        /// 电脑端.
        Web = "web",
        /// 移动端.
        Mobile = "mobile",
        /// 扫码评.
        Qr = "qr",
        /// 大厅平板.
        HallTablet = "hall_tablet",
        /// 大厅其他终端.
        HallTerminal = "hall_terminal",
        /// 电话评.
        Phone = "phone",
        /// 短信评.
        Sms = "sms",
    }
}

kernel::vocabulary! {
    /// How far a rating is.
    pub enum RatingStatus {
        /// Asked for, not answered 待评价.
        Invited = "invited",
        /// Answered 已评价.
        Rated = "rated",
        /// Answered, and once more 已追评.
        Supplemented = "supplemented",
        /// Not answered in time 默认评价.
        Defaulted = "defaulted",
    }
}

/// What was done for somebody: one service, one rating (一次一评, 一事一评).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A finished case 办件; the raw id of the case.
    Case(Uuid),
    /// A service at the counter without a case, e.g. advice 窗口咨询.
    CounterService(Uuid),
}

impl Subject {
    /// The word under which it is stored.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Case(_) => "case",
            Self::CounterService(_) => "counter_service",
        }
    }

    /// The raw id.
    #[must_use]
    pub fn uuid(self) -> Uuid {
        match self {
            Self::Case(id) | Self::CounterService(id) => id,
        }
    }

    /// Reads the two columns.
    pub(crate) fn of(kind: &str, id: Uuid) -> Option<Self> {
        match kind {
            "case" => Some(Self::Case(id)),
            "counter_service" => Some(Self::CounterService(id)),
            _ => None,
        }
    }
}

/// The service that a rating is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// What was done.
    pub subject: Subject,
    /// The catalogue item 事项; its raw id.
    pub item: Uuid,
    /// The version of the item.
    pub version: u32,
    /// The organ that is rated.
    pub organ: OrganId,
    /// The officer who served, if one did in person.
    pub officer: Option<OfficerId>,
    /// Who was served, if the hall knows.
    pub person: Option<PersonId>,
    /// Which aspects are asked.
    pub tag_set: TagSet,
}

/// What somebody said, as the ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The grade.
    pub grade: Grade,
    /// The aspects named, each once, in the order of the set.
    pub tags: Vec<Aspect>,
    /// What they wrote.
    pub text: Option<Commitment>,
    /// The way it came in.
    pub channel: RatingChannel,
    /// Who rates under their name 实名; none for an anonymous rating.
    pub by: Option<PersonId>,
    /// The day.
    pub on: Date,
}

/// What was added later 追评.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplement {
    /// Another grade, if they changed their mind.
    pub grade: Option<Grade>,
    /// What they wrote.
    pub text: Option<Commitment>,
    /// The day.
    pub on: Date,
}

/// A rating 好差评.
#[derive(Debug, Clone, PartialEq)]
pub struct Rating {
    /// Its id.
    pub id: RatingId,
    /// The service that it is about.
    pub service: Service,
    /// When it was asked for.
    pub invited_on: Date,
    /// The last day on which it can be given.
    pub expires_on: Date,
    /// The digest of the link's token; none for a rating that came in already given.
    pub token: Option<Digest32>,
    /// How far it is.
    pub status: RatingStatus,
    /// What was said; none while invited and when defaulted.
    pub given: Option<Given>,
    /// What was added.
    pub supplement: Option<Supplement>,
    /// The day of the default, when there was one.
    pub defaulted_on: Option<Date>,
}

impl Rating {
    /// The grade that counts: the first one given, or 基本满意 by default.
    #[must_use]
    pub fn grade(&self) -> Option<Grade> {
        let default = self.defaulted_on.map(|_| Grade::BasicallySatisfied);
        self.given.as_ref().map(|given| given.grade).or(default)
    }

    /// Whether anything bad was said, first or later: then the loop on bad ratings begins.
    #[must_use]
    pub fn is_bad(&self) -> bool {
        let first = self.given.as_ref().map(|given| given.grade);
        let later = self.supplement.and_then(|added| added.grade);
        first.into_iter().chain(later).any(Grade::is_bad)
    }

    /// The day that counts in reports.
    #[must_use]
    pub fn rated_on(&self) -> Option<Date> {
        let given = self.given.as_ref().map(|given| given.on);
        given.or(self.defaulted_on)
    }
}

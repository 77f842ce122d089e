//! The nouns of identity: organs, posts, officers, appointments, deputies, persons, agencies.
//!
//! Deliberately absent: passwords (`login`), and anything a record of another room holds.

use std::collections::BTreeSet;

use codes::CitizenId;
use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{OfficerId, OrganId, PersonId, PostId};
use ledger::FileCommitment;

use crate::Role;
use crate::password::PasswordHash;

kernel::id!(
    /// An appointment 任职.
    AppointmentId,
    "appointment"
);
kernel::id!(
    /// A standing deputy AB角.
    DeputyId,
    "deputy"
);
kernel::id!(
    /// A power of attorney 委托代理.
    AgencyId,
    "agency"
);
kernel::id!(
    /// A login account 账号 of an officer or a person.
    AccountId,
    "account"
);

kernel::id!(
    /// The end of an organ or a post 撤销.
    ClosureId,
    "closure"
);
kernel::id!(
    /// A second factor 动态码 of an account.
    FactorId,
    "factor"
);

kernel::vocabulary! {
    /// Whether a second factor is asked for.
    pub enum FactorState {
        /// Begun and not confirmed by a code yet.
        Pending = "pending",
        /// Asked for at every log-in.
        Active = "active",
    }
}

kernel::vocabulary! {
    /// What an organ is in this house.
    pub enum OrganKind {
        /// The hall itself 政务服务中心, of which there is one.
        Hall = "hall",
        /// A department behind the windows 部门.
        Department = "department",
    }
}

/// A public body 机关.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organ {
    /// Its id.
    pub id: OrganId,
    /// Its unified social credit code 统一社会信用代码 (GB 32100).
    pub uscc: String,
    /// Its full name 全称.
    pub name: String,
    /// Its short name 简称.
    pub short_name: String,
    /// Four letters or digits that case numbers carry 部门代码.
    pub dept4: String,
    /// Its region of six digits 行政区划 (GB/T 2260).
    pub region6: String,
    /// Hall or department.
    pub kind: OrganKind,
}

/// An organ that is to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrgan {
    /// Its credit code.
    pub uscc: String,
    /// Its full name.
    pub name: String,
    /// Its short name.
    pub short_name: String,
    /// Four letters or digits.
    pub dept4: String,
    /// Six digits.
    pub region6: String,
    /// Hall or department.
    pub kind: OrganKind,
}

/// A post 岗位: rights belong to posts, and officers are appointed to posts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its id.
    pub id: PostId,
    /// The organ it belongs to.
    pub organ: OrganId,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub roles: BTreeSet<Role>,
}

kernel::vocabulary! {
    /// Whether an officer may log in.
    pub enum OfficerState {
        /// In service 在职.
        Active = "active",
        /// Out of service 停用; may be taken back.
        Dismissed = "dismissed",
        /// Gone for good 注销: the account is removed, the name stays in the records.
        Closed = "closed",
    }
}

/// A member of staff 工作人员 as the administrators see them; the one who acts is
/// [`web::Officer`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficerCard {
    /// Their id.
    pub id: OfficerId,
    /// What they log in with.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Whether they may log in.
    pub state: OfficerState,
}

/// An officer who is to be added, without any right.
#[derive(Debug, Clone)]
pub struct NewOfficer {
    /// What they log in with.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their first password.
    pub password: PasswordHash,
}

/// An officer at a post 任职; both days count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// Its id.
    pub id: AppointmentId,
    /// Who.
    pub officer: OfficerId,
    /// Where.
    pub post: PostId,
    /// The first day.
    pub from: Date,
    /// The last day, if there is one.
    pub until: Option<Date>,
}

/// An officer who stands in for the holder of a post AB角; both days count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deputy {
    /// Its id.
    pub id: DeputyId,
    /// The post.
    pub post: PostId,
    /// Whose post it is (A角).
    pub holder: OfficerId,
    /// Who stands in (B角).
    pub deputy: OfficerId,
    /// The first day.
    pub from: Date,
    /// The last day, if there is one.
    pub until: Option<Date>,
}

kernel::vocabulary! {
    /// What sort of person in law (民法典 13, 57).
    pub enum PersonKind {
        /// A human being 自然人.
        Natural = "natural",
        /// A company, institution or other body 法人或其他组织.
        Legal = "legal",
    }
}

/// A citizen or an enterprise 申请人, decrypted: for the page or the document that needs it.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonCard {
    /// Their id.
    pub id: PersonId,
    /// Natural or legal.
    pub kind: PersonKind,
    /// Their name.
    pub name: String,
    /// Citizen identity number (GB 11643) or unified social credit code (GB 32100).
    pub identity_number: String,
    /// Their phone number.
    pub phone: String,
    /// The day of birth of a natural person.
    pub birth_date: Option<Date>,
}

impl PersonCard {
    /// Full years of age 周岁 on a day; none for a legal person.
    #[must_use]
    pub fn age_on(&self, day: Date) -> Option<i16> {
        let natural = self.kind == PersonKind::Natural;
        let id = natural.then(|| CitizenId::parse_stored(&self.identity_number).ok());
        id.flatten().map(|id| id.age_on(day))
    }

    /// The identity number with its middle hidden (个人信息保护法 51).
    #[must_use]
    pub fn masked_number(&self) -> String {
        mask(&self.identity_number, 3, 4)
    }

    /// The phone number with its middle hidden.
    #[must_use]
    pub fn masked_phone(&self) -> String {
        mask(&self.phone, 3, 4)
    }
}

/// Masked, so that a log line cannot leak who it is.
impl std::fmt::Debug for PersonCard {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "PersonCard({}, {})", self.id, self.masked_number())
    }
}

fn mask(text: &str, first: usize, last: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= first + last {
        return "*".repeat(chars.len());
    }
    let hidden = chars.len() - first - last;
    let star = |(at, c): (usize, &char)| {
        if at < first || first + hidden <= at {
            *c
        } else {
            '*'
        }
    };
    chars.iter().enumerate().map(star).collect()
}

/// A person who registers, or whom a clerk writes down.
#[derive(Clone)]
pub struct NewPerson {
    /// Natural or legal.
    pub kind: PersonKind,
    /// Their name.
    pub name: String,
    /// Citizen identity number or unified social credit code.
    pub identity_number: String,
    /// Their phone number.
    pub phone: String,
    /// Login and password, when they want an account.
    pub account: Option<NewAccount>,
}

/// Login and password of a new account.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// What they log in with.
    pub login: String,
    /// The password, hashed.
    pub password: PasswordHash,
}

/// Personal data never reach a log line.
impl std::fmt::Debug for NewPerson {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "NewPerson({})", self.kind)
    }
}

/// A power of attorney 委托代理 (民法典 161, 165); both days count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    /// Its id.
    pub id: AgencyId,
    /// Who is acted for.
    pub principal: PersonId,
    /// Who acts.
    pub agent: PersonId,
    /// The letter of authority 授权委托书, when one was handed in.
    pub power: Option<FileCommitment>,
    /// What it is for 代理事项.
    pub scope: AgencyScope,
    /// The first day.
    pub from: Date,
    /// The last day, if there is one.
    pub until: Option<Date>,
}

/// What a power of attorney is for 代理事项 (民法典 165); the agent sees and does nothing else of
/// the principal's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgencyScope {
    /// Every matter of the principal.
    EveryMatter,
    /// One item; its raw id.
    Item(Uuid),
}

impl AgencyScope {
    /// As a query takes it: whether it is every matter, and the only item otherwise.
    #[must_use]
    pub fn asked(self) -> (bool, Option<[u8; 16]>) {
        match self {
            Self::EveryMatter => (true, None),
            Self::Item(item) => (false, Some(item.into_bytes())),
        }
    }
}

/// As whom somebody stands before the hall: themselves, or another whose power they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActingAs {
    /// Whose matters these are.
    pub person: PersonId,
    /// Which of them.
    pub scope: AgencyScope,
}

impl ActingAs {
    /// Somebody in their own matters.
    #[must_use]
    pub fn own(person: PersonId) -> Self {
        Self {
            person,
            scope: AgencyScope::EveryMatter,
        }
    }
}

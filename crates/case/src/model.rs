//! The nouns of a case 办件: its state, its open tasks, its limits, and who did what.
//!
//! Deliberately absent: rules (see `decide`), columns (see `store`), names of people.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::Arc;

use calendar::{CalendarError, DueUnit, LegalClock, Pause, PauseKind, Rule, WorkingDays};
use jiff::civil::{Date, DateTime};
use kernel::uuid::Uuid;
use kernel::{OfficerId, OrganId, PersonId};
use ledger::{Commitment, FileCommitment};
use process::{Marking, NodeId, Token};
use serde::{Deserialize, Serialize};

pub use crate::Role;

kernel::id!(
    /// A case 办件.
    CaseId,
    "case"
);

kernel::vocabulary! {
    /// How a case stands.
    pub enum Status {
        /// 办理中.
        Handling = "handling",
        /// 特别程序, the clock stands (许可法 45).
        Paused = "paused",
        /// 准予, not handed out yet.
        Granted = "granted",
        /// 不予许可, not handed out yet.
        Refused = "refused",
        /// 已送达.
        Delivered = "delivered",
        /// 申请人撤回.
        Withdrawn = "withdrawn",
        /// 办结, by a process that hands nothing out.
        Closed = "closed",
        /// 已归档.
        Archived = "archived",
    }
}

impl Status {
    /// Whether nothing can happen to it any more but filing.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(
            self,
            Self::Delivered | Self::Withdrawn | Self::Closed | Self::Archived
        )
    }

    /// Whether it has not been decided yet.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Handling | Self::Paused)
    }
}

kernel::vocabulary! {
    /// What was decided 决定.
    pub enum Verdict {
        /// 准予许可.
        Granted = "granted",
        /// 不予许可.
        Refused = "refused",
    }
}

kernel::vocabulary! {
    /// What somebody does at a task, for the separation of duties 岗位分离.
    pub enum Duty {
        /// 受理.
        Accept = "accept",
        /// 审查.
        Review = "review",
        /// 法制审核.
        Legal = "legal",
        /// 征求意见.
        Consult = "consult",
        /// 决定.
        Decide = "decide",
        /// 制证.
        Issue = "issue",
        /// 出件.
        Deliver = "deliver",
        /// Anything else.
        Other = "other",
    }
}

impl Duty {
    /// The duty that a process names.
    #[must_use]
    pub fn of(duty: Option<process::Duty>) -> Self {
        duty.and_then(|duty| duty.word().parse().ok())
            .unwrap_or(Self::Other)
    }

    /// Accept, review, decide, hand out: four people.
    #[must_use]
    pub fn is_kept_apart(self) -> bool {
        matches!(
            self,
            Self::Accept | Self::Review | Self::Decide | Self::Deliver
        )
    }
}

kernel::vocabulary! {
    /// How a result is handed out 送达方式.
    pub enum Method {
        /// 窗口领取, with an identity check and a signature or a code.
        Counter = "counter",
        /// 邮寄, with the tracking number.
        Post = "post",
        /// 网上下载.
        Online = "online",
    }
}

/// A short machine word: an outcome, a procedure, a number, a marking. Never a text of people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Code(Box<str>);

/// Something that is no [`Code`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoCode;

impl std::fmt::Display for NoCode {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a code is up to 400 letters, digits and _ - . , /")
    }
}

impl Code {
    const CHARS_MAX: usize = 400;

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A marking as a code: digits, letters and commas by construction.
    #[must_use]
    pub fn of_marking(marking: &Marking) -> Self {
        Self(marking.to_string().into())
    }
}

impl FromStr for Code {
    type Err = NoCode;

    fn from_str(text: &str) -> Result<Self, NoCode> {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"_-.,/".contains(&b);
        if text.len() <= Self::CHARS_MAX && text.bytes().all(fits) {
            Ok(Self(text.into()))
        } else {
            Err(NoCode)
        }
    }
}

impl TryFrom<String> for Code {
    type Error = NoCode;

    fn try_from(text: String) -> Result<Self, NoCode> {
        text.parse()
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.0.into()
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

/// A limit 时限 as a number and a unit; its article stands in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: DueUnit,
}

impl Term {
    /// So many working days.
    #[must_use]
    pub fn workdays(count: u32) -> Self {
        Self {
            count,
            unit: DueUnit::Workday,
        }
    }

    fn rule(self, article: &str) -> Rule {
        match self.unit {
            DueUnit::Workday => Rule::workdays(article, self.count),
            DueUnit::Day => Rule::days(article, self.count),
            DueUnit::Hour => Rule::hours(article, self.count),
        }
    }
}

/// An extension 延长 (许可法 42).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Longer {
    /// How many more units of the statutory limit.
    pub days: u32,
    /// The day of approval.
    pub on: Date,
}

/// What the legal clock of a case follows from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockFacts {
    /// When it started: acceptance 受理.
    pub start: DateTime,
    /// 法定时限.
    pub statutory: Term,
    /// 承诺时限.
    pub promised: Term,
    /// 特别程序, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// 延长, once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Longer>,
}

/// The article of the extension.
pub const ARTICLE_EXTENSION: &str = "行政许可法第四十二条";

impl ClockFacts {
    /// The clock on a calendar; `articles` are those of the statutory and the promised limit.
    ///
    /// # Errors
    /// When a day lies outside the calendar.
    pub fn clock(
        &self,
        calendar: &WorkingDays,
        articles: [&str; 2],
    ) -> Result<LegalClock, CalendarError> {
        let [statutory, promised] = articles;
        let statutory = self.statutory.rule(statutory);
        let promised = self.promised.rule(promised);
        let mut clock = LegalClock::new(calendar, statutory, Some(promised), self.start)?;
        for pause in &self.pauses {
            clock.pause(pause.kind, pause.from)?;
            if let Some(until) = pause.until {
                clock.resume(until)?;
            }
        }
        if let Some(Longer { days, on }) = self.extension {
            clock.extend(days, ARTICLE_EXTENSION, on)?;
        }
        Ok(clock)
    }

    /// Both due dates; none while the clock stands.
    ///
    /// # Errors
    /// As [`ClockFacts::clock`].
    pub fn dues(&self, calendar: &WorkingDays) -> Result<Dues, CalendarError> {
        let clock = self.clock(calendar, ["", ""])?;
        let day = |reckoning: calendar::Reckoning| reckoning.due().map(|due| due.date);
        Ok(Dues {
            promised: day(clock.due_promised(calendar)?),
            statutory: day(clock.due_statutory(calendar)?),
        })
    }
}

/// The two due dates; none while the clock stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dues {
    /// 承诺办结日.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<Date>,
    /// 法定办结日.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statutory: Option<Date>,
}

/// An open task 待办.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The token's number; tasks asked beside the process count from [`CO_TASK_FIRST`].
    #[serde(rename = "task")]
    pub number: u16,
    /// What is done here.
    pub duty: Duty,
    /// Which role does it.
    pub role: Role,
    /// In which organ.
    pub organ: OrganId,
    /// Since when it is open.
    pub on: Date,
    /// 环节时限, if the process names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// Who holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_by: Option<OfficerId>,
    /// Whom the holder stands in for (AB 角).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_for: Option<OfficerId>,
    /// What the co-handler is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<Commitment>,
}

/// Which of a case's organs a task is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// 牵头机关.
    Lead,
    /// 政务服务中心.
    Hall,
    /// 协办机关, by its place in the list; the lead organ where the list is shorter.
    Co(u8),
}

impl std::fmt::Display for Place {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Lead => out.write_str("lead"),
            Self::Hall => out.write_str("hall"),
            Self::Co(number) => write!(out, "co{number}"),
        }
    }
}

impl FromStr for Place {
    type Err = NoCode;

    fn from_str(text: &str) -> Result<Self, NoCode> {
        match text {
            "lead" => Ok(Self::Lead),
            "hall" => Ok(Self::Hall),
            other => {
                let number = other.strip_prefix("co").and_then(|n| n.parse().ok());
                number.map(Self::Co).ok_or(NoCode)
            }
        }
    }
}

impl Serialize for Place {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let word = <std::borrow::Cow<'de, str>>::deserialize(input)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}

/// A task that a step opens, as short as its event can say it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The token's number.
    pub task: u16,
    /// What is done here.
    pub duty: Duty,
    /// Which role does it.
    pub role: Role,
    /// In which organ.
    pub at: Place,
    /// 环节时限, if the process names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
}

/// Tasks from here on were asked beside the process: a co-handler's opinion.
pub const CO_TASK_FIRST: u16 = 60_000;

impl Task {
    /// Whether it stands beside the process.
    #[must_use]
    pub fn is_beside(&self) -> bool {
        CO_TASK_FIRST <= self.number
    }

    /// Its token in the process.
    #[must_use]
    pub fn token(&self) -> Token {
        Token::on(NodeId::new(self.number))
    }
}

/// Who did a duty in this case: what separation is judged by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hand {
    /// Which duty.
    pub duty: Duty,
    /// At which task; 0 for what happened before the case.
    pub task: u16,
    /// Who.
    pub by: OfficerId,
    /// In whose stead (AB 角): the record shows both.
    #[serde(rename = "for", default, skip_serializing_if = "Option::is_none")]
    pub standing_in: Option<OfficerId>,
}

/// A case 办件.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// The application it came from.
    pub application: Uuid,
    /// 受理编号.
    pub number: Code,
    /// The item.
    pub item: Uuid,
    /// The item version, kept for life.
    pub version: u32,
    /// The procedure it follows.
    pub procedure: Code,
    /// What comes out, e.g. `licence`; none for a mere decision.
    pub result: Option<Code>,
    /// 申请人.
    pub applicant: PersonId,
    /// 委托代理人.
    pub agent: Option<PersonId>,
    /// 牵头机关.
    pub organ: OrganId,
    /// 政务服务中心.
    pub hall: OrganId,
    /// 协办机关.
    pub consulted: Vec<OrganId>,
    /// How it stands.
    pub status: Status,
    /// What was decided.
    pub verdict: Option<Verdict>,
    /// Where it stands in its process.
    pub marking: Code,
    /// Its open tasks.
    pub tasks: Vec<Task>,
    /// Who did what.
    pub hands: Vec<Hand>,
    /// What its clock follows from.
    pub clock: ClockFacts,
    /// 承诺与法定办结日.
    pub dues: Dues,
    /// The day on which handling began.
    pub opened_on: Date,
    /// The day of the decision.
    pub decided_on: Option<Date>,
    /// 送达期限 (许可法 44).
    pub delivery_due: Option<Date>,
    /// The day on which it was over.
    pub closed_on: Option<Date>,
}

impl Case {
    /// The open task of this number.
    #[must_use]
    pub fn task(&self, number: u16) -> Option<&Task> {
        self.tasks.iter().find(|task| task.number == number)
    }

    /// The organ of a place.
    #[must_use]
    pub fn organ_at(&self, place: Place) -> OrganId {
        match place {
            Place::Lead => self.organ,
            Place::Hall => self.hall,
            Place::Co(number) => {
                let asked = self.consulted.get(usize::from(number));
                asked.copied().unwrap_or(self.organ)
            }
        }
    }

    /// Whether a person may see it as theirs.
    #[must_use]
    pub fn belongs_to(&self, person: PersonId) -> bool {
        self.applicant == person || self.agent == Some(person)
    }
}

/// What a case is opened with. Everything in it was checked by the rooms beneath.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCase {
    /// The application's raw id.
    pub application: Uuid,
    /// 受理编号.
    pub number: Code,
    /// The item's raw id.
    pub item: Uuid,
    /// The item version.
    pub version: u32,
    /// The name of the procedure.
    pub procedure: Code,
    /// What comes out of it.
    pub result: Option<Code>,
    /// 法定时限.
    pub statutory: Term,
    /// 承诺时限.
    pub promised: Term,
    /// 申请人.
    pub applicant: PersonId,
    /// 委托代理人.
    pub agent: Option<PersonId>,
    /// Who accepted it; nobody when acceptance was deemed (许可法 32).
    pub accepted_by: Option<OfficerId>,
    /// Whom the accepter stood in for.
    pub accepted_for: Option<OfficerId>,
    /// When it was accepted: the clock's start.
    pub accepted_at: DateTime,
    /// 牵头机关.
    pub organ: OrganId,
    /// 政务服务中心.
    pub hall: OrganId,
    /// 协办机关.
    pub consulted: Vec<OrganId>,
}

/// What somebody says when finishing a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Completion {
    /// Which task.
    pub task: u16,
    /// 结论.
    pub outcome: Option<Code>,
    /// 意见.
    pub opinion: Option<Commitment>,
    /// 附件.
    pub files: Vec<FileCommitment>,
    /// 不予许可的理由、依据和救济途径 (许可法 38).
    pub grounds: Option<Commitment>,
}

/// How the result was handed out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// By which way.
    pub method: Method,
    /// Whether the receiver's identity was checked, at the counter.
    pub identity_checked: bool,
    /// The signature or code at the counter, or the tracking number of the post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Commitment>,
}

/// A pause that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPause {
    /// Which special procedure.
    pub kind: PauseKind,
    /// How long it is expected to take, told to the applicant in writing.
    pub expected_days: u32,
    /// Why.
    pub reason: Commitment,
}

/// An officer at a seat, as the rules see one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doer {
    /// Who.
    pub officer: OfficerId,
    /// In whose stead (AB 角).
    pub standing_in: Option<OfficerId>,
    /// For which organ.
    pub organ: OrganId,
    /// What their post may do.
    pub roles: BTreeSet<Role>,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asker {
    /// An officer at a seat.
    Officer(Doer),
    /// The applicant or their agent.
    Person(PersonId),
    /// The clock, or the roof.
    System,
}

/// A procedure ready to run.
pub type Procedure = Arc<crate::procedure::Procedure>;

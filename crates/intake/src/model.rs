//! The nouns of intake: an application 申请, its documents, the one-time notice, and what the case
//! room gets to know of it. No rule stands here, and no text that people typed: texts and files
//! are commitments, materials and scenarios are positions in the item version, which never changes.

use catalogue::ItemId;
use codes::{CaseNumber, QueryCode};
use jiff::civil::Date;
use kernel::{Channel, OfficerId, OrganId, PersonId};
use ledger::{Commitment, FileCommitment};
use serde::{Deserialize, Serialize};

kernel::id!(
    /// An application 申请. A draft has it already; it stays when the application is sent.
    ApplicationId,
    "application"
);

kernel::vocabulary! {
    /// Where an application stands.
    pub enum Status {
        /// 已接件: received, not answered yet.
        Received = "received",
        /// 补正告知: the applicant was told once what is missing (行政许可法 32(1)(4)).
        NoticeGiven = "notice_given",
        /// 补正结束: everything asked for has come.
        Corrected = "corrected",
        /// 已受理.
        Accepted = "accepted",
        /// 视为受理: nobody told anything in time (行政许可法 32(1)(4)).
        DeemedAccepted = "deemed_accepted",
        /// 不受理: no licence is needed (行政许可法 32(1)(1)).
        NotRequired = "not_required",
        /// 不予受理: another organ is competent (行政许可法 32(1)(2)).
        NotAccepted = "not_accepted",
        /// 撤件: the applicant took it back.
        Withdrawn = "withdrawn",
        /// 补正不来办结: what was asked for never came.
        Lapsed = "lapsed",
    }
}

impl Status {
    /// Whether the hall still owes an answer.
    #[must_use]
    pub fn waits_for_hall(self) -> bool {
        matches!(self, Self::Received | Self::Corrected)
    }

    /// Whether nothing has been settled yet.
    #[must_use]
    pub fn is_open(self) -> bool {
        self.waits_for_hall() || self == Self::NoticeGiven
    }

    /// Whether a case follows.
    #[must_use]
    pub fn is_accepted(self) -> bool {
        matches!(self, Self::Accepted | Self::DeemedAccepted)
    }
}

/// A file handed in for a material 申请材料.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Position of the material in the item version.
    pub material: u16,
    /// The file.
    pub file: FileCommitment,
}

/// What the applicant was told, once 一次性告知.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// When it was given.
    pub on: Date,
    /// By when the corrections should come.
    pub due: Date,
    /// Materials asked for, by position in the item version.
    pub missing: Vec<u16>,
    /// Whether answers of the form must be corrected.
    pub form: bool,
    /// For each material what is wrong and what to hand in, as JSON.
    pub texts: Commitment,
}

/// How an application came to its end at the front desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settled {
    /// The day that counts: for a deemed acceptance the day of receipt.
    pub on: Date,
    /// The officer; none for the clock and for the applicant.
    pub by: Option<OfficerId>,
    /// The reason, where the law wants one.
    pub reason: Option<Commitment>,
    /// The competent organ, when another one is.
    pub competent: Option<Commitment>,
}

/// An application.
#[derive(Debug, Clone, PartialEq)]
pub struct Application {
    /// Its id.
    pub id: ApplicationId,
    /// The case number 办件编号 on the receipt.
    pub number: CaseNumber,
    /// The query code 查询码 on the receipt.
    pub query_code: Commitment,
    /// The item.
    pub item: ItemId,
    /// The version of the item; it is kept for life.
    pub version: u32,
    /// Position of the scenario 情形 in the item version.
    pub scenario: u16,
    /// Who applies.
    pub applicant: PersonId,
    /// Who acts for the applicant by a power of attorney 委托代理人.
    pub agent: Option<PersonId>,
    /// The way in.
    pub channel: Channel,
    /// The hall that took it in.
    pub hall: OrganId,
    /// The department that decides.
    pub organ: OrganId,
    /// Where it stands.
    pub status: Status,
    /// When it was received.
    pub received_on: Date,
    /// Last day to tell what is missing (five working days); after it the law accepts.
    pub tell_by: Date,
    /// When the hall means to answer: the same day for instant items 即办件.
    pub answer_by: Date,
    /// The answers to the form, as JSON.
    pub answers: Commitment,
    /// What was handed in.
    pub documents: Vec<Document>,
    /// The one-time notice, when one was given.
    pub notice: Option<Notice>,
    /// When the corrections came.
    pub corrected_on: Option<Date>,
    /// How it ended here.
    pub settled: Option<Settled>,
    /// Whether the applicant wants people to handle it, not a decision table 人工办理.
    pub by_hand: bool,
}

impl Application {
    /// Whether a person may see it and act on it.
    #[must_use]
    pub fn belongs_to(&self, person: PersonId) -> bool {
        self.applicant == person || self.agent == Some(person)
    }

    /// The day on which all materials were there: of receipt, or of the corrections.
    #[must_use]
    pub fn complete_since(&self) -> Date {
        self.corrected_on.unwrap_or(self.received_on)
    }
}

/// What the case room needs of an accepted application.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFacts {
    /// The application.
    pub application: ApplicationId,
    /// The case number.
    pub number: CaseNumber,
    /// The query code; none once it was erased.
    pub query_code: Option<QueryCode>,
    /// The item.
    pub item: ItemId,
    /// The version of the item.
    pub version: u32,
    /// Identifier of the scenario in the item version.
    pub scenario: String,
    /// Who applies.
    pub applicant: PersonId,
    /// Who acts for the applicant.
    pub agent: Option<PersonId>,
    /// When it was received.
    pub received_on: Date,
    /// When it was accepted, or is deemed to have been.
    pub accepted_on: Date,
    /// Who accepted it; none when the law did.
    pub accepted_by: Option<OfficerId>,
    /// The lead department.
    pub organ: OrganId,
    /// The hall.
    pub hall: OrganId,
    /// The way in.
    pub channel: Channel,
}

/// What an applicant takes home 收件凭证.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The application.
    pub application: ApplicationId,
    /// The case number.
    pub number: CaseNumber,
    /// The query code.
    pub query_code: QueryCode,
}

kernel::id!(
    /// A file that was sent and that no application names yet.
    UploadId,
    "upload"
);

/// Who stands at the room's door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// An applicant or an agent.
    Person(PersonId),
    /// A clerk who sits at the front desk of a hall 综合受理窗口.
    Clerk {
        /// Who.
        officer: OfficerId,
        /// The hall.
        hall: OrganId,
    },
    /// Any other officer.
    Other,
}

impl By {
    /// The person or officer, as a raw id: who owns what was uploaded.
    #[must_use]
    pub fn uuid(self) -> Option<kernel::uuid::Uuid> {
        match self {
            Self::Person(person) => Some(kernel::TypedId::uuid(person)),
            Self::Clerk { officer, .. } => Some(kernel::TypedId::uuid(officer)),
            Self::Other => None,
        }
    }
}

/// An application that is being written 草稿: passing state, saved at every step.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The id that the application will have.
    pub id: ApplicationId,
    /// The item.
    pub item: ItemId,
    /// Who applies.
    pub applicant: PersonId,
    /// Who acts for the applicant.
    pub agent: Option<PersonId>,
    /// The hall, when a clerk writes it for a visitor.
    pub hall: Option<OrganId>,
    /// That clerk.
    pub clerk: Option<OfficerId>,
    /// The way in.
    pub channel: Channel,
    /// Answers to the scenario questions.
    pub picks: catalogue::scenario::Picks,
    /// Answers to the form, perhaps not right yet.
    pub answers: serde_json::Map<String, serde_json::Value>,
    /// When it was last saved.
    pub saved_at: jiff::Timestamp,
}

impl Draft {
    /// How far it is: what a form made from it sends back.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.saved_at.as_microsecond()
    }
}

/// A file that was sent and waits for its application.
#[derive(Debug, Clone, PartialEq)]
pub struct SentFile {
    /// Its id.
    pub id: UploadId,
    /// Who sent it.
    pub owner: kernel::uuid::Uuid,
    /// The draft it was put to.
    pub draft: Option<ApplicationId>,
    /// The material it was put to.
    pub material: Option<String>,
    /// Where it lies.
    pub stored: ledger::StoredFile,
    /// What it is, by its content.
    pub media: String,
    /// Its name, as its owner called it.
    pub name: String,
}

/// A draft to be begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewDraft {
    /// The item.
    pub item: ItemId,
    /// Who applies.
    pub applicant: PersonId,
    /// Who acts for the applicant: at the counter the visitor who holds the power of attorney.
    pub agent: Option<PersonId>,
}

/// A whole application in one piece, as programs send it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewApplication {
    /// The item.
    pub item: ItemId,
    /// Who applies.
    pub applicant: PersonId,
    /// Who acts for the applicant.
    pub agent: Option<PersonId>,
    /// Answers to the scenario questions.
    pub picks: catalogue::scenario::Picks,
    /// Answers to the form.
    pub answers: serde_json::Map<String, serde_json::Value>,
    /// Materials, by identifier, and the files sent for them.
    pub documents: Vec<(String, UploadId)>,
    /// Materials that the hall brings itself, because another matter of the same bundle issues
    /// them: nobody is asked for them.
    pub held: Vec<String>,
    /// Whether a clerk took it in at the counter: what is missing there is told, and no obstacle.
    pub at_counter: bool,
    /// Whether people are to handle it, where a table might 人工办理.
    pub by_hand: bool,
}

/// One line of a one-time notice 补正内容.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Identifier of the material; none for the form itself.
    pub material: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What to hand in.
    pub request: String,
}

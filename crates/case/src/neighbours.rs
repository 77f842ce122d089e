//! What a case asks of the rooms beneath it: names, articles of limits, and the papers that a
//! step makes. One trait, lent by the roof, so that rules, store and bench run without a hall.
//!
//! Deliberately absent: anything that a case decides.

use std::sync::Arc;

use db::Tx;
use kernel::uuid::Uuid;
use kernel::{Fault, Lang, OfficerId, OrganId, PersonId};

use crate::model::{Case, Special};

/// A paper that a step of a case makes.
#[derive(Debug, Clone, PartialEq)]
pub enum Paper {
    /// 准予决定书 and the certificate, by `certificate.issue`.
    Certificate {
        /// How the decision rests on the minutes of a hearing (许可法 48).
        minutes: Option<String>,
    },
    /// 不予许可决定书, with its grounds as read back from the commitment.
    Refusal {
        /// Reason, basis and remedies.
        grounds: Grounds,
        /// How the decision rests on the minutes of a hearing (许可法 48).
        minutes: Option<String>,
    },
    /// 特别程序告知书: expected days and reason, in writing (许可法 45).
    Pause {
        /// Which special procedure.
        kind: calendar::PauseKind,
        /// How long it is expected to take.
        expected_days: u32,
        /// Why.
        reason: String,
    },
    /// 延期告知书 with the reason (许可法 42).
    Extension {
        /// By how many days.
        days: u32,
        /// Why.
        reason: String,
    },
    /// 终止通知书 after withdrawal.
    Withdrawal,
    /// 送达回证.
    DeliveryReceipt {
        /// By which way.
        method: crate::Method,
    },
}

/// The grounds of a refusal (许可法 38): reason, basis, and how to appeal.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grounds {
    /// 理由.
    pub reason: String,
    /// 依据.
    pub article: String,
    /// 救济途径: who reviews it on appeal 行政复议, within sixty days.
    pub review_organ: String,
    /// 救济途径: which court hears a suit 行政诉讼, within six months.
    pub court: String,
    /// The code of the item that the applicant lacks, when the refusal rests on that 缺少前置许可.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lacking: Option<String>,
}

/// A document of a case, as its page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What it is, in the reader's language.
    pub title: String,
    /// 文号 or certificate number.
    pub number: String,
    /// Where it can be had.
    pub href: String,
}

/// Somebody who can take a task of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub officer: OfficerId,
    /// Their name.
    pub name: String,
    /// In whose stead (AB 角), with that officer's name.
    pub standing_in: Option<(OfficerId, String)>,
}

/// Whose authority to decide is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// An officer at a seat of an organ.
    Officer {
        /// Who.
        officer: OfficerId,
        /// In whose stead (AB 角).
        standing_in: Option<OfficerId>,
        /// At a seat of which organ.
        organ: OrganId,
    },
    /// Nobody's: silence decides.
    Nobody,
    /// A decision table's: it stands for a handler, and signs nothing above that grade.
    Table,
}

impl Judged {
    /// The authority of an officer.
    #[must_use]
    pub fn of(doer: &crate::Doer) -> Self {
        Self::Officer {
            officer: doer.officer,
            standing_in: doer.standing_in,
            organ: doer.organ,
        }
    }
}

/// What a case asks of the rooms beneath it.
pub trait Neighbours: Send + Sync {
    /// An officer's name.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn officer_name(&self, tx: &mut Tx<'_>, id: OfficerId) -> Result<String, Fault>;
    /// An organ's short name.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn organ_name(&self, tx: &mut Tx<'_>, id: OrganId) -> Result<String, Fault>;
    /// A person's name.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn person_name(&self, tx: &mut Tx<'_>, id: PersonId) -> Result<String, Fault>;
    /// The officers who hold a post with this role in this organ, or stand in at one (AB 角):
    /// each once, in their own right where they have it.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn holders(
        &self,
        tx: &mut Tx<'_>,
        organ: OrganId,
        role: crate::Role,
    ) -> Result<Vec<Holder>, Fault>;
    /// The special procedures 特别程序 that an item version lists; none when it lists none.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn special_procedures(
        &self,
        tx: &mut Tx<'_>,
        item: Uuid,
        version: u32,
    ) -> Result<Vec<Special>, Fault>;
    /// Where one may turn against a refusal by what the item version publishes: the organ of
    /// review 行政复议机关 and the court 人民法院, each empty where it says nothing.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn remedies(
        &self,
        _tx: &mut Tx<'_>,
        _item: Uuid,
        _version: u32,
    ) -> Result<(String, String), Fault> {
        Ok(Default::default())
    }
    /// What the modes of the item version say: papers owed, licences left, the check of silence.
    /// Which case came before, and what a refusal rests on, the case room finds itself.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn conditions(&self, tx: &mut Tx<'_>, case: &Case) -> Result<crate::Conditions, Fault>;
    /// What the authority table in force says of the decision, and of whoever would take it
    /// (分级授权).
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn authority(
        &self,
        tx: &mut Tx<'_>,
        case: &Case,
        judged: &Judged,
    ) -> Result<crate::Authority, Fault>;
    /// Whether anything is said of the decisions of an organ: a table in force, or a list of a
    /// chief approval officer.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn binds(&self, tx: &mut Tx<'_>, organ: OrganId) -> Result<bool, Fault>;
    /// Who may decide a case and why, as its page says it; empty where every post of the decision
    /// desk may.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn authority_told(
        &self,
        tx: &mut Tx<'_>,
        case: &Case,
        lang: Lang,
    ) -> Result<Vec<(String, String)>, Fault>;
    /// What other organs entrusted or left to an organ, today 赋权、委托.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn delegated(&self, tx: &mut Tx<'_>, organ: OrganId) -> Result<Vec<crate::Delegated>, Fault>;
    /// The item of a code; none when there is none.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn item_of_code(&self, tx: &mut Tx<'_>, code: &str) -> Result<Option<Uuid>, Fault>;
    /// The departments that can be asked, with their names.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn departments(&self, tx: &mut Tx<'_>) -> Result<Vec<(OrganId, String)>, Fault>;
    /// An item version's name, in the reader's language where it has one.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn item_name(
        &self,
        tx: &mut Tx<'_>,
        item: Uuid,
        version: u32,
        lang: Lang,
    ) -> Result<String, Fault>;
    /// The articles of the statutory and the promised limit of an item version.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn limit_articles(
        &self,
        tx: &mut Tx<'_>,
        item: Uuid,
        version: u32,
    ) -> Result<[String; 2], Fault>;
    /// Makes a paper of a case.
    ///
    /// # Errors
    /// Whatever makes the paper impossible: then the step did not happen.
    fn make_paper(&self, tx: &mut Tx<'_>, case: &Case, paper: Paper) -> Result<(), Fault>;
    /// The records of a matter beside its case: application, notices, certificates, rating. Their
    /// lines belong to its proof.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn records(&self, tx: &mut Tx<'_>, case: &Case) -> Result<Vec<Uuid>, Fault>;
    /// The documents of a case and of its application.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn documents(&self, tx: &mut Tx<'_>, case: &Case, lang: Lang) -> Result<Vec<Document>, Fault>;
}

/// The neighbours as they are lent: `db.lend(Arc::new(case::Hall::new(…)))`.
pub struct Hall(Arc<dyn Neighbours>);

impl Hall {
    /// These neighbours.
    #[must_use]
    pub fn new(neighbours: Arc<dyn Neighbours>) -> Self {
        Self(neighbours)
    }
}

impl std::ops::Deref for Hall {
    type Target = dyn Neighbours;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

//! What this room asks of the rooms above it about a case. One trait, lent by the roof, as the case
//! room asks the rooms beneath it.
//!
//! Deliberately absent: anything that a case decides.

use std::sync::Arc;

use catalogue::ItemId;
use catalogue::model::Text;
use catalogue::model::kind::ItemType;
use db::Tx;
use kernel::uuid::Uuid;
use kernel::{Fault, OfficerId, OrganId, PersonId};
use serde_json::{Map, Value};
use web::Officer;

/// A case, as far as authority goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Matter {
    /// Its raw id.
    pub case: Uuid,
    /// 受理编号.
    pub number: String,
    /// The organ that has the power by law.
    pub organ: OrganId,
    /// The item.
    pub item: ItemId,
    /// Its type.
    pub item_type: ItemType,
    /// Its name.
    pub item_name: Text,
    /// Whether its item version marks it as a major matter 重大事项.
    pub major: bool,
    /// The applicant, whose data a report on the case may hold.
    pub person: PersonId,
    /// The applicant's name.
    pub applicant: String,
    /// Whether it waits for a decision.
    pub undecided: bool,
    /// Who accepted or reviewed it.
    pub handled: Vec<OfficerId>,
    /// Where its page is.
    pub href: String,
}

/// A chain 一件事: items that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Its word.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// The codes of its items.
    pub codes: Vec<String>,
}

/// An open task in somebody's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldTask {
    /// Its case.
    pub case: Uuid,
    /// 受理编号 of the case.
    pub number: String,
    /// Which task of the case.
    pub task: u16,
}

/// What the rooms above say of cases.
pub trait Cases: Send + Sync {
    /// A case.
    ///
    /// # Errors
    /// [`Fault::NotFound`].
    fn matter(&self, tx: &mut Tx<'_>, case: Uuid) -> Result<Matter, Fault>;
    /// What the applicant answered in a case.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn answers(&self, tx: &mut Tx<'_>, case: Uuid) -> Result<Map<String, Value>, Fault>;
    /// The case of a number that an officer may see.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn find(&self, tx: &mut Tx<'_>, by: &Officer, number: &str) -> Result<Option<Uuid>, Fault>;
    /// The chains 一件事 of which an organ can give its items as a whole.
    ///
    /// # Errors
    /// [`Fault::Broken`] when they cannot be read.
    fn chains(&self) -> Result<Vec<Chain>, Fault>;
    /// The open tasks that an officer holds.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn held(&self, tx: &mut Tx<'_>, officer: OfficerId) -> Result<Vec<HeldTask>, Fault>;
    /// Passes a task on to whoever acts 转办, in the record of its case.
    ///
    /// # Errors
    /// The rule of the case that says no.
    fn pass(
        &self,
        tx: &mut Tx<'_>,
        task: &HeldTask,
        from: OfficerId,
        to: &Officer,
    ) -> Result<(), Fault>;
    /// Whether an officer may see a case.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn may_see(&self, tx: &mut Tx<'_>, by: &Officer, case: Uuid) -> Result<bool, Fault>;
}

/// The rooms above, as they are lent: `db.lend(Arc::new(authority::Matters::new(…)))`.
pub struct Matters(Arc<dyn Cases>);

impl Matters {
    /// These cases.
    #[must_use]
    pub fn new(cases: Arc<dyn Cases>) -> Self {
        Self(cases)
    }
}

impl std::ops::Deref for Matters {
    type Target = dyn Cases;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

/// A case that an officer may see.
///
/// # Errors
/// [`Fault::NotFound`] for all others: what is hidden is not there.
pub(crate) fn seen(tx: &mut Tx<'_>, by: &Officer, case: Uuid) -> Result<Matter, Fault> {
    let cases = tx.thing::<Matters>()?;
    if !cases.may_see(tx, by, case)? {
        return Err(Fault::NotFound { what: "case" });
    }
    cases.matter(tx, case)
}

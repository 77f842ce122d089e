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

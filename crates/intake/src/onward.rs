//! What became of an application after it was accepted: asked of the rooms above, lent by the roof,
//! so that a person's own list says where the matter is now and not where it was.
//!
//! Deliberately absent: anything of a case itself.

use std::sync::Arc;

use codes::CaseNumber;
use db::Tx;
use jiff::civil::Date;
use kernel::Fault;
use serde::{Deserialize, Serialize};
use web::Shell;
use web::parts::Link;

use crate::model::Application;

/// Where an accepted application is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its page.
    pub href: String,
    /// Its state in two or three words.
    pub state: String,
    /// The tone of the state's tag.
    pub tone: &'static str,
    /// With whom it is, and at which step; empty when it is with nobody.
    pub with_whom: String,
    /// By when it is promised; none while the clock stands and when it is over.
    pub due: Option<Date>,
    /// The shade of its lamp.
    pub shade: &'static str,
    /// What the lamp says.
    pub left: String,
    /// What can be done or fetched next.
    pub links: Vec<Link>,
}

/// Who knows what became of an application.
pub trait Onward: Send + Sync {
    /// Where it is now, in the reader's words; nothing when it did not go on.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn standing(
        &self,
        tx: &mut Tx<'_>,
        application: &Application,
        shell: &Shell,
    ) -> Result<Option<Standing>, Fault>;

    /// The case that it became, as programs name it; nothing when it did not go on.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn case_of(
        &self,
        tx: &mut Tx<'_>,
        application: &Application,
    ) -> Result<Option<OpenedCase>, Fault>;
}

/// The case that an accepted application became 办件.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedCase {
    /// Its id.
    pub id: String,
    /// Its number 受理编号, which is that of the application.
    pub number: CaseNumber,
}

/// The thing under which it is lent: `db.lend(Arc::new(Became(…)))`.
#[derive(Clone)]
pub struct Became(pub Arc<dyn Onward>);

/// Where an accepted application is now.
///
/// # Errors
/// As [`Tx::query`].
pub(crate) fn standing(
    tx: &mut Tx<'_>,
    application: &Application,
    shell: &Shell,
) -> Result<Option<Standing>, Fault> {
    if !application.status.is_accepted() {
        return Ok(None);
    }
    let became = tx.thing::<Became>()?;
    became.0.standing(tx, application, shell)
}

/// The case that an accepted application became.
///
/// # Errors
/// As [`Tx::query`].
pub(crate) fn case_of(
    tx: &mut Tx<'_>,
    application: &Application,
) -> Result<Option<OpenedCase>, Fault> {
    if !application.status.is_accepted() {
        return Ok(None);
    }
    let became = tx.thing::<Became>()?;
    became.0.case_of(tx, application)
}

//! What became of an application after it was accepted: asked of the rooms above, lent by the roof,
//! so that a person's own list says where the matter is now and not where it was.
//!
//! Deliberately absent: anything of a case itself.

use std::sync::Arc;

use codes::CaseNumber;
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, PersonId};
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

/// Several applications that were sent in one 一件事, as one's own list shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together {
    /// Its page.
    pub href: String,
    /// What it is.
    pub title: String,
    /// Its number.
    pub number: String,
    /// Its state in two or three words.
    pub state: String,
    /// The tone of the state's tag.
    pub tone: &'static str,
    /// Its parts, each with its state.
    pub parts: Vec<String>,
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

    /// What a person sent in one and what is not over yet, the newest first.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn together(
        &self,
        _tx: &mut Tx<'_>,
        _person: PersonId,
        _shell: &Shell,
    ) -> Result<Vec<Together>, Fault> {
        Ok(Vec::new())
    }

    /// What other matters of the same bundle issue for an application, so that nobody was asked
    /// for it 结果共享: each with the standing that the register gives it today.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn passed(
        &self,
        _tx: &mut Tx<'_>,
        _application: &Application,
        _shell: &Shell,
    ) -> Result<Vec<Link>, Fault> {
        Ok(Vec::new())
    }

    /// The materials that other matters of the same bundle issue for an application, by position:
    /// they are not missing.
    ///
    /// # Errors
    /// As [`Tx::query`].
    fn held(&self, _tx: &mut Tx<'_>, _application: &Application) -> Result<Vec<u16>, Fault> {
        Ok(Vec::new())
    }
}

/// The case that an accepted application became 办件.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedCase {
    /// Its id.
    pub id: String,
    /// Its number 办件编号, which is that of the application.
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

/// What a person sent in one and what is not over yet.
///
/// # Errors
/// As [`Tx::query`].
pub(crate) fn together(
    tx: &mut Tx<'_>,
    person: PersonId,
    shell: &Shell,
) -> Result<Vec<Together>, Fault> {
    match tx.thing::<Became>() {
        Ok(became) => became.0.together(tx, person, shell),
        // A room alone knows of no bundles.
        Err(_) => Ok(Vec::new()),
    }
}

/// What other matters of the same bundle issue for an application.
///
/// # Errors
/// As [`Tx::query`].
pub(crate) fn passed(
    tx: &mut Tx<'_>,
    application: &Application,
    shell: &Shell,
) -> Result<Vec<Link>, Fault> {
    match tx.thing::<Became>() {
        Ok(became) => became.0.passed(tx, application, shell),
        // A room alone knows of no bundles.
        Err(_) => Ok(Vec::new()),
    }
}

/// The materials that other matters of the same bundle issue for an application, by position.
///
/// # Errors
/// As [`Tx::query`].
pub(crate) fn held(tx: &mut Tx<'_>, application: &Application) -> Result<Vec<u16>, Fault> {
    match tx.thing::<Became>() {
        Ok(became) => became.0.held(tx, application),
        // A room alone knows of no bundles.
        Err(_) => Ok(Vec::new()),
    }
}

//! Use cases of accounts: passwords that are handed out and must be changed, unlocking, and
//! where somebody is logged in.

use db::Tx;
use jiff::{SignedDuration, Timestamp};
use kernel::{Clock, Fault, OfficerId};
use web::session::{self, Session, Subject};

use crate::administration::require;
use crate::decide::{self, Act, Refusal};
use crate::login;
use crate::password::PasswordHash;
use crate::store::{self, Account};
use crate::totp;

/// How it stands with an officer's account, for the administrators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Safety {
    /// For how many more seconds the login is locked.
    pub locked_seconds: u64,
    /// Until when a password that was handed out opens, while it has not been changed.
    pub handed_out_until: Option<Timestamp>,
    /// Their second factor.
    pub factor: crate::factor::Standing,
    /// How many log-ins they have.
    pub log_ins: usize,
}

/// How it stands with an officer's account; none when it was closed.
///
/// # Errors
/// As [`Tx::query`].
pub fn safety(tx: &mut Tx<'_>, officer: OfficerId) -> Result<Option<Safety>, Fault> {
    let subject = Subject::Officer(officer);
    let Some(account) = store::find_account_of(tx, subject)? else {
        return Ok(None);
    };
    Ok(Some(Safety {
        locked_seconds: login::locked(tx, &account)?,
        handed_out_until: store::handed_out_until(tx, account.id)?,
        factor: crate::factor::standing(tx, officer)?,
        log_ins: session::list(tx, subject)?.len(),
    }))
}

/// A password to hand out: 80 bits in four groups that can be read aloud.
#[must_use]
pub fn one_time_password(clock: &Clock) -> String {
    let chance: [u8; 10] = clock.random();
    let letters = totp::base32(&chance);
    let group = |at: usize| &letters[4 * at..4 * at + 4];
    let small = |at: usize| group(at).to_lowercase();
    format!("{}-{}-{}-{}", group(0), small(1), group(2), small(3))
}

/// Gives an officer a password that somebody else knows: it opens for a week, and nothing but
/// the page on which it is changed. Ends every log-in of theirs.
///
/// # Errors
/// [`Fault::NotFound`]; [`Refusal::NotYourAct`], [`Refusal::OwnRights`].
pub fn hand_out(tx: &mut Tx<'_>, officer: OfficerId, password: &PasswordHash) -> Result<(), Fault> {
    let account = others_account(tx, officer)?;
    login::set_password(tx, account.subject, password)?;
    store::clear_failures(tx, &account.login_mark)?;
    expect_own_password(tx, officer)
}

/// Says that an officer's password was handed out, so that they must change it first.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn expect_own_password(tx: &mut Tx<'_>, officer: OfficerId) -> Result<(), Fault> {
    let account = store::find_account_of(tx, Subject::Officer(officer))?;
    let account = account.ok_or(Fault::NotFound { what: "account" })?;
    let until = tx.now() + SignedDuration::from_hours(decide::HANDED_OUT_HOURS);
    store::put_handed_out(tx, account.id, until)?;
    store::put_account(tx, &account, &["handed_out"])
}

/// Forgets an officer's failed attempts, so that they may try again now.
///
/// # Errors
/// [`Fault::NotFound`]; [`Refusal::NotYourAct`], [`Refusal::OwnRights`].
pub fn unlock(tx: &mut Tx<'_>, officer: OfficerId) -> Result<(), Fault> {
    let account = others_account(tx, officer)?;
    store::clear_failures(tx, &account.login_mark)?;
    store::put_account(tx, &account, &["unlocked"])
}

fn others_account(tx: &mut Tx<'_>, officer: OfficerId) -> Result<Account, Fault> {
    require(tx, Act::KeepOfficers)?;
    if tx.actor().as_officer() == Some(officer) {
        return Err(Refusal::OwnRights.into());
    }
    let account = store::find_account_of(tx, Subject::Officer(officer))?;
    account.ok_or(Fault::NotFound { what: "account" })
}

/// Where somebody is logged in, newest first.
///
/// # Errors
/// As [`Tx::query`].
pub fn log_ins(tx: &mut Tx<'_>, subject: Subject) -> Result<Vec<Session>, Fault> {
    let all = session::list(tx, subject)?;
    let now = tx.now();
    let open = |one: &Session| one.step.is_none() && now < one.ends_at;
    Ok(all.into_iter().filter(open).collect())
}

/// Ends one of one's own log-ins.
///
/// # Errors
/// [`Fault::NotFound`] when it has ended already.
pub fn end_log_in(tx: &mut Tx<'_>, subject: Subject, handle: &str) -> Result<(), Fault> {
    if session::end_one(tx, subject, handle)? {
        Ok(())
    } else {
        Err(Fault::NotFound { what: "session" })
    }
}

/// Logs somebody out everywhere; an officer's leaves a line.
///
/// # Errors
/// As [`Tx::query`].
pub fn end_everywhere(tx: &mut Tx<'_>, subject: Subject) -> Result<u64, Fault> {
    if let (Subject::Officer(_), Some(account)) = (subject, store::find_account_of(tx, subject)?) {
        store::put_account(tx, &account, &["log_out_everywhere"])?;
    }
    session::end_all(tx, subject)
}

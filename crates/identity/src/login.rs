//! Proving who one is: argon2id, and the lock after too many failures. Unknown login, wrong
//! password and dismissed officer get the same answer after the same work.
//!
//! A log-in runs in three steps so that the slow hash holds no transaction: [`look_up`],
//! [`Attempt::verify`], [`enter`]. What is left to do then (second factor, a password of one's
//! own) is a [`Step`] of the log-in. Deliberately absent: log-ins themselves, which
//! `web::session` keeps.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use db::Tx;
use jiff::{SignedDuration, Timestamp};
use kernel::{Channel, Fault};
use web::config::SessionPolicy;
use web::session::{self, Session, Step, Subject, Token};

use crate::decide::{self, Refusal};
use crate::factor;
use crate::model::OfficerState;
use crate::password::{PasswordCost, PasswordHash};
use crate::store::{self, Account, Failures};

/// An attempt to log in, looked up and not yet verified.
#[derive(Debug, Clone)]
pub struct Attempt {
    mark: [u8; 32],
    account: Option<Account>,
    cost: PasswordCost,
}

/// An attempt whose password was compared.
#[derive(Debug, Clone)]
pub struct Verified {
    attempt: Attempt,
    fits: bool,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Welcome.
    Welcome {
        /// The secret of the log-in.
        token: Token,
        /// Who it is.
        subject: Subject,
        /// What they must do before any other door opens.
        step: Option<Step>,
    },
    /// A program has no pages on which to take a step: no log-in was begun.
    Unfinished {
        /// What is left to do.
        step: Step,
    },
    /// Unknown, wrong or dismissed: the same answer.
    Wrong,
    /// The password fitted, the code of the second factor did not.
    WrongCode,
    /// Too many failures.
    Locked {
        /// How long to wait, in seconds.
        wait_seconds: u64,
    },
}

/// How a code ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// It fits.
    Right,
    /// It does not; the failure was counted.
    Wrong,
    /// Too many failures.
    Locked {
        /// How long to wait, in seconds.
        wait_seconds: u64,
    },
}

/// Looks a login up, for reading only. Unknown ones are looked up like known ones.
///
/// # Errors
/// [`Fault::TooMany`] while the login is locked, whether there is an account or not.
pub fn look_up(tx: &mut Tx<'_>, login: &str) -> Result<Attempt, Fault> {
    let login = login.trim().to_lowercase();
    let mark = store::login_mark(tx, &login)?;
    let (wait_seconds, _) = standing(tx, &mark)?;
    if 0 < wait_seconds {
        return Err(Fault::TooMany { wait_seconds });
    }
    Ok(Attempt {
        mark,
        account: store::find_account(tx, &mark)?,
        cost: PasswordCost::of(tx),
    })
}

impl Attempt {
    /// Compares the password: slow on purpose, and as slow where there is no account. Not
    /// within a transaction, and not on a thread that must answer others.
    ///
    /// # Errors
    /// [`Fault::Broken`] when the cost or a kept hash is no good.
    pub fn verify(self, password: &str) -> Result<Verified, Fault> {
        let argon2 = self.cost.argon2()?;
        let fits = if let Some(account) = &self.account {
            argon2
                .verify_password(password.as_bytes(), account.password.as_str())
                .is_ok()
        } else {
            let spent = argon2.hash_password_with_salt(password.as_bytes(), &self.mark[..16]);
            spent.map_err(Fault::broken)?;
            false
        };
        Ok(Verified {
            attempt: self,
            fits,
        })
    }
}

/// Begins a log-in, or counts the failure: a failure is committed as well, so it is no fault.
/// `code` is that of the second factor, where it comes together with the password.
///
/// # Errors
/// [`Fault::Unavailable`].
pub fn enter(
    tx: &mut Tx<'_>,
    verified: &Verified,
    code: Option<&str>,
    channel: Channel,
    policy: &SessionPolicy,
) -> Result<Entry, Fault> {
    let Verified { attempt, fits } = verified;
    let (wait_seconds, failures) = standing(tx, &attempt.mark)?;
    if 0 < wait_seconds {
        return Ok(Entry::Locked { wait_seconds });
    }
    // The account as it is now: a password that was changed meanwhile is an old one.
    let account = store::find_account(tx, &attempt.mark)?;
    let same = account == attempt.account;
    if let Some(account) = account.filter(|_| *fits && same)
        && may_enter(tx, account.subject)?
        && still_opens(tx, &account)?
    {
        let proven = match (factor::active(tx, &account)?, code) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(_), Some(code)) => match factor::prove(tx, &account, code)? {
                Proof::Right => true,
                Proof::Wrong => return Ok(Entry::WrongCode),
                Proof::Locked { wait_seconds } => return Ok(Entry::Locked { wait_seconds }),
            },
        };
        if proven {
            return welcome(tx, &account, channel, policy);
        }
        // The failures stay counted: they are those of the code as well.
        return begin(tx, &account, Some(Step::Code), channel, policy);
    }
    fail(tx, &attempt.mark, attempt.account.as_ref(), failures)?;
    Ok(Entry::Wrong)
}

/// Takes the step of the second factor: a log-in that opens more in place of the one that
/// opens nothing else. With too many failures that one ends too.
///
/// # Errors
/// [`Fault::NotFound`] when the account was closed meanwhile.
pub fn enter_code(
    tx: &mut Tx<'_>,
    old: &Session,
    code: &str,
    channel: Channel,
    policy: &SessionPolicy,
) -> Result<Entry, Fault> {
    let account = store::find_account_of(tx, old.subject)?;
    let account = account.ok_or(Fault::NotFound { what: "account" })?;
    if old.step != Some(Step::Code) || !may_enter(tx, account.subject)? {
        return Ok(Entry::Wrong);
    }
    match factor::prove(tx, &account, code)? {
        Proof::Right => {
            session::end(tx, old)?;
            welcome(tx, &account, channel, policy)
        }
        Proof::Wrong => Ok(Entry::WrongCode),
        Proof::Locked { wait_seconds } => {
            session::end(tx, old)?;
            Ok(Entry::Locked { wait_seconds })
        }
    }
}

/// Begins the next log-in of somebody who has just set up their second factor.
///
/// # Errors
/// [`Fault::NotFound`] when the account was closed meanwhile.
pub fn enter_enrolled(
    tx: &mut Tx<'_>,
    old: &Session,
    channel: Channel,
    policy: &SessionPolicy,
) -> Result<Entry, Fault> {
    let account = store::find_account_of(tx, old.subject)?;
    let account = account.ok_or(Fault::NotFound { what: "account" })?;
    session::end(tx, old)?;
    let step = next_step(tx, &account)?;
    begin(tx, &account, step, channel, policy)
}

/// A log-in of somebody who has proved who they are, perhaps with a step left.
fn welcome(
    tx: &mut Tx<'_>,
    account: &Account,
    channel: Channel,
    policy: &SessionPolicy,
) -> Result<Entry, Fault> {
    store::clear_failures(tx, &account.login_mark)?;
    note(tx, account, "log_in")?;
    let step = next_step(tx, account)?;
    begin(tx, account, step, channel, policy)
}

fn begin(
    tx: &mut Tx<'_>,
    account: &Account,
    step: Option<Step>,
    channel: Channel,
    policy: &SessionPolicy,
) -> Result<Entry, Fault> {
    let subject = account.subject;
    let token = match step {
        None => session::begin(tx, subject, channel, policy)?,
        Some(step) if channel == Channel::Api => return Ok(Entry::Unfinished { step }),
        Some(step) => session::begin_with_step(tx, subject, channel, policy, step)?,
    };
    Ok(Entry::Welcome {
        token,
        subject,
        step,
    })
}

/// What is left to do for somebody who has shown password and code.
fn next_step(tx: &mut Tx<'_>, account: &Account) -> Result<Option<Step>, Fault> {
    if store::handed_out_until(tx, account.id)?.is_some() {
        return Ok(Some(Step::Password));
    }
    let unarmed = factor::active(tx, account)?.is_none();
    let enrol = unarmed && factor::is_required(tx, account.subject)?;
    Ok(enrol.then_some(Step::Enrol))
}

/// A password that was handed out opens for a while only.
fn still_opens(tx: &mut Tx<'_>, account: &Account) -> Result<bool, Fault> {
    let until = store::handed_out_until(tx, account.id)?;
    Ok(until.is_none_or(|until| tx.now() < until))
}

/// Counts a failure; an officer's leaves a line.
fn fail(
    tx: &mut Tx<'_>,
    mark: &[u8; 32],
    account: Option<&Account>,
    failures: Option<Failures>,
) -> Result<(), Fault> {
    let last_at = tx.now();
    let count = failures.map_or(1, |old| {
        decide::count_failure(old.count, seconds_between(old.last_at, last_at))
    });
    store::put_failures(tx, mark, Failures { count, last_at })?;
    match account {
        Some(account) => note(tx, account, "failed_log_in"),
        None => Ok(()),
    }
}

/// Counts a wrong code of somebody whose password fitted.
pub(crate) fn count_failure(tx: &mut Tx<'_>, account: &Account) -> Result<(), Fault> {
    let (_, failures) = standing(tx, &account.login_mark)?;
    fail(tx, &account.login_mark, Some(account), failures)
}

/// For how many more seconds an account's login is locked.
pub(crate) fn locked(tx: &mut Tx<'_>, account: &Account) -> Result<u64, Fault> {
    Ok(standing(tx, &account.login_mark)?.0)
}

/// Sets a new password for somebody who gave the right old one, ends every log-in of theirs
/// and begins a new one; counts the failure otherwise.
///
/// # Errors
/// [`Fault::Unavailable`].
pub fn change_password(
    tx: &mut Tx<'_>,
    verified: &Verified,
    password: &PasswordHash,
    channel: Channel,
    policy: &SessionPolicy,
) -> Result<Entry, Fault> {
    let Verified { attempt, fits } = verified;
    let (wait_seconds, failures) = standing(tx, &attempt.mark)?;
    if 0 < wait_seconds {
        return Ok(Entry::Locked { wait_seconds });
    }
    let Some(account) = attempt.account.as_ref().filter(|_| *fits) else {
        fail(tx, &attempt.mark, attempt.account.as_ref(), failures)?;
        return Ok(Entry::Wrong);
    };
    set_password(tx, account.subject, password)?;
    let step = next_step(tx, account)?;
    begin(tx, account, step, channel, policy)
}

/// Gives an officer or a person another password and ends every log-in of theirs.
///
/// # Errors
/// [`Fault::NotFound`] when they have no account.
pub fn set_password(
    tx: &mut Tx<'_>,
    subject: Subject,
    password: &PasswordHash,
) -> Result<(), Fault> {
    let account = store::find_account_of(tx, subject)?;
    let mut account = account.ok_or(Fault::NotFound { what: "account" })?;
    password.text().clone_into(&mut account.password);
    store::put_account(tx, &account, &["password"])?;
    store::clear_handed_out(tx, account.id)?;
    session::end_all(tx, subject).map(|_| ())
}

/// Looks up one's own account to compare the old password before a new one is set.
///
/// # Errors
/// [`Fault::NotFound`] when they have no account; [`Fault::TooMany`] while it is locked.
pub fn look_up_own(tx: &mut Tx<'_>, subject: Subject) -> Result<Attempt, Fault> {
    let account = store::find_account_of(tx, subject)?;
    let account = account.ok_or(Fault::NotFound { what: "account" })?;
    let (wait_seconds, _) = standing(tx, &account.login_mark)?;
    if 0 < wait_seconds {
        return Err(Fault::TooMany { wait_seconds });
    }
    Ok(Attempt {
        mark: account.login_mark,
        account: Some(account),
        cost: PasswordCost::of(tx),
    })
}

/// Forgets series of failures that no longer count. A job of the roof; answers how many.
///
/// # Errors
/// [`Fault::Unavailable`].
pub fn sweep(tx: &mut Tx<'_>) -> Result<u64, Fault> {
    let before = tx.now() - SignedDuration::from_secs(decide::LOCK_SECONDS);
    store::sweep_failures(tx, before)
}

/// A new account; nobody else may have the login.
pub(crate) fn add_account(
    tx: &mut Tx<'_>,
    subject: Subject,
    login: &str,
    password: &PasswordHash,
) -> Result<(), Fault> {
    let login_mark = store::login_mark(tx, login)?;
    if store::find_account(tx, &login_mark)?.is_some() {
        return Err(Refusal::LoginTaken.into());
    }
    let account = Account {
        id: tx.new_id(),
        login_mark,
        subject,
        password: password.text().to_owned(),
    };
    store::put_account(tx, &account, &["login", "password"])
}

/// For how long a login is locked, and its failures.
fn standing(tx: &mut Tx<'_>, mark: &[u8; 32]) -> Result<(u64, Option<Failures>), Fault> {
    let failures = store::find_failures(tx, mark)?;
    let now = tx.now();
    let wait = failures.map_or(0, |old| {
        decide::locked_seconds(old.count, seconds_between(old.last_at, now))
    });
    Ok((wait, failures))
}

fn seconds_between(earlier: Timestamp, later: Timestamp) -> i64 {
    later.duration_since(earlier).as_secs()
}

fn may_enter(tx: &mut Tx<'_>, subject: Subject) -> Result<bool, Fault> {
    match subject {
        Subject::Officer(id) => {
            let officer = store::find_officer(tx, id)?;
            Ok(officer.is_some_and(|officer| officer.state == OfficerState::Active))
        }
        Subject::Citizen(id) => Ok(store::find_person(tx, id)?.is_some()),
    }
}

/// Staff log-ins leave a line for the audit administrator (等保三级 8.1.4.3); citizens' do not.
fn note(tx: &mut Tx<'_>, account: &Account, what: &'static str) -> Result<(), Fault> {
    match account.subject {
        Subject::Officer(_) => store::put_account(tx, account, &[what]),
        Subject::Citizen(_) => Ok(()),
    }
}

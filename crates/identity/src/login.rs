//! Proving who one is: argon2id, and the lock after too many failures. Unknown login, wrong
//! password and dismissed officer get the same answer after the same work.
//!
//! A log-in runs in three steps so that the slow hash holds no transaction: [`look_up`],
//! [`Attempt::verify`], [`enter`]. Deliberately absent: one-time codes, and log-ins themselves,
//! which `web::session` keeps.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use db::Tx;
use jiff::{SignedDuration, Timestamp};
use kernel::{Channel, Clock, Fault};
use web::config::SessionPolicy;
use web::session::{self, Subject, Token};

use crate::decide::{self, Refusal};
use crate::model::OfficerState;
use crate::store::{self, Account, Failures};

/// How much work a password costs (argon2id, RFC 9106). Lent to the store by the roof; without
/// one, [`PasswordCost::PRODUCTION`] holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl PasswordCost {
    /// As OWASP's Password Storage Cheat Sheet recommends: 19 MiB, two passes, one lane.
    pub const PRODUCTION: Self = Self {
        memory_kib: 19 * 1024,
        passes: 2,
        lanes: 1,
    };
    /// For tests and for furnishing the demonstration hall: quick, and no protection at all.
    pub const QUICK: Self = Self {
        memory_kib: 64,
        passes: 1,
        lanes: 1,
    };

    /// The cost that was lent to the store, or that of production.
    #[must_use]
    pub fn of(tx: &Tx<'_>) -> Self {
        tx.thing::<Self>()
            .map_or(Self::PRODUCTION, |lent| *lent.as_ref())
    }

    fn argon2(self) -> Result<Argon2<'static>, Fault> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, None);
        let params = params.map_err(Fault::broken)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// A password as the store keeps it (PHC string); made by [`hash_password`].
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("PasswordHash(…)")
    }
}

/// Checks a new password of a login against the rules and hashes it. Slow on purpose: call it
/// outside a transaction.
///
/// # Errors
/// [`Fault::Invalid`] on the field `password` when it is too easy to guess.
pub fn hash_password(
    clock: &Clock,
    cost: PasswordCost,
    login: &str,
    password: &str,
) -> Result<PasswordHash, Fault> {
    decide::password("password", login, password)
        .map_err(|problem| Fault::Invalid(vec![problem]))?;
    let salt: [u8; 16] = clock.random();
    let hash = cost
        .argon2()?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(Fault::broken)?;
    Ok(PasswordHash(hash.to_string()))
}

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
    },
    /// Unknown, wrong or dismissed: the same answer.
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
///
/// # Errors
/// [`Fault::Unavailable`].
pub fn enter(
    tx: &mut Tx<'_>,
    verified: &Verified,
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
    {
        store::clear_failures(tx, &attempt.mark)?;
        note(tx, &account, "log_in")?;
        let token = session::begin(tx, account.subject, channel, policy)?;
        let subject = account.subject;
        return Ok(Entry::Welcome { token, subject });
    }
    fail(tx, attempt, failures)?;
    Ok(Entry::Wrong)
}

/// Counts a failure; an officer's leaves a line.
fn fail(tx: &mut Tx<'_>, attempt: &Attempt, failures: Option<Failures>) -> Result<(), Fault> {
    let last_at = tx.now();
    let count = failures.map_or(1, |old| {
        decide::count_failure(old.count, seconds_between(old.last_at, last_at))
    });
    store::put_failures(tx, &attempt.mark, Failures { count, last_at })?;
    match &attempt.account {
        Some(account) => note(tx, account, "failed_log_in"),
        None => Ok(()),
    }
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
        fail(tx, attempt, failures)?;
        return Ok(Entry::Wrong);
    };
    let subject = account.subject;
    set_password(tx, subject, password)?;
    let token = session::begin(tx, subject, channel, policy)?;
    Ok(Entry::Welcome { token, subject })
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

//! The second factor of staff 动态码: a secret in an authenticator on their phone, ten recovery
//! codes on paper. Setting up, proving, renewing, turning off.
//!
//! Deliberately absent: codes by SMS, which a borrowed number reads, and the arithmetic
//! (`totp`). Who resets a password never resets the factor: two administrators must agree.

use db::Tx;
use kernel::{Fault, OfficerId};
use web::session::{self, Subject};

use crate::administration::require;
use crate::decide::{ADMINISTRATORS, Act, Refusal};
use crate::login::{self, Proof};
use crate::model::FactorState;
use crate::store::{self, Account, Factor};
use crate::totp;

/// How many recovery codes there are.
pub const RECOVERY_CODES: usize = 10;
/// Characters of a recovery code: 50 bits.
const RECOVERY_CHARS: usize = 10;

/// Who must have a second factor. Lent to the store by the roof; without one,
/// [`FactorPolicy::REQUIRED`] holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactorPolicy {
    /// Whether the three administrators must; all other staff may.
    pub administrators: bool,
}

impl FactorPolicy {
    /// The three administrators must (等保三级 8.1.4.1 d).
    pub const REQUIRED: Self = Self {
        administrators: true,
    };
    /// Nobody must: for the demonstration hall.
    pub const OPTIONAL: Self = Self {
        administrators: false,
    };

    fn of(tx: &Tx<'_>) -> Self {
        tx.thing::<Self>()
            .map_or(Self::REQUIRED, |lent| *lent.as_ref())
    }
}

/// How it stands with an officer's second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether a code is asked for at every log-in.
    pub active: bool,
    /// Whether their posts demand one.
    pub required: bool,
    /// How many recovery codes are left.
    pub recovery_left: i64,
}

/// A secret that waits for its first code.
#[derive(Clone, PartialEq, Eq)]
pub struct Pending {
    /// The secret, to be typed into an authenticator.
    pub secret: String,
    /// The same as an address, to be drawn as a QR code.
    pub address: String,
}

/// Secrets never reach a log line.
impl std::fmt::Debug for Pending {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Pending(…)")
    }
}

/// How it stands with somebody's second factor.
///
/// # Errors
/// [`Fault::NotFound`] when they have no account.
pub fn standing(tx: &mut Tx<'_>, officer: OfficerId) -> Result<Standing, Fault> {
    let account = account_of(tx, officer)?;
    let factor = active(tx, &account)?;
    let recovery_left = match &factor {
        Some(factor) => store::recovery_left(tx, factor.id)?,
        None => 0,
    };
    Ok(Standing {
        active: factor.is_some(),
        required: is_required(tx, account.subject)?,
        recovery_left,
    })
}

/// Whether somebody's posts, of today or later, demand a second factor.
///
/// # Errors
/// As [`Tx::query`].
pub(crate) fn is_required(tx: &mut Tx<'_>, subject: Subject) -> Result<bool, Fault> {
    let Subject::Officer(officer) = subject else {
        return Ok(false);
    };
    if !FactorPolicy::of(tx).administrators {
        return Ok(false);
    }
    let today = tx.today();
    let roles = store::roles_from(tx, officer, today)?;
    Ok(ADMINISTRATORS.iter().any(|role| roles.contains(role)))
}

/// The factor of an account that is asked for.
pub(crate) fn active(tx: &mut Tx<'_>, account: &Account) -> Result<Option<Factor>, Fault> {
    let factor = store::find_factor(tx, account.id)?;
    Ok(factor.filter(|factor| factor.state == FactorState::Active))
}

/// Begins to set up a second factor: a new secret, which counts once a code confirms it.
///
/// # Errors
/// [`Fault::NotFound`] when they have no account; [`Refusal::FactorActive`].
pub fn begin(tx: &mut Tx<'_>, officer: OfficerId) -> Result<(), Fault> {
    let account = account_of(tx, officer)?;
    if let Some(old) = store::find_factor(tx, account.id)? {
        if old.state == FactorState::Active {
            return Err(Refusal::FactorActive.into());
        }
        store::remove_factor(tx, old.id)?;
    }
    let secret: [u8; totp::SECRET_BYTES] = tx.clock().random();
    let factor = Factor {
        id: tx.new_id(),
        account: account.id,
        secret: secret.to_vec().into(),
        state: FactorState::Pending,
    };
    store::put_factor(tx, &factor, &["secret", "state"])
}

/// The secret that waits for its first code, if there is one.
///
/// # Errors
/// [`Fault::NotFound`] when they have no account.
pub fn pending(tx: &mut Tx<'_>, officer: OfficerId) -> Result<Option<Pending>, Fault> {
    let account = account_of(tx, officer)?;
    let factor = store::find_factor(tx, account.id)?;
    let Some(factor) = factor.filter(|factor| factor.state == FactorState::Pending) else {
        return Ok(None);
    };
    let login = crate::officer(tx, officer)?.login;
    let hall = store::find_hall(tx)?;
    let issuer = hall.map_or_else(|| "Qingchuang".to_owned(), |hall| hall.short_name);
    Ok(Some(Pending {
        secret: totp::base32(&factor.secret),
        address: totp::address(&issuer, &login, &factor.secret),
    }))
}

/// Confirms a new factor by its first code; answers the recovery codes, which are shown once.
///
/// # Errors
/// [`Fault::NotFound`]; [`Refusal::NoFactor`] when none was begun.
pub fn confirm(
    tx: &mut Tx<'_>,
    officer: OfficerId,
    typed: &str,
) -> Result<Result<Vec<String>, Proof>, Fault> {
    let account = account_of(tx, officer)?;
    let factor = store::find_factor(tx, account.id)?;
    let pending = factor.filter(|factor| factor.state == FactorState::Pending);
    let mut factor = pending.ok_or(Refusal::NoFactor)?;
    let wait_seconds = login::locked(tx, &account)?;
    if 0 < wait_seconds {
        return Ok(Err(Proof::Locked { wait_seconds }));
    }
    let typed = totp::plain(typed);
    let Some(step) = totp::fits(&factor.secret, &typed, tx.now(), None) else {
        login::count_failure(tx, &account)?;
        return Ok(Err(Proof::Wrong));
    };
    factor.state = FactorState::Active;
    store::put_factor(tx, &factor, &["state"])?;
    store::put_code_used(tx, factor.id, step)?;
    new_recovery(tx, &factor).map(Ok)
}

/// Puts new recovery codes in place of the old ones, for whoever shows a code.
///
/// # Errors
/// [`Fault::NotFound`]; [`Refusal::NoFactor`].
pub fn renew_recovery(
    tx: &mut Tx<'_>,
    officer: OfficerId,
    typed: &str,
) -> Result<Result<Vec<String>, Proof>, Fault> {
    let account = account_of(tx, officer)?;
    let factor = active(tx, &account)?.ok_or(Refusal::NoFactor)?;
    match prove(tx, &account, typed)? {
        Proof::Right => new_recovery(tx, &factor).map(Ok),
        wrong => Ok(Err(wrong)),
    }
}

/// Turns the factor off for whoever shows a code, and ends every log-in of theirs: to move to
/// another phone, or to do without where the posts allow it.
///
/// # Errors
/// [`Fault::NotFound`]; [`Refusal::NoFactor`].
pub fn turn_off(tx: &mut Tx<'_>, officer: OfficerId, typed: &str) -> Result<Proof, Fault> {
    let account = account_of(tx, officer)?;
    let factor = active(tx, &account)?.ok_or(Refusal::NoFactor)?;
    let proof = prove(tx, &account, typed)?;
    if proof == Proof::Right {
        store::remove_factor(tx, factor.id)?;
        session::end_all(tx, account.subject)?;
    }
    Ok(proof)
}

/// Removes the factor of an officer who lost phone and recovery codes; by the security
/// administrator, never for oneself.
///
/// # Errors
/// [`Fault::NotFound`]; [`Refusal::NotYourAct`], [`Refusal::OwnRights`], [`Refusal::NoFactor`].
pub fn reset(tx: &mut Tx<'_>, officer: OfficerId) -> Result<(), Fault> {
    require(tx, Act::ResetFactor)?;
    if tx.actor().as_officer() == Some(officer) {
        return Err(Refusal::OwnRights.into());
    }
    let account = account_of(tx, officer)?;
    let factor = store::find_factor(tx, account.id)?;
    let factor = factor.ok_or(Refusal::NoFactor)?;
    store::remove_factor(tx, factor.id)?;
    store::put_account(tx, &account, &["factor_reset"])?;
    session::end_all(tx, account.subject).map(|_| ())
}

/// Compares a code or a recovery code, and counts the failure as one of the log-in.
pub(crate) fn prove(tx: &mut Tx<'_>, account: &Account, typed: &str) -> Result<Proof, Fault> {
    let wait_seconds = login::locked(tx, account)?;
    if 0 < wait_seconds {
        return Ok(Proof::Locked { wait_seconds });
    }
    let factor = active(tx, account)?.ok_or(Refusal::NoFactor)?;
    let typed = totp::plain(typed);
    let used = store::code_used(tx, factor.id)?;
    if let Some(step) = totp::fits(&factor.secret, &typed, tx.now(), used) {
        store::put_code_used(tx, factor.id, step)?;
        return Ok(Proof::Right);
    }
    if typed.chars().count() == RECOVERY_CHARS && store::take_recovery(tx, factor.id, &typed)? {
        store::put_account(tx, account, &["recovery_code"])?;
        return Ok(Proof::Right);
    }
    login::count_failure(tx, account)?;
    Ok(Proof::Wrong)
}

fn account_of(tx: &mut Tx<'_>, officer: OfficerId) -> Result<Account, Fault> {
    let account = store::find_account_of(tx, Subject::Officer(officer))?;
    account.ok_or(Fault::NotFound { what: "account" })
}

fn new_recovery(tx: &mut Tx<'_>, factor: &Factor) -> Result<Vec<String>, Fault> {
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let chance: [u8; 7] = tx.clock().random();
        let code: String = totp::base32(&chance)
            .to_lowercase()
            .chars()
            .take(RECOVERY_CHARS)
            .collect();
        codes.push(code);
    }
    store::put_recovery(tx, factor.id, &codes)?;
    let shown = |code: &String| format!("{}-{}", &code[..5], &code[5..]);
    Ok(codes.iter().map(shown).collect())
}

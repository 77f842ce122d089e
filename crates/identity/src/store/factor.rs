//! Rows of second factors: the secret lies encrypted, recovery codes as keyed digests.

use db::{Tx, params};
use jiff::Timestamp;
use kernel::{Fault, TypedId};
use ledger::Vault;

use super::{CODES_USED, Cells, FACTORS, HANDED_OUT, RECOVERY_CODES, row};
use crate::model::{AccountId, FactorId, FactorState};

/// A second factor with its secret, decrypted.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Factor {
    pub(crate) id: FactorId,
    pub(crate) account: AccountId,
    pub(crate) secret: zeroize::Zeroizing<Vec<u8>>,
    pub(crate) state: FactorState,
}

/// Secrets never reach a log line.
impl std::fmt::Debug for Factor {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Factor({}, {})", self.id, self.state)
    }
}

fn context(id: FactorId) -> Vec<u8> {
    [b"identity_factor.secret".as_slice(), id.uuid().as_bytes()].concat()
}

fn read_factor(tx: &Tx<'_>, cells: &Cells) -> Result<Factor, Fault> {
    let id: FactorId = cells.get(0)?;
    let body: Vec<u8> = cells.get(2)?;
    let plain = tx.thing::<Vault>()?.unlock(&context(id), &body);
    let plain = plain.ok_or_else(|| Fault::broken(format!("the secret of {id} was changed")))?;
    Ok(Factor {
        id,
        account: cells.get(1)?,
        secret: plain.into(),
        state: cells.get(3)?,
    })
}

pub(crate) fn put_factor(
    tx: &mut Tx<'_>,
    factor: &Factor,
    fields: &[&'static str],
) -> Result<(), Fault> {
    let vault = tx.thing::<Vault>()?;
    let secret = vault.lock(tx.clock(), &context(factor.id), &factor.secret)?;
    let values = params![factor.id, factor.account, secret, factor.state];
    ledger::edited(tx, &FACTORS, factor.id, values, fields)
}

pub(crate) fn find_factor(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<Factor>, Fault> {
    let cells = row(tx, &FACTORS, "WHERE account = $1", params![account])?;
    cells.map(|cells| read_factor(tx, &cells)).transpose()
}

/// Removes a factor with all that hangs on it.
pub(crate) fn remove_factor(tx: &mut Tx<'_>, id: FactorId) -> Result<(), Fault> {
    CODES_USED.remove(tx, params![id])?;
    forget_recovery(tx, id)?;
    ledger::thing::removed(tx, &FACTORS, id, params![id])
}

pub(crate) fn code_used(tx: &mut Tx<'_>, id: FactorId) -> Result<Option<i64>, Fault> {
    CODES_USED.get(tx, params![id], |row| row.get(1))
}

pub(crate) fn put_code_used(tx: &mut Tx<'_>, id: FactorId, step: i64) -> Result<(), Fault> {
    CODES_USED.put(tx, params![id, step])
}

fn recovery_mark(tx: &Tx<'_>, id: FactorId, code: &str) -> Result<[u8; 32], Fault> {
    let text = format!("{id} {code}");
    Ok(tx.thing::<Vault>()?.finder("recovery_code", &text))
}

/// Puts new recovery codes in place of all old ones.
pub(crate) fn put_recovery(tx: &mut Tx<'_>, id: FactorId, codes: &[String]) -> Result<(), Fault> {
    forget_recovery(tx, id)?;
    for code in codes {
        let mark = recovery_mark(tx, id, code)?;
        RECOVERY_CODES.put(tx, params![mark, id])?;
    }
    Ok(())
}

/// Uses a recovery code up; false when it is none of the factor's, or was used.
pub(crate) fn take_recovery(tx: &mut Tx<'_>, id: FactorId, code: &str) -> Result<bool, Fault> {
    let mark = recovery_mark(tx, id, code)?;
    let of: Option<FactorId> = RECOVERY_CODES.get(tx, params![mark], |row| row.get(1))?;
    Ok(of == Some(id) && RECOVERY_CODES.remove(tx, params![mark])?)
}

/// How many recovery codes are left.
pub(crate) fn recovery_left(tx: &mut Tx<'_>, id: FactorId) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) FROM identity_recovery_code WHERE factor = $1";
    let count = tx.query_one(sql, params![id], |row| row.get(0))?;
    Ok(count.unwrap_or(0))
}

fn forget_recovery(tx: &mut Tx<'_>, id: FactorId) -> Result<(), Fault> {
    let sql = "DELETE FROM identity_recovery_code WHERE factor = $1";
    tx.execute(sql, params![id]).map(|_| ())
}

/// Until when a password that was handed out opens; none for one's own.
pub(crate) fn handed_out_until(
    tx: &mut Tx<'_>,
    account: AccountId,
) -> Result<Option<Timestamp>, Fault> {
    HANDED_OUT.get(tx, params![account], |row| row.get(1))
}

pub(crate) fn put_handed_out(
    tx: &mut Tx<'_>,
    account: AccountId,
    until: Timestamp,
) -> Result<(), Fault> {
    HANDED_OUT.put(tx, params![account, until])
}

pub(crate) fn clear_handed_out(tx: &mut Tx<'_>, account: AccountId) -> Result<(), Fault> {
    HANDED_OUT.remove(tx, params![account]).map(|_| ())
}

//! What opens a rating: the token of the link, of which the hall keeps the digest only, and a
//! code of six digits for typing, which leads to the token while it lasts.

use db::{Tx, params};
use jiff::Timestamp;
use kernel::{Fault, OfficerId};
use ledger::Vault;
use seal::{Digest32, Suite};

use crate::model::RatingId;
use crate::store::{self, CODES};
use crate::{RatingPolicy, policy};

/// How often a new code is drawn before the hall says that it is busy.
const DRAWS_MAX: u32 = 16;
const CODES_IN_ALL: u32 = 1_000_000;

/// The secret of a link: 32 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 16]);

impl Token {
    /// The one of a rating: nobody can guess it without the hall's key, and the hall can make
    /// it again for a notice or a page.
    pub(crate) fn of(tx: &Tx<'_>, rating: RatingId) -> Result<Self, Fault> {
        let vault = tx.thing::<Vault>()?;
        let whole = vault.finder("evaluation.token", &rating.to_string());
        let mut token = [0; 16];
        token.copy_from_slice(&whole[..16]);
        Ok(Self(token))
    }

    /// Reads one; none when it cannot be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let number = u128::from_str_radix(text, 16).ok().filter(|_| plain)?;
        Some(Self(number.to_be_bytes()))
    }

    /// As it stands in a link.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.0))
    }

    /// The path of the page that it opens.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/rate/{}", self.text())
    }

    /// What the hall keeps of it.
    pub(crate) fn digest(&self) -> Digest32 {
        seal::digest::hash(Suite::ShangMi, &self.0)
    }
}

/// Never shows the secret.
impl std::fmt::Debug for Token {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Token(…)")
    }
}

/// A code of six digits and until when it opens the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Six digits.
    pub digits: String,
    /// When it ends.
    pub ends_at: Timestamp,
}

/// Draws a code for a token. The code is short, so it ends after hours, not days.
///
/// # Errors
/// [`Fault::Unavailable`] when nearly all codes are in use.
pub fn make_code(tx: &mut Tx<'_>, rating: RatingId, token: &Token) -> Result<Code, Fault> {
    let vault = tx.thing::<Vault>()?;
    let now = tx.now();
    store::forget_ended_codes(tx, now)?;
    let RatingPolicy { code_hours, .. } = policy(tx);
    let lasts = jiff::SignedDuration::from_hours(code_hours);
    let ends_at = now.checked_add(lasts).map_err(Fault::broken)?;
    for _ in 0..DRAWS_MAX {
        // The bias of this draw is one in four thousand; the limit on attempts is what protects.
        let drawn = u32::from_be_bytes(tx.clock().random()) % CODES_IN_ALL;
        let digits = format!("{drawn:06}");
        let finder = finder(&vault, &digits);
        let locked = vault.lock(tx.clock(), &finder, &sheet(&digits, token))?;
        let values = params![finder, rating, locked, ends_at];
        if CODES.put_new(tx, values)? {
            return Ok(Code { digits, ends_at });
        }
    }
    Err(Fault::Unavailable {
        detail: "no rating code is free".to_owned(),
    })
}

/// The token that a code leads to.
///
/// # Errors
/// [`Fault::NotFound`] when there is no such code or it has ended.
pub fn redeem_code(tx: &mut Tx<'_>, digits: &str) -> Result<Token, Fault> {
    let unknown = Fault::NotFound {
        what: "rating_code",
    };
    let vault = tx.thing::<Vault>()?;
    let finder = finder(&vault, digits);
    let kept = store::code(tx, &finder)?.filter(|code| tx.now() <= code.ends_at);
    let kept = kept.ok_or(unknown)?;
    open_sheet(&vault, &finder, &kept.token).map(|(_, token)| token)
}

/// The code and token that an officer may show to the person before them: only of a service
/// that they gave themselves, and only while the code lasts.
///
/// # Errors
/// As [`Tx::query`].
pub fn code_to_show(
    tx: &mut Tx<'_>,
    rating: RatingId,
    officer: OfficerId,
) -> Result<Option<(Code, Token)>, Fault> {
    let Some(finder) = store::code_of_officer(tx, rating, officer)? else {
        return Ok(None);
    };
    let vault = tx.thing::<Vault>()?;
    let kept = store::code(tx, &finder)?.filter(|code| tx.now() <= code.ends_at);
    let Some(kept) = kept else { return Ok(None) };
    let (digits, token) = open_sheet(&vault, &finder, &kept.token)?;
    let ends_at = kept.ends_at;
    Ok(Some((Code { digits, ends_at }, token)))
}

fn finder(vault: &Vault, digits: &str) -> [u8; 32] {
    vault.finder("evaluation.code", digits)
}

/// What lies locked beside a code: its digits and the token.
fn sheet(digits: &str, token: &Token) -> Vec<u8> {
    let mut sheet = digits.as_bytes().to_vec();
    sheet.extend(token.0);
    sheet
}

fn open_sheet(vault: &Vault, finder: &[u8], locked: &[u8]) -> Result<(String, Token), Fault> {
    let wrong = || Fault::broken("a rating code does not open");
    let plain = vault.unlock(finder, locked).ok_or_else(wrong)?;
    let (digits, token) = plain.split_at_checked(6).ok_or_else(wrong)?;
    let digits = String::from_utf8(digits.to_vec()).map_err(|_| wrong())?;
    let token = token.try_into().map_err(|_| wrong())?;
    Ok((digits, Token(token)))
}

//! Passwords as the store keeps them: argon2id (RFC 9106), slow on purpose.
//!
//! Deliberately absent: what a password must look like (`decide`), and log-ins (`login`).

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use db::Tx;
use kernel::{Clock, Fault};

use crate::decide;

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

    pub(crate) fn argon2(self) -> Result<Argon2<'static>, Fault> {
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

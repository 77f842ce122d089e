//! Proving who one is: password rules, argon2id, and the lock after too many failures.
//!
//! Deliberately absent: one-time codes, and log-ins themselves, which `web::session` keeps.

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

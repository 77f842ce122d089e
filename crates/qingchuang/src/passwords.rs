//! One-time passwords: drawn here, told once, hashed before they reach the store.

use std::io::Write;
use std::path::Path;

use identity::{PasswordCost, PasswordHash, hash_password};
use kernel::{Clock, Fault};
use serde::Serialize;

use crate::cli::tongue::Declined;

/// How often a password is drawn before a login is held to be at fault.
const TRIES_MAX: usize = 8;

/// A password that was drawn for a login.
#[derive(Clone, Serialize)]
pub struct Drawn {
    /// Whose.
    pub login: String,
    /// The password; it must be changed at the first log-in.
    pub password: String,
}

/// Draws a password and hashes it: slow on purpose, so call it outside a transaction.
///
/// # Errors
/// [`Fault::Invalid`] when no password suits the login.
pub fn draw(clock: &Clock, login: &str) -> Result<(Drawn, PasswordHash), Fault> {
    let mut last = Fault::broken("no password was drawn");
    for _ in 0..TRIES_MAX {
        let password = identity::account::one_time_password(clock);
        match hash_password(clock, PasswordCost::PRODUCTION, login, &password) {
            Ok(hash) => {
                let login = login.to_owned();
                return Ok((Drawn { login, password }, hash));
            }
            Err(fault) => last = fault,
        }
    }
    Err(last)
}

/// Where drawn passwords go: a new file that its owner alone can read, made before anything is
/// drawn, or the screen, once.
pub enum Passwords {
    /// A new file.
    File(std::fs::File),
    /// The screen.
    Screen,
}

impl Passwords {
    /// Makes the file.
    ///
    /// # Errors
    /// When there is such a file already, or it cannot be made.
    pub fn to(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else {
            return Ok(Self::Screen);
        };
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(file) => Ok(Self::File(file)),
            Err(error) => {
                let params = vec![
                    ("path", path.display().to_string()),
                    ("detail", error.to_string()),
                ];
                Err(Declined::because("cli.no_password_file", params))
            }
        }
    }

    /// Writes them, one line a login; a file that cannot be written any more ends on the screen,
    /// because the passwords hold already.
    ///
    /// # Errors
    /// When the screen is gone too.
    pub fn write(self, drawn: &[Drawn]) -> anyhow::Result<()> {
        let text: String = drawn
            .iter()
            .map(|one| format!("{}\t{}\n", one.login, one.password))
            .collect();
        let kept = match self {
            Self::File(mut file) => file
                .write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
                .is_ok(),
            Self::Screen => false,
        };
        if !kept {
            std::io::stdout().lock().write_all(text.as_bytes())?;
        }
        Ok(())
    }
}

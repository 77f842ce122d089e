//! A short machine word, so that no event of a case carries a text of people.
//!
//! Deliberately absent: any list of words; each noun that uses a code says which it knows.

use std::str::FromStr;

use process::Marking;
use serde::{Deserialize, Serialize};

/// A short machine word: an outcome, a procedure, a number, a marking. Never a text of people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Code(Box<str>);

/// Something that is no [`Code`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoCode;

impl std::fmt::Display for NoCode {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a code is up to 400 letters, digits and _ - . , /")
    }
}

impl Code {
    const CHARS_MAX: usize = 400;

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A marking as a code: digits, letters and commas by construction.
    #[must_use]
    pub fn of_marking(marking: &Marking) -> Self {
        Self(marking.to_string().into())
    }
}

impl FromStr for Code {
    type Err = NoCode;

    fn from_str(text: &str) -> Result<Self, NoCode> {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"_-.,/".contains(&b);
        if text.len() <= Self::CHARS_MAX && text.bytes().all(fits) {
            Ok(Self(text.into()))
        } else {
            Err(NoCode)
        }
    }
}

impl TryFrom<String> for Code {
    type Error = NoCode;

    fn try_from(text: String) -> Result<Self, NoCode> {
        text.parse()
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.0.into()
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

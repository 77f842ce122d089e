//! Query code 查询码: the six digits on a receipt that, together with the case number, let a
//! citizen look up a case without an account. Where its randomness comes from is not known here.

use serde::{Deserialize, Serialize};

use crate::scan::{capitals, text_code};
use crate::{Allowed, CodeError};

const COUNT: u32 = 1_000_000;

/// Six digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct QueryCode(String);
text_code!(QueryCode);

impl QueryCode {
    /// Checks length and digits.
    pub fn parse(value: &str) -> Result<Self, CodeError> {
        capitals(value, &[6], "6", |_| Allowed::Digits).map(Self)
    }

    /// Makes a code from a random number; only the remainder by a million counts.
    pub fn from_random(number: u32) -> Self {
        Self(format!("{:06}", number % COUNT))
    }
}

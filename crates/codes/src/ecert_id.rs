//! Identifier of an electronic certificate 电子证照标识 (GB/T 36904—2018):
//! `1.2.156.3005.2` . type (21) . issuer (18) . serial . version (3) . check character.
//! The check is ISO 7064 MOD 37,36 over the four parts without dots; other punctuation is skipped.

use serde::{Deserialize, Serialize};

use crate::scan::{capitals, part, text_code};
use crate::{Allowed, CodeError, Uscc, mod37_36};

const PREFIX: &str = "1.2.156.3005.2.";
const SERIAL_LENGTH_MAX: usize = 64;

/// A checked e-certificate identifier; lower case is accepted and stored as capitals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EcertId(String);
text_code!(EcertId);

impl EcertId {
    /// Checks the prefix, the number and length of the parts, their characters and the check
    /// character. The credit codes inside are checked by shape only: see [`EcertId::issuer_uscc`].
    pub fn parse(value: &str) -> Result<Self, CodeError> {
        if value.is_empty() {
            return Err(CodeError::Empty);
        }
        let Some(tail) = value.strip_prefix(PREFIX) else {
            return Err(CodeError::Shape {
                en: "it does not begin with 1.2.156.3005.2.",
                zh: "应以 1.2.156.3005.2. 开头",
            });
        };
        let parts: Vec<&str> = tail.split('.').collect();
        let &[kind, issuer, serial, version, check] = parts.as_slice() else {
            return Err(CodeError::Shape {
                en: "five parts follow the prefix: type, issuer, serial, version, check",
                zh: "前缀之后应有五段：证照类型、颁发机构、流水号、版本号、校验位",
            });
        };
        let letters = |_| Allowed::DigitsAndLetters;
        let kind = capitals(
            kind,
            &[21],
            "21 (certificate type 证照类型)",
            |index| match index {
                18.. => Allowed::Digits,
                _ => Allowed::DigitsAndLetters,
            },
        )?;
        let issuer = capitals(issuer, &[18], "18 (issuer 颁发机构)", letters)?;
        let serial = serial_part(serial)?;
        let version = capitals(version, &[3], "3 (version 版本号)", |_| Allowed::Digits)?;
        let check = capitals(check, &[1], "1 (check 校验位)", letters)?;
        let payload = format!("{kind}{issuer}{}{version}", serial.replace(['_', '-'], ""));
        let expected = mod37_36::check_character(&payload);
        match (expected, check.chars().next()) {
            (Some(expected), Some(found)) if expected != found => Err(CodeError::CheckCharacter {
                expected,
                found,
                rule: "ISO 7064 MOD 37,36",
            }),
            _ => Ok(Self(format!(
                "{PREFIX}{kind}.{issuer}.{serial}.{version}.{check}"
            ))),
        }
    }

    /// Makes an identifier: `kind` is the type code (21), `version` at most 999.
    pub fn new(kind: &str, issuer: &Uscc, serial: &str, version: u16) -> Result<Self, CodeError> {
        if 999 < version {
            return Err(CodeError::Length {
                found: 4,
                expected: "3 (version 版本号)",
            });
        }
        let serial = serial_part(serial)?;
        let bare = serial.replace(['_', '-'], "");
        let kind = kind.to_ascii_uppercase();
        let payload = format!("{kind}{issuer}{bare}{version:03}");
        let check = mod37_36::check_character(&payload).unwrap_or('0');
        Self::parse(&format!(
            "{PREFIX}{kind}.{issuer}.{serial}.{version:03}.{check}"
        ))
    }

    fn piece(&self, index: usize) -> &str {
        self.0
            .strip_prefix(PREFIX)
            .and_then(|tail| tail.split('.').nth(index))
            .unwrap_or("")
    }

    /// Type code 证照类型代码: credit code of the body that defines the type + 3 digits.
    pub fn kind(&self) -> &str {
        self.piece(0)
    }

    /// Issuer 证照颁发机构代码, as written.
    pub fn issuer(&self) -> &str {
        self.piece(1)
    }

    /// The issuer as a checked credit code, or why it is none.
    pub fn issuer_uscc(&self) -> Result<Uscc, CodeError> {
        Uscc::parse(self.issuer())
    }

    /// The body that defines the type as a checked credit code, or why it is none.
    pub fn definer_uscc(&self) -> Result<Uscc, CodeError> {
        Uscc::parse(part(self.kind(), 0, 18))
    }

    /// Serial 流水号.
    pub fn serial(&self) -> &str {
        self.piece(2)
    }

    /// Version 版本号.
    pub fn version(&self) -> u16 {
        self.piece(3).parse().unwrap_or(0)
    }
}

fn serial_part(serial: &str) -> Result<String, CodeError> {
    let found = serial.chars().count();
    if found == 0 || SERIAL_LENGTH_MAX < found {
        return Err(CodeError::Length {
            found,
            expected: "1–64 (serial 流水号)",
        });
    }
    let mark = |c: char| matches!(c, '_' | '-');
    let text = serial.to_ascii_uppercase();
    let wrong = text
        .chars()
        .position(|c| !Allowed::DigitsAndLetters.holds(c) && !mark(c));
    match wrong.and_then(|index| serial.chars().nth(index).map(|found| (index, found))) {
        None => Ok(text),
        Some((index, found)) => Err(CodeError::Character {
            position: index + 1,
            found,
            allowed: Allowed::DigitsAndLetters,
        }),
    }
}

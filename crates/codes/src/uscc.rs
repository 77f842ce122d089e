//! Unified social credit code 统一社会信用代码 (GB 32100—2015) with the organisation code
//! (GB 11714—1997) inside it. Provisional codes, which a place gives out before the real one and
//! which carry no right check character, are recognised and kept.

use serde::{Deserialize, Serialize};

use crate::scan::{capitals, part, text_code};
use crate::{Allowed, CodeError, RegionCode};

const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const MODULUS: u32 = 31;
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// A checked credit code of 18 characters; lower case is accepted and stored as capitals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Uscc(String);
text_code!(Uscc);

/// Who registered the body 登记管理部门 (GB 32100 table 1, first character).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegisteringAuthority {
    /// 1 机构编制.
    PublicEstablishment,
    /// 5 民政.
    CivilAffairs,
    /// 9 市场监督管理 (工商).
    MarketRegulation,
    /// Y 其他, and the other authorities of the table (外交, 司法行政, 文化, 工会 …).
    Other,
    /// No authority: the code is provisional.
    Provisional,
}

/// Whether the organisation code inside (characters 9–17) carries its own right check character.
/// It is told apart because older bodies exist whose inner check never fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InnerCheck {
    /// It fits.
    Fits,
    /// It does not: this one would.
    Differs {
        /// What GB 11714 gives.
        expected: char,
    },
    /// The code is provisional and has no organisation code.
    NotApplicable,
}

impl Uscc {
    /// Checks length, alphabet, the digits of the region part and the check character.
    /// A provisional code (see [`Uscc::is_provisional`]) is accepted without a check character.
    pub fn parse(value: &str) -> Result<Self, CodeError> {
        if let Some(provisional) = provisional(value) {
            return Ok(Self(provisional));
        }
        let text = capitals(value, &[18], "18", |_| Allowed::CreditCode)?;
        for (index, found) in text.chars().enumerate().skip(2).take(6) {
            if !found.is_ascii_digit() {
                return Err(CodeError::Character {
                    position: index + 1,
                    found,
                    allowed: Allowed::Digits,
                });
            }
        }
        let expected = check_character(part(&text, 0, 17));
        match (expected, text.chars().last()) {
            (Some(expected), Some(found)) if expected != found => Err(CodeError::CheckCharacter {
                expected,
                found,
                rule: "GB 32100—2015",
            }),
            _ => Ok(Self(text)),
        }
    }

    /// A code given out before the real one: `T`, a letter, the region and ten more characters
    /// (for example `TE51…`). No registering authority has the letter T, so an ordinary code
    /// cannot become provisional by one slip of the pen.
    pub fn is_provisional(&self) -> bool {
        provisional(&self.0).is_some()
    }

    /// Who registered the body.
    pub fn authority(&self) -> RegisteringAuthority {
        if self.is_provisional() {
            return RegisteringAuthority::Provisional;
        }
        match self.0.chars().next() {
            Some('1') => RegisteringAuthority::PublicEstablishment,
            Some('5') => RegisteringAuthority::CivilAffairs,
            Some('9') => RegisteringAuthority::MarketRegulation,
            _ => RegisteringAuthority::Other,
        }
    }

    /// The region of the registering authority (characters 3–8); not necessarily in the table.
    pub fn region(&self) -> Option<RegionCode> {
        RegionCode::parse(part(&self.0, 2, 8)).ok()
    }

    /// Organisation code 组织机构代码 (characters 9–17, GB 11714).
    pub fn organisation_code(&self) -> &str {
        part(&self.0, 8, 17)
    }

    /// Whether the organisation code inside carries its own right check character.
    pub fn inner_check(&self) -> InnerCheck {
        if self.is_provisional() {
            return InnerCheck::NotApplicable;
        }
        let expected = organisation_check(part(&self.0, 8, 16));
        if part(&self.0, 16, 17).starts_with(expected) {
            InnerCheck::Fits
        } else {
            InnerCheck::Differs { expected }
        }
    }
}

/// `3^i mod 31` weights; `None` only where a character is outside the alphabet.
fn check_character(payload: &str) -> Option<char> {
    let mut weight = 1;
    let mut sum = 0;
    for character in payload.chars() {
        let value = u32::try_from(ALPHABET.find(character)?).ok()?;
        sum += value * weight;
        weight = weight * 3 % MODULUS;
    }
    let check = (MODULUS - sum % MODULUS) % MODULUS;
    ALPHABET.chars().nth(usize::try_from(check).ok()?)
}

fn organisation_check(body: &str) -> char {
    let values = body
        .chars()
        .map(|character| character.to_digit(36).unwrap_or(0));
    let sum: u32 = values
        .zip(ORGANISATION_WEIGHTS)
        .map(|(value, weight)| value * weight)
        .sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

fn provisional(value: &str) -> Option<String> {
    let text = value.to_ascii_uppercase();
    let letters = text.chars().enumerate().all(|(index, found)| match index {
        0 => found == 'T',
        1 => found.is_ascii_uppercase(),
        2..8 => found.is_ascii_digit(),
        _ => found.is_ascii_digit() || found.is_ascii_uppercase(),
    });
    (letters && text.len() == 18).then_some(text)
}

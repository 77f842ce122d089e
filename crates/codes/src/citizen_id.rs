//! Citizen identity number 公民身份号码 (GB 11643—1999). A region that was abolished or is in no
//! table is told, never refused: people keep the number they were born with. Personal data: the
//! `Debug` form is masked, so that a log line cannot leak it.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::scan::{capitals, date, part};
use crate::{Allowed, CodeError, RegionCode};

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS: &str = "10X98765432";

/// A checked citizen identity number of 18 characters; lower-case x is accepted and stored as X.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CitizenId(String);

/// Sex as the number says it (17th digit: odd is male).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 女.
    Female,
    /// 男.
    Male,
}

impl CitizenId {
    /// Checks length, digits, that the birth date exists and is not after `today`, and the check
    /// character, in this order.
    pub fn parse(value: &str, today: Date) -> Result<Self, CodeError> {
        let id = Self::parse_stored(value)?;
        if today < id.birth_date() {
            return Err(CodeError::DateInFuture { from: 7, to: 14 });
        }
        Ok(id)
    }

    /// The same without a today: for values that were checked when they came in (also what
    /// `serde` uses). A birth date in the future passes here.
    pub fn parse_stored(value: &str) -> Result<Self, CodeError> {
        let text = capitals(value, &[18], "18", |index| match index {
            17 => Allowed::DigitsThenX,
            _ => Allowed::Digits,
        })?;
        date(&text, 6)?;
        let expected = check_character(part(&text, 0, 17));
        match text.chars().last() {
            Some(found) if found != expected => Err(CodeError::CheckCharacter {
                expected,
                found,
                rule: "GB 11643—1999",
            }),
            _ => Ok(Self(text)),
        }
    }

    /// The stored form: personal data, for the store and the document only.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Place of first registration (characters 1–6); ask a [`crate::RegionTable`] for its standing.
    pub fn region(&self) -> Option<RegionCode> {
        RegionCode::parse(part(&self.0, 0, 6)).ok()
    }

    /// Birth date (characters 7–14).
    pub fn birth_date(&self) -> Date {
        date(&self.0, 6).unwrap_or(Date::MIN)
    }

    /// Sex as the number says it.
    pub fn sex(&self) -> Sex {
        match self.0.as_bytes().get(16) {
            Some(digit) if digit % 2 == 1 => Sex::Male,
            _ => Sex::Female,
        }
    }

    /// Full years of age 周岁 on a day. A year is full on the birthday itself; a person born on
    /// 29 February completes a common year on 1 March. Negative before birth.
    pub fn age_on(&self, day: Date) -> i16 {
        let birth = self.birth_date();
        let not_yet = (day.month(), day.day()) < (birth.month(), birth.day());
        day.year() - birth.year() - i16::from(not_yet)
    }

    /// The number with the middle hidden, first three and last four shown (PIPL art. 51).
    pub fn masked(&self) -> String {
        format!(
            "{}***********{}",
            part(&self.0, 0, 3),
            part(&self.0, 14, 18)
        )
    }
}

impl fmt::Debug for CitizenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CitizenId({})", self.masked())
    }
}

impl fmt::Display for CitizenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for CitizenId {
    type Error = CodeError;
    fn try_from(value: String) -> Result<Self, CodeError> {
        Self::parse_stored(&value)
    }
}

impl From<CitizenId> for String {
    fn from(id: CitizenId) -> Self {
        id.0
    }
}

fn check_character(payload: &str) -> char {
    let digits = payload.chars().map(|digit| digit.to_digit(10).unwrap_or(0));
    let sum: u32 = digits
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit * weight)
        .sum();
    let index = usize::try_from(sum % 11).unwrap_or(0);
    CHECK_CHARACTERS.chars().nth(index).unwrap_or('0')
}

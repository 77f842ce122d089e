//! Case number 办件编号: region (6), day (8), department (4), serial (6), check character
//! (ISO 7064 MOD 37,36), together 25. The country has no pattern of its own; this is the house's.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::scan::{capitals, date, part, text_code};
use crate::{Allowed, CodeError, RegionCode, mod37_36};

/// Highest serial of one department on one day.
const SERIAL_MAX: u32 = 999_999;

/// A checked case number of 25 characters; lower case is accepted and stored as capitals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseNumber(String);
text_code!(CaseNumber);

impl CaseNumber {
    /// Checks length, characters, that the day exists, and the check character.
    pub fn parse(value: &str) -> Result<Self, CodeError> {
        let text = capitals(value, &[25], "25", |index| match index {
            14..18 | 24 => Allowed::DigitsAndLetters,
            _ => Allowed::Digits,
        })?;
        RegionCode::parse(part(&text, 0, 6))?;
        date(&text, 6)?;
        let expected = mod37_36::check_character(part(&text, 0, 24));
        match (expected, text.chars().last()) {
            (Some(expected), Some(found)) if expected != found => Err(CodeError::CheckCharacter {
                expected,
                found,
                rule: "ISO 7064 MOD 37,36",
            }),
            _ => Ok(Self(text)),
        }
    }

    /// Makes a number. `department` is four digits or letters, `serial` at most 999 999.
    pub fn new(
        region: &RegionCode,
        day: Date,
        department: &str,
        serial: u32,
    ) -> Result<Self, CodeError> {
        if SERIAL_MAX < serial {
            return Err(CodeError::Shape {
                en: "the serial of the day has more than six digits",
                zh: "当日流水号超过六位",
            });
        }
        if day.year() < 1 {
            return Err(CodeError::Date { from: 7, to: 14 });
        }
        let department = capitals(department, &[4], "4", |_| Allowed::DigitsAndLetters)?;
        let payload = format!(
            "{}{:04}{:02}{:02}{department}{serial:06}",
            region.county_part(),
            day.year(),
            day.month(),
            day.day()
        );
        let check = mod37_36::check_character(&payload).unwrap_or('0');
        Self::parse(&format!("{payload}{check}"))
    }

    /// Region of the hall, 6 digits.
    pub fn region(&self) -> &str {
        part(&self.0, 0, 6)
    }

    /// The day on which the case was registered.
    pub fn day(&self) -> Date {
        date(&self.0, 6).unwrap_or(Date::MIN)
    }

    /// Department, 4 characters.
    pub fn department(&self) -> &str {
        part(&self.0, 14, 18)
    }

    /// Serial of the department on the day.
    pub fn serial(&self) -> u32 {
        part(&self.0, 18, 24).parse().unwrap_or(0)
    }
}

//! First look at a value: how long it is, which characters it holds, which day a part of it names.
//! Everything here works on characters, never on byte offsets of foreign text, so nothing panics.

use jiff::civil::Date;

use crate::{Allowed, CodeError};

/// Checks the number of characters, then each character; letters come back as capitals.
pub(crate) fn capitals(
    value: &str,
    lengths: &[usize],
    expected: &'static str,
    allowed: impl Fn(usize) -> Allowed,
) -> Result<String, CodeError> {
    if value.is_empty() {
        return Err(CodeError::Empty);
    }
    let found = value.chars().count();
    if !lengths.contains(&found) {
        return Err(CodeError::Length { found, expected });
    }
    characters(value, allowed)
}

/// Checks each character (index from 0); letters come back as capitals.
pub(crate) fn characters(
    value: &str,
    allowed: impl Fn(usize) -> Allowed,
) -> Result<String, CodeError> {
    value
        .chars()
        .enumerate()
        .map(|(index, found)| {
            let capital = found.to_ascii_uppercase();
            let allowed = allowed(index);
            if allowed.holds(capital) {
                Ok(capital)
            } else {
                Err(CodeError::Character {
                    position: index + 1,
                    found,
                    allowed,
                })
            }
        })
        .collect()
}

/// The characters `from..to` of a text known to be ASCII; empty where there are none.
pub(crate) fn part(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or("")
}

/// Reads `yyyymmdd` at `from` of a text known to hold digits there.
pub(crate) fn date(text: &str, from: usize) -> Result<Date, CodeError> {
    let fail = CodeError::Date {
        from: from + 1,
        to: from + 8,
    };
    let number = |a: usize, b: usize| part(text, from + a, from + b).parse::<i16>().ok();
    let (Some(year), Some(month), Some(day)) = (number(0, 4), number(4, 6), number(6, 8)) else {
        return Err(fail);
    };
    let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else {
        return Err(fail);
    };
    Date::new(year, month, day).map_err(|_| fail)
}

/// Gives a validated ASCII newtype its reading, writing and (through `serde`) storing.
macro_rules! text_code {
    ($name:ident) => {
        impl $name {
            /// The stored form, letters as capitals.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl std::str::FromStr for $name {
            type Err = crate::CodeError;
            fn from_str(value: &str) -> Result<Self, Self::Err> {
                Self::parse(value)
            }
        }
        impl TryFrom<String> for $name {
            type Error = crate::CodeError;
            fn try_from(value: String) -> Result<Self, Self::Error> {
                Self::parse(&value)
            }
        }
        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0
            }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}
pub(crate) use text_code;

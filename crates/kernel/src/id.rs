//! Typed ids: `id!(CaseId, "case")` gives `case_01jz…` to people and machines and 16 bytes to
//! the store. Absent: how ids are made, which is [`crate::Clock::new_id`].

use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::str::FromStr;

use uuid::Uuid;

/// An id that knows what it is the id of.
pub trait TypedId:
    Copy + Eq + Ord + Hash + Debug + Display + FromStr<Err = WrongId> + Send + Sync + 'static
{
    /// The word before the underscore, e.g. `case`.
    const PREFIX: &'static str;
    /// Wraps a raw id.
    fn from_uuid(raw: Uuid) -> Self;
    /// The raw id.
    fn uuid(self) -> Uuid;
}

/// A text that is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of kind {expected}")]
pub struct WrongId {
    /// The prefix that was expected.
    pub expected: &'static str,
}

/// Crockford's base 32, lower case: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const DIGITS: usize = 26;

/// Writes `prefix_` and the 26 base-32 digits of a raw id.
pub fn write(prefix: &str, raw: Uuid, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    let mut digits = [0u8; DIGITS];
    let mut rest = raw.as_u128();
    for place in digits.iter_mut().rev() {
        *place = ALPHABET[(rest & 31) as usize];
        rest >>= 5;
    }
    out.write_str(prefix)?;
    out.write_str("_")?;
    out.write_str(std::str::from_utf8(&digits).unwrap_or_default())
}

/// Reads what [`write()`] wrote.
///
/// # Errors
/// [`WrongId`] when the prefix, the length or a digit is not as written.
pub fn read(prefix: &'static str, text: &str) -> Result<Uuid, WrongId> {
    let wrong = WrongId { expected: prefix };
    let digits = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .filter(|rest| rest.len() == DIGITS)
        .ok_or_else(|| wrong.clone())?;
    let mut raw: u128 = 0;
    for (index, digit) in digits.bytes().enumerate() {
        let value = ALPHABET.iter().position(|known| *known == digit);
        let value = value.ok_or_else(|| wrong.clone())? as u128;
        if index == 0 && 7 < value {
            return Err(wrong);
        }
        raw = (raw << 5) | value;
    }
    Ok(Uuid::from_u128(raw))
}

/// Declares a typed id: `id!(/// meaning CaseId, "case")`.
#[macro_export]
macro_rules! id {
    ($(#[$meta:meta])* $name:ident, $prefix:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($crate::uuid::Uuid);

        impl $crate::TypedId for $name {
            const PREFIX: &'static str = $prefix;
            fn from_uuid(raw: $crate::uuid::Uuid) -> Self {
                Self(raw)
            }
            fn uuid(self) -> $crate::uuid::Uuid {
                self.0
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::id::write($prefix, self.0, out)
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::id::write($prefix, self.0, out)
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::id::WrongId;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::id::read($prefix, text).map(Self)
            }
        }
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.collect_str(self)
            }
        }
        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                input: D,
            ) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(input)?;
                text.parse().map_err($crate::serde::de::Error::custom)
            }
        }
        impl $crate::ToValue for $name {
            fn to_value(&self) -> $crate::Value<'_> {
                $crate::Value::Bytes(self.0.as_bytes().as_slice().into())
            }
        }
        impl $crate::FromValue for $name {
            fn from_value(value: $crate::Value<'_>) -> Result<Self, $crate::WrongValue> {
                let raw = <[u8; 16] as $crate::FromValue>::from_value(value)?;
                Ok(Self($crate::uuid::Uuid::from_bytes(raw)))
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PersonId;

    #[test]
    fn an_id_reads_back_as_it_was_written() {
        for raw in [0, 1, u128::MAX, 0x0192_3456_789a_7bcd_8ef0_1234_5678_9abc] {
            let id = PersonId::from_uuid(Uuid::from_u128(raw));
            assert_eq!(id.to_string().parse::<PersonId>(), Ok(id));
        }
    }

    #[test]
    fn an_id_of_another_kind_or_shape_is_refused() {
        let id = PersonId::from_uuid(Uuid::from_u128(7)).to_string();
        let too_large = format!("person_8{}", "0".repeat(25));
        let wrong = [
            "",
            "person_",
            &id[1..],
            &id.replace("person", "case"),
            &too_large,
            "人_人",
        ];
        for text in wrong {
            assert!(text.parse::<PersonId>().is_err(), "{text}");
        }
    }
}

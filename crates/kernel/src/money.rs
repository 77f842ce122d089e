//! Money in fen, checked: no floating point comes near it.

use serde::{Deserialize, Serialize};

use crate::value::{FromValue, ToValue, Value, WrongValue};

/// An amount of renminbi in fen (1/100 yuan).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "i64", into = "i64")]
pub struct Money(i64);

/// The largest amount that the ledger holds, in fen.
pub const FEN_MAX: i64 = (1 << 53) - 1;

impl TryFrom<i64> for Money {
    type Error = &'static str;

    fn try_from(fen: i64) -> Result<Self, Self::Error> {
        Self::sent_fen(fen).ok_or("more fen than the ledger can hold")
    }
}

impl From<Money> for i64 {
    fn from(money: Money) -> Self {
        money.0
    }
}

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);

    /// An amount in fen.
    #[must_use]
    pub fn from_fen(fen: i64) -> Self {
        Self(fen)
    }

    /// An amount in fen that somebody sent, if the ledger can hold it: whole numbers up to
    /// 2^53 − 1, as in JSON (RFC 7493 §2.2).
    #[must_use]
    pub fn sent_fen(fen: i64) -> Option<Self> {
        (-FEN_MAX..=FEN_MAX).contains(&fen).then_some(Self(fen))
    }

    /// An amount in whole yuan, if it fits.
    #[must_use]
    pub fn from_yuan(yuan: i64) -> Option<Self> {
        yuan.checked_mul(100).map(Self)
    }

    /// The amount in fen.
    #[must_use]
    pub fn fen(self) -> i64 {
        self.0
    }

    /// The sum, if it fits.
    #[must_use]
    pub fn checked_add(self, other: Money) -> Option<Money> {
        self.0.checked_add(other.0).map(Self)
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(out, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

impl ToValue for Money {
    fn to_value(&self) -> Value<'_> {
        Value::Int(self.0)
    }
}

impl FromValue for Money {
    fn from_value(value: Value<'_>) -> Result<Self, WrongValue> {
        i64::from_value(value).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_prints_two_places_also_below_zero() {
        assert_eq!(Money::from_fen(-5).to_string(), "-0.05");
        assert_eq!(Money::from_fen(123_456).to_string(), "1234.56");
        assert_eq!(Money::from_yuan(i64::MAX), None);
    }

    #[test]
    fn an_amount_beyond_the_ledgers_whole_numbers_is_not_read() {
        assert!(serde_json::from_str::<Money>("9223372036854775807").is_err());
        let most: Money = serde_json::from_str("9007199254740991").unwrap();
        assert_eq!(most.fen(), super::FEN_MAX);
        assert_eq!(serde_json::to_string(&most).unwrap(), "9007199254740991");
    }
}

//! The nouns of the room: a procedure 流程 or a decision table 决策表 that an office drew, and its
//! versions. No text that people typed: what was drawn lies in a row bound by its digest.

use std::fmt;
use std::str::FromStr;

use kernel::{FromValue, ToValue, Value, WrongValue};
use ledger::Versions;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// A procedure 流程 or decision table 决策表 of the hall's own.
    ProcedureId,
    "procedure"
);

kernel::vocabulary! {
    /// What was drawn.
    pub enum Kind {
        /// 流程: a BPMN file.
        Process = "process",
        /// 决策表: a DMN file.
        Decision = "decision",
    }
}

/// The name of a procedure 流程代码: what items, cases and calls name it by, for ever.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProcedureName(Box<str>);

/// Something that is no [`ProcedureName`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoName;

impl fmt::Display for NoName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a name is a small letter and up to 39 small letters, digits and _")
    }
}

impl ProcedureName {
    const BYTES_MAX: usize = 40;

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProcedureName {
    type Err = NoName;

    fn from_str(text: &str) -> Result<Self, NoName> {
        let begins = text.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if begins && text.len() <= Self::BYTES_MAX && text.bytes().all(fits) {
            Ok(Self(text.into()))
        } else {
            Err(NoName)
        }
    }
}

impl TryFrom<String> for ProcedureName {
    type Error = NoName;

    fn try_from(text: String) -> Result<Self, NoName> {
        text.parse()
    }
}

impl From<ProcedureName> for String {
    fn from(name: ProcedureName) -> Self {
        name.0.into()
    }
}

impl fmt::Display for ProcedureName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl ToValue for ProcedureName {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self.as_str().into())
    }
}

impl FromValue for ProcedureName {
    fn from_value(value: Value<'_>) -> Result<Self, WrongValue> {
        let wrong = WrongValue::new("ProcedureName", &value);
        match value {
            Value::Text(word) => word.parse().map_err(|_| wrong),
            _ => Err(wrong),
        }
    }
}

/// A version by its name and number, `standard/2`. A shipped file is version 1 and is named
/// without a number, as cases named it before offices could draw.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EditionName {
    /// The procedure.
    pub name: ProcedureName,
    /// The version, from 1.
    pub number: u32,
}

impl FromStr for EditionName {
    type Err = NoName;

    fn from_str(text: &str) -> Result<Self, NoName> {
        let (name, number) = text.split_once('/').unwrap_or((text, "1"));
        let plain = number.bytes().all(|b| b.is_ascii_digit()) && !number.starts_with('0');
        let number = number.parse().ok().filter(|_| plain).ok_or(NoName)?;
        let name = name.parse()?;
        Ok(Self { name, number })
    }
}

impl fmt::Display for EditionName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.number == 1 && crate::edition::is_shipped(self.name.as_str()) {
            return write!(out, "{}", self.name);
        }
        write!(out, "{}/{}", self.name, self.number)
    }
}

impl TryFrom<String> for EditionName {
    type Error = NoName;

    fn try_from(text: String) -> Result<Self, NoName> {
        text.parse()
    }
}

impl From<EditionName> for String {
    fn from(name: EditionName) -> Self {
        name.to_string()
    }
}

/// A procedure 流程 or decision table 决策表 that an office drew, and its versions. Of a shipped
/// one, version 1 is the file of the product and is not among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Procedure {
    /// Its id.
    pub id: ProcedureId,
    /// Its name.
    pub name: ProcedureName,
    /// What was drawn.
    pub kind: Kind,
    /// The version it was copied from, if from any.
    pub copied_from: Option<EditionName>,
    /// Its versions, by number.
    pub versions: Versions,
}

impl Procedure {
    /// A version by name and number.
    #[must_use]
    pub fn edition_name(&self, number: u32) -> EditionName {
        EditionName {
            name: self.name.clone(),
            number,
        }
    }
}

//! Codes of government-service items: catalogue 基本编码 (12), task 实施编码 (31) and handling item
//! 业务办理项编码 (33) of the national platform (GB/T 39554.1—2020). Every other form in use (10 and 24
//! characters of GB/T 39046—2020, provincial forms) is kept as it came, as a [`LocalItemCode`].

use serde::{Deserialize, Serialize};

use crate::scan::{capitals, characters, part, text_code};
use crate::{Allowed, CodeError, Uscc};

/// Longest local code kept.
const LOCAL_LENGTH_MAX: usize = 64;

/// Catalogue code 基本编码: 2 source + 2 item type + 2 department + 3 main item + 3 sub-item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CatalogCode(String);
text_code!(CatalogCode);

impl CatalogCode {
    /// Checks length and digits.
    pub fn parse(value: &str) -> Result<Self, CodeError> {
        capitals(value, &[12], "12", |_| Allowed::Digits).map(Self)
    }

    /// 00 for the national catalogue, else the province (GB/T 2260).
    pub fn source(&self) -> &str {
        part(&self.0, 0, 2)
    }

    /// Item type 事项类型: 01 行政许可, 07 行政确认, 20 公共服务 …
    pub fn item_type(&self) -> &str {
        part(&self.0, 2, 4)
    }

    /// Guiding central department 指导部门.
    pub fn department(&self) -> &str {
        part(&self.0, 4, 6)
    }

    /// Main item 主项.
    pub fn main_item(&self) -> &str {
        part(&self.0, 6, 9)
    }

    /// Sub-item 子项; `None` where the code says 000.
    pub fn sub_item(&self) -> Option<&str> {
        Some(part(&self.0, 9, 12)).filter(|sub| *sub != "000")
    }
}

/// Task code 实施编码: 18 credit code of the body + 1 level + 12 catalogue code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TaskCode(String);
text_code!(TaskCode);

impl TaskCode {
    /// Checks the length, then each part by its own rule.
    pub fn parse(value: &str) -> Result<Self, CodeError> {
        let text = capitals(value, &[31], "31", |_| Allowed::DigitsAndLetters)?;
        task_parts(&text)?;
        Ok(Self(text))
    }

    /// Puts a task code together; the level is 1 国家 … 6 村, 7 分级管理.
    pub fn from_parts(body: &Uscc, level: u8, catalog: &CatalogCode) -> Result<Self, CodeError> {
        Self::parse(&format!("{body}{level}{catalog}"))
    }

    /// Credit code of the implementing body 实施主体.
    pub fn body(&self) -> &str {
        part(&self.0, 0, 18)
    }

    /// Level 行使层级 1–7.
    pub fn level(&self) -> &str {
        part(&self.0, 18, 19)
    }

    /// Catalogue code inside, 12 digits.
    pub fn catalog(&self) -> &str {
        part(&self.0, 19, 31)
    }
}

/// Handling code 业务办理项编码: task code + 2 digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HandlingCode(String);
text_code!(HandlingCode);

impl HandlingCode {
    /// Checks the length, the task code inside and the two digits.
    pub fn parse(value: &str) -> Result<Self, CodeError> {
        let text = capitals(value, &[33], "33", |_| Allowed::DigitsAndLetters)?;
        task_parts(&text)?;
        digits(&text, 31, 33)?;
        Ok(Self(text))
    }

    /// The task code inside, 31 characters.
    pub fn task(&self) -> &str {
        part(&self.0, 0, 31)
    }

    /// Number of the handling item under its task.
    pub fn sequence(&self) -> &str {
        part(&self.0, 31, 33)
    }
}

fn task_parts(text: &str) -> Result<(), CodeError> {
    Uscc::parse(part(text, 0, 18))?;
    digits(text, 18, 31)?;
    match text.as_bytes().get(18) {
        Some(b'1'..=b'7') => Ok(()),
        _ => Err(CodeError::Shape {
            en: "character 19 is the level of the body, 1 to 7",
            zh: "第 19 位是行使层级，应为 1 至 7",
        }),
    }
}

fn digits(text: &str, from: usize, to: usize) -> Result<(), CodeError> {
    let wrong = text
        .chars()
        .enumerate()
        .take(to)
        .skip(from)
        .find(|(_, c)| !c.is_ascii_digit());
    match wrong {
        None => Ok(()),
        Some((index, found)) => Err(CodeError::Character {
            position: index + 1,
            found,
            allowed: Allowed::Digits,
        }),
    }
}

/// A code of a place's own making, kept character by character (case too).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LocalItemCode(String);
text_code!(LocalItemCode);

impl LocalItemCode {
    /// Checks that it is 1–64 characters of letters, digits, `-`, `_`, `.`, with one of them
    /// other than punctuation.
    pub fn parse(value: &str) -> Result<Self, CodeError> {
        if value.is_empty() {
            return Err(CodeError::Empty);
        }
        let found = value.chars().count();
        if LOCAL_LENGTH_MAX < found {
            return Err(CodeError::Length {
                found,
                expected: "1–64",
            });
        }
        characters(value, |_| Allowed::LocalItem)?;
        if !value.chars().any(|c| c.is_ascii_alphanumeric()) {
            return Err(CodeError::Shape {
                en: "there is no letter and no digit",
                zh: "没有任何字母或数字",
            });
        }
        Ok(Self(value.to_owned()))
    }

    /// The parts between hyphens.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('-')
    }
}

/// An item code of any generation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ItemCode {
    /// 12 digits.
    Catalog(CatalogCode),
    /// 31 characters.
    Task(TaskCode),
    /// 33 characters.
    Handling(HandlingCode),
    /// Anything else that can be a code.
    Local(LocalItemCode),
}

impl ItemCode {
    /// Recognises the national forms and keeps every other as local. A 31- or 33-character code
    /// whose parts do not fit is local too: the catalogue warns, it does not lose an item.
    pub fn parse(value: &str) -> Result<Self, CodeError> {
        if let Ok(code) = CatalogCode::parse(value) {
            return Ok(Self::Catalog(code));
        }
        if let Ok(code) = TaskCode::parse(value) {
            return Ok(Self::Task(code));
        }
        if let Ok(code) = HandlingCode::parse(value) {
            return Ok(Self::Handling(code));
        }
        LocalItemCode::parse(value).map(Self::Local)
    }

    /// The stored form.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Catalog(code) => code.as_str(),
            Self::Task(code) => code.as_str(),
            Self::Handling(code) => code.as_str(),
            Self::Local(code) => code.as_str(),
        }
    }
}

impl std::fmt::Display for ItemCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for ItemCode {
    type Err = CodeError;
    fn from_str(value: &str) -> Result<Self, CodeError> {
        Self::parse(value)
    }
}

impl TryFrom<String> for ItemCode {
    type Error = CodeError;
    fn try_from(value: String) -> Result<Self, CodeError> {
        Self::parse(&value)
    }
}

impl From<ItemCode> for String {
    fn from(code: ItemCode) -> Self {
        code.as_str().to_owned()
    }
}

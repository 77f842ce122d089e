//! Why a code is not what it claims to be: one stable code and one sentence in Chinese and English.
//! A reason never repeats personal data: it names the place and the rule, not a birth date.

use std::fmt;

/// Which characters a part of a code may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// 0–9.
    Digits,
    /// 0–9, and X as the last character (GB 11643).
    DigitsThenX,
    /// 0–9 and A–Z.
    DigitsAndLetters,
    /// 0–9 and A–Z without I, O, S, V, Z (GB 32100).
    CreditCode,
    /// 0–9, A–Z, a–z and `-`, `_`, `.` (codes of a province's own making).
    LocalItem,
}

impl Allowed {
    /// Whether `found` is one of these characters.
    pub fn holds(self, found: char) -> bool {
        match self {
            Self::Digits => found.is_ascii_digit(),
            Self::DigitsThenX => found.is_ascii_digit() || found == 'X',
            Self::DigitsAndLetters => found.is_ascii_digit() || found.is_ascii_uppercase(),
            Self::CreditCode => {
                Self::DigitsAndLetters.holds(found) && !matches!(found, 'I' | 'O' | 'S' | 'V' | 'Z')
            }
            Self::LocalItem => found.is_ascii_alphanumeric() || matches!(found, '-' | '_' | '.'),
        }
    }

    fn zh(self) -> &'static str {
        match self {
            Self::Digits => "此处只能是数字",
            Self::DigitsThenX => "前 17 位只能是数字，末位只能是数字或 X",
            Self::DigitsAndLetters => "此处只能是数字或大写字母",
            Self::CreditCode => "只能是数字或大写字母，且不用 I、O、S、V、Z",
            Self::LocalItem => "只能是数字、字母、连字符、下划线和点",
        }
    }
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Digits => "only digits stand here",
            Self::DigitsThenX => "the first 17 are digits, the last is a digit or X",
            Self::DigitsAndLetters => "only digits and capital letters stand here",
            Self::CreditCode => "digits and capital letters except I, O, S, V, Z",
            Self::LocalItem => "digits, letters, hyphen, underscore and dot",
        })
    }
}

/// The rule that a value breaks. `Display` is the English reason, [`CodeError::zh`] the Chinese.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Nothing was given.
    #[error("empty: no value was given")]
    Empty,
    /// The number of characters is wrong.
    #[error("length: {found} characters, but there must be {expected}")]
    Length {
        /// How many characters were given.
        found: usize,
        /// How many the standard asks for, in words.
        expected: &'static str,
    },
    /// A letter or sign stands where the standard does not allow it.
    #[error("character not allowed: '{}' at position {position}; {allowed}", found.escape_debug())]
    Character {
        /// Place, counted from 1.
        position: usize,
        /// What stands there.
        found: char,
        /// What may stand there.
        allowed: Allowed,
    },
    /// The date part is no day of the calendar.
    #[error(
        "date: characters {from}–{to} are not a day of the calendar (month or day does not exist)"
    )]
    Date {
        /// First place of the date, counted from 1.
        from: usize,
        /// Last place of the date.
        to: usize,
    },
    /// The date part lies after today.
    #[error("date: characters {from}–{to} are a day in the future")]
    DateInFuture {
        /// First place of the date, counted from 1.
        from: usize,
        /// Last place of the date.
        to: usize,
    },
    /// The check character does not follow from the rest.
    #[error(
        "check digit: the last character is '{found}' but the others give '{expected}' ({rule})"
    )]
    CheckCharacter {
        /// What follows from the other characters.
        expected: char,
        /// What stands there.
        found: char,
        /// The standard or algorithm.
        rule: &'static str,
    },
    /// The region is in no version of the table.
    #[error("unknown region: {code} is in no version of the region table (GB/T 2260)")]
    UnknownRegion {
        /// The part that was looked up.
        code: String,
    },
    /// The value does not have the parts it should have.
    #[error("shape: {en}")]
    Shape {
        /// What is wrong, in English.
        en: &'static str,
        /// What is wrong, in Chinese.
        zh: &'static str,
    },
}

impl CodeError {
    /// A stable code for programs: it never changes once published.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Length { .. } => "length",
            Self::Character { .. } => "character",
            Self::Date { .. } => "date",
            Self::DateInFuture { .. } => "date-in-future",
            Self::CheckCharacter { .. } => "check-digit",
            Self::UnknownRegion { .. } => "unknown-region",
            Self::Shape { .. } => "shape",
        }
    }

    /// The reason in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Empty => "没有填写内容".to_owned(),
            Self::Length { found, expected } => {
                format!(
                    "长度不对：共 {found} 个字符，应为 {} 个",
                    expected.replace("or", "或")
                )
            }
            Self::Character {
                position,
                found,
                allowed,
            } => {
                format!(
                    "第 {position} 位不允许字符“{}”：{}",
                    found.escape_debug(),
                    allowed.zh()
                )
            }
            Self::Date { from, to } => {
                format!("日期不存在：第 {from}–{to} 位不是日历上的日期（月份或日子不存在）")
            }
            Self::DateInFuture { from, to } => format!("日期在将来：第 {from}–{to} 位晚于今天"),
            Self::CheckCharacter {
                expected,
                found,
                rule,
            } => {
                format!("校验码不对：末位是“{found}”，按前面各位应为“{expected}”（{rule}）")
            }
            Self::UnknownRegion { code } => {
                format!("区划代码不存在：{code} 不在任何一版行政区划代码表（GB/T 2260）中")
            }
            Self::Shape { zh, .. } => format!("格式不对：{zh}"),
        }
    }
}

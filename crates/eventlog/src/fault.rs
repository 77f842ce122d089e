//! Why a log is refused, and where: one enum, in two languages.

use std::fmt;

/// Where in a file: the line and byte counted from one, the trace and event counted from one
/// (nought before the first).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// The line that the reader had reached.
    pub line: u64,
    /// The byte that the reader had reached, after unpacking.
    pub byte: u64,
    /// The trace in which it was.
    pub trace: u64,
    /// The event of that trace in which it was.
    pub event: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, byte {}", self.line, self.byte)?;
        if self.trace > 0 {
            write!(f, ", trace {}", self.trace)?;
        }
        if self.event > 0 {
            write!(f, ", event {}", self.event)?;
        }
        Ok(())
    }
}

impl Place {
    fn zh(&self) -> String {
        let mut text = format!("第 {} 行，第 {} 字节", self.line, self.byte);
        if self.trace > 0 {
            text.push_str(&format!("，第 {} 条轨迹", self.trace));
        }
        if self.event > 0 {
            text.push_str(&format!("，第 {} 个事件", self.event));
        }
        text
    }
}

/// Why a log cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogFault {
    /// The bytes stopped coming, or are not the gzip that they begin as.
    #[error("the log cannot be read at {place}: {reason}")]
    Broken {
        /// What the reader said.
        reason: String,
        /// Where.
        place: Place,
    },
    /// The file is no well-formed XML.
    #[error("the log is not well-formed at {place}: {reason}")]
    Malformed {
        /// What the parser said.
        reason: String,
        /// Where.
        place: Place,
    },
    /// Document types and entities of one's own are refused: they can grow without end.
    #[error("a document type is refused at {place}")]
    DocumentType {
        /// Where.
        place: Place,
    },
    /// The file is XML, but no `log`.
    #[error("the file is no XES log: its first element is {found}, at {place}")]
    NotALog {
        /// The first element, `nothing` when there is none.
        found: String,
        /// Where.
        place: Place,
    },
    /// An attribute whose value does not say what its element promises.
    #[error("{key} has no readable {kind} at {place}: {value}")]
    Value {
        /// The key of the attribute.
        key: String,
        /// What the element is called: date, int, float, boolean.
        kind: &'static str,
        /// The value as it stands in the file.
        value: String,
        /// Where.
        place: Place,
    },
    /// More of something than a log may hold.
    #[error("the log has more than {limit} {what} at {place}")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// How many are allowed.
        limit: u64,
        /// Where.
        place: Place,
    },
    /// A text that XML cannot hold.
    #[error("a text holds a character that XML cannot hold: {0:?}")]
    Unwritable(char),
    /// The file cannot be written.
    #[error("the log cannot be written: {0}")]
    NotWritten(String),
}

impl LogFault {
    /// A stable word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Broken { .. } => "broken",
            Self::Malformed { .. } => "malformed",
            Self::DocumentType { .. } => "document_type",
            Self::NotALog { .. } => "not_a_log",
            Self::Value { .. } => "value",
            Self::TooMuch { .. } => "too_much",
            Self::Unwritable(_) => "unwritable",
            Self::NotWritten(_) => "not_written",
        }
    }

    /// Where in the file, when it is about a file that was read.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::Broken { place, .. }
            | Self::Malformed { place, .. }
            | Self::DocumentType { place }
            | Self::NotALog { place, .. }
            | Self::Value { place, .. }
            | Self::TooMuch { place, .. } => Some(*place),
            Self::Unwritable(_) | Self::NotWritten(_) => None,
        }
    }

    /// The fault in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        let place = self.place().map(|place| place.zh()).unwrap_or_default();
        match self {
            Self::Broken { reason, .. } => format!("日志无法读取（{place}）：{reason}"),
            Self::Malformed { reason, .. } => format!("日志不是合格的 XML（{place}）：{reason}"),
            Self::DocumentType { .. } => format!("不接受文档类型声明（{place}）"),
            Self::NotALog { found, .. } => {
                format!("文件不是 XES 日志，首个元素为 {found}（{place}）")
            }
            Self::Value {
                key, kind, value, ..
            } => format!("{key} 的值 {value} 不是合格的 {kind}（{place}）"),
            Self::TooMuch { what, limit, .. } => {
                format!("日志中的 {what} 超过 {limit} 个（{place}）")
            }
            Self::Unwritable(letter) => format!("文本中有 XML 不能容纳的字符：{letter:?}"),
            Self::NotWritten(reason) => format!("日志无法写出：{reason}"),
        }
    }
}

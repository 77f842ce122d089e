//! Why something is not brought in or taken out.

use calendar::CalendarError;
use kernel::fault::Param;

/// How a rule of operations says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The version names another content already.
    VersionTaken {
        /// The version.
        version: String,
    },
    /// The notice does not fit the calendar.
    NoticeWrong(CalendarError),
    /// A list of regions without any region.
    RegionsEmpty,
    /// Personal data leave the hall for a purpose only.
    PurposeMissing,
}

impl kernel::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::VersionTaken { .. } => "operations.version_taken",
            Self::NoticeWrong(_) => "operations.notice_wrong",
            Self::RegionsEmpty => "operations.regions_empty",
            Self::PurposeMissing => "operations.purpose_missing",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        match self {
            Self::PurposeMissing => Some("个人信息保护法第六条"),
            _ => None,
        }
    }

    fn params(&self) -> Vec<Param> {
        match self {
            Self::VersionTaken { version } => vec![("version", version.clone())],
            Self::NoticeWrong(error) => {
                vec![("reason", error.zh()), ("reason_en", error.to_string())]
            }
            Self::RegionsEmpty | Self::PurposeMissing => Vec::new(),
        }
    }
}

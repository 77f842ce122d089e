//! How the rules say no: a code, the article where there is one, what to fill in.

use jiff::civil::Date;
use kernel::fault::Param;

use crate::model::RenewalCheck;

/// Why a rule says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Only the holder, or who acts for them.
    NotYours,
    /// The certificate has no end, or has ended.
    NothingToRenew,
    /// A renewal is asked for thirty days before the end.
    AskedTooLate {
        /// The last day to ask.
        by: Date,
    },
    /// It was asked for already.
    AlreadyAsked,
    /// The hall proposes to renew it anyway.
    AlreadyProposed,
    /// The item does not publish silent renewal.
    NotListed,
    /// A safety item is never renewed in silence.
    SafetyItem,
    /// The hall's own data speak against it.
    CheckFails {
        /// Which check.
        check: RenewalCheck,
    },
    /// There are not enough days left to say no.
    TooNear,
    /// The days to say no are over.
    SayNoOver,
    /// They are not over yet.
    SayNoRuns {
        /// The last day.
        until: Date,
    },
    /// It does not wait for that.
    NotWaiting,
    /// Only a reviewer of the organ.
    NotAReviewer,
    /// Only a decider of the organ.
    NotADecider,
    /// Who reviewed it does not decide.
    DecidedByReviewer,
    /// It was not reviewed yet.
    NotReviewed,
    /// The certificate has not ended yet.
    NotYetOver {
        /// Its last day.
        until: Date,
    },
    /// The last day is over: the law has renewed it.
    DeemedAlready,
    /// Nothing is to be checked.
    NothingToCheck,
    /// The day lies beyond the days that are known.
    CalendarEnds,
}

impl kernel::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotYours => "renewal.not_yours",
            Self::NothingToRenew => "renewal.nothing_to_renew",
            Self::AskedTooLate { .. } => "renewal.asked_too_late",
            Self::AlreadyAsked => "renewal.already_asked",
            Self::AlreadyProposed => "renewal.already_proposed",
            Self::NotListed => "renewal.not_listed",
            Self::SafetyItem => "renewal.safety_item",
            Self::CheckFails { .. } => "renewal.check_fails",
            Self::TooNear => "renewal.too_near",
            Self::SayNoOver => "renewal.say_no_over",
            Self::SayNoRuns { .. } => "renewal.say_no_runs",
            Self::NotWaiting => "renewal.not_waiting",
            Self::NotAReviewer => "renewal.not_a_reviewer",
            Self::NotADecider => "renewal.not_a_decider",
            Self::DecidedByReviewer => "renewal.decided_by_reviewer",
            Self::NotReviewed => "renewal.not_reviewed",
            Self::NotYetOver { .. } => "renewal.not_yet_over",
            Self::DeemedAlready => "renewal.deemed_already",
            Self::NothingToCheck => "renewal.nothing_to_check",
            Self::CalendarEnds => "renewal.calendar_ends",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        match self {
            Self::AskedTooLate { .. } => Some("行政许可法第五十条第一款"),
            Self::NotYetOver { .. } | Self::DeemedAlready => Some("行政许可法第五十条第二款"),
            _ => None,
        }
    }

    fn params(&self) -> Vec<Param> {
        match self {
            Self::AskedTooLate { by } => vec![("by", by.to_string())],
            Self::SayNoRuns { until } | Self::NotYetOver { until } => {
                vec![("until", until.to_string())]
            }
            Self::CheckFails { check } => vec![("check", check.to_string())],
            _ => Vec::new(),
        }
    }
}

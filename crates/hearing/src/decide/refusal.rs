//! How the rules say no: a code, the article where there is one, what to fill in.

use jiff::civil::Date;
use kernel::fault::Param;

/// Why a rule says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Only who reviews or decides for the organ arranges a hearing.
    NotAnArranger,
    /// The matter is decided.
    Decided,
    /// A hearing on it is open.
    AlreadyOpen,
    /// One was held.
    HeldBefore,
    /// Only who is heard, or who acts for them.
    NotYours,
    /// The days to ask are over.
    AskedTooLate,
    /// They are not over yet.
    StillTime {
        /// The last day.
        until: Date,
    },
    /// Nobody asked for it.
    NotAsked,
    /// Time and place are told at least so many working days ahead.
    NoticeTooShort {
        /// The first day that is far enough.
        from: Date,
    },
    /// It must be held by then.
    HeldTooLate {
        /// The last day.
        until: Date,
    },
    /// The day is no working day, or the minute none of a day.
    NoWorkingDay,
    /// Who examined the matter does not preside.
    PresiderReviewed,
    /// The presider does not serve in the organ.
    PresiderElsewhere,
    /// There is no hearing to come.
    NotScheduled,
    /// Recusal is not decided yet.
    RecusalOpen,
    /// Nobody asks the presider to step aside.
    NoRecusal,
    /// Only a decider of the organ decides on it.
    NotADecider,
    /// The presider does not decide on their own recusal.
    OwnRecusal,
    /// The presider stepped aside and nobody was named.
    NoPresider,
    /// Only the presider.
    NotThePresider,
    /// The day of the hearing has not come.
    NotYet {
        /// That day.
        day: Date,
    },
    /// There are no minutes to sign.
    NotHeld,
    /// It is over.
    Over,
    /// The day lies beyond the days that are known.
    CalendarEnds,
}

impl kernel::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAnArranger => "hearing.not_an_arranger",
            Self::Decided => "hearing.decided",
            Self::AlreadyOpen => "hearing.already_open",
            Self::HeldBefore => "hearing.held_before",
            Self::NotYours => "hearing.not_yours",
            Self::AskedTooLate => "hearing.asked_too_late",
            Self::StillTime { .. } => "hearing.still_time",
            Self::NotAsked => "hearing.not_asked",
            Self::NoticeTooShort { .. } => "hearing.notice_too_short",
            Self::HeldTooLate { .. } => "hearing.held_too_late",
            Self::NoWorkingDay => "hearing.no_working_day",
            Self::PresiderReviewed => "hearing.presider_reviewed",
            Self::PresiderElsewhere => "hearing.presider_elsewhere",
            Self::NotScheduled => "hearing.not_scheduled",
            Self::RecusalOpen => "hearing.recusal_undecided",
            Self::NoRecusal => "hearing.no_recusal",
            Self::NotADecider => "hearing.not_a_decider",
            Self::OwnRecusal => "hearing.own_recusal",
            Self::NoPresider => "hearing.no_presider",
            Self::NotThePresider => "hearing.not_the_presider",
            Self::NotYet { .. } => "hearing.not_yet",
            Self::NotHeld => "hearing.not_held",
            Self::Over => "hearing.over",
            Self::CalendarEnds => "hearing.calendar_ends",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        Some(match self {
            Self::AskedTooLate | Self::StillTime { .. } | Self::HeldTooLate { .. } => {
                "行政许可法第四十七条"
            }
            Self::NoticeTooShort { .. } => "行政许可法第四十八条第一款第（一）项",
            Self::PresiderReviewed | Self::OwnRecusal => "行政许可法第四十八条第一款第（三）项",
            Self::NotHeld => "行政许可法第四十八条第一款第（五）项",
            _ => return None,
        })
    }

    fn params(&self) -> Vec<Param> {
        match self {
            Self::StillTime { until } | Self::HeldTooLate { until } => {
                vec![("until", until.to_string())]
            }
            Self::NoticeTooShort { from } => vec![("from", from.to_string())],
            Self::NotYet { day } => vec![("day", day.to_string())],
            _ => Vec::new(),
        }
    }
}

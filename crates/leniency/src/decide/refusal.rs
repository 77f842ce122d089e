//! How the rules of leniency say no.

use kernel::fault::Param;

/// How a rule says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Only those of the organ who review.
    NotAHandler,
    /// The act is not on the list.
    NotOnList,
    /// It cannot have been found tomorrow.
    FoundInFuture,
    /// It is decided.
    Decided,
    /// Only a decider of the organ.
    NotADecider,
    /// Nobody said yet what it is.
    NotAssessed,
    /// Whoever assessed it does not decide.
    DecidedByHandler,
    /// The law commands to spare it.
    MustSpare,
    /// The law does not let it be spared.
    NotLenient,
    /// Nobody is spared untaught.
    EducationMissing,
    /// Nothing was spared, or somebody looked again.
    NothingToLookAt,
    /// Whoever decided does not look again.
    LookedByDecider,
    /// Only the clock does this.
    ClockOnly,
    /// The day lies beyond the known calendar.
    CalendarEnds,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::NotAHandler,
        Self::NotOnList,
        Self::FoundInFuture,
        Self::Decided,
        Self::NotADecider,
        Self::NotAssessed,
        Self::DecidedByHandler,
        Self::MustSpare,
        Self::NotLenient,
        Self::EducationMissing,
        Self::NothingToLookAt,
        Self::LookedByDecider,
        Self::ClockOnly,
        Self::CalendarEnds,
    ];
}

impl kernel::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAHandler => "leniency.not_a_handler",
            Self::NotOnList => "leniency.not_on_list",
            Self::FoundInFuture => "leniency.found_in_future",
            Self::Decided => "leniency.decided",
            Self::NotADecider => "leniency.not_a_decider",
            Self::NotAssessed => "leniency.not_assessed",
            Self::DecidedByHandler => "leniency.decided_by_handler",
            Self::MustSpare => "leniency.must_spare",
            Self::NotLenient => "leniency.not_lenient",
            Self::EducationMissing => "leniency.education_missing",
            Self::NothingToLookAt => "leniency.nothing_to_look_at",
            Self::LookedByDecider => "leniency.looked_by_decider",
            Self::ClockOnly => "leniency.clock_only",
            Self::CalendarEnds => "leniency.calendar_ends",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        Some(match self {
            Self::MustSpare | Self::NotLenient => "行政处罚法第三十三条第一款",
            Self::EducationMissing => "行政处罚法第三十三条第三款",
            _ => return None,
        })
    }

    fn params(&self) -> Vec<Param> {
        Vec::new()
    }
}

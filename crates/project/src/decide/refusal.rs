//! How a rule of this room says no.

use calendar::CalendarError;
use kernel::fault::Param;

/// A rule says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Only the lead department may.
    LeadOnly,
    /// Only the department that was asked may answer.
    NotAsked,
    /// It is concluded.
    Over,
    /// There is no such part.
    NoSuchPart,
    /// There is no such request for an opinion.
    NoSuchOpinion,
    /// The opinion was given already.
    AlreadyGiven,
    /// The lead does not ask itself.
    OwnOrgan,
    /// Fewer days than one, or more than a department may have.
    DaysOutOfRange {
        /// The most.
        max: u32,
    },
    /// Nothing is open there that could be pressed for.
    NothingOpen,
    /// The theme has no joint check, or no visit.
    NoCheck,
    /// Opinions are still open.
    OpinionsOpen,
    /// The visit has not taken place.
    NotVisited,
    /// The list is not ticked off point by point.
    MarksMissing,
    /// It passed only when every point is right.
    PointsWrong,
    /// A conclusion that something is wrong says what.
    GroundsMissing,
    /// It passed already.
    AlreadyPassed,
    /// It is not in pre-review.
    NotInPreReview,
    /// The theme cannot be looked at before the award.
    NoPreReview,
    /// No item was chosen.
    NothingChosen,
    /// What an item waits for was not chosen.
    BeforeMissing,
    /// There is no such stage.
    NoSuchStage,
    /// Stages before it are not done.
    StageNotReady,
    /// The wanted day is too near or has passed.
    WantedTooEarly {
        /// The first day that can be kept.
        first: Date,
    },
    /// The stages wait for each other.
    NoPlan,
    /// There is no such blocker, or it was moved already.
    NoSuchBlocker,
    /// Only the hall's manager or a lead department may.
    CoordinatorOnly,
    /// A theme that is only a stage of a project.
    StageOnly,
    /// Only the front desk takes in for somebody else.
    NotFrontDesk,
    /// A day outside the calendar.
    Calendar(CalendarError),
}

use jiff::civil::Date;

impl kernel::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::LeadOnly => "project.lead_only",
            Self::NotAsked => "project.not_asked",
            Self::Over => "project.over",
            Self::NoSuchPart => "project.no_such_part",
            Self::NoSuchOpinion => "project.no_such_opinion",
            Self::AlreadyGiven => "project.already_given",
            Self::OwnOrgan => "project.own_organ",
            Self::DaysOutOfRange { .. } => "project.days_out_of_range",
            Self::NothingOpen => "project.nothing_open",
            Self::NoCheck => "project.no_check",
            Self::OpinionsOpen => "project.opinions_open",
            Self::NotVisited => "project.not_visited",
            Self::MarksMissing => "project.marks_missing",
            Self::PointsWrong => "project.points_wrong",
            Self::GroundsMissing => "project.grounds_missing",
            Self::AlreadyPassed => "project.already_passed",
            Self::NotInPreReview => "project.not_in_pre_review",
            Self::NoPreReview => "project.no_pre_review",
            Self::NothingChosen => "project.nothing_chosen",
            Self::BeforeMissing => "project.before_missing",
            Self::NoSuchStage => "project.no_such_stage",
            Self::StageNotReady => "project.stage_not_ready",
            Self::WantedTooEarly { .. } => "project.wanted_too_early",
            Self::NoPlan => "project.no_plan",
            Self::NoSuchBlocker => "project.no_such_blocker",
            Self::CoordinatorOnly => "project.coordinator_only",
            Self::StageOnly => "project.stage_only",
            Self::NotFrontDesk => "project.not_front_desk",
            Self::Calendar(_) => "project.calendar_ends",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        match self {
            Self::LeadOnly | Self::NotAsked => Some("行政许可法第二十六条第二款"),
            Self::StageNotReady => Some("国办发〔2019〕11号"),
            _ => None,
        }
    }

    fn params(&self) -> Vec<Param> {
        match self {
            Self::DaysOutOfRange { max } => vec![("max", max.to_string())],
            Self::WantedTooEarly { first } => vec![("first", first.to_string())],
            _ => Vec::new(),
        }
    }
}

impl From<CalendarError> for Refusal {
    fn from(error: CalendarError) -> Self {
        Self::Calendar(error)
    }
}

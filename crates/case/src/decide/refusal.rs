//! How a rule of a case says no: stable codes, the article, what the wording needs.

use calendar::CalendarError;
use kernel::fault::Param;
use process::StepRefusal;

use crate::model::Duty;

/// How a rule says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The case is over.
    Over,
    /// There is no such open task: done before, or taken away.
    TaskGone,
    /// The new version has no place for it.
    CannotMove {
        /// The element of the old version.
        place: String,
    },
    /// The longest way would end after the statutory day.
    MovePastLimit {
        /// That day.
        due: jiff::civil::Date,
    },
    /// Somebody holds a task whose post or duty would change.
    HeldTaskChanges {
        /// Which.
        task: u16,
    },
    /// A colleague holds the task.
    TaskHeld,
    /// The visitor does not hold the task.
    NotHeld,
    /// The visitor's post or organ is not the task's.
    WrongPost,
    /// The colleague does not hold the post of the task.
    ReceiverWithoutPost,
    /// One person, two duties that must be kept apart.
    TwoDuties {
        /// What they did.
        had: Duty,
        /// What they would do.
        wants: Duty,
    },
    /// Two reviewers must be two people.
    ReviewedAlready,
    /// Nothing is decided while the clock stands.
    ClockStands,
    /// A refusal states reason, article and remedies.
    GroundsMissing,
    /// Sending back, refusing to agree and the like state a reason.
    OpinionMissing,
    /// Results are handed out by the delivery form.
    DeliverInstead,
    /// There is nothing to hand out yet.
    NothingToDeliver,
    /// At the counter, identity and receipt are checked.
    CounterCheckMissing,
    /// By post, there is a tracking number.
    TrackingMissing,
    /// The organ cannot be asked about its own case.
    OwnOrgan,
    /// A limit of days out of range.
    DaysOutOfRange {
        /// The greatest number allowed.
        max: u32,
    },
    /// The kind of pause is not one of 许可法 45.
    NoSuchPause,
    /// The item does not list this special procedure.
    PauseNotListed,
    /// The item lists it, but not for so long.
    PauseTooLong {
        /// The longest, in working days.
        max: u32,
    },
    /// The clock stands already.
    AlreadyPaused,
    /// The clock runs.
    NotPaused,
    /// Extended once already.
    AlreadyExtended,
    /// The statutory limit has passed: too late to extend.
    LimitPassed,
    /// A limit in hours is not extended.
    NotExtendable,
    /// Only the head of the organ approves.
    HeadOnly,
    /// Decided already: too late for that.
    Decided,
    /// Only the applicant or their agent.
    ApplicantOnly,
    /// Only a finished case is archived.
    NotOver,
    /// Only the clock, or what follows from another room.
    ClockOnly,
    /// The right to a hearing runs, or a hearing has not ended.
    HearingOpen,
    /// A hearing was held: the decision says how it rests on the minutes.
    MinutesNotWeighed,
    /// A pledge owes papers: nothing is granted before they have come (容缺受理).
    PapersOwed {
        /// How many.
        owed: usize,
    },
    /// A case accepted before this one is not decided (许可法 57).
    OutOfOrder {
        /// Its number.
        number: crate::Code,
    },
    /// All licences that there can be are given out.
    NoneLeft,
    /// What it refuses for lack of was granted by silence (超时默认).
    GrantedBySilence,
    /// The item version does not list tacit approval.
    NotListedForSilence,
    /// The item version does not grant by this table, or no rule of it matched.
    NotListedForRule,
    /// The promised time is not over.
    NotYetOver {
        /// The last day.
        due: jiff::civil::Date,
    },
    /// Nothing was granted by silence, or it was checked.
    NothingToCheck,
    /// Whoever let it lapse does not check it.
    CheckedByAnswerable,
    /// The law itself sets the order: there is no lane past it (许可法 57).
    OrderIsLaw,
    /// It is in the priority lane already.
    AlreadyPrior,
    /// The grade is not enough (分级授权).
    BeyondAuthority(Box<super::Beyond>),
    /// The approval committee has to resolve first.
    ResolutionMissing,
    /// A decision that departs from the resolution says why.
    DepartureUnexplained,
    /// A legal review has to come first.
    LegalReviewMissing,
    /// The legal review stands against a grant.
    LegalReviewAgainst,
    /// Counsel has to be heard first.
    CounselMissing,
    /// The process does not take this.
    Process(StepRefusal),
    /// A day outside the calendar, or dates out of order.
    Calendar(CalendarError),
}

impl kernel::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Over => "case.over",
            Self::TaskGone => "case.task_gone",
            Self::TaskHeld => "case.task_held",
            Self::NotHeld => "case.not_held",
            Self::WrongPost => "case.wrong_post",
            Self::ReceiverWithoutPost => "case.receiver_without_post",
            Self::TwoDuties { .. } => "case.two_duties",
            Self::ReviewedAlready => "case.reviewed_already",
            Self::ClockStands => "case.clock_stands",
            Self::GroundsMissing => "case.grounds_missing",
            Self::OpinionMissing => "case.opinion_missing",
            Self::DeliverInstead => "case.deliver_instead",
            Self::NothingToDeliver => "case.nothing_to_deliver",
            Self::CounterCheckMissing => "case.counter_check_missing",
            Self::TrackingMissing => "case.tracking_missing",
            Self::OwnOrgan => "case.own_organ",
            Self::DaysOutOfRange { .. } => "case.days_out_of_range",
            Self::NoSuchPause => "case.no_such_pause",
            Self::PauseNotListed => "case.pause_not_listed",
            Self::PauseTooLong { .. } => "case.pause_too_long",
            Self::AlreadyPaused => "case.already_paused",
            Self::NotPaused => "case.not_paused",
            Self::AlreadyExtended => "case.already_extended",
            Self::LimitPassed => "case.limit_passed",
            Self::NotExtendable => "case.not_extendable",
            Self::HeadOnly => "case.head_only",
            Self::Decided => "case.decided",
            Self::ApplicantOnly => "case.applicant_only",
            Self::NotOver => "case.not_over",
            Self::ClockOnly => "case.clock_only",
            Self::HearingOpen => "case.hearing_open",
            Self::MinutesNotWeighed => "case.minutes_not_weighed",
            Self::PapersOwed { .. } => "case.papers_owed",
            Self::OutOfOrder { .. } => "case.out_of_order",
            Self::NoneLeft => "case.none_left",
            Self::GrantedBySilence => "case.granted_by_silence",
            Self::NotListedForSilence => "case.not_listed_for_silence",
            Self::NotListedForRule => "case.not_listed_for_rule",
            Self::NotYetOver { .. } => "case.not_yet_over",
            Self::NothingToCheck => "case.nothing_to_check",
            Self::CheckedByAnswerable => "case.checked_by_answerable",
            Self::CannotMove { .. } => "case.cannot_move",
            Self::MovePastLimit { .. } => "case.move_past_limit",
            Self::HeldTaskChanges { .. } => "case.held_task_changes",
            Self::OrderIsLaw => "case.order_is_law",
            Self::AlreadyPrior => "case.already_prior",
            Self::BeyondAuthority(_) => "case.beyond_authority",
            Self::ResolutionMissing => "case.resolution_missing",
            Self::DepartureUnexplained => "case.departure_unexplained",
            Self::LegalReviewMissing => "case.legal_review_missing",
            Self::LegalReviewAgainst => "case.legal_review_against",
            Self::CounselMissing => "case.counsel_missing",
            Self::Process(StepRefusal::NoSuchOutcome(_)) => "case.no_such_outcome",
            Self::Process(StepRefusal::ReturnsUsedUp(_)) => "case.returned_too_often",
            Self::Process(_) => "case.process_refuses",
            Self::Calendar(_) => "case.calendar_ends",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        Some(match self {
            Self::GroundsMissing => "行政许可法第三十八条第二款",
            Self::AlreadyExtended | Self::LimitPassed | Self::HeadOnly | Self::NotExtendable => {
                "行政许可法第四十二条"
            }
            Self::NoSuchPause
            | Self::ClockStands
            | Self::PauseNotListed
            | Self::PauseTooLong { .. } => "行政许可法第四十五条",
            Self::CounterCheckMissing | Self::TrackingMissing => "行政许可法第四十四条",
            Self::OutOfOrder { .. } | Self::NoneLeft | Self::OrderIsLaw => "行政许可法第五十七条",
            Self::HearingOpen => "行政许可法第四十七条、第四十八条",
            Self::MinutesNotWeighed => "行政许可法第四十八条第二款",
            Self::PapersOwed { .. } => "优化营商环境条例第十九条",
            _ => return None,
        })
    }

    fn params(&self) -> Vec<Param> {
        match self {
            Self::TwoDuties { had, wants } => {
                vec![("had", had.to_string()), ("wants", wants.to_string())]
            }
            Self::DaysOutOfRange { max } | Self::PauseTooLong { max } => {
                vec![("max", max.to_string())]
            }
            Self::BeyondAuthority(beyond) => {
                let [rule_zh, rule_en] = beyond.rule.clone();
                let [needs_zh, needs_en] = beyond.needs.clone();
                vec![
                    ("rule_zh", rule_zh),
                    ("rule_en", rule_en),
                    ("needs_zh", needs_zh),
                    ("needs_en", needs_en),
                    ("who", beyond.who.clone()),
                ]
            }
            Self::PapersOwed { owed } => vec![("owed", owed.to_string())],
            Self::OutOfOrder { number } => vec![("number", number.to_string())],
            Self::CannotMove { place } => vec![("place", place.clone())],
            Self::MovePastLimit { due } => vec![("due", due.to_string())],
            Self::HeldTaskChanges { task } => vec![("task", task.to_string())],
            Self::NotYetOver { due } => vec![("due", due.to_string())],
            _ => Vec::new(),
        }
    }
}

impl From<CalendarError> for Refusal {
    fn from(error: CalendarError) -> Self {
        match error {
            CalendarError::AlreadyPaused => Self::AlreadyPaused,
            CalendarError::NotPaused => Self::NotPaused,
            CalendarError::AlreadyExtended => Self::AlreadyExtended,
            other => Self::Calendar(other),
        }
    }
}

impl From<StepRefusal> for Refusal {
    fn from(refusal: StepRefusal) -> Self {
        Self::Process(refusal)
    }
}

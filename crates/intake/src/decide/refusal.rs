//! How the rules of intake say no: a code, the article, and what the wording needs.

use jiff::civil::Date;
use kernel::fault::Param;

/// How a rule says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Only a clerk of the front desk may.
    NotFrontDesk,
    /// Only the applicant or the agent may.
    NotYours,
    /// It was answered already.
    AlreadyAnswered,
    /// The one notice was given already.
    AlreadyTold,
    /// Five working days have passed: it is accepted by law.
    ToldTooLate {
        /// The last day.
        tell_by: Date,
    },
    /// A notice that asks for nothing.
    NothingMissing,
    /// A material that the item version does not list.
    MaterialNotListed {
        /// Its position.
        material: u16,
    },
    /// The applicant wants people to handle it.
    AskedForPeople,
    /// A material that is required is not there.
    Incomplete {
        /// How many are missing.
        missing: usize,
    },
    /// Something that was asked for is still missing.
    StillMissing {
        /// How many.
        missing: usize,
    },
    /// Nothing was asked for.
    NothingAsked,
    /// The applicant has been told and has not answered yet.
    WaitingForCorrection,
    /// Complete as asked: it must be accepted.
    MustAccept,
    /// The time for corrections is not over.
    TooEarlyToLapse {
        /// When it is.
        due: Date,
    },
    /// The item takes no applications.
    ItemClosed,
    /// The applicant is too young.
    UnderAge {
        /// The age asked for.
        age_min: u32,
    },
    /// The agent has no power of attorney.
    NoPowerOfAttorney,
    /// The agent's power of attorney is for another matter.
    OutsidePower,
    /// The clerk has not seen the original of the power of attorney.
    OriginalNotSeen,
    /// The last day of the power of attorney is over.
    PowerOver {
        /// That day.
        until: Date,
    },
    /// Too many files.
    TooManyDocuments,
    /// No pledge owes a paper.
    NothingOwed,
    /// No pledge owes this paper.
    NotOwed {
        /// Its position.
        material: u16,
    },
    /// A limit ends on a day that no calendar knows yet.
    CalendarEnds,
}

impl kernel::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFrontDesk => "intake.not_front_desk",
            Self::NotYours => "intake.not_yours",
            Self::AlreadyAnswered => "intake.already_answered",
            Self::AlreadyTold => "intake.already_told",
            Self::ToldTooLate { .. } => "intake.told_too_late",
            Self::NothingMissing => "intake.nothing_missing",
            Self::MaterialNotListed { .. } => "intake.material_not_listed",
            Self::AskedForPeople => "intake.asked_for_people",
            Self::Incomplete { .. } => "intake.incomplete",
            Self::StillMissing { .. } => "intake.still_missing",
            Self::NothingAsked => "intake.nothing_asked",
            Self::WaitingForCorrection => "intake.waiting_for_correction",
            Self::MustAccept => "intake.must_accept",
            Self::TooEarlyToLapse { .. } => "intake.too_early_to_lapse",
            Self::ItemClosed => "intake.item_closed",
            Self::UnderAge { .. } => "intake.under_age",
            Self::NoPowerOfAttorney => "intake.no_power_of_attorney",
            Self::OutsidePower => "intake.outside_power",
            Self::OriginalNotSeen => "intake.original_not_seen",
            Self::PowerOver { .. } => "intake.power_over",
            Self::TooManyDocuments => "intake.too_many_documents",
            Self::NothingOwed => "intake.nothing_owed",
            Self::NotOwed { .. } => "intake.not_owed",
            Self::CalendarEnds => "intake.calendar_ends",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        match self {
            Self::AlreadyTold | Self::ToldTooLate { .. } => {
                Some("行政许可法第三十二条第一款第四项")
            }
            Self::MustAccept | Self::Incomplete { .. } => Some("行政许可法第三十二条第一款第五项"),
            Self::MaterialNotListed { .. } => Some("行政许可法第三十一条"),
            Self::NoPowerOfAttorney => Some("行政许可法第二十九条第二款"),
            Self::OutsidePower => Some("民法典第一百七十一条"),
            Self::OriginalNotSeen => Some("民法典第一百六十五条"),
            Self::PowerOver { .. } => Some("民法典第一百七十三条第一项"),
            Self::ItemClosed => Some("行政许可法第三十条"),
            _ => None,
        }
    }

    fn params(&self) -> Vec<Param> {
        match self {
            Self::ToldTooLate { tell_by } => vec![("tell_by", tell_by.to_string())],
            Self::MaterialNotListed { material } | Self::NotOwed { material } => {
                vec![("material", material.to_string())]
            }
            Self::Incomplete { missing } | Self::StillMissing { missing } => {
                vec![("missing", missing.to_string())]
            }
            Self::PowerOver { until } => vec![("until", until.to_string())],
            Self::TooEarlyToLapse { due } => vec![("due", due.to_string())],
            Self::UnderAge { age_min } => vec![("age_min", age_min.to_string())],
            _ => Vec::new(),
        }
    }
}

//! How the rules say no: a code, the article where there is one, what to fill in.

use jiff::civil::Date;
use kernel::fault::Param;

use crate::model::PledgeKind;

/// Why a rule says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The version of the item does not publish this mode for this scenario.
    NotPublished {
        /// Which.
        kind: PledgeKind,
    },
    /// A safety item may not rest on a promise.
    SafetyItem,
    /// A promise was found false before; the route is closed until that is mended.
    RouteLost,
    /// It was signed already.
    AlreadySigned,
    /// The mode does not list this material.
    NotOnList {
        /// Of which mode.
        kind: PledgeKind,
        /// Its position in the item version.
        material: u16,
    },
    /// A material stands there twice.
    NamedTwice,
    /// Neither a material nor a field.
    NothingPledged,
    /// Only the applicant or their agent.
    NotYours,
    /// It was decided on this promise; it cannot be taken back any more.
    Decided,
    /// What is pledged for papers cannot be taken back: hand them in or withdraw.
    NotRetractable,
    /// Nothing is owed.
    NothingOwed,
    /// This material is not owed.
    NotOwed {
        /// Its position in the item version.
        material: u16,
    },
    /// The time to hand in is not over.
    NotYetOver {
        /// The last day.
        due: Date,
    },
    /// There is nothing to check now.
    NothingToCheck,
    /// Only a reviewer, decider or supervisor of the department checks.
    NotAChecker,
    /// Whoever decided on a promise does not check it.
    CheckedByDecider,
    /// Time to put right is given once.
    AlreadyRectifying,
    /// Only the decider of the department opens the route again.
    NotADecider,
    /// Whoever found the promise false does not mend it.
    MendedByChecker,
    /// It is not broken.
    NotBroken,
    /// It is over.
    Over,
    /// The day lies beyond the days that are known.
    CalendarEnds,
}

impl kernel::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotPublished { .. } => "pledge.not_published",
            Self::SafetyItem => "pledge.safety_item",
            Self::RouteLost => "pledge.route_lost",
            Self::AlreadySigned => "pledge.already_signed",
            Self::NotOnList { .. } => "pledge.not_on_list",
            Self::NamedTwice => "pledge.named_twice",
            Self::NothingPledged => "pledge.nothing_pledged",
            Self::NotYours => "pledge.not_yours",
            Self::Decided => "pledge.decided",
            Self::NotRetractable => "pledge.not_retractable",
            Self::NothingOwed => "pledge.nothing_owed",
            Self::NotOwed { .. } => "pledge.not_owed",
            Self::NotYetOver { .. } => "pledge.not_yet_over",
            Self::NothingToCheck => "pledge.nothing_to_check",
            Self::NotAChecker => "pledge.not_a_checker",
            Self::CheckedByDecider => "pledge.checked_by_decider",
            Self::AlreadyRectifying => "pledge.already_rectifying",
            Self::NotADecider => "pledge.not_a_decider",
            Self::MendedByChecker => "pledge.mended_by_checker",
            Self::NotBroken => "pledge.not_broken",
            Self::Over => "pledge.over",
            Self::CalendarEnds => "pledge.calendar_ends",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        match self {
            Self::NotPublished { .. } | Self::NotOnList { .. } => Some("行政许可法第三十条"),
            Self::SafetyItem => Some("优化营商环境条例第十九条"),
            _ => None,
        }
    }

    fn params(&self) -> Vec<Param> {
        match self {
            Self::NotOnList { material, .. } | Self::NotOwed { material } => {
                vec![("material", (u32::from(*material) + 1).to_string())]
            }
            Self::NotYetOver { due } => vec![("due", due.to_string())],
            _ => Vec::new(),
        }
    }
}

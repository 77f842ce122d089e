//! How the rules of the room say no.

use jiff::civil::Date;
use kernel::Money;
use kernel::fault::Param;

/// How a rule says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is a scheme of this code.
    CodeTaken,
    /// A benefit needs an amount, a period and a budget that holds at least one.
    AmountMissing,
    /// The item does not publish 无感审批, or it is a safety item.
    ItemNotListed,
    /// Only a decider of the organ, or the head of the hall.
    NotYourScheme,
    /// The scheme is closed.
    Closed,
    /// The rule does not grant it to this party.
    NotMatched,
    /// The party has it already for this period: nothing is paid twice.
    AlreadyOffered,
    /// Only the party answers.
    NotYours,
    /// There is nothing to answer any more.
    NothingToAnswer,
    /// The time to answer is not over.
    NotYetOver {
        /// The last day.
        due: Date,
    },
    /// Only the house.
    HouseOnly,
    /// Not confirmed: nothing to decide.
    NotConfirmed,
    /// Only a decider of the organ.
    NotADecider,
    /// Whoever ran the match does not decide on it.
    MatchedByDecider,
    /// The budget is spent.
    BudgetSpent {
        /// What is left.
        left: Money,
    },
    /// A refusal needs a reason.
    ReasonMissing,
    /// Not granted: nothing to pay.
    NotGranted,
    /// It is paid: nothing is paid twice.
    AlreadyPaid,
    /// It is on no list.
    NotListed,
    /// A list without payments.
    EmptyList,
    /// There is nothing to check.
    NothingToCheck,
    /// Only reviewers and deciders of the organ check.
    NotAChecker,
    /// Whoever matched or decided does not check it.
    CheckedByDecider,
    /// The day lies beyond the known calendar.
    CalendarEnds,
}

impl kernel::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::CodeTaken => "offer.code_taken",
            Self::AmountMissing => "offer.amount_missing",
            Self::ItemNotListed => "offer.item_not_listed",
            Self::NotYourScheme => "offer.not_your_scheme",
            Self::Closed => "offer.closed",
            Self::NotMatched => "offer.not_matched",
            Self::AlreadyOffered => "offer.already_offered",
            Self::NotYours => "offer.not_yours",
            Self::NothingToAnswer => "offer.nothing_to_answer",
            Self::NotYetOver { .. } => "offer.not_yet_over",
            Self::HouseOnly => "offer.house_only",
            Self::NotConfirmed => "offer.not_confirmed",
            Self::NotADecider => "offer.not_a_decider",
            Self::MatchedByDecider => "offer.matched_by_decider",
            Self::BudgetSpent { .. } => "offer.budget_spent",
            Self::ReasonMissing => "offer.reason_missing",
            Self::NotGranted => "offer.not_granted",
            Self::AlreadyPaid => "offer.already_paid",
            Self::NotListed => "offer.not_listed",
            Self::EmptyList => "offer.empty_list",
            Self::NothingToCheck => "offer.nothing_to_check",
            Self::NotAChecker => "offer.not_a_checker",
            Self::CheckedByDecider => "offer.checked_by_decider",
            Self::CalendarEnds => "offer.calendar_ends",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        None
    }

    fn params(&self) -> Vec<Param> {
        match self {
            Self::NotYetOver { due } => vec![("due", due.to_string())],
            Self::BudgetSpent { left } => vec![("left", left.to_string())],
            _ => Vec::new(),
        }
    }
}

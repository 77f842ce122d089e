//! How the rules say no: a code, the article where there is one, what to fill in.

use jiff::civil::Date;
use kernel::fault::Param;

/// Why a rule says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Another exit of the same certificate is under way.
    AlreadyRunning,
    /// Only who reviews or decides for the organ that issued it opens one.
    NotAnOpener,
    /// A holder asks to be struck off, for nothing else.
    RequestOnlyCancels,
    /// Only the holder, or who acts for them.
    NotYours,
    /// 吊销 is recorded from a penalty decision; here is none.
    PenaltyWithoutDecision,
    /// The organ that approves does not punish: the decision is another organ's.
    PenaltyOwnOrgan,
    /// The penalty decision bears a day to come.
    PenaltyInFuture,
    /// The days to state and to defend are over.
    StatementsOver,
    /// They are not over yet.
    StatementsRunning {
        /// The last day.
        until: Date,
    },
    /// On this ground there is no hearing.
    NoHearing,
    /// A hearing was asked for already.
    HearingAsked,
    /// A hearing has not ended.
    HearingOpen,
    /// On this ground nothing is compensated.
    NotCompensated,
    /// Loss and compensation were not assessed.
    LossNotAssessed,
    /// The compensation is greater than the loss.
    MoreThanTheLoss,
    /// It does not wait for the legal review.
    NotInReview,
    /// Only the legal reviewer of the organ.
    NotALegalReviewer,
    /// Who opened it does not review it.
    ReviewedByOpener,
    /// Who presided over the hearing does not review it.
    ReviewedByPresider,
    /// Only a revocation is barred by the public interest.
    BarOnlyRevocation,
    /// It was not reviewed yet.
    NotReviewed,
    /// The review did not agree: nothing can be taken away.
    ReviewedAgainst,
    /// It would gravely harm the public: it is not revoked.
    Barred,
    /// Nobody found that it would.
    NotBarred,
    /// What was obtained by fraud must be revoked.
    MustRevoke,
    /// Only a revocation for the organ's own fault is at its discretion.
    NoDiscretion,
    /// Only a decider of the organ decides.
    NotADecider,
    /// Who opened it does not decide.
    DecidedByOpener,
    /// Who reviewed it does not decide.
    DecidedByReviewer,
    /// Who presided over the hearing does not decide.
    DecidedByPresider,
    /// A hearing was held: the decision says how it rests on the minutes.
    MinutesNotWeighed,
    /// It is over.
    Over,
    /// There is nothing to pay.
    NothingToPay,
    /// The day lies beyond the days that are known.
    CalendarEnds,
}

impl kernel::Refusal for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::AlreadyRunning => "exit.already_running",
            Self::NotAnOpener => "exit.not_an_opener",
            Self::RequestOnlyCancels => "exit.request_only_cancels",
            Self::NotYours => "exit.not_yours",
            Self::PenaltyWithoutDecision => "exit.penalty_without_decision",
            Self::PenaltyOwnOrgan => "exit.penalty_own_organ",
            Self::PenaltyInFuture => "exit.penalty_in_future",
            Self::StatementsOver => "exit.statements_over",
            Self::StatementsRunning { .. } => "exit.statements_running",
            Self::NoHearing => "exit.no_hearing",
            Self::HearingAsked => "exit.hearing_asked_already",
            Self::HearingOpen => "exit.hearing_open",
            Self::NotCompensated => "exit.not_compensated",
            Self::LossNotAssessed => "exit.loss_not_assessed",
            Self::MoreThanTheLoss => "exit.more_than_the_loss",
            Self::NotInReview => "exit.not_in_review",
            Self::NotALegalReviewer => "exit.not_a_legal_reviewer",
            Self::ReviewedByOpener => "exit.reviewed_by_opener",
            Self::ReviewedByPresider => "exit.reviewed_by_presider",
            Self::BarOnlyRevocation => "exit.bar_only_revocation",
            Self::NotReviewed => "exit.not_reviewed",
            Self::ReviewedAgainst => "exit.reviewed_against",
            Self::Barred => "exit.barred",
            Self::NotBarred => "exit.not_barred",
            Self::MustRevoke => "exit.must_revoke",
            Self::NoDiscretion => "exit.no_discretion",
            Self::NotADecider => "exit.not_a_decider",
            Self::DecidedByOpener => "exit.decided_by_opener",
            Self::DecidedByReviewer => "exit.decided_by_reviewer",
            Self::DecidedByPresider => "exit.decided_by_presider",
            Self::MinutesNotWeighed => "exit.minutes_not_weighed",
            Self::Over => "exit.over",
            Self::NothingToPay => "exit.nothing_to_pay",
            Self::CalendarEnds => "exit.calendar_ends",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        Some(match self {
            Self::PenaltyWithoutDecision | Self::PenaltyOwnOrgan => "行政许可法第八十条",
            Self::StatementsOver | Self::StatementsRunning { .. } => "行政许可法第七条",
            Self::NoHearing | Self::HearingOpen => "行政许可法第四十七条",
            Self::MinutesNotWeighed => "行政许可法第四十八条第二款",
            Self::LossNotAssessed => "行政许可法第八条、第六十九条",
            Self::NotCompensated => "行政许可法第六十九条第四款",
            Self::Barred | Self::NotBarred | Self::BarOnlyRevocation => {
                "行政许可法第六十九条第三款"
            }
            Self::MustRevoke => "行政许可法第六十九条第二款",
            Self::NoDiscretion => "行政许可法第六十九条第一款",
            _ => return None,
        })
    }

    fn params(&self) -> Vec<Param> {
        match self {
            Self::StatementsRunning { until } => vec![("until", until.to_string())],
            _ => Vec::new(),
        }
    }
}

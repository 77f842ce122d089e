//! 分级授权 as a case sees it: what the authority room said of a decision, and what follows. Which line
//! of which table it comes from, that room knows; here it is a fact like any other.

use kernel::OfficerId;

use super::{Facts, Refusal};
use crate::model::{Case, Completion, Doer, Duty, Verdict};

/// What the table in force says of the decision of a case and of whoever asks for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authority {
    /// What they lack, when their grade is not enough; none when they may decide.
    pub beyond: Option<Beyond>,
    /// What the approval committee 审批委员会 resolved.
    pub committee: Resolution,
    /// What the legal review 法制审核 came to.
    pub legal: Heard,
    /// What counsel 法律顾问 said.
    pub counsel: Heard,
    /// Who gave the legal review: they do not decide as well.
    pub reviewers: Vec<OfficerId>,
}

/// A decision beyond somebody's authority: which rule, and who may decide. In words, because the
/// grades and the lines are the authority room's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beyond {
    /// The line of the table or the list, in Chinese and English.
    pub rule: [String; 2],
    /// The grade that it takes.
    pub needs: [String; 2],
    /// The names of those who may decide; a dash for nobody.
    pub who: String,
}

/// What the committee resolved on a case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Resolution {
    /// It need not.
    #[default]
    NotAsked,
    /// Nothing yet, and it has to.
    Awaited,
    /// 同意准予.
    Agreed,
    /// 不同意准予.
    NotAgreed,
}

/// Whether an opinion that has to come first has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Heard {
    /// It need not.
    #[default]
    NotAsked,
    /// Not yet, and it has to.
    Awaited,
    /// It has.
    Given,
    /// It has, and stands against a grant.
    Against,
}

impl Case {
    /// Whether the grade of whoever asks is enough for a decision.
    pub(super) fn within_authority(&self, duty: Duty, facts: &Facts) -> Result<(), Refusal> {
        match &facts.conditions.authority.beyond {
            Some(beyond) if duty == Duty::Decide => {
                Err(Refusal::BeyondAuthority(Box::new(beyond.clone())))
            }
            _ => Ok(()),
        }
    }

    /// What has to come before a decision: resolution, legal review, counsel. Whoever departs
    /// from a resolution says why.
    pub(super) fn may_conclude(
        &self,
        verdict: Verdict,
        completion: &Completion,
        doer: &Doer,
        facts: &Facts,
    ) -> Result<(), Refusal> {
        let authority = &facts.conditions.authority;
        let reviewed = |one: &OfficerId| doer.officer == *one || doer.standing_in == Some(*one);
        if authority.reviewers.iter().any(reviewed) {
            let (had, wants) = (Duty::Legal, Duty::Decide);
            return Err(Refusal::TwoDuties { had, wants });
        }
        if authority.legal == Heard::Awaited {
            return Err(Refusal::LegalReviewMissing);
        }
        if authority.counsel == Heard::Awaited {
            return Err(Refusal::CounselMissing);
        }
        if authority.legal == Heard::Against && verdict == Verdict::Granted {
            return Err(Refusal::LegalReviewAgainst);
        }
        let departs = match (authority.committee, verdict) {
            (Resolution::Awaited, _) => return Err(Refusal::ResolutionMissing),
            (Resolution::NotAsked, _) => false,
            (Resolution::Agreed, verdict) => verdict == Verdict::Refused,
            (Resolution::NotAgreed, verdict) => verdict == Verdict::Granted,
        };
        if departs && completion.departure.is_none() {
            return Err(Refusal::DepartureUnexplained);
        }
        Ok(())
    }

    /// Neither silence nor a rule grants what a committee has to resolve on or a lawyer to review,
    /// nor what was heard: somebody has to weigh the minutes.
    pub(super) fn may_grant_unasked(&self, facts: &Facts) -> Result<(), Refusal> {
        self.weighs_minutes(false, facts)?;
        let authority = &facts.conditions.authority;
        match (authority.committee, authority.legal, authority.counsel) {
            (Resolution::Awaited | Resolution::NotAgreed, _, _) => Err(Refusal::ResolutionMissing),
            (_, Heard::Awaited, _) => Err(Refusal::LegalReviewMissing),
            (_, Heard::Against, _) => Err(Refusal::LegalReviewAgainst),
            (_, _, Heard::Awaited) => Err(Refusal::CounselMissing),
            _ => Ok(()),
        }
    }
}

//! 岗位分离: who accepted, who reviewed, who decided and who hands out are four people; and two
//! reviewers are two. It binds the person and whomever they stand in for (AB 角) alike.

use kernel::OfficerId;

use super::Refusal;
use crate::model::{Case, Duty, Hand};

/// A person and whom they stand in for, as separation looks at them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflicting {
    /// The person.
    pub officer: OfficerId,
    /// Whom they stand in for.
    pub standing_in: Option<OfficerId>,
}

impl Conflicting {
    fn meets(self, hand: &Hand) -> bool {
        let theirs = [Some(hand.by), hand.standing_in];
        [Some(self.officer), self.standing_in]
            .iter()
            .any(|mine| mine.is_some() && theirs.contains(mine))
    }
}

impl Case {
    /// Whether this person may do this duty here.
    pub(super) fn may_do(&self, person: Conflicting, duty: Duty, task: u16) -> Result<(), Refusal> {
        if !duty.is_kept_apart() {
            return Ok(());
        }
        for hand in self.hands.iter().filter(|hand| person.meets(hand)) {
            if hand.duty.is_kept_apart() && hand.duty != duty {
                let (had, wants) = (hand.duty, duty);
                return Err(Refusal::TwoDuties { had, wants });
            }
            if duty == Duty::Review && hand.duty == duty && hand.task != task {
                return Err(Refusal::ReviewedAlready);
            }
        }
        Ok(())
    }
}

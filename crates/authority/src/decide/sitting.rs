//! The life of a committee sitting: called, cases put on the agenda, opened with a quorum,
//! recusals, votes, resolutions, closed with minutes. One member, one vote, in person.

use jiff::civil::Date;
use kernel::uuid::Uuid;
use kernel::{OfficerId, OrganId};
use ledger::{Commitment, Lifecycle};
use serde::{Deserialize, Serialize};

use super::{Facts, Refusal};
use crate::model::{
    AgendaItem, CommitteeSitting, Outcome, SittingId, SittingState, Vote, VoteCast, first, is_first,
};

/// The fewest members of a committee.
pub const MEMBERS_MIN: usize = 3;

/// A sitting as it is called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Called {
    /// Of which organ.
    pub organ: OrganId,
    /// When it meets.
    pub on: Date,
    /// Which one of the organ's on that day, counted from 1.
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub number: u32,
    /// Who presides.
    pub chair: OfficerId,
    /// Who keeps the minutes.
    pub secretary: OfficerId,
    /// Who belongs to it.
    pub members: Vec<OfficerId>,
    /// How many must be there.
    pub quorum: u32,
}

/// What happened at a sitting. No field holds a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// 召集.
    Called(Box<Called>),
    /// 列入议题.
    CasePut {
        /// The case.
        case: Uuid,
        /// Who accepted or reviewed it.
        handled: Vec<OfficerId>,
        /// The paper that reports on it.
        paper: Commitment,
    },
    /// 开会.
    Opened {
        /// Who is there.
        present: Vec<OfficerId>,
    },
    /// 回避.
    Recused {
        /// The case.
        case: Uuid,
        /// Who steps aside.
        member: OfficerId,
        /// Why.
        reason: Commitment,
    },
    /// 表决.
    Voted {
        /// The case.
        case: Uuid,
        /// Who.
        member: OfficerId,
        /// How.
        vote: Vote,
    },
    /// 决议.
    Resolved {
        /// The case.
        case: Uuid,
        /// What was resolved.
        outcome: Outcome,
    },
    /// 闭会.
    Closed {
        /// By whom.
        by: OfficerId,
        /// What the minutes say beside the votes.
        remarks: Commitment,
    },
}

impl ledger::Event for Event {}

/// What can be asked of a sitting.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Put a case on the agenda.
    PutCase {
        /// The case.
        case: Uuid,
        /// Who accepted or reviewed it.
        handled: Vec<OfficerId>,
        /// Whether it waits for a decision of this organ.
        undecided: bool,
        /// The paper that reports on it.
        paper: Commitment,
    },
    /// Begin.
    Open {
        /// Who is there.
        present: Vec<OfficerId>,
    },
    /// Step aside.
    Recuse {
        /// The case.
        case: Uuid,
        /// Who.
        member: OfficerId,
        /// Why.
        reason: Commitment,
    },
    /// Vote.
    Vote {
        /// The case.
        case: Uuid,
        /// How.
        vote: Vote,
    },
    /// Count the votes on a case.
    Resolve {
        /// The case.
        case: Uuid,
    },
    /// Leave a case for another day.
    Defer {
        /// The case.
        case: Uuid,
    },
    /// End.
    Close {
        /// What the minutes say beside the votes.
        remarks: Commitment,
    },
}

/// Calls a sitting: at least three members, the chair among them, a quorum of more than half.
///
/// # Errors
/// The rule that says no.
pub fn call(mut called: Called, facts: &Facts) -> Result<Event, Refusal> {
    if called.on < facts.today {
        return Err(Refusal::InThePast);
    }
    called.members.sort_unstable();
    called.members.dedup();
    if called.members.len() < MEMBERS_MIN {
        return Err(Refusal::TooFewMembers);
    }
    if !called.members.contains(&called.chair) {
        return Err(Refusal::NotAMember);
    }
    let count = u32::try_from(called.members.len()).unwrap_or(u32::MAX);
    let min = count / 2 + 1;
    if called.quorum < min || count < called.quorum {
        return Err(Refusal::QuorumTooSmall { min });
    }
    Ok(Event::Called(Box::new(called)))
}

impl CommitteeSitting {
    fn conducts(&self, facts: &Facts) -> Result<(), Refusal> {
        let by = facts.in_person()?;
        if by == self.chair || by == self.secretary {
            Ok(())
        } else {
            Err(Refusal::NotConducting)
        }
    }

    /// The case, when it is being discussed.
    fn discussed(&self, case: Uuid) -> Result<&AgendaItem, Refusal> {
        if self.state != SittingState::Open {
            return Err(Refusal::NotOpen);
        }
        let item = self.on_agenda(case).ok_or(Refusal::NotOnAgenda)?;
        if item.outcome.is_some() {
            return Err(Refusal::AlreadyResolved);
        }
        Ok(item)
    }

    fn is_quorate(&self, present: usize) -> Result<(), Refusal> {
        let needed = self.quorum;
        if present < usize::try_from(needed).unwrap_or(usize::MAX) {
            return Err(Refusal::NoQuorum { needed, present });
        }
        Ok(())
    }

    fn put_case(
        &self,
        case: Uuid,
        handled: Vec<OfficerId>,
        paper: Commitment,
        undecided: bool,
    ) -> Result<Vec<Event>, Refusal> {
        if self.state != SittingState::Called {
            return Err(Refusal::AgendaStands);
        }
        if self.on_agenda(case).is_some() {
            return Err(Refusal::OnAgenda);
        }
        if !undecided {
            return Err(Refusal::CaseDecided);
        }
        Ok(vec![Event::CasePut {
            case,
            handled,
            paper,
        }])
    }

    fn begin_sitting(
        &self,
        mut present: Vec<OfficerId>,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        self.conducts(facts)?;
        if self.state != SittingState::Called {
            return Err(Refusal::AgendaStands);
        }
        if self.on != facts.today {
            return Err(Refusal::NotToday { on: self.on });
        }
        if self.agenda.is_empty() {
            return Err(Refusal::EmptyAgenda);
        }
        present.sort_unstable();
        present.dedup();
        if present.iter().any(|one| !self.members.contains(one)) {
            return Err(Refusal::NotAMember);
        }
        if !present.contains(&self.chair) {
            return Err(Refusal::ChairAbsent);
        }
        self.is_quorate(present.len())?;
        Ok(vec![Event::Opened { present }])
    }

    fn recuse(
        &self,
        case: Uuid,
        member: OfficerId,
        reason: Commitment,
        facts: &Facts,
    ) -> Result<Vec<Event>, Refusal> {
        let by = facts.in_person()?;
        let item = self.discussed(case)?;
        if by != member && by != self.chair {
            return Err(Refusal::NotConducting);
        }
        if !self.members.contains(&member) {
            return Err(Refusal::NotAMember);
        }
        if item.recused.contains(&member) {
            return Ok(Vec::new());
        }
        if item.votes.iter().any(|cast| cast.member == member) {
            return Err(Refusal::VotedAlready);
        }
        Ok(vec![Event::Recused {
            case,
            member,
            reason,
        }])
    }

    fn cast(&self, case: Uuid, vote: Vote, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let member = facts.in_person()?;
        let item = self.discussed(case)?;
        if !self.present.contains(&member) {
            return Err(Refusal::NotAMember);
        }
        if item.handled.contains(&member) {
            return Err(Refusal::HandledIt);
        }
        if item.recused.contains(&member) {
            return Err(Refusal::Recused);
        }
        if item.votes.iter().any(|cast| cast.member == member) {
            return Err(Refusal::VotedAlready);
        }
        Ok(vec![Event::Voted { case, member, vote }])
    }

    /// More than half of those who are there and may vote must be for it.
    fn resolve(&self, case: Uuid, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        self.conducts(facts)?;
        let item = self.discussed(case)?;
        let voters = self.voters(item).count();
        self.is_quorate(voters)?;
        let missing = voters.saturating_sub(item.votes.len());
        if 0 < missing {
            return Err(Refusal::VotesMissing { missing });
        }
        let outcome = if voters < 2 * item.count(Vote::For) {
            Outcome::Agreed
        } else {
            Outcome::NotAgreed
        };
        Ok(vec![Event::Resolved { case, outcome }])
    }

    fn close(&self, remarks: Commitment, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        self.conducts(facts)?;
        if self.state != SittingState::Open {
            return Err(Refusal::NotOpen);
        }
        if self.agenda.iter().any(|item| item.outcome.is_none()) {
            return Err(Refusal::NotAllResolved);
        }
        let by = facts.by.officer;
        Ok(vec![Event::Closed { by, remarks }])
    }

    fn item_mut(&mut self, case: Uuid) -> Option<&mut AgendaItem> {
        self.agenda.iter_mut().find(|one| one.case == case)
    }
}

impl Lifecycle for CommitteeSitting {
    const KIND: &'static str = "sitting";
    type Id = SittingId;
    type Event = Event;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> SittingId {
        self.id
    }

    fn begin(id: SittingId, event: &Event) -> Option<Self> {
        let Event::Called(called) = event else {
            return None;
        };
        let called = called.as_ref().clone();
        Some(Self {
            id,
            organ: called.organ,
            on: called.on,
            number: called.number,
            state: SittingState::Called,
            chair: called.chair,
            secretary: called.secretary,
            members: called.members,
            quorum: called.quorum,
            present: Vec::new(),
            agenda: Vec::new(),
            remarks: None,
        })
    }

    fn evolve(&mut self, event: &Event) {
        match event {
            Event::Called(_) => {}
            Event::CasePut {
                case,
                handled,
                paper,
            } => self.agenda.push(AgendaItem {
                case: *case,
                handled: handled.clone(),
                paper: *paper,
                recused: Vec::new(),
                votes: Vec::new(),
                outcome: None,
            }),
            Event::Opened { present } => {
                self.state = SittingState::Open;
                self.present.clone_from(present);
            }
            Event::Recused { case, member, .. } => {
                if let Some(item) = self.item_mut(*case) {
                    item.recused.push(*member);
                }
            }
            Event::Voted { case, member, vote } => {
                let (member, vote) = (*member, *vote);
                if let Some(item) = self.item_mut(*case) {
                    item.votes.push(VoteCast { member, vote });
                }
            }
            Event::Resolved { case, outcome } => {
                let outcome = *outcome;
                if let Some(item) = self.item_mut(*case) {
                    item.outcome = Some(outcome);
                }
            }
            Event::Closed { remarks, .. } => {
                self.state = SittingState::Closed;
                self.remarks = Some(*remarks);
            }
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::PutCase {
                case,
                handled,
                undecided,
                paper,
            } => self.put_case(case, handled, paper, undecided),
            Command::Open { present } => self.begin_sitting(present, facts),
            Command::Recuse {
                case,
                member,
                reason,
            } => self.recuse(case, member, reason, facts),
            Command::Vote { case, vote } => self.cast(case, vote, facts),
            Command::Resolve { case } => self.resolve(case, facts),
            Command::Defer { case } => {
                self.conducts(facts)?;
                self.discussed(case)?;
                let outcome = Outcome::Deferred;
                Ok(vec![Event::Resolved { case, outcome }])
            }
            Command::Close { remarks } => self.close(remarks, facts),
        }
    }
}

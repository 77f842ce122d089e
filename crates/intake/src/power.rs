//! The power of attorney 授权委托书 as a clerk takes it at the counter: who may act for whom, in
//! which matter and until when, with the paper itself; and the rules of it (民法典 161 to 174).
//! No clock, no database.
//!
//! Deliberately absent: the right that follows, which is `identity::Agency`; and powers that a
//! principal grants online, which the hall does not offer.

use catalogue::ItemId;
use identity::AgencyId;
use jiff::civil::Date;
use kernel::{OfficerId, OrganId, PersonId};
use ledger::{Commitment, FileCommitment, Lifecycle};
use serde::{Deserialize, Serialize};

use crate::decide::Refusal;
use crate::model::By;

kernel::id!(
    /// A power of attorney 授权委托书 that was handed in.
    PowerId,
    "power"
);

/// A power of attorney as the hall keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Power {
    /// Its id.
    pub id: PowerId,
    /// The right that follows from it.
    pub agency: AgencyId,
    /// Who is acted for 被代理人.
    pub principal: PersonId,
    /// Who acts 代理人.
    pub agent: PersonId,
    /// The matter 代理事项: one item, or every matter of the principal.
    pub item: Option<ItemId>,
    /// The hall that took it.
    pub hall: OrganId,
    /// The clerk who saw the original.
    pub seen_by: OfficerId,
    /// Its first day.
    pub from: Date,
    /// Its last day 代理期限.
    pub until: Date,
    /// The paper, signed or sealed by the principal.
    pub paper: FileCommitment,
    /// What the agent may do 代理权限, in the words of the paper.
    pub scope: Commitment,
    /// When the principal took it back 取消委托.
    pub ended_on: Option<Date>,
}

/// What is handed in at the counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandedIn {
    /// Who is acted for.
    pub principal: PersonId,
    /// Who acts.
    pub agent: PersonId,
    /// The matter; none for every matter.
    pub item: Option<ItemId>,
    /// Its last day.
    pub until: Date,
    /// Whether the clerk holds the original in hand.
    pub original_seen: bool,
}

/// What happened to a power of attorney.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PowerEvent {
    /// A clerk saw the original and recorded it.
    Recorded {
        /// The right that follows from it.
        agency: AgencyId,
        /// Who is acted for.
        principal: PersonId,
        /// Who acts.
        agent: PersonId,
        /// The matter; none for every matter.
        item: Option<ItemId>,
        /// The hall that took it.
        hall: OrganId,
        /// The clerk who saw the original.
        original_seen_by: OfficerId,
        /// Its first day.
        from: Date,
        /// Its last day.
        until: Date,
        /// The paper.
        paper: FileCommitment,
        /// What the agent may do.
        scope: Commitment,
    },
    /// The principal took it back (民法典 173(2)).
    Ended {
        /// When; the day itself still counts.
        on: Date,
    },
}

impl ledger::Event for PowerEvent {}

/// What can be asked of a power of attorney.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PowerCommand {
    /// Take it back.
    End,
}

/// What a decision needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PowerFacts {
    /// The day.
    pub today: Date,
    /// Who asks.
    pub by: By,
}

/// Whether a paper may be taken (民法典 165: in writing, with matter, powers and term, signed or
/// sealed by the principal); answers the clerk and the hall.
///
/// # Errors
/// [`Refusal::NotFrontDesk`], [`Refusal::OriginalNotSeen`], [`Refusal::PowerOver`].
pub fn may_record(new: &HandedIn, facts: &PowerFacts) -> Result<(OfficerId, OrganId), Refusal> {
    let By::Clerk { officer, hall } = facts.by else {
        return Err(Refusal::NotFrontDesk);
    };
    if !new.original_seen {
        return Err(Refusal::OriginalNotSeen);
    }
    if new.until < facts.today {
        return Err(Refusal::PowerOver { until: new.until });
    }
    Ok((officer, hall))
}

impl Power {
    /// Whether it covers a matter.
    #[must_use]
    pub fn covers(&self, item: ItemId) -> bool {
        self.item.is_none_or(|own| own == item)
    }
}

impl Lifecycle for Power {
    const KIND: &'static str = "power";
    type Id = PowerId;
    type Event = PowerEvent;
    type Command = PowerCommand;
    type Facts = PowerFacts;
    type Refusal = Refusal;

    fn id(&self) -> PowerId {
        self.id
    }

    fn begin(id: PowerId, event: &PowerEvent) -> Option<Self> {
        let PowerEvent::Recorded {
            agency,
            principal,
            agent,
            item,
            hall,
            original_seen_by,
            from,
            until,
            paper,
            scope,
        } = event
        else {
            return None;
        };
        Some(Self {
            id,
            agency: *agency,
            principal: *principal,
            agent: *agent,
            item: *item,
            hall: *hall,
            seen_by: *original_seen_by,
            from: *from,
            until: *until,
            paper: *paper,
            scope: *scope,
            ended_on: None,
        })
    }

    fn evolve(&mut self, event: &PowerEvent) {
        match event {
            PowerEvent::Recorded { .. } => {}
            PowerEvent::Ended { on } => self.ended_on = Some(*on),
        }
    }

    fn decide(
        &self,
        command: PowerCommand,
        facts: &PowerFacts,
    ) -> Result<Vec<PowerEvent>, Refusal> {
        match command {
            PowerCommand::End => {
                if facts.by != By::Person(self.principal) {
                    return Err(Refusal::NotYours);
                }
                if self.ended_on.is_some() || self.until < facts.today {
                    return Ok(Vec::new());
                }
                Ok(vec![PowerEvent::Ended { on: facts.today }])
            }
        }
    }
}

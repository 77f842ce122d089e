//! The life of a scheme: published by its organ, run, closed; and the list of payments that
//! is drawn up once.

use case::Code;
use catalogue::ItemId;
use jiff::civil::Date;
use kernel::{Money, OfficerId, OrganId};
use ledger::{Commitment, Lifecycle};
use serde::{Deserialize, Serialize};

use super::{Refusal, Who};
use crate::model::{ListId, PaymentList, Scheme, SchemeId, SchemeKind};

/// A scheme as it is published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// What it brings.
    pub kind: SchemeKind,
    /// Its code.
    pub code: Code,
    /// The organ that decides.
    pub organ: OrganId,
    /// The item that is granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// The content.
    pub content: Commitment,
    /// How much, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// How much in all, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Money>,
    /// When.
    pub on: Date,
    /// Who; none for the shipped ones of the demonstration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
}

/// What happened to a scheme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SchemeEvent {
    /// 公布.
    Published(Box<Published>),
    /// 匹配: parties were looked at, and offers made.
    Ran {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
        /// How many were looked at.
        looked: u32,
        /// How many offers were made.
        made: u32,
    },
    /// 停止.
    Closed {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
    },
}

impl ledger::Event for SchemeEvent {}

/// What can be asked of a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemeCommand {
    /// Say that parties were matched.
    NoteRun {
        /// How many were looked at.
        looked: u32,
        /// How many offers were made.
        made: u32,
    },
    /// End it.
    Close,
}

/// What a decision on a scheme needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchemeFacts {
    /// The day.
    pub today: Date,
    /// Who asks.
    pub who: Who,
}

/// Decides whether a scheme may be published.
///
/// # Errors
/// The rule that says no.
pub fn publish(
    published: Published,
    code_taken: bool,
    item_listed: bool,
    who: Who,
) -> Result<SchemeEvent, Refusal> {
    if code_taken {
        return Err(Refusal::CodeTaken);
    }
    match published.kind {
        SchemeKind::Benefit => {
            let both = published.amount.zip(published.budget);
            if !both.is_some_and(|(amount, budget)| Money::ZERO < amount && amount <= budget) {
                return Err(Refusal::AmountMissing);
            }
        }
        SchemeKind::Silent if published.item.is_none() || !item_listed => {
            return Err(Refusal::ItemNotListed);
        }
        SchemeKind::Silent => {}
    }
    heads(who, published.organ)?;
    Ok(SchemeEvent::Published(Box::new(published)))
}

/// Deciders of the organ, the head of the hall, and the house itself.
fn heads(who: Who, organ: OrganId) -> Result<Option<OfficerId>, Refusal> {
    match who {
        Who::House => Ok(None),
        Who::Officer {
            officer,
            organ: own,
            decides,
            heads,
            ..
        } if heads || decides && own == organ => Ok(Some(officer)),
        _ => Err(Refusal::NotYourScheme),
    }
}

impl Lifecycle for Scheme {
    const KIND: &'static str = "scheme";
    type Id = SchemeId;
    type Event = SchemeEvent;
    type Command = SchemeCommand;
    type Facts = SchemeFacts;
    type Refusal = Refusal;

    fn id(&self) -> SchemeId {
        self.id
    }

    fn begin(id: SchemeId, event: &SchemeEvent) -> Option<Self> {
        let SchemeEvent::Published(new) = event else {
            return None;
        };
        Some(Self {
            id,
            kind: new.kind,
            code: new.code.clone(),
            organ: new.organ,
            item: new.item,
            content: new.content,
            amount: new.amount,
            budget: new.budget,
            published_on: new.on,
            run_on: None,
            closed_on: None,
        })
    }

    fn evolve(&mut self, event: &SchemeEvent) {
        match event {
            SchemeEvent::Published(_) => {}
            SchemeEvent::Ran { on, .. } => self.run_on = Some(*on),
            SchemeEvent::Closed { on, .. } => self.closed_on = Some(*on),
        }
    }

    fn decide(
        &self,
        command: SchemeCommand,
        facts: &SchemeFacts,
    ) -> Result<Vec<SchemeEvent>, Refusal> {
        if self.closed_on.is_some() {
            return Err(Refusal::Closed);
        }
        let on = facts.today;
        let event = match command {
            SchemeCommand::NoteRun { looked, made } => {
                let by = self.runner(facts.who)?;
                SchemeEvent::Ran {
                    on,
                    by,
                    looked,
                    made,
                }
            }
            SchemeCommand::Close => {
                let by = heads(facts.who, self.organ)?.ok_or(Refusal::NotYourScheme)?;
                SchemeEvent::Closed { on, by }
            }
        };
        Ok(vec![event])
    }
}

impl Scheme {
    /// Who may run the match: those of the organ who review or decide.
    pub(crate) fn runner(&self, who: Who) -> Result<OfficerId, Refusal> {
        if self.closed_on.is_some() {
            return Err(Refusal::Closed);
        }
        match who {
            Who::Officer {
                officer,
                organ,
                checks: true,
                ..
            } if organ == self.organ => Ok(officer),
            _ => Err(Refusal::NotYourScheme),
        }
    }
}

/// What happened to a list of payments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListEvent {
    /// 列支.
    DrawnUp {
        /// The scheme.
        scheme: SchemeId,
        /// The organ.
        organ: OrganId,
        /// Who.
        by: OfficerId,
        /// When.
        on: Date,
        /// How many payments.
        count: u32,
        /// How much in all, in fen.
        total: Money,
    },
}

impl ledger::Event for ListEvent {}

/// Decides whether a list is drawn up.
///
/// # Errors
/// The rule that says no.
pub fn draw_up(
    scheme: &Scheme,
    amounts: &[Money],
    facts: &SchemeFacts,
) -> Result<ListEvent, Refusal> {
    let by = heads(facts.who, scheme.organ)?.ok_or(Refusal::NotADecider)?;
    if amounts.is_empty() {
        return Err(Refusal::EmptyList);
    }
    let sum = |sum: Money, one: &Money| sum.checked_add(*one);
    let total = amounts.iter().try_fold(Money::ZERO, sum);
    Ok(ListEvent::DrawnUp {
        scheme: scheme.id,
        organ: scheme.organ,
        by,
        on: facts.today,
        count: u32::try_from(amounts.len()).unwrap_or(u32::MAX),
        total: total.ok_or(Refusal::AmountMissing)?,
    })
}

impl Lifecycle for PaymentList {
    const KIND: &'static str = "paymentlist";
    type Id = ListId;
    type Event = ListEvent;
    type Command = ();
    type Facts = ();
    type Refusal = Refusal;

    fn id(&self) -> ListId {
        self.id
    }

    fn begin(id: ListId, event: &ListEvent) -> Option<Self> {
        let ListEvent::DrawnUp {
            scheme,
            organ,
            by,
            on,
            count,
            total,
        } = *event;
        Some(Self {
            id,
            scheme,
            organ,
            drawn_by: by,
            drawn_on: on,
            count,
            total,
        })
    }

    fn evolve(&mut self, _event: &ListEvent) {}

    fn decide(&self, _command: (), _facts: &()) -> Result<Vec<ListEvent>, Refusal> {
        Ok(Vec::new())
    }
}

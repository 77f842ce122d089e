//! The life of an offer: told, answered, decided by somebody who did not run the match, paid once,
//! checked by lot; or, for an item, granted when nobody said no.

use case::Code;
use jiff::civil::Date;
use kernel::{Money, OfficerId, OrganId, PersonId};
use ledger::{Commitment, Lifecycle};
use serde::{Deserialize, Serialize};

use super::Refusal;
use crate::model::{ListId, Match, Offer, OfferId, OfferStatus, Scheme, SchemeId, SchemeKind};

/// An offer as it is made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// What it brings.
    pub kind: SchemeKind,
    /// The scheme.
    pub scheme: SchemeId,
    /// The organ that decides.
    pub organ: OrganId,
    /// To whom.
    pub party: PersonId,
    /// For which period.
    pub period: Code,
    /// How much, in fen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// What the rule answered.
    pub ruling: Match,
    /// Who ran the match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<OfficerId>,
    /// When.
    pub on: Date,
    /// The last day to answer.
    pub due: Date,
    /// Whether the list of the scheme stands for the party's word 免确认.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub listed: bool,
}

/// What happened to an offer. No field holds a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// 告知.
    Made(Box<Made>),
    /// 确认.
    Confirmed {
        /// When.
        on: Date,
    },
    /// 不需要.
    Declined {
        /// When.
        on: Date,
    },
    /// 逾期未确认.
    Expired {
        /// When.
        on: Date,
    },
    /// 期满无异议.
    Unopposed {
        /// When.
        on: Date,
    },
    /// 已办结 (无感审批).
    Fulfilled {
        /// When.
        on: Date,
        /// The case number.
        number: Code,
    },
    /// 批准.
    Granted {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
    },
    /// 不予发放.
    Refused {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
        /// Why.
        reason: Commitment,
    },
    /// 列入支付清单.
    Listed {
        /// When.
        on: Date,
        /// Which list.
        list: ListId,
    },
    /// 已支付.
    Paid {
        /// When.
        on: Date,
        /// By when it is checked, where the lot fell on it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        check_due: Option<Date>,
    },
    /// 支付失败.
    Failed {
        /// When.
        on: Date,
        /// Why.
        reason: Commitment,
    },
    /// 事后核查.
    Checked {
        /// When.
        on: Date,
        /// Who.
        by: OfficerId,
        /// Whether it stands.
        upheld: bool,
        /// What was found.
        finding: Commitment,
    },
}

impl ledger::Event for Event {}

/// What can be asked of an offer.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Say yes.
    Confirm,
    /// Say no.
    Decline,
    /// The time to answer is over.
    Lapse,
    /// The item was granted.
    Fulfil {
        /// The case number.
        number: Code,
    },
    /// Grant or refuse.
    Decide {
        /// Whether it is granted.
        granted: bool,
        /// Why not.
        reason: Option<Commitment>,
    },
    /// Put it on a list of payments.
    PutOnList {
        /// Which.
        list: ListId,
    },
    /// What the treasury answered.
    NotePayment {
        /// Why it failed; none when it was paid.
        failed: Option<Commitment>,
    },
    /// Say what the check found.
    Check {
        /// Whether it stands.
        upheld: bool,
        /// What was found.
        finding: Commitment,
    },
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A person.
    Person(PersonId),
    /// An officer.
    Officer {
        /// Who.
        officer: OfficerId,
        /// In whose stead.
        standing_in: Option<OfficerId>,
        /// Of which organ.
        organ: OrganId,
        /// Whether they review or decide.
        checks: bool,
        /// Whether they decide.
        decides: bool,
        /// Whether they head the hall.
        heads: bool,
    },
    /// What other rooms and the clock report.
    House,
}

/// What a decision needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The day.
    pub today: Date,
    /// Who asks.
    pub who: Who,
    /// What is left of the budget.
    pub left: Money,
    /// The day by which a payment would be checked, where the lot falls on it.
    pub check_on: Option<Date>,
}

/// Decides whether an offer may be made: the rule grants it, and the party has none this period.
///
/// # Errors
/// The rule that says no.
pub fn make(made: Made, scheme: &Scheme, has_one: bool) -> Result<Vec<Event>, Refusal> {
    if scheme.closed_on.is_some() {
        return Err(Refusal::Closed);
    }
    if made.ruling.rules.is_empty() {
        return Err(Refusal::NotMatched);
    }
    if has_one {
        return Err(Refusal::AlreadyOffered);
    }
    let confirmed = (made.listed && made.kind == SchemeKind::Benefit).then_some(made.on);
    let mut events = vec![Event::Made(Box::new(made))];
    events.extend(confirmed.map(|on| Event::Confirmed { on }));
    Ok(events)
}

impl Lifecycle for Offer {
    const KIND: &'static str = "offer";
    type Id = OfferId;
    type Event = Event;
    type Command = Command;
    type Facts = Facts;
    type Refusal = Refusal;

    fn id(&self) -> OfferId {
        self.id
    }

    fn begin(id: OfferId, event: &Event) -> Option<Self> {
        let Event::Made(made) = event else {
            return None;
        };
        let made = made.as_ref().clone();
        Some(Self {
            id,
            kind: made.kind,
            scheme: made.scheme,
            organ: made.organ,
            party: made.party,
            period: made.period,
            status: OfferStatus::Offered,
            amount: made.amount,
            ruling: made.ruling,
            matched_by: made.by,
            offered_on: made.on,
            due: Some(made.due),
            decided_by: None,
            decided_on: None,
            reason: None,
            list: None,
            paid_on: None,
            number: None,
            drawn: false,
            finding: None,
        })
    }

    fn evolve(&mut self, event: &Event) {
        let mut is = |status: OfferStatus| {
            self.status = status;
            self.due = None;
        };
        match event {
            Event::Made(_) => {}
            Event::Confirmed { .. } => is(OfferStatus::Confirmed),
            Event::Declined { .. } => is(OfferStatus::Declined),
            Event::Expired { .. } => is(OfferStatus::Expired),
            Event::Unopposed { .. } => is(OfferStatus::Unopposed),
            Event::Fulfilled { number, .. } => {
                is(OfferStatus::Fulfilled);
                self.number = Some(number.clone());
            }
            Event::Granted { on, by } => {
                is(OfferStatus::Granted);
                (self.decided_by, self.decided_on) = (Some(*by), Some(*on));
            }
            Event::Refused { on, by, reason } => {
                is(OfferStatus::Refused);
                (self.decided_by, self.decided_on) = (Some(*by), Some(*on));
                self.reason = Some(*reason);
            }
            Event::Listed { list, .. } => {
                is(OfferStatus::Listed);
                self.list = Some(*list);
                self.reason = None;
            }
            Event::Paid { on, check_due } => {
                is(OfferStatus::Paid);
                self.paid_on = Some(*on);
                self.due = *check_due;
                self.drawn = check_due.is_some();
            }
            Event::Failed { reason, .. } => {
                is(OfferStatus::Failed);
                self.reason = Some(*reason);
            }
            Event::Checked {
                upheld, finding, ..
            } => {
                is(match upheld {
                    true => OfferStatus::Paid,
                    false => OfferStatus::Reclaimed,
                });
                self.finding = Some(*finding);
            }
        }
    }

    fn decide(&self, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let on = facts.today;
        let event = match command {
            Command::Confirm => self.confirm(facts)?,
            Command::Decline => self.decline(facts)?,
            Command::Lapse => self.lapse(facts)?,
            Command::Fulfil { number } => {
                self.house(facts)?;
                match self.status {
                    OfferStatus::Unopposed => Event::Fulfilled { on, number },
                    _ => return Err(Refusal::NothingToAnswer),
                }
            }
            Command::Decide { granted, reason } => self.settle(granted, reason, facts)?,
            Command::PutOnList { list } => {
                self.house(facts)?;
                match self.status {
                    OfferStatus::Granted | OfferStatus::Failed => Event::Listed { on, list },
                    OfferStatus::Paid | OfferStatus::Listed => return Err(Refusal::AlreadyPaid),
                    _ => return Err(Refusal::NotGranted),
                }
            }
            Command::NotePayment { failed } => self.note_payment(failed, facts)?,
            Command::Check { upheld, finding } => self.check(upheld, finding, facts)?,
        };
        Ok(vec![event])
    }
}

impl Offer {
    fn house(&self, facts: &Facts) -> Result<(), Refusal> {
        match facts.who {
            Who::House => Ok(()),
            Who::Person(_) | Who::Officer { .. } => Err(Refusal::HouseOnly),
        }
    }

    fn party(&self, facts: &Facts) -> Result<(), Refusal> {
        match facts.who {
            Who::Person(person) if person == self.party => Ok(()),
            _ => Err(Refusal::NotYours),
        }
    }

    fn confirm(&self, facts: &Facts) -> Result<Event, Refusal> {
        self.party(facts)?;
        match (self.status, self.kind) {
            (OfferStatus::Offered, SchemeKind::Benefit) => Ok(Event::Confirmed { on: facts.today }),
            _ => Err(Refusal::NothingToAnswer),
        }
    }

    fn decline(&self, facts: &Facts) -> Result<Event, Refusal> {
        self.party(facts)?;
        match self.status {
            OfferStatus::Offered | OfferStatus::Confirmed => {
                Ok(Event::Declined { on: facts.today })
            }
            _ => Err(Refusal::NothingToAnswer),
        }
    }

    /// Silence is no yes to money, but it is to an item on the list that the party was told of.
    fn lapse(&self, facts: &Facts) -> Result<Event, Refusal> {
        self.house(facts)?;
        let on = facts.today;
        match (self.status, self.due, self.kind) {
            (OfferStatus::Offered, Some(due), _) if on <= due => Err(Refusal::NotYetOver { due }),
            (OfferStatus::Offered, _, SchemeKind::Benefit) => Ok(Event::Expired { on }),
            (OfferStatus::Offered, _, SchemeKind::Silent) => Ok(Event::Unopposed { on }),
            _ => Err(Refusal::NothingToAnswer),
        }
    }

    fn settle(
        &self,
        granted: bool,
        reason: Option<Commitment>,
        facts: &Facts,
    ) -> Result<Event, Refusal> {
        let Who::Officer {
            officer,
            standing_in,
            organ,
            decides: true,
            ..
        } = facts.who
        else {
            return Err(Refusal::NotADecider);
        };
        if organ != self.organ {
            return Err(Refusal::NotADecider);
        }
        if self.status != OfferStatus::Confirmed {
            return Err(Refusal::NotConfirmed);
        }
        if self.matched_by == Some(officer)
            || standing_in.is_some() && self.matched_by == standing_in
        {
            return Err(Refusal::MatchedByDecider);
        }
        let (on, by) = (facts.today, officer);
        if !granted {
            let reason = reason.ok_or(Refusal::ReasonMissing)?;
            return Ok(Event::Refused { on, by, reason });
        }
        if self.amount.is_none_or(|amount| facts.left < amount) {
            return Err(Refusal::BudgetSpent { left: facts.left });
        }
        Ok(Event::Granted { on, by })
    }

    fn note_payment(&self, failed: Option<Commitment>, facts: &Facts) -> Result<Event, Refusal> {
        match facts.who {
            Who::Officer {
                organ,
                checks: true,
                ..
            } if organ == self.organ => {}
            _ => return Err(Refusal::NotAChecker),
        }
        match self.status {
            OfferStatus::Listed => {}
            OfferStatus::Paid | OfferStatus::Reclaimed => return Err(Refusal::AlreadyPaid),
            _ => return Err(Refusal::NotListed),
        }
        let on = facts.today;
        Ok(match failed {
            Some(reason) => Event::Failed { on, reason },
            None => Event::Paid {
                on,
                check_due: facts.check_on,
            },
        })
    }

    fn check(&self, upheld: bool, finding: Commitment, facts: &Facts) -> Result<Event, Refusal> {
        let Who::Officer {
            officer,
            standing_in,
            organ,
            checks: true,
            ..
        } = facts.who
        else {
            return Err(Refusal::NotAChecker);
        };
        if organ != self.organ {
            return Err(Refusal::NotAChecker);
        }
        if self.status != OfferStatus::Paid || !self.drawn || self.finding.is_some() {
            return Err(Refusal::NothingToCheck);
        }
        let theirs = [Some(officer), standing_in];
        let did = [self.decided_by, self.matched_by];
        if did.iter().any(|one| one.is_some() && theirs.contains(one)) {
            return Err(Refusal::CheckedByDecider);
        }
        Ok(Event::Checked {
            on: facts.today,
            by: officer,
            upheld,
            finding,
        })
    }
}

//! Every rule of erasure, and nothing else: no clock, no database, no HTTP.
//!
//! Deliberately absent: how long a matter is kept, which the catalogue says and the roof gathers.

use jiff::civil::Date;
use kernel::PersonId;
use kernel::fault::Param;
use ledger::Lifecycle;
use serde::{Deserialize, Serialize};

use super::model::{Bar, Erased, Erasure, ErasureId, ErasureStatus, Obstacle};
use crate::model::PersonKind;

/// What happened to a request for erasure. Who asked and who acted stands in the line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErasureEvent {
    /// Somebody asked for it.
    Asked {
        /// Whose data.
        person: PersonId,
        /// The day.
        on: Date,
    },
    /// Matters stood in the way.
    Refused {
        /// The day.
        on: Date,
        /// How many.
        in_the_way: u64,
        /// The first day on which none of them would.
        free_on: Option<Date>,
    },
    /// It was taken back.
    Withdrawn {
        /// The day.
        on: Date,
    },
    /// Everything was erased.
    CarriedOut {
        /// The day.
        on: Date,
        /// How much.
        erased: Erased,
    },
}
impl ledger::Event for ErasureEvent {}

/// What can be asked of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasureCommand {
    /// Take it back.
    Withdraw,
    /// Note that everything was erased.
    CarryOut(Erased),
}

/// What a decision needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureFacts {
    /// The day.
    pub today: Date,
    /// What stands in the way.
    pub obstacles: Vec<Obstacle>,
}

/// How a rule of erasure says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErasureRefusal {
    /// The law protects data of natural persons (个人信息保护法 4).
    NotNatural,
    /// A request of this person waits already.
    AlreadyAsked,
    /// The same was asked and answered today: a second line would tell nothing new.
    AnsweredToday,
    /// The request has come to its end.
    AlreadyEnded,
    /// Matters stand in the way.
    MattersStand(Vec<Obstacle>),
}

impl kernel::Refusal for ErasureRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotNatural => "identity.erasure_not_natural",
            Self::AlreadyAsked => "identity.erasure_already_asked",
            Self::AnsweredToday => "identity.erasure_answered_today",
            Self::AlreadyEnded => "identity.erasure_already_ended",
            Self::MattersStand(_) => "identity.erasure_matters_stand",
        }
    }

    fn statute(&self) -> Option<&'static str> {
        match self {
            Self::NotNatural => Some("个人信息保护法 4"),
            Self::MattersStand(_) => Some("个人信息保护法 47, 档案法 21"),
            Self::AlreadyAsked | Self::AnsweredToday | Self::AlreadyEnded => None,
        }
    }

    fn params(&self) -> Vec<Param> {
        match self {
            Self::MattersStand(obstacles) => vec![
                ("count", obstacles.len().to_string()),
                ("matters", in_words(obstacles)),
            ],
            _ => Vec::new(),
        }
    }
}

/// `number item (2036-12-31, 档案法 21)`, one after the other: all of them, for that is what the
/// person asked for has a right to know (个人信息保护法 50).
fn in_words(obstacles: &[Obstacle]) -> String {
    let one = |obstacle: &Obstacle| {
        let until = obstacle.until.map(|day| format!("≤ {day}, "));
        format!(
            "{} {} ({}{})",
            obstacle.number,
            obstacle.item,
            until.unwrap_or_default(),
            obstacle.bar.statute()
        )
    };
    let all: Vec<String> = obstacles.iter().map(one).collect();
    all.join("; ")
}

/// The first day on which none of these would stand in the way any more; none when that of one
/// cannot be told.
#[must_use]
pub fn free_on(obstacles: &[Obstacle]) -> Option<Date> {
    let known = |obstacle: &Obstacle| match obstacle.bar {
        Bar::Open | Bar::Permanent => None,
        Bar::Retained | Bar::InForce => obstacle.until,
    };
    let days: Option<Vec<Date>> = obstacles.iter().map(known).collect();
    days?.into_iter().max()?.tomorrow().ok()
}

/// Begins a request; it is answered at once when something stands in the way. `earlier` are the
/// person's requests.
///
/// # Errors
/// [`ErasureRefusal::NotNatural`], [`ErasureRefusal::AlreadyAsked`],
/// [`ErasureRefusal::AnsweredToday`].
pub fn ask(
    person: PersonId,
    kind: PersonKind,
    earlier: &[Erasure],
    facts: &ErasureFacts,
) -> Result<Vec<ErasureEvent>, ErasureRefusal> {
    if kind != PersonKind::Natural {
        return Err(ErasureRefusal::NotNatural);
    }
    if earlier.iter().any(|one| one.status == ErasureStatus::Asked) {
        return Err(ErasureRefusal::AlreadyAsked);
    }
    let on = facts.today;
    let refused_today = |one: &Erasure| one.status == ErasureStatus::Refused && one.asked_on == on;
    if !facts.obstacles.is_empty() && earlier.iter().any(refused_today) {
        return Err(ErasureRefusal::AnsweredToday);
    }
    let mut events = vec![ErasureEvent::Asked { person, on }];
    if !facts.obstacles.is_empty() {
        events.push(ErasureEvent::Refused {
            on,
            in_the_way: u64::try_from(facts.obstacles.len()).unwrap_or(u64::MAX),
            free_on: free_on(&facts.obstacles),
        });
    }
    Ok(events)
}

impl Lifecycle for Erasure {
    const KIND: &'static str = "erasure";
    type Id = ErasureId;
    type Event = ErasureEvent;
    type Command = ErasureCommand;
    type Facts = ErasureFacts;
    type Refusal = ErasureRefusal;

    fn id(&self) -> ErasureId {
        self.id
    }

    fn begin(id: ErasureId, event: &ErasureEvent) -> Option<Self> {
        match event {
            ErasureEvent::Asked { person, on } => Some(Self {
                id,
                person: *person,
                status: ErasureStatus::Asked,
                asked_on: *on,
                ended_on: None,
                in_the_way: 0,
                free_on: None,
                erased: Erased::default(),
            }),
            _ => None,
        }
    }

    fn evolve(&mut self, event: &ErasureEvent) {
        match event {
            ErasureEvent::Asked { .. } => {}
            ErasureEvent::Refused {
                on,
                in_the_way,
                free_on,
            } => {
                self.status = ErasureStatus::Refused;
                self.ended_on = Some(*on);
                self.in_the_way = *in_the_way;
                self.free_on = *free_on;
            }
            ErasureEvent::Withdrawn { on } => {
                self.status = ErasureStatus::Withdrawn;
                self.ended_on = Some(*on);
            }
            ErasureEvent::CarriedOut { on, erased } => {
                self.status = ErasureStatus::CarriedOut;
                self.ended_on = Some(*on);
                self.erased = *erased;
            }
        }
    }

    fn decide(
        &self,
        command: ErasureCommand,
        facts: &ErasureFacts,
    ) -> Result<Vec<ErasureEvent>, ErasureRefusal> {
        if self.status != ErasureStatus::Asked {
            return Err(ErasureRefusal::AlreadyEnded);
        }
        let on = facts.today;
        match command {
            ErasureCommand::Withdraw => Ok(vec![ErasureEvent::Withdrawn { on }]),
            ErasureCommand::CarryOut(_) if !facts.obstacles.is_empty() => {
                Err(ErasureRefusal::MattersStand(facts.obstacles.clone()))
            }
            ErasureCommand::CarryOut(erased) => Ok(vec![ErasureEvent::CarriedOut { on, erased }]),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use kernel::TypedId;
    use kernel::uuid::Uuid;

    use super::*;

    fn person() -> PersonId {
        PersonId::from_uuid(Uuid::from_u128(7))
    }

    fn on(day: i8, obstacles: &[Obstacle]) -> ErasureFacts {
        ErasureFacts {
            today: date(2026, 11, day),
            obstacles: obstacles.to_vec(),
        }
    }

    fn stands(bar: Bar, until: Option<Date>) -> Obstacle {
        Obstacle {
            bar,
            number: "1".to_owned(),
            item: "甲".to_owned(),
            until,
        }
    }

    fn asked(facts: &ErasureFacts, earlier: &[Erasure]) -> Result<Erasure, ErasureRefusal> {
        let events = ask(person(), PersonKind::Natural, earlier, facts)?;
        let id = ErasureId::from_uuid(Uuid::from_u128(1));
        let mut one = Erasure::begin(id, &events[0]).expect("it begins a request");
        events[1..].iter().for_each(|event| one.evolve(event));
        Ok(one)
    }

    #[test]
    fn what_stands_in_the_way_refuses_at_once_and_says_when_to_come_back() {
        let kept = stands(Bar::Retained, Some(date(2036, 12, 31)));
        let valid = stands(Bar::InForce, Some(date(2040, 1, 1)));
        let one = asked(&on(23, &[kept.clone(), valid]), &[]).expect("it is recorded");
        assert_eq!(one.status, ErasureStatus::Refused);
        assert_eq!((one.in_the_way, one.free_on), (2, Some(date(2040, 1, 2))));
        let open = stands(Bar::Open, None);
        let one = asked(&on(23, &[kept.clone(), open]), &[]).expect("it is recorded");
        assert_eq!(one.free_on, None);
        let again = asked(
            &on(23, std::slice::from_ref(&kept)),
            std::slice::from_ref(&one),
        );
        assert_eq!(again, Err(ErasureRefusal::AnsweredToday));
        assert!(asked(&on(24, &[kept]), std::slice::from_ref(&one)).is_ok());
        let free = asked(&on(23, &[]), &[one]).expect("nothing stands");
        assert_eq!(free.status, ErasureStatus::Asked);
    }

    #[test]
    fn a_request_ends_once_and_never_against_a_matter_that_stands() {
        let one = asked(&on(23, &[]), &[]).expect("nothing stands");
        let twice = asked(&on(23, &[]), std::slice::from_ref(&one));
        assert_eq!(twice, Err(ErasureRefusal::AlreadyAsked));
        let carry = ErasureCommand::CarryOut(Erased::default());
        let late = stands(Bar::Open, None);
        let refused = one.decide(carry, &on(24, std::slice::from_ref(&late)));
        assert_eq!(refused, Err(ErasureRefusal::MattersStand(vec![late])));
        let mut done = one.clone();
        for event in one.decide(carry, &on(24, &[])).expect("nothing stands") {
            done.evolve(&event);
        }
        assert_eq!(done.status, ErasureStatus::CarriedOut);
        for command in [carry, ErasureCommand::Withdraw] {
            let ended = done.decide(command, &on(25, &[]));
            assert_eq!(ended, Err(ErasureRefusal::AlreadyEnded));
        }
        let firm = ask(person(), PersonKind::Legal, &[], &on(23, &[]));
        assert_eq!(firm, Err(ErasureRefusal::NotNatural));
    }
}

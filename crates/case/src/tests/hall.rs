//! Given, when, then: a case in memory, officers by name, days by date.

use std::sync::Arc;

use calendar::WorkingDays;
use jiff::civil::{Date, DateTime};
use kernel::uuid::Uuid;
use kernel::{OfficerId, OrganId, PersonId, TypedId};
use ledger::{Commitment, Lifecycle, TextId};
use seal::Digest32;

use crate::decide::begin_case;
use crate::*;

pub(super) const HALL: u128 = 1;
pub(super) const LEAD: u128 = 2;
pub(super) const OTHER: u128 = 3;
pub(super) const APPLICANT: u128 = 50;

pub(super) fn organ(number: u128) -> OrganId {
    OrganId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn officer(number: u128) -> OfficerId {
    OfficerId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn person(number: u128) -> PersonId {
    PersonId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn word(text: &str) -> Code {
    text.parse().unwrap()
}

pub(super) fn said() -> Commitment {
    Commitment {
        text: TextId::from_uuid(Uuid::from_u128(7)),
        digest: Digest32([7; 32]),
    }
}

pub(super) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(super) fn new_case(procedure: &str, at: DateTime) -> NewCase {
    NewCase {
        application: Uuid::from_u128(100),
        number: word("510000201501010001AB12000001X"),
        item: Uuid::from_u128(200),
        version: 3,
        procedure: word(procedure),
        result: None,
        statutory: Term::workdays(20),
        promised: Term::workdays(10),
        applicant: person(APPLICANT),
        agent: Some(person(51)),
        accepted_by: Some(officer(10)),
        accepted_for: None,
        accepted_at: at,
        organ: organ(LEAD),
        hall: organ(HALL),
        consulted: vec![organ(OTHER)],
    }
}

/// A case and the day it is.
#[derive(Clone)]
pub(super) struct Told {
    pub(super) case: Case,
    pub(super) last: Result<Vec<Event>, Refusal>,
    pub(super) calendar: Arc<WorkingDays>,
    today: Date,
    conditions: Conditions,
}

pub(super) fn given(procedure_name: &str, today: &str) -> Told {
    let calendar = Arc::new(WorkingDays::built_in().clone());
    let today = day(today);
    let facts = Facts {
        procedure: procedure::shipped(procedure_name).unwrap(),
        calendar: Arc::clone(&calendar),
        now: today.at(9, 0, 0, 0),
        by: Asker::System,
        conditions: Conditions::default(),
    };
    let first = begin_case(new_case(procedure_name, facts.now), &facts).unwrap();
    let id = CaseId::from_uuid(Uuid::from_u128(9));
    Told {
        case: Case::begin(id, &first).unwrap(),
        last: Ok(vec![first]),
        calendar,
        today,
        conditions: Conditions::default(),
    }
}

pub(super) fn at_seat(number: u128, organ_number: u128, roles: &[Role]) -> Asker {
    Asker::Officer(Doer {
        officer: officer(number),
        standing_in: None,
        organ: organ(organ_number),
        roles: roles.iter().copied().collect(),
        delegated: Vec::new(),
    })
}

pub(super) fn standing_in(by: Asker, other: u128) -> Asker {
    match by {
        Asker::Officer(doer) => Asker::Officer(Doer {
            standing_in: Some(officer(other)),
            ..doer
        }),
        other => other,
    }
}

pub(super) fn reviewer(number: u128) -> Asker {
    at_seat(number, LEAD, &[Role::Reviewer])
}

pub(super) fn decider(number: u128) -> Asker {
    at_seat(number, LEAD, &[Role::Decider])
}

pub(super) fn exit_clerk(number: u128) -> Asker {
    at_seat(number, HALL, &[Role::ExitClerk])
}

impl Told {
    pub(super) fn on(mut self, today: &str) -> Self {
        self.today = day(today);
        self
    }

    pub(super) fn under(mut self, conditions: Conditions) -> Self {
        self.conditions = conditions;
        self
    }

    pub(super) fn when(mut self, by: &Asker, command: Command) -> Self {
        let facts = Facts {
            procedure: procedure::shipped(self.case.procedure.as_str()).unwrap(),
            calendar: Arc::clone(&self.calendar),
            now: self.today.at(9, 0, 0, 0),
            by: by.clone(),
            conditions: self.conditions.clone(),
        };
        self.last = self.case.decide(command, &facts);
        for event in self.last.iter().flatten() {
            self.case.evolve(event);
        }
        self
    }

    pub(super) fn finish(self, by: &Asker, outcome: &str) -> Self {
        let doer = match by {
            Asker::Officer(doer) => doer.clone(),
            _ => panic!("only officers finish tasks"),
        };
        let fits = |task: &&Task| task.organ == doer.organ && doer.roles.contains(&task.role);
        let task = self
            .case
            .tasks
            .iter()
            .find(fits)
            .map_or(0, |task| task.number);
        let completion = Completion {
            task,
            outcome: (!outcome.is_empty()).then(|| word(outcome)),
            opinion: Some(said()),
            files: Vec::new(),
            grounds: (outcome == "refused").then(said),
            departure: None,
            minutes: None,
        };
        self.when(by, Command::Complete(completion))
    }

    pub(super) fn hand_out(self, by: &Asker) -> Self {
        let delivery = Delivery {
            method: Method::Counter,
            identity_checked: true,
            proof: Some(said()),
        };
        self.when(by, Command::Deliver(delivery))
    }

    pub(super) fn done(self) -> Self {
        assert!(self.last.is_ok(), "{:?}", self.last);
        self
    }

    #[track_caller]
    pub(super) fn refused(&self, refusal: &Refusal) {
        assert_eq!(self.last.as_ref(), Err(refusal));
    }
}

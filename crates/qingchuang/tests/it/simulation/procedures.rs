//! The shipped procedures as the simulation believes them to be: which steps there are, who does
//! them, and what follows from which outcome. Only the numbers of the steps are the product's.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use case::Duty;
use web::Role;

/// Where a step is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    Lead,
    Hall,
    Consulted,
}

/// A step of a procedure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    pub name: &'static str,
    pub duty: Duty,
    pub role: Role,
    pub at: At,
    pub outcomes: &'static [&'static str],
    /// After so many working days somebody is reminded.
    pub remind_after: Option<u32>,
}

const OPINION: &[&str] = &["agree", "disagree"];
const DECISION: &[&str] = &["granted", "refused", "returned"];
const AT_ONCE: &[&str] = &["granted", "refused"];

const fn step(
    name: &'static str,
    duty: Duty,
    role: Role,
    at: At,
    outcomes: &'static [&'static str],
) -> Step {
    Step {
        name,
        duty,
        role,
        at,
        outcomes,
        remind_after: None,
    }
}

const fn reminded(step: Step, days: u32) -> Step {
    Step {
        remind_after: Some(days),
        ..step
    }
}

const DELIVER: Step = step("出件", Duty::Deliver, Role::ExitClerk, At::Hall, &[]);
const DECIDE: Step = step("决定", Duty::Decide, Role::Decider, At::Lead, DECISION);

/// The steps of a procedure, by the round in which they are open.
const STANDARD: &[&[Step]] = &[
    &[reminded(
        step("审查", Duty::Review, Role::Reviewer, At::Lead, OPINION),
        8,
    )],
    &[DECIDE],
    &[DELIVER],
];
const INSTANT: &[&[Step]] = &[
    &[step(
        "当场决定",
        Duty::Decide,
        Role::Decider,
        At::Lead,
        AT_ONCE,
    )],
    &[DELIVER],
];
const LEGAL_REVIEW: &[&[Step]] = &[
    &[step(
        "初审",
        Duty::Review,
        Role::Reviewer,
        At::Lead,
        OPINION,
    )],
    &[step(
        "复审",
        Duty::Review,
        Role::Reviewer,
        At::Lead,
        OPINION,
    )],
    &[step(
        "法制审核",
        Duty::Legal,
        Role::LegalReviewer,
        At::Lead,
        OPINION,
    )],
    &[DECIDE],
    &[DELIVER],
];
const JOINT_OPINION: &[&[Step]] = &[
    &[
        step(
            "法制意见",
            Duty::Legal,
            Role::LegalReviewer,
            At::Lead,
            OPINION,
        ),
        step("现场踏勘", Duty::Consult, Role::Reviewer, At::Lead, OPINION),
        reminded(
            step(
                "协办部门意见",
                Duty::Consult,
                Role::CoHandler,
                At::Consulted,
                OPINION,
            ),
            4,
        ),
    ],
    &[DECIDE],
    &[DELIVER],
];
const ALL: [(&str, &[&[Step]]); 4] = [
    ("standard", STANDARD),
    ("instant", INSTANT),
    ("legal_review", LEGAL_REVIEW),
    ("joint_opinion", JOINT_OPINION),
];

/// The rounds of a procedure.
pub fn rounds(procedure: &str) -> (&'static str, &'static [&'static [Step]]) {
    let found = ALL.iter().find(|(name, _)| *name == procedure);
    *found.expect("items are handled by one of the four")
}

/// The step of this name and the round it is in.
pub fn find(procedure: &str, name: &str) -> Option<(usize, Step)> {
    let (_, rounds) = rounds(procedure);
    let mut all = rounds
        .iter()
        .enumerate()
        .flat_map(|(round, steps)| steps.iter().map(move |step| (round, *step)));
    all.find(|(_, step)| step.name == name)
}

/// The numbers that the product gives to steps and to the timers beside them.
pub struct Procedures {
    numbers: BTreeMap<(&'static str, &'static str), u16>,
    reminders: BTreeMap<&'static str, u16>,
}

impl Procedures {
    pub fn read() -> Result<Self> {
        let (mut numbers, mut reminders) = (BTreeMap::new(), BTreeMap::new());
        for (procedure, rounds) in ALL {
            let known = procedure::shipped(procedure).context("shipped")?;
            for step in rounds.iter().copied().flatten() {
                let mut all = (0..100)
                    .filter(|number| known.node_name(*number, kernel::Lang::Zh) == step.name);
                let (one, other) = (all.next(), all.next());
                ensure!(other.is_none(), "{procedure} has two steps {}", step.name);
                numbers.extend(one.map(|number| ((procedure, step.name), number)));
            }
            let reminder =
                (0..100).find(|number| known.node_name(*number, kernel::Lang::Zh) == "临期");
            reminders.extend(reminder.map(|number| (procedure, number)));
        }
        Ok(Self { numbers, reminders })
    }

    pub fn number(&self, procedure: &'static str, step: &'static str) -> u16 {
        let found = self.numbers.get(&(procedure, step));
        *found.expect("the procedures are those that the simulation knows")
    }

    /// The step of a number.
    pub fn name(&self, procedure: &str, number: u16) -> Option<&'static str> {
        let same = |(key, value): &(&(&'static str, &'static str), &u16)| {
            key.0 == procedure && **value == number
        };
        self.numbers.iter().find(same).map(|(key, _)| key.1)
    }

    pub fn reminder(&self, procedure: &str) -> u16 {
        let found = self.reminders.get(procedure);
        *found.expect("the procedure reminds")
    }
}

//! Figures of a stage with many items: its one form put together, and its whole life decided and
//! followed, both without a store. What the store costs, the benches of cases measure.

use std::sync::Arc;
use std::time::{Duration, Instant};

use calendar::WorkingDays;
use case::Code;
use catalogue::ItemId;
use catalogue::model::ItemContent;
use jiff::civil::Date;
use kernel::{Clock, Fault, OrganId, PersonId};
use ledger::{Commitment, Lifecycle};
use seal::Digest32;

use crate::decide::{Facts, HandedIn, Who, begin_bundle};
use crate::model::{Bundle, BundleId, BundleStatus, PartPlan, PartStatus};
use crate::one_form::{Taking, assemble};
use crate::theme::{Absence, Join, Need, Theme};
use crate::{BundleCommand, shipped};

/// Departments that the items are spread over.
const ORGANS: usize = 5;

/// What was measured of a stage, each the median of many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageFigures {
    /// How many items it has.
    pub items: usize,
    /// Putting one form and one set of papers together.
    pub form: Duration,
    /// Opened, every item received, begun and granted, and joined.
    pub life: Duration,
}

/// Measures a stage of so many items, made of the items that are modelled, again and again.
///
/// # Errors
/// [`Fault::Broken`] when a shipped item cannot take part.
pub fn bench_stage(items: usize, rounds: usize) -> Result<StageFigures, Fault> {
    let modelled = catalogue::shipped::items().map_err(Fault::broken)?;
    let theme = shipped::theme("five_4")?;
    let names: Vec<String> = (0..items).map(|at| format!("i{at}")).collect();
    let (mut forms, mut lives) = (Vec::new(), Vec::new());
    for _ in 0..rounds.max(1) {
        let began = Instant::now();
        one_form(theme, &names, &modelled)?;
        forms.push(began.elapsed());
        let began = Instant::now();
        live(items)?;
        lives.push(began.elapsed());
    }
    let median = |mut all: Vec<Duration>| {
        all.sort_unstable();
        all.get(all.len() / 2).copied().unwrap_or_default()
    };
    Ok(StageFigures {
        items,
        form: median(forms),
        life: median(lives),
    })
}

fn one_form(theme: &Theme, names: &[String], modelled: &[ItemContent]) -> Result<(), Fault> {
    let taking: Vec<Taking<'_>> = names
        .iter()
        .zip(modelled.iter().cycle())
        .filter_map(|(key, content)| {
            let scenario = content.scenarios.first()?.id.as_str();
            Some(Taking {
                key,
                content,
                scenario,
            })
        })
        .collect();
    assemble(theme, &taking).map(|_| ())
}

/// A whole life, event by event as the ledger would have it.
fn live(items: usize) -> Result<(), Fault> {
    let clock = Clock::real();
    let organs: Vec<OrganId> = (0..ORGANS).map(|_| clock.new_id()).collect();
    let today = Date::constant(2026, 3, 2);
    let facts = Facts {
        today,
        calendar: Arc::new(WorkingDays::built_in().clone()),
        who: Who::System,
    };
    let first = begin_bundle(handed_in(&clock, &organs, items, today)?, &[], &facts)?;
    let id: BundleId = clock.new_id();
    let mut events = first.iter();
    let begun = events.next().and_then(|event| Bundle::begin(id, event));
    let mut bundle = begun.ok_or_else(|| Fault::broken("a stage that does not begin"))?;
    events.for_each(|event| bundle.evolve(event));
    let numbers: Vec<u16> = bundle.parts.iter().map(|part| part.plan.at).collect();
    let mut follow = |command: BundleCommand| -> Result<(), Fault> {
        for event in bundle.decide(command, &facts)? {
            bundle.evolve(&event);
        }
        Ok(())
    };
    for number in &numbers {
        follow(BundleCommand::Receive(*number, clock.new_id()))?;
    }
    for number in &numbers {
        follow(BundleCommand::Open(*number, clock.new_id()))?;
    }
    for number in &numbers {
        follow(BundleCommand::End(*number, PartStatus::Granted))?;
    }
    match bundle.status == BundleStatus::Passed {
        true => Ok(()),
        false => Err(Fault::broken("a stage that was not joined")),
    }
}

fn handed_in(clock: &Clock, organs: &[OrganId], items: usize, on: Date) -> Result<HandedIn, Fault> {
    let lead = organs.first().copied();
    let lead = lead.ok_or_else(|| Fault::broken("no department"))?;
    let word = |text: &str| text.parse::<Code>().map_err(Fault::broken);
    let answers = Commitment {
        text: clock.new_id(),
        digest: Digest32([0; 32]),
    };
    let plan = |(at, organ): (usize, &OrganId)| {
        Ok(PartPlan {
            at: u16::try_from(at).map_err(Fault::broken)?,
            item: clock.new_id::<ItemId>(),
            version: 1,
            scenario: 0,
            organ: *organ,
            need: Need::Mandatory,
            follow_up: false,
            days: 10,
            after: Vec::new(),
            answers,
            papers: Vec::new(),
            handed: Vec::new(),
        })
    };
    let parts = organs.iter().cycle().take(items).enumerate();
    Ok(HandedIn {
        number: word("BENCH-1")?,
        theme: word("five_4")?,
        theme_version: 1,
        project: None,
        applicant: clock.new_id::<PersonId>(),
        agent: None,
        lead,
        hall: lead,
        join: Join::All,
        absence: Absence::Remind,
        limit_days: 30,
        check: None,
        pre_review: false,
        at_counter: false,
        on,
        parts: parts.map(plan).collect::<Result<_, Fault>>()?,
    })
}

//! What an event of a case causes beneath: timers, papers, reminders; and the news for the roof.
//!
//! The clock's timer is one row per case: set to the end of the promised limit, then, when it
//! fires, to the end of the statutory one; after a decision to the last day to hand out.

use std::collections::BTreeMap;

use db::{Tx, timer};
use jiff::civil::Date;
use jiff::{Span, Timestamp, ToSpan};
use kernel::{Fault, OfficerId, TypedId};
use ledger::Commitment;
use process::{Delay, Marking};

use crate::decide::{Event, Facts};
use crate::model::{Case, CaseId, Code, Dues, Duty, Verdict};
use crate::neighbours::{Grounds, Hall, Paper};

/// What the roof may want to know of, beside the events themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Granted or refused.
    Decided {
        /// Which case.
        case: CaseId,
        /// How.
        verdict: Verdict,
    },
    /// Handed out.
    Delivered {
        /// Which case.
        case: CaseId,
    },
    /// Over, in whichever way.
    Closed {
        /// Which case.
        case: CaseId,
    },
    /// Silence granted it 超时默认.
    TacitlyApproved {
        /// Which case.
        case: CaseId,
    },
    /// What silence or a table granted was checked and does not stand.
    SetAside {
        /// Which case.
        case: CaseId,
    },
    /// The procedure had the law of it reviewed 法制审核.
    LegallyReviewed {
        /// Which case.
        case: CaseId,
        /// By whom.
        by: OfficerId,
        /// In whose stead.
        standing_in: Option<OfficerId>,
        /// Whether the review stands for a grant.
        agrees: bool,
        /// What it says.
        said: Option<Commitment>,
    },
    /// A limit has passed: the light turned.
    LimitPassed {
        /// Which case.
        case: CaseId,
        /// To which light.
        light: calendar::Light,
    },
}

/// The timer of a case's clock.
pub(crate) const CLOCK_TIMER: &str = "case.due";
/// Timers of the process: this, and the node's number.
pub(crate) const NODE_TIMER: &str = "case.timer.";

/// What follows from opening.
pub(crate) fn opened(
    tx: &mut Tx<'_>,
    case: &Case,
    event: &Event,
    facts: &Facts,
) -> Result<(), Fault> {
    let Event::Opened(opened) = event else {
        return Ok(());
    };
    set_clock(tx, case, facts.today())?;
    let none = Marking::default();
    move_timers(tx, case, &none, &[], facts)?;
    make_papers(tx, case, &opened.services, (None, None), facts)
}

/// What follows from any later event.
pub(crate) fn follow(
    tx: &mut Tx<'_>,
    before: &Case,
    case: &Case,
    event: &Event,
    facts: &Facts,
) -> Result<(), Fault> {
    match event {
        Event::Opened(_)
        | Event::Claimed { .. }
        | Event::Released { .. }
        | Event::HandedOver { .. }
        | Event::CoHandlerAdded(_)
        | Event::Prioritised { .. }
        | Event::TacitChecked { upheld: true, .. }
        | Event::RuleChecked { upheld: true, .. }
        | Event::Archived => {}
        Event::TacitChecked { upheld: false, .. } | Event::RuleChecked { upheld: false, .. } => {
            tx.announce(News::SetAside { case: case.id });
        }
        Event::Rerouted(rerouted) => {
            forget_timers(tx, before)?;
            move_timers(tx, case, &Marking::default(), &[], facts)?;
            make_papers(tx, case, &rerouted.services, (None, None), facts)?;
        }
        Event::Migrated(migrated) => follow_move(tx, before, case, migrated, facts)?,
        Event::TacitlyApproved(tacit) => {
            tx.announce(News::TacitlyApproved { case: case.id });
            granted(tx, before, case, &tacit.services, facts)?;
        }
        Event::GrantedByRule(ruled) => granted(tx, before, case, &ruled.services, facts)?,
        Event::Advanced(advanced) => moved_on(tx, before, case, advanced, facts)?,
        Event::Paused {
            kind,
            expected_days,
            reason,
            ..
        } => {
            let reason = ledger::read_text(tx, reason)?.unwrap_or_default();
            let (kind, expected_days) = (*kind, *expected_days);
            let pause = Paper::Pause {
                kind,
                expected_days,
                reason,
            };
            paper(tx, case, pause)?;
        }
        Event::Extended { days, reason, .. } => {
            let reason = ledger::read_text(tx, reason)?.unwrap_or_default();
            let days = *days;
            paper(tx, case, Paper::Extension { days, reason })?;
        }
        Event::Resumed { .. } | Event::Redated { .. } => {}
        Event::Withdrawn { .. } | Event::DeemedWithdrawn { .. } => {
            let old = marking(before)?;
            move_timers(tx, case, &old, &[], facts)?;
            paper(tx, case, Paper::Withdrawal)?;
        }
    }
    if turns(before) != turns(case) {
        set_clock(tx, case, facts.today())?;
    }
    if !before.status.is_over() && case.status.is_over() {
        tx.announce(News::Closed { case: case.id });
    }
    Ok(())
}

fn paper(tx: &mut Tx<'_>, case: &Case, paper: Paper) -> Result<(), Fault> {
    let hall = tx.thing::<Hall>()?;
    hall.make_paper(tx, case, paper)
}

/// What the days on which lights turn follow from.
fn turns(case: &Case) -> (Dues, Option<Date>, bool) {
    (case.dues, case.delivery_due, case.status.is_over())
}

/// The day after which a light turns next; none while the clock stands or when all is over.
fn clock_day(case: &Case, today: Date) -> Option<Date> {
    if case.status.is_over() {
        return None;
    }
    if !case.status.is_open() {
        return case.delivery_due;
    }
    let Dues {
        promised,
        statutory,
    } = case.dues;
    promised.filter(|due| today <= *due).or(statutory)
}

fn set_clock(tx: &mut Tx<'_>, case: &Case, today: Date) -> Result<(), Fault> {
    match clock_day(case, today) {
        Some(day) => set_clock_after(tx, case.id, day),
        None => timer::cancel(tx, CLOCK_TIMER, case.id.uuid()).map(|_| ()),
    }
}

/// Sets the clock's timer to the end of a day.
pub(crate) fn set_clock_after(tx: &mut Tx<'_>, id: CaseId, day: Date) -> Result<(), Fault> {
    let next = day.tomorrow().map_err(Fault::broken)?;
    let at = kernel::clock::hall_instant(next.at(0, 0, 0, 0));
    timer::set(tx, CLOCK_TIMER, id.uuid(), at)
}

fn marking(case: &Case) -> Result<Marking, Fault> {
    case.marking.as_str().parse().map_err(Fault::broken)
}

/// What follows from a grant that nobody decided: by silence, or by a table.
fn granted(
    tx: &mut Tx<'_>,
    before: &Case,
    case: &Case,
    services: &[u16],
    facts: &Facts,
) -> Result<(), Fault> {
    move_timers(tx, case, &marking(before)?, &[], facts)?;
    make_papers(tx, case, services, (None, None), facts)?;
    let (id, verdict) = (case.id, Verdict::Granted);
    tx.announce(News::Decided { case: id, verdict });
    Ok(())
}

/// What follows from a finished task: timers, papers, the decision, the delivery.
fn moved_on(
    tx: &mut Tx<'_>,
    before: &Case,
    case: &Case,
    advanced: &crate::Advanced,
    facts: &Facts,
) -> Result<(), Fault> {
    let old: Marking = marking(before)?;
    let again: Vec<u16> = advanced.opened.iter().map(|open| open.task).collect();
    move_timers(tx, case, &old, &again, facts)?;
    let grounds = advanced.grounds.as_ref();
    let said = (grounds, advanced.minutes.as_ref());
    make_papers(tx, case, &advanced.services, said, facts)?;
    let id = case.id;
    if let Some(verdict) = advanced.verdict {
        tx.announce(News::Decided { case: id, verdict });
    }
    let duty = before.task(advanced.task).map(|task| task.duty);
    if let (Some(Duty::Legal), Some(by)) = (duty, advanced.by) {
        let outcome = advanced.outcome.as_ref().map(Code::as_str);
        tx.announce(News::LegallyReviewed {
            case: id,
            by,
            standing_in: advanced.standing_in,
            agrees: !matches!(outcome, Some("returned" | "disagree")),
            said: advanced.opinion,
        });
    }
    if let Some(delivery) = &advanced.delivery {
        let method = delivery.method;
        paper(tx, case, Paper::DeliveryReceipt { method })?;
        tx.announce(News::Delivered { case: id });
    }
    Ok(())
}

/// Cancels the timers of the process that a case leaves.
fn forget_timers(tx: &mut Tx<'_>, before: &Case) -> Result<(), Fault> {
    let left = crate::edition(tx, before.procedure.as_str())?;
    for node in left.timers(&marking(before)?).keys() {
        timer::cancel(tx, &format!("{NODE_TIMER}{node}"), before.id.uuid())?;
    }
    Ok(())
}

/// Timers of nodes that the new version has too run on; others are cancelled or set anew.
fn follow_move(
    tx: &mut Tx<'_>,
    before: &Case,
    case: &Case,
    migrated: &crate::Migrated,
    facts: &Facts,
) -> Result<(), Fault> {
    let left = crate::edition(tx, before.procedure.as_str())?;
    let (was, is) = (
        left.timers(&marking(before)?),
        facts.procedure.timers(&marking(case)?),
    );
    let record = case.id.uuid();
    let mut kept = BTreeMap::new();
    for node in was.keys() {
        let kind = format!("{NODE_TIMER}{node}");
        let there = migrated.nodes.iter().find(|(old, _)| old == node);
        if let (Some(due), Some((_, new))) = (timer::find(tx, &kind, record)?, there) {
            kept.insert(*new, due);
        }
        timer::cancel(tx, &kind, record)?;
    }
    for (node, delay) in &is {
        let stood = migrated.nodes.iter().any(|(_, new)| new == node);
        let at = match kept.get(node) {
            Some(at) => *at,
            // It fired before the move, and does not fire again.
            None if stood
                && was
                    .keys()
                    .any(|old| migrated.nodes.contains(&(*old, *node))) =>
            {
                continue;
            }
            None => after(tx, *delay, facts)?,
        };
        timer::set(tx, &format!("{NODE_TIMER}{node}"), record, at)?;
    }
    Ok(())
}

/// Sets the timers of places that are new, cancels those of places left behind.
fn move_timers(
    tx: &mut Tx<'_>,
    case: &Case,
    old: &Marking,
    again: &[u16],
    facts: &Facts,
) -> Result<(), Fault> {
    let new = marking(case)?;
    let procedure = &facts.procedure;
    let (was, is) = (procedure.timers(old), procedure.timers(&new));
    let restarted = restarted(facts, again);
    for node in was.keys().filter(|node| !is.contains_key(node)) {
        timer::cancel(tx, &format!("{NODE_TIMER}{node}"), case.id.uuid())?;
    }
    for (node, delay) in &is {
        if !was.contains_key(node) || restarted.contains_key(node) {
            let at = after(tx, *delay, facts)?;
            timer::set(tx, &format!("{NODE_TIMER}{node}"), case.id.uuid(), at)?;
        }
    }
    Ok(())
}

/// The timers on tasks that this step opened, be it again.
fn restarted(facts: &Facts, again: &[u16]) -> BTreeMap<u16, Delay> {
    let words: Vec<String> = {
        let mut numbers = again.to_vec();
        numbers.sort_unstable();
        numbers.iter().map(ToString::to_string).collect()
    };
    let marking: Marking = words.join(",").parse().unwrap_or_default();
    facts.procedure.timers(&marking)
}

fn after(tx: &Tx<'_>, delay: Delay, facts: &Facts) -> Result<Timestamp, Fault> {
    match delay {
        Delay::WorkingDays(days) => {
            let due = facts.calendar.after(facts.today(), u32::from(days));
            let day = due.map_err(crate::Refusal::Calendar)?.date;
            Ok(kernel::clock::hall_instant(day.at(0, 0, 0, 0)))
        }
        Delay::Calendar {
            months,
            days,
            seconds,
        } => {
            let span: Span = i64::from(months).months().days(i64::from(days));
            let at = facts.now.checked_add(span).map_err(Fault::broken)?;
            let at = at
                .checked_add(i64::from(seconds).seconds())
                .map_err(Fault::broken)?;
            Ok(kernel::clock::hall_instant(at).max(tx.now()))
        }
    }
}

/// What a decision says: the grounds of a refusal, and how it rests on the minutes of a hearing.
type Said<'a> = (Option<&'a Commitment>, Option<&'a Commitment>);

/// Carries out the service tasks that were answered on the way.
fn make_papers(
    tx: &mut Tx<'_>,
    case: &Case,
    services: &[u16],
    (grounds, minutes): Said<'_>,
    facts: &Facts,
) -> Result<(), Fault> {
    let minutes = match minutes {
        Some(minutes) if !services.is_empty() => ledger::read_text(tx, minutes)?,
        _ => None,
    };
    for service in services {
        let minutes = minutes.clone();
        let node = process::NodeId::new(*service);
        match facts.procedure.process().effect(node) {
            Some("certificate.issue") => paper(tx, case, Paper::Certificate { minutes })?,
            Some("refusal.issue") => {
                let text = match grounds {
                    Some(grounds) => ledger::read_text(tx, grounds)?,
                    None => None,
                };
                let text = text.ok_or_else(|| Fault::broken("a refusal without grounds"))?;
                let grounds: Grounds = serde_json::from_str(&text).map_err(Fault::broken)?;
                paper(tx, case, Paper::Refusal { grounds, minutes })?;
            }
            Some("reminder.send") => remind(tx, case)?,
            Some(other) => {
                return Err(Fault::broken(format!("nobody carries out {other}")));
            }
            None => {}
        }
    }
    Ok(())
}

/// Queues a reminder for whoever holds the open tasks; ids only.
fn remind(tx: &mut Tx<'_>, case: &Case) -> Result<(), Fault> {
    for task in &case.tasks {
        let body = serde_json::json!({
            "case": case.id, "number": case.number, "task": task.number,
            "organ": task.organ, "role": task.role, "officer": task.held_by,
        });
        db::outbox::queue(tx, "case.reminder", &body.to_string())?;
    }
    Ok(())
}

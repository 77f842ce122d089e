//! Days and plans: sums that come out even, and a critical path that an oracle agrees with.

use calendar::WorkingDays;
use jiff::civil::{Date, date};
use kernel::uuid::Uuid;
use kernel::{OrganId, TypedId};
use proptest::prelude::*;

use crate::days::{Held, Holder, add_up};
use crate::schedule::{NoPlan, Task, plan};

fn organ(number: u128) -> Holder {
    Holder::Organ(OrganId::from_uuid(Uuid::from_u128(number)))
}

fn held(holder: Holder, after: Date, until: Option<Date>) -> Held {
    Held {
        holder,
        after,
        until,
    }
}

fn calendar() -> &'static WorkingDays {
    WorkingDays::built_in()
}

fn day(after: u32) -> Date {
    let start = date(2026, 3, 2);
    calendar().after(start, after).unwrap().date
}

#[test]
fn a_day_counts_for_the_department_whose_answer_comes_last() {
    let both = [
        held(organ(1), day(0), Some(day(3))),
        held(organ(2), day(0), Some(day(5))),
    ];
    let days = add_up(calendar(), day(0), day(5), &both, organ(9)).unwrap();
    let counted: Vec<_> = days
        .shares
        .iter()
        .map(|one| (one.holder, one.counted, one.busy))
        .collect();
    assert_eq!(counted, [(organ(2), 5, 5), (organ(1), 0, 3)]);
}

#[test]
fn a_day_of_a_special_procedure_alone_counts_against_nobody() {
    let all = [
        held(organ(1), day(0), Some(day(2))),
        held(Holder::Special, day(2), Some(day(6))),
        held(organ(1), day(6), Some(day(7))),
        held(organ(2), day(0), Some(day(3))),
    ];
    let days = add_up(calendar(), day(0), day(7), &all, organ(9)).unwrap();
    let of = |holder| {
        days.shares
            .iter()
            .find(|one| one.holder == holder)
            .map(|one| one.counted)
    };
    assert_eq!(of(organ(2)), Some(3));
    assert_eq!(of(Holder::Special), Some(3));
    assert_eq!(of(organ(1)), Some(1));
    assert_eq!(days.passed, 7);
}

#[test]
fn a_day_on_which_nobody_has_anything_counts_for_the_lead() {
    let days = add_up(calendar(), day(0), day(4), &[], organ(9)).unwrap();
    assert_eq!(
        (days.shares[0].holder, days.shares[0].counted),
        (organ(9), 4)
    );
}

fn holder(number: u8) -> Holder {
    match number {
        0 => Holder::Special,
        1 => Holder::Applicant,
        other => organ(u128::from(other)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_days_of_all_add_up_to_the_days_that_passed(
        long in 0u32..60,
        spells in proptest::collection::vec((0u8..6, 0u32..60, 0u32..40, any::<bool>()), 0..12),
    ) {
        let all: Vec<Held> = spells
            .iter()
            .map(|(who, from, days, open)| {
                let until = Some(day(from + days)).filter(|_| !open);
                held(holder(*who), day(*from), until)
            })
            .collect();
        let days = add_up(calendar(), day(0), day(long), &all, organ(9)).unwrap();
        prop_assert_eq!(days.passed, long);
        let sum: u32 = days.shares.iter().map(|one| one.counted).sum();
        prop_assert_eq!(sum, long);
        // The rest apart, nobody counts more days than they had something open.
        for one in days.shares.iter().filter(|one| one.holder != organ(9)) {
            prop_assert!(one.counted <= one.busy);
        }
    }
}

#[test]
fn tasks_that_wait_for_each_other_have_no_plan() {
    let task = |after: &[usize]| Task {
        days: 1,
        after: after.to_vec(),
    };
    assert_eq!(plan(&[task(&[1]), task(&[0])]), Err(NoPlan::Circle));
    assert_eq!(plan(&[task(&[0])]), Err(NoPlan::Circle));
    assert_eq!(plan(&[task(&[7])]), Err(NoPlan::Unknown));
    assert_eq!(plan(&[]).unwrap().days, 0);
}

#[test]
fn five_stages_one_after_the_other_end_on_the_wanted_day() {
    let days = [5, 7, 14, 8, 7];
    let tasks: Vec<Task> = days
        .iter()
        .enumerate()
        .map(|(at, days)| Task {
            days: *days,
            after: at.checked_sub(1).into_iter().collect(),
        })
        .collect();
    let made = plan(&tasks).unwrap();
    assert_eq!((made.days, made.path.clone()), (41, vec![0, 1, 2, 3, 4]));
    let wanted = date(2026, 6, 30);
    let spans = made.backward(calendar(), wanted).unwrap();
    assert_eq!(spans[4].until, wanted);
    for (one, next) in spans.iter().zip(&spans[1..]) {
        assert_eq!(calendar().after(one.until, 1).unwrap().date, next.from);
    }
    for (span, days) in spans.iter().zip(days) {
        let long = calendar().between(span.from, span.until).unwrap() + 1;
        assert_eq!(long, i64::from(days));
    }
}

/// The longest chain that ends at a task, by trying all of them.
fn longest(tasks: &[Task], at: usize) -> u32 {
    let before = tasks[at].after.iter().map(|other| longest(tasks, *other));
    tasks[at].days + before.max().unwrap_or(0)
}

/// The longest chain that begins behind a task.
fn tail(tasks: &[Task], at: usize) -> u32 {
    let after = (0..tasks.len()).filter(|other| tasks[*other].after.contains(&at));
    let chains = after.map(|other| tasks[other].days + tail(tasks, other));
    chains.max().unwrap_or(0)
}

fn some_tasks() -> impl Strategy<Value = Vec<Task>> {
    let task = (
        0u32..9,
        proptest::collection::vec(any::<prop::sample::Index>(), 0..3),
    );
    proptest::collection::vec(task, 1..9).prop_map(|raw| {
        let tasks = raw.into_iter().enumerate();
        tasks
            .map(|(at, (days, before))| {
                let before = before.into_iter().filter(|_| 0 < at);
                let mut after: Vec<usize> = before.map(|index| index.index(at)).collect();
                after.sort_unstable();
                after.dedup();
                Task { days, after }
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_critical_path_is_the_longest_chain(tasks in some_tasks()) {
        let made = plan(&tasks).unwrap();
        let whole = (0..tasks.len()).map(|at| longest(&tasks, at)).max().unwrap_or(0);
        prop_assert_eq!(made.days, whole);
        let along: u32 = made.path.iter().map(|at| tasks[*at].days).sum();
        prop_assert_eq!(along, whole);
        for pair in made.path.windows(2) {
            prop_assert!(tasks[pair[1]].after.contains(&pair[0]));
        }
        for (at, slot) in made.slots.iter().enumerate() {
            prop_assert_eq!(slot.earliest, longest(&tasks, at) - tasks[at].days);
            prop_assert_eq!(slot.latest, whole - tail(&tasks, at) - tasks[at].days);
            let through = longest(&tasks, at) + tail(&tasks, at);
            prop_assert_eq!(slot.is_critical(), through == whole);
        }
    }
}

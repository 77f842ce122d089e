//! Laws of counting and of the legal clock, as rules that hold for any start, limit and pause.

use calendar::*;
use jiff::civil::{Date, DateTime, date};
use proptest::prelude::*;

fn days() -> &'static WorkingDays {
    WorkingDays::built_in()
}

fn nth_day(index: i32) -> Date {
    date(2018, 1, 1) + jiff::Span::new().days(index)
}

fn clock(n: u32, promised: Option<u32>, start: Date) -> LegalClock {
    let promised = promised.map(|n| Rule::workdays("承诺", n));
    let statutory = Rule::workdays("行政许可法第四十二条", n);
    LegalClock::new(days(), statutory, promised, start).expect("a clock in the known years")
}

fn end(clock: &LegalClock) -> Date {
    let end = clock.due_statutory(days()).expect("in the known years");
    end.due().expect("the clock runs").date
}

/// What a clerk with a wall calendar does: strike off one day after the other.
fn counted_by_hand(start: Date, n: u32, pauses: &[(Date, Date)]) -> Date {
    let (mut day, mut left) = (start, n);
    while 0 < left {
        day = day.tomorrow().expect("in the known years");
        let paused = pauses
            .iter()
            .any(|(from, until)| *from <= day && day < *until);
        left -= u32::from(!paused && days().is_working(day).expect("known"));
    }
    day
}

proptest! {
    #[test]
    fn a_later_start_or_a_longer_limit_never_ends_earlier(
        start in 0..3000, later in 0..60, n in 0_u32..60, more in 0_u32..20,
    ) {
        let end = |start, n| days().after(nth_day(start), n).unwrap().date;
        prop_assert!(end(start, n) <= end(start + later, n));
        prop_assert!(end(start, n) <= end(start, n + more));
    }

    #[test]
    fn counting_in_two_steps_is_counting_in_one(start in 0..3000, a in 0_u32..60, b in 0_u32..60) {
        let start = nth_day(start);
        let halfway = days().after(start, a).unwrap().date;
        let two = days().after(halfway, b).unwrap().date;
        prop_assert_eq!(two, days().after(start, a + b).unwrap().date);
    }

    #[test]
    fn between_undoes_after_and_before_undoes_both(start in 100..3000, n in 1_u32..60) {
        let start = nth_day(start);
        let due = days().after(start, n).unwrap().date;
        prop_assert!(days().is_working(due).unwrap());
        prop_assert_eq!(days().between(start, due), Ok(i64::from(n)));
        let ahead = days().before(due, n).unwrap().date;
        prop_assert_eq!(days().after(ahead, n).unwrap().date, due);
    }

    #[test]
    fn the_array_gives_what_a_clerk_counts_by_hand(
        start in 0..3000, n in 0_u32..60,
        first in 0..30, long in 0..20, gap in 0..20, again in 0..20,
    ) {
        let start = nth_day(start);
        let at = |offset: i32| start + jiff::Span::new().days(offset);
        let pauses = [
            (at(first), at(first + long)),
            (at(first + long + gap), at(first + long + gap + again)),
        ];
        let mut clock = clock(n, None, start);
        for (from, until) in pauses {
            clock.pause(PauseKind::Hearing, from).unwrap();
            clock.resume(until).unwrap();
        }
        prop_assert_eq!(end(&clock), counted_by_hand(start, n, &pauses));
    }

    #[test]
    fn a_pause_shifts_the_end_by_exactly_the_working_days_it_covers(
        start in 0..3000, n in 1_u32..60, wait in 1..100, long in 0..60,
    ) {
        let start = nth_day(start);
        let from = start + jiff::Span::new().days(wait);
        let until = from + jiff::Span::new().days(long);
        let mut paused = clock(n, None, start);
        let before = end(&paused);
        paused.pause(PauseKind::Testing, from).unwrap();
        paused.resume(until).unwrap();
        let eve = |day: Date| day.yesterday().unwrap();
        let covered = days().between(eve(from), eve(until)).unwrap();
        let shift = if from <= before { u32::try_from(covered).unwrap() } else { 0 };
        let incremental = days().after(before, shift).unwrap().date;
        prop_assert_eq!(end(&paused), incremental, "recomputed equals incremental");
    }

    #[test]
    fn a_light_never_goes_back_while_nothing_is_granted(
        start in 0..3000, n in 1_u32..40, less in 0_u32..40, paused_from in 0..60,
    ) {
        let promised = n.saturating_sub(less);
        let mut clock = clock(n, Some(promised), nth_day(start));
        let lights = |clock: &LegalClock| -> Vec<Light> {
            let policy = LightPolicy::default();
            (0..120).map(|d| clock.light(days(), nth_day(start + d), &policy).unwrap()).collect()
        };
        let running = lights(&clock);
        prop_assert!(running.is_sorted());
        prop_assert_eq!(running.last(), Some(&Light::Black));
        clock.pause(PauseKind::Other, nth_day(start + paused_from)).unwrap();
        let standing = lights(&clock);
        prop_assert!(standing.is_sorted());
        prop_assert!(standing.iter().zip(&running).all(|(stands, runs)| stands <= runs));
    }

    #[test]
    fn what_remains_falls_to_zero_on_the_last_day(start in 0..3000, n in 1_u32..40, at in 0..100) {
        let clock = clock(n, None, nth_day(start));
        let now = nth_day(start + at);
        let left = clock.remaining(days(), Limit::Statutory, now).unwrap();
        prop_assert_eq!(left.count, days().between(now, end(&clock)).unwrap());
    }

    #[test]
    fn no_line_makes_the_command_panic(line in any::<String>(), n in any::<u32>()) {
        let hours = OfficeHours::default();
        for unit in ["workday", "day", "hour", &line] {
            let _ = due_line(days(), &hours, &format!("{line},{n},{unit}"));
            let _ = due(days(), &hours, &line, unit, n);
        }
        let _ = parse_rows(&line);
    }

    #[test]
    fn any_civil_day_and_count_is_answered_or_refused(year in -9999_i16..=9999, n in any::<u32>()) {
        let day = date(year, 6, 1);
        let _ = days().after(day, n);
        let _ = days().before(day, n);
        prop_assert_eq!(days().kind(day).is_ok(), (2018..=2027).contains(&year));
    }
}

#[test]
fn a_clock_that_stands_has_no_end_and_keeps_its_light() {
    let mut clock = clock(20, Some(10), date(2026, 9, 1));
    clock
        .pause(PauseKind::ExpertReview, date(2026, 9, 3))
        .unwrap();
    let since = date(2026, 9, 3);
    assert_eq!(clock.due_statutory(days()), Ok(Reckoning::Paused { since }));
    let later = date(2026, 12, 1);
    let left = clock.remaining(days(), Limit::Promised, later).unwrap();
    assert_eq!((left.count, left.paused), (9, true));
    assert_eq!(
        clock.light(days(), later, &LightPolicy::default()),
        Ok(Light::Green)
    );
    clock.resume(date(2026, 9, 10)).unwrap();
    assert_eq!(
        end(&clock),
        days().after(date(2026, 9, 1), 25).unwrap().date
    );
}

#[test]
fn a_pause_after_the_end_saves_nobody() {
    let mut clock = clock(5, None, date(2026, 9, 1));
    clock.pause(PauseKind::Other, date(2026, 9, 9)).unwrap();
    let due = clock.due_statutory(days()).unwrap().due().unwrap();
    assert_eq!(due.date, date(2026, 9, 8));
    let light = clock.light(days(), date(2026, 9, 9), &LightPolicy::default());
    assert_eq!(light, Ok(Light::Black));
}

#[test]
fn pauses_and_extensions_keep_their_order() {
    let mut clock = clock(20, None, date(2026, 9, 1));
    assert_eq!(
        clock.resume(date(2026, 9, 2)),
        Err(CalendarError::NotPaused)
    );
    let early = clock.pause(PauseKind::Other, date(2026, 8, 1));
    assert_eq!(early, Err(CalendarError::PauseOutOfOrder));
    clock.pause(PauseKind::Other, date(2026, 9, 3)).unwrap();
    let twice = clock.pause(PauseKind::Other, date(2026, 9, 4));
    assert_eq!(twice, Err(CalendarError::AlreadyPaused));
    assert_eq!(
        clock.resume(date(2026, 9, 2)),
        Err(CalendarError::PauseOutOfOrder)
    );
    clock.resume(date(2026, 9, 3)).unwrap();
    clock
        .extend(10, "行政许可法第四十二条", date(2026, 9, 20))
        .unwrap();
    let again = clock.extend(10, "行政许可法第四十二条", date(2026, 9, 21));
    assert_eq!(again, Err(CalendarError::AlreadyExtended));
    assert_eq!(
        end(&clock),
        days().after(date(2026, 9, 1), 30).unwrap().date
    );
}

#[test]
fn a_promise_longer_than_the_law_is_refused() {
    let statutory = Rule::workdays("许可法 42", 20);
    let promised = Some(Rule::workdays("承诺", 21));
    let refused = LegalClock::new(days(), statutory, promised, date(2026, 9, 1));
    assert_eq!(refused, Err(CalendarError::PromisedTooLong));
}

#[test]
fn lights_turn_at_one_day_or_a_fifth_and_at_each_limit() {
    let clock = clock(20, Some(10), date(2026, 10, 19));
    let light = |day| {
        clock
            .light(days(), date(2026, 10, day), &LightPolicy::default())
            .unwrap()
    };
    assert_eq!(
        (light(28), light(29), light(31)),
        (Light::Green, Light::Yellow, Light::Yellow)
    );
    let light = |day| {
        clock
            .light(days(), date(2026, 11, day), &LightPolicy::default())
            .unwrap()
    };
    assert_eq!((light(2), light(3)), (Light::Yellow, Light::Red));
    assert_eq!((light(16), light(17)), (Light::Red, Light::Black));
}

#[test]
fn a_limit_in_hours_turns_red_by_the_minute() {
    let start: DateTime = date(2026, 9, 30).at(16, 30, 0, 0);
    let rule = Rule::workdays("许可法 42", 1);
    let clock = LegalClock::new(days(), rule, Some(Rule::hours("承诺", 1)), start).unwrap();
    let light = |now| clock.light(days(), now, &LightPolicy::default()).unwrap();
    assert_eq!(light(date(2026, 9, 30).at(16, 31, 0, 0)), Light::Green);
    assert_eq!(light(date(2026, 10, 8).at(9, 20, 0, 0)), Light::Yellow);
    assert_eq!(light(date(2026, 10, 8).at(9, 31, 0, 0)), Light::Red);
    assert_eq!(light(date(2026, 10, 9).at(9, 0, 0, 0)), Light::Black);
}

#[test]
fn the_last_calendar_day_moves_only_where_the_rule_says_so() {
    let end = |last_day| {
        let rule = Rule {
            last_day,
            ..Rule::days("民法典 203", 10)
        };
        let clock = LegalClock::new(days(), rule, None, date(2026, 9, 24)).unwrap();
        clock.due_statutory(days()).unwrap().due().unwrap().date
    };
    assert_eq!(end(LastDay::AsCounted), date(2026, 10, 4));
    assert_eq!(end(LastDay::NextWorkingDay), date(2026, 10, 8));
}

fn texts(clock: &LegalClock, lang: Lang) -> Vec<String> {
    let lines = clock.explain(days(), lang).expect("in the known years");
    lines.into_iter().map(|line| line.text).collect()
}

#[test]
fn the_derivation_names_every_day_that_was_skipped_and_why() {
    let mut clock = clock(20, Some(5), date(2026, 9, 30));
    clock.pause(PauseKind::Hearing, date(2026, 10, 20)).unwrap();
    clock.resume(date(2026, 10, 22)).unwrap();
    clock
        .extend(10, "行政许可法第四十二条", date(2026, 10, 26))
        .unwrap();
    let expected = [
        "2026-09-30 受理；受理当日不计入期限",
        "法定时限 20 个工作日（行政许可法第四十二条）",
        "2026-10-01 至 2026-10-07 国庆节放假 7 天，不计",
        "2026-10-10 国庆节调休上班，计入工作日",
        "其间普通周末共 11 天，不计",
        "2026-10-20 至 2026-10-22（不含）因听证停止计时，其间 2 个工作日不计",
        "2026-10-26 批准延长 10 个工作日（行政许可法第四十二条）",
        "法定时限届满：2026-11-19",
        "承诺时限 5 个工作日（承诺）",
        "承诺时限届满：2026-10-29",
        "工作日历版本 cn-2018-2026+2027p：所涉年份均已正式公布",
    ];
    assert_eq!(texts(&clock, Lang::Zh), expected);
    let english = texts(&clock, Lang::En);
    assert_eq!(english.len(), expected.len());
    assert_eq!(
        english[2],
        "2026-10-01 to 2026-10-07: 国庆节 holiday, 7 days off, not counted."
    );
}

#[test]
fn the_derivation_says_when_the_year_is_provisional_or_the_clock_stands() {
    let mut clock = clock(20, None, date(2026, 12, 25));
    assert!(texts(&clock, Lang::Zh).last().unwrap().contains("尚未公布"));
    assert!(
        texts(&clock, Lang::En)
            .last()
            .unwrap()
            .contains("provisional")
    );
    clock
        .pause(PauseKind::Quarantine, date(2026, 12, 28))
        .unwrap();
    let lines = texts(&clock, Lang::Zh);
    assert!(lines.contains(&"法定时限届满日待定：自 2026-12-28 起停止计时".to_owned()));
}

#[test]
fn a_clock_is_stored_and_read_back_as_itself() {
    let mut clock = clock(20, Some(5), date(2026, 9, 30)).with_hours(OfficeHours::default());
    clock.pause(PauseKind::Hearing, date(2026, 10, 20)).unwrap();
    let text = serde_json::to_string(&clock).unwrap();
    assert_eq!(serde_json::from_str::<LegalClock>(&text).unwrap(), clock);
    assert!(serde_json::from_str::<OfficeHours>("[]").is_err());
}

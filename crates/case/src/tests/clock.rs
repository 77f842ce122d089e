//! Pauses, extension and new calendars, by the days of the State Council's notices.

use calendar::{CalendarError, PauseKind};

use super::hall::*;
use crate::*;

fn pause(kind: PauseKind, expected_days: u32) -> Command {
    Command::Pause(NewPause {
        listed: Vec::new(),
        kind,
        expected_days,
        reason: said(),
    })
}

#[test]
fn the_clock_stands_only_for_what_the_item_lists_and_as_long_as_it_says() {
    let listed = vec![Special {
        kind: PauseKind::Testing,
        days_max: 15,
    }];
    let asked = |kind, expected_days| {
        Command::Pause(NewPause {
            listed: listed.clone(),
            kind,
            expected_days,
            reason: said(),
        })
    };
    let told = given("standard", "2026-03-02");
    told.clone()
        .when(&reviewer(11), asked(PauseKind::Auction, 5))
        .refused(&Refusal::PauseNotListed);
    told.clone()
        .when(&reviewer(11), asked(PauseKind::Testing, 16))
        .refused(&Refusal::PauseTooLong { max: 15 });
    told.when(&reviewer(11), asked(PauseKind::Testing, 15))
        .done();
}

fn extend(days: u32) -> Command {
    let reason = said();
    Command::Extend { days, reason }
}

/// The calendar says when, not this test.
fn after(told: &Told, from: &str, days: u32) -> Option<jiff::civil::Date> {
    Some(told.calendar.after(day(from), days).unwrap().date)
}

#[test]
fn both_limits_count_working_days_from_the_day_after_acceptance() {
    // The Dragon Boat holiday of 2026 lies in both spans.
    let told = given("standard", "2026-06-11");
    assert_eq!(told.case.dues.promised, after(&told, "2026-06-11", 10));
    assert_eq!(told.case.dues.statutory, after(&told, "2026-06-11", 20));
    assert!(told.case.dues.promised > Some(day("2026-06-25")));
}

#[test]
fn a_paused_case_does_not_age() {
    let told = given("standard", "2026-03-02");
    let due = told.case.dues.promised;
    let told = told
        .on("2026-03-04")
        .when(&reviewer(11), pause(PauseKind::ExpertReview, 5))
        .done();
    assert_eq!(told.case.status, Status::Paused);
    assert_eq!(told.case.dues, Dues::default());
    let told = told
        .on("2026-03-11")
        .when(&reviewer(11), Command::Resume)
        .done();
    assert_eq!(told.case.status, Status::Handling);
    // Five working days stood still: 4, 5, 6, 9 and 10 March.
    let due = due.map(|due| told.calendar.after(due, 5).unwrap().date);
    assert_eq!(told.case.dues.promised, due);
}

/// A case was late by its promise; a pause made it look as if nobody knew when it was due, so
/// its red light went out.
#[test]
fn a_pause_does_not_hide_that_a_limit_was_over() {
    let told = given("standard", "2026-03-02");
    let promised = told.case.dues.promised;
    let told = told
        .on("2026-03-20")
        .when(&reviewer(11), pause(PauseKind::ExpertReview, 5))
        .done();
    assert!(promised < Some(day("2026-03-20")));
    assert_eq!(told.case.dues.promised, promised);
    assert_eq!(told.case.dues.statutory, None);
}

#[test]
fn a_pause_whose_end_no_calendar_knows_is_refused() {
    let told = given("standard", "2026-12-01");
    let (first, last) = (told.calendar.first_day(), told.calendar.last_day());
    told.when(&reviewer(11), pause(PauseKind::ExpertReview, 365))
        .refused(&Refusal::Calendar(CalendarError::OutsideCalendar {
            first,
            last,
        }));
}

#[test]
fn a_case_pauses_only_by_the_procedures_of_article_45() {
    let told = given("standard", "2026-03-02");
    for kind in [PauseKind::Correction, PauseKind::Other] {
        told.clone()
            .when(&reviewer(11), pause(kind, 5))
            .refused(&Refusal::NoSuchPause);
    }
    for kind in [
        PauseKind::Hearing,
        PauseKind::Tender,
        PauseKind::Auction,
        PauseKind::Inspection,
        PauseKind::Testing,
        PauseKind::Quarantine,
        PauseKind::Appraisal,
        PauseKind::ExpertReview,
    ] {
        told.clone().when(&reviewer(11), pause(kind, 5)).done();
    }
    told.clone()
        .when(&reviewer(11), pause(PauseKind::Hearing, 0))
        .refused(&Refusal::DaysOutOfRange { max: 365 });
    told.clone()
        .when(&exit_clerk(13), pause(PauseKind::Hearing, 5))
        .refused(&Refusal::WrongPost);
    told.clone()
        .when(&reviewer(11), Command::Resume)
        .refused(&Refusal::NotPaused);
    told.when(&reviewer(11), pause(PauseKind::Hearing, 5))
        .done()
        .when(&reviewer(11), pause(PauseKind::Testing, 5))
        .refused(&Refusal::AlreadyPaused);
}

#[test]
fn nothing_is_decided_while_the_clock_stands() {
    given("standard", "2026-03-02")
        .finish(&reviewer(11), "agree")
        .done()
        .when(&reviewer(11), pause(PauseKind::Hearing, 5))
        .done()
        .finish(&decider(12), "granted")
        .refused(&Refusal::ClockStands);
}

#[test]
fn the_head_extends_once_by_up_to_ten_days() {
    let told = given("standard", "2026-03-02");
    told.clone()
        .when(&reviewer(11), extend(5))
        .refused(&Refusal::HeadOnly);
    for days in [0, 11] {
        told.clone()
            .when(&decider(12), extend(days))
            .refused(&Refusal::DaysOutOfRange { max: 10 });
    }
    let told = told.on("2026-03-10").when(&decider(12), extend(10)).done();
    assert_eq!(told.case.dues.statutory, after(&told, "2026-03-02", 30));
    assert_eq!(told.case.dues.promised, after(&told, "2026-03-02", 20));
    told.when(&decider(12), extend(1))
        .refused(&Refusal::AlreadyExtended);
}

#[test]
fn a_limit_that_has_passed_is_not_extended() {
    given("standard", "2026-03-02")
        .on("2026-06-01")
        .when(&decider(12), extend(5))
        .refused(&Refusal::LimitPassed);
}

#[test]
fn the_delivery_clock_runs_ten_working_days_from_the_decision() {
    let told = given("instant", "2026-04-28")
        .finish(&decider(12), "granted")
        .done();
    assert_eq!(told.case.delivery_due, after(&told, "2026-04-28", 10));
}

#[test]
fn dating_again_by_the_same_calendar_changes_nothing() {
    let told = given("standard", "2026-03-02").when(&Asker::System, Command::Redate);
    assert_eq!(told.last, Ok(Vec::new()));
}

#[test]
fn a_new_notice_dates_a_running_case_again_and_leaves_a_paused_one() {
    let mut told = given("standard", "2026-12-28");
    let before = told.case.dues;
    told.calendar = with_one_more_holiday(&told.calendar);
    let told = told.when(&Asker::System, Command::Redate).done();
    assert_ne!(told.case.dues, before);
    assert_eq!(told.last.as_ref().unwrap().len(), 1);
    let paused = given("standard", "2026-12-28")
        .when(&reviewer(11), pause(PauseKind::Hearing, 5))
        .done()
        .when(&Asker::System, Command::Redate);
    assert_eq!(paused.last, Ok(Vec::new()));
}

#[test]
fn a_new_notice_moves_the_last_day_to_hand_out_of_a_decided_case() {
    let mut told = given("instant", "2026-12-28")
        .finish(&decider(12), "granted")
        .done();
    let before = told.case.delivery_due.unwrap();
    told.calendar = with_one_more_holiday(&told.calendar);
    let told = told.when(&Asker::System, Command::Redate).done();
    let now = told.case.delivery_due.unwrap();
    assert!(before < now, "{before} {now}");
    assert_eq!(Some(now), after(&told, "2026-12-28", 10));
    let again = told.when(&Asker::System, Command::Redate);
    assert_eq!(again.last, Ok(Vec::new()));
}

fn with_one_more_holiday(
    calendar: &calendar::WorkingDays,
) -> std::sync::Arc<calendar::WorkingDays> {
    let notice = calendar::Notice {
        version: "2027-test".to_owned(),
        source: "test".to_owned(),
        year: 2027,
        status: calendar::Status::Official,
        kind: calendar::NoticeKind::Amendment,
        rows: vec![calendar::NoticeRow {
            date: day("2027-01-05"),
            kind: calendar::RowKind::Holiday,
            name: "元旦".to_owned(),
        }],
    };
    std::sync::Arc::new(calendar.extended(&notice).unwrap())
}

//! The answer keys: working days of every year and month, every due date of the oracle, the samples
//! of the official notices, and the provisional year.

use calendar::*;
use jiff::civil::{Date, date};

fn days() -> &'static WorkingDays {
    WorkingDays::built_in()
}

fn day(text: &str) -> Date {
    text.parse().expect("a date written in the test or the key")
}

fn key() -> serde_json::Value {
    serde_json::from_str(include_str!("data/calendar.oracle.json")).expect("the key is JSON")
}

#[test]
fn every_year_and_month_has_the_working_days_of_the_key() {
    let key = key();
    for (year, count) in key["working_days_per_year"].as_object().unwrap() {
        let count = u32::try_from(count.as_u64().unwrap()).unwrap();
        assert_eq!(
            days().working_days_in(year.parse().unwrap()),
            Ok(count),
            "{year}"
        );
    }
    let months = key["working_days_per_month_2018_2026"].as_object().unwrap();
    assert_eq!(months.len(), 108);
    for (month, count) in months {
        let first = day(&format!("{month}-01"));
        let dates = first.series(jiff::Span::new().days(1));
        let dates = dates.take_while(|date| date.month() == first.month());
        let working = dates
            .filter(|date| days().is_working(*date).unwrap())
            .count();
        assert_eq!(
            u64::try_from(working).unwrap(),
            count.as_u64().unwrap(),
            "{month}"
        );
    }
}

#[test]
fn all_298_due_dates_are_those_of_the_key() {
    let key = key();
    let rows = key["add_working_days"].as_array().unwrap();
    assert_eq!(rows.len(), 298);
    for row in rows {
        let start = row["accepted"].as_str().unwrap();
        let n = u32::try_from(row["n"].as_u64().unwrap()).unwrap();
        let answer = due(days(), &OfficeHours::default(), start, "workday", n).unwrap();
        assert_eq!(answer.due, row["due"].as_str().unwrap(), "{start} + {n}");
        let clock = LegalClock::new(days(), Rule::workdays("x", n), None, day(start)).unwrap();
        let reckoned = clock.due_statutory(days()).unwrap().due().unwrap();
        assert_eq!(
            (reckoned.date, reckoned.status),
            (day(&answer.due), answer.status)
        );
    }
}

#[test]
fn due_dates_around_the_holidays_of_the_notices_are_right() {
    for (start, n, end) in [
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-13", 20, "2026-03-19"),
        ("2026-04-30", 1, "2026-05-06"),
        ("2026-09-18", 5, "2026-09-24"),
        ("2026-09-30", 5, "2026-10-13"),
        ("2026-09-30", 20, "2026-11-03"),
        ("2026-09-01", 45, "2026-11-09"),
        ("2025-01-24", 5, "2025-02-07"),
        ("2025-09-26", 10, "2025-10-16"),
        ("2024-09-13", 3, "2024-09-19"),
        ("2023-09-28", 10, "2023-10-18"),
    ] {
        let due = days().after(day(start), n).unwrap();
        assert_eq!(
            (due.date, due.status),
            (day(end), Status::Official),
            "{start} + {n}"
        );
    }
}

#[test]
fn days_are_told_by_their_kind_and_name() {
    let kind = |text| days().kind(day(text)).unwrap();
    assert_eq!(kind("2026-10-01"), DayKind::Holiday("国庆节".into()));
    assert_eq!(kind("2026-10-10"), DayKind::MakeUp("国庆节".into()));
    assert_eq!(kind("2026-10-17"), DayKind::Weekend);
    assert_eq!(kind("2026-10-09"), DayKind::Working);
    assert_eq!(
        kind("2024-02-09"),
        DayKind::Working,
        "除夕 2024 was only encouraged rest"
    );
}

#[test]
fn a_year_without_a_notice_answers_provisional() {
    for (start, n) in [("2026-12-20", 20), ("2027-03-01", 5)] {
        let due = days().after(day(start), n).unwrap();
        assert_eq!(due.status, Status::Provisional, "{start}");
    }
    assert_eq!(
        days().after(date(2026, 12, 25), 4).unwrap().status,
        Status::Official
    );
    let next_year = days().after(date(2026, 12, 31), 1).unwrap();
    assert_eq!(
        (next_year.date, next_year.status),
        (date(2027, 1, 4), Status::Provisional)
    );
    assert_eq!(
        days().kind(day("2027-02-05")),
        Ok(DayKind::Holiday("春节".into()))
    );
    assert_eq!(days().year_status(2027), Some(Status::Provisional));
}

#[test]
fn a_day_outside_the_known_years_is_an_error_and_never_a_guess() {
    let outside = CalendarError::OutsideCalendar {
        first: date(2018, 1, 1),
        last: date(2027, 12, 31),
    };
    assert_eq!(days().kind(date(2017, 12, 31)), Err(outside.clone()));
    assert_eq!(days().after(date(2027, 12, 20), 45), Err(outside.clone()));
    assert_eq!(
        days().after(date(2027, 12, 20), u32::MAX),
        Err(outside.clone())
    );
    assert_eq!(days().before(date(2018, 1, 5), 30), Err(outside.clone()));
    assert_eq!(days().working_days_in(2028), Err(outside.clone()));
    for unit in ["workday", "day", "hour"] {
        let hours = OfficeHours::default();
        assert_eq!(
            due(days(), &hours, "2027-12-20", unit, u32::MAX),
            Err(outside.clone())
        );
    }
}

fn notice_2027() -> Notice {
    let text = "date,type,name\n2026-12-31,holiday,元旦\n2027-01-01,holiday,元旦\n\
                2027-01-02,holiday,元旦\n2027-01-03,workday,元旦\n2027-01-04,holiday,元旦\n";
    Notice {
        version: "cn-2027".into(),
        source: "a notice made for the test".into(),
        year: 2027,
        status: Status::Official,
        kind: NoticeKind::WholeYear,
        rows: rows(text),
    }
}

#[test]
fn a_late_notice_re_dates_running_cases_and_says_so() {
    let new = days().extended(&notice_2027()).unwrap();
    assert_eq!(
        new.kind(date(2027, 2, 5)),
        Ok(DayKind::Working),
        "replaced as a whole"
    );
    assert_eq!(
        new.kind(date(2026, 12, 31)),
        Ok(DayKind::Holiday("元旦".into()))
    );
    assert_eq!(
        new.kind(date(2027, 1, 3)),
        Ok(DayKind::MakeUp("元旦".into()))
    );
    let rule = Rule::workdays("许可法 42", 5);
    let mut clock = LegalClock::new(days(), rule, None, date(2026, 12, 28)).unwrap();
    let redating = clock.re_date(days(), &new).unwrap();
    let dates = (
        redating.statutory.0.due().unwrap(),
        redating.statutory.1.due().unwrap(),
    );
    assert_eq!(
        (dates.0.date, dates.0.status),
        (date(2027, 1, 5), Status::Provisional)
    );
    assert_eq!(
        (dates.1.date, dates.1.status),
        (date(2027, 1, 6), Status::Official)
    );
    assert!(redating.has_changed());
    assert_eq!(clock.calendar_version(), "cn-2027");
    assert!(!clock.clone().re_date(&new, &new).unwrap().has_changed());
}

#[test]
fn a_start_in_a_provisional_year_does_not_make_official_days_provisional() {
    let mut notice = notice_2027();
    (notice.year, notice.rows) = (2028, rows("2028-01-01,holiday,元旦"));
    let new = days().extended(&notice).unwrap();
    assert_eq!(
        new.after(date(2027, 12, 31), 3).unwrap().status,
        Status::Official
    );
    assert_eq!(
        new.after(date(2027, 12, 30), 3).unwrap().status,
        Status::Provisional
    );
    assert_eq!(
        new.after(date(2027, 12, 31), 0).unwrap().status,
        Status::Provisional
    );
}

#[test]
fn an_amendment_changes_single_days_and_keeps_the_rest() {
    let mut notice = notice_2027();
    notice.kind = NoticeKind::Amendment;
    notice.rows = parse_rows("2027-03-01,holiday,临时").unwrap();
    let new = days().extended(&notice).unwrap();
    assert_eq!(
        new.kind(date(2027, 3, 1)),
        Ok(DayKind::Holiday("临时".into()))
    );
    assert_eq!(
        new.kind(date(2027, 2, 5)),
        Ok(DayKind::Holiday("春节".into()))
    );
}

#[test]
fn a_notice_that_does_not_fit_is_refused_with_its_reason() {
    let code = |change: &dyn Fn(&mut Notice)| {
        let mut notice = notice_2027();
        change(&mut notice);
        days().extended(&notice).unwrap_err().code()
    };
    assert_eq!(
        code(&|n| n.version = days().version().into()),
        "same-version"
    );
    assert_eq!(code(&|n| n.year = 2030), "foreign-day");
    assert_eq!(code(&|n| n.rows.clear()), "not-joined");
    assert_eq!(
        code(&|n| (n.year, n.rows) = (2029, rows("2029-01-01,holiday,元旦"))),
        "not-joined"
    );
    assert_eq!(
        code(&|n| n.rows.extend(rows("2027-01-01,workday,元旦"))),
        "contradiction"
    );
    assert_eq!(
        parse_rows("2027-02-30,holiday,x"),
        Err(CalendarError::BadRow { line: 1 })
    );
    assert_eq!(parse_rows("a\n"), Err(CalendarError::BadRow { line: 1 }));
}

fn rows(text: &str) -> Vec<NoticeRow> {
    parse_rows(text).expect("rows written in the test")
}

#[test]
fn a_calendar_is_stored_and_read_back_as_itself() {
    let text = serde_json::to_string(days()).unwrap();
    assert_eq!(&serde_json::from_str::<WorkingDays>(&text).unwrap(), days());
}

#[test]
fn the_command_line_answers_in_its_own_words() {
    let hours = OfficeHours::default();
    let answer = due_line(days(), &hours, "2026-09-30, 20").unwrap();
    let json = serde_json::to_value(&answer).unwrap();
    let expected = serde_json::json!({
        "start": "2026-09-30", "days": 20, "unit": "workday",
        "due": "2026-11-03", "status": "official",
    });
    assert_eq!(json, expected);
    let code = |line| due_line(days(), &hours, line).unwrap_err().code();
    assert_eq!(code("2026-02-30,5"), "not-a-date");
    assert_eq!(code("2026-02-20,five"), "not-a-count");
    assert_eq!(code("2026-02-20,-1"), "not-a-count");
    assert_eq!(code("2026-02-20,5,week"), "unknown-unit");
    assert_eq!(code("2016-02-20,5"), "outside-calendar");
    assert_eq!(code(""), "not-a-date");
    assert_eq!(
        due_line(days(), &hours, "2026-09-30,20,day").unwrap().due,
        "2026-10-20"
    );
}

#[test]
fn hours_run_in_office_hours_of_working_days_only() {
    for (start, n, end) in [
        ("2026-09-29T09:30", 1, "2026-09-29T10:30"),
        ("2026-09-29T11:00", 1, "2026-09-29T12:00"),
        ("2026-09-29T11:30:45", 1, "2026-09-29T13:30"),
        ("2026-09-29T12:20", 1, "2026-09-29T14:00"),
        ("2026-09-30T16:30", 1, "2026-10-08T09:30"),
        ("2026-09-30T18:00", 1, "2026-10-08T10:00"),
        ("2026-10-03", 1, "2026-10-08T10:00"),
        ("2026-09-29", 1, "2026-09-29T10:00"),
        ("2026-09-29T09:00", 7, "2026-09-29T17:00"),
        ("2026-09-29T09:00", 8, "2026-09-30T10:00"),
        ("2026-12-31T16:30", 1, "2027-01-04T09:30"),
    ] {
        let answer = due(days(), &OfficeHours::default(), start, "hour", n).unwrap();
        assert_eq!(answer.due, end, "{start} + {n} h");
    }
}

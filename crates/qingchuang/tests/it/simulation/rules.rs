//! What speaks against work on a task, and small reckonings that cases share: the model's own
//! words, none of the program's.

use case::{Code, Duty, Grounds};
use catalogue::model::{LimitUnit, TimeLimit};
use jiff::civil::Date;
use kernel::OfficerId;

use super::days::Unit;
use super::model::{Case, Hand, Seat, Task};
use super::run::Codes;

impl Case {
    /// What speaks against work on a task: first of all that it is over or gone.
    pub fn against(&self, number: u16, rules: impl FnOnce(&Self, &Task) -> Codes) -> Codes {
        if self.is_over() {
            return vec!["case.over", "case.task_gone"];
        }
        match self.task(number) {
            Some(task) => rules(self, task),
            None => vec!["case.task_gone"],
        }
    }

    pub fn hold(&mut self, number: u16, by: Option<OfficerId>, standing_in: Option<OfficerId>) {
        for task in self.tasks.iter_mut().filter(|task| task.number == number) {
            task.held_by = by;
            task.held_for = standing_in;
        }
    }
}

/// Accept, review, decide and hand out are four people.
pub fn is_kept_apart(duty: Duty) -> bool {
    matches!(
        duty,
        Duty::Accept | Duty::Review | Duty::Decide | Duty::Deliver
    )
}

pub fn people_of(seat: &Seat) -> Vec<OfficerId> {
    std::iter::once(seat.officer)
        .chain(seat.standing_in)
        .collect()
}

pub fn against_post(task: &Task, seat: &Seat) -> Codes {
    let fits = task.organ == seat.organ && seat.roles.contains(&task.role);
    if fits {
        Codes::new()
    } else {
        vec!["case.wrong_post"]
    }
}

pub fn is_held_by(task: &Task, seat: &Seat) -> bool {
    task.held_by
        .is_some_and(|holder| people_of(seat).contains(&holder))
}

/// Post, holder and separation of duties.
pub fn against_working(case: &Case, task: &Task, seat: &Seat) -> Codes {
    let mut no = against_post(task, seat);
    if task.held_by.is_some() && !is_held_by(task, seat) {
        no.push("case.task_held");
    }
    no.extend(against_duty(case, task, &people_of(seat)));
    no
}

/// Promise 4: who did one duty does not do another; a second review is by somebody else.
pub fn against_duty(case: &Case, task: &Task, people: &[OfficerId]) -> Codes {
    let mut no = Codes::new();
    if !is_kept_apart(task.duty) {
        return no;
    }
    let did = |hand: &&Hand| hand.people.iter().any(|one| people.contains(one));
    for hand in case.hands.iter().filter(did) {
        if hand.duty != task.duty {
            no.push("case.two_duties");
        } else if task.duty == Duty::Review && hand.task != task.number {
            no.push("case.reviewed_already");
        }
    }
    no
}

pub fn reckoned(limit: TimeLimit) -> (u32, Unit) {
    let unit = match limit.unit {
        LimitUnit::Workday => Unit::Workday,
        LimitUnit::Day => Unit::Day,
        LimitUnit::Hour => Unit::Hour,
    };
    (limit.amount, unit)
}

/// The day before the same day some months later, or before the end of a shorter month.
pub fn last_day(from: Date, months: u32) -> Date {
    let later = i32::from(from.month()) - 1 + i32::try_from(months).expect("a few years");
    let (years, month) = (later.div_euclid(12), later.rem_euclid(12) + 1);
    let year = from.year() + i16::try_from(years).expect("a few years");
    let first = Date::new(year, i8::try_from(month).expect("1 to 12"), 1);
    let first = first.expect("the first of a month is a day");
    let day = from.day().min(first.days_in_month());
    let same = Date::new(first.year(), first.month(), day).expect("a day of the month");
    same.yesterday().expect("not the first day of time")
}

pub fn code(word: &str) -> Code {
    Code::try_from(word.to_owned()).expect("a plain word")
}

pub fn some_grounds() -> Grounds {
    Grounds {
        reason: "经审查，申请不符合法定条件".to_owned(),
        article: "《中华人民共和国行政许可法》第三十八条第二款".to_owned(),
        review_organ: "广安市广安区人民政府".to_owned(),
        court: "广安市广安区人民法院".to_owned(),
        lacking: None,
    }
}

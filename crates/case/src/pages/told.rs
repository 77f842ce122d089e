//! What a page says of a case, in words: facts, stages, clock, history, papers.
//!
//! Deliberately absent: what may be done; each page adds its forms.

use web::Shell;
use web::parts::{Fact, Link, Moment, Progress, Stage};

use crate::HistoryLine;
use crate::model::{Case, Status, Term};
use crate::progress::Ended;
use crate::view::{CasePage, Lamp};

/// How a case stands, in one look: state, lamp, and what it took once it is decided.
pub(super) struct Standing {
    /// 绿色通道.
    pub(super) priority: bool,
    /// 超时默认.
    pub(super) tacit: bool,
    /// 按规则准予: how, by which table and rules; empty where people decided.
    pub(super) ruled: String,
    pub(super) ruled_by: String,
    pub(super) state: String,
    pub(super) tone: &'static str,
    pub(super) shade: &'static str,
    pub(super) left: String,
    pub(super) took: String,
    pub(super) took_shade: &'static str,
}

/// The time that is left, in words.
pub(super) fn left(shell: &Shell, lamp: Lamp) -> String {
    let days = |days: i64| [("days", days.to_string())];
    match lamp {
        Lamp { shade: "grey", .. } => shell.t("case.no_clock").to_owned(),
        Lamp { left: 0, .. } => shell.t("case.left_today").to_owned(),
        Lamp { left: 1, .. } => shell.t("case.left_one").to_owned(),
        Lamp { left: -1, .. } => shell.t("case.late_one").to_owned(),
        Lamp { left, .. } if left < 0 => shell.say("case.late", &days(-left)),
        Lamp { left, .. } => shell.say("case.left", &days(left)),
    }
}

/// A span of a clock, in words.
fn span(shell: &Shell, count: i64, unit: calendar::DueUnit) -> String {
    let one = if count == 1 { "_one" } else { "" };
    let key = format!("case.span_{}{one}", unit.word());
    shell.say(&key, &[("n", count.to_string())])
}

/// What a decision took, against what was promised and what the law allows.
pub(crate) fn took(shell: &Shell, ended: &Ended) -> String {
    let term = |term: Term| span(shell, i64::from(term.count), term.unit);
    let used = match ended.used {
        0 if ended.promised.unit != calendar::DueUnit::Hour => {
            shell.t("case.span_same_day").to_owned()
        }
        used => span(shell, used, ended.promised.unit),
    };
    let said = [
        ("used", used),
        ("promised", term(ended.promised)),
        ("statutory", term(ended.statutory)),
    ];
    shell.say("case.took", &said)
}

/// A state in words.
pub(crate) fn state(shell: &Shell, status: Status) -> &str {
    let key = match status {
        Status::Handling => "case.status_handling",
        Status::Paused => "case.status_paused",
        Status::Granted => "case.status_granted",
        Status::Refused => "case.status_refused",
        Status::Delivered => "case.status_delivered",
        Status::Withdrawn => "case.status_withdrawn",
        Status::Closed => "case.status_closed",
        Status::Archived => "case.status_archived",
    };
    shell.t(key)
}

/// The tone of a state's tag.
pub(crate) fn tone(status: Status) -> &'static str {
    match status {
        Status::Handling => "blue",
        Status::Paused => "yellow",
        Status::Granted | Status::Delivered => "green",
        Status::Refused => "red",
        Status::Withdrawn | Status::Closed | Status::Archived => "",
    }
}

pub(super) fn standing(shell: &Shell, page: &CasePage) -> Standing {
    let case = &page.case;
    let lamp = page.lamp;
    Standing {
        state: state(shell, case.status).to_owned(),
        tone: tone(case.status),
        priority: case.priority,
        tacit: case.tacit,
        ruled: case.ruled.map_or_else(String::new, |way| {
            shell.t(&format!("case.way_{way}")).to_owned()
        }),
        ruled_by: page.ruling.as_ref().map_or_else(String::new, |told| {
            super::ruled::rule_text(shell, told.ruling.table.as_str(), &told.ruling.rules)
        }),
        shade: lamp.shade,
        left: left_of(shell, case, lamp),
        took: page
            .ended
            .as_ref()
            .map_or_else(String::new, |ended| took(shell, ended)),
        took_shade: page.ended.map_or("grey", |ended| ended.shade),
    }
}

/// What the lamp of a case says; nothing when it is over.
pub(crate) fn left_of(shell: &Shell, case: &Case, lamp: Lamp) -> String {
    match case.status {
        Status::Paused => paused(shell, case),
        status if status.is_over() => String::new(),
        Status::Granted | Status::Refused => {
            let left = left(shell, lamp);
            shell.say("case.to_hand_out", &[("left", left)])
        }
        _ => left(shell, lamp),
    }
}

/// Why and since when the clock stands.
fn paused(shell: &Shell, case: &Case) -> String {
    let Some(pause) = case.clock.pauses.last() else {
        return shell.t("case.no_clock").to_owned();
    };
    let known = super::forms::PAUSES
        .iter()
        .find(|(_, kind)| *kind == pause.kind);
    let kind = known.map_or(String::new(), |(name, _)| {
        shell.t(&format!("case.kind_{name}")).to_owned()
    });
    shell.say(
        "case.stands",
        &[("kind", kind), ("since", pause.from.to_string())],
    )
}

pub(super) fn facts(shell: &Shell, page: &CasePage) -> Vec<Fact> {
    let case = &page.case;
    let mut facts = vec![
        Fact::plain(shell.t("case.number"), case.number.to_string()),
        Fact::plain(shell.t("case.applicant"), &page.applicant),
        Fact::plain(shell.t("case.organ"), &page.organ),
        Fact::plain(shell.t("case.opened_on"), case.opened_on.to_string()),
    ];
    let open = case.status.is_open();
    let waits = !open && !case.status.is_over();
    let dates = [
        ("case.promised_due", case.dues.promised.filter(|_| open)),
        ("case.statutory_due", case.dues.statutory.filter(|_| open)),
        ("case.decided_on", case.decided_on),
        ("case.delivery_due", case.delivery_due.filter(|_| waits)),
        ("case.closed_on", case.closed_on),
    ];
    let filed = page
        .history
        .iter()
        .rev()
        .find(|line| line.kind == "archived");
    let filed = filed.map(|line| kernel::clock::hall_date(line.at));
    for (key, date) in dates.into_iter().chain([("case.archived_on", filed)]) {
        if let Some(date) = date {
            facts.push(Fact::plain(shell.t(key), date.to_string()));
        }
    }
    facts
}

/// The grounds of a refusal (许可法 38), in words; nothing for any other case.
pub(super) fn grounds(shell: &Shell, page: &CasePage) -> Vec<Fact> {
    let found = page
        .history
        .iter()
        .rev()
        .find_map(|line| line.grounds.as_ref());
    let refused = page.case.verdict == Some(crate::Verdict::Refused);
    let Some(grounds) = found.filter(|_| refused) else {
        return Vec::new();
    };
    let remedy = |key: &str, name: &str| shell.say(key, &[("name", name.to_owned())]);
    vec![
        Fact::plain(shell.t("case.grounds_reason"), &grounds.reason),
        Fact::plain(shell.t("case.grounds_article"), &grounds.article),
        Fact::plain(
            shell.t("case.grounds_appeal"),
            remedy("case.grounds_appeal_text", &grounds.review_organ),
        ),
        Fact::plain(
            shell.t("case.grounds_suit"),
            remedy("case.grounds_suit_text", &grounds.court),
        ),
    ]
}

/// The way of the case: accepted, each stage, and the end.
pub(super) fn stages(shell: &Shell, page: &CasePage) -> Vec<Stage> {
    let stage = |label: &str, progress: Progress, detail: String| {
        let (state, key) = match progress {
            Progress::Done => ("done", "case.stage_done"),
            Progress::Now => ("now", "case.stage_now"),
            Progress::Next => ("next", "case.stage_next"),
        };
        Stage {
            label: label.to_owned(),
            state,
            word: shell.t(key).to_owned(),
            detail,
        }
    };
    let accepted = shell.t("case.stage_accepted");
    let began = page.case.opened_on.to_string();
    let mut way = vec![stage(accepted, Progress::Done, began)];
    for (each, organ) in &page.stages {
        let name = match each.name.as_str() {
            "" => shell.t("case.beside"),
            name => name,
        };
        let day = each.on.map(|day| day.to_string()).unwrap_or_default();
        let detail = match each.progress {
            Progress::Now => {
                let said = [("organ", organ.clone()), ("since", day)];
                shell.say("case.with_whom", &said)
            }
            Progress::Done | Progress::Next => day,
        };
        way.push(stage(name, each.progress, detail));
    }
    let end = match page.case.status {
        Status::Withdrawn => "case.event_withdrawn",
        _ => "case.stage_end",
    };
    let (progress, day) = match page.case.closed_on {
        Some(day) => (Progress::Done, day.to_string()),
        None => (Progress::Next, String::new()),
    };
    way.push(stage(shell.t(end), progress, day));
    way
}

/// One line of the history, in words.
pub(super) fn moment(shell: &Shell, line: &HistoryLine) -> Moment {
    let time = kernel::clock::hall_time(line.at);
    let mut title = shell.t(&format!("case.event_{}", line.kind)).to_owned();
    if !line.step.is_empty() {
        title = format!("{title} · {}", line.step);
    }
    // A decision is its own outcome: it is not said twice.
    let says_itself = matches!(line.kind, "granted" | "refused");
    if !line.outcome.is_empty() && !says_itself {
        let word = format!("case.outcome_{}", line.outcome);
        title = format!("{title} · {}", shell.t(&word));
    }
    let who = match line.standing_in.as_str() {
        "" => line.who.clone(),
        other => {
            let said = [("name", line.who.clone()), ("other", other.to_owned())];
            shell.say("case.standing_in", &said)
        }
    };
    Moment {
        time: time.strftime("%Y-%m-%d %H:%M").to_string(),
        title,
        who,
        detail: line.text.clone(),
        ..Moment::default()
    }
}

/// The history, newest first.
pub(super) fn moments(shell: &Shell, page: &CasePage) -> Vec<Moment> {
    page.history
        .iter()
        .rev()
        .map(|line| moment(shell, line))
        .collect()
}

pub(super) fn documents(page: &CasePage) -> Vec<Link> {
    let link = |document: &crate::Document| {
        let label = format!("{} {}", document.title, document.number);
        Link::to(&document.href, label.trim())
    };
    page.documents.iter().map(link).collect()
}

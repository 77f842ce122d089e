//! What decision tables granted 按规则准予: table and rules, and by when what was drawn is checked.

use askama::Template;
use axum::response::Response;
use kernel::Fault;
use web::{App, Officer, Reply, Role, Shell, page};

use crate::ruled::{RuledLine, ruled_list};

/// How many lines the list shows.
const LINES_MAX: usize = 200;

struct Row {
    href: String,
    number: String,
    way: String,
    rule: String,
    on: String,
    check: String,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "case/ruled.html")]
struct RuledPage {
    shell: Shell,
    rows: Vec<Row>,
}

/// The rules that matched, in words.
pub(super) fn rule_text(shell: &Shell, table: &str, rules: &[u16]) -> String {
    let rules: Vec<String> = rules.iter().map(ToString::to_string).collect();
    let params = [("table", table.to_owned()), ("rules", rules.join(", "))];
    shell.say("case.ruled_rule", &params)
}

fn row(shell: &Shell, line: RuledLine, today: jiff::civil::Date) -> Row {
    let (check, tone) = match (line.check_due, line.drawn) {
        (Some(due), _) if due < today => (shell.say("case.ruled_late", &day(due)), "red"),
        (Some(due), _) => (shell.say("case.ruled_check_due", &day(due)), "yellow"),
        (None, true) => (shell.t("case.tacit_is_checked").to_owned(), "green"),
        (None, false) => (shell.t("case.ruled_not_drawn").to_owned(), ""),
    };
    Row {
        href: format!("/desk/cases/{}", line.id),
        number: line.number.to_string(),
        way: shell.t(&format!("case.way_{}", line.way)).to_owned(),
        rule: line.table.map_or_else(String::new, |(table, rules)| {
            rule_text(shell, table.as_str(), &rules)
        }),
        on: line.on.map_or_else(String::new, |day| day.to_string()),
        check,
        tone,
    }
}

fn day(day: jiff::civil::Date) -> [(&'static str, String); 1] {
    [("day", day.to_string())]
}

pub(super) async fn show_list(app: App, by: Officer, shell: Shell) -> Reply<Response> {
    let all = by.has(Role::HallManager) || by.has(Role::Supervisor);
    let organ = match (all, by.organ()) {
        (true, _) => None,
        (false, Some(organ)) => Some(organ),
        (false, None) => {
            let code = "access.role_missing";
            return Err(Fault::Forbidden { code }.into());
        }
    };
    let (lines, today) = app
        .read(move |tx| Ok((ruled_list(tx, organ, LINES_MAX)?, tx.today())))
        .await?;
    let rows = lines.into_iter().map(|line| row(&shell, line, today));
    page(&RuledPage {
        rows: rows.collect(),
        shell,
    })
}

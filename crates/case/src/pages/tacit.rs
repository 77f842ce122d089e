//! What silence granted 超时默认: who let it lapse, and by when it is to be checked.

use askama::Template;
use axum::response::Response;
use kernel::Fault;
use web::{App, Officer, Reply, Role, Shell, page};

use crate::modes::{TacitLine, tacit_list};

/// How many lines the list shows.
const LINES_MAX: usize = 200;

struct Row {
    href: String,
    number: String,
    on: String,
    check_due: String,
    late: bool,
    answerable: Vec<String>,
}

#[derive(Template)]
#[template(path = "case/tacit.html")]
struct TacitPage {
    shell: Shell,
    rows: Vec<Row>,
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
        .read(move |tx| Ok((tacit_list(tx, organ, LINES_MAX)?, tx.today())))
        .await?;
    let row = |line: TacitLine| Row {
        href: format!("/desk/cases/{}", line.id),
        number: line.number.to_string(),
        on: line.on.map_or_else(String::new, |day| day.to_string()),
        late: line.check_due.is_some_and(|due| due < today),
        check_due: line
            .check_due
            .map_or_else(String::new, |day| day.to_string()),
        answerable: line
            .answerable
            .into_iter()
            .map(|(organ, who)| match who.is_empty() {
                true => organ,
                false => format!("{organ} {who}"),
            })
            .collect(),
    };
    page(&TacitPage {
        rows: lines.into_iter().map(row).collect(),
        shell,
    })
}

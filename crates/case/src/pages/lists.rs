//! Work lists: what waits for an officer, and the results desk.

use askama::Template;
use axum::response::Response;
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, Lang};
use serde::Deserialize;
use web::parts::Link;
use web::{App, Officer, Paging, Query, Reply, Shell, page};

use super::told::left;
use crate::neighbours::Hall;
use crate::store::{Scope, TaskKey, TaskLine, waiting_results};
use crate::view::{Lamp, lamp_of};

/// A row of a work list.
struct Row {
    href: String,
    claim: String,
    number: String,
    item: String,
    /// Who applies, where the list shows it.
    applicant: String,
    step: String,
    since: Date,
    shade: &'static str,
    left: String,
    held: bool,
    priority: bool,
    revision: i64,
}

/// A task line with its item's name and its lamp.
struct Listed {
    line: TaskLine,
    item: String,
    step: String,
    lamp: Lamp,
}

fn furnish(tx: &mut Tx<'_>, lines: Vec<TaskLine>, lang: Lang) -> Result<Vec<Listed>, Fault> {
    let hall = tx.thing::<Hall>()?;
    let calendar = tx.thing::<calendar::WorkingDays>()?;
    let today = tx.today();
    let mut listed = Vec::new();
    for line in lines {
        let due = line.promised_due.filter(|_| !line.stands());
        let count = line.promised_count;
        let procedure = crate::edition(tx, &line.procedure)?;
        listed.push(Listed {
            item: hall.item_name(tx, line.item, line.version, lang)?,
            step: procedure.node_name(line.task, lang).to_owned(),
            lamp: lamp_of(&calendar, today, due, line.statutory_due, count),
            line,
        });
    }
    Ok(listed)
}

fn row(shell: &Shell, listed: Listed) -> Row {
    let Listed {
        line,
        item,
        step,
        lamp,
    } = listed;
    let (case, task) = (line.case, line.task);
    let beside = || shell.t("case.beside").to_owned();
    Row {
        href: format!("/desk/cases/{case}"),
        claim: format!("/desk/cases/{case}/tasks/{task}/claim"),
        number: line.number,
        item,
        applicant: String::new(),
        step: if step.is_empty() { beside() } else { step },
        since: line.opened_on,
        shade: lamp.shade,
        left: left(shell, lamp),
        held: line.held_by.is_some(),
        priority: line.priority,
        revision: line.revision,
    }
}

#[derive(Template)]
#[template(path = "case/tasks.html")]
struct TasksPage {
    shell: Shell,
    tabs: Vec<Link>,
    rows: Vec<Row>,
    start: String,
    onward: String,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    scope: Option<Scope>,
}

pub(super) async fn show_tasks(
    app: App,
    by: Officer,
    shell: Shell,
    paging: Paging,
    Query(asked): Query<Asked>,
) -> Reply<Response> {
    let (after, most) = (paging.after::<TaskKey>()?, paging.limit_and_one());
    let doer = crate::doer(&by)?;
    let scope = asked.scope.unwrap_or(Scope::Post);
    let lang = shell.language();
    let found = app
        .read(move |tx| {
            let lines = crate::tasks(tx, &doer, scope, after.as_ref(), most)?;
            furnish(tx, lines, lang)
        })
        .await?;
    let found = paging.page(found, |listed| listed.line.key())?;
    let at = |scope: &Scope| format!("/desk/tasks?scope={scope}");
    let word = |scope: &Scope| shell.t(&format!("case.scope_{scope}")).to_owned();
    let tab = |scope: &Scope| Link::to(at(scope), word(scope));
    let here = at(&scope);
    page(&TasksPage {
        tabs: Link::tabs(Scope::ALL.iter().copied(), &scope, tab),
        start: paging.start(&here),
        onward: found.onward(&here),
        rows: found
            .items
            .into_iter()
            .map(|one| row(&shell, one))
            .collect(),
        shell,
    })
}

#[derive(Template)]
#[template(path = "case/delivery.html")]
struct DeliveryPage {
    shell: Shell,
    tabs: Vec<Link>,
    number: String,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
pub(super) struct Sought {
    #[serde(default)]
    number: String,
}

/// How many results the exit desk shows at once; the number finds the others.
const WAITING_MAX: usize = 100;

pub(super) async fn show_delivery(
    app: App,
    by: Officer,
    shell: Shell,
    Query(sought): Query<Sought>,
) -> Reply<Response> {
    let doer = crate::doer(&by)?;
    let number = sought.number.trim().to_owned();
    let (wanted, lang) = (number.clone(), shell.language());
    let found = app
        .read(move |tx| {
            let hall = tx.thing::<Hall>()?;
            let lines = waiting_results(tx, &doer, &wanted, WAITING_MAX)?;
            let listed = furnish(tx, lines, lang)?;
            let mut named = Vec::with_capacity(listed.len());
            for one in listed {
                let name = hall.person_name(tx, one.line.applicant)?;
                named.push((name, one));
            }
            Ok(named)
        })
        .await?;
    page(&DeliveryPage {
        tabs: super::archive::tabs(&shell, &by, "/desk/delivery"),
        rows: found
            .into_iter()
            .map(|(applicant, one)| Row {
                applicant,
                ..row(&shell, one)
            })
            .collect(),
        number,
        shell,
    })
}

//! What the pages show.

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use jiff::civil::Date;
use kernel::{Fault, OfficerId, OrganId};
use serde::Deserialize;
use web::parts::{Choice, Fact, Link, Moment};
use web::{
    App, Citizen, Download, Officer, Paging, Path, Query, Reply, Shell, Visitor, page, redirect,
};

use super::forms::PAUSES;
use crate::api::viewer;
use crate::model::{CaseId, Duty, Method, Role, Status};
use crate::neighbours::Hall;
use crate::store::{Scope, TaskKey, TaskLine, Viewer, waiting_results};
use crate::view::{CasePage, Lamp, OpenTask, case_page, lamp_of};

/// A row of a work list.
struct Row {
    href: String,
    claim: String,
    number: String,
    item: String,
    step: String,
    since: Date,
    shade: &'static str,
    left: String,
    held: bool,
}

fn left(shell: &Shell, lamp: Lamp) -> String {
    let days = |days: i64| [("days", days.to_string())];
    match lamp {
        Lamp { shade: "grey", .. } => shell.t("case.no_clock").to_owned(),
        Lamp { left, .. } if left < 0 => shell.say("case.late", &days(-left)),
        Lamp { left, .. } => shell.say("case.left", &days(left)),
    }
}

/// A task line with its item's name and its lamp.
struct Listed {
    line: TaskLine,
    item: String,
    step: String,
    lamp: Lamp,
}

fn furnish(tx: &mut Tx<'_>, lines: Vec<TaskLine>) -> Result<Vec<Listed>, Fault> {
    let hall = tx.thing::<Hall>()?;
    let calendar = tx.thing::<calendar::WorkingDays>()?;
    let today = tx.today();
    let mut listed = Vec::new();
    for line in lines {
        let due = line.promised_due.filter(|_| !line.stands());
        let count = line.promised_count;
        let procedure = crate::procedure(&line.procedure)?;
        listed.push(Listed {
            item: hall.item_name(tx, line.item, line.version)?,
            step: procedure.node_name(line.task).to_owned(),
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
        step: if step.is_empty() { beside() } else { step },
        since: line.opened_on,
        shade: lamp.shade,
        left: left(shell, lamp),
        held: line.held_by.is_some(),
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
    let found = app
        .read(move |tx| {
            let lines = crate::tasks(tx, &doer, scope, after.as_ref(), most)?;
            furnish(tx, lines)
        })
        .await?;
    let found = paging.page(found, |listed| listed.line.key())?;
    let at = |scope: Scope| format!("/desk/tasks?scope={scope}");
    let tab = |each: &Scope| {
        let word = format!("case.scope_{each}");
        let mut link = Link::to(at(*each), shell.t(&word));
        link.current = *each == scope;
        link
    };
    let tabs = Scope::ALL.iter().map(tab).collect();
    let first = paging.is_first();
    page(&TasksPage {
        tabs,
        start: if first { String::new() } else { at(scope) },
        onward: found
            .next
            .map_or(String::new(), |next| format!("{}&cursor={next}", at(scope))),
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
    let wanted = number.clone();
    let found = app
        .read(move |tx| {
            let lines = waiting_results(tx, &doer, &wanted, WAITING_MAX)?;
            furnish(tx, lines)
        })
        .await?;
    page(&DeliveryPage {
        rows: found.into_iter().map(|one| row(&shell, one)).collect(),
        number,
        shell,
    })
}

/// An open task with what this officer may do at it.
struct TaskView {
    base: String,
    step: String,
    with_whom: String,
    holder: String,
    question: String,
    can_work: bool,
    is_held: bool,
    refuses: bool,
    delivers: bool,
    outcomes: Vec<Choice>,
    colleagues: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "case/desk_case.html")]
struct DeskCasePage {
    shell: Shell,
    base: String,
    number: String,
    facts: Vec<Fact>,
    shade: &'static str,
    left: String,
    tasks: Vec<TaskView>,
    explain: Vec<String>,
    moments: Vec<Moment>,
    documents: Vec<Link>,
    picture: String,
    leads: bool,
    heads: bool,
    paused: bool,
    pauses: Vec<Choice>,
    organs: Vec<Choice>,
    methods: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "case/my_case.html")]
struct MyCasePage {
    shell: Shell,
    base: String,
    number: String,
    facts: Vec<Fact>,
    shade: &'static str,
    left: String,
    tasks: Vec<TaskView>,
    explain: Vec<String>,
    moments: Vec<Moment>,
    documents: Vec<Link>,
    picture: String,
    can_withdraw: bool,
    can_take: bool,
    can_rate: bool,
}

fn facts(shell: &Shell, page: &CasePage) -> Vec<Fact> {
    let case = &page.case;
    let status = format!("case.status_{}", case.status);
    let mut facts = vec![
        Fact::plain(shell.t("case.item"), &page.item),
        Fact::plain(shell.t("case.applicant"), &page.applicant),
        Fact::plain(shell.t("case.organ"), &page.organ),
        Fact::plain(shell.t("case.status"), shell.t(&status)),
        Fact::plain(shell.t("case.opened_on"), case.opened_on.to_string()),
    ];
    let dates = [
        ("case.promised_due", case.dues.promised),
        ("case.statutory_due", case.dues.statutory),
        ("case.delivery_due", case.delivery_due),
    ];
    for (key, date) in dates {
        if let Some(date) = date {
            facts.push(Fact::plain(shell.t(key), date.to_string()));
        }
    }
    facts
}

/// The history, newest first.
fn moments(shell: &Shell, page: &CasePage) -> Vec<Moment> {
    let moment = |line: &crate::HistoryLine| {
        let time = kernel::clock::hall_time(line.at);
        let mut title = shell.t(&format!("case.event_{}", line.kind)).to_owned();
        if !line.step.is_empty() {
            title = format!("{title} · {}", line.step);
        }
        if !line.outcome.is_empty() {
            let word = format!("case.outcome_{}", line.outcome);
            title = format!("{title} · {}", shell.t(&word));
        }
        let who = match line.standing_in.as_str() {
            "" => line.who.clone(),
            other => format!("{}（AB：{other}）", line.who),
        };
        Moment {
            time: time.strftime("%Y-%m-%d %H:%M").to_string(),
            title,
            who,
            detail: line.text.clone(),
            ..Moment::default()
        }
    };
    page.history.iter().rev().map(moment).collect()
}

fn documents(page: &CasePage) -> Vec<Link> {
    let link = |document: &crate::Document| {
        let label = format!("{} {}", document.title, document.number);
        Link::to(&document.href, label)
    };
    page.documents.iter().map(link).collect()
}

fn task_view(
    shell: &Shell,
    case: CaseId,
    open: &OpenTask,
    by: Option<&Officer>,
    colleagues: &[(OfficerId, String)],
) -> TaskView {
    let task = &open.task;
    let offered = by.is_some_and(|by| by.organ() == Some(task.organ) && by.has(task.role));
    let mine = task.held_by.is_none() || task.held_by == by.map(|by| by.id);
    let said = [
        ("organ", open.organ.clone()),
        ("since", task.on.to_string()),
    ];
    let outcome = |word: &String| {
        let label = shell.t(&format!("case.outcome_{word}")).to_owned();
        (word.clone(), label)
    };
    let others = colleagues
        .iter()
        .filter(|(id, _)| Some(*id) != by.map(|by| by.id));
    let step = match open.step.as_str() {
        "" => shell.t("case.beside").to_owned(),
        step => step.to_owned(),
    };
    TaskView {
        base: format!("/desk/cases/{case}/tasks/{}", task.number),
        step,
        with_whom: shell.say("case.with_whom", &said),
        holder: match open.holder.as_str() {
            "" if by.is_none() => String::new(),
            "" => shell.t("case.nobody").to_owned(),
            name => shell.say("case.held_by", &[("name", name.to_owned())]),
        },
        question: open.question.clone(),
        can_work: offered && mine,
        is_held: task.held_by.is_some(),
        refuses: task.duty == Duty::Decide,
        delivers: task.duty == Duty::Deliver,
        outcomes: Choice::list(open.outcomes.iter().map(outcome), ""),
        colleagues: Choice::list(others.map(|(id, name)| (id.to_string(), name.clone())), ""),
    }
}

type Helpers = (Vec<Vec<(OfficerId, String)>>, Vec<(OrganId, String)>);

fn helpers(tx: &mut Tx<'_>, page: &CasePage) -> Result<Helpers, Fault> {
    let hall = tx.thing::<Hall>()?;
    let mut colleagues = Vec::new();
    for open in &page.tasks {
        colleagues.push(hall.holders(tx, open.task.organ, open.task.role)?);
    }
    let mut organs = hall.departments(tx)?;
    organs.retain(|(organ, _)| *organ != page.case.organ);
    Ok((colleagues, organs))
}

pub(super) async fn show_desk_case(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<CaseId>,
) -> Reply<Response> {
    let (viewer, lang) = (Viewer::Officer(crate::doer(&by)?), shell.language());
    let (found, (colleagues, organs)) = app
        .read(move |tx| {
            let page = case_page(tx, &viewer, id, lang)?;
            let helpers = helpers(tx, &page)?;
            Ok((page, helpers))
        })
        .await?;
    let views = found.tasks.iter().zip(&colleagues);
    let tasks = views.map(|(open, others)| task_view(&shell, id, open, Some(&by), others));
    let leads = by.organ() == Some(found.case.organ) && found.case.status.is_open();
    let word = |name: &str| shell.t(&format!("case.{name}")).to_owned();
    let pauses = PAUSES.map(|(name, _)| (name, word(&format!("kind_{name}"))));
    let ways = Method::ALL
        .iter()
        .map(|way| (way.as_str(), word(&format!("method_{way}"))));
    page(&DeskCasePage {
        base: format!("/desk/cases/{id}"),
        number: found.case.number.to_string(),
        facts: facts(&shell, &found),
        shade: found.lamp.shade,
        left: left(&shell, found.lamp),
        tasks: tasks.collect(),
        explain: found.explain.iter().map(|line| line.text.clone()).collect(),
        moments: moments(&shell, &found),
        documents: documents(&found),
        leads: leads && (by.has(Role::Reviewer) || by.has(Role::Decider)),
        heads: leads && by.has(Role::Decider) && found.case.clock.extension.is_none(),
        paused: found.case.status == Status::Paused,
        pauses: Choice::list(pauses, ""),
        organs: Choice::list(
            organs.into_iter().map(|(id, name)| (id.to_string(), name)),
            "",
        ),
        methods: Choice::list(ways, Method::Counter.as_str()),
        picture: found.picture,
        shell,
    })
}

/// From an application to its case: both have the one 受理编号.
pub(super) async fn find_my_case(
    app: App,
    by: Citizen,
    Path(number): Path<String>,
) -> Reply<Response> {
    let viewer = Viewer::Person(by.id);
    let find = move |tx: &mut Tx<'_>| {
        let found = crate::find_by_number(tx, &number)?;
        let id = found.ok_or(Fault::NotFound { what: "case" })?;
        // Whose case it is not, learns nothing of it.
        crate::history(tx, &viewer, id).map(|_| id)
    };
    let id = app.read(find).await?;
    Ok(redirect(format!("/my/cases/{id}")).into_response())
}

pub(super) async fn show_my_case(
    app: App,
    by: Citizen,
    shell: Shell,
    Path(id): Path<CaseId>,
) -> Reply<Response> {
    let (viewer, lang) = (Viewer::Person(by.id), shell.language());
    let found = app.read(move |tx| case_page(tx, &viewer, id, lang)).await?;
    let waits = |open: &OpenTask| open.task.duty == Duty::Deliver;
    let views = found.tasks.iter();
    let tasks = views.map(|open| task_view(&shell, id, open, None, &[]));
    page(&MyCasePage {
        base: format!("/my/cases/{id}"),
        number: found.case.number.to_string(),
        facts: facts(&shell, &found),
        shade: found.lamp.shade,
        left: left(&shell, found.lamp),
        tasks: tasks.collect(),
        explain: found.explain.iter().map(|line| line.text.clone()).collect(),
        moments: moments(&shell, &found),
        documents: documents(&found),
        can_withdraw: found.case.status.is_open(),
        can_take: found.tasks.iter().any(waits),
        can_rate: found.case.closed_on.is_some() && found.case.verdict.is_some(),
        picture: found.picture,
        shell,
    })
}

pub(super) async fn download_proof(
    app: App,
    visitor: Visitor,
    Path(id): Path<CaseId>,
) -> Reply<Response> {
    let viewer = viewer(&visitor)?;
    let proof = app.read(move |tx| crate::proof(tx, &viewer, id)).await?;
    let bytes = serde_json::to_vec_pretty(&proof).map_err(Fault::broken)?;
    let name = format!("{id}.proof.json");
    Ok(Download::new(name, "application/json", bytes).into_response())
}

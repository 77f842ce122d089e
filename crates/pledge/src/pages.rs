//! HTML: one's own pledges, with the way to take a promise back; for the desk the papers that are
//! owed, the after-checks that are due, and what one of them found.
//!
//! Deliberately absent: signing and handing in, which are steps of an application (`intake`).

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::Fault;
use serde::Deserialize;
use web::parts::{Choice, Fact, Link};
use web::{
    Again, App, Button, Citizen, Fields, Form, FormReader, Officer, OnceToken, Paging, Path,
    Problems, Query, ReadForm, Reply, Role, Shell, answer_form, page, redirect,
};

use crate::decide::Found;
use crate::model::{Pledge, PledgeId, PledgeKind, PledgeStatus};
use crate::sign::PledgeWords;
use crate::store::{NO_DUE, Show};
use crate::use_cases;

/// A pledge in a list.
struct Row {
    href: String,
    number: String,
    item: String,
    applicant: String,
    kind: String,
    state: String,
    tone: &'static str,
    owed: Vec<String>,
    due: String,
    shade: &'static str,
    lamp: String,
    retract: String,
}

fn tone(status: PledgeStatus) -> &'static str {
    match status {
        PledgeStatus::Signed | PledgeStatus::Running => "blue",
        PledgeStatus::Owing | PledgeStatus::Checking | PledgeStatus::Rectifying => "yellow",
        PledgeStatus::MadeUp | PledgeStatus::Kept | PledgeStatus::Mended => "green",
        PledgeStatus::Lapsed | PledgeStatus::Broken => "red",
        PledgeStatus::Retracted | PledgeStatus::Void => "",
    }
}

fn row(tx: &mut Tx<'_>, shell: &Shell, one: &Pledge) -> Result<Row, Fault> {
    let version = catalogue::version(tx, one.item, one.version)?;
    let today = tx.today();
    let material = |at: &u16| version.content.materials.get(usize::from(*at));
    let owed = one.owed.iter().filter_map(material);
    let late = one.due.is_some_and(|due| due < today);
    let (shade, lamp) = match (one.due, late) {
        (None, _) => ("", ""),
        (Some(_), true) => ("red", "pledge.late"),
        (Some(_), false) => ("green", "pledge.in_time"),
    };
    let back = match (one.kind, one.status) {
        (_, PledgeStatus::Signed) => true,
        (kind, PledgeStatus::Running) => kind == PledgeKind::Promise,
        _ => false,
    };
    Ok(Row {
        href: format!("/desk/pledges/{}", one.id),
        number: one
            .number
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        item: version.content.name.get(shell.lang).to_owned(),
        applicant: identity::person(tx, one.applicant)?.name,
        kind: crate::sign::mode_of(one.kind).name(shell.lang).to_owned(),
        state: shell.t(&format!("pledge.state_{}", one.status)).to_owned(),
        tone: tone(one.status),
        owed: owed
            .map(|one| one.name.get(shell.lang).to_owned())
            .collect(),
        due: one.due.map_or_else(String::new, |due| due.to_string()),
        shade,
        lamp: if lamp.is_empty() {
            String::new()
        } else {
            shell.t(lamp).to_owned()
        },
        retract: if back {
            format!("/my/pledges/{}/retract", one.id)
        } else {
            String::new()
        },
    })
}

#[derive(Template)]
#[template(path = "pledge/own.html")]
struct OwnPage {
    shell: Shell,
    rows: Vec<Row>,
    lost: bool,
    start: String,
    onward: String,
}

pub(crate) async fn show_own(
    app: App,
    by: Citizen,
    shell: Shell,
    paging: Paging,
) -> Reply<Response> {
    let (after, most) = (paging.after::<PledgeId>()?, paging.limit_and_one());
    let lang = shell.clone();
    let (rows, lost) = app
        .read(move |tx| {
            let mut rows = Vec::new();
            for one in use_cases::of_person(tx, by.id, after, most)? {
                rows.push((one.id, row(tx, &lang, &one)?));
            }
            Ok((rows, use_cases::has_broken(tx, by.id)?))
        })
        .await?;
    let listed = paging.page(rows, |(id, _)| *id)?;
    let onward = listed.onward("/my/pledges");
    page(&OwnPage {
        rows: listed.items.into_iter().map(|(_, row)| row).collect(),
        lost,
        start: paging.start("/my/pledges"),
        onward,
        shell,
    })
}

pub(crate) async fn take_back(
    app: App,
    by: Citizen,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<PledgeId>,
    form: Form<Button>,
) -> Reply<Response> {
    form.command?;
    let person = by.id;
    let work = move |tx: &mut Tx<'_>| use_cases::retract(tx, person, id).map(|_| ());
    app.write_once(&by, &once, work).await?;
    let back = redirect("/my/pledges").flash(shell.t("pledge.retracted"));
    Ok(back.into_response())
}

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    show: String,
}

const SHOWS: [(&str, Show); 4] = [
    ("owing", Show::Owing),
    ("checking", Show::Checking),
    ("broken", Show::Broken),
    ("all", Show::All),
];

#[derive(Template)]
#[template(path = "pledge/list.html")]
struct ListPage {
    shell: Shell,
    tabs: Vec<Link>,
    rows: Vec<Row>,
    start: String,
    onward: String,
}

pub(crate) async fn show_list(
    app: App,
    by: Officer,
    shell: Shell,
    paging: Paging,
    Query(asked): Query<Asked>,
) -> Reply<Response> {
    let reach = use_cases::reach(&by)?;
    let found = SHOWS.iter().find(|(word, _)| *word == asked.show);
    let (word, show) = *found.unwrap_or(&SHOWS[0]);
    let (after, most) = (
        paging.after::<(String, PledgeId)>()?,
        paging.limit_and_one(),
    );
    let lang = shell.clone();
    let rows = app
        .read(move |tx| {
            let mut rows = Vec::new();
            for one in use_cases::list(tx, reach, show, after, most)? {
                let due = one.due.map_or(NO_DUE.to_owned(), |due| due.to_string());
                rows.push(((due, one.id), row(tx, &lang, &one)?));
            }
            Ok(rows)
        })
        .await?;
    let listed = paging.page(rows, |(key, _)| key.clone())?;
    let here = format!("/desk/pledges?show={word}");
    let words = SHOWS.iter().map(|(word, _)| *word);
    let tabs = Link::tabs(words, &word, |one| {
        Link::to(
            format!("/desk/pledges?show={one}"),
            shell.t(&format!("pledge.show_{one}")),
        )
    });
    page(&ListPage {
        tabs,
        onward: listed.onward(&here),
        rows: listed.items.into_iter().map(|(_, row)| row).collect(),
        start: paging.start(&here),
        shell,
    })
}

#[derive(Template)]
#[template(path = "pledge/one.html")]
struct OnePage {
    shell: Shell,
    problems: Problems,
    typed: Fields,
    revision: i64,
    base: String,
    title: String,
    state: String,
    tone: &'static str,
    shade: &'static str,
    lamp: String,
    facts: Vec<Fact>,
    words: Option<PledgeWords>,
    owed: Vec<String>,
    may_check: bool,
    may_mend: bool,
    answers: Vec<Choice>,
}

async fn one_page(
    app: &App,
    by: &Officer,
    id: PledgeId,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Reply<OnePage> {
    let (lang, by) = (shell.clone(), by.clone());
    let may = by.has(Role::Reviewer) || by.has(Role::LegalReviewer) || by.has(Role::Decider);
    let decides = by.has(Role::Decider);
    let (one, row, words, facts, revision) = app
        .read(move |tx| {
            let one = use_cases::visible(tx, &by, id)?;
            let row = row(tx, &lang, &one)?;
            let words = use_cases::words_of(tx, &one)?;
            let facts = facts(tx, &lang, &one, &row)?;
            let revision = ledger::lines_of(tx, id)?
                .last()
                .map_or(0, |line| line.revision);
            Ok((one, row, words, facts, revision))
        })
        .await?;
    let answers = ["true", "rectifiable", "false"];
    let answers = answers.map(|word| (word, shell.t(&format!("pledge.found_{word}")).to_owned()));
    Ok(OnePage {
        base: format!("/desk/pledges/{id}"),
        title: row.item,
        state: row.state,
        tone: row.tone,
        shade: row.shade,
        lamp: row.lamp,
        owed: row.owed,
        may_check: may && one.status.waits_for_check(),
        may_mend: decides && one.status == PledgeStatus::Broken,
        answers: Choice::list(answers, typed.get("found")),
        facts,
        words,
        revision,
        typed,
        problems,
        shell,
    })
}

fn facts(tx: &mut Tx<'_>, shell: &Shell, one: &Pledge, row: &Row) -> Result<Vec<Fact>, Fault> {
    let mut facts = vec![
        Fact::plain(shell.t("pledge.kind"), row.kind.clone()),
        Fact::plain(shell.t("pledge.number"), row.number.clone()),
        Fact::plain(shell.t("pledge.applicant"), row.applicant.clone()),
        Fact::plain(shell.t("pledge.signed_on"), one.signed_on.to_string()),
    ];
    if let Some(officer) = one.witness {
        let name = identity::officer_name(tx, officer)?;
        facts.push(Fact::plain(shell.t("pledge.witness"), name));
    }
    if !row.due.is_empty() {
        facts.push(Fact::plain(shell.t("pledge.due"), row.due.clone()));
    }
    if let Some(day) = one.overdue_since {
        facts.push(Fact::plain(
            shell.t("pledge.overdue_since"),
            day.to_string(),
        ));
    }
    for (officer, key) in [
        (one.decider, "pledge.decider"),
        (one.checker, "pledge.checker"),
    ] {
        if let Some(officer) = officer {
            let name = identity::officer_name(tx, officer)?;
            facts.push(Fact::plain(shell.t(key), name));
        }
    }
    if let Some(finding) = &one.finding {
        let text = ledger::read_text(tx, finding)?.unwrap_or_default();
        facts.push(Fact::plain(shell.t("pledge.finding"), text));
    }
    Ok(facts)
}

pub(crate) async fn show_one(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<PledgeId>,
) -> Reply<Response> {
    let none = Problems::none();
    page(&one_page(&app, &by, id, shell, Fields::default(), none).await?)
}

/// What a check found.
pub(crate) struct Finding {
    found: Found,
    finding: String,
}

impl ReadForm for Finding {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let found = form.word("found");
        let finding = form.text("finding", 2000);
        Some(Self {
            found: found?,
            finding: finding?,
        })
    }
}

/// Why the route is opened again.
pub(crate) struct Reason(String);

impl ReadForm for Reason {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        Some(Self(form.text("reason", 2000)?))
    }
}

pub(crate) async fn check_one(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<PledgeId>,
    form: Form<Finding>,
) -> Reply<Response> {
    let work = form.command.map(|said| {
        move |tx: &mut Tx<'_>, by: &Officer| {
            use_cases::check(tx, by, id, said.found, &said.finding).map(|_| ())
        }
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

pub(crate) async fn mend_one(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(id): Path<PledgeId>,
    form: Form<Reason>,
) -> Reply<Response> {
    let work = form.command.map(|Reason(reason)| {
        move |tx: &mut Tx<'_>, by: &Officer| use_cases::mend(tx, by, id, &reason).map(|_| ())
    });
    carry_out(app, by, id, shell, once, form.fields, work).await
}

async fn carry_out(
    app: App,
    by: Officer,
    id: PledgeId,
    shell: Shell,
    once: OnceToken,
    typed: Fields,
    work: Result<impl Fn(&mut Tx<'_>, &Officer) -> Result<(), Fault> + Send + 'static, Fault>,
) -> Reply<Response> {
    let (seen, me) = (typed.revision(), by.clone());
    let work = work.map(|work| {
        move |tx: &mut Tx<'_>| {
            ledger::unchanged_since(tx, id, seen)?;
            work(tx, &me)
        }
    });
    let done = app.write_form(&by, &once, work).await;
    let onward = redirect(format!("/desk/pledges/{id}")).flash(shell.t("pledge.noted"));
    let again =
        async |again: Again| one_page(&app, &by, id, shell.clone(), typed, again.problems).await;
    answer_form(done.map(|()| onward), &shell, |_| None, again).await
}

//! A room as the README shows one: notes, by page and by program.

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::{Migration, Tx, params};
use jiff::civil::Date;
use kernel::{Fault, Refusal};
use serde::{Deserialize, Serialize};

use crate::config::NavEntry;
use crate::session::{self, Session};
use crate::{
    Access, App, Button, Citizen, Doors, Download, Fields, Form, FormReader, Json, Left, OnceToken,
    Page, Paging, Path, Problems, ReadForm, Reply, Role, Shell, Upload, Visitor, invalid, page,
    redirect,
};

kernel::id!(
    /// A note.
    NoteId,
    "note"
);

pub(super) const MIGRATIONS: &[Migration] = &[Migration {
    room: "note",
    number: 1,
    sql: "CREATE TABLE note (id BYTEA PRIMARY KEY, title TEXT NOT NULL, day TEXT NOT NULL);",
}];

pub(super) const MESSAGES: &str = r#"
    [note]
    write = { zh = "写一条", en = "Write a note" }
    added = { zh = "已记下", en = "Noted" }
    menu = { zh = "记事", en = "Notes" }
    full = { zh = "只能记 {max} 条", en = "Only {max} notes", todo_zh = "先删一条", todo_en = "Delete one" }
"#;

pub(super) const NAV: &[NavEntry] = &[
    NavEntry {
        href: "/notes",
        key: "note.menu",
        access: Access::Public,
    },
    NavEntry {
        href: "/my",
        key: "note.menu",
        access: Access::Citizen,
    },
    NavEntry {
        href: "/desk/notes",
        key: "note.menu",
        access: Access::AnyOfficer,
    },
];

pub(super) fn doors(app: App) -> Doors {
    Doors::new("note", app)
        .get("/notes/new", Access::Public, show_new_note)
        .post("/notes", Access::Public, add_note)
        .get("/my", Access::Citizen, show_new_note)
        .post("/files", Access::Public, add_files)
        .get("/files/one", Access::Public, show_file)
        .get(
            "/desk/notes",
            Access::Officer(Role::Reviewer),
            show_new_note,
        )
        .get(
            "/desk/exit",
            Access::Officer(Role::ExitClerk),
            show_new_note,
        )
        .post("/logout", Access::SignedIn, log_out)
        .get("/api/v1/notes", Access::Public, list_notes)
        .post("/api/v1/notes", Access::SignedIn, add_note_by_api)
        .get("/api/v1/notes/{id}", Access::Public, show_note)
        .post("/api/v1/break", Access::Public, break_down)
        .get("/break", Access::Public, break_down)
        .get("/api/v1/refuse", Access::Public, refuse)
        .get("/api/v1/conflict", Access::Public, conflict)
        .get("/api/v1/down", Access::Public, down)
        .get("/bare", Access::Public, bare)
        .get("/slow", Access::Public, be_slow)
}

#[derive(Template)]
#[template(
    source = r#"{% extends "layout.html" %}{% import "parts/form.html" as form %}
{% block title %}{{ shell.t("note.write") }}{% endblock %}
{% block main %}{{ form::error_summary(problems) }}<h1>{{ shell.t("note.write") }}</h1>
<form method="post" action="/notes">{{ form::csrf() }}{{ form::once(shell.once_key()) }}
{{ form::text("title", "题目", value=typed.get("title"), error=problems.of("title")) }}
{{ form::date("day", "日期", value=typed.get("day"), error=problems.of("day")) }}
{{ form::submit("提交") }}</form>{% endblock %}"#,
    ext = "html"
)]
struct NewNotePage {
    shell: Shell,
    typed: Fields,
    problems: Problems,
}

struct NewNote {
    title: String,
    day: Date,
}

impl ReadForm for NewNote {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let title = form.text("title", 10);
        let day = form.date("day");
        Some(Self {
            title: title?,
            day: day?,
        })
    }
}

#[derive(Debug)]
struct Full;

impl Refusal for Full {
    fn code(&self) -> &'static str {
        "note.full"
    }
    fn statute(&self) -> Option<&'static str> {
        Some("许可法 42")
    }
    fn params(&self) -> Vec<kernel::fault::Param> {
        vec![("max", "3".to_owned())]
    }
}

fn add(tx: &mut Tx<'_>, note: &NewNote) -> Result<NoteId, Fault> {
    let id: NoteId = tx.new_id();
    let sql = "INSERT INTO note (id, title, day) VALUES ($1, $2, $3)";
    tx.execute(sql, params![id, note.title, note.day])?;
    Ok(id)
}

async fn show_new_note(shell: Shell) -> Reply<Response> {
    let (typed, problems) = (Fields::default(), Problems::none());
    page(&NewNotePage {
        shell,
        typed,
        problems,
    })
}

async fn add_note(
    app: App,
    by: Visitor,
    shell: Shell,
    once: OnceToken,
    form: Form<NewNote>,
) -> Reply<Response> {
    let Form {
        fields: typed,
        command,
    } = form;
    let done = match command {
        Ok(note) => app.write_once(&by, &once, move |tx| add(tx, &note)).await,
        Err(problems) => Err(problems),
    };
    match done {
        Ok(id) => {
            let there = redirect(format!("/notes/{id}"));
            Ok(there.flash(shell.t("note.added")).into_response())
        }
        Err(Fault::Invalid(problems)) => {
            let problems = shell.problems(&problems);
            invalid(&NewNotePage {
                shell,
                typed,
                problems,
            })
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Files and a remark.
struct Files {
    remark: String,
    photo: Upload,
    others: Vec<Upload>,
}

impl ReadForm for Files {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let remark = form.optional_text("remark", 100);
        let photo = form.file("photo");
        let others = form.files("other");
        Some(Self {
            remark: remark?,
            photo: photo?,
            others,
        })
    }
}

async fn add_files(form: Form<Files>) -> Reply<String> {
    let Files {
        remark,
        photo,
        others,
    } = form.command?;
    let content = String::from_utf8_lossy(&photo.read(100)?).into_owned();
    let (name, count) = (photo.name, others.len());
    Ok(format!("{remark}|{name}|{content}|{count}"))
}

async fn show_file() -> Download {
    Download::new("受理通知书.pdf", "application/pdf", *b"%PDF").inline()
}

async fn log_out(
    app: App,
    by: Visitor,
    session: Session,
    _button: Form<Button>,
) -> Reply<Response> {
    app.write(&by, move |tx| session::end(tx, &session)).await?;
    Ok((Left, redirect("/")).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoteBody {
    title: String,
    day: Date,
}

#[derive(Serialize)]
struct NoteReply {
    id: NoteId,
}

async fn add_note_by_api(
    app: App,
    by: Citizen,
    once: OnceToken,
    Json(body): Json<NoteBody>,
) -> Reply<Json<NoteReply>> {
    let note = NewNote {
        title: body.title,
        day: body.day,
    };
    let id = app.write_once(&by, &once, move |tx| add(tx, &note)).await?;
    Ok(Json(NoteReply { id }))
}

async fn list_notes(app: App, paging: Paging) -> Reply<Json<Page<NoteReply>>> {
    let after = paging.after::<NoteId>()?;
    let most = i64::try_from(paging.limit_and_one()).unwrap();
    let notes = app
        .read(move |tx| {
            let sql = "SELECT id FROM note WHERE $1 IS NULL OR id > $1 ORDER BY id LIMIT $2";
            tx.query(sql, params![after, most], |row| row.get::<NoteId>(0))
        })
        .await?;
    Ok(Json(
        paging.page(notes, |id| *id)?.map(|id| NoteReply { id }),
    ))
}

async fn show_note(Path(id): Path<NoteId>) -> Reply<Json<NoteReply>> {
    Ok(Json(NoteReply { id }))
}

async fn break_down() -> Reply<()> {
    panic!("secret detail")
}

async fn refuse(app: App) -> Reply<()> {
    Ok(app.read(|_| Err(Full.into())).await?)
}

async fn conflict() -> Reply<()> {
    Err(Fault::Conflict { what: "case" }.into())
}

async fn down() -> Reply<()> {
    let detail = "disk full at secret place".to_owned();
    Err(Fault::Unavailable { detail }.into())
}

/// What axum itself answers when an extractor refuses.
async fn bare() -> Response {
    (
        axum::http::StatusCode::PAYLOAD_TOO_LARGE,
        "length limit exceeded",
    )
        .into_response()
}

/// Never answers.
async fn be_slow() -> &'static str {
    std::future::pending::<()>().await;
    "done"
}

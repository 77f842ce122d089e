//! HTML: one version of a procedure or decision table: what was found, the picture or the tables,
//! the file out and in, publication and withdrawal. Two versions side by side: `compare_pages`.
//!
//! Everything works without JavaScript; `edit_version` opens the editor on top of it.

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use decision::Sheet;
use jiff::civil::Date;
use kernel::Fault;
use ledger::{VersionState, VersionStatus};
use process::Severity;
use web::parts::{Fact, Link};
use web::{
    Again, App, Button, Download, Fields, Form, FormReader, Officer, OnceToken, Path, Problems,
    ReadForm, Reply, Shell, page, redirect,
};

use crate::edition::POSTS;
use crate::examine::{Examined, FILE_BYTES_MAX, language, picture};
use crate::model::{EditionName, Kind, ProcedureName};
use crate::pages::{at, may_draw, state, text_of, tone};
use crate::use_cases::{self, Source};

/// A finding in words.
pub(crate) struct Told {
    element: String,
    text: String,
    line: String,
    tone: &'static str,
    word: String,
}

/// A decision table in words.
struct TableView {
    name: String,
    policy: String,
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

#[derive(Template)]
#[template(path = "procedure/version.html")]
struct VersionPage {
    shell: Shell,
    problems: Problems,
    typed: Fields,
    crumbs: Vec<Link>,
    base: String,
    title: String,
    label: String,
    state: String,
    tone: &'static str,
    good: bool,
    facts: Vec<Fact>,
    findings: Vec<Told>,
    picture: String,
    tables: Vec<TableView>,
    today: String,
    may_edit: bool,
    may_publish: bool,
    max_bytes: String,
}

#[derive(Template)]
#[template(path = "procedure/edit.html")]
struct EditPage {
    shell: Shell,
    crumbs: Vec<Link>,
    base: String,
    title: String,
    kind: &'static str,
    name: String,
    file: String,
    findings: Vec<Told>,
    picture: String,
    posts: String,
    translations: Vec<(&'static str, String)>,
}

fn told(shell: &Shell, examined: &Examined) -> Vec<Told> {
    let mut all: Vec<_> = examined.findings.iter().collect();
    all.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let told = |finding: &process::Finding| {
        let (word, tone) = match finding.severity {
            Severity::Error => ("procedure.error", "red"),
            Severity::Warning => ("procedure.warning", "yellow"),
            Severity::Note => ("procedure.note", ""),
        };
        Told {
            element: finding.element.clone(),
            text: finding.message(language(shell.language())).to_owned(),
            line: match finding.line {
                0 => String::new(),
                line => line.to_string(),
            },
            tone,
            word: shell.t(word).to_owned(),
        }
    };
    all.into_iter().map(told).collect()
}

/// A version as it lies in the store, looked at.
struct Seen {
    source: Source,
    version: Option<VersionState>,
    examined: Examined,
    today: Date,
}

fn see(tx: &mut Tx<'_>, name: &EditionName) -> Result<Seen, Fault> {
    let source = use_cases::source(tx, name)?;
    let drawn = use_cases::find(tx, &name.name)?;
    let version = drawn.and_then(|drawn| drawn.versions.version(name.number).cloned());
    let examined = use_cases::look(tx, &name.name, source.kind, &source.file)?;
    let today = tx.today();
    Ok(Seen {
        source,
        version,
        examined,
        today,
    })
}

pub(crate) fn crumbs(shell: &Shell, name: &ProcedureName) -> Vec<Link> {
    vec![
        Link::to("/desk/procedures", shell.t("procedure.list_title")),
        Link::to(format!("/desk/procedures/{name}"), name.to_string()),
    ]
}

pub(crate) fn title(shell: &Shell, name: &EditionName) -> String {
    let number = [("number", name.number.to_string())];
    format!(
        "{} · {}",
        name.name,
        shell.say("procedure.version", &number)
    )
}

fn days(days: Option<u32>) -> String {
    days.map_or_else(|| "∞".to_owned(), |days| days.to_string())
}

fn facts(shell: &Shell, seen: &Seen) -> Vec<Fact> {
    let one = &seen.examined;
    let mut facts = Vec::new();
    if seen.source.kind == Kind::Process {
        let steps = one.steps.to_string();
        facts.push(Fact::plain(shell.t("procedure.steps"), steps));
        let shortest = one.shortest.to_string();
        facts.push(Fact::plain(shell.t("procedure.shortest"), shortest));
        facts.push(Fact::plain(shell.t("procedure.longest"), days(one.longest)));
    }
    if let Some(version) = &seen.version {
        if let Some(day) = version.effective {
            facts.push(Fact::plain(shell.t("procedure.effective"), day.to_string()));
        }
        let digest = version.digest.to_string();
        facts.push(Fact::plain(shell.t("procedure.digest"), digest));
    }
    facts
}

fn tables(sheets: Vec<Sheet>) -> Vec<TableView> {
    let view = |sheet: Sheet| TableView {
        name: sheet.name,
        policy: sheet.policy,
        heads: sheet.heads,
        rows: sheet.rows.into_iter().map(|row| row.cells).collect(),
    };
    sheets.into_iter().map(view).collect()
}

async fn version_page(
    app: &App,
    by: &Officer,
    name: EditionName,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Reply<VersionPage> {
    let wanted = name.clone();
    let seen = app.read(move |tx| see(tx, &wanted)).await?;
    let status = seen.version.as_ref().map(|version| version.status);
    let open = seen.version.as_ref().is_some_and(VersionState::is_open);
    let lang = shell.language();
    let file = &seen.source.file;
    let (drawn, sheets) = match seen.source.kind {
        Kind::Process => (
            picture(file.as_bytes(), &seen.examined.findings, lang),
            Vec::new(),
        ),
        Kind::Decision => (String::new(), decision::sheets(file).unwrap_or_default()),
    };
    Ok(VersionPage {
        crumbs: crumbs(&shell, &name.name),
        base: at(&name),
        title: title(&shell, &name),
        label: seen.examined.label(lang).to_owned(),
        state: match status {
            Some(status) => state(&shell, status),
            None => shell.t("procedure.state_shipped").to_owned(),
        },
        tone: tone(status.unwrap_or(VersionStatus::Published)),
        good: seen.examined.good,
        facts: facts(&shell, &seen),
        findings: told(&shell, &seen.examined),
        picture: drawn,
        tables: tables(sheets),
        today: seen.today.to_string(),
        may_edit: open && may_draw(by),
        may_publish: open && may_draw(by),
        max_bytes: FILE_BYTES_MAX.to_string(),
        typed,
        problems,
        shell,
    })
}

pub(crate) async fn show_version(
    app: App,
    by: Officer,
    shell: Shell,
    Path((name, number)): Path<(ProcedureName, u32)>,
) -> Reply<Response> {
    let none = Problems::none();
    let name = EditionName { name, number };
    page(&version_page(&app, &by, name, shell, Fields::default(), none).await?)
}

/// The file as a download: what other modelers open, and what the way without JavaScript edits.
pub(crate) async fn show_file(
    app: App,
    Path((name, number)): Path<(ProcedureName, u32)>,
) -> Reply<Response> {
    let wanted = EditionName { name, number };
    let source = app.read(move |tx| use_cases::source(tx, &wanted)).await?;
    let ending = match source.kind {
        Kind::Process => "bpmn",
        Kind::Decision => "dmn",
    };
    let name = format!("{}-{}.{ending}", source.name.name, source.name.number);
    let file = Download::new(name, "application/xml", source.file.into_bytes());
    Ok(file.into_response())
}

pub(crate) async fn edit_version(
    app: App,
    shell: Shell,
    Path((name, number)): Path<(ProcedureName, u32)>,
) -> Reply<Response> {
    let name = EditionName { name, number };
    let wanted = name.clone();
    let seen = app.read(move |tx| see(tx, &wanted)).await?;
    if !seen.version.as_ref().is_some_and(VersionState::is_open) {
        return Ok(redirect(at(&name)).into_response());
    }
    let lang = shell.language();
    let words: Vec<&str> = POSTS.iter().map(|(word, _)| *word).collect();
    page(&EditPage {
        crumbs: crumbs(&shell, &name.name),
        base: at(&name),
        title: title(&shell, &name),
        kind: seen.source.kind.as_str(),
        name: name.name.to_string(),
        findings: told(&shell, &seen.examined),
        picture: match seen.source.kind {
            Kind::Process => picture(seen.source.file.as_bytes(), &seen.examined.findings, lang),
            Kind::Decision => String::new(),
        },
        posts: words.join(","),
        translations: crate::editor_words::SAID
            .iter()
            .map(|(key, said)| (*said, shell.t(&format!("procedure_ui.{key}")).to_owned()))
            .collect(),
        file: seen.source.file,
        shell,
    })
}

/// A file that takes the place of the draft: sent by the editor as a field, or uploaded.
pub(crate) struct Saved {
    text: Option<String>,
    file: Option<web::Upload>,
}

impl ReadForm for Saved {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let text = form.fields().get("xml").to_owned();
        if !text.is_empty() {
            let text = Some(text);
            return Some(Self { text, file: None });
        }
        let file = form.file("file")?;
        Some(Self {
            text: None,
            file: Some(file),
        })
    }
}

impl Saved {
    fn read_text(&self) -> Result<String, Fault> {
        match (&self.text, &self.file) {
            (Some(text), _) => Ok(text.clone()),
            (None, Some(file)) => text_of(file),
            (None, None) => Err(Fault::invalid("file", "field.required")),
        }
    }
}

/// From which day on.
pub(crate) struct Publication {
    effective: Date,
}

impl ReadForm for Publication {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let effective = form.date("effective")?;
        Some(Self { effective })
    }
}

async fn answer(
    app: &App,
    by: &Officer,
    name: EditionName,
    shell: Shell,
    typed: Fields,
    done: Result<(), Fault>,
    said: &'static str,
) -> Reply<Response> {
    match done {
        Ok(()) => {
            let back = redirect(at(&name)).flash(shell.t(said));
            Ok(back.into_response())
        }
        Err(fault) => {
            let again = Again::of(fault, &shell, |_| None)?;
            let status = again.status();
            let shown = version_page(app, by, name, shell, typed, again.problems).await?;
            Again::show(status, &shown)
        }
    }
}

pub(crate) async fn save_version(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path((name, number)): Path<(ProcedureName, u32)>,
    form: Form<Saved>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let name = EditionName { name, number };
    let wanted = name.clone();
    let done = match command.and_then(|saved| saved.read_text()) {
        Ok(text) => {
            let work = move |tx: &mut Tx<'_>| use_cases::edit(tx, &wanted, &text);
            app.write_once(&by, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    let said = "procedure.saved_now";
    answer(&app, &by, name, shell, fields, done, said).await
}

pub(crate) async fn publish_version(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path((name, number)): Path<(ProcedureName, u32)>,
    form: Form<Publication>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let name = EditionName { name, number };
    let wanted = name.clone();
    let done = match command {
        Ok(Publication { effective }) => {
            let work =
                move |tx: &mut Tx<'_>| use_cases::publish(tx, &wanted, effective).map(|_| ());
            app.write_once(&by, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    let said = "procedure.published_now";
    answer(&app, &by, name, shell, fields, done, said).await
}

pub(crate) async fn withdraw_version(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path((name, number)): Path<(ProcedureName, u32)>,
    form: Form<Button>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let name = EditionName { name, number };
    let wanted = name.clone();
    let done = match command {
        Ok(Button) => {
            let work = move |tx: &mut Tx<'_>| use_cases::withdraw(tx, &wanted).map(|_| ());
            app.write_once(&by, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    let said = "procedure.withdrawn_now";
    answer(&app, &by, name, shell, fields, done, said).await
}

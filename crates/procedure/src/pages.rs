//! HTML: the procedures and decision tables of the hall, shipped and drawn, and the versions of
//! each, with the way to copy one, to begin a new one and to draw the next version.
//!
//! Deliberately absent: one version (`version_pages`), and simulation (`analytics`).

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::{Fault, Lang};
use ledger::{VersionState, VersionStatus};
use web::parts::{Choice, Link};
use web::{
    Again, App, Fields, Form, FormReader, Officer, OnceToken, Path, Problems, ReadForm, Reply,
    Role, Shell, Upload, page, redirect,
};

use crate::examine::{FILE_BYTES_MAX, examine};
use crate::model::{EditionName, Kind, Procedure, ProcedureName};
use crate::{Around, use_cases};

/// More procedures than any hall draws; the list says so when there are more.
const LISTED_MAX: usize = 500;

/// A procedure in the list.
struct Row {
    href: String,
    name: String,
    label: String,
    kind: String,
    shipped: bool,
    versions: usize,
    state: String,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "procedure/list.html")]
struct ListPage {
    shell: Shell,
    problems: Problems,
    typed: Fields,
    rows: Vec<Row>,
    kinds: Vec<Choice>,
    may_draw: bool,
    max_bytes: String,
}

/// Whether an officer may draw and publish.
pub(crate) fn may_draw(by: &Officer) -> bool {
    by.has(Role::CatalogueEditor)
}

pub(crate) fn tone(status: VersionStatus) -> &'static str {
    match status {
        VersionStatus::Draft => "yellow",
        VersionStatus::Checked => "blue",
        VersionStatus::Published => "green",
        VersionStatus::Withdrawn => "",
    }
}

pub(crate) fn state(shell: &Shell, status: VersionStatus) -> String {
    shell.t(&format!("procedure.state_{status}")).to_owned()
}

/// The name of a version as drawn.
pub(crate) fn label_of(tx: &mut Tx<'_>, name: &EditionName, lang: Lang) -> Result<String, Fault> {
    let source = use_cases::source(tx, name)?;
    let examined = examine(source.kind, source.file.as_bytes(), &Around::default());
    let label = examined.label(lang);
    Ok(if label.is_empty() {
        name.name.to_string()
    } else {
        label.to_owned()
    })
}

fn rows(tx: &mut Tx<'_>, shell: &Shell) -> Result<Vec<Row>, Fault> {
    let drawn = use_cases::list(tx, "", LISTED_MAX)?;
    let untouched = |name: &str| !drawn.iter().any(|one| one.name.as_str() == name);
    let mut rows = Vec::new();
    for shipped in process::procedures::all() {
        if !untouched(shipped.name) {
            continue;
        }
        let name = EditionName {
            name: shipped.name.parse().map_err(Fault::broken)?,
            number: 1,
        };
        rows.push(Row {
            href: format!("/desk/procedures/{}", shipped.name),
            name: shipped.name.to_owned(),
            label: label_of(tx, &name, shell.language())?,
            kind: shell.t("procedure.kind_process").to_owned(),
            shipped: true,
            versions: 1,
            state: state(shell, VersionStatus::Published),
            tone: tone(VersionStatus::Published),
        });
    }
    for one in &drawn {
        let latest = one
            .versions
            .latest()
            .ok_or_else(|| Fault::broken("no version"))?;
        let shipped = crate::is_shipped(one.name.as_str());
        rows.push(Row {
            href: format!("/desk/procedures/{}", one.name),
            name: one.name.to_string(),
            label: label_of(tx, &one.edition_name(latest.number), shell.language())?,
            kind: shell.t(&format!("procedure.kind_{}", one.kind)).to_owned(),
            shipped,
            versions: one.versions.len() + usize::from(shipped),
            state: state(shell, latest.status),
            tone: tone(latest.status),
        });
    }
    Ok(rows)
}

async fn list_page(
    app: &App,
    by: &Officer,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Reply<ListPage> {
    let lang = shell.clone();
    let rows = app.read(move |tx| rows(tx, &lang)).await?;
    let kinds = Kind::ALL.iter().map(|kind| {
        let word = shell.t(&format!("procedure.kind_{kind}")).to_owned();
        (kind.to_string(), word)
    });
    Ok(ListPage {
        kinds: Choice::list(kinds, typed.or("kind", "process")),
        may_draw: may_draw(by),
        max_bytes: FILE_BYTES_MAX.to_string(),
        rows,
        typed,
        problems,
        shell,
    })
}

pub(crate) async fn list_procedures(app: App, by: Officer, shell: Shell) -> Reply<Response> {
    page(&list_page(&app, &by, shell, Fields::default(), Problems::none()).await?)
}

/// The text of a file that was sent.
pub(crate) fn text_of(file: &Upload) -> Result<String, Fault> {
    let bytes = file.read(FILE_BYTES_MAX)?;
    String::from_utf8(bytes).map_err(|_| Fault::invalid("file", "procedure.not_utf8"))
}

/// A file under a new name.
pub(crate) struct Begun {
    name: ProcedureName,
    kind: Kind,
    file: Upload,
}

impl ReadForm for Begun {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let name = form.parsed("name", "procedure.name_form");
        let kind = form.word("kind");
        let file = form.file("file");
        Some(Self {
            name: name?,
            kind: kind?,
            file: file?,
        })
    }
}

/// A copy under a new name.
pub(crate) struct Copied {
    number: u32,
    name: ProcedureName,
}

impl ReadForm for Copied {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let number = form.number("number", 1..=1_000_000);
        let name = form.parsed("name", "procedure.name_form");
        Some(Self {
            number: number?,
            name: name?,
        })
    }
}

/// Which version the next one is drawn from.
pub(crate) struct NextOf {
    number: u32,
}

impl ReadForm for NextOf {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let number = form.number("number", 1..=1_000_000)?;
        Some(Self { number })
    }
}

pub(crate) fn at(name: &EditionName) -> String {
    format!("/desk/procedures/{}/versions/{}", name.name, name.number)
}

/// A name that is taken is told beside the field.
pub(crate) fn taken(fault: Fault) -> Fault {
    match fault {
        Fault::Conflict { what: "procedure" } => Fault::invalid("name", "procedure.name_taken"),
        other => other,
    }
}

pub(crate) async fn begin_procedure(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    form: Form<Begun>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let done = match command.and_then(|begun| Ok((text_of(&begun.file)?, begun.name, begun.kind))) {
        Ok((file, name, kind)) => {
            let work = move |tx: &mut Tx<'_>| use_cases::draw(tx, &name, kind, &file);
            let work = move |tx: &mut Tx<'_>| work(tx).map_err(taken).map(|name| name.to_string());
            app.write_once(&by, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    match done {
        Ok(name) => to_version(&name),
        Err(fault) => {
            let again = Again::of(fault, &shell, |_| None)?;
            let status = again.status();
            let shown = list_page(&app, &by, shell, fields, again.problems).await?;
            Again::show(status, &shown)
        }
    }
}

/// To the page of a version.
pub(crate) fn to_version(name: &str) -> Reply<Response> {
    let name: EditionName = name.parse().map_err(Fault::broken)?;
    Ok(redirect(at(&name)).into_response())
}

/// A version in the list of one procedure.
struct VersionRow {
    number: u32,
    href: String,
    state: String,
    tone: &'static str,
    effective: String,
    withdrawn: String,
    compare: String,
    move_cases: String,
    withdraw: String,
}

#[derive(Template)]
#[template(path = "procedure/one.html")]
struct OnePage {
    shell: Shell,
    problems: Problems,
    typed: Fields,
    crumbs: Vec<Link>,
    base: String,
    name: String,
    label: String,
    kind: String,
    copied_from: String,
    versions: Vec<VersionRow>,
    items: Vec<String>,
    numbers: Vec<Choice>,
    newest: String,
    may_draw: bool,
    may_draft: bool,
}

fn version_rows(shell: &Shell, name: &ProcedureName, drawn: Option<&Procedure>) -> Vec<VersionRow> {
    let shipped = crate::is_shipped(name.as_str());
    let process = drawn.is_none_or(|drawn| drawn.kind == Kind::Process);
    let at = |number: u32| format!("/desk/procedures/{name}/versions/{number}");
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let first = shipped.then(|| VersionRow {
        number: 1,
        href: at(1),
        state: shell.t("procedure.state_shipped").to_owned(),
        tone: "green",
        effective: String::new(),
        withdrawn: String::new(),
        compare: String::new(),
        move_cases: format!("{}/move", at(1)),
        withdraw: String::new(),
    });
    let before = |version: &VersionState| match version.number {
        1 => String::new(),
        number => {
            let before = number - 1;
            format!("/desk/procedures/{name}/compare?from={before}&to={number}")
        }
    };
    let published = |version: &VersionState| version.status == VersionStatus::Published;
    let row = |version: &VersionState| VersionRow {
        number: version.number,
        href: at(version.number),
        state: state(shell, version.status),
        tone: tone(version.status),
        effective: day(version.effective),
        withdrawn: day(version.withdrawn_on),
        compare: before(version),
        move_cases: if process && published(version) {
            format!("{}/move", at(version.number))
        } else {
            String::new()
        },
        withdraw: if published(version) {
            format!("{}/withdraw", at(version.number))
        } else {
            String::new()
        },
    };
    let drawn = drawn.into_iter().flat_map(|drawn| drawn.versions.iter());
    let mut rows: Vec<VersionRow> = first.into_iter().chain(drawn.map(row)).collect();
    rows.reverse();
    rows
}

async fn one_page(
    app: &App,
    by: &Officer,
    name: ProcedureName,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Reply<OnePage> {
    let (wanted, lang) = (name.clone(), shell.language());
    let (drawn, label, items) = app
        .read(move |tx| {
            let drawn = use_cases::find(tx, &wanted)?;
            let newest = match drawn.as_ref().and_then(|drawn| drawn.versions.latest()) {
                Some(latest) => latest.number,
                None if crate::is_shipped(wanted.as_str()) => 1,
                None => return Err(Fault::NotFound { what: "procedure" }),
            };
            let number = newest;
            let name = wanted.clone();
            let label = label_of(tx, &EditionName { name, number }, lang)?;
            Ok((drawn, label, use_cases::around(tx, &wanted)?.items))
        })
        .await?;
    let versions = version_rows(&shell, &name, drawn.as_ref());
    let kind = drawn.as_ref().map_or(Kind::Process, |drawn| drawn.kind);
    let open = drawn.as_ref().and_then(|drawn| drawn.versions.latest());
    let numbers = versions.iter().map(|row| {
        let number = row.number.to_string();
        (number.clone(), number)
    });
    let newest = versions.first().map_or(1, |row| row.number).to_string();
    Ok(OnePage {
        crumbs: vec![Link::to(
            "/desk/procedures",
            shell.t("procedure.list_title"),
        )],
        base: format!("/desk/procedures/{name}"),
        numbers: Choice::list(numbers, typed.or("number", &newest)),
        kind: shell.t(&format!("procedure.kind_{kind}")).to_owned(),
        copied_from: drawn
            .as_ref()
            .and_then(|drawn| drawn.copied_from.as_ref())
            .map(ToString::to_string)
            .unwrap_or_default(),
        items: items.into_iter().map(|item| item.name).collect(),
        may_draw: may_draw(by),
        may_draft: may_draw(by) && !open.is_some_and(VersionState::is_open),
        name: name.to_string(),
        newest,
        label,
        versions,
        typed,
        problems,
        shell,
    })
}

pub(crate) async fn show_procedure(
    app: App,
    by: Officer,
    shell: Shell,
    Path(name): Path<ProcedureName>,
) -> Reply<Response> {
    let none = Problems::none();
    page(&one_page(&app, &by, name, shell, Fields::default(), none).await?)
}

async fn onward(
    app: &App,
    by: &Officer,
    name: ProcedureName,
    shell: Shell,
    typed: Fields,
    done: Result<String, Fault>,
) -> Reply<Response> {
    match done {
        Ok(name) => to_version(&name),
        Err(fault) => {
            let again = Again::of(fault, &shell, |_| None)?;
            let status = again.status();
            let shown = one_page(app, by, name, shell, typed, again.problems).await?;
            Again::show(status, &shown)
        }
    }
}

pub(crate) async fn copy_procedure(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(name): Path<ProcedureName>,
    form: Form<Copied>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let from = name.clone();
    let done = match command {
        Ok(copied) => {
            let from = EditionName {
                name: from,
                number: copied.number,
            };
            let work = move |tx: &mut Tx<'_>| {
                let begun = use_cases::copy(tx, &from, &copied.name).map_err(taken)?;
                Ok(begun.to_string())
            };
            app.write_once(&by, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    onward(&app, &by, name, shell, fields, done).await
}

pub(crate) async fn draft_procedure(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(name): Path<ProcedureName>,
    form: Form<NextOf>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let wanted = name.clone();
    let done = match command {
        Ok(NextOf { number }) => {
            let from = EditionName {
                name: wanted,
                number,
            };
            let work = move |tx: &mut Tx<'_>| {
                let begun = use_cases::draft_again(tx, &from)?;
                Ok(begun.to_string())
            };
            app.write_once(&by, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    onward(&app, &by, name, shell, fields, done).await
}

//! HTML: the office's own templates, looked at with their sample before they are used, and the
//! documents whose file could not be made.

use askama::Template;
use axum::response::{IntoResponse, Response};
use db::Tx;
use kernel::Fault;
use web::{
    App, Button, Download, Fields, Form, FormReader, Officer, Path, Problems, ReadForm, Reply,
    Shell, invalid, page, redirect,
};

use crate::model::{Certificate, FailureCode, Notice, Print};
use crate::render::DocumentId;
use crate::template::{self, CheckedTemplate, SOURCE_CHARS_MAX, TemplateLine};
use crate::{render_again, store};

/// Most failed documents on the page.
const FAILED_MAX: i64 = 100;
const LIST: &str = "/desk/catalogue/templates";

/// A document whose file could not be made.
struct FailedLine {
    number: String,
    code: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "certificate/templates.html")]
struct TemplatesPage {
    shell: Shell,
    lines: Vec<TemplateLine>,
    failed: Vec<FailedLine>,
}

#[derive(Template)]
#[template(path = "certificate/template.html")]
struct TemplatePage {
    shell: Shell,
    name: String,
    title: &'static str,
    sample: &'static str,
    typed: Fields,
    problems: Problems,
}

struct Failed {
    id: DocumentId,
    number: String,
    print: Print,
}

fn failed(tx: &mut Tx<'_>) -> Result<Vec<Failed>, Fault> {
    let notices = store::failed::<Notice>(tx, FAILED_MAX)?
        .into_iter()
        .map(|one| Failed {
            id: one.id.into(),
            number: one.number.to_string(),
            print: one.print,
        });
    let mut all: Vec<Failed> = notices.collect();
    let certificates = store::failed::<Certificate>(tx, FAILED_MAX)?.into_iter();
    all.extend(certificates.map(|one| Failed {
        id: one.id.into(),
        number: one.number.to_string(),
        print: one.print,
    }));
    Ok(all)
}

pub(crate) async fn list_templates(app: App, shell: Shell) -> Reply<Response> {
    let read = |tx: &mut Tx<'_>| {
        let mut lines = Vec::new();
        for one in failed(tx)? {
            let detail = match &one.print.failure_detail {
                Some(kept) => ledger::read_text(tx, kept)?.unwrap_or_default(),
                None => String::new(),
            };
            lines.push((one.number, one.print.failure, detail));
        }
        Ok((template::templates(tx)?, lines))
    };
    let (lines, found) = app.read(read).await?;
    let line = |(number, code, detail): (String, Option<FailureCode>, String)| FailedLine {
        number,
        code: code.map_or_else(String::new, |code| {
            shell.t(&format!("certificate.failure_{code}")).to_owned()
        }),
        detail,
    };
    let failed = found.into_iter().map(line).collect();
    page(&TemplatesPage {
        shell,
        lines,
        failed,
    })
}

pub(crate) async fn retry(
    app: App,
    by: Officer,
    shell: Shell,
    form: Form<Button>,
) -> Reply<Response> {
    let Button = form.command?;
    let again = |tx: &mut Tx<'_>| {
        let waiting = failed(tx)?;
        for one in &waiting {
            render_again(tx, one.id)?;
        }
        Ok(waiting.len())
    };
    let count = app.write(&by, again).await?;
    let said = shell.say("certificate.requeued", &[("count", count.to_string())]);
    Ok(redirect(LIST).flash(said).into_response())
}

pub(crate) async fn show_template(
    app: App,
    shell: Shell,
    Path(name): Path<String>,
) -> Reply<Response> {
    let asked = name.clone();
    let read = move |tx: &mut Tx<'_>| template::template_in_use(tx, &asked);
    let in_use = app.read(read).await?;
    let typed = Fields::of([("source", in_use.source())]);
    editor(shell, name, typed, Problems::none()).and_then(|shown| page(&shown))
}

fn editor(shell: Shell, name: String, typed: Fields, problems: Problems) -> Reply<TemplatePage> {
    let found = document::Standard::find(&name);
    let standard = found.ok_or(Fault::NotFound { what: "template" })?;
    let (title, sample) = (standard.title, standard.sample);
    Ok(TemplatePage {
        shell,
        name,
        title,
        sample,
        typed,
        problems,
    })
}

/// What the editor asks for.
pub(crate) enum Change {
    Preview(String),
    Save(String),
    Reset,
}

impl ReadForm for Change {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let act = form.fields().get("act").to_owned();
        if act == "reset" {
            return Some(Self::Reset);
        }
        let source = form.text("source", SOURCE_CHARS_MAX)?.replace("\r\n", "\n");
        Some(if act == "preview" {
            Self::Preview(source)
        } else {
            Self::Save(source)
        })
    }
}

pub(crate) async fn change_template(
    app: App,
    by: Officer,
    shell: Shell,
    Path(name): Path<String>,
    form: Form<Change>,
) -> Reply<Response> {
    let Form {
        fields: typed,
        command,
    } = form;
    match change(&app, &by, &name, command).await {
        Ok(Some(checked)) => {
            let file = format!("{name}.pdf");
            let file = Download::new(file, "application/pdf", checked.preview).inline();
            Ok(file.into_response())
        }
        Ok(None) => {
            let said = shell.t("certificate.template_saved").to_owned();
            Ok(redirect(LIST).flash(said).into_response())
        }
        Err(Fault::Invalid(problems)) => {
            let problems = shell.problems(&problems);
            editor(shell, name, typed, problems).and_then(|shown| invalid(&shown))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// The preview when one was asked for; nothing when the change was made.
async fn change(
    app: &App,
    by: &Officer,
    name: &str,
    command: Result<Change, Fault>,
) -> Result<Option<CheckedTemplate>, Fault> {
    let name = name.to_owned();
    let (source, save) = match command? {
        Change::Reset => {
            app.write(by, move |tx| template::reset_template(tx, &name))
                .await?;
            return Ok(None);
        }
        Change::Preview(source) => (source, false),
        Change::Save(source) => (source, true),
    };
    let now = app.clock().now();
    let check = move || template::check_template(now, &name, &source);
    let checked = tokio::task::spawn_blocking(check)
        .await
        .map_err(Fault::broken)??;
    if !save {
        return Ok(Some(checked));
    }
    app.write(by, move |tx| template::save_template(tx, &checked))
        .await?;
    Ok(None)
}

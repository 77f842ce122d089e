//! `/desk/intake/new`: a new application for somebody who stands at the window, and the power of
//! attorney of those who come for another.
//!
//! Deliberately absent: any rule; what says no is shown beside its field.

use std::sync::Arc;

use askama::Template;
use axum::response::{IntoResponse, Response};
use catalogue::Version;
use db::Tx;
use identity::PersonKind;
use kernel::Fault;
use serde::Deserialize;
use web::parts::Fact;
use web::{
    Again, App, Download, Fields, Form, FormReader, Officer, OnceToken, Path, Problems, Query,
    ReadForm, Reply, Shell, page, redirect,
};

use super::visitors::{Visitors, VisitorsView, visitor_field};
use super::{apply, words};
use crate::acting::Paper;
use crate::model::{By, NewDraft};
use crate::power::PowerId;

#[derive(Deserialize)]
pub(super) struct AskedNew {
    item: Option<String>,
}

/// The item, and who stands at the window.
pub(super) struct NewForm {
    item: String,
    seen: Option<u32>,
    visitors: Visitors,
}

impl ReadForm for NewForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let item = form.text("item", 100);
        let visitors = Visitors::read(form);
        // The page was made from a version of this item, unless another item was typed since.
        let fields = form.fields();
        let same = fields.get("item").trim() == fields.get("item_seen");
        let seen = u32::try_from(fields.revision()).ok();
        Some(Self {
            seen: seen.filter(|number| same && *number != 0),
            item: item?,
            visitors: visitors?,
        })
    }
}

#[derive(Template)]
#[template(path = "intake/new.html")]
struct NewPage {
    shell: Shell,
    item: String,
    /// The item's name, and the number of the version that the page was made from.
    item_name: String,
    revision: u32,
    changes: Vec<Fact>,
    visitors: VisitorsView,
    problems: Problems,
}

/// The item that the page is about, as it is published today.
async fn known(app: &App, code: &str) -> Reply<Option<Arc<Version>>> {
    let code = code.trim().to_owned();
    let find = move |tx: &mut Tx<'_>| {
        let today = tx.today();
        catalogue::published_by_code(tx, &code, today)
    };
    Ok(app.read(find).await?)
}

fn new_page(shell: Shell, typed: Fields, version: Option<&Version>, problems: Problems) -> NewPage {
    NewPage {
        item: typed.get("item").to_owned(),
        item_name: version.map_or_else(String::new, |version| {
            version.content.name.get(shell.lang).to_owned()
        }),
        revision: version.map_or(0, |version| version.number),
        changes: Vec::new(),
        visitors: VisitorsView::of(&shell, typed),
        problems,
        shell,
    }
}

pub(super) async fn show_new(
    app: App,
    shell: Shell,
    Query(asked): Query<AskedNew>,
) -> Reply<Response> {
    let item = asked.item.unwrap_or_default();
    let typed = Fields::of([
        ("item", item.as_str()),
        ("kind", PersonKind::Natural.as_str()),
    ]);
    let version = known(&app, &item).await?;
    page(&new_page(
        shell,
        typed,
        version.as_deref(),
        Problems::none(),
    ))
}

pub(super) async fn add_new(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    form: Form<NewForm>,
) -> Reply<Response> {
    let Form {
        fields: typed,
        command,
    } = form;
    let done = match command {
        Ok(new) => begin_draft(&app, &by, &once, new).await,
        Err(fault) => Err(fault),
    };
    match done {
        Ok(to) => Ok(redirect(to).into_response()),
        Err(fault) => {
            let again = Again::of(fault, &shell, field_of)?;
            let status = again.status();
            let version = known(&app, typed.get("item")).await?;
            let version = version.as_deref();
            let changes = version.filter(|_| again.stale);
            let changes = changes.map(|version| new_version(&shell, version));
            let mut filled = new_page(shell, typed, version, again.problems);
            filled.changes = changes.into_iter().collect();
            Again::show(status, &filled)
        }
    }
}

/// What is in force now, with the way to its guide.
fn new_version(shell: &Shell, version: &Version) -> Fact {
    let said = [
        ("number", version.number.to_string()),
        ("day", version.effective.to_string()),
    ];
    let code = version.content.codes.key().unwrap_or_default();
    Fact {
        label: version.content.name.get(shell.lang).to_owned(),
        text: shell.say("intake.new_version", &said),
        href: format!("/items/{code}"),
        action: shell.t("intake.power_show").to_owned(),
    }
}

/// The field that a refusal is about.
fn field_of(code: &str) -> Option<&'static str> {
    match code {
        "intake.item_closed" => Some("item"),
        other => visitor_field(other),
    }
}

/// Stores the paper, then writes visitors, paper and draft down in one transaction.
async fn begin_draft(
    app: &App,
    by: &Officer,
    once: &OnceToken,
    mut new: NewForm,
) -> Result<String, Fault> {
    let me = By::from(by);
    let paper = new.visitors.store_paper(app).await?;
    app.write_once(by, once, move |tx| begin(tx, &me, &new, paper.as_ref()))
        .await
}

fn begin(tx: &mut Tx<'_>, by: &By, new: &NewForm, paper: Option<&Paper>) -> Result<String, Fault> {
    let today = tx.today();
    let version = catalogue::published_by_code(tx, new.item.trim(), today)?;
    let version = version.ok_or_else(|| Fault::invalid("item", "intake.no_such_item"))?;
    if new.seen.is_some_and(|seen| seen != version.number) {
        return Err(Fault::Conflict { what: "item" });
    }
    let items = [version.item];
    let (applicant, agent) = new.visitors.write_down(tx, by, &items, paper)?;
    let asked = NewDraft {
        item: version.item,
        applicant,
        agent,
    };
    let id = crate::start_draft(tx, by, asked)?;
    Ok(apply::next_step(&crate::draft(tx, by, id)?, &version))
}

/// The paper itself, for the front desk that took it.
pub(super) async fn download_power(
    app: App,
    by: Officer,
    Path(id): Path<PowerId>,
) -> Reply<Download> {
    let me = By::from(&by);
    let (kept, content) = app.read(move |tx| crate::power_paper(tx, &me, id)).await?;
    Ok(words::download(kept, content))
}

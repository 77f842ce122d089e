//! `/desk/bundles/new`: a bundle for somebody who stands at the window 窗口收件: who it is, for whom,
//! and which bundle; questions, form and papers follow as they do for everybody.
//!
//! Deliberately absent: any rule; what says no is shown beside its field.

use askama::Template;
use axum::response::{IntoResponse, Response};
use catalogue::ItemId;
use catalogue::scenario::Picks;
use db::Tx;
use intake::{By, Paper, Visitors, VisitorsView, visitor_field};
use kernel::Fault;
use web::parts::{Choice, Link};
use web::{
    Again, App, Fields, Form, FormReader, Officer, OnceToken, Problems, ReadForm, Reply, Shell,
    page, redirect,
};

use crate::draft::{self, DraftId, NewBundle};
use crate::theme::ThemeKind;
use crate::{shipped, survey};

/// The bundle, and who stands at the window.
pub(crate) struct NewForm {
    theme: String,
    items: Vec<String>,
    visitors: Visitors,
}

impl ReadForm for NewForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let theme = form.text("theme", 60);
        let visitors = Visitors::read(form);
        let items = form.fields().all("items").map(str::to_owned).collect();
        Some(Self {
            theme: theme?,
            items,
            visitors: visitors?,
        })
    }
}

#[derive(Template)]
#[template(path = "project/counter.html")]
struct NewPage {
    shell: Shell,
    themes: Vec<Choice>,
    menus: Vec<Menu>,
    drafts: Vec<Link>,
    visitors: VisitorsView,
    problems: Problems,
}

/// The items of a theme that are ticked by hand.
struct Menu {
    title: String,
    choices: Vec<Choice>,
}

fn new_page(
    tx: &mut Tx<'_>,
    by: &By,
    shell: Shell,
    typed: Fields,
    problems: Problems,
) -> Result<NewPage, Fault> {
    let lang = shell.lang;
    let all = shipped::themes()?.iter();
    let bundles: Vec<_> = all.filter(|one| one.kind != ThemeKind::Stage).collect();
    let mut menus = Vec::new();
    for theme in &bundles {
        let free = theme.items.iter();
        let mut choices = Vec::new();
        for item in free.filter(|item| theme.is_free(item)) {
            let today = tx.today();
            let found = catalogue::published_by_code(tx, &item.code, today)?;
            choices.push(Choice {
                value: format!("{}.{}", theme.id, item.key),
                label: found.map_or_else(String::new, |one| one.content.name.get(lang).to_owned()),
                hint: String::new(),
                chosen: typed
                    .all("items")
                    .any(|one| one == format!("{}.{}", theme.id, item.key)),
            });
        }
        if !choices.is_empty() {
            menus.push(Menu {
                title: theme.title.get(lang).to_owned(),
                choices,
            });
        }
    }
    let themes = bundles
        .iter()
        .map(|one| (one.id.as_str(), one.title.get(lang)));
    let mut drafts = Vec::new();
    for one in draft::drafts(tx, by)? {
        let title = shipped::theme(&one.theme)?.title.get(lang);
        let name = identity::person(tx, one.applicant)?.name;
        let href = format!("/bundles/drafts/{}/form", one.id);
        drafts.push(Link::to(href, format!("{title} · {name}")));
    }
    Ok(NewPage {
        themes: Choice::list(themes, typed.get("theme")),
        menus,
        drafts,
        visitors: VisitorsView::of(&shell, typed),
        problems,
        shell,
    })
}

pub(crate) async fn show_new(app: App, by: Officer, shell: Shell) -> Reply<Response> {
    let me = By::from(&by);
    let read = move |tx: &mut Tx<'_>| {
        let typed = Fields::default();
        new_page(tx, &me, shell.clone(), typed, Problems::none())
    };
    page(&app.read(read).await?)
}

pub(crate) async fn add_new(
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
        Ok(id) => Ok(redirect(format!("/bundles/drafts/{id}/form")).into_response()),
        Err(fault) => {
            let again = Again::of(fault, &shell, field_of)?;
            let (status, problems, me) = (again.status(), again.problems, By::from(&by));
            let filled = app
                .read(move |tx| new_page(tx, &me, shell.clone(), typed.clone(), problems.clone()))
                .await?;
            Again::show(status, &filled)
        }
    }
}

/// The field that a refusal is about.
fn field_of(code: &str) -> Option<&'static str> {
    match code {
        "project.nothing_chosen" | "project.before_missing" => Some("items"),
        "intake.item_closed" => Some("theme"),
        other => visitor_field(other),
    }
}

async fn begin_draft(
    app: &App,
    by: &Officer,
    once: &OnceToken,
    mut new: NewForm,
) -> Result<DraftId, Fault> {
    let me = By::from(by);
    let paper = new.visitors.store_paper(app).await?;
    app.write_once(by, once, move |tx| begin(tx, &me, &new, paper.as_ref()))
        .await
}

fn begin(tx: &mut Tx<'_>, by: &By, new: &NewForm, paper: Option<&Paper>) -> Result<DraftId, Fault> {
    let theme = shipped::theme(&new.theme).map_err(|_| Fault::invalid("theme", "field.choice"))?;
    // What was ticked for another theme does not count.
    let own = new.items.iter().filter_map(|item| {
        let (id, key) = item.split_once('.')?;
        (id == theme.id).then(|| key.to_owned())
    });
    let chosen: Vec<String> = own.collect();
    // The paper is about every item of the theme: which of them take part, the answers will say.
    let surveyed = survey(tx, theme, &chosen, &Picks::new())?;
    let items = surveyed.versions.iter().flatten();
    let items: Vec<ItemId> = items.map(|version| version.item).collect();
    let (applicant, agent) = new.visitors.write_down(tx, by, &items, paper)?;
    let new = NewBundle {
        theme: theme.id.clone(),
        stage: None,
        applicant,
        agent,
        chosen,
        picks: Picks::new(),
        pre_review: false,
    };
    draft::start(tx, by, &new)
}

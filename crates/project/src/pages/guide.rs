//! `/themes`: what can be applied for in one; `/bundles/{id}`: the guide of a theme, with the menu
//! of its items and the button that begins one application.

use std::collections::BTreeSet;

use askama::Template;
use axum::response::{IntoResponse, Response};
use catalogue::scenario::Picks;
use db::Tx;
use intake::By;
use kernel::{Fault, Problem};
use web::parts::{Choice, Fact, Link, Tile};
use web::{App, Citizen, Form, OnceToken, Path, Problems, Reply, Shell, invalid, page, redirect};

use super::{Posted, wrong_fields};
use crate::draft::{self, NewBundle};
use crate::gathered::{Gathered, gather_all};
use crate::model::ProjectId;
use crate::one_form::{OneForm, OneMaterial, assemble};
use crate::shipped;
use crate::theme::{Theme, ThemeItem, ThemeKind};

#[derive(Template)]
#[template(path = "project/themes.html")]
struct ThemesPage {
    shell: Shell,
    bundles: Vec<Tile>,
    schemes: Vec<SchemeView>,
}

struct SchemeView {
    title: String,
    text: String,
    stages: Vec<Link>,
}

fn days(shell: &Shell, days: u32) -> String {
    shell.say("project.days", &[("days", days.to_string())])
}

fn kind(shell: &Shell, theme: &Theme) -> String {
    shell.say(&format!("project.kind_{}", theme.kind), &[])
}

pub(crate) async fn list_themes(shell: Shell) -> Reply<Response> {
    let lang = shell.lang;
    let all = shipped::themes()?.iter();
    let bundles = all.filter(|theme| theme.kind != ThemeKind::Stage);
    let tile = |theme: &Theme| Tile {
        href: format!("/bundles/{}", theme.id),
        label: theme.title.get(lang).to_owned(),
        text: format!(
            "{} · {} · {}",
            kind(&shell, theme),
            days(&shell, theme.limit_days),
            theme.summary.get(lang)
        ),
    };
    let bundles = bundles.map(tile).collect();
    let mut schemes = Vec::new();
    for scheme in shipped::schemes()? {
        let mut stages = Vec::new();
        for id in &scheme.stages {
            let title = shipped::theme(id)?.title.get(lang);
            stages.push(Link::to(format!("/bundles/{id}"), title));
        }
        let params = [
            ("stages", scheme.stages.len().to_string()),
            ("days", scheme.limit_days.to_string()),
        ];
        schemes.push(SchemeView {
            title: scheme.title.get(lang).to_owned(),
            text: shell.say("project.scheme_days", &params),
            stages,
        });
    }
    page(&ThemesPage {
        bundles,
        schemes,
        shell,
    })
}

struct ItemRow {
    href: String,
    name: String,
    organ: String,
    need: String,
    days: String,
    hint: String,
}

struct PaperRow {
    name: String,
    used_for: String,
    from: String,
}

#[derive(Template)]
#[template(path = "project/guide.html")]
struct GuidePage {
    shell: Shell,
    crumbs: Vec<Link>,
    id: String,
    title: String,
    summary: String,
    facts: Vec<Fact>,
    items: Vec<ItemRow>,
    papers: Vec<PaperRow>,
    one_form: String,
    choices: Vec<Choice>,
    pre_review: bool,
    is_stage: bool,
    project: String,
    stage: String,
    problems: Problems,
}

/// Which project's stage is to be begun, as the address says.
#[derive(Debug, Default, Clone, serde::Deserialize)]
pub(crate) struct For {
    #[serde(default)]
    project: String,
    #[serde(default)]
    stage: String,
}

impl For {
    fn stage(&self) -> Option<(ProjectId, u16)> {
        Some((self.project.parse().ok()?, self.stage.parse().ok()?))
    }
}

fn guide(
    tx: &mut Tx<'_>,
    shell: &Shell,
    theme: &'static Theme,
    asked: &For,
    problems: Problems,
) -> Result<GuidePage, Fault> {
    let lang = shell.lang;
    let gathered = gather_all(tx, theme)?;
    let taking = gathered.taking();
    let form = assemble(theme, &taking)?;
    let names = names(theme, &gathered, lang);
    let lead = match identity::organ_by_uscc(tx, &theme.lead)? {
        Some(organ) => organ.short_name,
        None => identity::hall(tx)?.short_name,
    };
    let mut facts = vec![
        Fact::plain(shell.t("project.lead"), lead),
        Fact::plain(shell.t("project.limit"), days(shell, theme.limit_days)),
        Fact::plain(
            shell.t("project.join"),
            shell.say(&format!("project.join_{}", theme.join), &[]),
        ),
    ];
    if !theme.basis.is_empty() {
        facts.push(Fact::plain(shell.t("project.basis"), theme.basis.as_str()));
    }
    let params = [
        ("before", form.fields_before.to_string()),
        ("after", form.fields.len().to_string()),
        ("papers_before", form.materials_before.to_string()),
        ("papers_after", form.materials.len().to_string()),
    ];
    let chosen = theme.items.iter().zip(&names);
    let chosen = chosen.filter(|(item, _)| theme.is_free(item));
    let choice = |(item, name): (&ThemeItem, &String)| Choice {
        value: item.key.clone(),
        label: name.clone(),
        hint: need(shell, theme, item),
        chosen: item.follow_up,
    };
    Ok(GuidePage {
        crumbs: vec![Link::to("/themes", shell.t("project.themes"))],
        id: theme.id.clone(),
        title: theme.title.get(lang).to_owned(),
        summary: theme.summary.get(lang).to_owned(),
        facts,
        items: item_rows(shell, &gathered, &names),
        papers: paper_rows(shell, &form, &gathered, &names),
        one_form: match gathered.asks {
            true => shell.say("project.one_form_asked", &params),
            false => shell.say("project.one_form_text", &params),
        },
        choices: chosen.map(choice).collect(),
        pre_review: theme.pre_review && asked.stage().is_some(),
        is_stage: theme.kind == ThemeKind::Stage && asked.stage().is_none(),
        project: asked
            .stage()
            .map_or_else(String::new, |(id, _)| id.to_string()),
        stage: asked
            .stage()
            .map_or_else(String::new, |(_, stage)| stage.to_string()),
        problems,
        shell: shell.clone(),
    })
}

/// The names of a theme's items, by their place.
fn names(theme: &Theme, gathered: &Gathered, lang: &str) -> Vec<String> {
    let places = 0..theme.items.len();
    let name = |place: usize| {
        let at = gathered.places.iter().position(|one| *one == place);
        let version = at.and_then(|at| gathered.versions.get(at));
        version.map_or_else(String::new, |one| one.content.name.get(lang).to_owned())
    };
    places.map(name).collect()
}

fn item_rows(shell: &Shell, gathered: &Gathered, names: &[String]) -> Vec<ItemRow> {
    let theme = gathered.theme;
    let both = theme.items.iter().zip(names).enumerate();
    let row = |(place, (item, name)): (usize, (&ThemeItem, &String))| {
        let at = gathered.places.iter().position(|one| *one == place);
        let version = at.and_then(|at| gathered.versions.get(at));
        let organ = version.map_or("", |one| &one.content.department);
        ItemRow {
            href: format!("/items/{}", item.code),
            name: name.clone(),
            organ: organ.to_owned(),
            need: need(shell, theme, item),
            days: days(shell, item.days),
            hint: waits(shell, theme, item, names),
        }
    };
    both.map(row).collect()
}

fn paper_rows(
    shell: &Shell,
    form: &OneForm,
    gathered: &Gathered,
    names: &[String],
) -> Vec<PaperRow> {
    // An item that is asked stands there once for each of its scenarios.
    let used_for = |items: &mut dyn Iterator<Item = usize>| {
        let places = items.filter_map(|item| gathered.places.get(item).copied());
        let places: BTreeSet<usize> = places.collect();
        let named = places.iter().filter_map(|place| names.get(*place));
        let named: Vec<&str> = named.map(String::as_str).collect();
        named.join(shell.t("project.comma"))
    };
    let both = form.materials.iter().zip(&form.content.materials);
    let row = |(one, material): (&OneMaterial, &catalogue::model::Material)| PaperRow {
        name: material.name.get(shell.lang).to_owned(),
        used_for: used_for(&mut one.sources.iter().map(|from| from.item)),
        from: String::new(),
    };
    let mut rows: Vec<PaperRow> = both.map(row).collect();
    let taking = gathered.taking();
    for one in &form.handed {
        let material = taking[one.to].content.material(&one.material);
        let made = PaperRow {
            name: material.map_or_else(String::new, |known| known.name.get(shell.lang).to_owned()),
            used_for: used_for(&mut std::iter::once(one.to)),
            from: shell.say(
                "project.handed_from",
                &[("item", used_for(&mut std::iter::once(one.from)))],
            ),
        };
        let known = |row: &PaperRow| row.name == made.name && row.used_for == made.used_for;
        if !rows.iter().any(known) {
            rows.push(made);
        }
    }
    rows
}

fn need(shell: &Shell, theme: &Theme, item: &ThemeItem) -> String {
    match item.follow_up {
        true => shell.t("project.follow_up").to_owned(),
        false if theme.is_guided(&item.key) => shell.t("project.need_guided").to_owned(),
        false => shell.say(&format!("project.need_{}", item.need), &[]),
    }
}

fn waits(shell: &Shell, theme: &Theme, item: &ThemeItem, names: &[String]) -> String {
    let before = item.after.iter().filter_map(|key| theme.place(key));
    let before: Vec<&str> = before
        .filter_map(|at| names.get(at))
        .map(String::as_str)
        .collect();
    match before.is_empty() {
        true => String::new(),
        false => {
            let items = before.join(shell.t("project.comma"));
            shell.say("project.waits_for", &[("items", items)])
        }
    }
}

pub(crate) async fn show_guide(
    app: App,
    Path(id): Path<String>,
    shell: Shell,
    web::Query(asked): web::Query<For>,
) -> Reply<Response> {
    let theme = shipped::theme(&id)?;
    let words = shell.clone();
    let made = app
        .read(move |tx| guide(tx, &words, theme, &asked, Problems::none()))
        .await?;
    page(&made)
}

pub(crate) async fn start(
    app: App,
    by: Citizen,
    Path(id): Path<String>,
    shell: Shell,
    once: OnceToken,
    form: Form<Posted>,
) -> Reply<Response> {
    let theme = shipped::theme(&id)?;
    let asked = For {
        project: form.fields.get("project").to_owned(),
        stage: form.fields.get("stage").to_owned(),
    };
    let person = by.id;
    let new = NewBundle {
        theme: id,
        stage: asked.stage(),
        applicant: person,
        agent: None,
        chosen: form.fields.all("items").map(str::to_owned).collect(),
        picks: Picks::new(),
        pre_review: form.fields.has("pre_review"),
    };
    let started = app
        .write_once(&by, &once, move |tx| {
            draft::start(tx, &By::Person(person), &new)
        })
        .await;
    match started {
        Ok(id) => Ok(redirect(format!("/bundles/drafts/{id}/form")).into_response()),
        Err(fault) => {
            let nothing = matches!(fault.refusal(), Some("project.nothing_chosen"));
            let wrong = match nothing {
                true => vec![Problem::new("items", "project.nothing_chosen")],
                false => wrong_fields(fault)?,
            };
            let problems = shell.problems(&wrong);
            let words = shell.clone();
            let made = app
                .read(move |tx| guide(tx, &words, theme, &asked, problems))
                .await?;
            invalid(&made)
        }
    }
}

//! The editors' pages 事项管理: list, one item with its versions and findings, publication; tables
//! in `table`. Absent: the editing of a content field by field.

pub(crate) mod table;

use std::collections::BTreeMap;

use askama::Template;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use kernel::Fault;
use kernel::fault::Param;
use serde::Deserialize;
use web::parts::{Choice, Fact, Link};
use web::{
    App, Button, Fields, Form, FormReader, Officer, OnceToken, Paging, Path, Problems, Query,
    ReadForm, Reply, Shell, invalid, page, redirect,
};

use crate::check::{Finding, Severity, check, completeness};
use crate::model::{Coverage, VersionStatus};
use crate::store::{self, DeskFilter, Listed};
use crate::view::{self, maybe, text};
use crate::{ItemId, find};

/// The name and tone of a state.
fn status(shell: &Shell, status: VersionStatus) -> (String, &'static str) {
    let tone = match status {
        VersionStatus::Draft => "yellow",
        VersionStatus::Checked => "blue",
        VersionStatus::Published => "green",
        VersionStatus::Withdrawn => "",
    };
    let key = format!("catalogue.status.{status}");
    (shell.t(&key).to_owned(), tone)
}

struct LineView {
    href: String,
    code: String,
    name: String,
    department: String,
    coverage: String,
    state: String,
    tone: &'static str,
    number: u32,
}

#[derive(Template)]
#[template(path = "catalogue/desk_list.html")]
struct ListPage {
    shell: Shell,
    typed: String,
    organs: Vec<Choice>,
    states: Vec<Choice>,
    found: Vec<LineView>,
    first: String,
    next: String,
}

/// What the list is narrowed by.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    organ: String,
    status: String,
}

pub(crate) async fn list_items(
    app: App,
    shell: Shell,
    paging: Paging,
    Query(asked): Query<Asked>,
) -> Reply<Response> {
    let after = paging.after::<String>()?;
    let first_page = after.is_none();
    let filter = DeskFilter {
        text: asked.q.chars().take(100).collect(),
        organ: asked.organ.clone(),
        status: asked.status.parse().ok(),
    };
    let most = paging.limit_and_one();
    let (found, names) = app
        .read(move |tx| {
            let found = store::desk_list(tx, &filter, after.as_deref(), most)?;
            Ok((found, find::names(tx, tx.today())?))
        })
        .await?;
    let list = paging.page(found, |line| line.code.clone())?;
    let here = format!(
        "/desk/catalogue?q={}&organ={}&status={}",
        view::path_part(&asked.q),
        view::path_part(&asked.organ),
        view::path_part(&asked.status)
    );
    let states = VersionStatus::ALL
        .iter()
        .map(|one| (one.as_str(), status(&shell, *one).0));
    let line = |line: &Listed| {
        let (state, tone) = status(&shell, line.status);
        let coverage = match line.coverage {
            Coverage::Full => "catalogue.coverage.full",
            Coverage::Listed => "catalogue.coverage.listed",
        };
        LineView {
            href: format!("/desk/catalogue/items/{}", line.item),
            code: line.code.clone(),
            name: line.name.clone(),
            department: line.department.clone(),
            coverage: shell.t(coverage).to_owned(),
            state,
            tone,
            number: line.number,
        }
    };
    page(&ListPage {
        organs: view::departments(&names, &asked.organ),
        states: Choice::list(states, &asked.status),
        found: list.items.iter().map(line).collect(),
        first: if first_page {
            String::new()
        } else {
            here.clone()
        },
        next: list
            .next
            .map(|cursor| format!("{here}&cursor={}", view::path_part(&cursor)))
            .unwrap_or_default(),
        typed: asked.q,
        shell,
    })
}

struct VersionView {
    number: u32,
    state: String,
    tone: &'static str,
    effective: String,
    withdrawn: String,
    digest: String,
}

struct FindingView {
    severity: String,
    tone: &'static str,
    place: String,
    said: String,
    todo: String,
}

/// One measure of the version at hand beside the one in force.
struct ChangeView {
    measure: String,
    from: String,
    to: String,
    more: bool,
}

#[derive(Template)]
#[template(path = "catalogue/desk_item.html")]
struct ItemPage {
    shell: Shell,
    problems: Problems,
    typed: Fields,
    crumbs: Vec<Link>,
    title: String,
    summary: String,
    facts: Vec<Fact>,
    act: String,
    guide: String,
    versions: Vec<VersionView>,
    percent: u32,
    missing: Vec<String>,
    findings: Vec<FindingView>,
    changes: Vec<ChangeView>,
    increase_basis: String,
    number: u32,
    can_check: bool,
    can_publish: bool,
    can_withdraw: bool,
    today: String,
}

pub(crate) async fn show_item(app: App, shell: Shell, Path(item): Path<ItemId>) -> Reply<Response> {
    page(&item_page(&app, shell, item, Fields::default(), Problems::none()).await?)
}

async fn item_page(
    app: &App,
    shell: Shell,
    item: ItemId,
    typed: Fields,
    problems: Problems,
) -> Reply<ItemPage> {
    let (life, version, before, way, today) = app
        .read(move |tx| {
            let life = find::state(tx, item)?;
            let number = life.versions.latest().map_or(1, |latest| latest.number);
            let before = match life.versions.in_force(tx.today()) {
                Some(before) if before.number != number => {
                    Some(find::version(tx, item, before.number)?)
                }
                _ => None,
            };
            let version = find::version(tx, item, number)?;
            let way = crate::publish::way(tx, &version.content)?;
            Ok((life, version, before, way, tx.today()))
        })
        .await?;
    let content = &version.content;
    let mut findings = check(content);
    findings.extend(way);
    let complete = completeness(content);
    let latest = life.versions.latest();
    let stands = |wanted: VersionStatus| latest.is_some_and(|latest| latest.status == wanted);
    let published = life.versions.in_force(today).is_some();
    let facts = item_facts(&shell, content);
    let missing =
        |element: &crate::check::Element| shell.language().pick(element.zh, element.en).to_owned();
    Ok(ItemPage {
        crumbs: vec![Link::to("/desk/catalogue", shell.t("catalogue.desk"))],
        title: text(&shell, &content.name),
        summary: maybe(&shell, content.summary.as_ref()),
        facts,
        act: format!("/desk/catalogue/items/{item}"),
        guide: if published {
            view::href(content)
        } else {
            String::new()
        },
        versions: version_views(&shell, &life),
        percent: complete.percent,
        missing: complete.missing.iter().map(missing).collect(),
        findings: findings
            .iter()
            .map(|finding| finding_view(app, &shell, finding))
            .collect(),
        changes: before.map_or_else(Vec::new, |before| changes(&shell, &before, &version)),
        increase_basis: content
            .increase_basis
            .as_ref()
            .map(|basis| basis.citation())
            .unwrap_or_default(),
        number: version.number,
        can_check: stands(VersionStatus::Draft),
        can_publish: stands(VersionStatus::Checked),
        can_withdraw: life
            .versions
            .iter()
            .any(|one| one.status == VersionStatus::Published),
        today: today.to_string(),
        typed,
        problems,
        shell,
    })
}

/// What an item is, in four lines.
fn item_facts(shell: &Shell, content: &crate::model::ItemContent) -> Vec<Fact> {
    vec![
        Fact::plain(
            shell.t("catalogue.fact.code"),
            content.codes.key().unwrap_or_default(),
        ),
        Fact::plain(shell.t("catalogue.department"), content.department.clone()),
        Fact::plain(
            shell.t("catalogue.fact.body"),
            text(shell, &content.body.name),
        ),
        Fact::plain(
            shell.t("catalogue.type"),
            content.item_type.name(shell.lang),
        ),
    ]
}

/// Steps, materials, days and visits of the version at hand beside the one in force 只减不增.
fn changes(shell: &Shell, before: &crate::Version, version: &crate::Version) -> Vec<ChangeView> {
    let all = crate::change::compare(&before.content, &version.content);
    let view = |one: crate::change::Compared| ChangeView {
        measure: shell.t(one.measure.name()).to_owned(),
        from: one.from,
        to: one.to,
        more: one.more,
    };
    all.into_iter().map(view).collect()
}

/// The versions of an item, newest first.
fn version_views(shell: &Shell, life: &crate::decide::Item) -> Vec<VersionView> {
    let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let view = |version: &ledger::VersionState| {
        let (state, tone) = status(shell, version.status);
        VersionView {
            number: version.number,
            state,
            tone,
            effective: day(version.effective),
            withdrawn: day(version.withdrawn_on),
            digest: version.digest.to_string(),
        }
    };
    life.versions.iter().rev().map(view).collect()
}

fn params(params: &BTreeMap<&'static str, String>) -> Vec<Param> {
    params
        .iter()
        .map(|(name, value)| (*name, value.clone()))
        .collect()
}

fn finding_view(app: &App, shell: &Shell, finding: &Finding) -> FindingView {
    let (key, tone) = match finding.severity {
        Severity::Error => ("catalogue.error", "red"),
        Severity::Warning => ("catalogue.warning", "yellow"),
    };
    let params = params(&finding.params);
    let todo = app.words().todo(shell.language(), finding.code, &params);
    FindingView {
        severity: shell.t(key).to_owned(),
        tone,
        place: finding.place.clone(),
        said: shell.say(finding.code, &params),
        todo: todo.unwrap_or_default(),
    }
}

/// The version an editor has before them.
pub(crate) struct Named {
    number: u32,
}

impl ReadForm for Named {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let number = form.number("number", 1..=1_000_000)?;
        Some(Self { number })
    }
}

/// From which day which version is in force.
pub(crate) struct Publication {
    number: u32,
    effective: Date,
}

impl ReadForm for Publication {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let number = form.number("number", 1..=1_000_000);
        let effective = form.date("effective");
        Some(Self {
            number: number?,
            effective: effective?,
        })
    }
}

/// After an act on an item: back to it with good news, or the form again with its problems.
async fn answer(
    app: &App,
    shell: Shell,
    item: ItemId,
    typed: Fields,
    done: Result<(), Fault>,
    said: &'static str,
) -> Reply<Response> {
    match done {
        Ok(()) => {
            refresh(app).await;
            let flash = shell.t(said).to_owned();
            Ok(redirect(format!("/desk/catalogue/items/{item}"))
                .flash(flash)
                .into_response())
        }
        Err(Fault::Invalid(problems)) => {
            let problems = shell.problems(&problems);
            invalid(&item_page(app, shell, item, typed, problems).await?)
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Brings the index up to date after a publication. What was published stands; the index can be
/// made again, so a failure is logged and not told.
pub(crate) async fn refresh(app: &App) {
    let db = app.db().clone();
    let made = tokio::task::spawn_blocking(move || crate::reindex(&db)).await;
    match made {
        Ok(Ok(_)) => {}
        Ok(Err(fault)) => tracing::warn!(%fault, "the search index is behind"),
        Err(stopped) => tracing::warn!(%stopped, "the search index is behind"),
    }
}

pub(crate) async fn check_item(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(item): Path<ItemId>,
    form: Form<Named>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let done = match command {
        Ok(named) => {
            let work = move |tx: &mut db::Tx<'_>| crate::check_version(tx, item, named.number);
            app.write_once(&by, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    answer(&app, shell, item, fields, done, "catalogue.checked_now").await
}

pub(crate) async fn publish_item(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(item): Path<ItemId>,
    form: Form<Publication>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let done = match command {
        Ok(Publication { number, effective }) => {
            let work =
                move |tx: &mut db::Tx<'_>| crate::publish(tx, item, number, effective).map(|_| ());
            app.write_once(&by, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    answer(&app, shell, item, fields, done, "catalogue.published_now").await
}

pub(crate) async fn withdraw_item(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    Path(item): Path<ItemId>,
    form: Form<Button>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let done = match command {
        Ok(Button) => {
            let work = move |tx: &mut db::Tx<'_>| crate::withdraw(tx, item).map(|_| ());
            app.write_once(&by, &once, work).await
        }
        Err(fault) => Err(fault),
    };
    answer(&app, shell, item, fields, done, "catalogue.withdrawn_now").await
}

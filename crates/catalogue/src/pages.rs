//! The public pages that lead to an item: home, results, themes. Everything is public, so there
//! are no rights here; only versions in force today are shown.

use askama::Template;
use axum::response::Response;
use db::Tx;
use kernel::Fault;
use serde::{Deserialize, Serialize};
use web::parts::{Choice, Link, Tile};
use web::{App, Page, Paging, Path, Query, Reply, Shell, page};

use std::sync::Arc;

use crate::find::{self, Question};
use crate::shelf::MostUsed;
use crate::shipped::{self, Topic};
use crate::store::{self, Narrow, Place};
use crate::view::{self, Card};
use crate::{ItemId, Version};

/// How many items the home page shows.
const HOME_ITEMS: usize = 8;
/// How many departments the home page shows.
const HOME_DEPARTMENTS: usize = 12;
/// A question longer than this is cut; nobody types so much.
const QUESTION_CHARS_MAX: usize = 100;

/// What a list of items is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    pub(crate) q: String,
    pub(crate) organ: String,
    pub(crate) topic: String,
}

/// Where the next page of a list begins: by rank in a search, else by place in the catalogue.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cursor {
    /// So many of the best were shown.
    Shown(usize),
    /// The last one shown.
    After(Place),
}

/// A page of published items.
pub(crate) struct Results {
    pub(crate) total: Option<usize>,
    pub(crate) all_words: bool,
    pub(crate) page: Page<Arc<Version>>,
}

fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Searches where a question was typed, else lists.
pub(crate) async fn results(app: &App, paging: &Paging, asked: &Asked) -> Reply<Results> {
    let after = paging.after::<Cursor>()?;
    let typed: String = asked.q.trim().chars().take(QUESTION_CHARS_MAX).collect();
    if typed.is_empty() {
        let place = match after {
            Some(Cursor::After(place)) => Some(place),
            _ => None,
        };
        let narrow = Narrow {
            organ: some(&asked.organ),
            topic: some(&asked.topic),
            full_only: false,
        };
        let most = paging.limit_and_one();
        let found = app
            .read(move |tx| find::in_force(tx, tx.today(), &narrow, place.as_ref(), most))
            .await?;
        let page = paging.page(found, |(place, _)| Cursor::After(place.clone()))?;
        return Ok(Results {
            total: None,
            all_words: true,
            page: page.map(|(_, version)| version),
        });
    }
    let skip = match after {
        Some(Cursor::Shown(skip)) => skip,
        _ => 0,
    };
    let question = Question {
        text: typed,
        organ: some(&asked.organ),
        topic: some(&asked.topic),
        skip,
        most: paging.limit(),
    };
    let found = app.read(move |tx| find::search(tx, &question)).await?;
    let shown = skip + paging.limit();
    let next = match shown < found.total && !found.versions.is_empty() {
        true => Some(paging.cursor(&Cursor::Shown(shown))?),
        false => None,
    };
    Ok(Results {
        total: Some(found.total),
        all_words: found.all_words,
        page: Page {
            items: found.versions,
            next,
        },
    })
}

#[derive(Template)]
#[template(path = "catalogue/home.html")]
struct HomePage {
    shell: Shell,
    persons: Vec<Link>,
    businesses: Vec<Link>,
    popular: Vec<Card>,
    departments: Vec<Link>,
    ways: Vec<Tile>,
}

fn most_used(tx: &mut Tx<'_>) -> Result<Vec<Arc<Version>>, Fault> {
    let today = tx.today();
    let used: Vec<ItemId> = match tx.thing::<MostUsed>() {
        Ok(used) => used.0.iter().take(HOME_ITEMS).copied().collect(),
        Err(_) => Vec::new(),
    };
    let mut versions = Vec::new();
    for item in used {
        versions.extend(find::published(tx, item, today)?);
    }
    let narrow = Narrow {
        full_only: true,
        ..Narrow::default()
    };
    for (_, version) in find::in_force(tx, today, &narrow, None, HOME_ITEMS)? {
        let there = versions.iter().any(|known| known.item == version.item);
        if versions.len() < HOME_ITEMS && !there {
            versions.push(version);
        }
    }
    Ok(versions)
}

pub(crate) async fn show_home(app: App, shell: Shell) -> Reply<Response> {
    let (used, topics, departments) = app
        .read(|tx| {
            let today = tx.today();
            let departments = find::names(tx, today)?;
            Ok((most_used(tx)?, store::topics(tx, today)?, departments))
        })
        .await?;
    let of = |audience: &str| {
        shipped::topics()
            .iter()
            .filter(|topic| topic.audience == audience && topics.iter().any(|id| id == topic.id))
            .map(|topic| Link::to(format!("/themes/{}", topic.id), name(&shell, topic)))
            .collect()
    };
    let ways = [
        ("/track", "track"),
        ("/my", "my"),
        ("/certificates/verify", "verify"),
        ("/sunshine", "sunshine"),
        ("/ledger", "ledger"),
    ];
    let tile = |(href, key): (&str, &str)| Tile {
        href: href.to_owned(),
        label: shell.t(&format!("catalogue.way.{key}")).to_owned(),
        text: shell.t(&format!("catalogue.way.{key}_text")).to_owned(),
    };
    page(&HomePage {
        persons: of("person"),
        businesses: of("business"),
        popular: used
            .iter()
            .map(|version| Card::of(&shell, version))
            .collect(),
        departments: departments
            .iter()
            .take(HOME_DEPARTMENTS)
            .map(|(name, count)| {
                let href = format!("/items?organ={}", view::path_part(name));
                Link::to(href, format!("{name} {count}"))
            })
            .collect(),
        ways: ways.into_iter().map(tile).collect(),
        shell,
    })
}

#[derive(Template)]
#[template(path = "catalogue/items.html")]
struct ItemsPage {
    shell: Shell,
    typed: String,
    organs: Vec<Choice>,
    topics: Vec<Choice>,
    told: String,
    some_words: bool,
    found: Vec<Card>,
    first: String,
    next: String,
}

/// The topic in the reader's language.
fn name<'t>(shell: &Shell, topic: &Topic) -> &'t str
where
    Topic: 't,
{
    shell.language().pick(topic.zh, topic.en)
}

fn topic_choices(shell: &Shell, chosen: &str) -> Vec<Choice> {
    let pairs = shipped::topics().into_iter().map(|topic| {
        let audience = shell.t(match topic.audience {
            "person" => "catalogue.for_persons",
            _ => "catalogue.for_businesses",
        });
        let label = format!("{audience} · {}", name(shell, &topic));
        (topic.id.to_owned(), label)
    });
    Choice::list(pairs, chosen)
}

pub(crate) async fn list_items(
    app: App,
    shell: Shell,
    paging: Paging,
    Query(asked): Query<Asked>,
) -> Reply<Response> {
    let results = results(&app, &paging, &asked).await?;
    let names = app.read(|tx| find::names(tx, tx.today())).await?;
    let here = format!(
        "/items?q={}&organ={}&topic={}",
        view::path_part(&asked.q),
        view::path_part(&asked.organ),
        view::path_part(&asked.topic)
    );
    let told = match results.total {
        Some(total) => shell.say("catalogue.found", &[("total", total.to_string())]),
        None => {
            let total: i64 = match asked.topic.is_empty() {
                true => names
                    .iter()
                    .filter(|(name, _)| asked.organ.is_empty() || *name == asked.organ)
                    .map(|(_, count)| count)
                    .sum(),
                false => 0,
            };
            match total {
                0 => String::new(),
                total => shell.say("catalogue.found", &[("total", total.to_string())]),
            }
        }
    };
    let cards = results.page.items.iter();
    page(&ItemsPage {
        organs: view::departments(&names, &asked.organ),
        topics: topic_choices(&shell, &asked.topic),
        told,
        some_words: !results.all_words && results.total != Some(0),
        found: cards.map(|version| Card::of(&shell, version)).collect(),
        first: match paging.after::<Cursor>()? {
            Some(_) => here.clone(),
            None => String::new(),
        },
        next: results
            .page
            .next
            .map(|cursor| format!("{here}&cursor={}", view::path_part(&cursor)))
            .unwrap_or_default(),
        typed: asked.q,
        shell,
    })
}

#[derive(Template)]
#[template(path = "catalogue/theme.html")]
struct ThemePage {
    shell: Shell,
    title: String,
    audience: String,
    crumbs: Vec<Link>,
    found: Vec<Card>,
    others: Vec<Link>,
    first: String,
    next: String,
}

pub(crate) async fn show_theme(
    app: App,
    shell: Shell,
    paging: Paging,
    Path(id): Path<String>,
) -> Reply<Response> {
    let all = shipped::topics();
    let Some(topic) = all.iter().find(|topic| topic.id == id) else {
        return Err(Fault::NotFound { what: "topic" }.into());
    };
    let asked = Asked {
        topic: id.clone(),
        ..Asked::default()
    };
    let results = results(&app, &paging, &asked).await?;
    let used = app.read(|tx| store::topics(tx, tx.today())).await?;
    let other = |other: &&Topic| {
        other.audience == topic.audience
            && other.id != topic.id
            && used.iter().any(|id| id == other.id)
    };
    let here = format!("/themes/{id}");
    let audience = match topic.audience {
        "person" => "catalogue.for_persons",
        _ => "catalogue.for_businesses",
    };
    let cards = results.page.items.iter();
    page(&ThemePage {
        title: name(&shell, topic).to_owned(),
        audience: shell.t(audience).to_owned(),
        crumbs: vec![Link::to("/", shell.t("catalogue.home"))],
        found: cards.map(|version| Card::of(&shell, version)).collect(),
        others: all
            .iter()
            .filter(other)
            .map(|topic| Link::to(format!("/themes/{}", topic.id), name(&shell, topic)))
            .collect(),
        first: match paging.after::<Cursor>()? {
            Some(_) => here.clone(),
            None => String::new(),
        },
        next: results
            .page
            .next
            .map(|cursor| format!("{here}?cursor={}", view::path_part(&cursor)))
            .unwrap_or_default(),
        shell,
    })
}

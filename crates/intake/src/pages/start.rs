//! The first page of `/apply`: for whom, and the answers that the guide has heard already. They go
//! into the draft, where they can be changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::response::{IntoResponse, Response};
use catalogue::Version;
use catalogue::scenario::{PICK, picks_among, reach};
use kernel::Fault;
use web::parts::{Choice, Fact, Link};
use web::{App, Form, OnceToken, Path, Problems, Query, Reply, Shell, Visitor, page, redirect};

use super::apply::{crumbs, next_step, picked_facts};
use super::{Posted, who};
use crate::model::{By, NewDraft};

#[derive(Template)]
#[template(path = "intake/start.html")]
struct StartPage {
    shell: Shell,
    crumbs: Vec<Link>,
    code: String,
    item_name: String,
    summary: String,
    problems: Problems,
    principals: Vec<Choice>,
    resume: String,
    /// What was answered on the guide, as fields of the form.
    picks: Vec<(String, String)>,
    /// The same in words.
    chosen: Vec<Fact>,
}

pub(super) async fn show_start(
    app: App,
    visitor: Visitor,
    Path(code): Path<String>,
    shell: Shell,
    Query(sent): Query<BTreeMap<String, String>>,
) -> Reply<Response> {
    let By::Person(person) = who(&visitor)? else {
        return Ok(redirect(format!("/desk/intake/new?item={code}")).into_response());
    };
    let asked = code.clone();
    let (version, principals, drafts) = app
        .read(move |tx| {
            let version = published(tx, &asked)?;
            let mut people = vec![identity::person(tx, person)?];
            for agency in identity::agencies(tx, person)? {
                let principal = agency.principal;
                if people.iter().any(|one| one.id == principal) {
                    continue;
                }
                match crate::may_act(tx, person, principal, version.item) {
                    Ok(()) => people.push(identity::person(tx, principal)?),
                    Err(Fault::Refused(_)) => {}
                    Err(fault) => return Err(fault),
                }
            }
            Ok((version, people, crate::drafts(tx, &By::Person(person))?))
        })
        .await?;
    let same = drafts.iter().find(|draft| draft.item == version.item);
    let own = person.to_string();
    let people = principals
        .iter()
        .map(|card| (card.id.to_string(), card.name.clone()));
    let content = &version.content;
    let sent = sent.iter();
    let mut picks = picks_among(sent.map(|(name, option)| (name.as_str(), option.as_str())));
    // What the item does not ask, or does not know as an answer, is left out and asked as ever.
    picks.retain(|id, _| content.questions.iter().any(|known| known.id == *id));
    if reach(content, &picks).is_err() {
        picks.clear();
    }
    page(&StartPage {
        chosen: picked_facts(&shell, content, &picks, ""),
        picks: picks
            .into_iter()
            .map(|(question, option)| (format!("{PICK}{question}"), option))
            .collect(),
        crumbs: crumbs(&shell, &version),
        code,
        item_name: content.name.get(shell.lang).to_owned(),
        summary: content
            .summary
            .as_ref()
            .map_or("", |text| text.get(shell.lang))
            .to_owned(),
        problems: Problems::none(),
        principals: Choice::list(people, &own),
        resume: same.map_or_else(String::new, |draft| next_step(draft, &version)),
        shell,
    })
}

fn published(tx: &mut db::Tx<'_>, code: &str) -> Result<Arc<Version>, Fault> {
    let today = tx.today();
    let found = catalogue::published_by_code(tx, code, today)?;
    let version = found.ok_or(Fault::NotFound { what: "item" })?;
    crate::open_version(tx, version.item)
}

pub(super) async fn start(
    app: App,
    visitor: Visitor,
    Path(code): Path<String>,
    once: OnceToken,
    form: Form<Posted>,
) -> Reply<Response> {
    let by = who(&visitor)?;
    let By::Person(person) = by else {
        return Ok(redirect(format!("/desk/intake/new?item={code}")).into_response());
    };
    let principal = form.fields.get("principal").to_owned();
    let picks = picks_among(form.fields.iter());
    let to = app
        .write_once(&visitor, &once, move |tx| {
            let applicant = match principal.as_str() {
                "" => person,
                id => id
                    .parse()
                    .map_err(|_| Fault::invalid("principal", "field.choice"))?,
            };
            let version = published(tx, &code)?;
            let new = NewDraft {
                item: version.item,
                applicant,
                agent: None,
            };
            let id = crate::start_draft(tx, &by, new)?;
            if !picks.is_empty() && reach(&version.content, &picks).is_ok() {
                crate::save_picks(tx, &by, id, &picks)?;
            }
            Ok(next_step(&crate::draft(tx, &by, id)?, &version))
        })
        .await?;
    Ok(redirect(to).into_response())
}

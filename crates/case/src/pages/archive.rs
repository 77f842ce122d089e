//! `/desk/archive`: finished cases that wait to be filed 待归档, and those that were 已归档.

use askama::Template;
use axum::response::Response;
use db::Tx;
use jiff::civil::Date;
use serde::Deserialize;
use web::parts::Link;
use web::{App, Officer, Paging, Query, Reply, Role, Shell, page};

use super::told;
use crate::model::{CaseId, Status};
use crate::neighbours::Hall;
use crate::store::{FinishedLine, finished};

pub(super) const LIST: &str = "/desk/archive";

kernel::vocabulary! {
    /// Which finished cases.
    pub enum Shelf {
        /// 待归档: not filed yet.
        Waiting = "waiting",
        /// 已归档: filed.
        Filed = "filed",
    }
}

struct Row {
    href: String,
    file: String,
    number: String,
    item: String,
    state: String,
    tone: &'static str,
    closed_on: Date,
    revision: i64,
}

#[derive(Template)]
#[template(path = "case/archive.html")]
struct ArchivePage {
    shell: Shell,
    tabs: Vec<Link>,
    filed: bool,
    rows: Vec<Row>,
    start: String,
    onward: String,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    shelf: Option<Shelf>,
}

/// The tabs of the results desk: to hand out, to file, filed.
pub(super) fn tabs(shell: &Shell, by: &Officer, current: &str) -> Vec<Link> {
    let to = |href: String, key: &str| {
        let mut link = Link::to(&href, shell.t(key));
        link.current = href == current;
        link
    };
    let mut all = Vec::new();
    if by.has(Role::ExitClerk) {
        all.push(to("/desk/delivery".to_owned(), "case.to_deliver"));
    }
    for shelf in Shelf::ALL {
        let key = match shelf {
            Shelf::Waiting => "case.to_file",
            Shelf::Filed => "case.filed",
        };
        all.push(to(format!("{LIST}?shelf={shelf}"), key));
    }
    all
}

pub(super) async fn show_archive(
    app: App,
    by: Officer,
    shell: Shell,
    paging: Paging,
    Query(asked): Query<Asked>,
) -> Reply<Response> {
    let (after, most) = (paging.after::<CaseId>()?, paging.limit_and_one());
    let shelf = asked.shelf.unwrap_or(Shelf::Waiting);
    let (filed, lang) = (shelf == Shelf::Filed, shell.language());
    let hall = crate::doer(&by)?.organ;
    let found = app
        .read(move |tx: &mut Tx<'_>| {
            let names = tx.thing::<Hall>()?;
            let mut found = Vec::new();
            for line in finished(tx, hall, filed, after, most)? {
                let item = names.item_name(tx, line.item, line.version, lang)?;
                found.push((line, item));
            }
            Ok(found)
        })
        .await?;
    let found = paging.page(found, |(line, _)| line.id)?;
    let here = format!("{LIST}?shelf={shelf}");
    let onward = found.onward(&here);
    let rows = found.items.into_iter();
    page(&ArchivePage {
        tabs: tabs(&shell, &by, &here),
        filed,
        rows: rows.map(|(line, item)| row(&shell, line, item)).collect(),
        start: paging.start(&here),
        onward,
        shell,
    })
}

fn row(shell: &Shell, line: FinishedLine, item: String) -> Row {
    let status: Status = line.status;
    Row {
        href: format!("/desk/cases/{}", line.id),
        file: format!("/desk/cases/{}/archive", line.id),
        number: line.number,
        item,
        state: told::state(shell, status).to_owned(),
        tone: told::tone(status),
        closed_on: line.closed_on,
        revision: line.revision,
    }
}

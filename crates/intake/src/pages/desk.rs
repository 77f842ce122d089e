//! `/desk/intake`: what waits at the front desk with its clock. The application of somebody who
//! stands at the window begins in `counter`.

use askama::Template;
use axum::response::Response;
use calendar::WorkingDays;
use db::Tx;
use kernel::Fault;
use serde::Deserialize;
use web::parts::Link;
use web::{App, Officer, Paging, Query, Reply, Shell, page};

use super::{apply, words};
use crate::look::QueueKey;
use crate::model::{Application, ApplicationId, By, Status};

struct QueueRow {
    id: ApplicationId,
    href: String,
    number: String,
    item: String,
    applicant: String,
    received_on: String,
    shade: &'static str,
    clock: String,
}

#[derive(Template)]
#[template(path = "intake/queue.html")]
struct QueuePage {
    shell: Shell,
    tabs: Vec<Link>,
    queue: Vec<QueueRow>,
    drafts: Vec<Link>,
    start: String,
    onward: String,
}

#[derive(Deserialize)]
pub(super) struct AskedQueue {
    state: Option<Status>,
}

/// The states that the desk still has to do with.
const OPEN: [(Status, &str); 3] = [
    (Status::Received, "intake.tab_received"),
    (Status::Corrected, "intake.tab_corrected"),
    (Status::NoticeGiven, "intake.tab_notice_given"),
];

pub(super) async fn show_queue(
    app: App,
    by: Officer,
    shell: Shell,
    Query(asked): Query<AskedQueue>,
    paging: Paging,
) -> Reply<Response> {
    let me = By::from(&by);
    let By::Clerk { hall, .. } = me else {
        return Err(Fault::Forbidden {
            code: "access.role_missing",
        }
        .into());
    };
    let status = asked.state.unwrap_or(Status::Received);
    let (after, most) = (paging.after::<QueueKey>()?, paging.limit_and_one());
    let lang = shell.clone();
    let (rows, drafts, counts) = app
        .read(move |tx| {
            let mut rows = Vec::new();
            for application in crate::look::queue(tx, hall, status, after, most)? {
                rows.push((application.answer_by, queue_row(tx, &lang, &application)?));
            }
            let mut drafts = Vec::new();
            for draft in crate::drafts(tx, &me)? {
                let today = tx.today();
                let Some(version) = catalogue::published(tx, draft.item, today)? else {
                    continue;
                };
                let name = identity::shown_name(tx, draft.applicant)?;
                let words = format!("{name} · {}", version.content.name.get(lang.lang));
                drafts.push(Link::to(apply::next_step(&draft, &version), words));
            }
            let mut counts = Vec::new();
            for (state, _) in OPEN {
                counts.push(crate::waiting(tx, hall, state)?);
            }
            Ok((rows, drafts, counts))
        })
        .await?;
    let listed = paging.page(rows, |(day, row)| (*day, row.id))?;
    let tabs = OPEN.iter().zip(counts).map(|((state, key), count)| {
        let href = format!("/desk/intake?state={state}");
        let mut tab = Link::to(href, format!("{} {count}", shell.t(key)));
        tab.current = *state == status;
        tab
    });
    let here = format!("/desk/intake?state={status}");
    let onward = listed.onward(&here);
    page(&QueuePage {
        tabs: tabs.collect(),
        queue: listed.items.into_iter().map(|(_, row)| row).collect(),
        drafts,
        start: paging.start(&here),
        onward,
        shell,
    })
}

fn queue_row(tx: &mut Tx<'_>, shell: &Shell, one: &Application) -> Result<QueueRow, Fault> {
    let version = crate::version_of(tx, one)?;
    let calendar = tx.thing::<WorkingDays>()?;
    let (shade, clock) = words::light(shell, &calendar, one, tx.today());
    Ok(QueueRow {
        id: one.id,
        href: format!("/desk/intake/{}", one.id),
        number: one.number.to_string(),
        item: version.content.name.get(shell.lang).to_owned(),
        applicant: identity::shown_name(tx, one.applicant)?,
        received_on: one.received_on.to_string(),
        shade,
        clock,
    })
}

//! HTML for everybody: the published list with its counters, and what was spared of one's own.

use askama::Template;
use axum::response::Response;
use db::Tx;
use kernel::Fault;
use web::parts::Fact;
use web::{App, Citizen, Paging, Reply, Shell, page};

use crate::list;
use crate::model::{Offence, OffenceId, OffenceStatus};
use crate::use_cases;

/// The tone of a state.
pub(crate) fn tone(status: OffenceStatus) -> &'static str {
    match status {
        OffenceStatus::Opened => "blue",
        OffenceStatus::Assessed => "yellow",
        OffenceStatus::Spared | OffenceStatus::Settled => "green",
        OffenceStatus::Ordinary | OffenceStatus::Relapsed => "red",
    }
}

/// The act of an offence, in the reader's language.
pub(crate) fn act(shell: &Shell, number: u16) -> Result<String, Fault> {
    let found = list::entry(number)?;
    Ok(found.map_or_else(String::new, |one| one.act.get(shell.lang).to_owned()))
}

struct EntryView {
    number: u16,
    field: String,
    act: String,
    basis: String,
    condition: String,
    months: u32,
}

#[derive(Template)]
#[template(path = "leniency/public.html")]
struct PublicPage {
    shell: Shell,
    version: String,
    basis: String,
    entries: Vec<EntryView>,
    counts: Vec<Fact>,
}

pub(crate) async fn show_public(app: App, shell: Shell) -> Reply<Response> {
    let counts = app.read(use_cases::counts).await?;
    let list = list::list()?;
    let counts = counts.into_iter().map(|(status, count)| {
        let key = format!("leniency.state_{status}");
        Fact::plain(shell.t(&key), count.to_string())
    });
    let counts = counts.collect();
    let view = |one: &list::Entry| EntryView {
        number: one.number,
        field: one.field.get(shell.lang).to_owned(),
        act: one.act.get(shell.lang).to_owned(),
        basis: one.basis.citation(),
        condition: one.condition.get(shell.lang).to_owned(),
        months: one.period_months,
    };
    page(&PublicPage {
        version: list.version.clone(),
        basis: list.basis.citation(),
        entries: list.entries.iter().map(view).collect(),
        counts,
        shell,
    })
}

struct OwnView {
    act: String,
    state: String,
    tone: &'static str,
    found_on: String,
    record: String,
    reason: String,
}

fn own_view(tx: &mut Tx<'_>, shell: &Shell, one: &Offence) -> Result<OwnView, Fault> {
    let mut text = |words: Option<ledger::Commitment>| match words {
        Some(words) => Ok::<_, Fault>(ledger::read_text(tx, &words)?.unwrap_or_default()),
        None => Ok(String::new()),
    };
    Ok(OwnView {
        record: text(one.education)?,
        reason: text(one.reason)?,
        act: act(shell, one.entry)?,
        state: shell
            .t(&format!("leniency.state_{}", one.status))
            .to_owned(),
        tone: tone(one.status),
        found_on: one.found_on.to_string(),
    })
}

#[derive(Template)]
#[template(path = "leniency/own.html")]
struct OwnPage {
    shell: Shell,
    rows: Vec<OwnView>,
    start: String,
    onward: String,
}

pub(crate) async fn show_own(
    app: App,
    by: Citizen,
    shell: Shell,
    paging: Paging,
) -> Reply<Response> {
    let (before, most) = (paging.after::<OffenceId>()?, paging.limit_and_one());
    let lang = shell.clone();
    let rows = app
        .read(move |tx| {
            let mut rows = Vec::new();
            for one in use_cases::of_party(tx, by.id, before, most)? {
                rows.push((one.id, own_view(tx, &lang, &one)?));
            }
            Ok(rows)
        })
        .await?;
    let listed = paging.page(rows, |(id, _)| *id)?;
    page(&OwnPage {
        onward: listed.onward("/my/leniency"),
        rows: listed.items.into_iter().map(|(_, row)| row).collect(),
        start: paging.start("/my/leniency"),
        shell,
    })
}

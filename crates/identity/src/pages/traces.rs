//! What the audit administrator reads: who granted what to whom and when.

use askama::Template;
use axum::response::Response;
use kernel::Fault;
use web::parts::{Link, Moment};
use web::{App, Paging, Reply, Shell, page};

use crate::audit::{self, Trace, Traced};

#[derive(Template)]
#[template(path = "identity/audit.html")]
struct AuditPage {
    shell: Shell,
    tabs: Vec<Link>,
    entries: Vec<AuditEntry>,
    first_page: String,
    next_page: String,
}

struct AuditEntry {
    title: String,
    moments: Vec<Moment>,
}

fn audit_page(
    shell: Shell,
    here: &str,
    paging: &Paging,
    next: Option<&String>,
    entries: Vec<AuditEntry>,
) -> AuditPage {
    let tab = |(href, key): (&str, &str)| Link {
        current: href == here,
        ..Link::to(href, shell.t(key))
    };
    let tabs = [
        ("/desk/admin/audit", "identity.appointments"),
        ("/desk/admin/audit/deputies", "identity.deputies"),
        ("/desk/admin/audit/officers", "identity.officers"),
        ("/desk/admin/audit/organs", "identity.organs_and_posts"),
    ];
    AuditPage {
        tabs: tabs.into_iter().map(tab).collect(),
        entries,
        first_page: paging.start(here),
        next_page: next.map_or_else(String::new, |cursor| format!("{here}?cursor={cursor}")),
        shell,
    }
}

fn moment(shell: &Shell, trace: &Trace) -> Moment {
    let at = kernel::clock::hall_time(trace.line.at);
    let field = |name: &str| shell.t(&format!("identity.field_{name}")).to_owned();
    let fields: Vec<String> = trace.fields().into_iter().map(field).collect();
    // Which of an organ's things it is: the organ, a post, or an end.
    let thing = format!("identity.thing_{}", trace.line.record_kind);
    Moment {
        time: at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        title: format!("{} · {}", shell.t(&thing), fields.join("、")),
        who: trace.by.clone().unwrap_or_else(|| {
            shell
                .t(&format!("identity.actor_{}", trace.line.actor.kind))
                .to_owned()
        }),
        ..Moment::default()
    }
}

fn entry<T>(shell: &Shell, title: String, traced: &Traced<T>) -> AuditEntry {
    let newest_first = traced.lines.iter().rev();
    AuditEntry {
        title,
        moments: newest_first.map(|trace| moment(shell, trace)).collect(),
    }
}

pub(crate) async fn show_audit(app: App, shell: Shell, paging: Paging) -> Reply<Response> {
    let (before, most) = (paging.after()?, paging.limit_and_one());
    let read = move |tx: &mut db::Tx<'_>| {
        let found = audit::appointments(tx, before, most)?;
        let title = |one: Traced<crate::Appointment>| {
            let (officer, post) = audit::names(tx, one.thing.officer, one.thing.post)?;
            Ok((format!("{officer} → {post}"), one))
        };
        found
            .into_iter()
            .map(title)
            .collect::<Result<Vec<_>, Fault>>()
    };
    let found = paging.page(app.read(read).await?, |(_, one)| one.thing.id)?;
    let entries = found.items.into_iter();
    let entries = entries
        .map(|(title, one)| entry(&shell, title, &one))
        .collect();
    let here = "/desk/admin/audit";
    page(&audit_page(
        shell,
        here,
        &paging,
        found.next.as_ref(),
        entries,
    ))
}

/// Organs are as many as a town has departments: they stand on one page.
pub(crate) async fn show_organ_audit(app: App, shell: Shell, paging: Paging) -> Reply<Response> {
    let found = app.read(audit::organs).await?;
    let entries = found.iter();
    let entries = entries
        .map(|one| entry(&shell, one.thing.name.clone(), one))
        .collect();
    let here = "/desk/admin/audit/organs";
    page(&audit_page(shell, here, &paging, None, entries))
}

pub(crate) async fn show_deputy_audit(app: App, shell: Shell, paging: Paging) -> Reply<Response> {
    let (before, most) = (paging.after()?, paging.limit_and_one());
    let read = move |tx: &mut db::Tx<'_>| {
        let found = audit::deputies(tx, before, most)?;
        let title = |one: Traced<crate::Deputy>| {
            let (deputy, post) = audit::names(tx, one.thing.deputy, one.thing.post)?;
            let holder = crate::officer_name(tx, one.thing.holder)?;
            Ok((format!("{deputy} ⇢ {holder} ({post})"), one))
        };
        found
            .into_iter()
            .map(title)
            .collect::<Result<Vec<_>, Fault>>()
    };
    let found = paging.page(app.read(read).await?, |(_, one)| one.thing.id)?;
    let entries = found.items.into_iter();
    let entries = entries
        .map(|(title, one)| entry(&shell, title, &one))
        .collect();
    let here = "/desk/admin/audit/deputies";
    page(&audit_page(
        shell,
        here,
        &paging,
        found.next.as_ref(),
        entries,
    ))
}

pub(crate) async fn show_officer_audit(app: App, shell: Shell, paging: Paging) -> Reply<Response> {
    let after: String = paging.after()?.unwrap_or_default();
    let most = paging.limit_and_one();
    let found = app
        .read(move |tx| audit::officers(tx, &after, most))
        .await?;
    let found = paging.page(found, |one| one.thing.login.clone())?;
    let title = |one: &Traced<crate::OfficerCard>| {
        let state = shell
            .t(&format!("identity.state_{}", one.thing.state))
            .to_owned();
        format!("{} ({}) · {state}", one.thing.name, one.thing.login)
    };
    let entries = found.items.iter();
    let entries = entries.map(|one| entry(&shell, title(one), one)).collect();
    let here = "/desk/admin/audit/officers";
    page(&audit_page(
        shell,
        here,
        &paging,
        found.next.as_ref(),
        entries,
    ))
}

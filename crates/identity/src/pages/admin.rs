//! What the system administrator keeps: organs, and officers without rights. The other two
//! administrators may look.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, OfficerId, Problem};
use web::parts::{Choice, Tile};
use web::{
    App, Fields, Form, FormReader, Officer, OnceToken, Paging, Problems, ReadForm, Reply, Role,
    Shell, invalid, page, redirect,
};
use zeroize::Zeroizing;

use super::{beside, entry};
use crate::account;
use crate::closure::{self, Closed};
use crate::model::{NewOfficer, NewOrgan, OfficerState, Organ, OrganKind};

#[derive(Template)]
#[template(path = "identity/admin.html")]
struct AdminPage {
    shell: Shell,
    places: Vec<Tile>,
}

pub(crate) async fn show_admin(by: Officer, shell: Shell) -> Reply<Response> {
    let mut keys = vec!["organs", "officers", "posts", "grants"];
    if by.has(Role::AuditAdmin) {
        keys.push("audit");
    }
    if by.has(Role::SecurityAdmin) || by.has(Role::AuditAdmin) {
        keys.push("erasures");
    }
    if by.has(Role::SystemAdmin) {
        keys.push("messages");
    }
    let tile = |key: &str| Tile {
        href: format!("/desk/admin/{key}"),
        label: shell.t(&format!("identity.{key}")).to_owned(),
        text: shell.t(&format!("identity.{key}_hint")).to_owned(),
    };
    let places = keys.into_iter().map(tile).collect();
    page(&AdminPage { shell, places })
}

#[derive(Template)]
#[template(path = "identity/organs.html")]
struct OrgansPage {
    shell: Shell,
    organs: Vec<Organ>,
    closed: Closed,
    may_add: bool,
    kinds: Vec<Choice>,
    typed: Fields,
    problems: Problems,
}

async fn organs_page(
    app: &App,
    by: &Officer,
    shell: Shell,
    typed: Fields,
    wrong: &[Problem],
) -> Result<OrgansPage, Fault> {
    let read = |tx: &mut db::Tx<'_>| Ok((crate::organs(tx)?, closure::closed(tx)?));
    let (organs, closed) = app.read(read).await?;
    let chosen = match typed.get("kind") {
        "" => OrganKind::Department.as_str(),
        chosen => chosen,
    };
    let kinds = OrganKind::ALL.iter().map(|kind| {
        let key = format!("identity.organ_{kind}");
        (kind.as_str(), shell.t(&key).to_owned())
    });
    Ok(OrgansPage {
        organs,
        closed,
        may_add: by.has(Role::SystemAdmin),
        kinds: Choice::list(kinds, chosen),
        problems: shell.problems(wrong),
        typed,
        shell,
    })
}

pub(crate) async fn show_organs(app: App, by: Officer, shell: Shell) -> Reply<Response> {
    page(&organs_page(&app, &by, shell, Fields::default(), &[]).await?)
}

impl ReadForm for NewOrgan {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let kind = form.word("kind");
        let name = form.text("name", kernel::text::NAME_CHARS_MAX);
        let short_name = form.text("short_name", kernel::text::NAME_CHARS_MAX);
        let uscc = form.text("uscc", 18);
        let dept4 = form.text("dept4", 4);
        let region6 = form.text("region6", 12);
        Some(Self {
            uscc: uscc?,
            name: name?,
            short_name: short_name?,
            dept4: dept4?,
            region6: region6?,
            kind: kind?,
        })
    }
}

pub(crate) async fn add_organ(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    form: Form<NewOrgan>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let done = match command {
        Ok(new) => {
            let add = move |tx: &mut db::Tx<'_>| crate::add_organ(tx, &new);
            app.write_once(&by, &once, add).await
        }
        Err(fault) => Err(fault),
    };
    match done.map_err(|fault| beside(fault, "uscc")) {
        Ok(_) => {
            let onward = redirect("/desk/admin/organs").flash(shell.t("identity.organ_added"));
            Ok(onward.into_response())
        }
        Err(Fault::Invalid(problems)) => {
            invalid(&organs_page(&app, &by, shell, fields, &problems).await?)
        }
        Err(fault) => Err(fault.into()),
    }
}

#[derive(Template)]
#[template(path = "identity/officers.html")]
struct OfficersPage {
    shell: Shell,
    officers: Vec<OfficerRow>,
    next_page: String,
    first_page: String,
    may_add: bool,
    typed: Fields,
    problems: Problems,
}

struct OfficerRow {
    id: String,
    login: String,
    name: String,
    state: String,
    active: bool,
}

async fn officers_page(
    app: &App,
    by: &Officer,
    shell: Shell,
    paging: &Paging,
    typed: Fields,
    wrong: &[Problem],
) -> Reply<OfficersPage> {
    let after: String = paging.after()?.unwrap_or_default();
    let most = paging.limit_and_one();
    let found = app
        .read(move |tx| crate::officers(tx, &after, most))
        .await?;
    let found = paging.page(found, |officer| officer.login.clone())?;
    let row = |officer: &crate::OfficerCard| OfficerRow {
        id: officer.id.to_string(),
        login: officer.login.clone(),
        name: officer.name.clone(),
        state: shell
            .t(&format!("identity.state_{}", officer.state))
            .to_owned(),
        active: officer.state == OfficerState::Active,
    };
    let here = "/desk/admin/officers";
    let onward = found.onward(here);
    Ok(OfficersPage {
        officers: found.items.iter().map(row).collect(),
        next_page: onward,
        first_page: paging.start(here),
        may_add: by.has(Role::SystemAdmin),
        problems: shell.problems(wrong),
        typed,
        shell,
    })
}

pub(crate) async fn show_officers(
    app: App,
    by: Officer,
    shell: Shell,
    paging: Paging,
) -> Reply<Response> {
    page(&officers_page(&app, &by, shell, &paging, Fields::default(), &[]).await?)
}

pub(crate) struct OfficerForm {
    login: String,
    name: String,
    password: Zeroizing<String>,
}

impl ReadForm for OfficerForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let login = form.text("login", 64);
        let name = form.text("name", kernel::text::NAME_CHARS_MAX);
        let password = entry::new_password(form);
        Some(Self {
            login: login?,
            name: name?,
            password: password?,
        })
    }
}

pub(crate) async fn add_officer(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    paging: Paging,
    form: Form<OfficerForm>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let done = match command {
        Ok(new) => try_add_officer(&app, &by, &once, new).await,
        Err(fault) => Err(fault),
    };
    match done.map_err(|fault| beside(fault, "login")) {
        Ok(_) => {
            let onward = redirect("/desk/admin/officers");
            Ok(onward
                .flash(shell.t("identity.officer_added"))
                .into_response())
        }
        Err(Fault::Invalid(problems)) => {
            invalid(&officers_page(&app, &by, shell, &paging, fields, &problems).await?)
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn try_add_officer(
    app: &App,
    by: &Officer,
    once: &OnceToken,
    form: OfficerForm,
) -> Result<OfficerId, Fault> {
    let password = entry::hash(app, &form.login, form.password).await?;
    let new = NewOfficer {
        login: form.login,
        name: form.name,
        password,
    };
    let add = move |tx: &mut db::Tx<'_>| {
        let officer = crate::add_officer(tx, &new)?;
        account::expect_own_password(tx, officer)?;
        Ok(officer)
    };
    app.write_once(by, once, add).await
}

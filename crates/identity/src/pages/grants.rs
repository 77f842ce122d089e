//! What the security administrator grants: posts with their roles, appointments, deputies.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use kernel::{Fault, OrganId, PostId, Problem};
use web::parts::Choice;
use web::{
    App, Button, Fields, Form, FormReader, Officer, OnceToken, Path, Problems, ReadForm, Reply,
    Role, Shell, invalid, page, redirect,
};

use super::beside;
use crate::audit;
use crate::closure;
use crate::model::{AppointmentId, DeputyId};

#[derive(Template)]
#[template(path = "identity/posts.html")]
struct PostsPage {
    shell: Shell,
    posts: Vec<PostRow>,
    may_add: bool,
    organs: Vec<Choice>,
    roles: Vec<Choice>,
    typed: Fields,
    problems: Problems,
}

struct PostRow {
    id: String,
    closed: bool,
    organ: String,
    name: String,
    roles: String,
}

async fn posts_page(
    app: &App,
    by: &Officer,
    shell: Shell,
    typed: Fields,
    wrong: &[Problem],
) -> Result<PostsPage, Fault> {
    let read = |tx: &mut db::Tx<'_>| {
        let closed = closure::closed(tx)?;
        Ok((crate::organs(tx)?, crate::posts(tx)?, closed))
    };
    let (organs, posts, closed) = app.read(read).await?;
    let named: BTreeMap<OrganId, &str> = organs
        .iter()
        .map(|organ| (organ.id, organ.short_name.as_str()))
        .collect();
    let say = |role: &Role| shell.t(&format!("role.{role}")).to_owned();
    let rows = posts.iter().map(|post| PostRow {
        id: post.id.to_string(),
        closed: closed.posts.contains(&post.id),
        organ: named
            .get(&post.organ)
            .copied()
            .unwrap_or_default()
            .to_owned(),
        name: post.name.clone(),
        roles: post.roles.iter().map(say).collect::<Vec<_>>().join("、"),
    });
    let roles = Role::ALL.iter().map(|role| Choice {
        value: role.to_string(),
        label: say(role),
        hint: String::new(),
        chosen: typed.all("roles").any(|word| word == role.as_str()),
    });
    let choices = organs
        .iter()
        .filter(|organ| !closed.organs.contains(&organ.id))
        .map(|organ| (organ.id.to_string(), organ.name.clone()));
    Ok(PostsPage {
        posts: rows.collect(),
        may_add: by.has(Role::SecurityAdmin),
        organs: Choice::list(choices, typed.get("organ")),
        roles: roles.collect(),
        problems: shell.problems(wrong),
        typed,
        shell,
    })
}

pub(crate) async fn show_posts(app: App, by: Officer, shell: Shell) -> Reply<Response> {
    page(&posts_page(&app, &by, shell, Fields::default(), &[]).await?)
}

pub(crate) struct PostForm {
    organ: OrganId,
    name: String,
    roles: Vec<Role>,
}

impl ReadForm for PostForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let organ = form.id("organ");
        let name = form.text("name", kernel::text::NAME_CHARS_MAX);
        let roles = form.words("roles");
        Some(Self {
            organ: organ?,
            name: name?,
            roles: roles?,
        })
    }
}

pub(crate) async fn add_post(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    form: Form<PostForm>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let done = match command {
        Ok(new) => {
            let add = move |tx: &mut db::Tx<'_>| {
                let roles = new.roles.iter().copied().collect();
                crate::add_post(tx, new.organ, &new.name, roles)
            };
            app.write_once(&by, &once, add).await
        }
        Err(fault) => Err(fault),
    };
    let field = |fault: Fault| match fault.refusal() {
        Some("identity.post_known") => beside(fault, "name"),
        _ => beside(fault, "roles"),
    };
    match done.map_err(field) {
        Ok(_) => {
            let onward = redirect("/desk/admin/posts").flash(shell.t("identity.post_added"));
            Ok(onward.into_response())
        }
        Err(Fault::Invalid(problems)) => {
            invalid(&posts_page(&app, &by, shell, fields, &problems).await?)
        }
        Err(fault) => Err(fault.into()),
    }
}

#[derive(Template)]
#[template(path = "identity/grants.html")]
struct GrantsPage {
    shell: Shell,
    appointments: Vec<GrantRow>,
    deputies: Vec<GrantRow>,
    may_grant: bool,
    posts: Vec<Choice>,
    typed: Fields,
    problems: Problems,
}

/// An appointment or a deputy that holds or will hold.
struct GrantRow {
    id: String,
    post: String,
    officer: String,
    holder: String,
    from: String,
    until: String,
}

async fn grants_page(
    app: &App,
    by: &Officer,
    shell: Shell,
    typed: Fields,
    wrong: &[Problem],
) -> Result<GrantsPage, Fault> {
    let (appointments, deputies, posts) = app.read(read_grants).await?;
    Ok(GrantsPage {
        appointments,
        deputies,
        may_grant: by.has(Role::SecurityAdmin),
        posts: Choice::list(posts, typed.get("post")),
        problems: shell.problems(wrong),
        typed,
        shell,
    })
}

type Grants = (Vec<GrantRow>, Vec<GrantRow>, Vec<(String, String)>);

fn read_grants(tx: &mut db::Tx<'_>) -> Result<Grants, Fault> {
    let mut appointments = Vec::new();
    for one in crate::appointments(tx)? {
        let (officer, post) = audit::names(tx, one.officer, one.post)?;
        appointments.push(GrantRow {
            id: one.id.to_string(),
            post,
            officer,
            holder: String::new(),
            from: one.from.to_string(),
            until: one.until.map_or_else(String::new, |day| day.to_string()),
        });
    }
    let mut deputies = Vec::new();
    for one in crate::deputies(tx)? {
        let (officer, post) = audit::names(tx, one.deputy, one.post)?;
        deputies.push(GrantRow {
            id: one.id.to_string(),
            post,
            officer,
            holder: crate::officer_name(tx, one.holder)?,
            from: one.from.to_string(),
            until: one.until.map_or_else(String::new, |day| day.to_string()),
        });
    }
    let organs: BTreeMap<OrganId, String> = crate::organs(tx)?
        .into_iter()
        .map(|organ| (organ.id, organ.short_name))
        .collect();
    let closed = closure::closed(tx)?;
    let mut posts = crate::posts(tx)?;
    posts.retain(|post| !closed.posts.contains(&post.id));
    let posts = posts.into_iter().map(|post| {
        let organ = organs.get(&post.organ).map_or("", String::as_str);
        (post.id.to_string(), format!("{organ} · {}", post.name))
    });
    Ok((appointments, deputies, posts.collect()))
}

pub(crate) async fn show_grants(app: App, by: Officer, shell: Shell) -> Reply<Response> {
    page(&grants_page(&app, &by, shell, Fields::default(), &[]).await?)
}

pub(crate) struct AppointmentForm {
    login: String,
    post: PostId,
    from: Date,
    until: Option<Date>,
}

impl ReadForm for AppointmentForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let login = form.text("login", 64);
        let post = form.id("post");
        let from = form.date("from");
        let until = form.optional_date("until");
        Some(Self {
            login: login?,
            post: post?,
            from: from?,
            until: until?,
        })
    }
}

/// The officer with a login, or a problem beside the field.
fn officer_of(
    tx: &mut db::Tx<'_>,
    field: &'static str,
    login: &str,
) -> Result<kernel::OfficerId, Fault> {
    let officer = crate::officer_by_login(tx, login)?;
    let unknown = || Fault::invalid(field, "identity.unknown_officer");
    officer.map(|officer| officer.id).ok_or_else(unknown)
}

pub(crate) async fn appoint(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    form: Form<AppointmentForm>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let done = match command {
        Ok(new) => {
            let appoint = move |tx: &mut db::Tx<'_>| {
                let officer = officer_of(tx, "login", &new.login)?;
                crate::appoint(tx, officer, new.post, new.from, new.until)
            };
            app.write_once(&by, &once, appoint).await.map(|_| ())
        }
        Err(fault) => Err(fault),
    };
    granted(&app, &by, shell, fields, done, "login").await
}

pub(crate) struct DeputyForm {
    holder: String,
    deputy: String,
    post: PostId,
    from: Date,
    until: Option<Date>,
}

impl ReadForm for DeputyForm {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let holder = form.text("holder", 64);
        let deputy = form.text("deputy", 64);
        let post = form.id("deputy_post");
        let from = form.date("deputy_from");
        let until = form.optional_date("deputy_until");
        Some(Self {
            holder: holder?,
            deputy: deputy?,
            post: post?,
            from: from?,
            until: until?,
        })
    }
}

pub(crate) async fn set_deputy(
    app: App,
    by: Officer,
    shell: Shell,
    once: OnceToken,
    form: Form<DeputyForm>,
) -> Reply<Response> {
    let Form { fields, command } = form;
    let done = match command {
        Ok(new) => {
            let set = move |tx: &mut db::Tx<'_>| {
                let holder = officer_of(tx, "holder", &new.holder)?;
                let deputy = officer_of(tx, "deputy", &new.deputy)?;
                crate::set_deputy(tx, new.post, holder, deputy, new.from, new.until)
            };
            app.write_once(&by, &once, set).await.map(|_| ())
        }
        Err(fault) => Err(fault),
    };
    granted(&app, &by, shell, fields, done, "deputy").await
}

/// Back to the list, or the forms again with what is wrong.
async fn granted(
    app: &App,
    by: &Officer,
    shell: Shell,
    fields: Fields,
    done: Result<(), Fault>,
    field: &str,
) -> Reply<Response> {
    match done.map_err(|fault| beside(fault, field)) {
        Ok(()) => {
            let onward = redirect("/desk/admin/grants").flash(shell.t("identity.granted"));
            Ok(onward.into_response())
        }
        Err(Fault::Invalid(problems)) => {
            invalid(&grants_page(app, by, shell, fields, &problems).await?)
        }
        Err(fault) => Err(fault.into()),
    }
}

pub(crate) async fn end_appointment(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<AppointmentId>,
    form: Form<Button>,
) -> Reply<Response> {
    form.command?;
    let end = move |tx: &mut db::Tx<'_>| {
        let from = crate::appointment(tx, id)?.from;
        let last = last_day(tx, from)?;
        crate::end_appointment(tx, id, last)
    };
    app.write(&by, end).await?;
    let onward = redirect("/desk/admin/grants").flash(shell.t("identity.ended"));
    Ok(onward.into_response())
}

pub(crate) async fn end_deputy(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<DeputyId>,
    form: Form<Button>,
) -> Reply<Response> {
    form.command?;
    let end = move |tx: &mut db::Tx<'_>| {
        let from = crate::deputy(tx, id)?.from;
        let last = last_day(tx, from)?;
        crate::end_deputy(tx, id, last)
    };
    app.write(&by, end).await?;
    let onward = redirect("/desk/admin/grants").flash(shell.t("identity.ended"));
    Ok(onward.into_response())
}

/// A right that is taken away ends yesterday; one that has not begun longer ends on its first
/// day, because a period has at least one.
fn last_day(tx: &db::Tx<'_>, from: Date) -> Result<Date, Fault> {
    let yesterday = tx.today().yesterday().map_err(Fault::broken)?;
    Ok(yesterday.max(from))
}

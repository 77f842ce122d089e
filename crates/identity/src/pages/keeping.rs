//! One organ, one post: other names, other roles, the end.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, OrganId, PostId, Problem};
use web::parts::{Choice, Fact};
use web::{
    App, Button, Fields, Form, FormReader, Officer, Path, Problems, ReadForm, Reply, Role, Shell,
    invalid, page, redirect,
};

use super::beside;
use crate::closure;
use crate::model::{Organ, OrganKind, Post};

#[derive(Template)]
#[template(path = "identity/organ.html")]
struct OrganPage {
    shell: Shell,
    id: String,
    title: String,
    facts: Vec<Fact>,
    may_keep: bool,
    may_close: bool,
    typed: Fields,
    problems: Problems,
}

async fn organ_page(
    app: &App,
    by: &Officer,
    shell: Shell,
    id: OrganId,
    typed: Option<Fields>,
    wrong: &[Problem],
) -> Result<OrganPage, Fault> {
    let (organ, closed): (Organ, bool) = app
        .read(move |tx| {
            let closed = closure::closed(tx)?.organs.contains(&id);
            Ok((crate::organ(tx, id)?, closed))
        })
        .await?;
    let kind = format!("identity.organ_{}", organ.kind);
    let row = |key: &str, text: &str| Fact::plain(shell.t(key), text);
    let mut facts = vec![
        row("identity.organ_kind", shell.t(&kind)),
        row("identity.uscc", &organ.uscc),
        row("identity.dept4", &organ.dept4),
        row("identity.region6", &organ.region6),
    ];
    if closed {
        facts.push(row("identity.state", shell.t("identity.is_closed")));
    }
    let known = || {
        Fields::of([
            ("name", organ.name.as_str()),
            ("short_name", organ.short_name.as_str()),
        ])
    };
    Ok(OrganPage {
        id: id.to_string(),
        facts,
        may_keep: by.has(Role::SystemAdmin) && !closed,
        may_close: organ.kind != OrganKind::Hall,
        typed: typed.unwrap_or_else(known),
        problems: shell.problems(wrong),
        title: organ.name,
        shell,
    })
}

pub(crate) async fn show_organ(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<OrganId>,
) -> Reply<Response> {
    page(&organ_page(&app, &by, shell, id, None, &[]).await?)
}

pub(crate) struct Names {
    name: String,
    short_name: String,
}

impl ReadForm for Names {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let name = form.text("name", kernel::text::NAME_CHARS_MAX);
        let short_name = form.text("short_name", kernel::text::NAME_CHARS_MAX);
        Some(Self {
            name: name?,
            short_name: short_name?,
        })
    }
}

pub(crate) async fn rename_organ(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<OrganId>,
    form: Form<Names>,
) -> Reply<Response> {
    let done = match form.command {
        Ok(new) => {
            let rename = move |tx: &mut db::Tx<'_>| {
                closure::rename_organ(tx, id, &new.name, &new.short_name)
            };
            app.write(&by, rename).await
        }
        Err(fault) => Err(fault),
    };
    match done {
        Ok(()) => Ok(back(&shell, format!("/desk/admin/organs/{id}"))),
        Err(Fault::Invalid(problems)) => {
            let typed = Some(form.fields);
            invalid(&organ_page(&app, &by, shell, id, typed, &problems).await?)
        }
        Err(fault) => Err(fault.into()),
    }
}

fn back(shell: &Shell, to: String) -> Response {
    redirect(to).flash(shell.t("identity.kept")).into_response()
}

pub(crate) async fn close_organ(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<OrganId>,
    _form: Form<Button>,
) -> Reply<Response> {
    app.write(&by, move |tx| closure::close_organ(tx, id))
        .await?;
    Ok(back(&shell, "/desk/admin/organs".to_owned()))
}

#[derive(Template)]
#[template(path = "identity/post.html")]
struct PostPage {
    shell: Shell,
    id: String,
    title: String,
    facts: Vec<Fact>,
    may_keep: bool,
    roles: Vec<Choice>,
    typed: Fields,
    problems: Problems,
}

async fn post_page(
    app: &App,
    by: &Officer,
    shell: Shell,
    id: PostId,
    typed: Option<Fields>,
    wrong: &[Problem],
) -> Result<PostPage, Fault> {
    let (post, organ, closed): (Post, Organ, bool) = app
        .read(move |tx| {
            let post = crate::post(tx, id)?;
            let organ = crate::organ(tx, post.organ)?;
            let closed = closure::closed(tx)?.posts.contains(&id);
            Ok((post, organ, closed))
        })
        .await?;
    let say = |role: &Role| shell.t(&format!("role.{role}")).to_owned();
    let held: Vec<String> = post.roles.iter().map(say).collect();
    let mut facts = vec![
        Fact::plain(shell.t("identity.organ"), &organ.name),
        Fact::plain(shell.t("identity.roles"), held.join("、")),
    ];
    if closed {
        let state = shell.t("identity.is_closed");
        facts.push(Fact::plain(shell.t("identity.state"), state));
    }
    let roles = Role::ALL.iter().map(|role| Choice {
        value: role.to_string(),
        label: say(role),
        hint: String::new(),
        chosen: match &typed {
            Some(typed) => typed.all("roles").any(|word| word == role.as_str()),
            None => post.roles.contains(role),
        },
    });
    Ok(PostPage {
        id: id.to_string(),
        title: format!("{} · {}", organ.short_name, post.name),
        facts,
        may_keep: by.has(Role::SecurityAdmin) && !closed,
        roles: roles.collect(),
        typed: typed.unwrap_or_else(|| Fields::of([("name", post.name)])),
        problems: shell.problems(wrong),
        shell,
    })
}

pub(crate) async fn show_post(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<PostId>,
) -> Reply<Response> {
    page(&post_page(&app, &by, shell, id, None, &[]).await?)
}

pub(crate) struct PostChange {
    name: String,
    roles: Vec<Role>,
}

impl ReadForm for PostChange {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        let name = form.text("name", kernel::text::NAME_CHARS_MAX);
        let roles = form.words("roles");
        Some(Self {
            name: name?,
            roles: roles?,
        })
    }
}

pub(crate) async fn change_post(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<PostId>,
    form: Form<PostChange>,
) -> Reply<Response> {
    let done = match form.command {
        Ok(new) => {
            let change = move |tx: &mut db::Tx<'_>| {
                let roles = new.roles.iter().copied().collect();
                closure::change_post(tx, id, &new.name, roles)
            };
            app.write(&by, change).await
        }
        Err(fault) => Err(fault),
    };
    let field = |fault: Fault| match fault.refusal() {
        Some("identity.post_known") => beside(fault, "name"),
        _ => beside(fault, "roles"),
    };
    match done.map_err(field) {
        Ok(()) => Ok(back(&shell, format!("/desk/admin/posts/{id}"))),
        Err(Fault::Invalid(problems)) => {
            let typed = Some(form.fields);
            invalid(&post_page(&app, &by, shell, id, typed, &problems).await?)
        }
        Err(fault) => Err(fault.into()),
    }
}

pub(crate) async fn close_post(
    app: App,
    by: Officer,
    shell: Shell,
    Path(id): Path<PostId>,
    _form: Form<Button>,
) -> Reply<Response> {
    app.write(&by, move |tx| closure::close_post(tx, id))
        .await?;
    Ok(back(&shell, "/desk/admin/posts".to_owned()))
}

//! The desk: where an officer begins, and the seat they act from.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kernel::{Fault, PostId};
use web::parts::{Choice, Tile};
use web::session::{self, Session};
use web::{App, Form, FormReader, Officer, ReadForm, Reply, Seat, Shell, page, redirect};

#[derive(Template)]
#[template(path = "identity/home.html")]
struct DeskPage {
    shell: Shell,
    name: String,
    seats: Vec<Choice>,
    roles: Vec<String>,
    deputizing: String,
    places: Vec<Tile>,
}

pub(crate) async fn show_desk(app: App, by: Officer, shell: Shell) -> Reply<Response> {
    let holders: Vec<_> = by.seats.iter().map(|seat| seat.deputizing).collect();
    let holders = app
        .read(move |tx| {
            let name = |holder: Option<_>| match holder {
                Some(id) => crate::officer_name(tx, id),
                None => Ok(String::new()),
            };
            holders.into_iter().map(name).collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let active = by.post();
    let seat = |(seat, holder): (&Seat, &String)| Choice {
        value: seat.post.to_string(),
        label: format!("{} · {}", seat.organ_name, seat.post_name),
        hint: if holder.is_empty() {
            String::new()
        } else {
            shell.say("identity.deputizing", &[("name", holder.clone())])
        },
        chosen: Some(seat.post) == active,
    };
    let seats: Vec<Choice> = by.seats.iter().zip(&holders).map(seat).collect();
    let deputizing = seats.iter().find(|seat| seat.chosen);
    let roles = by.seat().into_iter().flat_map(|seat| &seat.roles);
    // The menu holds what this seat may enter: the places are the same, as cards.
    let places = shell.nav.iter().filter(|link| link.href != "/desk");
    let place = |link: &web::parts::Link| Tile {
        href: link.href.clone(),
        label: link.label.clone(),
        text: String::new(),
    };
    page(&DeskPage {
        name: by.name.clone(),
        deputizing: deputizing.map_or_else(String::new, |seat| seat.hint.clone()),
        roles: roles
            .map(|role| shell.t(&format!("role.{role}")).to_owned())
            .collect(),
        places: places.map(place).collect(),
        seats,
        shell,
    })
}

pub(crate) struct SeatChoice(PostId);

impl ReadForm for SeatChoice {
    fn read(form: &mut FormReader<'_>) -> Option<Self> {
        form.id("post").map(Self)
    }
}

pub(crate) async fn choose_seat(
    app: App,
    by: Officer,
    session: Session,
    form: Form<SeatChoice>,
) -> Reply<Response> {
    let SeatChoice(post) = form.command?;
    if !by.seats.iter().any(|seat| seat.post == post) {
        return Err(Fault::NotFound { what: "post" }.into());
    }
    app.write(&by, move |tx| session::choose_seat(tx, &session, post))
        .await?;
    Ok(redirect("/desk").into_response())
}
